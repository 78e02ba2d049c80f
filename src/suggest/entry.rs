//! Candidates as entries of a glossary file, for an editor to look at and take over.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::rank::known;
use super::scripts::key;
use super::{Candidate, Spot};
use crate::glossary::Glossary;

/// So many places are written beside an entry.
const PLACES: usize = 5;

/// What stands at the top of a file of suggestions.
const HEAD: &str = "\
# Suggestions for the glossary, from `postil glossary suggest --write`. Nothing here is shown on
# the site. Move what is good into glossary.yaml and put it right; what you leave here, cut down
# to its `term` if you like, is not suggested again.
";

/// The candidates that a file of suggestions does not have yet.
pub fn missing<'c>(candidates: &'c [Candidate], file: &Glossary) -> Vec<&'c Candidate> {
    let known: BTreeSet<String> = known(file);
    candidates.iter().filter(|candidate| !known.contains(&key(&candidate.term))).collect()
}

/// The file's text with entries for candidates behind what is there. Nothing there is changed.
pub fn entries(file: Option<&str>, candidates: &[&Candidate]) -> String {
    let mut text = file.unwrap_or_default().to_owned();
    if text.trim().is_empty() {
        text = HEAD.to_owned();
    } else if !text.ends_with('\n') {
        text.push('\n');
    }
    candidates.iter().for_each(|candidate| entry(&mut text, candidate));
    text
}

fn entry(text: &mut String, candidate: &Candidate) {
    let _ = writeln!(text, "\n- term: {}", scalar(&candidate.term));
    if !candidate.names.is_empty() {
        let names = candidate.names.iter().map(|(tag, name)| format!("{tag}: {}", scalar(name)));
        let _ = writeln!(text, "  name: {{{}}}", names.collect::<Vec<_>>().join(", "));
    }
    if !candidate.aliases.is_empty() {
        let aliases = candidate.aliases.iter().map(|alias| scalar(alias));
        let _ = writeln!(text, "  aliases: [{}]", aliases.collect::<Vec<_>>().join(", "));
    }
    match candidate.definition.is_empty() {
        true => text.push_str("  # definition: …\n"),
        false => text.push_str("  definition:\n"),
    }
    for (tag, definition) in &candidate.definition {
        let _ = writeln!(text, "    {tag}: {}", quoted(definition));
    }
    let _ = writeln!(
        text,
        "  # said {} in {}",
        number(candidate.said, "time"),
        number(candidate.transcripts, "transcript")
    );
    let spots = candidate.glosses.iter().map(|gloss| &gloss.spot);
    let spots: Vec<&Spot> =
        if candidate.glosses.is_empty() { vec![&candidate.first] } else { spots.collect() };
    if candidate.differ {
        text.push_str("  # the texts do not agree:\n");
    }
    for spot in spots.iter().take(PLACES) {
        let line = spot.source.position(spot.span.start as usize).line;
        let _ = writeln!(text, "  # {}:{line}: {}", spot.source.path(), comment(&spot.quote));
    }
    if spots.len() > PLACES {
        let _ = writeln!(text, "  # and {} more", spots.len() - PLACES);
    }
}

/// `1 time`, `2 times`.
fn number(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A text as a YAML scalar: plain where nothing in it means anything to YAML, else quoted.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || " -_.+/'’·（）".contains(c);
    let begins = |c: char| c.is_alphabetic();
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"];
    let sound = text.starts_with(begins)
        && text.chars().all(plain)
        && !text.ends_with(' ')
        && !words.contains(&text.to_lowercase().as_str());
    if sound { text.to_owned() } else { quoted(text) }
}

/// A JSON string is a YAML string, whatever is in it.
fn quoted(text: &str) -> String {
    let text = serde_json::Value::from(text).to_string();
    // YAML has fewer characters than JSON: these are written by their numbers.
    let odd =
        |c: char| c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match odd(c) {
            true => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            false => out.push(c),
        }
        out
    })
}

/// A quote on one line of a comment.
fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_word_is_made_of_it_is_one_string() {
        for text in [
            "RAG", "C++", "yes", "a: b", "- x", "#", "[x]", "{", "\"q\"", "\u{7f}", "\u{2028}",
            "1.5", "是", "a\\b",
        ] {
            let yaml = format!("term: {}\n", scalar(text));
            let value: serde_json::Value = serde_yaml::from_str(&yaml).unwrap();
            assert_eq!(value["term"], text, "{yaml}");
        }
    }
}
