//! What a reader may type that is the name of something: terms and speakers, by every form.
//!
//! Hits are exact, so whoever types `开源` is not shown where somebody says “open source”. The search
//! page names the term instead, with its other forms, and the speaker whose name was typed. Rows
//! are sorted by the form as it is compared and lie in small files, so that a query loads one.

use serde_json::json;

use super::fold::{flat, is_word};
use crate::glossary::{Localized, Term, TermIndex};
use crate::paths::link::encode_path;
use crate::render::plain;
use crate::site::{Site, SitePerson};

/// Bytes of a file.
const FILE: usize = 16_000;
/// How much is shown of what a term means; a Han character counts for two.
const MEANING: usize = 110;

/// A file: the form of its first row, and its rows as JSON.
pub(super) type File = (String, String);

/// All names of a site, in files. A row is its form, `0` for a term or `1` for a speaker, the page
/// from the site's root, and the name; of a term how often it is said, the beginning of what it means,
/// and all its forms as they are shown; of a speaker the numbers of turns and of transcripts.
pub(super) fn files(site: &Site) -> Vec<File> {
    let mut rows = Vec::new();
    for (index, own) in site.glossary.terms.iter().enumerate() {
        term(site, index as TermIndex, own, &mut rows);
    }
    for one in site.people.iter().filter(|person| person.is_listed()) {
        person(site, one, &mut rows);
    }
    rows.sort_unstable();
    rows.dedup();
    let mut files: Vec<File> = Vec::new();
    for (form, row) in rows {
        match files.last_mut().filter(|(_, rows)| rows.len() + row.len() < FILE) {
            Some((_, rows)) => {
                rows.push(',');
                rows.push_str(&row);
            }
            None => files.push((form, row)),
        }
    }
    files
}

fn term(site: &Site, index: TermIndex, term: &Term, rows: &mut Vec<File>) {
    let mut forms: Vec<(String, &str)> = vec![(flat(&term.term), &term.term)];
    for form in texts(&term.name).chain(term.aliases.iter().map(String::as_str)) {
        let compared = flat(form);
        if forms.iter().all(|(known, _)| *known != compared) {
            forms.push((compared, form));
        }
    }
    let shown: Vec<&str> = forms.iter().map(|(_, form)| *form).collect();
    let page = encode_path(&site.term_page(index, 0));
    let meaning = term.definition.get(&site.language).map(plain).unwrap_or_default();
    let (count, meaning) = (site.uses_of(index).len(), beginning(&meaning));
    for (form, _) in &forms {
        let row = json!([form, 0, page, term.term, count, meaning, shown]).to_string();
        rows.push((form.clone(), row));
    }
}

/// People are looked for by any of their names' words.
fn person(site: &Site, person: &SitePerson, rows: &mut Vec<File>) {
    let page = encode_path(&person.path);
    let name = person.name.get(&site.language).unwrap_or(&person.id);
    let turns: u32 = person.pages.iter().map(|(_, turns)| turns).sum();
    let names = texts(&person.name).chain(person.aliases.iter().map(String::as_str));
    for form in names.map(flat) {
        for (at, _) in form.char_indices().filter(|(at, _)| begins_word(&form, *at)) {
            let form = &form[at..];
            let row = json!([form, 1, page, name, turns, person.pages.len()]).to_string();
            rows.push((form.to_owned(), row));
        }
    }
}

fn texts(text: &Localized) -> impl Iterator<Item = &str> {
    text.any.iter().chain(text.by_language.iter().map(|(_, text)| text)).map(String::as_str)
}

/// Whether a name begins at a byte, or one of its words, in letters or in characters.
fn begins_word(name: &str, at: usize) -> bool {
    let before = name[..at].chars().next_back();
    at == 0 || (name[at..].starts_with(is_word) && !before.is_some_and(is_word))
}

/// The first words of a text.
fn beginning(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut width = 0;
    let end = text.char_indices().find(|(_, c)| {
        width += if c.is_ascii() { 1 } else { 2 };
        width > MEANING
    });
    let Some((end, _)) = end else { return text };
    let whole = &text[..end];
    // Not within a word, where one ends nearby.
    let cut = match whole.rfind(' ') {
        Some(blank) if end - blank < 20 && text[end..].starts_with(is_word) => &whole[..blank],
        _ => whole,
    };
    format!("{}…", cut.trim_end_matches(|c: char| !is_word(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meaning_ends_behind_a_word() {
        let long = "Predicting the next word, again and again, from all that was read before, is what a model of language does.";
        let cases = [
            ("Short.", "Short."),
            (long, long),
            (
                &format!("{long} More"),
                "Predicting the next word, again and again, from all that was read before, is what a model of language does…",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(beginning(text), expected);
        }
        let han = "模型".repeat(40);
        assert_eq!(beginning(&han), format!("{}…", "模型".repeat(27) + "模"));
    }

    #[test]
    fn words_of_a_name_begin_it() {
        for (name, expected) in [
            ("night engineer", vec![0, 6]),
            ("o'neil", vec![0, 2]),
            ("工程师", vec![0]),
            ("", vec![]),
        ] {
            let starts: Vec<usize> =
                name.char_indices().map(|(at, _)| at).filter(|at| begins_word(name, *at)).collect();
            assert_eq!(starts, expected, "{name}");
        }
    }
}
