//! Blocks to a document: headings, turns and prose in reading order, with lasting ids.

mod pieces;

use std::ops::Range;

use super::blocks::{Raw, Top};
use super::clip::clip_marks;
use super::closing;
use super::forms::{self, Candidate};
use super::line;
use super::naming::{name_blocks, name_items};
use super::references;
use super::sections;
use super::speakers::{self, Cast, Who};
use crate::document::{Block, BlockIndex, Heading, Item, Leaf, Node, Speaker, TextRange, Turn};
use crate::source::{Source, Span};

/// What assembling gives; text and the rest of [`Raw`] go into the document as they are.
pub(super) struct Assembled {
    pub blocks: Vec<Block>,
    pub items: Vec<Item>,
    pub speakers: Vec<Speaker>,
}

/// Which top-level blocks are no turn's.
#[derive(Clone, Copy)]
pub(super) struct Apart<'a> {
    /// Those that the head has used: they are left out.
    pub used: &'a [bool],
    /// Those that nobody speaks.
    pub unspoken: &'a [bool],
    /// The one from which on nobody speaks.
    pub closing: Option<usize>,
}

/// Puts everything together, and takes the blocks out of `raw`. Takes labels out of the marks of `raw`, and the bold of speakers
/// whose whole turns are bold: it is the export's way of showing the interviewer.
pub(super) fn assemble(
    source: &Source,
    raw: &mut Raw,
    apart: Apart<'_>,
    candidates: Vec<Candidate>,
    cast: Cast,
) -> Assembled {
    let mut assembler = Assembler::new(source, raw, &candidates, &cast);
    assembler.run(apart);
    let Assembler { mut blocks, mut items, mut cuts, plain, turns, .. } = assembler;
    // Of a long transcript both are large, and what follows needs neither.
    drop(candidates);
    raw.tops = Vec::new();
    cuts.sort_unstable_by_key(|cut| cut.start);
    clip_marks(&mut raw.marks, &cuts, &plain);
    let begun = name_blocks(raw, &mut blocks);
    name_items(raw, &mut items, &blocks, &begun);
    let people = cast.people.into_iter().zip(turns);
    let speakers = people.map(|(member, turns)| Speaker {
        label: member.label,
        turns,
        declared: member.declared,
    });
    Assembled { blocks, items, speakers: speakers.collect() }
}

struct Assembler<'a> {
    source: &'a Source,
    raw: &'a Raw,
    candidates: &'a [Candidate],
    cast: &'a Cast,
    /// Levels of Markdown headings in use, ascending: their rank is their depth.
    levels: Vec<u8>,
    blocks: Vec<Block>,
    items: Vec<Item>,
    /// Labels: they are no text.
    cuts: Vec<TextRange>,
    /// Leaves of speakers whose bold is not emphasis.
    plain: Vec<TextRange>,
    /// Turns by speaker.
    turns: Vec<u32>,
    speaker: Option<u32>,
    turn: Option<Turn>,
    prose: Option<BlockIndex>,
    /// Level of the last heading that is no bold paragraph.
    depth: u8,
    /// Whether the transcript has ended and the page goes on.
    closed: bool,
}

/// A label that counts: who speaks from here on, and when.
#[derive(Clone, Copy)]
struct Opening<'a> {
    candidate: &'a Candidate,
    who: Who,
    time: Option<u64>,
}

impl<'a> Assembler<'a> {
    fn new(source: &'a Source, raw: &'a Raw, candidates: &'a [Candidate], cast: &'a Cast) -> Self {
        Self {
            source,
            raw,
            candidates,
            cast,
            levels: Vec::new(),
            blocks: Vec::with_capacity(raw.tops.len()),
            // Each vector is large in a long transcript, and growing one takes twice its room.
            items: Vec::with_capacity(candidates.len().min(raw.tops.len()) + 1),
            cuts: Vec::new(),
            plain: Vec::new(),
            turns: vec![0; cast.people.len()],
            speaker: None,
            turn: None,
            prose: None,
            depth: 1,
            closed: false,
        }
    }

    fn run(&mut self, apart: Apart<'_>) {
        let Apart { used, unspoken, closing } = apart;
        self.levels = self.levels(used);
        let raw = self.raw;
        let mut next = 0;
        while next < raw.tops.len() {
            let at = next;
            next += 1;
            if closing == Some(at) {
                self.close();
                self.speaker = None;
                self.closed = true;
            }
            if used[at] {
                continue;
            }
            if unspoken[at] {
                let top = &raw.tops[at];
                self.unspoken(top.node.clone(), top.text, top.span);
                continue;
            }
            if let Some(marker) = sections::marker(raw, at).filter(|_| !self.closed) {
                next = at + 1 + marker.title;
                self.marked(at, marker);
                continue;
            }
            self.top(at);
        }
        self.close();
    }

