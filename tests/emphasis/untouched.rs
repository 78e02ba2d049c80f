//! Text without CJK comes out as the parser gave it: every event, every range. Where the rules for
//! CJK text flank a run as CommonMark does, runs pair as the parser pairs them.

use std::path::PathBuf;

use postil::parse::emphasis;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::{cases, options};

fn assert_untouched(source: &str, options: Options) {
    let stock: Vec<_> = Parser::new_ext(source, options).into_offset_iter().collect();
    let repaired = emphasis::events(source, options);
    assert_eq!(repaired.events, stock, "{source:?}");
    assert!(repaired.joins.is_empty(), "{source:?}");
}

/// `spec.txt` of the npm package `commonmark-spec`, or what POSTIL_COMMONMARK names: that file,
/// or a JSON list of objects with `markdown`.
#[test]
fn the_examples_of_commonmark() {
    let default =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("node_modules/commonmark-spec/spec.txt");
    let path = std::env::var_os("POSTIL_COMMONMARK").map_or(default, PathBuf::from);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no {} (npm install --no-save commonmark-spec)", path.display());
        return;
    };
    let examples = if path.extension().is_some_and(|extension| extension == "json") {
        examples_in_json(&text)
    } else {
        examples_in_spec(&text)
    };
    assert!(examples.len() >= 600, "only {} examples in {}", examples.len(), path.display());
    for example in &examples {
        assert_untouched(example, Options::empty());
        assert_untouched(example, options());
    }
}

fn examples_in_spec(spec: &str) -> Vec<String> {
    let fence = "`".repeat(32);
    let opening = format!("\n{fence} example\n");
    let markdown = |example: &str| {
        let (markdown, _) = example.split_once("\n.\n")?;
        Some(format!("{markdown}\n").replace('→', "\t"))
    };
    spec.split(opening.as_str()).skip(1).filter_map(markdown).collect()
}

fn examples_in_json(json: &str) -> Vec<String> {
    let examples: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let list = examples.as_array().expect("a list of examples");
    list.iter().filter_map(|example| Some(example["markdown"].as_str()?.to_owned())).collect()
}

#[test]
fn bold_in_european_text() {
    for source in [
        "**Host:** Hello, **you**.",
        "**Host: **Hello",
        "**Foo (bar)**baz **“so”**said— **né**e",
        "a****b****c, f****, 138****1234",
        "**one****two****three**",
        "**“Quoted.”**said the Engineer…",
    ] {
        assert_untouched(source, options());
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn strings_of_specials_and_latin(
        parts in proptest::collection::vec(
            prop_oneof![
                4 => Just("*"), 4 => Just("**"), 2 => Just("****"), 2 => Just(" "),
                1 => Just("_"), 1 => Just("__"), 1 => Just("~~"), 1 => Just("`"),
                1 => Just("["), 1 => Just("](u)"), 1 => Just("!["), 1 => Just("<b>"),
                1 => Just("\\"), 1 => Just("&#42;"), 1 => Just("\n"), 1 => Just("\n\n"),
                1 => Just("> "), 1 => Just("- "), 1 => Just("# "), 1 => Just("|"),
                1 => Just("|-|-|\n"), 1 => Just("    "), 1 => Just("\u{a0}"),
                2 => Just("a"), 2 => Just("é"), 1 => Just("ß"), 1 => Just("ñ"), 1 => Just("1"),
                1 => Just(":"), 1 => Just("."), 1 => Just("“"), 1 => Just("—"), 1 => Just("…"),
                1 => Just("·"), 1 => Just("€"), 1 => Just("🙂"), 1 => Just("ж"),
            ],
            0..40,
        )
    ) {
        assert_untouched(&parts.concat(), options());
    }
}

/// Each letter with whether it is bold, and in how many emphases it stands.
fn letters<'a>(events: impl IntoIterator<Item = Event<'a>>) -> Vec<(char, bool, usize)> {
    let (mut letters, mut bold, mut depth) = (Vec::new(), 0, 0);
    for event in events {
        match event {
            Event::Start(Tag::Strong) => bold += 1,
            Event::End(TagEnd::Strong) => bold -= 1,
            Event::Start(Tag::Emphasis) => depth += 1,
            Event::End(TagEnd::Emphasis) => depth -= 1,
            Event::Text(text) => {
                let solid = text.chars().filter(|c| c.is_alphanumeric());
                letters.extend(solid.map(|c| (c, bold > 0, depth)));
            }
            _ => {}
        }
    }
    letters
}

proptest! {
    #![proptest_config(cases())]

    /// Between letters and blanks both rules flank alike; `甲**。**b` brings the repair about.
    #[test]
    fn runs_pair_as_the_parser_pairs_them(
        parts in proptest::collection::vec(
            (
                prop_oneof![Just("*"), Just("***"), Just("****"), Just("*****"), Just("*******")],
                prop_oneof![Just("a"), Just("甲"), Just(" "), Just("b "), Just(" c"), Just(" _d_ ")],
            ),
            0..16,
        )
    ) {
        let rest: String = parts.iter().flat_map(|(stars, between)| [*stars, *between]).collect();
        let source = format!("甲**。**b {rest}");
        let plain = format!("甲b {rest}");
        let repaired = emphasis::events(&source, options()).events;
        let repaired = letters(repaired.into_iter().map(|(event, _)| event));
        let stock = letters(Parser::new_ext(&plain, options()));
        assert_eq!(repaired, stock, "{source:?}");
    }
}
