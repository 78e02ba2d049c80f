//! Which turns of a text are which of its translation.
//!
//! Translators keep the order of speakers and the headings, and seldom anything else: one joins two
//! answers, another leaves a remark out. So stretches between headings are put beside each other
//! first, where both texts have the same headings; within them, turns by who speaks. Where several
//! turns would do, how long they are and which words in Latin letters and digits both have
//! (`PyTorch`, `2015`) decide. Nothing is guessed from what the words mean: a stretch whose
//! speakers do not go along is one row.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Page, PageKind, PersonIndex, Site};
use crate::document::{Document, Item, SpeakerIndex};
use crate::paths::language;

/// How many pairs of items are compared within one stretch.
const PAIRS: usize = 1_000_000;

/// Items of two texts that stand beside each other. Either may be empty, but not both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Items of the one, as indexes into [`Document::items`].
    pub left: Range<usize>,
    /// Items of the other.
    pub right: Range<usize>,
    /// Whether these are a stretch in which turns do not match one to one.
    pub loose: bool,
}

/// The rows of two texts, in reading order: every item of both is in exactly one.
pub fn parallel(left: (&Page, &Document), right: (&Page, &Document)) -> Vec<Row> {
    let who = Who::new(left.0, right.0);
    let (one, other) = (units(left.1), units(right.1));
    let both = Both { one: &one, other: &other, who: &who };
    let mut rows = Vec::new();
    for (left, right) in stretches(&one, &other) {
        both.stretch(left, right, &mut rows);
    }
    rows
}

impl Site {
    /// Where two texts stand side by side: beside the left one (`a/x.with-zh.html`). Nothing where
    /// one of them is no transcript, where the left one has another translation in the language of
    /// the right one, or a file that is copied has the path.
    pub fn side_by_side(&self, one: &Page, other: &Page) -> Option<String> {
        if one.kind != PageKind::Transcript || other.kind != PageKind::Transcript {
            return None;
        }
        let (left, right) = if self.is_left(one, other) { (one, other) } else { (other, one) };
        let translations = left.translations.iter().map(|at| self.page(*at));
        let first = translations.into_iter().find(|page| page.language == right.language);
        if first.is_some_and(|first| first.content != right.content) {
            return None;
        }
        let stem = left.path.strip_suffix(".html").unwrap_or(&left.path);
        let path = format!("{stem}.with-{}.html", right.language);
        (!self.routes.is_copied(&path)).then_some(path)
    }

    /// The site's language stands on the left; else the first by the tags.
    pub fn is_left(&self, one: &Page, other: &Page) -> bool {
        let rank = |page: &Page| {
            let foreign = !language::same_language(&page.language, &self.language);
            (foreign, page.language.clone(), page.path.clone())
        };
        rank(one) < rank(other)
    }
}

/// An item, as far as it is compared.
struct Unit<'a> {
    kind: Kind,
    /// Bytes of text.
    length: f32,
    /// Its words of two or more Latin letters or digits.
    latin: BTreeSet<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Heading(u8),
    Turn(Option<SpeakerIndex>),
    Prose,
}

fn units(document: &Document) -> Vec<Unit<'_>> {
    let total = document.text.len().max(1) as f32;
    let unit = |item: &Item| {
        let (kind, texts): (Kind, Vec<&str>) = match item {
            Item::Heading(heading) => {
                (Kind::Heading(heading.level), vec![document.slice(heading.text)])
            }
            Item::Turn(turn) => (Kind::Turn(turn.speaker), words(document, &turn.blocks)),
            Item::Prose(blocks) => (Kind::Prose, words(document, blocks)),
        };
        let length = texts.iter().map(|text| text.len()).sum::<usize>() as f32 / total;
        let latin = texts.into_iter().flat_map(latin).collect();
        Unit { kind, length, latin }
    };
    document.items.iter().map(unit).collect()
}

fn words<'a>(document: &'a Document, blocks: &Range<u32>) -> Vec<&'a str> {
    document.blocks_of(blocks).iter().map(|block| document.slice(block.text)).collect()
}

fn latin(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 1)
}

/// The texts between headings, where both have headings of the same levels; else the whole.
fn stretches(one: &[Unit<'_>], other: &[Unit<'_>]) -> Vec<(Range<usize>, Range<usize>)> {
    let levels = |units: &[Unit<'_>]| -> Vec<(usize, u8)> {
        let heading = |(at, unit): (usize, &Unit<'_>)| match unit.kind {
            Kind::Heading(level) => Some((at, level)),
            _ => None,
        };
        units.iter().enumerate().filter_map(heading).collect()
    };
    let (left, right) = (levels(one), levels(other));
    if !left.iter().map(|(_, level)| level).eq(right.iter().map(|(_, level)| level)) {
        return vec![(0..one.len(), 0..other.len())];
    }
    let mut found = Vec::with_capacity(left.len() + 1);
    let mut from = (0, 0);
    let ends = left.iter().zip(&right).map(|(left, right)| (left.0, right.0));
    for end in ends.chain([(one.len(), other.len())]) {
        found.push((from.0..end.0, from.1..end.1));
        from = end;
    }
    found
}

/// Whom the speakers of two texts have in common.
struct Who {
    /// By the one text's speaker, those of the other who are meant.
    same: BTreeMap<SpeakerIndex, BTreeSet<SpeakerIndex>>,
}

