//! Lists of chapters: `(00:00) Introduction`, `00:00 Introduction`, `- [00:00](…) Introduction`,
//! as lines of a paragraph, items of a list, or short paragraphs one below the other.
//!
//! They look like turns with a time and no name. What tells them apart: somebody calls them so
//! (`Timestamps:`), or the recording begins again behind them, or nothing in their shape is a
//! turn's. The list stays in the text; its lines get marks, and the document a table of them.

use std::collections::HashMap;
use std::ops::Range;

use super::blocks::{Raw, Top};
use super::chars::{is_blank, skip_blank};
use super::forms::Candidate;
use super::speakers::key;
use super::{overlay, times};
use crate::document::{Block, BlockIndex, Chapter, Mark, MarkKind, Node, TextRange};

/// Fewer lines are no list.
const LEAST: usize = 3;

/// A chapter's title has at most so many characters.
const LONGEST: usize = 120;

/// Chapters are longer than captions, in milliseconds and on the average.
const SHORTEST: u64 = 20_000;

/// What stands above a list of chapters, folded.
const CALLED: &[&str] = &[
    "timestamps",
    "timestamp",
    "time stamps",
    "timeline",
    "chapters",
    "chapter",
    "chapter list",
    "video chapters",
    "contents",
    "table of contents",
    "outline",
    "topics",
    "agenda",
    "show notes",
    "shownotes",
    "in this episode",
    "时间戳",
    "时间轴",
    "时间线",
    "时间点",
    "章节",
    "章节列表",
    "分章",
    "目录",
    "大纲",
    "本期目录",
    "本期内容",
    "本期话题",
    "本集内容",
    "内容提要",
    "内容大纲",
    "收听指南",
    "時間戳",
    "時間軸",
    "章節",
    "目錄",
    "本集內容",
    "目次",
    "チャプター",
    "타임스탬프",
    "índice",
    "capítulos",
    "chapitres",
    "sommaire",
    "kapitel",
    "inhalt",
    "capitoli",
    "таймкоды",
    "содержание",
];

/// A line of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Milliseconds from the start.
    time: u64,
    /// The time without its brackets.
    stamp: TextRange,
    /// The words.
    title: TextRange,
    /// The line up to the title's end, its sign (`-`) included.
    line: TextRange,
    /// Where its time or the bracket before it begins.
    start: u32,
    /// Whether the line is all that its paragraph has.
    whole: bool,
    /// Index of the top-level block.
    top: usize,
}

/// Finds the lists, and takes what looked like labels in them out of `candidates`.
pub(super) fn find(raw: &Raw, skip: &[bool], candidates: &mut Vec<Candidate>) -> Vec<Entry> {
    let lines = lines(raw, skip);
    let mut found: Vec<Entry> = Vec::new();
    let mut gone: Vec<TextRange> = Vec::new();
    let search = Search::new(raw, candidates);
    for run in runs(&lines) {
        let entries: Vec<Entry> = lines[run.clone()].iter().filter_map(|line| line.entry).collect();
        let above = run.start.checked_sub(1).map(|at| lines[at].range);
        let called = above.filter(|range| is_called(&raw.text[range.range()]));
        if search.is_list(&entries, called.is_some()) {
            gone.extend(called);
            gone.extend(entries.iter().map(|entry| entry.line));
            found.extend(entries);
        }
    }
    if !gone.is_empty() {
        candidates.retain(|candidate| {
            let at = gone.partition_point(|range| range.end <= candidate.line);
            gone.get(at).is_none_or(|range| candidate.line < range.start)
        });
    }
    found
}

/// By top-level block: whether it holds entries. Nobody speaks there.
pub(super) fn tops(entries: &[Entry], count: usize) -> Vec<bool> {
    let mut tops = vec![false; count];
    entries.iter().for_each(|entry| tops[entry.top] = true);
    tops
}

