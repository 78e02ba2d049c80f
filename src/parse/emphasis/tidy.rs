//! Paired stars written as events, without the clutter of exports.
//!
//! Bold inside bold is bold once, bold that ends where bold begins goes on, and four stars inside
//! bold vanish: all three come from rich text that was cut into spans. A tag's range runs from
//! its first opening star to its last closing one. Nothing is paired here.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::pair::{Mark, Pair, marks};
use super::runs::{Piece, Run, Tokens};
use super::{Repaired, flank, leftover};

/// Writes a repaired block behind the events that are there already.
pub(super) fn write<'a>(
    text: &'a str,
    events: Vec<(Event<'a>, Range<usize>)>,
    line: &Tokens,
    pairs: &[Pair],
    out: &mut Repaired<'a>,
) {
    let first = out.events.len();
    let mut writer =
        Writer { text, pairs, out, open: Vec::new(), bold: false, first, last_bold: first };
    let marks = marks(pairs);
    let mut marks = marks.as_slice();
    let mut events = events.into_iter().enumerate();
    for piece in &line.pieces {
        match piece {
            Piece::Run(run) => {
                let run = &line.runs[*run];
                let own = marks.iter().take_while(|mark| mark.at < run.range.end).count();
                writer.run(run, &marks[..own]);
                marks = &marks[own..];
            }
            Piece::Text(range) => writer.text(range.clone()),
            Piece::Event(at) | Piece::Break(at) | Piece::Open(at) | Piece::Close(at) => {
                if let Some((_, event)) = events.find(|(index, _)| index == at) {
                    writer.event(event);
                }
            }
        }
    }
}

/// A strong that is open in the source.
enum Bold {
    /// Its start tag is this event.
    Written(usize),
    /// It stands inside another and is not written.
    Inside,
}

struct Writer<'w, 'a> {
    text: &'a str,
    pairs: &'w [Pair],
    out: &'w mut Repaired<'a>,
    open: Vec<Bold>,
    /// Whether what comes next is bold.
    bold: bool,
    /// The block's first event.
    first: usize,
    /// The start tag of the strong that was closed last.
    last_bold: usize,
}

impl<'a> Writer<'_, 'a> {
    fn push(&mut self, event: Event<'a>, range: Range<usize>) {
        self.out.events.push((event, range));
    }

    fn text(&mut self, range: Range<usize>) {
        let text = &self.text[range.clone()];
        self.push(Event::Text(CowStr::Borrowed(text)), range);
    }

    /// An event that the parser made of something else than stars; `__` is bold too.
    fn event(&mut self, (event, range): (Event<'a>, Range<usize>)) {
        match event {
            Event::Start(Tag::Strong) => self.open_bold(range),
            Event::End(TagEnd::Strong) => self.close_bold(range.end),
            event => self.push(event, range),
        }
    }

    fn run(&mut self, run: &Run, marks: &[Mark]) {
        let written = self.out.events.len();
        let (closing, opening) = marks.split_at(marks.partition_point(|mark| !mark.opens));
        for mark in closing {
            self.mark(mark);
        }
        let rest = run.rest();
        if !rest.is_empty() && !self.vanishes(run, opening) {
            leftover::repaired(run, &mut self.out.leftovers);
            self.text(rest);
        }
        for mark in opening {
            self.mark(mark);
        }
        if run.len() >= 4 && self.bold && self.out.events.len() == written {
            self.out.joins.push(run.range.clone());
        }
    }

    fn mark(&mut self, mark: &Mark) {
        let pair = &self.pairs[mark.pair];
        let range = pair.open.start..pair.close.end;
        match (pair.is_strong(), mark.opens) {
            (true, true) => self.open_bold(range),
            (true, false) => self.close_bold(range.end),
            (false, true) => self.push(Event::Start(Tag::Emphasis), range),
            (false, false) => self.push(Event::End(TagEnd::Emphasis), range),
        }
    }

    /// Whether what is left of a run closes and opens the bold that it stands in.
    fn vanishes(&self, run: &Run, opening: &[Mark]) -> bool {
        let goes_on = opening.first().is_some_and(|mark| self.pairs[mark.pair].is_strong());
        run.rest().len().is_multiple_of(4)
            && !flank::is_mask(run)
            && (self.bold || (goes_on && self.ends_bold()))
    }

    /// Whether the event before this place ends a strong of this block.
    fn ends_bold(&self) -> bool {
        self.out.events.len() > self.first
            && matches!(self.out.events.last(), Some((Event::End(TagEnd::Strong), _)))
    }

    fn open_bold(&mut self, range: Range<usize>) {
        if self.bold {
            self.open.push(Bold::Inside);
            return;
        }
        self.bold = true;
        if self.ends_bold() {
            self.out.events.pop();
            self.open.push(Bold::Written(self.last_bold));
        } else {
            self.open.push(Bold::Written(self.out.events.len()));
            self.push(Event::Start(Tag::Strong), range);
        }
    }

    fn close_bold(&mut self, end: usize) {
        if let Some(Bold::Written(start)) = self.open.pop() {
            let range = &mut self.out.events[start].1;
            range.end = end;
            let range = range.clone();
            self.push(Event::End(TagEnd::Strong), range);
            self.bold = false;
            self.last_bold = start;
        }
    }
}
