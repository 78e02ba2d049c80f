//! Marks that are found in the words, laid among those that were written: properly nested, or
//! left out.

use crate::document::{Mark, MarkKind, TextRange};

/// Lays `found` among `marks`; both are in the text's order, outer before inner. A mark that
/// would cross another, or stand in code, is left out, and so is a time in a link.
pub(super) fn lay(marks: &mut Vec<Mark>, found: Vec<Mark>) {
    if found.is_empty() {
        return;
    }
    let mut old = std::mem::take(marks).into_iter();
    marks.reserve(old.len() + found.len());
    let mut around: Vec<Around> = Vec::new();
    for mark in found {
        let range = mark.range;
        while old.as_slice().first().is_some_and(|next| is_before(next.range, range)) {
            if let Some(before) = old.next() {
                around.push(Around::of(&before));
                marks.push(before);
            }
        }
        around.retain(|outer| outer.end > range.start);
        let inside = old.as_slice();
        let inside = &inside[..inside.partition_point(|inner| inner.range.start < range.end)];
        let crossed = around.iter().any(|outer| outer.end < range.end)
            || inside.iter().any(|inner| inner.range.end > range.end);
        if !crossed && fits(&mark.kind, &around, inside) {
            around.push(Around::of(&mark));
            marks.push(mark);
        }
    }
    marks.extend(old);
}

/// A mark that is open where the next one begins.
struct Around {
    end: u32,
    code: bool,
    link: bool,
    found: bool,
}

impl Around {
    fn of(mark: &Mark) -> Self {
        let kind = &mark.kind;
        let code = *kind == MarkKind::Code;
        Self { end: mark.range.end, code, link: is_link(kind), found: kind.is_found() }
    }
}

fn is_link(kind: &MarkKind) -> bool {
    matches!(kind, MarkKind::Link(_) | MarkKind::Term(_))
}

/// Whether an old mark begins before a new one, or around it.
fn is_before(old: TextRange, new: TextRange) -> bool {
    old.start < new.start || (old.start == new.start && old.end >= new.end)
}

fn fits(kind: &MarkKind, around: &[Around], inside: &[Mark]) -> bool {
    if around.iter().any(|outer| outer.code) {
        return false;
    }
    if !matches!(kind, MarkKind::Time(_)) {
        return true;
    }
    // A time within something that was left out is left out too.
    let kept = around.iter().any(|outer| outer.found);
    let linked =
        around.iter().any(|outer| outer.link) || inside.iter().any(|inner| is_link(&inner.kind));
    kept && !linked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(start: usize, end: usize, kind: MarkKind) -> Mark {
        Mark { range: TextRange::new(start, end), kind }
    }

    #[test]
    fn marks_nest_or_are_left_out() {
        use MarkKind::{Code, Emphasis, Escaped, Stage, Strong, Time};
        let cases = [
            (vec![mark(0, 9, Strong)], vec![mark(2, 5, Stage)], vec![0, 2]),
            (vec![mark(2, 5, Strong)], vec![mark(2, 5, Stage)], vec![2, 2]),
            (vec![mark(2, 3, Escaped)], vec![mark(2, 5, Stage)], vec![2, 2]),
            (vec![mark(3, 9, Strong)], vec![mark(2, 5, Stage)], vec![3]),
            (vec![mark(0, 3, Strong)], vec![mark(2, 5, Stage)], vec![0]),
            (vec![mark(0, 9, Code)], vec![mark(2, 5, Stage)], vec![0]),
            (vec![], vec![mark(2, 9, Stage), mark(3, 5, Time(1))], vec![2, 3]),
            (
                vec![mark(1, 3, Strong), mark(6, 7, Emphasis)],
                vec![mark(2, 9, Stage), mark(3, 5, Time(1))],
                vec![1, 6],
            ),
        ];
        for (mut marks, found, starts) in cases {
            let shown = format!("{marks:?} {found:?}");
            lay(&mut marks, found);
            let left: Vec<u32> = marks.iter().map(|mark| mark.range.start).collect();
            assert_eq!(left, starts, "{shown}");
        }
    }
}