/// The entries as the document keeps them; their marks are laid over the text.
pub(super) fn keep(entries: Vec<Entry>, blocks: &[Block], marks: &mut Vec<Mark>) -> Vec<Chapter> {
    let mut found = Vec::with_capacity(entries.len() * 2);
    for entry in &entries {
        let range = TextRange { start: entry.start, end: entry.line.end };
        found.push(Mark { range, kind: MarkKind::Chapter });
        found.push(Mark { range: entry.stamp, kind: MarkKind::Time(entry.time) });
    }
    overlay::lay(marks, found);
    let block = |title: TextRange| {
        let after = blocks.partition_point(|block| block.text.start <= title.start);
        let block = after.checked_sub(1)? as BlockIndex;
        blocks[block as usize].text.contains(title).then_some(block)
    };
    let chapters = entries.iter().filter_map(|entry| {
        let Entry { time, title, .. } = *entry;
        Some(Chapter { time, title, block: block(title)? })
    });
    chapters.collect()
}

/// A line that may be an entry.
struct Line {
    range: TextRange,
    entry: Option<Entry>,
}

/// All lines of paragraphs and headings, and the items of lists, in the text's order.
fn lines(raw: &Raw, skip: &[bool]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, top) in raw.tops.iter().enumerate().filter(|(at, _)| !skip[*at]) {
        match &top.node {
            Node::Paragraph(leaf) => of_paragraph(raw, at, *leaf, &mut lines),
            Node::List { items, .. } => {
                for item in items {
                    match item.body[..] {
                        [Node::Paragraph(leaf)] => of_paragraph(raw, at, leaf, &mut lines),
                        _ => lines.push(Line { range: top.text, entry: None }),
                    }
                }
            }
            _ => lines.push(Line { range: top.text, entry: None }),
        }
    }
    lines
}

fn of_paragraph(raw: &Raw, top: usize, leaf: TextRange, lines: &mut Vec<Line>) {
    let from = raw.breaks.partition_point(|at| *at <= leaf.start);
    let to = from + raw.breaks[from..].partition_point(|at| *at < leaf.end);
    let ends = raw.breaks[from..to].iter().copied().chain([leaf.end]);
    let mut start = leaf.start;
    for end in ends {
        let range = TextRange { start, end };
        let whole = from == to;
        lines.push(Line { range, entry: entry(raw, top, range, whole) });
        start = end;
    }
}

/// Reads a line as a time and a title.
fn entry(raw: &Raw, top: usize, line: TextRange, whole: bool) -> Option<Entry> {
    let text = &raw.text[line.range()];
    let sign = text.trim_start_matches(|c: char| is_blank(c) || "•·▶►▸-–—*".contains(c));
    let from = text.len() - sign.len();
    let stamp = times::leading(sign)?;
    let behind = &sign[stamp.length..];
    let words = behind.trim_start_matches(|c: char| is_blank(c) || "-–—:：|｜·•、".contains(c));
    let title = words.trim_end_matches(is_blank);
    let apart = words.len() < behind.len() || stamp.bracket.is_some();
    if !apart
        || title.chars().count() > LONGEST
        || !title.chars().any(char::is_alphanumeric)
        || title.ends_with(['。', '，', ',', '；', ';', '、'])
    {
        return None;
    }
    let at = |offset: usize| line.start + offset as u32;
    let bracket = stamp.bracket.map_or(0, char::len_utf8);
    let inner = sign[bracket..stamp.length].trim_end_matches([']', ')', '）', '】']);
    let blank = skip_blank(inner);
    let stamp_at = from + bracket + blank;
    let end = stamp_at + inner.trim().len();
    let words_at = text.len() - words.len();
    Some(Entry {
        time: stamp.time,
        stamp: TextRange { start: at(stamp_at), end: at(end.max(stamp_at)) },
        title: TextRange { start: at(words_at), end: at(words_at + title.len()) },
        line: TextRange { start: line.start, end: at(words_at + title.len()) },
        start: at(from),
        whole,
        top,
    })
}

