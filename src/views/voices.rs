//! A speaker's mark on a page: initials and a colour, which together tell voices apart.
//!
//! Initials are one or two characters and differ within a page, so that colour is never the
//! only sign. Colours go round after eight.

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::frame::Links;
use crate::i18n;
use crate::site::{Page, Site};

/// How many colours the theme has.
const COLOURS: usize = 8;

/// Someone who speaks on a page.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Voice {
    /// The person's id.
    pub id: String,
    /// The name, in the page's language.
    pub name: String,
    /// Link to the person's page.
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
    let speakers = &page.reading.document.speakers;
    let mut taken: Vec<String> = Vec::new();
    let mut marks: Vec<(u32, usize)> = Vec::new();
    let mut voices = Vec::with_capacity(speakers.len());
    for (speaker, index) in speakers.iter().zip(&page.speakers) {
        let person = site.person(*index);
        let name = person.name.get(&page.language).unwrap_or(&speaker.label);
        // Two labels of one person share the mark.
        let mark = match marks.iter().find(|(person, _)| person == index) {
            Some((_, mark)) => *mark,
            None => {
                taken.push(initials(name, &taken));
                marks.push((*index, taken.len() - 1));
                taken.len() - 1
            }
        };
        voices.push(Voice {
            id: person.id.clone(),
            name: name.to_owned(),
            href: links.to(&person.path),
            initials: taken[mark].clone(),
            colour: mark % COLOURS,
            role: shown_role(person.role.as_deref(), name, &page.language),
            turns: speaker.turns,
        });
    }
    voices
}

/// Everyone once, with all turns; for the page's head.
pub(super) fn distinct(voices: &[Voice]) -> Vec<Voice> {
    let mut distinct: Vec<Voice> = Vec::new();
    for voice in voices {
        match distinct.iter_mut().find(|known| known.id == voice.id) {
            Some(known) => known.turns += voice.turns,
            None => distinct.push(voice.clone()),
        }
    }
    distinct
}

/// A role in a language; empty for none, and where the name says it already (`Host`).
pub(super) fn shown_role(role: Option<&str>, name: &str, language: &str) -> String {
    let shown = role.map(|role| i18n::words(language).role(role)).unwrap_or_default();
    if shown.to_lowercase() == name.to_lowercase() { String::new() } else { shown.to_owned() }
}

/// The first of a name's possible initials that is not taken, else a number.
pub(super) fn initials(name: &str, taken: &[String]) -> String {
    let free = |candidate: &String| !candidate.is_empty() && !taken.contains(candidate);
    candidates(name)
        .into_iter()
        .find(free)
        .or_else(|| (1..).map(|number: u32| number.to_string()).find(free))
        .unwrap_or_default()
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
            let mut taken = Vec::new();
            for name in names {
                taken.push(initials(name, &taken));
            }
            assert_eq!(taken, expected, "{names:?}");
        }
    }
}
