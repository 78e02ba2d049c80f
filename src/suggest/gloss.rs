//! What a text says of a word in parentheses behind it, in four forms: `FAIR（Meta 的部门）`,
//! `仿真（simulation）`, `**半精度浮点数**（FP16: 两个字节）`, `Retrieval-augmented generation (RAG)`.

use std::ops::Range;

use super::head;
use super::inside::{self, Inside};
use super::scripts::{has_cjk, is_cjk, is_person, is_transcribed_name, key, language};
use super::{Gloss, Kind, Reading};
use crate::document::MarkKind;

/// Longest headword that emphasis or quotation marks may name, in characters.
const LONGEST: usize = 24;

/// Up to so many characters without a mark are a name and no explanation.
const NAME: usize = 8;

/// Words that say of what kind a thing is, rather than what it is called.
const KINDS: [&str; 12] = [
    "部门",
    "公司",
    "团队",
    "机构",
    "平台",
    "框架",
    "工具",
    "软件",
    "网站",
    "杂志",
    "创始人",
    "作者",
];

/// What a gloss says, before its place is known.
struct Said {
    kind: Kind,
    term: String,
    names: Vec<String>,
    explanation: Option<String>,
    /// Where the word begins in the leaf.
    start: usize,
}

/// Adds all glosses of a leaf.
pub(super) fn find(reading: &Reading<'_>, glosses: &mut Vec<Gloss>) {
    let text = reading.text();
    for range in parentheses(text) {
        let open = text[range.clone()].chars().next().map_or(1, char::len_utf8);
        let close = text[range.clone()].chars().next_back().map_or(1, char::len_utf8);
        let Some(inside) = inside::read(&text[range.start + open..range.end - close]) else {
            continue;
        };
        let Some(said) = said(reading, range.start, inside) else { continue };
        let whole = said.start..range.end;
        let is_name = |word: &String| reading.names.has(word);
        if reading.is_barred(&whole) || is_name(&said.term) || said.names.iter().any(is_name) {
            continue;
        }
        let tagged = |text: String| {
            let words: Vec<&str> = text.split_whitespace().collect();
            (language(&text), words.join(" "))
        };
        glosses.push(Gloss {
            kind: said.kind,
            term: said.term,
            names: said.names.into_iter().map(tagged).collect(),
            explanation: said.explanation.map(tagged),
            spot: reading.spot(whole),
        });
    }
}

/// Pairs of parentheses that hold no others, with them.
fn parentheses(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut open = None;
    let signs = text.char_indices().filter(|(_, c)| matches!(c, '(' | '（' | ')' | '）'));
    signs.filter_map(move |(at, c)| {
        if matches!(c, '(' | '（') {
            open = Some(at);
            return None;
        }
        open.take().map(|start| start..at + c.len_utf8())
    })
}

/// A word that stands before a parenthesis.
#[derive(Clone, Copy)]
struct Head<'t> {
    word: &'t str,
    start: usize,
    /// Whether emphasis or quotation marks say where it begins.
    given: bool,
}

fn said(reading: &Reading<'_>, open: usize, inside: Inside<'_>) -> Option<Said> {
    let text = reading.text();
    let end = text[..open].trim_end_matches([' ', '\u{a0}', '\u{200b}']).len();
    let given = given(reading, end);
    let last = text[..end].chars().next_back()?;
    if given.map_or(is_cjk(last), |head| has_cjk(head.word)) {
        let word = |names: usize| {
            given.or_else(|| {
                let word = head::other(text, 0..end, names)?;
                Some(Head { word, start: end - word.len(), given: false })
            })
        };
        return of_other(word, inside);
    }
    let head = given.or_else(|| {
        let word = head::latin(&text[..end])?;
        Some(Head { word, start: end - word.len(), given: false })
    });
    of_latin(head, &text[..end], inside)
}

/// The word that emphasis or quotation marks end with at `end`.
fn given<'t>(reading: &Reading<'t>, end: usize) -> Option<Head<'t>> {
    let text = reading.text();
    let at = reading.leaf.start + end as u32;
    let emphasis = |kind: &MarkKind| matches!(kind, MarkKind::Strong | MarkKind::Emphasis);
    let marks = reading.document.marks_in(reading.leaf).iter().rev();
    let mark = marks
        .filter(|mark| emphasis(&mark.kind) && mark.range.end == at)
        .find(|mark| is_word(reading.document.slice(mark.range)));
    if let Some(mark) = mark {
        let start = (mark.range.start - reading.leaf.start) as usize;
        return Some(Head { word: text[start..end].trim(), start, given: true });
    }
    let close = text[..end].chars().next_back()?;
    let open = match close {
        '」' => '「',
        '』' => '『',
        '”' => '“',
        '"' => '"',
        _ => return None,
    };
    let inner_end = end - close.len_utf8();
    let start = text[..inner_end].rfind(open)?;
    let word = &text[start + open.len_utf8()..inner_end];
    is_word(word).then_some(Head { word, start, given: true })
}