impl Who {
    /// People whom the site knows under both labels are the same. The others are, in a
    /// translation, if they are the first, the second, … of them to speak.
    fn new(left: &Page, right: &Page) -> Self {
        let all = |page: &Page| -> Vec<(SpeakerIndex, BTreeSet<PersonIndex>)> {
            let people = |at| (at, page.people_of(at).iter().copied().collect());
            (0..page.speakers.len() as SpeakerIndex).map(people).collect()
        };
        let (left, right) = (all(left), all(right));
        let meets = |one: &BTreeSet<PersonIndex>, others: &[(SpeakerIndex, BTreeSet<_>)]| {
            others.iter().any(|(_, other)| !one.is_disjoint(other))
        };
        let mut same: BTreeMap<SpeakerIndex, BTreeSet<SpeakerIndex>> = BTreeMap::new();
        for (at, people) in &left {
            let known = right.iter().filter(|(_, other)| !people.is_disjoint(other));
            same.entry(*at).or_default().extend(known.map(|(other, _)| *other));
        }
        let unknown = left.iter().filter(|(_, people)| !meets(people, &right));
        let others = right.iter().filter(|(_, people)| !meets(people, &left));
        for ((one, _), (other, _)) in unknown.zip(others) {
            same.entry(*one).or_default().insert(*other);
        }
        Self { same }
    }

    fn is(&self, one: Option<SpeakerIndex>, other: Option<SpeakerIndex>) -> bool {
        match (one, other) {
            (Some(one), Some(other)) => self.same.get(&one).is_some_and(|all| all.contains(&other)),
            (one, other) => one == other,
        }
    }
}

struct Both<'a> {
    one: &'a [Unit<'a>],
    other: &'a [Unit<'a>],
    who: &'a Who,
}

impl Both<'_> {
    /// Appends the rows of a stretch.
    fn stretch(&self, left: Range<usize>, right: Range<usize>, rows: &mut Vec<Row>) {
        let in_step = left.len() == right.len()
            && left.clone().zip(right.clone()).all(|(one, other)| self.fits(one, other));
        let found: Vec<(usize, usize)> = if in_step {
            left.clone().zip(right.clone()).collect()
        } else if left.len() * right.len() <= PAIRS {
            self.best(&left, &right)
        } else {
            Vec::new()
        };
        if found.len() * 2 < left.len().max(right.len()) {
            return self.apart(left, right, rows);
        }
        let mut from = (left.start, right.start);
        for (one, other) in found {
            gap(from.0..one, from.1..other, rows);
            rows.push(Row { left: one..one + 1, right: other..other + 1, loose: false });
            from = (one + 1, other + 1);
        }
        gap(from.0..left.end, from.1..right.end, rows);
    }

    /// Rows of a stretch whose turns do not go along: its heading, and all the rest.
    fn apart(&self, left: Range<usize>, right: Range<usize>, rows: &mut Vec<Row>) {
        let is_heading = |unit: &Unit<'_>| matches!(unit.kind, Kind::Heading(_));
        let headed = !left.is_empty()
            && !right.is_empty()
            && is_heading(&self.one[left.start])
            && is_heading(&self.other[right.start]);
        let (mut from, end) = ((left.start, right.start), (left.end, right.end));
        if headed {
            from = (from.0 + 1, from.1 + 1);
            rows.push(Row { left: left.start..from.0, right: right.start..from.1, loose: false });
        }
        gap(from.0..end.0, from.1..end.1, rows);
    }

    fn fits(&self, one: usize, other: usize) -> bool {
        match (self.one[one].kind, self.other[other].kind) {
            (Kind::Turn(one), Kind::Turn(other)) => self.who.is(one, other),
            (one, other) => one == other,
        }
    }

    /// How well two items go together; nothing where they cannot.
    fn score(&self, one: usize, other: usize) -> f32 {
        if !self.fits(one, other) {
            return 0.0;
        }
        let (one, other) = (&self.one[one], &self.other[other]);
        let length = one.length.min(other.length) / one.length.max(other.length).max(f32::EPSILON);
        let fewer = one.latin.len().min(other.latin.len());
        let shared = one.latin.intersection(&other.latin).count();
        let latin = if fewer == 0 { 0.0 } else { shared as f32 / fewer as f32 };
        1.0 + 0.3 * length + 0.6 * latin
    }

    /// The pairs in reading order that go together best.
    fn best(&self, left: &Range<usize>, right: &Range<usize>) -> Vec<(usize, usize)> {
        let width = right.len() + 1;
        let mut best = vec![0.0_f32; width * (left.len() + 1)];
        for one in (0..left.len()).rev() {
            for other in (0..right.len()).rev() {
                let here = one * width + other;
                let score = self.score(left.start + one, right.start + other);
                let both = if score > 0.0 { score + best[here + width + 1] } else { 0.0 };
                best[here] = best[here + 1].max(best[here + width]).max(both);
            }
        }
        let (mut one, mut other, mut found) = (0, 0, Vec::new());
        while one < left.len() && other < right.len() {
            let here = one * width + other;
            if best[here] == best[here + width] {
                one += 1;
            } else if best[here] == best[here + 1] {
                other += 1;
            } else {
                found.push((left.start + one, right.start + other));
                (one, other) = (one + 1, other + 1);
            }
        }
        found
    }
}

/// What stands between two pairs.
fn gap(left: Range<usize>, right: Range<usize>, rows: &mut Vec<Row>) {
    if !left.is_empty() || !right.is_empty() {
        let loose = !left.is_empty() && !right.is_empty();
        rows.push(Row { left, right, loose });
    }
}
