//! Emphasis in CJK text: what is repaired, what stays, and that all else is untouched.

use pulldown_cmark::Options;

mod cases;
mod corpus;
mod flat;
mod hostile;
mod untouched;

/// As the reader of transcripts sets them.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
}
