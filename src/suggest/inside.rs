//! What stands in parentheses behind a word: a name, an explanation, or neither. Laughter, units,
//! sources, dates and asides are neither.

use std::sync::LazyLock;

use super::scripts::has_cjk;

/// Longest explanation, in characters.
const LONGEST: usize = 160;

/// Longest sound, in characters: `（现场响起掌声）`.
const LONGEST_SOUND: usize = 10;

/// A parenthesis that says something of the word before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inside<'t> {
    /// `simulation`: words in Latin letters.
    Latin(&'t str),
    /// `FP16: 每位数字占用 2 字节`: words in Latin letters, and what they mean.
    Both(&'t str, &'t str),
    /// `检查签名`: words in other letters.
    Words(&'t str),
    /// `也叫 “CSFS”`, `also known as CTV`: another name, said to be one.
    Named(&'t str),
}

static ASIDES: LazyLock<Vec<&'static str>> = LazyLock::new(|| words(include_str!("asides.txt")));
static SOUNDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| words(include_str!("sounds.txt")));

/// The words of a list, without its comments.
pub(super) fn words(list: &'static str) -> Vec<&'static str> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|word| !word.is_empty()).collect()
}

/// How a text says that a name follows.
const NAMED: [&str; 35] = [
    "也就是我们说的",
    "也被称为",
    "也称为",
    "又称为",
    "亦称为",
    "也叫做",
    "又叫做",
    "也叫作",
    "以下简称",
    "下称",
    "简称为",
    "简称",
    "全称为",
    "全称是",
    "全称",
    "缩写为",
    "缩写",
    "又称",
    "又名",
    "又叫",
    "也称",
    "也叫",
    "亦称",
    "即",
    "英文名",
    "英文",
    "also known as",
    "also called",
    "also written",
    "abbreviated as",
    "abbreviated",
    "a.k.a.",
    "aka",
    "short for",
    "stands for",
];

/// Reads what stands between two parentheses.
pub(super) fn read(text: &str) -> Option<Inside<'_>> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST || is_none(text) {
        return None;
    }
    if let Some(name) = named(text) {
        return (name.chars().count() <= 40 && !is_none(name)).then_some(Inside::Named(name));
    }
    let text = unquoted(text);
    if is_phrase(text) {
        return Some(Inside::Latin(text));
    }
    if let Some((phrase, rest)) = split(text) {
        return Some(Inside::Both(phrase, rest));
    }
    Some(Inside::Words(text))
}

fn named(text: &str) -> Option<&str> {
    let lower = text.to_lowercase();
    let lead = NAMED.iter().find(|lead| lower.starts_with(**lead))?;
    let rest = text.get(lead.len()..)?;
    let rest = rest.trim_start_matches([' ', ':', '：', '是', '为']);
    let rest = unquoted(rest.trim());
    // `即` also begins plain asides (`即将…`): what follows must look like a name.
    let sound = !rest.is_empty() && !rest.contains(['，', '。', ',', ';', '；', '、']);
    sound.then_some(rest)
}

fn unquoted(text: &str) -> &str {
    let pairs = [('“', '”'), ('「', '」'), ('『', '』'), ('"', '"'), ('‘', '’'), ('《', '》')];
    let inner = pairs.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.contains([*open, *close])).then_some(inner)
    });
    inner.unwrap_or(text).trim()
}

/// Whether it is no gloss whatever stands before it.
fn is_none(text: &str) -> bool {
    let lower = text.to_lowercase();
    is_sound(&lower) || is_number(text) || is_address(&lower) || is_aside(&lower)
}

fn is_sound(lower: &str) -> bool {
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let holds = |sound: &str| {
        if sound.is_ascii() { bare.starts_with(sound) } else { bare.contains(sound) }
    };
    let short =
        if bare.is_ascii() { bare.len() <= 24 } else { bare.chars().count() <= LONGEST_SOUND };
    short && SOUNDS.iter().any(|sound| holds(sound))
}

