//! What stands in brackets within a text and is no speech: stage directions (`[laughter]`,
//! `（笑）`, `[unintelligible 00:15:36]`) and what an editor puts in (`（编者注：…）`, `((…))`).
//!
//! Marks over the text, which stays as it is, brackets included. Not every bracket is one: the
//! words must be in the list `asides.txt`, or the shape must be that of an aside.

use std::sync::LazyLock;

use hashbrown::{HashMap, HashSet};
use memchr::memchr2_iter;

use super::chars::is_blank;
use super::{cjk, overlay, times};
use crate::document::{Leaf, Mark, MarkKind, Speaker, TextRange};

/// What opens a bracket. Those of full width are told by `wide_bracket`.
const OPEN: [char; 6] = ['(', '[', '（', '【', '〔', '［'];

/// A stage direction has at most so many bytes between its brackets.
const LONGEST: usize = 80;

/// An aside in double brackets has at most so many bytes.
const LONGEST_ASIDE: usize = 4000;

/// What an entry of the list means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Stage,
    Quiet,
    With,
    Aside,
}

/// The entries of the list by their first character, the longest first.
static LIST: LazyLock<HashMap<char, Vec<(&str, Class)>>> = LazyLock::new(|| {
    let mut list: HashMap<char, Vec<(&str, Class)>> = HashMap::new();
    for line in include_str!("asides.txt").lines() {
        let Some((kind, words)) = line.split_once(':').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let class = match kind {
            "stage" => Class::Stage,
            "quiet" => Class::Quiet,
            "with" => Class::With,
            _ => Class::Aside,
        };
        for word in words.split(',').map(str::trim) {
            if let Some(first) = word.chars().next() {
                list.entry(first).or_default().push((word, class));
            }
        }
    }
    for words in list.values_mut() {
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    list
});

/// Those of the list that end an aside.
static ENDINGS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let all = LIST.values().flatten();
    let mut words: Vec<&str> =
        all.filter(|(_, class)| *class == Class::Aside).map(|(word, _)| *word).collect();
    words.sort_unstable();
    words
});

/// The characters with which these end: those of most brackets are none of them.
static LAST: LazyLock<HashSet<char>> =
    LazyLock::new(|| ENDINGS.iter().filter_map(|word| word.chars().next_back()).collect());

/// Marks the stage directions and asides in the leaves, which come in the text's order.
pub(super) fn mark(text: &str, leaves: &[Leaf], speakers: &[Speaker], marks: &mut Vec<Mark>) {
    let names = names(speakers);
    let mut found: Vec<Mark> = Vec::new();
    let mut openings = openings(text).into_iter().peekable();
    for leaf in leaves {
        while openings.next_if(|at| *at < leaf.start).is_some() {}
        if openings.peek().is_some_and(|at| *at < leaf.end) {
            of_leaf(text, *leaf, &names, &mut found);
        }
    }
    overlay::lay(marks, found);
}

/// Where brackets open: most paragraphs have none, and are not looked at any closer.
fn openings(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut found: Vec<usize> = memchr2_iter(b'(', b'[', bytes).collect();
    let wide = memchr2_iter(0xe3, 0xef, bytes)
        .filter(|at| wide_bracket(bytes, *at).is_some_and(|c| OPEN.contains(&c)));
    let narrow = found.len();
    found.extend(wide);
    if narrow > 0 && narrow < found.len() {
        found.sort_unstable();
    }
    found.into_iter().map(|at| at as u32).collect()
}

/// The bracket of full width that stands at a byte, if one does.
fn wide_bracket(bytes: &[u8], at: usize) -> Option<char> {
    Some(match bytes.get(at..at + 3)? {
        [0xe3, 0x80, 0x90] => '【',
        [0xe3, 0x80, 0x91] => '】',
        [0xe3, 0x80, 0x94] => '〔',
        [0xe3, 0x80, 0x95] => '〕',
        [0xef, 0xbc, 0x88] => '（',
        [0xef, 0xbc, 0x89] => '）',
        [0xef, 0xbc, 0xbb] => '［',
        [0xef, 0xbc, 0xbd] => '］',
        _ => return None,
    })
}

/// A bracket with the one that closes it, and what stands between.
#[derive(Clone, Copy)]
struct Pair {
    outer: TextRange,
    inner: TextRange,
    open: char,
}

/// The pairs of brackets in a leaf by where they open; brackets of both widths close each
/// other. One pass, however they nest.
fn pairs(text: &str, leaf: Leaf) -> Vec<Pair> {
    let round = |c: char| matches!(c, '(' | '（' | ')' | '）');
    let mut open: [Vec<(u32, char)>; 2] = [Vec::new(), Vec::new()];
    let mut pairs = Vec::new();
    for (at, c) in brackets(&text[leaf.range()]) {
        let at = leaf.start + at as u32;
        if OPEN.contains(&c) {
            open[usize::from(round(c))].push((at, c));
        } else if let Some((start, open)) = open[usize::from(round(c))].pop() {
            let outer = TextRange { start, end: at + c.len_utf8() as u32 };
            let inner = TextRange { start: start + open.len_utf8() as u32, end: at };
            pairs.push(Pair { outer, inner, open });
        }
    }
    pairs.sort_unstable_by_key(|pair| pair.outer.start);
    pairs
}

