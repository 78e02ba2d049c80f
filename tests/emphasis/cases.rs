//! `tests/cases/emphasis/*.md`: inputs with what must come of them.
//!
//! A case is `=== name`, the Markdown, `=>`, the flattened events ([`flat::flatten`]), then what
//! was joined and left ([`flat::report`]).

use std::path::Path;

use postil::parse::emphasis;
use pulldown_cmark::{Event, Tag};

use crate::{flat, options};

fn check(file: &str, at_least: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/emphasis").join(file);
    let text = std::fs::read_to_string(&path).expect("the case file is there");
    let mut count = 0;
    let mut wrong = Vec::new();
    for case in text.split("\n=== ").skip(1) {
        let (name, case) = case.split_once('\n').expect("a case has a body");
        let (source, expected) = case.split_once("\n=>\n").expect("a case has an arrow");
        count += 1;
        let repaired = emphasis::events(source, options());
        flat::assert_sound(source, &repaired.events);
        let flat = flat::flatten(&repaired.events);
        let actual = format!("{flat}\n{}", flat::report(source, &repaired));
        if actual.trim_end() != expected.trim_end() {
            wrong.push(format!("{name}\n{source}\n=> wanted\n{expected}\n=> got\n{actual}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} wrong:\n\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(count >= at_least, "only {count} cases in {file}");
}

#[test]
fn constructs() {
    check("constructs.md", 24);
}

#[test]
fn rules() {
    check("rules.md", 40);
}

#[test]
fn places() {
    check("places.md", 20);
}

#[test]
fn a_tag_ranges_from_its_first_star_to_its_last() {
    let source = "好**主持人：a****AI****b。**c**d。**e";
    let repaired = emphasis::events(source, options());
    let strong: Vec<&str> = repaired
        .events
        .iter()
        .filter(|(event, _)| matches!(event, Event::Start(Tag::Strong)))
        .map(|(_, range)| &source[range.clone()])
        .collect();
    assert_eq!(strong, ["**主持人：a****AI****b。**", "**d。**"]);
    for (event, range) in &repaired.events {
        if let Event::Text(text) = event {
            assert_eq!(&source[range.clone()], &**text);
        }
    }
}

#[test]
fn only_four_stars_between_bold_are_joins() {
    let source = "**问：****好**，再**见。**了";
    let repaired = emphasis::events(source, options());
    let joins: Vec<_> = repaired.joins.iter().map(|join| &source[join.start..]).collect();
    assert_eq!(joins, ["****好**，再**见。**了"]);
}