/// Whether a marked text may be a headword.
fn is_word(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2
        && text.chars().count() <= LONGEST
        && !text.contains(['，', '。', '？', '！', '；', '：', '（', '(', '?', '!', '\n'])
}

/// What is said of a word in Chinese, Japanese or Korean letters.
fn of_other<'t>(word: impl Fn(usize) -> Option<Head<'t>>, inside: Inside<'_>) -> Option<Said> {
    let (phrase, explanation) = match inside {
        Inside::Latin(phrase) => (phrase, None),
        Inside::Both(phrase, rest) => (phrase, Some(rest)),
        Inside::Named(name) if !has_cjk(name) => (name, None),
        Inside::Named(_) | Inside::Words(_) => return None,
    };
    let head = word(words_in(phrase))?;
    if is_transcribed_name(head.word) || is_person(head.word, phrase) {
        return None;
    }
    let kind = if explanation.is_some() { Kind::Both } else { Kind::Translated };
    let said = |term: &str, names: &[&str], explanation: Option<&str>| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let explanation = explanation.map(str::to_owned);
        Some(Said { kind, term: term.to_owned(), names, explanation, start: head.start })
    };
    if !is_acronym(phrase) {
        return said(head.word, &[phrase], explanation);
    }
    // `投资回报率（ROI: Return on Investment: 衡量效益的指标）` has the acronym's words, too.
    match explanation.and_then(inside::read) {
        Some(Inside::Both(long, rest)) if spells(long, phrase) => {
            said(phrase, &[head.word, long], Some(rest))
        }
        Some(Inside::Latin(long)) if spells(long, phrase) => said(phrase, &[head.word, long], None),
        _ => said(phrase, &[head.word], explanation),
    }
}

/// How many words a name has, or stands for.
fn words_in(phrase: &str) -> usize {
    match is_acronym(phrase) {
        true => phrase.bytes().filter(u8::is_ascii_uppercase).count(),
        false => phrase.split([' ', '-']).filter(|word| !word.is_empty()).count(),
    }
}

/// What is said of a word in Latin letters.
fn of_latin(head: Option<Head<'_>>, before: &str, inside: Inside<'_>) -> Option<Said> {
    if let Inside::Latin(short) | Inside::Named(short) = inside
        && is_acronym(short)
        && let Some(long) = long_form(before, short)
    {
        let start = before.len() - long.len();
        let (term, names) = (short.to_owned(), vec![long.to_owned()]);
        return Some(Said { kind: Kind::Abbreviated, term, names, explanation: None, start });
    }
    let head = head?;
    // `Pitch（Pitch: 推销）` says the word again.
    let inside = match inside {
        Inside::Both(phrase, rest) if key(phrase) == key(head.word) => Inside::Words(rest),
        other => other,
    };
    let said = |kind, name: Option<&str>, explanation: Option<&str>| {
        Some(Said {
            kind,
            term: head.word.to_owned(),
            names: name.map(str::to_owned).into_iter().collect(),
            explanation: explanation.map(str::to_owned),
            start: head.start,
        })
    };
    let looks = head.given || is_termlike(head.word);
    let stands_out = head.given || head.word.split(' ').any(is_marked);
    match inside {
        Inside::Named(name) => said(Kind::Translated, Some(name), None),
        Inside::Latin(phrase) if spells(phrase, head.word) => {
            said(Kind::Abbreviated, Some(phrase), None)
        }
        Inside::Latin(words) if stands_out && is_definition(words) => {
            said(Kind::Explained, None, Some(words))
        }
        Inside::Latin(_) => None,
        Inside::Both(phrase, rest) if looks && spells(phrase, head.word) => {
            said(Kind::Explained, Some(phrase), Some(rest))
        }
        Inside::Both(_, rest) if looks && has_cjk(rest) => said(Kind::Explained, None, Some(rest)),
        Inside::Both(..) => None,
        Inside::Words(words) if has_cjk(words) => {
            let short = words.chars().count() <= NAME
                && words.chars().all(is_cjk)
                && !KINDS.iter().any(|kind| words.ends_with(kind));
            match short && !words.contains(['的', '了']) {
                true if is_transcribed_name(words) || is_person(words, head.word) => None,
                true => said(Kind::Translated, Some(words), None),
                false if looks => said(Kind::Explained, None, Some(words)),
                false => None,
            }
        }
        Inside::Words(words) if stands_out && is_definition(words) => {
            said(Kind::Explained, None, Some(words))
        }
        Inside::Words(_) => None,
    }
}

