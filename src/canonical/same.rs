//! Whether two documents are the same: what a reader, a link or an annotation could tell apart.
//!
//! Spans, the forms of labels and the places of markup in the source are not compared: they
//! are what a canonical form changes. A backslash may be added, never lost.

use std::collections::BTreeSet;

use super::{Difference, label};
use crate::document::{
    Block, Chapter, Document, Image, Item, Leaf, Mark, MarkKind, Node, Table, Target, TextRange,
    Turn,
};
use crate::parse::{self, cjk};
use crate::source::Span;

/// The first difference, if there is one.
pub fn difference(a: &Document, b: &Document) -> Option<Difference> {
    let at = |span: Span, what| Some(Difference { span: Some(span), what });
    let whole = |what| Some(Difference { span: None, what });
    for (one, other) in a.items.iter().zip(&b.items) {
        if let Some((span, what)) = item(a, one, b, other) {
            return at(span, what);
        }
    }
    for (one, other) in a.blocks.iter().zip(&b.blocks) {
        if one.id != other.id || !same_node(a, &one.node, b, &other.node) {
            return at(one.span, "its text or its markup");
        }
    }
    if let Some(block) = a.blocks.get(b.blocks.len()) {
        return at(block.span, "a block is missing");
    }
    if a.blocks.len() != b.blocks.len() || a.items.len() != b.items.len() {
        return whole("the number of blocks, turns and headings");
    }
    if a.footnotes.keys().ne(b.footnotes.keys())
        || !a
            .footnotes
            .values()
            .zip(b.footnotes.values())
            .all(|(one, two)| same_nodes(a, one, b, two))
    {
        return whole("a footnote");
    }
    let head = |document: &Document| {
        let head = &document.head;
        let lines = (head.title.clone(), head.byline.clone(), head.account.clone());
        (lines, head.original.clone(), head.credits.clone())
    };
    if pictures(a) != pictures(b) || head(a) != head(b) {
        return whole("what its first lines say of it");
    }
    if a.speakers != b.speakers {
        return whole("who speaks");
    }
    let chapter = |chapter: &Chapter| (chapter.time, chapter.block);
    if a.chapters.iter().map(chapter).ne(b.chapters.iter().map(chapter)) {
        return whole("a list of chapters");
    }
    if a.breaks_off.is_some() != b.breaks_off.is_some() {
        return whole("whether it breaks off");
    }
    // The front matter is the same bytes in both.
    None
}

fn pictures(document: &Document) -> [Option<[&str; 5]>; 2] {
    let head = &document.head;
    [&head.cover, &head.recording].map(|image| image.as_ref().map(words_of))
}

fn item(a: &Document, one: &Item, b: &Document, other: &Item) -> Option<(Span, &'static str)> {
    match (one, other) {
        (Item::Heading(one), Item::Heading(other)) => {
            let same = one.id == other.id
                && one.level == other.level
                && one.number == other.number
                && same_leaf(a, one.text, b, other.text);
            (!same).then_some((one.span, "a heading"))
        }
        (Item::Turn(one), Item::Turn(other)) => {
            let facts = |turn: &Turn| {
                let blocks = turn.blocks.clone();
                (turn.id.clone(), turn.speaker, turn.label.is_some(), turn.time, blocks)
            };
            let (longer, shorter) = (&one.blocks, &other.blocks);
            if facts(one) == facts(other) {
                None
            } else if longer.start == shorter.start && longer.end > shorter.end.max(longer.start) {
                // What the turn no longer holds is where the other one sees something new.
                let place = a.blocks[shorter.end.max(longer.start) as usize].span;
                Some((place, "where a turn ends"))
            } else {
                Some((one.span, "a turn: its speaker, its time or its extent"))
            }
        }
        (Item::Prose(one), Item::Prose(other)) => {
            let at = if other.end < one.end { other.end.max(one.start) } else { one.start };
            let span = a.blocks.get(at as usize).map(|block| block.span).unwrap_or_default();
            (one != other).then_some((span, "where what nobody speaks ends"))
        }
        (one, _) => Some((span_of(a, one), "a turn, a heading, or neither")),
    }
}

fn span_of(document: &Document, item: &Item) -> Span {
    match item {
        Item::Heading(heading) => heading.span,
        Item::Turn(turn) => turn.span,
        Item::Prose(range) => {
            document.blocks_of(range).first().map(|block: &Block| block.span).unwrap_or_default()
        }
    }
}

fn same_nodes(a: &Document, one: &[Node], b: &Document, other: &[Node]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| same_node(a, one, b, other))
}

