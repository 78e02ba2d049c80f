//! The spellings to search for: each headword, alias and `not` phrase with its plurals, as
//! glyphs that say where a blank may or must stand.
//!
//! A term's long names are for readers and are not searched for: one that is spoken is an alias.
//! Which of two terms with one form is meant is `select`'s to decide, not known here.

use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::fold::{Class, Folded, class, fold, lower};
use crate::glossary::{Case, Glossary, Term, TermIndex};

/// A blank before a glyph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// The text must have none.
    Tight,
    /// The text may have one: letters meet digits or Han.
    Loose,
    /// The text must have one, or markup in its place.
    Blank,
}

/// One character of a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// Folded, case kept.
    pub kept: char,
    /// What the text may have before it.
    pub gap: Gap,
    /// Whether the form itself is written with a blank before it.
    pub blank: bool,
}

/// What a form is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// It speaks of the term.
    Speaks,
    /// The term does not count in it.
    Hides,
}

/// A spelling.
#[derive(Debug)]
pub(super) struct Form {
    /// Its characters; never empty.
    pub glyphs: Box<[Glyph]>,
    /// Whether capitals must agree.
    pub exact: bool,
    /// Whether it ends in a word of one letter (`C`), which `C#` and `C++` are not.
    pub lone_letter: bool,
    /// Whose form it is.
    pub term: TermIndex,
    /// A mention, or a phrase in which there is none.
    pub role: Role,
}

impl Form {
    /// The first character.
    pub fn first(&self) -> char {
        self.glyphs[0].kept
    }

    /// The last character.
    pub fn last(&self) -> char {
        self.glyphs[self.glyphs.len() - 1].kept
    }
}

/// All forms of a glossary by what is searched for: lower-cased and without blanks.
#[derive(Debug, Default)]
pub(super) struct Forms {
    /// Grouped by key.
    pub forms: Vec<Form>,
    /// Each key with its forms' range in `forms`.
    pub keys: Vec<(String, std::ops::Range<u32>)>,
}

impl Forms {
    /// The forms of all terms, in an order that depends on the glossary alone.
    pub fn of(glossary: &Glossary) -> Self {
        let mut by_key: Vec<(String, Vec<Form>)> = Vec::new();
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (index, term) in glossary.terms.iter().enumerate() {
            for form in forms_of(index as TermIndex, term) {
                let key: String = form.glyphs.iter().map(|glyph| lower(glyph.kept)).collect();
                let at = *seen.entry(key).or_insert_with_key(|key| {
                    by_key.push((key.clone(), Vec::new()));
                    by_key.len() - 1
                });
                by_key[at].1.push(form);
            }
        }
        let mut all = Self::default();
        for (key, forms) in by_key {
            let start = all.forms.len() as u32;
            all.forms.extend(forms);
            all.keys.push((key, start..all.forms.len() as u32));
        }
        all
    }
}

fn forms_of(index: TermIndex, term: &Term) -> Vec<Form> {
    let spoken = std::iter::once(&term.term).chain(&term.aliases);
    let spoken = spoken.map(|text| (text, Role::Speaks));
    let hidden = term.not.iter().map(|text| (text, Role::Hides));
    let mut forms = Vec::new();
    for (text, role) in spoken.chain(hidden) {
        for spelling in spellings(text, term.plural) {
            let Some(glyphs) = glyphs(&spelling) else { continue };
            let exact = is_exact(&glyphs, term.case);
            let lone_letter = is_lone_letter(&glyphs);
            forms.push(Form { glyphs, exact, lone_letter, term: index, role });
        }
    }
    forms
}

/// The text itself, its plurals, and each decomposed where that differs (files that come from
/// macOS).
fn spellings(text: &str, plural: bool) -> Vec<String> {
    let composed: String = text.nfc().collect();
    let mut all = vec![composed];
    if plural {
        all.extend(plurals(&all[0]));
    }
    let decomposed: Vec<String> =
        all.iter().map(|one| one.nfd().collect::<String>()).filter(|one| !is_nfc(one)).collect();
    all.extend(decomposed);
    all
}

