//! Cues to turns: who says them, and where one ends.
//!
//! A turn ends where somebody else speaks. Where nobody is named, it ends at a sentence's end
//! with a pause behind it, or after about a minute; the same places part the paragraphs of a
//! long turn that has a name. A text without full stops has no sentence's ends: there a pause
//! alone counts, and the time.

use super::cue::{Change, Cue, Turn, Utterance};
use super::labels::{self, Labels};
use super::sentences;

/// A pause, in milliseconds.
const PAUSE: u64 = 2_000;
/// From here on a sentence that ends with its cue ends the turn.
const LONG: u64 = 60_000;
/// From here on any sentence's end does.
const LONGER: u64 = 90_000;

/// Who says what in each cue.
pub(super) fn utterances(cues: &[Cue], labels: &Labels) -> Vec<Utterance> {
    let labelled = |line: &str| labels.take(labels::turn_mark(line).unwrap_or(line)).is_some();
    let with_label = cues.iter().filter(|cue| cue.lines.iter().any(|line| labelled(&line.text)));
    // A label on most cues marks cues; a label on some marks turns.
    let marks_turns = with_label.count() * 2 < cues.len();
    // Where no line begins with it, `>>` is a sign like any other.
    let captions = cues.iter().flat_map(|cue| &cue.lines).any(|line| line.text.starts_with(">>"));
    let mut found = Vec::new();
    for cue in cues {
        let dashes = cue.lines.iter().filter(|line| labels::dash(&line.text).is_some()).count();
        let mut begins = cue.turn;
        for line in &cue.lines {
            for piece in if captions { at_turn_marks(&line.text) } else { vec![&*line.text] } {
                let (mut change, mut text) = match labels::turn_mark(piece) {
                    Some(rest) => (Change::Someone, rest),
                    None => (Change::GoesOn, piece),
                };
                if dashes > 1
                    && let Some(rest) = labels::dash(text)
                {
                    (change, text) = (Change::Someone, rest);
                }
                if let Some((name, rest)) = labels.take(text) {
                    let turn = marks_turns || change == Change::Someone;
                    (change, text) = (Change::Named { name: name.to_owned(), turn }, rest);
                } else if let (Some(name), true) = (&line.voice, change == Change::GoesOn) {
                    change = Change::Named { name: name.clone(), turn: false };
                }
                if std::mem::take(&mut begins) {
                    match &mut change {
                        Change::GoesOn => change = Change::Turn,
                        Change::Named { turn, .. } => *turn = true,
                        Change::Turn | Change::Someone => {}
                    }
                }
                let text = text.to_owned();
                found.push(Utterance { change, start: cue.start, end: cue.end, text });
            }
        }
    }
    found
}

/// A line cut before each `>>` that follows a blank, but between numbers (`1 >> 2`).
fn at_turn_marks(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let digit = |c: char| c.is_ascii_digit();
    for (at, _) in line.match_indices(" >>") {
        let rest = line[at + 1..].trim_start_matches('>');
        let shifts = line[..at].ends_with(digit) && rest.trim_start().starts_with(digit);
        if rest.starts_with(char::is_whitespace) && at > from && !shifts {
            pieces.push(&line[from..at]);
            from = at + 1;
        }
    }
    pieces.push(&line[from..]);
    pieces
}

/// Turns as they grow.
struct Joiner {
    turns: Vec<Turn>,
    /// Where the paragraph begins, and the last utterance ended.
    since: Option<u64>,
    ended: Option<u64>,
    punctuated: bool,
}

/// Joins utterances.
pub(super) fn join(utterances: Vec<Utterance>) -> Vec<Turn> {
    let ends = utterances.iter().filter(|one| sentences::ends(&one.text)).count();
    let within = utterances.iter().filter(|one| sentences::last_end(&one.text).is_some()).count();
    let punctuated = (ends + within) * 20 >= utterances.len();
    let mut joiner = Joiner { turns: Vec::new(), since: None, ended: None, punctuated };
    utterances.into_iter().for_each(|utterance| joiner.take(utterance));
    joiner.turns.retain(|turn| turn.paragraphs.iter().any(|text| !text.is_empty()));
    joiner.turns
}

impl Joiner {
    fn take(&mut self, utterance: Utterance) {
        let Utterance { change, start, end, text } = utterance;
        let speaker = self.turns.last().and_then(|turn| turn.speaker.clone());
        match change {
            Change::Named { name, turn } if turn || speaker.as_ref() != Some(&name) => {
                self.begin(Some(name), start);
            }
            Change::Someone | Change::Turn => self.begin(None, start),
            _ if self.turns.is_empty() => self.begin(None, start),
            _ if self.breaks(start) => self.part(start),
            _ => {}
        }
        self.add(&text, start);
        self.ended = end.or(start).or(self.ended);
    }

    fn begin(&mut self, speaker: Option<String>, start: Option<u64>) {
        self.turns.push(Turn { speaker, start, paragraphs: vec![String::new()] });
        self.since = start;
        self.ended = start;
    }

    /// Ends the turn of somebody without a name, or the paragraph of somebody with one.
    fn part(&mut self, start: Option<u64>) {
        match self.turns.last_mut() {
            Some(turn) if turn.speaker.is_some() => {
                turn.paragraphs.push(String::new());
                self.since = start;
            }
            _ => self.begin(None, start),
        }
    }

    fn text(&mut self) -> Option<&mut String> {
        self.turns.last_mut().and_then(|turn| turn.paragraphs.last_mut())
    }

    fn lasts(&self, now: Option<u64>) -> u64 {
        now.unwrap_or(0).saturating_sub(self.since.unwrap_or(u64::MAX))
    }

    /// Whether something ends before a cue that begins at `start`.
    fn breaks(&mut self, start: Option<u64>) -> bool {
        let pause = start.unwrap_or(0).saturating_sub(self.ended.unwrap_or(u64::MAX));
        let lasts = self.lasts(start);
        let punctuated = self.punctuated;
        // Words above the first cue with a time stand apart.
        let untimed = self.ended.is_none() && start.is_some();
        let Some(text) = self.text().filter(|text| !text.is_empty()) else { return false };
        if untimed {
            return true;
        }
        let at_end = !punctuated || sentences::ends(text);
        at_end && (pause > PAUSE || lasts >= LONG)
    }

    fn add(&mut self, text: &str, start: Option<u64>) {
        let blank_in_han = !self.punctuated;
        let cut = if self.lasts(start) >= LONGER { sentences::last_end(text) } else { None };
        let (first, second) = text.split_at(cut.unwrap_or(0));
        if let Some(paragraph) = self.text().filter(|_| cut.is_some()) {
            sentences::append(paragraph, first, blank_in_han);
            self.part(start);
        }
        if let Some(paragraph) = self.text() {
            sentences::append(paragraph, second.trim_start(), blank_in_han);
        }
    }
}
