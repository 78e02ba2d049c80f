//! A text read in pieces gives what it gives as a whole.

use postil::parse::emphasis;
use proptest::prelude::*;

use crate::corpus::texts;
use crate::{cases, options};

/// Compares; gives the number of pieces.
fn check(source: &str, size: usize) -> usize {
    let whole = emphasis::events(source, options());
    let (mut events, mut joins, mut leftovers) = (Vec::new(), Vec::new(), Vec::new());
    let mut count = 0;
    for piece in emphasis::pieces(source, options(), size) {
        events.extend(piece.events);
        joins.extend(piece.joins);
        leftovers.extend(piece.leftovers);
        count += 1;
    }
    assert!(events == whole.events, "events of {source:?} in pieces of {size}");
    assert!(joins == whole.joins, "joins of {source:?} in pieces of {size}");
    assert!(leftovers == whole.leftovers, "leftovers of {source:?} in pieces of {size}");
    count
}

#[test]
fn the_corpus() {
    for source in texts() {
        check(&source, 1);
        check(&source, 2_000);
    }
}

#[test]
fn a_long_text_is_many_pieces() {
    let text = "**Host:** Hello.\n\n**嘉宾：**你好。\n\n- a\n- b\n\n".repeat(100);
    assert!(check(&text, 1) > 100);
    assert!(check(&text, 1_000) > 3);
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn strings_of_blocks(
        parts in proptest::collection::vec(
            prop_oneof![
                8 => Just("\n\n"), 4 => Just("\n"), 1 => Just("\r\n\r\n"), 1 => Just("\n \t\n"),
                4 => Just("a"), 4 => Just("甲，乙。"), 2 => Just("**甲：**乙"), 2 => Just("**"),
                1 => Just("使用****AI****来"), 1 => Just("\\*\\*甲：\\*\\*"), 1 => Just("**甲…"),
                2 => Just("> "), 2 => Just("- "), 1 => Just("1. "), 1 => Just("    "),
                1 => Just("\t"), 1 => Just("# "), 1 => Just("==="), 1 => Just("---"),
                2 => Just("```"), 1 => Just("~~~"), 1 => Just("`"), 1 => Just("[a]"),
                1 => Just("[a]: b"), 1 => Just("[^1]"), 1 => Just("[^1]: c"), 1 => Just("[a](b"),
                1 => Just(")"), 1 => Just("]:"), 1 => Just("<!--"), 1 => Just("-->"),
                1 => Just("<script>"), 1 => Just("</script>"), 1 => Just("<details>"),
                1 => Just("<?"), 1 => Just("<b x=\""), 1 => Just("<![CDATA["), 1 => Just("&amp;"),
                1 => Just("| a | b |\n|---|---|\n"), 1 => Just("|"), 1 => Just("  \n"),
                1 => Just("\0"), 1 => Just("\u{feff}"), 1 => Just("\r"),
            ],
            0..60,
        ),
        size in 0_usize..60,
    ) {
        check(&parts.concat(), size);
    }
}
