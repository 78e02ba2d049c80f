//! Which stars pair with which.
//!
//! CommonMark's procedure, run on the flanking rules for CJK text. Pairs nest properly and never
//! cross the edge of a link, an image, `~~` or `_`. What it leaves over may get a second chance
//! ([`super::second`]); how the result is written is left to [`super::tidy`].

use std::ops::Range;

use super::runs::{Piece, Run, Tokens};

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

/// Pairs the stars of a block by CommonMark's procedure; each run then knows how many it has
/// spent.
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
    pairing.pairs
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
