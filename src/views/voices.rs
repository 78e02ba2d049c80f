//! A speaker's mark on a page: initials and a colour, which together tell voices apart.
//!
//! Initials are one or two characters and differ within a page, so that colour is never the
//! only sign. Colours go round after eight.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::frame::Links;
use crate::i18n::Words;
use crate::site::{Page, PersonIndex, Site};

/// How many colours the theme has.
const COLOURS: usize = 8;

/// Someone who speaks on a page.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Voice {
    /// The person's id.
    pub id: String,
    /// The name, in the page's language.
    pub name: String,
    /// Link to the person's page; empty where the label stands for whoever speaks.
    pub href: String,
    /// One or two characters, different for everyone on the page.
    pub initials: String,
    /// Number of the colour: the class is `s0` to `s7`.
    pub colour: usize,
    /// As shown; may be empty.
    pub role: String,
    /// How many turns on the page.
    pub turns: u32,
}

/// A page's speakers, by the document's index.
pub(super) fn of(site: &Site, page: &Page, links: &Links<'_>) -> Vec<Voice> {
    let speakers = &page.file.speakers;
    let mut taken = Taken::default();
    let mut marks: HashMap<PersonIndex, usize> = HashMap::new();
    let mut voices = Vec::with_capacity(speakers.len());
    for (speaker, index) in speakers.iter().zip(&page.speakers) {
        let person = site.person(*index);
        let name = person.name.get(&page.language).unwrap_or(&speaker.label);
        // Two labels of one person share the mark.
        let mark = *marks.entry(*index).or_insert_with(|| taken.take(name));
        voices.push(Voice {
            id: person.id.clone(),
            name: name.to_owned(),
            href: if person.stand_in { String::new() } else { links.to(&person.path) },
            initials: taken.marks[mark].clone(),
            colour: mark % COLOURS,
            role: shown_role(person.role.as_deref(), name, site.words(&page.language)),
            turns: speaker.turns,
        });
    }
    voices
}

/// Everyone once, with all turns; for the page's head.
pub(super) fn distinct(voices: &[Voice]) -> Vec<Voice> {
    let mut distinct: Vec<Voice> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for voice in voices {
        match places.get(voice.id.as_str()) {
            Some(place) => distinct[*place].turns += voice.turns,
            None => {
                places.insert(&voice.id, distinct.len());
                distinct.push(voice.clone());
            }
        }
    }
    distinct
}

/// A role in a language; empty for none, and where the name says it already (`Host`).
pub(super) fn shown_role(role: Option<&str>, name: &str, words: &Words) -> String {
    let shown = role.map(|role| words.role(role)).unwrap_or_default();
    if shown.to_lowercase() == name.to_lowercase() { String::new() } else { shown.to_owned() }
}

/// The initials of someone who stands alone.
pub(super) fn initials(name: &str) -> String {
    let mut taken = Taken::default();
    taken.take(name);
    taken.marks.pop().unwrap_or_default()
}

/// The initials of a page's people, in order.
#[derive(Default)]
struct Taken {
    marks: Vec<String>,
    known: HashSet<String>,
    /// All numbers up to this one are taken.
    number: u32,
}

impl Taken {
    /// Takes the first of a name's possible initials that is free, else a number; its place.
    fn take(&mut self, name: &str) -> usize {
        let free = |mark: &String| !mark.is_empty() && !self.known.contains(mark);
        let mark = match candidates(name).into_iter().find(free) {
            Some(mark) => mark,
            None => self.next_number(),
        };
        self.known.insert(mark.clone());
        self.marks.push(mark);
        self.marks.len() - 1
    }

    fn next_number(&mut self) -> String {
        loop {
            self.number += 1;
            let number = self.number.to_string();
            if !self.known.contains(&number) {
                return number;
            }
        }
    }
}

/// In the order of preference: of a Han name the first character, the last, both; of a Latin
/// one the first letters of its first and last word, then the first two letters, and so on.
fn candidates(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.unicode_words().collect();
    let letters: Vec<&str> =
        name.graphemes(true).filter(|letter| letter.chars().any(char::is_alphanumeric)).collect();
    let (Some(first), Some(last)) = (letters.first(), letters.last()) else {
        return name
            .graphemes(true)
            .filter(|sign| !sign.trim().is_empty())
            .take(1)
            .map(str::to_owned)
            .collect();
    };
    let number: String = name.chars().rev().take_while(char::is_ascii_digit).collect();
    let number: String = number.chars().rev().collect();
    let mut found = Vec::new();
    if !number.is_empty() && number.len() <= 2 {
        found.push(number);
    }
    if first.chars().any(super::script::is_wide) {
        found.extend([(*first).to_owned(), (*last).to_owned()]);
        found.push(format!("{first}{last}"));
        found.extend(letters.iter().map(|letter| (*letter).to_owned()));
        return found;
    }
    let initial = |word: &str| word.graphemes(true).next().unwrap_or_default().to_uppercase();
    let both = match words.as_slice() {
        [one, .., other] => initial(one) + &initial(other),
        _ => initial(first),
    };
    found.push(both);
    found.push(initial(first));
    found.extend(letters.iter().skip(1).map(|letter| initial(first) + &letter.to_lowercase()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_short_and_differ() {
        let cases: [(&[&str], &[&str]); 7] = [
            (&["主持人", "工程师"], &["主", "工"]),
            (&["王小明", "王大明", "王晓明"], &["王", "明", "王明"]),
            (&["Host", "Engineer"], &["H", "E"]),
            (&["Host", "Historian", "Hostess"], &["H", "Hi", "Ho"]),
            (&["Ada Example", "Al Ex", "Al Ex"], &["AE", "A", "Al"]),
            (&["Speaker 1", "Speaker 12", "发言人2"], &["1", "12", "2"]),
            (&["—", "—", ""], &["—", "1", "2"]),
        ];
        for (names, expected) in cases {
            let mut taken = Taken::default();
            for (at, name) in names.iter().enumerate() {
                assert_eq!(taken.take(name), at);
            }
            assert_eq!(taken.marks, expected, "{names:?}");
        }
    }
}
