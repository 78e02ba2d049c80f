//! Every text read once, and what a question makes of each: for commands that ask about words
//! and make no pages. No document is kept.

use std::sync::Arc;

use rayon::prelude::*;

use super::settings::Settings;
use super::transcript::{self, Sheet};
use super::{Inputs, Options, content};
use crate::annotate::Annotation;
use crate::diagnostics::Diagnostic;
use crate::document::Document;
use crate::glossary::Glossary;
use crate::site::{Folders, PageKind};

/// A published text, read as a build reads it.
#[derive(Debug)]
pub struct Text<'t> {
    /// The document.
    pub document: &'t Document,
    /// The glossary's terms in it.
    pub found: &'t Annotation,
    /// Whether it is a transcript, and no plain page.
    pub transcript: bool,
}

/// What came of a survey.
#[derive(Debug)]
pub struct Survey<T> {
    /// The site's terms.
    pub glossary: Arc<Glossary>,
    /// One for each published text, by content path.
    pub answers: Vec<T>,
    /// What was noticed in the settings, people and terms.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads all texts in parallel and asks of each.
pub fn survey<T: Send>(
    inputs: &Inputs,
    options: &Options,
    ask: impl Fn(Text<'_>) -> T + Sync,
) -> Survey<T> {
    let prefix = if inputs.has_content { "content/" } else { "" };
    let files = content::sort(inputs, prefix);
    let settings = Settings::read(&files.settings, options);
    let folders = Folders::new(files.markdown.iter().map(|(content, _)| *content));
    let answer = |(content, text): &(&str, transcript::Text)| {
        let transcript = folders.kind(content) == PageKind::Transcript;
        let sheet =
            Sheet { content, text: text.clone(), notes: None, ids: None, plain: !transcript };
        let (document, found) = transcript::understand(&sheet, &settings);
        let published = transcript::is_published(&document.front, options);
        published.then(|| ask(Text { document: &document, found: &found, transcript }))
    };
    let answers: Vec<Option<T>> = files.markdown.par_iter().map(answer).collect();
    let Settings { glossary, diagnostics, .. } = settings;
    Survey { glossary, answers: answers.into_iter().flatten().collect(), diagnostics }
}
