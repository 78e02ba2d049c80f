//! All that a page shows, before its bytes are made, as a value that can be compared: while it
//! is the same, so are the bytes.
//!
//! For most pages that is what their template sees. The text of a file is dear to make, so its
//! place is taken by what it depends on: the file's own key, how often its terms are said, and
//! where its links lead; so is the place of lines that a page quotes from many files. What all
//! pages share is left out.

use std::fmt;

use tera::{Context, Value};

use super::parallel::{self, ParallelHead};
use super::people::{self, SpeakerView};
use super::term::{self, TermView};
use super::transcript::{self, PlainView, TranscriptHead};
use crate::diagnostics::Diagnostic;
use crate::glossary::TermIndex;
use crate::render::Renderer;
use crate::site::{Page, PageIndex, PageKind, PersonIndex, Site, Use};
use crate::theme::Theme;

/// What a page shows; its debugging form tells all of it.
pub struct Shown {
    template: &'static str,
    context: Context,
    /// The program's own words, which the page's language decides.
    words: Vec<(&'static str, Value)>,
    file: Option<File>,
    lines: Option<Lines>,
    pair: Option<Pair>,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", (self.template, &self.context, &self.file, &self.lines, &self.pair))
    }
}

/// A page that shows lines of many files, before these are opened. The places of the lines are
/// taken by what they depend on.
#[derive(Debug)]
enum Lines {
    Term { index: TermIndex, view: Box<TermView>, _quoted: Vec<Quoted> },
    Speaker { index: PersonIndex, view: Box<SpeakerView>, _quoted: Vec<Quoted> },
}

/// A page that comes from a file.
#[derive(Debug)]
struct File {
    index: PageIndex,
    head: Head,
    /// Only read by its debugging form.
    _text: Text,
}

#[derive(Debug)]
enum Head {
    Transcript(Box<TranscriptHead>),
    Plain(Box<PlainView>),
}

/// Two transcripts side by side, before their texts are made.
#[derive(Debug)]
struct Pair {
    head: ParallelHead,
    /// Only read by its debugging form.
    _texts: [Text; 2],
}

/// What the text of a file depends on.
#[derive(Debug)]
struct Text {
    /// Only read by its debugging form, like the others.
    _key: [u8; 16],
    _counts: Vec<usize>,
    _targets: Vec<Option<String>>,
    /// Where links of the definitions lead.
    _meant: Vec<Option<(String, String)>>,
    _pictures: String,
    /// The texts in other languages, whose turns are found in this one.
    _others: Vec<([u8; 16], Vec<PersonIndex>)>,
}

/// What lines of a file depend on.
#[derive(Debug)]
struct Quoted {
    /// Only read by its debugging form, like the others.
    _page: (u64, u64),
    /// The first mention and the last.
    _mentions: Option<(u32, u32)>,
}

impl Quoted {
    fn new(site: &Site, index: PageIndex, uses: Option<&[Use]>) -> Self {
        let ends = uses.and_then(|uses| Some((uses.first()?.mention, uses.last()?.mention)));
        Self { _page: site.quoted(index), _mentions: ends }
    }
}

impl Shown {
    /// A page whose template sees `context`.
    pub(super) fn new(template: &'static str, mut context: Context) -> Self {
        let word = |name| Some((name, context.remove(name)?));
        let words = ["ui", "words"].into_iter().filter_map(word).collect();
        Self { template, context, words, file: None, lines: None, pair: None }
    }

    /// A page of a term, before its mentions are looked up.
    pub(super) fn of_term(site: &Site, context: Context, index: TermIndex, view: TermView) -> Self {
        let lists = [term::shown(site, index, view.number), term::first(site, index, view.number)];
        let quoted = lists.into_iter().flat_map(|uses| uses.chunk_by(|a, b| a.page == b.page));
        let _quoted = quoted.map(|uses| Quoted::new(site, uses[0].page, Some(uses))).collect();
        let lines = Some(Lines::Term { index, view: Box::new(view), _quoted });
        Self { lines, ..Self::new("term.html", context) }
    }

