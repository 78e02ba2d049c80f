//! All that a page shows, as a value that can be compared: while it is the same, so are the
//! page's bytes.
//!
//! For most pages that is what their template sees. The text of a file is dear to make, so its
//! place is taken by what it depends on: the file's own key, how often its terms are said, and
//! where its links lead. What all pages share is left out.

use std::fmt;

use tera::Context;

use super::{PageRef, plain_context, transcript, transcript_context, view};
use crate::render::Renderer;
use crate::site::{Page, PageKind, Site};
use crate::theme::Theme;

/// What a page shows; its debugging form tells all of it.
pub struct Shown {
    template: &'static str,
    context: Context,
    text: Option<Text>,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", (self.template, &self.context, &self.text))
    }
}

/// What the text of a file depends on.
#[derive(Debug)]
struct Text {
    /// Only read by its debugging form, like the others.
    _key: [u8; 16],
    _counts: Vec<usize>,
    _targets: Vec<Option<String>>,
}

/// What a page shows; none where only making it tells.
pub fn shown(site: &Site, theme: &Theme, renderer: &Renderer, page: PageRef) -> Option<Shown> {
    let PageRef::File(index) = page else {
        if matches!(page, PageRef::Data(_)) {
            return None;
        }
        let (template, context) = view(site, theme, renderer, page).ok()?;
        return Some(Shown { template, context, text: None });
    };
    let own = site.page(index);
    let (template, context) = match own.kind {
        PageKind::Transcript => {
            let view = transcript::head(site, index);
            transcript_context(site, theme, renderer, index, &view)
        }
        _ => plain_context(site, theme, renderer, index, &transcript::plain_head(site, index)),
    };
    Some(Shown { template, context, text: Some(text(site, own)) })
}

fn text(site: &Site, page: &Page) -> Text {
    let mut counts = Vec::with_capacity(page.file.mentions.len());
    counts.extend(page.file.mentions.iter().map(|spoken| site.uses_of(spoken.term).len()));
    let target = |(url, _): &(String, _)| site.routes.resolve(&page.content, &page.path, url);
    Text { _key: page.key, _counts: counts, _targets: page.file.links.iter().map(target).collect() }
}