fn same_node(a: &Document, one: &Node, b: &Document, other: &Node) -> bool {
    match (one, other) {
        (Node::Paragraph(one), Node::Paragraph(other)) => same_leaf(a, *one, b, *other),
        (Node::Heading(level, one), Node::Heading(depth, other)) => {
            level == depth && same_leaf(a, *one, b, *other)
        }
        (Node::Quote(one), Node::Quote(other)) => same_nodes(a, one, b, other),
        (
            Node::List { start, tight, items },
            Node::List { start: first, tight: close, items: others },
        ) => {
            start == first
                && tight == close
                && items.len() == others.len()
                && items.iter().zip(others).all(|(one, other)| {
                    one.task == other.task && same_nodes(a, &one.body, b, &other.body)
                })
        }
        (Node::Code { language, text }, Node::Code { language: other, text: code }) => {
            language == other && a.slice(*text) == b.slice(*code)
        }
        (Node::Table(one), Node::Table(other)) => same_table(a, one, b, other),
        (Node::Figure { images, caption }, Node::Figure { images: others, caption: below }) => {
            images.iter().map(words_of).eq(others.iter().map(words_of))
                && match (caption, below) {
                    (Some(one), Some(other)) => same_leaf(a, *one, b, *other),
                    (one, other) => one.is_none() && other.is_none(),
                }
        }
        (Node::Details { summary, body }, Node::Details { summary: other, body: blocks }) => {
            same_leaf(a, *summary, b, *other) && same_nodes(a, body, b, blocks)
        }
        (Node::RawHtml(one), Node::RawHtml(other)) => one.trim() == other.trim(),
        (Node::Rule, Node::Rule) => true,
        _ => false,
    }
}

fn same_table(a: &Document, one: &Table, b: &Document, other: &Table) -> bool {
    let row = |one: &[Leaf], other: &[Leaf]| {
        one.len() == other.len()
            && one.iter().zip(other).all(|(one, other)| same_leaf(a, *one, b, *other))
    };
    one.align == other.align
        && row(&one.head, &other.head)
        && one.rows.len() == other.rows.len()
        && one.rows.iter().zip(&other.rows).all(|(one, other)| row(one, other))
}

/// A picture without what it says of the source.
fn words_of(image: &Image) -> [&str; 5] {
    let (url, title) =
        image.link.as_deref().map_or(("", ""), |link| (link.url.as_str(), link.title.as_str()));
    [&image.url, &image.alt, &image.title, url, title]
}

/// Whether the second leaf is the first, perhaps behind a label.
pub(super) fn same_leaf(a: &Document, one: Leaf, b: &Document, other: Leaf) -> bool {
    let (text, longer) = (a.slice(one), b.slice(other));
    if !longer.ends_with(text) {
        return false;
    }
    let start = other.end - (one.end - one.start);
    let other = TextRange { start, end: other.end };
    marks(a, one) == marks(b, other)
        && escapes(a, one).is_subset(&escapes(b, other))
        && joins(a, one).map(|at| at - one.start).eq(joins(b, other).map(|at| at - other.start))
}

/// A leaf's marks from its start on, without what they say of the source.
fn marks(document: &Document, leaf: Leaf) -> Vec<Mark> {
    let written = |mark: &&Mark| mark.kind != MarkKind::Escaped && !mark.kind.is_found();
    let own = document.marks_in(leaf).iter().filter(written);
    own.map(|mark| Mark { range: from_start(mark.range, leaf), kind: bare(&mark.kind) }).collect()
}

fn escapes(document: &Document, leaf: Leaf) -> BTreeSet<u32> {
    let own = document.marks_in(leaf).iter().filter(|mark| mark.kind == MarkKind::Escaped);
    own.map(|mark| mark.range.start - leaf.start).collect()
}

fn from_start(range: TextRange, leaf: Leaf) -> TextRange {
    TextRange { start: range.start - leaf.start, end: range.end - leaf.start }
}

fn bare(kind: &MarkKind) -> MarkKind {
    let span = Span::default();
    match kind {
        MarkKind::Link(link) => MarkKind::Link(Box::new(Target { span, ..Target::clone(link) })),
        MarkKind::Image(image) => {
            let link = image.link.clone().map(|link| Box::new(Target { span, ..*link }));
            MarkKind::Image(Box::new(Image { span, link, ..Image::clone(image) }))
        }
        other => other.clone(),
    }
}

