//! Which mentions are shown.

use postil::annotate::{MarkPolicy, Matcher, Mention, annotate};

use crate::page::{glossary, page, rule};

/// Each mention in reading order: `X` shown, `.` quiet, `-` only counted.
fn shown(terms: &[&str], policy: &MarkPolicy, markup: &str) -> String {
    let matcher = Matcher::new(&glossary(terms.iter().copied()));
    let mentions = annotate(&page(markup).document, &matcher, policy);
    let sign = |mention: &Mention| match (mention.shown, mention.quiet) {
        (true, false) => 'X',
        (false, true) => '.',
        (false, false) => '-',
        (true, true) => panic!("shown and quiet: {mention:?}"),
    };
    mentions.iter().map(sign).collect()
}

fn policy(name: &str) -> MarkPolicy {
    MarkPolicy { rule: rule(name), off: Vec::new() }
}

const PAGE: &str = "@A AI and AI\n\n@B AI\n\nAI\n\n# AI\n\n@A AI, AI";

#[test]
fn rules() {
    for (name, expected) in [
        ("near", "X...X."),
        ("section", "X...X."),
        ("page", "X....."),
        ("turn", "X.XXX."),
        ("every", "XXXXXX"),
        ("never", "------"),
    ] {
        assert_eq!(shown(&["AI"], &policy(name), PAGE), expected, "{name}");
        let own = format!("AI; mark: {name}");
        assert_eq!(shown(&[&own], &policy("page"), PAGE), expected, "the term's own {name}");
    }
}

#[test]
fn near_shows_again_after_two_thousand_characters() {
    let far = |characters: usize| format!("@A AI{}AI x AI", "，".repeat(characters));
    assert_eq!(shown(&["AI"], &policy("near"), &far(1_997)), "X.X");
    assert_eq!(shown(&["AI"], &policy("near"), &far(1_998)), "XX.", "2,000 from start to start");
    assert_eq!(shown(&["AI"], &policy("section"), &far(5_000)), "X..");
    let thrice = format!("AI{0}AI{0}AI{0}AI", "，".repeat(1_000));
    assert_eq!(shown(&["AI"], &policy("near"), &thrice), "X.X.", "since it was last shown");
}

#[test]
fn terms_are_shown_each_by_itself() {
    assert_eq!(shown(&["AI", "Llama"], &policy("page"), "AI Llama AI Llama"), "XX..");
    assert_eq!(shown(&["AI; mark: every", "Llama"], &policy("page"), "AI Llama AI Llama"), "XXX.");
}

#[test]
fn terms_that_are_off_are_counted_and_never_shown() {
    let off = MarkPolicy { rule: rule("every"), off: vec![0] };
    assert_eq!(shown(&["AI", "Llama"], &off, "AI Llama [x](term:AI)"), "-X-");
    assert_eq!(shown(&["AI; mark: every"], &off, "AI"), "-");
}

#[test]
fn explicit_mentions_are_shown_under_every_rule() {
    let markup = "AI [that](term:AI) AI [this](term:AI)";
    assert_eq!(shown(&["AI"], &policy("page"), markup), "XX.X");
    assert_eq!(shown(&["AI"], &policy("never"), markup), "-X-X");
}
