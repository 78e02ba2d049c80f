//! Time grows with the text, not with its square, on texts made to be hard.

use std::time::{Duration, Instant};

use postil::annotate::{MarkPolicy, Matcher, annotate};
use postil::document::{Document, Node, TextRange};

use crate::page::{glossary, page};

fn leaf(text: String) -> Document {
    let mut document = page("x").document;
    let leaf = TextRange::new(0, text.len());
    document.text = text;
    document.blocks[0].text = leaf;
    document.blocks[0].node = Node::Paragraph(leaf);
    document
}

/// The quicker of two runs.
fn time(document: &Document, matcher: &Matcher) -> Duration {
    let run = || {
        let begin = Instant::now();
        annotate(document, matcher, &MarkPolicy::default());
        begin.elapsed()
    };
    run().min(run())
}

/// Sixteen times the text takes at most sixty-four times as long, in one of several tries: a
/// busy machine can slow any of them down, and quadratic time fails in all.
fn assert_linear(piece: &str, short: &Document, long: &Document, matcher: &Matcher) {
    let mut seen = Vec::new();
    for _ in 0..8 {
        let (one, sixteen) = (time(short, matcher), time(long, matcher));
        if sixteen < one * 16 * 4 + Duration::from_millis(50) {
            return;
        }
        seen.push((one, sixteen));
    }
    panic!("{piece:?}: once and sixteen times the text took {seen:?}");
}

#[test]
fn hard_texts_take_linear_time() {
    let terms = ["AI", "a", "aa", "a a a", "北大; not: 北大北", "é", "AI AI AI", "AI Studio", "@"];
    let matcher = Matcher::new(&glossary(terms));
    for piece in [
        "AI ",
        "a",
        "a ",
        "AI",
        "北大",
        "é",
        "e\u{301}",
        "A\u{200b}",
        "\u{200b}",
        "AI'",
        "AI\u{301}",
        "\u{1f1e9}",
        "@a",
        "https://",
        "a@a.a ",
        "www.",
        "AI**",
        " ",
        "はAIア",
        "😀AI",
        ".com/",
    ] {
        let text = |len: usize| leaf(piece.repeat(len / piece.len()));
        assert_linear(piece, &text(20_000), &text(320_000), &matcher);
    }
}

#[test]
fn hard_markup_takes_linear_time() {
    let matcher = Matcher::new(&glossary(["AI", "AI Studio; not: AI Studio AI", "a; id: x"]));
    for piece in
        ["AI****", "AI**Studio** ", "`a`AI ", "[a](u)AI", "\\AI ", "[a](term:x) ", "AI[^1]"]
    {
        let text = |count| page(&piece.repeat(count)).document;
        assert_linear(piece, &text(1_000), &text(16_000), &matcher);
    }
}