/// Joins of two bold spans that keep two words apart. Where no letter or digit stands on a
/// side, or a Han or Hiragana character does, words are apart without them.
pub(super) fn joins(document: &Document, leaf: Leaf) -> impl Iterator<Item = u32> {
    let from = document.seams.partition_point(|seam| seam.at <= leaf.start);
    let own = document.seams[from..].iter().take_while(move |seam| seam.at < leaf.end);
    let mut last = None;
    own.filter(|seam| seam.join)
        .map(|seam| seam.at)
        .filter(move |at| last.replace(*at) != Some(*at))
        .filter(|at| {
            let (before, after) = document.text.split_at(*at as usize);
            before.chars().next_back().is_some_and(runs_on)
                && after.chars().next().is_some_and(runs_on)
        })
}

fn runs_on(c: char) -> bool {
    let katakana =
        matches!(c, '\u{30a1}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9d}');
    c.is_alphanumeric() && (katakana || !cjk::is_ideographic(c))
}

/// Where words of the source are in no block, heading or label, nor in the head; they would
/// be lost without anybody being told.
pub(super) fn homeless(document: &Document) -> Vec<Span> {
    let mut leaves = Vec::new();
    let nodes = document.blocks.iter().map(|block| &block.node);
    for node in nodes.chain(document.footnotes.values().flatten()) {
        node.walk(&mut |_, leaf| leaves.push(leaf));
    }
    leaves.extend(document.headings().map(|heading| heading.text));
    leaves.sort_unstable();
    leaves.push(TextRange::new(document.text.len(), document.text.len()));
    let known = known_words(document);
    let timed = document.turns().any(|turn| turn.time.is_some());
    let mut found = Vec::new();
    let mut from = 0;
    for leaf in leaves {
        let blank = document.text[from as usize..leaf.start.max(from) as usize].trim_start().len();
        let end = leaf.start.max(from);
        let gap = TextRange { start: end - blank as u32, end };
        if !is_known(document.slice(gap), &known, timed) {
            let end = document.source_offset(gap.end.saturating_sub(1)) + 1;
            let start = document.source_offset(gap.start);
            found.push(document.source.snapped(Span::new(start, end.max(start))));
        }
        from = from.max(leaf.end);
    }
    found
}

/// What may stand outside of blocks: labels, numbers, and the head's lines; folded.
fn known_words(document: &Document) -> Vec<String> {
    let head = &document.head;
    let lines = [&head.title, &head.byline, &head.account].into_iter().flatten().cloned();
    let credits =
        head.credits.iter().flat_map(|credit| [credit.role.clone(), credit.names.clone()]);
    let recording = head.recording.iter().map(|image| image.url.clone());
    let hosts = head.original.iter().flat_map(|url| spellings_of_host(url));
    let numbers = document.headings().filter_map(|heading| heading.number.clone());
    let speakers = document.speakers.iter().map(|speaker| speaker.label.clone());
    let labels = document.turns().filter_map(|turn| label::written(document, turn));
    let mut known: Vec<String> = lines
        .chain(credits)
        .chain(recording)
        .chain(hosts)
        .chain(numbers)
        .chain(speakers)
        .chain(labels)
        .map(|text| folded(&text))
        .collect();
    known.sort_by_key(|text| std::cmp::Reverse(text.len()));
    known.retain(|text| !text.is_empty());
    known
}

/// The host of an address, as links to it may be written.
fn spellings_of_host(url: &str) -> [String; 2] {
    let host = host(url);
    let short = host.strip_prefix("www.").unwrap_or(host);
    [short.to_owned(), format!("www.{short}")]
}

/// The host of an address; all of it where there is none.
pub(super) fn host(url: &str) -> &str {
    let host = url.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#', ':']).next());
    host.unwrap_or(url)
}

/// Whether a text is known words and times, one behind the other.
fn is_known(text: &str, known: &[String], timed: bool) -> bool {
    let mut rest = text.split('\n').map(folded).collect::<String>();
    'words: while !rest.is_empty() {
        for word in known {
            if let Some(shorter) = rest.strip_prefix(word.as_str()) {
                rest = shorter.to_owned();
                continue 'words;
            }
        }
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let range = rest.strip_prefix("to").unwrap_or(number);
        if timed && range.len() < rest.len() {
            rest = range.to_owned();
            continue;
        }
        return false;
    }
    true
}

fn folded(text: &str) -> String {
    // The stroke of credit lines is a Han character by its class.
    let letter = |c: &char| c.is_alphanumeric() && *c != '丨';
    parse::speaker_key(text).chars().filter(letter).collect()
}

/// Where the text of some blocks begins; none when they have none.
pub(super) fn begins(nodes: &[Node]) -> Option<u32> {
    let mut first: Option<u32> = None;
    for node in nodes {
        node.walk(&mut |_, leaf| first = Some(first.map_or(leaf.start, |at| at.min(leaf.start))));
    }
    first
}