/// Regular English plurals of a form that has a capital and ends in a word of two letters or
/// more: `APIs`, `Transformers`, `boxes`, `OSs` and `OSes`, `AI companies`. Not of `R`, and
/// not of all-lower-case forms: there the plural is a form of its own.
fn plurals(form: &str) -> Vec<String> {
    let word_len = form.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    if word_len < 2 || !form.chars().any(char::is_uppercase) {
        return Vec::new();
    }
    let ends = |ends: &[&str]| ends.iter().any(|end| form.ends_with(end));
    let stem = &form[..form.len() - 1];
    if ends(&["s", "x", "z", "ch", "sh"]) {
        vec![format!("{form}es")]
    } else if ends(&["S", "X", "Z"]) {
        vec![format!("{form}s"), format!("{form}es")]
    } else if ends(&["y"]) && !stem.ends_with(['a', 'e', 'i', 'o', 'u']) {
        vec![format!("{stem}ies"), format!("{form}s")]
    } else {
        vec![format!("{form}s")]
    }
}

fn is_exact(glyphs: &[Glyph], case: Case) -> bool {
    match case {
        Case::Exact => true,
        Case::Fold => false,
        Case::Auto => glyphs.iter().any(|glyph| lower(glyph.kept) != glyph.kept),
    }
}

fn is_lone_letter(glyphs: &[Glyph]) -> bool {
    let [rest @ .., last] = glyphs else { return false };
    last.kept.is_ascii_alphabetic()
        && (last.blank || rest.last().is_none_or(|before| !before.kept.is_alphanumeric()))
}

/// The glyphs of a form; none when nothing is left of it.
fn glyphs(text: &str) -> Option<Box<[Glyph]>> {
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut blank = false;
    for c in text.chars() {
        match fold(c) {
            Folded::Nothing => {}
            Folded::Blank => blank = true,
            Folded::Char(kept) => {
                let blank = std::mem::take(&mut blank) && !glyphs.is_empty();
                glyphs.push(Glyph { kept, gap: Gap::Tight, blank });
            }
        }
    }
    for at in 1..glyphs.len() {
        glyphs[at].gap = gap(&glyphs, at);
    }
    (!glyphs.is_empty()).then(|| glyphs.into())
}

/// What may stand before the glyph at `at`. Where letters meet digits, a blank that the form
/// does not have needs a word of two letters: `A100` is not in `a 100-page book`.
fn gap(glyphs: &[Glyph], at: usize) -> Gap {
    let blank = glyphs[at].blank;
    let is_loose = match (class(glyphs[at - 1].kept), class(glyphs[at].kept)) {
        (Class::Han, Class::Letter | Class::Digit) => true,
        (Class::Letter | Class::Digit, Class::Han) => true,
        (Class::Letter, Class::Digit) => {
            blank || (at >= 2 && is_letter(glyphs[at - 2]) && !glyphs[at - 1].blank)
        }
        (Class::Digit, Class::Letter) => {
            blank || glyphs.get(at + 1).is_some_and(|next| is_letter(*next) && !next.blank)
        }
        _ => false,
    };
    match (is_loose, blank) {
        (true, _) => Gap::Loose,
        (false, true) => Gap::Blank,
        (false, false) => Gap::Tight,
    }
}

fn is_letter(glyph: Glyph) -> bool {
    class(glyph.kept) == Class::Letter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_regular_and_of_capital_forms_only() {
        let cases: &[(&str, &[&str])] = &[
            ("API", &["APIs"]),
            ("Transformer", &["Transformers"]),
            ("Box", &["Boxes"]),
            ("OS", &["OSs", "OSes"]),
            ("AI company", &["AI companies", "AI companys"]),
            ("Array", &["Arrays"]),
            ("agent", &[]),
            ("R", &[]),
            ("C++", &[]),
            ("GPT-4", &[]),
            ("大模型", &[]),
        ];
        for (form, expected) in cases {
            assert_eq!(plurals(form), *expected, "{form}");
        }
    }

    #[test]
    fn blanks_are_loose_where_letters_meet_digits_or_han() {
        let gaps = |text| -> Vec<Gap> {
            glyphs(text).unwrap().iter().skip(1).map(|glyph| glyph.gap).collect()
        };
        use Gap::{Blank, Loose, Tight};
        assert_eq!(gaps("AI Go"), [Tight, Blank, Tight]);
        assert_eq!(gaps("Go 4"), [Tight, Loose]);
        assert_eq!(gaps("Go4"), [Tight, Loose]);
        assert_eq!(gaps("A1"), [Tight]);
        assert_eq!(gaps("A 1"), [Loose]);
        assert_eq!(gaps("用 A"), [Loose]);
        assert_eq!(gaps("人 工"), [Blank]);
    }

    #[test]
    fn forms_without_any_character_are_left_out() {
        assert!(glyphs(" \u{200b}\u{3000}").is_none());
    }
}
