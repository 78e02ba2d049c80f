//! The word that a parenthesis is about: what stands right before it.
//!
//! Chinese has no blanks between words, so where a word begins is a guess: behind a mark or a
//! word that no term contains (`的`, `和`), no longer than its English name makes likely, and
//! preferably what the text says elsewhere too (`使用仿真（simulation）` is about `仿真`). Emphasis and
//! quotation marks end all guessing.

use super::inside::words;
use super::scripts::is_cjk;

/// Words that no term begins with or contains: what stands before them is left out.
const NEVER: [char; 27] = [
    '的', '了', '是', '和', '与', '及', '或', '把', '被', '这', '那', '们', '你', '我', '他', '她',
    '它', '您', '吗', '呢', '吧', '啊', '很', '某', '每', '各', '到',
];

/// Words that end before a term, longest first.
const BEFORE: &str = "或者说, 再说, 者说, 或者, 使用, 采用, 利用, 运用, 应用, 通过, 关于, 作为, 成为, 进行, 以及, 例如, 比如, 包括, 所谓, 称为, 称作, 叫做, 叫作, 名为, 基于, 针对, 对于, 一种, 一个, 一些, 具有, 拥有, 提供, 实现, 支持, 需要, 可以, 能够, 引入, 提出, 使得, 进入, 达到, 属于, 来自, 开发, 推出, 发布, 形成, 建立, 构建, 处理, 负责, 担任, 参加, 加入, 什么, 其实, 就是, 不是, 也是, 还有, 没有, 只有, 如果, 因为, 所以, 但是, 现在, 已经, 非常, 比较, 很多, 许多, 所有, 整个, 这些, 那些, 用, 在, 从, 对, 为, 以, 让, 给, 将, 由, 做, 有, 叫, 说, 看, 去, 来, 就, 都, 也, 还, 等, 会, 能, 要, 想, 个, 种";

/// Longest headword in Chinese characters, whatever its English name.
const LONGEST: usize = 10;

/// How far around a place the text is asked how else it uses a word, in bytes.
const NEAR: usize = 16 * 1024;

/// The name in Latin letters that a text ends with: `PyTorch`, `Reality Labs`, `Bank of England`.
/// Within Chinese text a word in small letters is one, too.
pub(super) fn latin(before: &str) -> Option<&str> {
    let mut start = before.len();
    let mut rest = before;
    loop {
        let word_at = rest.rfind(|c| !is_part(c)).map_or(0, |at| at + char_len(rest, at));
        let word = &rest[word_at..];
        if word.is_empty() || !(is_name(word) || start < before.len() && is_small(word)) {
            break;
        }
        start = word_at;
        match rest[..word_at].strip_suffix(' ') {
            Some(left) => rest = left,
            None => break,
        }
    }
    let mut name = before[start..].trim_start();
    // What begins a sentence or joins two names is not part of a name.
    while let Some((first, others)) = name.split_once(' ') {
        if !(is_small(first) || LEADS.contains(&first)) {
            break;
        }
        name = others;
    }
    if name.is_empty() { latin_in_chinese(before) } else { Some(name) }
}

const LEADS: [&str; 16] = [
    "The", "A", "An", "In", "On", "At", "Our", "This", "That", "And", "But", "So", "With", "From",
    "For", "To",
];

/// `query` in `丢弃 query（查询项）`: all Latin words back to a Chinese one, four at most.
fn latin_in_chinese(before: &str) -> Option<&str> {
    let start = before.rfind(|c: char| !(is_part(c) || c == ' '))?;
    let c = before[start..].chars().next()?;
    let run = before[start + c.len_utf8()..].trim_start();
    let words = run.split(' ').count();
    let sound = run.starts_with(char::is_alphabetic) && run.len() >= 2 && words <= 4;
    (sound && (is_cjk(c) || super::scripts::is_wide(c))).then_some(run)
}

fn char_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '.' | '/' | '_' | '\'' | '’' | '&' | '-')
}

fn is_name(word: &str) -> bool {
    let first = word.trim_start_matches(['.', '\'', '’']).chars().next();
    let mixed = word.chars().skip(1).any(|c| c.is_ascii_uppercase());
    !word.ends_with(['.', '\'', '’'])
        && (mixed || first.is_some_and(|c| c.is_ascii_uppercase() || c.is_ascii_digit()))
}

/// Small words within names.
fn is_small(word: &str) -> bool {
    matches!(word, "of" | "and" | "for" | "the" | "in" | "on" | "to" | "de" | "&")
}