    /// Adds the lines that pages quote to all pages that quote mentions: each text is opened once.
    pub fn quote(pages: &mut [&mut Self], site: &Site) {
        let mut views: Vec<(TermIndex, &mut TermView)> = Vec::new();
        for page in pages {
            if let Some(Lines::Term { index, view, .. }) = &mut page.lines {
                views.push((*index, view));
            }
        }
        let wanted: Vec<(TermIndex, usize)> =
            views.iter().map(|(index, view)| (*index, view.number)).collect();
        for ((_, view), quoted) in views.into_iter().zip(term::quoted(site, &wanted)) {
            (view.passages, view.first) = quoted;
        }
    }

    /// A speaker's page, before their turns are looked up.
    pub(super) fn of_speaker(
        site: &Site,
        context: Context,
        index: PersonIndex,
        view: SpeakerView,
    ) -> Self {
        let pages = site.person(index).pages.iter();
        let _quoted = pages.map(|(page, _)| Quoted::new(site, *page, None)).collect();
        let lines = Some(Lines::Speaker { index, view: Box::new(view), _quoted });
        Self { lines, ..Self::new("speaker.html", context) }
    }

    /// A page that comes from a file, before its text is made.
    pub(super) fn of_file(
        site: &Site,
        theme: &Theme,
        renderer: &Renderer,
        index: PageIndex,
    ) -> Self {
        let page = site.page(index);
        let (template, context, head) = match page.kind {
            PageKind::Transcript => {
                let (context, head) = transcript::head(site, theme, renderer, index);
                ("transcript.html", context, Head::Transcript(Box::new(head)))
            }
            _ => {
                let (context, head) = transcript::plain_head(site, theme, renderer, index);
                ("page.html", context, Head::Plain(Box::new(head)))
            }
        };
        let file = File { index, head, _text: text(site, page) };
        Self { file: Some(file), ..Self::new(template, context) }
    }

    /// Two transcripts side by side, before their texts are made.
    pub(super) fn of_pair(
        site: &Site,
        theme: &Theme,
        renderer: &Renderer,
        left: PageIndex,
        right: PageIndex,
    ) -> Self {
        let context = parallel::frame(site, left, right).context(site, theme, renderer);
        let _texts = [left, right].map(|at| text(site, site.page(at)));
        let pair = Some(Pair { head: parallel::head(site, left, right), _texts });
        Self { pair, ..Self::new("parallel.html", context) }
    }

    /// The page's bytes.
    ///
    /// # Errors
    /// Those of [`super::render`].
    pub fn render(mut self, site: &Site, renderer: &Renderer) -> Result<Vec<u8>, Box<Diagnostic>> {
        if matches!(&self.lines, Some(Lines::Term { view, .. }) if view.passages.is_empty()) {
            Self::quote(&mut [&mut self], site);
        }
        let mut context = self.context;
        for (name, words) in self.words {
            context.insert_value(name, words);
        }
        match self.file {
            Some(File { index, head: Head::Transcript(head), .. }) => {
                head.finish(site, index, &mut context)?;
            }
            Some(File { index, head: Head::Plain(view), .. }) => {
                context.insert("plain", &view.finish(site, index)?);
            }
            None => {}
        }
        if let Some(pair) = self.pair {
            context.insert("parallel", &pair.head.finish(site)?);
        }
        match self.lines {
            Some(Lines::Term { view, .. }) => context.insert("term", &view),
            Some(Lines::Speaker { index, view, .. }) => {
                context.insert("speaker", &people::finish(*view, site, index));
            }
            None => {}
        }
        renderer.render(self.template, &context)
    }
}

fn text(site: &Site, page: &Page) -> Text {
    let mut counts = Vec::with_capacity(page.file.mentions.len());
    counts.extend(page.file.mentions.iter().map(|spoken| site.uses_of(spoken.term).len()));
    let target = |(url, _): &(String, _)| site.routes.resolve(&page.content, &page.path, url);
    let owned = |(path, fragment): (&str, &str)| (path.to_owned(), fragment.to_owned());
    let others = page.translations.iter().map(|other| site.page(*other));
    let others = others.map(|other| (other.key, other.speakers.clone()));
    Text {
        _key: page.key,
        _counts: counts,
        _targets: page.file.all_links().map(target).collect(),
        _meant: site.meant_on(page).map(|lead| lead.map(owned)).collect(),
        _pictures: format!("{:?}", site.pictures_of(page)),
        _others: others.collect(),
    }
}
