//! The interface's words in a site's own hand: `content/i18n/<language>.yaml` adds a language, or
//! replaces some words of one that the program knows. Format: design, section 7.

use serde_json::{Map, Value as Json};

use crate::diagnostics::{Diagnostic, Severity};
use crate::i18n::{self, Words};
use crate::source::{Source, Span};
use crate::yaml::{self, Decoder, Entry, Node, Value};

/// The folder of these files below `content/`.
pub const WORDS_FOLDER: &str = "i18n/";

/// Reads the words of a language, a BCP 47 tag: what the file does not say is taken from the
/// program's words for that language, else from the English ones, with one warning.
pub fn read(source: &Source, language: &str) -> (Words, Vec<Diagnostic>) {
    let base = i18n::words(language);
    let known = i18n::main_language(&base.language) == i18n::main_language(language);
    let (root, mut diagnostics) = yaml::parse(source, Span::new(0, source.text().len()));
    let mut reader = Reader { decoder: Decoder::new(source, Severity::Error), all: as_map(base) };
    let mut said = Vec::new();
    match root {
        None => {}
        Some(Node { value: Value::Map(entries), .. }) => {
            for entry in &entries {
                reader.entry(entry);
                said.push(entry.key.clone());
            }
        }
        Some(root) => {
            let span = Span { start: root.span.start, end: root.span.start };
            let message = "the words are lines with a key and a text, and these are none";
            let told = Diagnostic::error("words/no-keys", source, span, message);
            diagnostics.push(told.hint("write lines like `glossary: Glossaire`"));
        }
    }
    let missing = reader.all.keys().filter(|key| *key != "language" && !said.contains(key));
    if let (false, Some(told)) = (known, missing_words(source, missing)) {
        diagnostics.push(told);
    }
    diagnostics.append(&mut reader.decoder.finish());
    reader.all.insert("language".to_owned(), language.into());
    let mut words: Words =
        serde_json::from_value(Json::Object(reader.all)).unwrap_or_else(|_| base.clone());
    words.separate_thousands();
    (words, diagnostics)
}

fn as_map(words: &Words) -> Map<String, Json> {
    match serde_json::to_value(words) {
        Ok(Json::Object(map)) => map,
        _ => Map::new(),
    }
}

struct Reader<'a> {
    decoder: Decoder<'a>,
    all: Map<String, Json>,
}

impl Reader<'_> {
    fn entry(&mut self, entry: &Entry) {
        let key = entry.key.as_str();
        let known: Vec<&str> =
            self.all.keys().map(String::as_str).filter(|key| *key != "language").collect();
        if !known.contains(&key) {
            return self.decoder.unknown_key(entry, &known, "the interface");
        }
        let Some(old) = self.all.get(key).cloned() else { return };
        let new = match (&old, &entry.value.value) {
            (Json::Object(forms), _) if forms.contains_key("one") => self.counted(entry, forms),
            (Json::Object(names), Value::Map(entries)) => self.names(entries, names.clone()),
            _ => self.sentence(key, &entry.value, old.as_str().unwrap_or_default()).map(Json::from),
        };
        if let Some(new) = new {
            self.all.insert(key.to_owned(), new);
        }
    }

    /// A sentence that counts: `{one, other}`, or one form for all numbers.
    fn counted(&mut self, entry: &Entry, old: &Map<String, Json>) -> Option<Json> {
        let text = |form: &str| old.get(form).and_then(Json::as_str).unwrap_or_default();
        let mut forms = old.clone();
        let Value::Map(entries) = &entry.value.value else {
            let new = self.sentence(&entry.key, &entry.value, text("other"))?;
            forms.insert("one".to_owned(), new.clone().into());
            forms.insert("other".to_owned(), new.into());
            return Some(forms.into());
        };
        for form in entries {
            // The form for one may do without its number: “Said once”.
            let old = match form.key.as_str() {
                "one" => "",
                "other" => text("other"),
                _ => {
                    self.decoder.unknown_key(form, &["one", "other"], &format!("`{}`", entry.key));
                    continue;
                }
            };
            if let Some(new) = self.sentence(&form.key, &form.value, old) {
                forms.insert(form.key.clone(), new.into());
            }
        }
        Some(forms.into())
    }

    /// Names by key: roles.
    fn names(&mut self, entries: &[Entry], mut names: Map<String, Json>) -> Option<Json> {
        for entry in entries {
            let known: Vec<&str> = names.keys().map(String::as_str).collect();
            if !known.contains(&entry.key.as_str()) {
                self.decoder.unknown_key(entry, &known, "`roles`");
            } else if let Some(name) = self.sentence(&entry.key, &entry.value, "") {
                names.insert(entry.key.clone(), name.into());
            }
        }
        Some(names.into())
    }

    /// A text with its blanks, which matter in `list_separator: ", "`. What stands in braces in
    /// the old one is filled in by the program, so the new one needs it too.
    fn sentence(&mut self, key: &str, node: &Node, old: &str) -> Option<String> {
        let Value::Scalar { text, .. } = &node.value else {
            self.decoder.wrong_kind(key, node, "a text");
            return None;
        };
        let mut places = old.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        let lost = places.find(|(name, _)| !text.contains(&format!("{{{name}}}")));
        if let Some((name, _)) = lost {
            let message = format!("`{key}` does not say where `{{{name}}}` goes");
            let hint = format!("in the program's own words it is `{old}`");
            self.decoder.complain("words/place", node.span, message, hint);
            return None;
        }
        Some(text.clone())
    }
}

/// One warning for all words that a new language lacks.
fn missing_words<'a>(
    source: &Source,
    mut missing: impl Iterator<Item = &'a String>,
) -> Option<Diagnostic> {
    let first = missing.next()?;
    let rest: Vec<&str> = missing.map(String::as_str).collect();
    let shown: Vec<&str> =
        std::iter::once(first.as_str()).chain(rest.iter().copied()).take(8).collect();
    let more = match (rest.len() + 1).saturating_sub(shown.len()) {
        0 => String::new(),
        count => format!(", and {count} more"),
    };
    let message =
        format!("{} of the interface's words are missing and stand in English", rest.len() + 1);
    let told = Diagnostic::warning("words/missing", source, Span::new(0, 0), message);
    Some(told.hint(format!("add {}{more}", shown.join(", "))))
}
