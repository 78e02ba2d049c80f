//! A page as a sequence of words with ids: blocks and headings in reading order, and the turns
//! around them.

use std::ops::Range;

use crate::document::{Document, Item};

/// So many letters of a text are compared.
const LETTERS: usize = 240;

/// So many characters are repeated in messages.
const SAID: usize = 48;

/// A block, or a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Its id, and then those that it keeps for old links.
    pub ids: Vec<String>,
    /// Whether it is a heading.
    pub heading: bool,
    /// Its first letters and digits.
    pub letters: Vec<char>,
    /// All of them: what was a text of its own may stand far within another.
    pub whole: String,
    /// Its first words.
    pub said: String,
}

/// A turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Its id, and then those that it keeps.
    pub ids: Vec<String>,
    /// Its blocks, as indices of [`Places::units`].
    pub units: Range<usize>,
}

/// All places of a page that links can lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// In reading order.
    pub units: Vec<Unit>,
    /// In reading order.
    pub turns: Vec<Turn>,
}

impl Unit {
    /// Its own id.
    pub fn id(&self) -> &str {
        self.ids.first().map_or("", String::as_str)
    }

    /// Adds words; more than are compared are not kept.
    pub(super) fn say(&mut self, text: &str) {
        let missing = LETTERS.saturating_sub(self.letters.len());
        let letters = || text.chars().filter(|c| c.is_alphanumeric());
        self.letters.extend(letters().take(missing));
        self.whole.extend(letters());
        for c in text.chars() {
            if self.said.chars().count() >= SAID {
                break;
            }
            let blank = c.is_whitespace();
            if !blank || !(self.said.is_empty() || self.said.ends_with(' ')) {
                self.said.push(if blank { ' ' } else { c });
            }
        }
    }
}

impl Places {
    /// A document's.
    pub fn of(document: &Document) -> Self {
        let mut places = Self::default();
        for item in &document.items {
            let blocks = match item {
                Item::Heading(heading) => {
                    places.add(&heading.id, true, document.slice(heading.text));
                    continue;
                }
                Item::Turn(turn) => &turn.blocks,
                Item::Prose(blocks) => blocks,
            };
            let from = places.units.len();
            for block in document.blocks_of(blocks) {
                places.add(&block.id, false, document.slice(block.text));
            }
            if let Item::Turn(turn) = item {
                let units = from..places.units.len();
                places.turns.push(Turn { ids: vec![turn.id.clone()], units });
            }
        }
        places
    }

    fn add(&mut self, id: &str, heading: bool, text: &str) {
        let mut unit = Unit { ids: vec![id.to_owned()], heading, ..Unit::default() };
        unit.say(text);
        self.units.push(unit);
    }

    /// All ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let units = self.units.iter().flat_map(|unit| &unit.ids);
        units.chain(self.turns.iter().flat_map(|turn| &turn.ids)).map(String::as_str)
    }

    /// The id for whoever means the turn in which a unit stands: the turn's where it begins with
    /// the unit, else the unit's own.
    pub fn at(&self, unit: usize) -> &str {
        let begins =
            self.turns.iter().find(|turn| turn.units.start == unit && !turn.units.is_empty());
        let turn = begins.and_then(|turn| turn.ids.first());
        turn.map_or_else(|| self.units[unit].id(), String::as_str)
    }
}
