//! Emphasis in CJK text: what is repaired, what stays, and that all else is untouched.

use proptest::test_runner::Config;
use pulldown_cmark::Options;

mod cases;
mod corpus;
mod flat;
mod hostile;
mod pieces;
mod untouched;

/// As the reader of transcripts sets them.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
}

/// 768 cases a property, or three times PROPTEST_CASES.
fn cases() -> Config {
    let config = Config::default();
    Config { cases: config.cases * 3, failure_persistence: None, ..config }
}