/// All brackets, and where they stand.
fn brackets(text: &str) -> impl Iterator<Item = (usize, char)> {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().filter_map(|(at, byte)| match byte {
        b'(' | b')' | b'[' | b']' => Some((at, char::from(*byte))),
        0xe3 | 0xef => wide_bracket(bytes, at).map(|c| (at, c)),
        _ => None,
    })
}

fn of_leaf(text: &str, leaf: Leaf, names: &HashSet<String>, found: &mut Vec<Mark>) {
    let pairs = pairs(text, leaf);
    let alone = text[leaf.range()].trim_matches(is_blank).len();
    let mut end = leaf.start;
    for (at, pair) in pairs.iter().enumerate() {
        if pair.outer.start < end {
            continue;
        }
        let whole = pair.outer.range().len() == alone;
        let within = pairs.get(at + 1).filter(|next| is_doubled(pair, next));
        if let Some(marks) = marks_of(text, leaf, pair, within, whole, names) {
            found.extend(marks);
            end = pair.outer.end;
        }
    }
}

/// `((…))`.
fn is_doubled(pair: &Pair, next: &Pair) -> bool {
    pair.inner == next.outer && matches!(next.open, '(' | '（')
}

/// The marks of a pair of brackets, if what stands there is no speech.
fn marks_of(
    text: &str,
    leaf: Leaf,
    pair: &Pair,
    within: Option<&Pair>,
    whole: bool,
    names: &HashSet<String>,
) -> Option<Vec<Mark>> {
    let words = &text[pair.inner.range()];
    let mark = |kind| Mark { range: pair.outer, kind };
    let square = matches!(pair.open, '[' | '【' | '［');
    if let Some(moment) = stage(words, square || whole, names) {
        let time = moment.map(|(time, from, to)| {
            let at = |offset: usize| pair.inner.start + offset as u32;
            Mark { range: TextRange { start: at(from), end: at(to) }, kind: MarkKind::Time(time) }
        });
        return Some(std::iter::once(mark(MarkKind::Stage)).chain(time).collect());
    }
    if let Some(within) = within {
        let words = &text[within.inner.range()];
        if stage(words, true, names).is_some() {
            return Some(vec![mark(MarkKind::Stage)]);
        }
        let before = &text[leaf.start as usize..pair.outer.start as usize];
        return (is_set_in(words) && stands_apart(before)).then(|| vec![mark(MarkKind::Aside)]);
    }
    is_aside(words).then(|| vec![mark(MarkKind::Aside)])
}

/// The words of the speakers' names: `[Host laughs]`.
fn names(speakers: &[Speaker]) -> HashSet<String> {
    let words = speakers.iter().flat_map(|speaker| speaker.label.split_whitespace());
    words.map(str::to_lowercase).collect()
}

/// The time in a stage direction: milliseconds, where it begins and ends.
type Moment = Option<(u64, usize, usize)>;

/// Whether words between brackets are a stage direction; its time, if it has one.
fn stage(inner: &str, quiet: bool, names: &HashSet<String>) -> Option<Moment> {
    if inner.len() > LONGEST || !may_begin(inner, names) {
        return None;
    }
    let lower = folded(inner)?;
    let mut counts = false;
    let mut moment = None;
    let mut at = 0;
    while at < lower.len() {
        let rest = &lower[at..];
        let c = rest.chars().next()?;
        if stands_between(c) {
            at += c.len_utf8();
        } else if let Some((time, length)) = times::bare(rest) {
            moment = Some((time, at, at + length));
            at += length;
        } else if let Some((length, class)) = word(rest, names) {
            counts |= class == Class::Stage || (quiet && class == Class::Quiet);
            at += length;
        } else {
            return None;
        }
    }
    // Only a fold that keeps every length tells where in the text the time stands.
    counts.then_some(moment.filter(|_| lower.len() == inner.len()))
}

/// What may stand around the words of a stage direction.
fn stands_between(c: char) -> bool {
    is_blank(c) || ",.;:/…!！~～、，；：&+-—–?？".contains(c)
}

/// Whether the first word may be one of the list, a name, a number or a time. Most brackets hold
/// something else, and their first letter tells.
fn may_begin(inner: &str, names: &HashSet<String>) -> bool {
    let Some(first) = inner.chars().find(|c| !stands_between(*c)) else { return false };
    let Some(lower) = first.to_lowercase().next() else { return false };
    lower.is_ascii_digit()
        || lower == '’'
        || LIST.contains_key(&lower)
        || names.iter().any(|name| name.starts_with(lower))
}

