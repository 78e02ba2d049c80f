//! Tera, with its errors as diagnostics: template, line, column, and the fields there are.
//!
//! A template sees a closed view and nothing else: there is no function that reads a file, the
//! site or the clock. One filter is added: `counted`.

mod errors;
mod links;

pub(super) use errors::unknown_name;

use std::collections::BTreeMap;

use tera::{Context, Kwargs, State, Tera, Value};

use crate::diagnostics::Diagnostic;
use crate::i18n::{self, Words};
use crate::source::Source;
use crate::theme::template_name;

/// All templates, ready.
#[derive(Debug)]
pub struct Renderer {
    tera: Tera,
    sources: BTreeMap<String, Source>,
    /// The first thing wrong, if the templates cannot be used.
    broken: Option<Box<Diagnostic>>,
    /// The words of each language that has some, ready for templates.
    words: Vec<(&'static Words, Value)>,
}

impl Renderer {
    /// Reads all templates. With a faulty one nothing can be rendered; the diagnostics say
    /// what is wrong in each.
    pub fn new(templates: Vec<Source>) -> (Self, Vec<Diagnostic>) {
        let sources: BTreeMap<String, Source> = templates
            .into_iter()
            .map(|source| (template_name(&source).to_owned(), source))
            .collect();
        let mut tera = engine();
        let mut diagnostics = syntax(&sources);
        if diagnostics.is_empty() {
            let all = sources.iter().map(|(name, source)| (name.as_str(), source.text()));
            if let Err(error) = tera.add_raw_templates(all) {
                diagnostics = errors::diagnostics(&error, &sources, None);
            }
        }
        let broken = diagnostics.first().cloned().map(Box::new);
        (Self { tera, sources, broken, words: all_words() }, diagnostics)
    }

    /// The bytes of a page.
    ///
    /// # Errors
    /// What is wrong in a template: its file, line and column.
    pub fn render(&self, template: &str, context: &Context) -> Result<Vec<u8>, Box<Diagnostic>> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let mut out = Vec::with_capacity(16 * 1024);
        match self.tera.render_to(template, context, &mut out) {
            Ok(()) => Ok(out),
            Err(error) => {
                let told = errors::diagnostics(&error, &self.sources, Some(template));
                Err(Box::new(told.into_iter().next().expect("an error gives a diagnostic")))
            }
        }
    }

    /// The words of a language as templates see them.
    pub fn words(&self, wanted: &Words) -> Value {
        let known = self.words.iter().find(|(words, _)| std::ptr::eq(*words, wanted));
        known.map_or_else(|| Value::from_serializable(wanted), |(_, value)| value.clone())
    }

    /// The templates, by name.
    pub fn sources(&self) -> &BTreeMap<String, Source> {
        &self.sources
    }
}

fn all_words() -> Vec<(&'static Words, Value)> {
    i18n::LANGUAGES.iter().map(|words| (*words, Value::from_serializable(*words))).collect()
}

fn engine() -> Tera {
    let mut tera = Tera::new();
    tera.register_filter("counted", counted);
    tera
}

/// Every template's own syntax, so that all faults are told at once.
fn syntax(sources: &BTreeMap<String, Source>) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    for (name, source) in sources {
        // Alone, a template lacks its parent and its components: only syntax counts here.
        if let Err(error) = engine().add_raw_template(name, source.text())
            && matches!(error.kind(), tera::ErrorKind::SyntaxError(_))
        {
            told.extend(errors::diagnostics(&error, sources, Some(name)));
        }
    }
    told
}

/// `{{ words.turns | counted(n=3) }}`: a sentence that counts, in the form for the number.
fn counted(sentence: &Value, arguments: Kwargs, _: &State<'_>) -> tera::TeraResult<String> {
    let n: u64 = arguments.must_get("n")?;
    let form = if n == 1 { "one" } else { "other" };
    let map = sentence.as_map();
    let part =
        |name| map.and_then(|map| map.get(&tera::value::Key::Str(name))).and_then(Value::as_str);
    match part(form) {
        Some(text) => Ok(text.replace("{n}", &i18n::number(n, part("thousands").unwrap_or(",")))),
        None => {
            Err(tera::Error::message("`counted` is for words that count, such as `words.turns`"))
        }
    }
}
