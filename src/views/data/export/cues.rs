//! A transcript's turns as cues: short stretches of words that are shown while they are said.
//!
//! A turn begins at the time that the transcript gives it. Between two such times the words are
//! spread by their length, so what stands within a turn is an estimate. A time before the one
//! that was reached is not used.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::super::super::frame::Links;
use super::super::super::voices;
use crate::document::Document;
use crate::site::{Page, Site};

/// What a player shows at once: two lines of 42 columns (a Han character takes two).
const WIDE: usize = 84;
/// Milliseconds for a column where nothing says how long a text takes, and at most: whoever
/// speaks more slowly pauses.
const USUAL: u64 = 65;
const SLOWEST: u64 = 250;
/// A cue of a turn for which the times leave no room lasts so long.
const SHORTEST: u64 = 500;

/// Some words with their times.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cue {
    /// The turn's id, for its first cue.
    pub turn: Option<String>,
    /// Who speaks, by the name that the page shows.
    pub speaker: Option<String>,
    /// Milliseconds.
    pub start: u64,
    /// Later than the start.
    pub end: u64,
    /// One line.
    pub text: String,
}

/// All cues of a transcript, by the time of their start.
pub(super) fn of(site: &Site, page: &Page) -> Vec<Cue> {
    let reading = site.reading(page);
    let voices = voices::of(site, page, &Links::from(site, &page.path));
    let document = &reading.document;
    let mut groups: Vec<Group> = Vec::new();
    for turn in document.turns() {
        let speaker = turn.speaker.map(|at| voices[at as usize].name.clone());
        let reached = groups.last().map_or(0, |group| group.start);
        let time = turn.time.filter(|time| *time >= reached);
        if time.is_some() || groups.is_empty() {
            groups.push(Group { start: time.unwrap_or(0), pieces: Vec::new() });
        }
        let Some(group) = groups.last_mut() else { continue };
        let blocks = document.blocks_of(&turn.blocks).iter();
        let texts = blocks.flat_map(|block| pieces(document.slice(block.text)));
        group.pieces.extend(texts.enumerate().map(|(at, text)| Piece {
            turn: (at == 0).then(|| turn.id.clone()),
            speaker: speaker.clone(),
            text,
        }));
    }
    let length = length(document);
    let mut cues = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let next = groups.get(at + 1).map(|next| next.start);
        group.spread(next.or(length.filter(|length| *length > group.start)), &mut cues);
    }
    cues
}

/// The length of the recording, where front matter tells it as a player does (`1:02:03`).
fn length(document: &Document) -> Option<u64> {
    let fields = document.front.duration.as_deref()?.split(':');
    let numbers: Vec<u64> = fields.map(|field| field.trim().parse().ok()).collect::<Option<_>>()?;
    let seconds = numbers.iter().fold(0, |sum, number| sum * 60 + number);
    (2..=3).contains(&numbers.len()).then_some(seconds * 1000)
}

struct Piece {
    turn: Option<String>,
    speaker: Option<String>,
    text: String,
}

/// A turn whose time is known, with those behind it whose times are not.
struct Group {
    start: u64,
    pieces: Vec<Piece>,
}

impl Group {
    /// Spreads the words over the time up to `end`.
    fn spread(&self, end: Option<u64>, cues: &mut Vec<Cue>) {
        let widths = self.pieces.iter().map(|piece| piece.text.width().max(1) as u64);
        let whole: u64 = widths.clone().sum();
        let room = end.map(|end| end - self.start);
        let span = room.map_or(whole * USUAL, |room| room.min(whole * SLOWEST));
        let shortest = if span < SHORTEST { SHORTEST } else { 1 };
        let mut done = 0;
        for (piece, width) in self.pieces.iter().zip(widths) {
            let at = |columns: u64| self.start + span * columns / whole;
            let start = at(done);
            done += width;
            cues.push(Cue {
                turn: piece.turn.clone(),
                speaker: piece.speaker.clone(),
                start,
                end: at(done).max(start + shortest),
                text: piece.text.clone(),
            });
        }
    }
}

