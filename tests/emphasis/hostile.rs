//! Any input: no panic, sound events, the same text, time that grows with the length.

use std::time::Instant;

use postil::parse::emphasis;
use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::{cases, flat, options};

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

/// No strong inside another, nor, where the block was repaired, directly beside one.
fn assert_tidy(source: &str, repaired: bool) {
    let mut depth = 0;
    let mut ended = false;
    for (event, range) in emphasis::events(source, options()).events {
        match event {
            Event::Start(Tag::Strong) => {
                assert!(depth == 0 && !(ended && repaired), "{range:?} in {source:?}");
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
    #![proptest_config(cases())]

    #[test]
    fn the_words_are_the_parsers(parts in proptest::collection::vec(piece(), 0..40)) {
        check(&parts.concat());
    }

    #[test]
    fn bold_is_tidy(parts in proptest::collection::vec(piece(), 0..40)) {
        let line = parts.concat().replace(['\n', '\r', '|'], "");
        assert_tidy(&format!("中****。{line}"), true);
        assert_tidy(&format!("中{line}"), false);
    }

    #[test]
    fn any_characters(source in "[*_~`\\\\\\[\\]() \\PC]{0,60}") {
        check(&source);
        check(&format!("中{source}**。**"));
    }
}

/// How many times the parser's own time a text takes.
#[derive(Clone, Copy)]
struct Cost {
    parser: f64,
    repair: f64,
}

impl Cost {
    const UNKNOWN: Cost = Cost { parser: f64::MAX, repair: f64::MAX };

    /// Measures once more and keeps the least: what the machine does beside only adds.
    fn measure(&mut self, source: &str) {
        let start = Instant::now();
        let events = Parser::new_ext(source, options()).into_offset_iter();
        std::hint::black_box(events.collect::<Vec<_>>());
        let parsed = start.elapsed().as_secs_f64();
        std::hint::black_box(emphasis::events(source, options()));
        self.parser = self.parser.min(parsed);
        self.repair = self.repair.min(start.elapsed().as_secs_f64() - parsed);
    }

    fn factor(self) -> f64 {
        self.repair / self.parser
    }
}

/// The parser is the clock, and its time grows with the length: caches and allocator slow both.
/// A quadratic repair would cost sixteen times as many of the parser's times here.
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
        " *a中**。",
        "** 中 **a",
        "**中**[** 中](u) ",
        "**中 **a** 中**\n",
    ] {
        let [short, long] = [12_500, 200_000].map(|length| unit.repeat(length / unit.len()));
        let mut costs = [Cost::UNKNOWN; 2];
        let linear = (0..40).any(|_| {
            costs[0].measure(&short);
            costs[1].measure(&long);
            costs[1].factor() <= 4.0 * costs[0].factor()
        });
        let [short, long] = costs.map(Cost::factor);
        assert!(
            linear,
            "{unit:?}: {short:.1} times the parser's time at 12 kB, {long:.1} at 200 kB"
        );
    }
}