    fn top(&mut self, at: usize) {
        let top = &self.raw.tops[at];
        let own = self.own_candidates(at);
        match &top.node {
            Node::Heading(_, leaf) if self.speaks(own.clone()) => self.paragraph(top, *leaf, own),
            Node::Quote(body) if self.speaks(own.clone()) => self.quote(top, body, own),
            Node::Heading(level, leaf) => {
                self.depth =
                    2 + self.levels.iter().position(|known| known == level).unwrap_or(0).min(4)
                        as u8;
                self.heading(
                    self.depth,
                    *leaf,
                    None,
                    top.span,
                    self.raw.anchors.get(&at).map(String::as_str),
                );
            }
            Node::Paragraph(leaf) if self.is_title(at, own.clone()) => {
                self.heading((self.depth + 1).clamp(2, 6), *leaf, None, top.span, None);
            }
            Node::Paragraph(leaf) => self.paragraph(top, *leaf, own),
            node => self.block(node.clone(), top.text, top.span),
        }
    }

    /// The levels of the Markdown headings that stay headings: one that says whose post is below
    /// makes no section.
    fn levels(&self, used: &[bool]) -> Vec<u8> {
        let mut levels: Vec<u8> = Vec::new();
        for (at, top) in self.raw.tops.iter().enumerate() {
            if let Node::Heading(level, _) = top.node
                && !used[at]
                && !levels.contains(&level)
                && !self.speaks(self.own_candidates(at))
            {
                levels.push(level);
            }
        }
        levels.sort_unstable();
        levels
    }

    /// The candidates of a top that were accepted.
    fn own_candidates(&self, at: usize) -> Range<usize> {
        let from = self.candidates.partition_point(|candidate| candidate.top < at);
        let to = self.candidates.partition_point(|candidate| candidate.top <= at);
        from..to
    }

    /// Whether one of the candidates begins a turn.
    fn speaks(&self, mut own: Range<usize>) -> bool {
        own.any(|at| self.cast.speakers[at].is_some())
    }

    /// A quote whose paragraphs begin with labels is the export's way of showing turns.
    fn quote(&mut self, top: &Top, body: &[Node], own: Range<usize>) {
        let Some((leaves, _)) = forms::quoted(body) else {
            return self.block(Node::Quote(body.to_vec()), top.text, top.span);
        };
        let many = leaves.len() > 1;
        for leaf in leaves {
            let place = |at: u32| {
                own.start
                    + self.candidates[own.clone()].partition_point(|candidate| candidate.line < at)
            };
            let inside = place(leaf.start)..place(leaf.end.max(leaf.start + 1));
            let span = if many { self.source_span(leaf) } else { top.span };
            self.lines(leaf, span, inside);
        }
    }

    /// A bold paragraph is a heading unless it is a turn of someone whose turns are bold (a
    /// heading may begin with a speaker's name), a question with which such a turn goes on, a
    /// lead-in that names no one (`**地点：…**`), an entry of a list, or an account's card.
    fn is_title(&self, at: usize, own: Range<usize>) -> bool {
        let top = &self.raw.tops[at];
        let candidates = own.clone().map(|at| (&self.candidates[at], self.cast.speakers[at]));
        let turn = candidates.clone().any(|(candidate, who)| match who {
            Some(Who::Member(who)) => self.cast.people[who].bold || !candidate.form.whole,
            who => who.is_some(),
        });
        let text = &self.raw.text;
        let lead_in = candidates.into_iter().any(|(candidate, who)| {
            let more = text[candidate.label.end as usize..top.text.end as usize].trim();
            let label = &text[candidate.label.range()];
            who.is_none() && !more.is_empty() && speakers::is_no_person(label)
        });
        let bold_turn = self
            .turn
            .as_ref()
            .and_then(|turn| turn.speaker)
            .is_some_and(|speaker| self.cast.people[speaker as usize].bold);
        let asks = self.raw.text[top.text.range()].trim_end().ends_with(['？', '?']);
        let labelled = own.clone().any(|at| self.cast.speakers[at].is_some());
        let goes_on = (bold_turn || labelled) && asks;
        let apart =
            self.closed || sections::is_listed(self.raw, at) || closing::is_card(self.raw, at);
        sections::is_bold_title(self.raw, top) && !(turn || lead_in || goes_on || apart)
    }

    /// Remembers a leaf whose bold is no emphasis, because all of it is bold.
    fn unbold(&mut self, leaf: TextRange) {
        if line::is_bold_throughout(self.raw, leaf)
            && self.plain.last().is_none_or(|last| last.end <= leaf.start)
        {
            self.plain.push(leaf);
        }
    }

