//! What subtitle files and machine transcripts are made of: short stretches of words with times.

/// A cue, or a segment of a machine's transcript.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cue {
    /// Where it begins, in milliseconds; none when its time could not be read.
    pub start: Option<u64>,
    /// Where it ends.
    pub end: Option<u64>,
    /// Whether it is known to be the first of a turn.
    pub turn: bool,
    /// Its lines, those without words left out.
    pub lines: Vec<Line>,
}

/// A line of a cue; a change of voice within a line makes two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Whom the markup names.
    pub voice: Option<String>,
    /// The words, without markup.
    pub text: String,
    /// Byte offset in the source of the line (or of the cue, where lines are not kept apart).
    pub at: usize,
}

/// What somebody says in one cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Utterance {
    pub change: Change,
    pub start: Option<u64>,
    pub end: Option<u64>,
    pub text: String,
}

/// Whether an utterance says who speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Nothing is said: whoever spoke goes on.
    GoesOn,
    /// A turn begins, and nothing says whose.
    Turn,
    /// Somebody else, without a name (`>>`, or a dash for each of two people).
    Someone,
    /// A name; `turn` when it marks the beginning of a turn, and does not just stand on every
    /// cue.
    Named { name: String, turn: bool },
}

/// A turn as it will be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    pub speaker: Option<String>,
    /// In milliseconds.
    pub start: Option<u64>,
    /// Without markup, white space folded; a line feed within one is a line's end in the file.
    pub paragraphs: Vec<String>,
}
