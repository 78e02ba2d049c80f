//! How much of a document is written anew, and how much stays as its author wrote it.

use std::collections::BTreeSet;

use super::units::Units;
use crate::document::Document;

/// How labels are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Labels {
    /// All in one form.
    One,
    /// Each as the source has it: where a text that is no label would become one beside labels
    /// in another form.
    Kept,
}

/// The choices for one writing. Stretches are named by their number in [`Units`].
#[derive(Clone)]
pub(super) struct Plan {
    pub labels: Labels,
    /// Stretches in which a colon behind what looks like a label is escaped.
    pub careful: BTreeSet<usize>,
    /// Stretches that stay as they are.
    pub kept: BTreeSet<usize>,
}

impl Plan {
    /// Takes more care with the stretch where writing went wrong, or else with those beside it;
    /// false when nothing is left to try.
    pub(super) fn take_care(&mut self, document: &Document, units: &Units, unit: usize) -> bool {
        let near = [Some(unit), unit.checked_sub(1), Some(unit + 1)];
        near.into_iter()
            .flatten()
            .filter(|unit| *unit < units.len())
            .any(|unit| self.take_care_of(document, units, unit))
    }

    fn take_care_of(&mut self, document: &Document, units: &Units, unit: usize) -> bool {
        let text = &document.source.text()[units.lines(unit)];
        let can_escape = !self.kept.contains(&unit) && text.contains(':');
        (can_escape && self.careful.insert(unit)) || self.kept.insert(unit)
    }
}