    fn marked(&mut self, at: usize, marker: sections::Marker) {
        let tops = &self.raw.tops;
        let title = &tops[at + 1..=at + marker.title];
        let (first, last) = match title {
            [] => (&tops[at], &tops[at]),
            [first, .., last] => (first, last),
            [only] => (only, only),
        };
        let leaf = TextRange { start: first.text.start, end: last.text.end };
        let span = Span { start: tops[at].span.start, end: last.span.end };
        let number = (!title.is_empty()).then_some(marker.number);
        self.depth = 2;
        self.unbold(leaf);
        self.heading(2, leaf, number, span, None);
    }

    fn heading(
        &mut self,
        level: u8,
        text: Leaf,
        number: Option<String>,
        span: Span,
        anchor: Option<&str>,
    ) {
        self.close();
        self.unbold(text);
        let id = anchor.unwrap_or_default().to_owned();
        self.items.push(Item::Heading(Heading { id, level, text, number, span }));
    }

    fn paragraph(&mut self, top: &Top, leaf: Leaf, own: Range<usize>) {
        self.lines(leaf, top.span, own);
    }

    fn source_span(&self, leaf: Leaf) -> Span {
        let segments = &self.raw.segments;
        let offset = |text: u32| match segments.partition_point(|segment| segment.text <= text) {
            0 => 0,
            next => segments[next - 1].source + (text - segments[next - 1].text),
        };
        let start = offset(leaf.start);
        let end = offset(leaf.end.saturating_sub(1)).max(start) + 1;
        // Entities make text shorter than its source, so an offset may fall into a character.
        self.source.snapped(Span { start, end })
    }

    fn begin_turn(&mut self, opening: Opening<'_>) {
        self.close();
        let candidate = opening.candidate;
        self.speaker = match opening.who {
            Who::Member(speaker) => Some(speaker as u32),
            Who::Same => self.speaker,
            Who::Another | Who::Nobody => None,
        };
        let (label, span) = if candidate.label.is_empty() {
            (None, self.source_span(TextRange { start: candidate.line, end: candidate.words }))
        } else {
            let span = self.source_span(candidate.label);
            (Some(span), span)
        };
        let turn = self.new_turn(label, Some(candidate.form.name), span);
        self.turn = Some(Turn { time: opening.time, ..turn });
    }

    fn new_turn(&self, label: Option<Span>, form: Option<&'static str>, span: Span) -> Turn {
        let at = self.blocks.len() as BlockIndex;
        Turn {
            id: String::new(),
            speaker: self.speaker,
            label,
            form,
            time: None,
            blocks: at..at,
            span,
        }
    }

    /// A block of the open turn; below a heading, words go on with the same speaker as a new
    /// turn; before anyone spoke they are prose.
    fn block(&mut self, node: Node, text: TextRange, span: Span) {
        let spoken = match &node {
            Node::Figure { .. } | Node::Rule | Node::RawHtml(_) => false,
            Node::Paragraph(leaf) => !references::is_reference(self.raw, *leaf),
            _ => true,
        };
        if self.turn.is_none() && self.speaker.is_some() && spoken {
            self.close();
            self.turn = Some(self.new_turn(None, None, span));
        }
        let index = self.blocks.len() as BlockIndex;
        if let Some(turn) = &mut self.turn {
            turn.blocks.end = index + 1;
            turn.span.end = turn.span.end.max(span.end);
            let bold = turn.speaker.is_some_and(|speaker| self.cast.people[speaker as usize].bold);
            if bold && let Node::Paragraph(leaf) = &node {
                self.unbold(*leaf);
            }
        } else if self.prose.is_none() {
            self.prose = Some(index);
        }
        self.blocks.push(Block { id: String::new(), span, text, node });
    }

    /// A block that nobody speaks, wherever it stands.
    fn unspoken(&mut self, node: Node, text: TextRange, span: Span) {
        if self.turn.is_some() {
            self.close();
        }
        let index = self.blocks.len() as BlockIndex;
        self.prose.get_or_insert(index);
        self.blocks.push(Block { id: String::new(), span, text, node });
    }

    /// Ends the open turn or prose. A label without any words is a turn without blocks: it is
    /// kept, since nothing of the source may be lost.
    fn close(&mut self) {
        if let Some(turn) = self.turn.take() {
            if let Some(speaker) = turn.speaker {
                self.turns[speaker as usize] += 1;
            }
            self.items.push(Item::Turn(turn));
        }
        if let Some(start) = self.prose.take() {
            self.items.push(Item::Prose(start..self.blocks.len() as BlockIndex));
        }
    }
}
