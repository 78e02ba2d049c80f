//! Whether a run of stars can open or close, by CommonMark and by the rules for CJK text.
//!
//! The rules for CJK text: exactly two stars open before anything but white space and close
//! after anything but white space, because an export writes them wherever bold begins or ends. A
//! multiple of four between characters does both. A longer run between digits masks a number
//! (`138****1234`) and does nothing. All else follows the CJK-friendly amendment, by which
//! punctuation hinders a run no more when a CJK character stands on its other side.

use super::runs::Run;
use super::unicode::{Class, class, is_punctuation};

/// What a run of stars can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flank {
    pub open: bool,
    pub close: bool,
}

/// Whether the parser may have read the run in another way than a repair would.
pub(super) fn is_odd(run: &Run) -> bool {
    let left_over = run.len() >= 2 && !run.literal.is_empty();
    run.len() >= 4 || left_over || run.flank != common_mark(run)
}

/// By the rules for CJK text.
pub(super) fn repaired(run: &Run) -> Flank {
    let before = run.before.map_or(Class::Space, class);
    let after = run.after.map_or(Class::Space, class);
    let inside = before != Class::Space && after != Class::Space;
    if is_mask(run) {
        return Flank::default();
    }
    if run.len() == 2 || (inside && run.len().is_multiple_of(4)) {
        return Flank { open: after != Class::Space, close: before != Class::Space };
    }
    Flank { open: flanks(before, after), close: flanks(after, before) }
}

/// Whether the run hides the digits of a number.
pub(super) fn is_mask(run: &Run) -> bool {
    let digit = |side: Option<char>| side.is_some_and(|c| c.is_ascii_digit());
    run.len() >= 3 && digit(run.before) && digit(run.after)
}

/// The amendment's "left-flanking" for `far` before and `near` after the run, "right-flanking"
/// the other way about.
fn flanks(far: Class, near: Class) -> bool {
    near != Class::Space && (near != Class::Punctuation || far != Class::Other)
}

/// By CommonMark.
fn common_mark(run: &Run) -> Flank {
    let space = |side: Option<char>| side.is_none_or(char::is_whitespace);
    let mark = |side: Option<char>| side.is_some_and(is_punctuation);
    let flanks = |far: Option<char>, near: Option<char>| {
        !space(near) && (!mark(near) || space(far) || mark(far))
    };
    Flank { open: flanks(run.before, run.after), close: flanks(run.after, run.before) }
}