/// `a payment network`, `the part that draws`.
fn is_definition(words: &str) -> bool {
    let mut all = words.split_whitespace();
    let article = all.next().is_some_and(|word| {
        matches!(
            word.to_ascii_lowercase().as_str(),
            "a" | "an" | "the" | "i.e." | "meaning" | "which"
        )
    });
    article && all.count() >= 2
}

/// `RAG`, `H100`, `GPT-4`, `APIs`: two capitals or a capital and a digit, eight characters at most.
pub(super) fn is_acronym(word: &str) -> bool {
    let word = word.strip_suffix('s').unwrap_or(word);
    let capitals = word.chars().filter(char::is_ascii_uppercase).count();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let others =
        word.chars().any(|c| !(c.is_ascii_uppercase() || c.is_ascii_digit() || "-/&.".contains(c)));
    !others && (2..=8).contains(&word.len()) && (capitals >= 2 || capitals == 1 && digits > 0)
}

/// A word that stands out, or a name of four letters or more.
fn is_termlike(word: &str) -> bool {
    let capitals = word.chars().filter(char::is_ascii_uppercase).count();
    is_marked(word) || capitals == 1 && word.len() >= 4
}

/// A word with two capitals, or a capital and a digit: no name that begins a sentence.
fn is_marked(word: &str) -> bool {
    let capitals = word.chars().filter(char::is_ascii_uppercase).count();
    capitals >= 2
        || capitals == 1 && word.contains(|c: char| c.is_ascii_digit() || "+#".contains(c))
}

/// Whether the first letters of a phrase's words spell an acronym.
fn spells(phrase: &str, acronym: &str) -> bool {
    is_acronym(acronym) && long_form(phrase, acronym).is_some_and(|long| long.len() == phrase.len())
}

/// The words at the end of `before` for which `short` stands: from right to left each of its
/// letters is found in them, the first at the beginning of a word (Schwartz and Hearst, “A
/// simple algorithm for identifying abbreviation definitions in biomedical text”, 2003).
fn long_form<'t>(before: &'t str, short: &str) -> Option<&'t str> {
    let letters: Vec<char> =
        short.trim_end_matches('s').chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let words = (letters.len() + 5).min(letters.len() * 2);
    let outside = |c: char| {
        is_cjk(c) || matches!(c, ',' | '.' | ';' | ':' | '，' | '。' | '(' | ')' | '“' | '”')
    };
    let start = before
        .rfind(outside)
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let near = before[start..].trim_start();
    let from = near.rmatch_indices(' ').nth(words.saturating_sub(1)).map_or(0, |(at, _)| at + 1);
    let near = &near[from..];
    let mut rest: Vec<(usize, char)> = near.char_indices().collect();
    for (at, letter) in letters.iter().enumerate().rev() {
        loop {
            let (place, c) = rest.pop()?;
            let begins = rest.last().is_none_or(|(_, c)| !c.is_alphanumeric());
            if c.eq_ignore_ascii_case(letter) && (at > 0 || begins) {
                if at == 0 {
                    let long = &near[place..];
                    let enough = long.split([' ', '-']).count() >= 2.max(letters.len() / 2);
                    return (enough && long.len() > short.len() + 2).then_some(long);
                }
                break;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_stand_for_the_words_before_them() {
        for (before, short, long) in [
            (
                "we use retrieval-augmented generation",
                "RAG",
                Some("retrieval-augmented generation"),
            ),
            (
                "the Application Programming Interface",
                "API",
                Some("Application Programming Interface"),
            ),
            ("many large language models", "LLMs", Some("large language models")),
            ("I went home", "RAG", None),
            ("用检索增强生成", "RAG", None),
        ] {
            assert_eq!(long_form(before, short), long, "{before} ({short})");
        }
    }

    #[test]
    fn parentheses_that_hold_others_are_passed_over() {
        let found: Vec<&str> = parentheses("a (b (c) d) （e） )(")
            .map(|range| &"a (b (c) d) （e） )("[range])
            .collect();
        assert_eq!(found, ["(c)", "（e）"]);
    }
}
