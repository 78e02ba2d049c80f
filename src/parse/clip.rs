//! Takes labels out of the marks, and bold that is no emphasis.

use crate::document::{Mark, MarkKind, TextRange};

/// Removes marks from labels, and bold that covers the whole of a `plain` leaf.
pub(super) fn clip_marks(marks: &mut Vec<Mark>, cuts: &[TextRange], plain: &[TextRange]) {
    if !cuts.is_empty() {
        marks.retain_mut(|mark| keep_outside(mark, cuts));
    }
    if !plain.is_empty() {
        marks.retain(|mark| !(mark.kind == MarkKind::Strong && lies_in_one(mark.range, plain)));
    }
}

/// Takes labels (and the line's end before them) out of a mark; false when nothing of it is
/// left.
fn keep_outside(mark: &mut Mark, cuts: &[TextRange]) -> bool {
    let first = cuts.partition_point(|cut| cut.end <= mark.range.start);
    let stands = matches!(mark.kind, MarkKind::Image(_) | MarkKind::Footnote(_));
    if let Some(cut) = cuts.get(first).filter(|cut| cut.start <= mark.range.start) {
        if stands {
            mark.range = TextRange { start: cut.end, end: cut.end };
            return true;
        }
        mark.range.start = cut.end;
    }
    let last = cuts.partition_point(|cut| cut.end < mark.range.end);
    if let Some(cut) =
        cuts.get(last).filter(|cut| mark.range.start <= cut.start && cut.start < mark.range.end)
    {
        mark.range.end = cut.start;
    }
    mark.range.start < mark.range.end || stands
}

/// Whether a range lies in a leaf that is bold throughout; `plain` is in text order.
fn lies_in_one(range: TextRange, plain: &[TextRange]) -> bool {
    let next = plain.partition_point(|leaf| leaf.end <= range.start);
    plain.get(next).is_some_and(|leaf| leaf.contains(range))
}
