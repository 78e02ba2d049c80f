//! Which mentions a page shows as links, and which it holds back until its reader asks for all.
//! All are counted; only this differs.

use super::MarkPolicy;
use crate::glossary::{MarkRule, TermIndex};

/// With [`MarkRule::Near`], a term is shown again in the same section after so many Unicode
/// scalar values.
const NEAR: usize = 2_000;

/// What was shown so far, going through a document in reading order.
#[derive(Debug)]
pub(super) struct Density<'a> {
    policy: &'a MarkPolicy,
    text: &'a str,
    /// By term: 1 + its place in `last`, or 0.
    places: Vec<u32>,
    last: Vec<Shown>,
    section: u32,
    /// Turns, and stretches of text that nobody speaks.
    turn: u32,
    /// A byte offset and the characters before it.
    counted: (usize, usize),
}

/// Where a term was last shown.
#[derive(Clone, Copy, Debug)]
struct Shown {
    section: u32,
    turn: u32,
    /// In characters.
    at: usize,
}

impl<'a> Density<'a> {
    /// Nothing shown yet; `terms` is how many the glossary has.
    pub fn new(policy: &'a MarkPolicy, text: &'a str, terms: usize) -> Self {
        let places = vec![0; terms];
        Self { policy, text, places, last: Vec::new(), section: 0, turn: 0, counted: (0, 0) }
    }

    /// A heading: another section begins.
    pub fn section(&mut self) {
        self.section += 1;
    }

    /// Another turn, or a stretch that nobody speaks, begins.
    pub fn turn(&mut self) {
        self.turn += 1;
    }

    /// Whether the mention of `term` at byte `at` is shown; `rule` is the term's own. What the
    /// author marked in the text is shown under every rule, unless the page opts out.
    pub fn shows(&mut self, term: TermIndex, rule: Option<MarkRule>, at: u32, wish: bool) -> bool {
        if self.policy.off.contains(&term) {
            return false;
        }
        let rule = rule.unwrap_or(self.policy.rule);
        let here = match rule {
            MarkRule::Near => self.characters(at as usize),
            _ => 0,
        };
        let place = self.places[term as usize] as usize;
        let shown = wish || self.is_due(rule, here, place.checked_sub(1).map(|at| self.last[at]));
        if shown {
            let now = Shown { section: self.section, turn: self.turn, at: here };
            match place {
                0 => {
                    self.last.push(now);
                    self.places[term as usize] = self.last.len() as u32;
                }
                _ => self.last[place - 1] = now,
            }
        }
        shown
    }

    /// Whether the page holds the mentions of `term` that it does not show, for readers who ask
    /// for all: unless the page opts out, or the rule is [`MarkRule::Never`].
    pub fn holds(&self, term: TermIndex, rule: Option<MarkRule>) -> bool {
        rule.unwrap_or(self.policy.rule) != MarkRule::Never && !self.policy.off.contains(&term)
    }

    fn is_due(&self, rule: MarkRule, here: usize, last: Option<Shown>) -> bool {
        let Some(last) = last else { return rule != MarkRule::Never };
        match rule {
            MarkRule::Near => last.section != self.section || here - last.at >= NEAR,
            MarkRule::Section => last.section != self.section,
            MarkRule::Page | MarkRule::Never => false,
            MarkRule::Turn => last.turn != self.turn,
            MarkRule::Every => true,
        }
    }

    /// The characters before byte `at`. It only grows where leaves come in reading order; where
    /// they do not, the last answer stands.
    fn characters(&mut self, at: usize) -> usize {
        let (counted, characters) = self.counted;
        let at = at.max(counted);
        let characters = characters + self.text[counted..at].chars().count();
        self.counted = (at, characters);
        characters
    }
}
