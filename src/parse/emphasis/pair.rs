//! Which stars pair with which.
//!
//! CommonMark's procedure, run on the flanking rules for CJK text; then a second chance for
//! `** 问：**` and `**问： **`, where a blank has slipped inside the stars. Pairs nest properly and
//! never cross the edge of a link, an image, `~~` or `_`. How the result is written is left to
//! `tidy`.

use std::ops::Range;

use super::runs::{Piece, Run, Tokens};
use super::unicode::is_blank;

/// Two groups of stars that make an emphasis of what is between them.
#[derive(Debug)]
pub(super) struct Pair {
    /// The opening stars.
    pub open: Range<usize>,
    /// The closing stars.
    pub close: Range<usize>,
}

impl Pair {
    /// Two stars each, rather than one.
    pub fn is_strong(&self) -> bool {
        self.open.len() == 2
    }
}

/// One end of a pair, where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// The first of its stars.
    pub at: usize,
    pub pair: usize,
    pub opens: bool,
}

/// The ends of all pairs, in source order.
pub(super) fn marks(pairs: &[Pair]) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(pairs.len() * 2);
    for (pair, Pair { open, close }) in pairs.iter().enumerate() {
        marks.push(Mark { at: open.start, pair, opens: true });
        marks.push(Mark { at: close.start, pair, opens: false });
    }
    marks.sort_unstable_by_key(|mark| mark.at);
    marks
}

/// Pairs the stars of a block; each run then knows how many it has spent.
pub(super) fn pair(line: &mut Tokens) -> Vec<Pair> {
    let mut pairing = Pairing {
        runs: &mut line.runs,
        pairs: Vec::new(),
        openers: Vec::new(),
        scope: Scope::default(),
        outer: Vec::new(),
    };
    for piece in &line.pieces {
        match *piece {
            Piece::Open(_) => pairing.enter(),
            Piece::Close(_) => pairing.leave(),
            Piece::Run(run) => pairing.run(run),
            Piece::Event(_) | Piece::Break(_) | Piece::Text(_) => {}
        }
    }
    let mut pairs = pairing.pairs;
    if line.runs.iter().any(is_loose) {
        second_chance(line, &mut pairs);
    }
    pairs
}

/// What stars see of each other: all of the block, or of a link's text and the like.
#[derive(Default)]
struct Scope {
    /// How many openers belong to outer scopes.
    floor: usize,
    /// For each kind of closer (by length modulo three, and whether it can open), the first run
    /// that is still worth looking at. This keeps the search linear.
    bottoms: [usize; 6],
}

struct Pairing<'r> {
    runs: &'r mut [Run],
    pairs: Vec<Pair>,
    /// Runs that can open and have stars left.
    openers: Vec<usize>,
    scope: Scope,
    outer: Vec<Scope>,
}

impl Pairing<'_> {
    fn enter(&mut self) {
        let inner = Scope { floor: self.openers.len(), bottoms: [0; 6] };
        self.outer.push(std::mem::replace(&mut self.scope, inner));
    }

    fn leave(&mut self) {
        self.openers.truncate(self.scope.floor);
        self.scope = self.outer.pop().unwrap_or_default();
    }

    fn run(&mut self, run: usize) {
        if self.runs[run].flank.close {
            self.close(run);
        }
        if self.runs[run].flank.open && !self.runs[run].rest().is_empty() {
            self.openers.push(run);
        }
    }

    fn close(&mut self, closer: usize) {
        let run = &self.runs[closer];
        let kind = run.len() % 3 + 3 * usize::from(run.flank.open);
        while !self.runs[closer].rest().is_empty() {
            let bottom = self.scope.bottoms[kind];
            let found = self.openers[self.scope.floor..]
                .iter()
                .rposition(|&opener| opener < bottom || fit(&self.runs[opener], &self.runs[closer]))
                .map(|at| at + self.scope.floor)
                .filter(|&at| self.openers[at] >= bottom);
            let Some(at) = found else {
                self.scope.bottoms[kind] = closer;
                return;
            };
            self.openers.truncate(at + 1);
            self.join(self.openers[at], closer);
            if self.runs[self.openers[at]].rest().is_empty() {
                self.openers.pop();
            }
        }
    }

    fn join(&mut self, opener: usize, closer: usize) {
        let open = self.runs[opener].rest();
        let close = self.runs[closer].rest();
        let stars = if open.len() >= 2 && close.len() >= 2 { 2 } else { 1 };
        self.pairs.push(Pair {
            open: open.end - stars..open.end,
            close: close.start..close.start + stars,
        });
        self.runs[opener].opened += stars;
        self.runs[closer].closed += stars;
    }
}

/// CommonMark's rule of three.
fn fit(opener: &Run, closer: &Run) -> bool {
    let both = opener.flank.close || closer.flank.open;
    let sum = opener.len() + closer.len();
    !(both && sum.is_multiple_of(3) && !closer.len().is_multiple_of(3))
}

/// A whole `**` that pairs with nothing.
fn is_loose(run: &Run) -> bool {
    run.len() == 2 && run.closed == 0 && run.opened == 0
}

/// Pairs loose `**` left to right where their number on the line is even and blanks on their
/// inner sides are all that kept them apart.
fn second_chance(line: &mut Tokens, pairs: &mut Vec<Pair>) {
    let loose = loose_runs(line, pairs);
    for group in loose.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (couples, odd) = group.as_chunks::<2>();
        let fine = |[open, close]: &[(usize, usize, usize); 2]| {
            blanks_slipped_in(&line.runs[open.2], &line.runs[close.2])
        };
        if !odd.is_empty() || !couples.iter().all(fine) {
            continue;
        }
        for [(.., open), (.., close)] in couples {
            line.runs[*open].opened = 2;
            line.runs[*close].closed = 2;
            let (open, close) = (&line.runs[*open].range, &line.runs[*close].range);
            pairs.push(Pair { open: open.clone(), close: close.clone() });
        }
    }
}

/// Whether a blank stands on an inner side, and not both runs stand between blanks, as operators
/// do.
fn blanks_slipped_in(open: &Run, close: &Run) -> bool {
    let apart = |run: &Run| is_blank(run.before) && is_blank(run.after);
    (is_blank(open.after) || is_blank(close.before)) && !(apart(open) && apart(close))
}

/// Loose runs as (what they stand in, line, run), sorted.
fn loose_runs(line: &Tokens, pairs: &[Pair]) -> Vec<(usize, usize, usize)> {
    let marks = marks(pairs);
    let mut marks = marks.iter().peekable();
    let mut loose = Vec::new();
    let (mut parents, mut named, mut row) = (vec![0], 0, 0);
    for piece in &line.pieces {
        match *piece {
            Piece::Break(_) => row += 1,
            Piece::Open(_) => {
                named += 1;
                parents.push(named);
            }
            Piece::Close(_) => {
                parents.pop();
            }
            Piece::Run(index) => {
                let run = &line.runs[index];
                if is_loose(run) {
                    loose.push((parents.last().copied().unwrap_or(0), row, index));
                }
                while let Some(mark) = marks.next_if(|mark| mark.at < run.range.end) {
                    if mark.opens {
                        named += 1;
                        parents.push(named);
                    } else {
                        parents.pop();
                    }
                }
            }
            Piece::Event(_) | Piece::Text(_) => {}
        }
    }
    loose.sort_unstable();
    loose
}
