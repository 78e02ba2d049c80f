//! Dates as transcripts write them.

/// A calendar day, with what the author wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    /// ISO, `2024-07-31`; sorts as text.
    pub iso: String,
}
