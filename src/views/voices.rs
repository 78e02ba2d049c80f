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
pub(super) const COLOURS: usize = 8;

/// Someone who speaks on a page.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Voice {
    /// The person's id.
    pub id: String,
    /// The name, in the page's language.
    pub name: String,
    /// Link to the person's page; empty where the label stands for whoever speaks, or for
    /// several people.
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
    let mut places: HashMap<PersonIndex, usize> = HashMap::new();
    let mut names = Vec::new();
    for (speaker, index) in speakers.iter().zip(&page.speakers) {
        // Two labels of one person share the mark.
        places.entry(*index).or_insert_with(|| {
            names.push(site.person(*index).name.get(&page.language).unwrap_or(&speaker.label));
            names.len() - 1
        });
    }
    let marks = marks(&names);
    let mut voices = Vec::with_capacity(speakers.len());
    for (speaker, index) in speakers.iter().zip(&page.speakers) {
        let person = site.person(*index);
        let mark = places[index];
        let name = names[mark];
        voices.push(Voice {
            id: person.id.clone(),
            name: name.to_owned(),
            href: if person.is_listed() { links.to(&person.path) } else { String::new() },
            initials: marks[mark].clone(),
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
    marks(&[name]).pop().unwrap_or_default()
}

/// The initials of people who stand on one page, in order: the first of a name's possible ones, with two
/// characters where several names begin alike; where none is free, a number. They differ in more than
/// capitals.
pub(super) fn marks(names: &[&str]) -> Vec<String> {
    let all: Vec<Vec<String>> = names.iter().map(|name| candidates(name)).collect();
    let mut begin: HashMap<&str, usize> = HashMap::new();
    for first in all.iter().filter_map(|own| own.first()) {
        *begin.entry(first).or_default() += 1;
    }
    let mut known = HashSet::new();
    let mut number = 0_u32;
    all.iter()
        .map(|own| {
            let alike = own.first().is_some_and(|first| begin[first.as_str()] > 1);
            let long = |mark: &&String| !alike || mark.graphemes(true).count() > 1;
            let in_order = own.iter().filter(long).chain(own);
            let free = in_order
                .filter(|mark| !mark.is_empty())
                .find(|mark| known.insert(mark.to_lowercase()));
            free.cloned().unwrap_or_else(|| {
                loop {
                    number += 1;
                    if known.insert(number.to_string()) {
                        break number.to_string();
                    }
                }
            })
        })
        .collect()
}

/// In the order of preference: of a Han name the first character, the given name (小明 of 王小明), the
/// first and the last, the last; of a Latin
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
        found.push((*first).to_owned());
        if let [_, .., before, last] = letters.as_slice() {
            found.push(format!("{before}{last}"));
        }
        found.extend([format!("{first}{last}"), (*last).to_owned()]);
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
        let cases: [(&[&str], &[&str]); 8] = [
            (&["主持人", "工程师"], &["主", "工"]),
            (&["王小明", "王大明", "王晓明"], &["小明", "大明", "晓明"]),
            (&["王刚", "王明", "李明"], &["王刚", "王明", "李"]),
            (&["Host", "Engineer"], &["H", "E"]),
            (&["Host", "Historian", "Hostess"], &["Ho", "Hi", "Hs"]),
            (&["Ada Example", "Al Ex", "Al Ex"], &["AE", "Al", "Ax"]),
            (&["Speaker 1", "Speaker 12", "发言人2"], &["1", "12", "2"]),
            (&["—", "—", ""], &["—", "1", "2"]),
        ];
        for (names, expected) in cases {
            assert_eq!(marks(names), expected, "{names:?}");
        }
    }
}
