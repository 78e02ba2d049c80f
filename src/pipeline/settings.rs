//! The settings, people and terms: all that reading a transcript depends on besides itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Digest, Options, hashed};
use crate::annotate::Matcher;
use crate::config::{self, Person, SiteConfig};
use crate::diagnostics::Diagnostic;
use crate::glossary::{self, Glossary, Term};
use crate::i18n::Lexicon;
use crate::parse::speaker_key;
use crate::source::Source;

/// The files that say them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SettingsFiles {
    pub site: Option<Source>,
    pub speakers: Option<Source>,
    pub glossary: Vec<Source>,
    /// By language.
    pub words: Vec<(String, Source)>,
}

/// What they say.
#[derive(Debug)]
pub(super) struct Settings {
    pub config: Arc<SiteConfig>,
    pub people: Arc<[Person]>,
    pub known: Arc<BTreeSet<String>>,
    pub glossary: Arc<Glossary>,
    pub lexicon: Arc<Lexicon>,
    pub matcher: Matcher,
    pub diagnostics: Vec<Diagnostic>,
    /// Of what people are called: turns depend on it.
    pub labels: Digest,
    /// Of all that decides which words are which term, and which of them are shown. What a
    /// term means is no part of it.
    pub matching: Digest,
}

impl Settings {
    /// Reads them.
    pub fn read(files: &SettingsFiles, options: &Options) -> Self {
        let mut diagnostics = Vec::new();
        let mut config = match &files.site {
            Some(source) => keep(config::read_site(source), &mut diagnostics),
            None => SiteConfig::default(),
        };
        if let Some(base_url) = &options.base_url {
            config.base_url = Some(base_url.clone());
        }
        let people = match &files.speakers {
            Some(source) => keep(config::read_speakers(source), &mut diagnostics),
            None => Vec::new(),
        };
        let glossary = keep(glossary::read(&files.glossary), &mut diagnostics);
        let read = files.words.iter().map(|(language, source)| {
            (language.clone(), keep(config::read_words(source, language), &mut diagnostics))
        });
        let lexicon = Arc::new(Lexicon::new(read.collect::<Vec<_>>()));
        let known: BTreeSet<String> =
            people.iter().flat_map(Person::labels).map(|label| speaker_key(label)).collect();
        let called: Vec<Vec<&String>> =
            people.iter().map(|person| person.labels().collect()).collect();
        let rules: Vec<_> = glossary.terms.iter().map(matching).collect();
        let matching = hashed(&(rules, config.mark, &config.glossary_off));
        Self {
            labels: hashed(&called),
            matching,
            matcher: Matcher::new(&glossary),
            known: Arc::new(known),
            config: Arc::new(config),
            people: people.into(),
            glossary: Arc::new(glossary),
            lexicon,
            diagnostics,
        }
    }
}

/// What of a term decides where it stands. A new field has to say on which side it is.
fn matching(term: &Term) -> impl std::fmt::Debug + '_ {
    let Term {
        id,
        term,
        name: _,
        aliases,
        definition: _,
        as_of: _,
        category: _,
        see: _,
        not,
        case,
        mark,
        scope,
        sources: _,
        plural,
        source: _,
        span: _,
    } = term;
    (id, term, aliases, not, case, mark, scope, plural)
}

fn keep<T>((value, said): (T, Vec<Diagnostic>), diagnostics: &mut Vec<Diagnostic>) -> T {
    diagnostics.extend(said);
    value
}