/// Stretches of lines that are entries, each with a later time than the one before.
fn runs(lines: &[Line]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        let Some(first) = lines[start].entry else {
            start += 1;
            continue;
        };
        let mut last = first.time;
        let more = lines[start + 1..].iter().take_while(|line| {
            let later = line.entry.is_some_and(|entry| entry.time > last);
            last = line.entry.map_or(last, |entry| entry.time);
            later
        });
        let end = start + 1 + more.count();
        if end - start >= LEAST {
            runs.push(start..end);
        }
        start = end;
    }
    runs
}

/// Whether the line above says that a list of chapters follows.
fn is_called(line: &str) -> bool {
    if line.len() > LONGEST {
        return false;
    }
    let words = key(line);
    let words = words.trim_matches(|c: char| !c.is_alphanumeric());
    CALLED.contains(&words)
}

/// What the rest of the file says of a list.
struct Search<'a> {
    raw: &'a Raw,
    candidates: &'a [Candidate],
    /// By candidate, from the last on: the earliest time from there on.
    earliest: Vec<u64>,
    /// Likewise the latest.
    latest: Vec<u64>,
}

impl<'a> Search<'a> {
    fn new(raw: &'a Raw, candidates: &'a [Candidate]) -> Self {
        let mut earliest = vec![u64::MAX; candidates.len() + 1];
        let mut latest = vec![0; candidates.len() + 1];
        for (at, candidate) in candidates.iter().enumerate().rev() {
            earliest[at] = earliest[at + 1].min(candidate.time.unwrap_or(u64::MAX));
            latest[at] = latest[at + 1].max(candidate.time.unwrap_or(0));
        }
        Self { raw, candidates, earliest, latest }
    }

    fn is_list(&self, entries: &[Entry], called: bool) -> bool {
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return false };
        if self.is_dialogue(entries) {
            return false;
        }
        let slow = last.time - first.time >= SHORTEST * (entries.len() as u64 - 1);
        if called {
            return slow;
        }
        // The recording begins again behind the list, and the list reaches far into it.
        let behind = self.candidates.partition_point(|one| one.line < last.line.end);
        let again = self.earliest[behind] < last.time && last.time * 2 >= self.latest[behind];
        if again {
            // Short turns before the recording begins (a clip) are no list.
            return !entries.iter().any(|entry| entry.whole && self.is_turn(entry));
        }
        // Else only where no turn has this shape, and the list is a small part of the text.
        let words: u32 = entries.iter().map(|entry| entry.title.end - entry.title.start).sum();
        let small = words as usize * 2 < self.raw.text.len();
        slow && small && !entries.iter().any(|entry| self.is_turn(entry))
    }

    /// The candidates on an entry's line.
    fn on(&self, entry: &Entry) -> &'a [Candidate] {
        let from = self.candidates.partition_point(|one| one.line < entry.line.start);
        let to = self.candidates.partition_point(|one| one.line < entry.line.end);
        &self.candidates[from.min(to)..to]
    }

    /// Whether some form of a turn fits the line.
    fn is_turn(&self, entry: &Entry) -> bool {
        let list = matches!(self.raw.tops[entry.top], Top { node: Node::List { .. }, .. });
        !list && self.on(entry).iter().any(|one| one.time.is_some())
    }

    /// Whether names come again behind the times: then people speak.
    fn is_dialogue(&self, entries: &[Entry]) -> bool {
        let mut names: HashMap<String, usize> = HashMap::new();
        let labels = entries.iter().flat_map(|entry| self.on(entry)).map(|one| one.label);
        for label in labels.filter(|label| !label.is_empty()) {
            *names.entry(key(&self.raw.text[label.range()])).or_default() += 1;
        }
        names.values().any(|count| *count > 1)
    }
}
