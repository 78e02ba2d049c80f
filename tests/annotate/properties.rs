//! What must hold for every text, and agreement with the slow statement of the rules.

use std::sync::LazyLock;

use postil::annotate::{MarkPolicy, Matcher, annotate};
use postil::document::{Document, MarkKind};
use postil::glossary::Glossary;
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;

use crate::page::{glossary, page};
use crate::reference;

/// How many random texts.
const CASES: u32 = 1_000;

static GLOSSARY: LazyLock<Glossary> = LazyLock::new(|| glossary(TERMS));
static MATCHER: LazyLock<Matcher> = LazyLock::new(|| Matcher::new(&GLOSSARY));

const TERMS: [&str; 13] = [
    "AI",
    "AI Studio",
    "Meta",
    "Meta AI; not: Meta AI 4",
    "北大; not: 北大测",
    "Llama",
    "Llama 4",
    "studio",
    "用AI",
    "C++",
    "C",
    "o1 = GPT4o = 4o; case: fold",
    "カル; plural: no",
];

const PIECES: [&str; 56] = [
    "AI",
    "AI",
    "Studio",
    "Meta",
    "Llama",
    "4",
    "1",
    "o",
    "GPT",
    "C",
    "+",
    "++",
    "#",
    "s",
    "'",
    "'s",
    "’s",
    " ",
    " ",
    " ",
    "\n",
    "\u{a0}",
    "  ",
    "北大",
    "北",
    "测",
    "用",
    "ＡＩ",
    "Ａ",
    "는",
    "カ",
    "ル",
    "é",
    "\u{301}",
    ".",
    ":",
    "：",
    "·",
    ",",
    "_",
    "-",
    "ai",
    "studio",
    "\u{200b}",
    "\u{200d}",
    "**",
    "****",
    "`AI`",
    "[AI](u)",
    "[用](term:AI)",
    "[x](term:none)",
    "![](u)",
    "[^1]",
    "\\A",
    "\u{1f1e9}",
    "\n\n",
];

fn markup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES.as_slice());
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Whether a mention is where it may be.
pub fn check_place(document: &Document, mention: &postil::annotate::Mention) {
    let range = mention.range;
    let block = &document.blocks[mention.block as usize];
    assert!(document.prose_leaves(block).iter().any(|leaf| leaf.contains(range)));
    assert!(!range.is_empty() && document.text.get(range.range()).is_some());
    for mark in &document.marks {
        let apart = mark.range.end <= range.start || range.end <= mark.range.start;
        match mark.kind {
            MarkKind::Code | MarkKind::Link(_) => assert!(apart, "inside a barrier"),
            MarkKind::Term(_) => assert!(apart || mark.range == range),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: CASES, failure_persistence: None, ..Config::default() })]

    #[test]
    fn mentions_are_sorted_apart_and_in_their_place(markup in markup()) {
        let document = page(&markup).document;
        let text = document.text.clone();
        let mentions = annotate(&document, &MATCHER, &MarkPolicy::default());
        prop_assert!(mentions.windows(2).all(|two| two[0].range.end <= two[1].range.start));
        mentions.iter().for_each(|mention| check_place(&document, mention));
        prop_assert_eq!(text, document.text);
    }

    #[test]
    fn the_search_agrees_with_the_rules_stated_slowly(markup in markup()) {
        let document = page(&markup).document;
        let found = annotate(&document, &MATCHER, &MarkPolicy::default());
        let found: Vec<_> = found.iter().map(|mention| (mention.range, mention.term)).collect();
        let expected = reference::mentions(&document, &GLOSSARY);
        let words = |all: &[(postil::document::TextRange, u32)]| -> Vec<String> {
            all.iter().map(|(range, term)| {
                format!("{range:?} {:?} {}", document.slice(*range), TERMS[*term as usize])
            }).collect()
        };
        prop_assert_eq!(words(&found), words(&expected), "in {:?}", document.text);
    }

    #[test]
    fn any_text_and_any_form_will_do(text in any::<String>(), form in any::<String>()) {
        let mut term = crate::page::term("x");
        term.term = form.clone();
        term.aliases = vec![text.chars().take(3).collect()];
        let matcher = Matcher::new(&Glossary::of(vec![term]));
        let mut document = page("x").document;
        document.text = format!("{text}{form} {text}");
        let leaf = postil::document::TextRange::new(0, document.text.len());
        document.blocks[0].text = leaf;
        document.blocks[0].node = postil::document::Node::Paragraph(leaf);
        let mentions = annotate(&document, &matcher, &MarkPolicy::default());
        mentions.iter().for_each(|mention| check_place(&document, mention));
    }
}