/// The longest word in other letters that `before` may end with, given that its name in Latin
/// letters has so many words. `text` is the whole text, in which `before` ends at `end`.
pub(super) fn other(text: &str, range: std::ops::Range<usize>, names: usize) -> Option<&str> {
    let before = &text[range.clone()];
    let run = run(before);
    let least = (2 * names).min(4);
    let most = (4 * names + 2).min(LONGEST);
    let all = run.chars().count();
    if all < 2 {
        return None;
    }
    if let Some(known) = said_elsewhere(text, range.end, run, least.max(2)) {
        return Some(known);
    }
    let run = without_lead(run, least);
    let all = run.chars().count();
    let cut = run.char_indices().nth(all.saturating_sub(most)).map_or(0, |(at, _)| at);
    let word = &run[cut..];
    (cut == 0 || names > 1).then_some(word).filter(|word| word.chars().count() >= 2)
}

/// What stands behind the last mark, Latin letter or word that no term contains.
fn run(before: &str) -> &str {
    let ends = |c: char| !is_cjk(c) || NEVER.contains(&c);
    let start = before.rfind(ends).map_or(0, |at| at + char_len(before, at));
    let run = &before[start..];
    let all = run.chars().count();
    let skip = all.saturating_sub(2 * LONGEST);
    run.char_indices().nth(skip).map_or("", |(at, _)| &run[at..])
}

/// The longest end of a run, of `least` characters or more, that the text says elsewhere at
/// least as often as half of what it says of any shorter one.
fn said_elsewhere<'r>(text: &str, end: usize, run: &'r str, least: usize) -> Option<&'r str> {
    let from = text.floor_char_boundary(end.saturating_sub(NEAR));
    let to = text.ceil_char_boundary((end + NEAR).min(text.len()));
    let near = &text[from..to];
    let all = run.chars().count();
    let ends = run.char_indices().rev().skip(least - 1).take(LONGEST + 1 - least);
    let mut best: Option<(&str, usize)> = None;
    for (at, _) in ends {
        let word = &run[at..];
        let count = near.matches(word).count();
        if count < 2 || best.is_some_and(|(_, most)| count * 2 < most) {
            break;
        }
        best = Some((word, best.map_or(count, |(_, most)| most.max(count))));
    }
    best.map(|(word, _)| word).filter(|word| word.chars().count() <= all)
}

/// A run without the words that end before a term, as long as enough is left.
fn without_lead(mut run: &str, least: usize) -> &str {
    for lead in words(BEFORE) {
        if let Some(at) = run.rfind(lead) {
            let rest = &run[at + lead.len()..];
            if rest.chars().count() >= least.max(2) && at == 0 || rest.chars().count() >= 4 {
                run = rest;
            }
        }
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_names_reach_back_as_far_as_their_capitals() {
        for (before, expected) in [
            ("来自 Meta 开源的框架 PyTorch", Some("PyTorch")),
            ("我们在开始 Reality Labs", Some("Reality Labs")),
            ("不知道 FAIR", Some("FAIR")),
            ("The Lightning Network", Some("Lightning Network")),
            ("at the Bank of England", Some("Bank of England")),
            ("丢弃不需要保留的 query", Some("query")),
            ("the plain words", None),
            ("操作码 OP_CAT", Some("OP_CAT")),
            ("我用 C++", Some("C++")),
            ("", None),
        ] {
            assert_eq!(latin(before), expected, "{before}");
        }
    }

    #[test]
    fn other_words_are_as_long_as_their_names_make_likely() {
        let word = |before: &str, rest: &str, names| {
            let text = format!("{before}{rest}");
            other(&text, 0..before.len(), names).map(str::to_owned)
        };
        for (before, rest, names, expected) in [
            ("我们在人工智能和仿真", "", 1, Some("仿真")),
            ("使用仿真", "，仿真环境", 1, Some("仿真")),
            ("例如，可微分物理", "", 2, Some("可微分物理")),
            ("在编解码器化身", "方面，逼真化身", 2, Some("编解码器化身")),
            ("展示的逼真化身", "，编解码器化身", 1, Some("化身")),
            ("言归正传，限制条款", "。限制条款的概念", 1, Some("限制条款")),
            ("他", "", 1, None),
            ("了", "", 1, None),
        ] {
            assert_eq!(word(before, rest, names).as_deref(), expected, "{before}");
        }
    }
}