/// `2013 年`, `约 3 万元`, `$5`, `1990s`, `12:30`, `两个月`, `x`.
fn is_number(text: &str) -> bool {
    let signs = "~$¥€£￥+-−<>≈#±'’.*";
    let start = text.trim_start_matches(|c| signs.contains(c)).trim_start();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let all = text.chars().count();
    start.starts_with(|c: char| c.is_ascii_digit())
        || start.starts_with(|c| "一二三四五六七八九十两百千万零".contains(c)) && all <= 6
        || letters < 2
        || digits * 5 >= all * 2
}

fn is_address(lower: &str) -> bool {
    ["://", "www.", "@", ".com", ".org", ".net", ".io/", "p. ", "pp. "]
        .iter()
        .any(|sign| lower.contains(sign))
        || lower.starts_with('/')
}

fn is_aside(lower: &str) -> bool {
    let begins = |aside: &str| {
        let Some(rest) = lower.strip_prefix(aside) else { return false };
        !aside.is_ascii() || !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-')
    };
    let one_capital = lower.len() == 1;
    one_capital
        || ASIDES.iter().any(|aside| begins(aside)) && named(lower).is_none()
        || lower.ends_with(['？', '?', '！', '!'])
}

/// Up to seven words in Latin letters, at least one of two letters.
fn is_phrase(text: &str) -> bool {
    let allowed = |c: char| {
        c.is_ascii_alphanumeric()
            || " .'’&/+#-_".contains(c)
            || (c.is_alphabetic() && !has_cjk(c.encode_utf8(&mut [0; 4])))
    };
    let words = text.split(' ').filter(|word| !word.is_empty()).count();
    text.starts_with(char::is_alphabetic)
        && text.chars().all(allowed)
        && (1..=7).contains(&words)
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 2
}

/// A phrase and what follows it: behind a colon, or behind a comma when it is in other letters.
fn split(text: &str) -> Option<(&str, &str)> {
    let at = text.find([':', '：', ',', '，', ';', '；', '—', '–'])?;
    let (phrase, rest) = text.split_at(at);
    let sign = rest.chars().next()?;
    let rest = rest.trim_start_matches(|c: char| c == sign || c.is_whitespace());
    let phrase = unquoted(phrase.trim());
    let colon = matches!(sign, ':' | '：');
    let says = rest.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    (is_phrase(phrase) && says && (colon || has_cjk(rest))).then_some((phrase, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_explanations_are_told_apart() {
        use Inside::{Both, Latin, Named, Words};
        for (text, expected) in [
            ("simulation", Latin("simulation")),
            ("Multi-Query Attention", Latin("Multi-Query Attention")),
            ("RAG", Latin("RAG")),
            ("FP16: 每位数字占用 2 字节", Both("FP16", "每位数字占用 2 字节")),
            ("Facebook AI Research，Meta 的部门", Both("Facebook AI Research", "Meta 的部门")),
            ("人工智能研究中的工具", Words("人工智能研究中的工具")),
            ("也叫 “CSFS”", Named("CSFS")),
            ("简称 RAG", Named("RAG")),
            ("also known as CTV", Named("CTV")),
            (
                "an open-source framework, first of all",
                Words("an open-source framework, first of all"),
            ),
        ] {
            assert_eq!(read(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_explains_nothing_is_passed_over() {
        for text in [
            "",
            "笑",
            "哈哈",
            "众人大笑",
            "掌声",
            "现场响起掌声",
            "laughs",
            "laughter",
            "Applause",
            "cross-talk",
            "2013 年",
            "约 3 万元",
            "超过 50%",
            "$5",
            "1990s",
            "12:30",
            "3.5 GB",
            "x",
            "a",
            "图片来源：网络",
            "来源：访谈",
            "编者注：下同",
            "译注：下同",
            "见上文",
            "source: the talk",
            "see below",
            "https://example.org",
            "www.example.org",
            "例如仿真",
            "e.g. this",
            "such as this",
            "虽然不多",
            "I think",
            "and so on",
            "对吧？",
            "除了演讲者之外",
            "约合三万元",
            "两个月",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
