//! Any input: no panic, sound events, the same text, time that grows with the length.

use std::time::Instant;

use postil::parse::emphasis;
use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::{flat, options};

/// All text but the stars, and where the breaks are.
fn words<'a>(events: impl IntoIterator<Item = Event<'a>>) -> String {
    let mut words = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => {
                words.extend(text.chars().filter(|&c| c != '*'));
            }
            Event::SoftBreak | Event::HardBreak => words.push('\n'),
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough) => {
                words.push('[');
            }
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::Strikethrough) => words.push(']'),
            _ => {}
        }
    }
    words
}

fn check(source: &str) {
    let repaired = emphasis::events(source, options());
    flat::assert_sound(source, &repaired.events);
    let in_order = repaired.joins.windows(2).all(|pair| pair[0].end <= pair[1].start);
    assert!(in_order, "{:?} in {source:?}", repaired.joins);
    for join in &repaired.joins {
        assert!(source[join.clone()].bytes().all(|byte| byte == b'*'), "{join:?} in {source:?}");
    }
    for leftover in &repaired.leftovers {
        assert!(source[leftover.range.clone()].contains("*"), "{leftover:?} in {source:?}");
    }
    let stock = Parser::new_ext(source, options());
    let events = repaired.events.into_iter().map(|(event, _)| event);
    assert_eq!(words(events), words(stock), "{source:?}");
}

/// No strong inside or directly beside another.
fn assert_tidy(source: &str) {
    let mut depth = 0;
    let mut ended = false;
    for (event, range) in emphasis::events(source, options()).events {
        match event {
            Event::Start(Tag::Strong) => {
                assert!(depth == 0 && !ended, "{range:?} in {source:?}");
                depth += 1;
            }
            Event::End(TagEnd::Strong) => depth -= 1,
            _ => {}
        }
        ended = matches!(event, Event::End(TagEnd::Strong));
    }
}

fn piece() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        4 => Just("*"), 6 => Just("**"), 2 => Just("***"), 4 => Just("****"),
        3 => Just(" "), 1 => Just("_"), 1 => Just("__"), 1 => Just("~~"), 1 => Just("`"),
        1 => Just("["), 1 => Just("](u)"), 1 => Just("!["), 1 => Just("<b>"), 1 => Just("\\"),
        1 => Just("&#42;"), 1 => Just("\n"), 1 => Just("\n\n"), 1 => Just("> "),
        1 => Just("- "), 1 => Just("# "), 1 => Just("|"), 1 => Just("|-|-|\n"),
        1 => Just("[^1]"), 1 => Just("  \n"), 1 => Just("\r\n"), 1 => Just("\0"),
        3 => Just("中"), 2 => Just("文"), 3 => Just("："), 2 => Just("。"), 1 => Just("か"),
        1 => Just("한"), 1 => Just("　"), 1 => Just("“"), 1 => Just("—"), 1 => Just("…"),
        1 => Just("\u{fe0e}"), 1 => Just("\u{e0100}"), 2 => Just("a"), 1 => Just("1"),
        1 => Just("."), 1 => Just("🙂"), 1 => Just("..."),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn the_words_are_the_parsers(parts in proptest::collection::vec(piece(), 0..40)) {
        check(&parts.concat());
    }

    #[test]
    fn bold_is_tidy(parts in proptest::collection::vec(piece(), 0..40)) {
        let line = parts.concat().replace(['\n', '\r', '|'], "");
        assert_tidy(&format!("中****。{line}"));
    }

    #[test]
    fn any_characters(source in "[*_~`\\\\\\[\\]() \\PC]{0,60}") {
        check(&source);
        check(&format!("中{source}**。**"));
    }
}

/// The least times of a shorter and a longer text, taken in turn until the longer takes at most
/// `limit` times as long: what the machine does beside only adds.
fn grows_at_most(limit: f64, shorter: &str, longer: &str) -> bool {
    let time = |source: &str| {
        let start = Instant::now();
        std::hint::black_box(emphasis::events(source, options()));
        start.elapsed().as_secs_f64()
    };
    let mut least = (f64::MAX, f64::MAX);
    (0..40).any(|_| {
        least = (least.0.min(time(shorter)), least.1.min(time(longer)));
        least.1 <= limit * least.0
    })
}

#[test]
fn time_grows_with_the_length() {
    for unit in [
        "**中",
        "*中**",
        "中**。",
        "**中 ",
        " **中",
        "****中",
        "***中*",
        "*中。**a ",
        "**[中",
        "_**中",
        "中** ",
        "** 中： ",
        "**中\n",
        "~~**中",
        "*a**中",
        "`**中",
        "中*****",
        "\\**中",
        "**“中",
        "** 中 **a",
        "**中**[** 中](u) ",
        "**中 **a** 中**\n",
    ] {
        let [shorter, longer] = [100_000, 200_000].map(|length| unit.repeat(length / unit.len()));
        assert!(
            grows_at_most(2.6, &shorter, &longer),
            "{unit:?}: twice the length takes more than 2.6 times as long"
        );
    }
}