/// A text in pieces that fit a player, cut at the ends of sentences, else of clauses, else of
/// words.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for part in text.split_sentence_bounds().flat_map(parts) {
        match pieces.last_mut() {
            Some(last) if last.width() + part.trim_end().width() <= WIDE => last.push_str(part),
            _ => pieces.push(part.to_owned()),
        }
    }
    let folded = |piece: &String| piece.split_whitespace().collect::<Vec<_>>().join(" ");
    pieces.iter().map(folded).filter(|piece| !piece.is_empty()).collect()
}

/// A sentence in parts that fit. No part begins with a mark that closes something.
fn parts(sentence: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut clause) = (0, None);
    for (at, word) in sentence.split_word_bound_indices() {
        let may_begin =
            word.starts_with(|c: char| c.is_alphanumeric() || "“‘「『（(《".contains(c));
        if !may_begin {
            continue;
        }
        if at > from && (sentence[from..at].width() + word.width()) > WIDE {
            let cut = clause.filter(|clause| sentence[from..*clause].width() * 3 > WIDE);
            let cut = cut.unwrap_or(at);
            parts.push(&sentence[from..cut]);
            (from, clause) = (cut, None);
        }
        if sentence[from..at]
            .trim_end()
            .ends_with([',', ';', ':', '，', '；', '：', '、', '—', '…'])
        {
            clause = Some(at);
        }
    }
    parts.push(&sentence[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sentences_are_cut_at_clauses() {
        let text = "When we wrote the very first index of the archive it was a list on paper, \
                    and the second one was a list on paper too, only longer and with a smell.";
        assert_eq!(
            pieces(text),
            [
                "When we wrote the very first index of the archive it was a list on paper,",
                "and the second one was a list on paper too, only longer and with a smell.",
            ]
        );
    }

    #[test]
    fn nothing_is_lost_and_all_fits() {
        let han = "我们最早做检索的时候，只有一台机器，放在走廊尽头的柜子里。".repeat(3)
            + &"没有标点".repeat(40);
        let url = format!("See https://example.org/{} there.", "x".repeat(200));
        for text in ["", "Yes.", "One.\n\nTwo words.", &han, &url] {
            let pieces = pieces(text);
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(bare(&pieces.concat()), bare(text));
            let fits = |piece: &String| piece.width() <= WIDE || !piece.contains(' ');
            assert!(pieces.iter().all(fits), "{pieces:?}");
            assert!(pieces.iter().all(|piece| !piece.starts_with(['，', '。', '.'])), "{pieces:?}");
        }
    }

    fn spread(turns: &[(u64, &str)], end: Option<u64>) -> Vec<(u64, u64)> {
        let group = |(start, text): &(u64, &str)| Group {
            start: *start,
            pieces: vec![Piece { turn: None, speaker: None, text: (*text).to_owned() }],
        };
        let groups: Vec<Group> = turns.iter().map(group).collect();
        let mut cues = Vec::new();
        for (at, group) in groups.iter().enumerate() {
            group.spread(groups.get(at + 1).map(|next| next.start).or(end), &mut cues);
        }
        cues.iter().map(|cue| (cue.start, cue.end)).collect()
    }

    #[test]
    fn a_cue_ends_with_the_words_and_never_before_it_begins() {
        assert_eq!(
            spread(&[(0, "Hello there"), (1_000, "Yes")], Some(2_000)),
            [(0, 1_000), (1_000, 1_750)]
        );
        assert_eq!(spread(&[(0, "Hello"), (60_000, "Yes")], None), [(0, 1_250), (60_000, 60_500)]);
        assert_eq!(
            spread(&[(5_000, "A"), (5_000, "B")], Some(5_000)),
            [(5_000, 5_500), (5_000, 5_500)]
        );
    }
}