/// Lower case, when that is worth while: the first letter begins a word of the list or a name.
fn folded(inner: &str) -> Option<String> {
    inner.chars().any(|c| c.is_alphanumeric() || matches!(c, '♪' | '♫')).then(|| {
        inner
            .chars()
            .flat_map(char::to_lowercase)
            .map(|c| if c == '’' { '\'' } else { c })
            .collect()
    })
}

/// The longest word of the list, name or number with which a text begins.
fn word(rest: &str, names: &HashSet<String>) -> Option<(usize, Class)> {
    let first = rest.chars().next()?;
    let ends = |length: usize| {
        let (last, next) = (rest[..length].chars().next_back(), rest[length..].chars().next());
        let spelt =
            |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !cjk::joins_lines(c));
        !(spelt(last) && spelt(next))
    };
    let known = LIST.get(&first).and_then(|words| {
        let mut fitting = words.iter().filter(|(word, class)| {
            *class != Class::Aside && rest.starts_with(word) && ends(word.len())
        });
        fitting.next().map(|(word, class)| (word.len(), *class))
    });
    known.or_else(|| {
        let end = rest.find(|c: char| is_blank(c) || ",.;:/&+".contains(c)).unwrap_or(rest.len());
        let number = rest[..end].bytes().all(|byte| byte.is_ascii_digit());
        (number || names.contains(&rest[..end])).then_some((end, Class::With))
    })
}

/// Whether words in double brackets are an editor's: words of a language, no formula.
fn is_set_in(words: &str) -> bool {
    let formula = |c: char| matches!(c, '=' | '^' | '*' | '/' | '\\' | '_' | '<' | '>' | '|' | '(');
    if words.len() > LONGEST_ASIDE || words.contains(formula) {
        return false;
    }
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2 && letters * 2 >= words.chars().count()
}

/// Whether a bracket may follow this text: `f((x))` calls something.
fn stands_apart(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_')
}

/// Whether words between brackets begin or end as an editor's do.
fn is_aside(inner: &str) -> bool {
    let words = inner.trim_matches(is_blank);
    begins_as_aside(words) || ends_as_aside(words)
}

/// `编者注：…`, `Ed.: …`
fn begins_as_aside(words: &str) -> bool {
    let first = words.chars().next().and_then(|first| first.to_lowercase().next());
    let Some(known) = first.and_then(|first| LIST.get(&first)) else { return false };
    let mut known = known.iter().filter(|(_, class)| *class == Class::Aside).peekable();
    if known.peek().is_none() {
        return false;
    }
    let begin: String = words.chars().take(40).flat_map(char::to_lowercase).collect();
    let begin = begin.replace('’', "'");
    known.any(|(word, _)| {
        begin.strip_prefix(word).is_some_and(|rest| {
            let rest = rest.trim_start_matches(is_blank);
            rest.is_empty() || rest.starts_with([':', '：', '—', '–', '-', '｜', '|'])
        })
    })
}

/// `…——编者注`, `… – Ed.`
fn ends_as_aside(words: &str) -> bool {
    let sets_apart = |c: char| matches!(c, '—' | '–' | '-' | '，' | '。' | '；' | '：');
    let last = words.chars().next_back().and_then(|last| last.to_lowercase().last());
    if !last.is_some_and(|last| LAST.contains(&last))
        || !words.chars().rev().take(30).any(sets_apart)
    {
        return false;
    }
    let tail: Vec<char> = words.chars().rev().take(30).collect();
    let tail: String = tail.into_iter().rev().flat_map(char::to_lowercase).collect();
    let tail = tail.replace('’', "'");
    ENDINGS.iter().any(|word| {
        tail.strip_suffix(word).is_some_and(|before| {
            let before = before.trim_end_matches(is_blank);
            let wide = word.chars().any(cjk::joins_lines);
            before.ends_with(['—', '–', '-'])
                || (wide && before.ends_with(['，', '。', '；', '：']))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> Vec<(&str, MarkKind)> {
        let host = Speaker { label: "Host".to_owned(), turns: 1, declared: false };
        let mut marks = Vec::new();
        mark(text, &[TextRange::new(0, text.len())], &[host], &mut marks);
        marks.into_iter().map(|mark| (&text[mark.range.range()], mark.kind)).collect()
    }

    #[test]
    fn the_cases_of_the_list() {
        let cases = include_str!("../../tests/cases/asides.txt");
        for line in cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (expected, text) = line.split_once(": ").expect("a kind, a colon, a text");
            let found: Vec<&str> = marked(text)
                .iter()
                .map(|(_, kind)| match kind {
                    MarkKind::Stage => "stage",
                    MarkKind::Aside => "aside",
                    _ => "time",
                })
                .collect();
            let found = if found.is_empty() { "text".to_owned() } else { found.join(" ") };
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_mark_covers_the_brackets() {
        let text = "Well [unintelligible 00:15:36] then （笑） and more.";
        let expected = [
            ("[unintelligible 00:15:36]", MarkKind::Stage),
            ("00:15:36", MarkKind::Time(936_000)),
            ("（笑）", MarkKind::Stage),
        ];
        assert_eq!(marked(text), expected);
    }
}
