//! A transcript and its translation side by side.
//!
//! `site::parallel` says which items stand beside each other; this shows their words. Terms, notes
//! and the links within a text belong to the text's own page, and lead there.

use serde::Serialize;

use super::article::{self, Extent, ItemView};
use super::frame::{Frame, Links};
use super::voices::{self, Voice};
use super::{HOME, PageRef};
use crate::diagnostics::Diagnostic;
use crate::i18n;
use crate::paths::link;
use crate::render::{self, Html};
use crate::site::{self, Page, PageIndex, Site};

/// `parallel`.
#[derive(Debug, Serialize)]
pub(super) struct ParallelView {
    /// The two texts, the left one first.
    pub sides: Vec<SideView>,
    /// What stands beside each other, in reading order.
    pub rows: Vec<RowView>,
}

/// One of the two texts.
#[derive(Debug, Serialize)]
pub(super) struct SideView {
    /// A BCP 47 tag.
    pub language: String,
    /// What the language calls itself.
    pub name: String,
    /// The text's own page.
    pub href: String,
    /// Its title.
    pub title: String,
}

/// What stands beside each other.
#[derive(Debug, Serialize)]
pub(super) struct RowView {
    /// Whether these are a stretch in which turns do not match one to one.
    pub loose: bool,
    /// One for each text; at most one of them is empty.
    pub cells: Vec<CellView>,
}

/// Items of one text.
#[derive(Debug, Serialize)]
pub(super) struct CellView {
    /// A BCP 47 tag.
    pub language: String,
    /// Headings, turns and prose.
    pub items: Vec<ItemView>,
}

/// The page before the texts are made.
#[derive(Debug)]
pub(super) struct ParallelHead {
    path: String,
    pages: [PageIndex; 2],
    sides: Vec<SideView>,
    voices: [Vec<Voice>; 2],
}

/// All such pages: one for every two languages of a transcript.
pub(super) fn pages(site: &Site) -> Vec<(String, PageRef)> {
    let mut found = Vec::new();
    for (at, page) in site.transcripts() {
        for other in page.translations.iter().filter(|other| at < **other) {
            if let Some(path) = site.side_by_side(page, site.page(*other)) {
                let [left, right] = order(site, at, *other);
                found.push((path, PageRef::Parallel(left, right)));
            }
        }
    }
    found
}

fn order(site: &Site, one: PageIndex, other: PageIndex) -> [PageIndex; 2] {
    if site.is_left(site.page(one), site.page(other)) { [one, other] } else { [other, one] }
}

/// What every page has. Search engines know the texts by their own pages.
pub(super) fn frame(site: &Site, left: PageIndex, right: PageIndex) -> Frame {
    let (left, right) = (site.page(left), site.page(right));
    let path = site.side_by_side(left, right).unwrap_or_default();
    let mut frame = Frame::new(site, "parallel", &path, &left.title);
    frame.section = Some(HOME);
    frame.page.language.clone_from(&left.language);
    frame.page.description.clone_from(&left.summary);
    frame.page.noindex = true;
    frame
}

/// The page before the texts are made.
pub(super) fn head(site: &Site, left: PageIndex, right: PageIndex) -> ParallelHead {
    let (one, other) = (site.page(left), site.page(right));
    let path = site.side_by_side(one, other).unwrap_or_default();
    let links = Links::from(site, &path);
    let side = |page: &Page| SideView {
        language: page.language.clone(),
        name: i18n::language_name(&page.language).into_owned(),
        href: links.to(&page.path),
        title: page.title.clone(),
    };
    ParallelHead {
        sides: vec![side(one), side(other)],
        voices: [one, other].map(|page| voices::of(site, page, &links)),
        pages: [left, right],
        path,
    }
}

impl ParallelHead {
    /// The same with the texts.
    pub fn finish(self, site: &Site) -> Result<ParallelView, Box<Diagnostic>> {
        let [left, right] = self.pages.map(|at| site.page(at));
        let readings = [site.reading(left), site.reading(right)];
        let rows = site::parallel((left, &readings[0].document), (right, &readings[1].document));
        let mut one = self.items(site, 0)?;
        let mut other = self.items(site, 1)?;
        // Where both say the same, the left one has the anchor.
        let taken: std::collections::BTreeSet<String> =
            one.iter().map(|item| item.id.clone()).collect();
        for item in other.iter_mut().filter(|item| taken.contains(&item.id)) {
            item.id.clear();
        }
        let (mut one, mut other) = (one.drain(..), other.drain(..));
        let language = |at: usize| self.sides[at].language.clone();
        let rows = rows.into_iter().map(|row| RowView {
            loose: row.loose,
            cells: vec![
                CellView {
                    language: language(0),
                    items: one.by_ref().take(row.left.len()).collect(),
                },
                CellView {
                    language: language(1),
                    items: other.by_ref().take(row.right.len()).collect(),
                },
            ],
        });
        Ok(ParallelView { rows: rows.collect(), sides: self.sides })
    }

    fn items(&self, site: &Site, at: usize) -> Result<Vec<ItemView>, Box<Diagnostic>> {
        let page = site.page(self.pages[at]);
        let href = &self.sides[at].href;
        let body = article::body(site, page, &self.path, &self.voices[at], Extent::Bare)?;
        let item = |item: ItemView| ItemView {
            html: Html(elsewhere(&item.html.0, href)),
            anchor: format!("{href}#{}", link::encode_fragment(&item.id)),
            was: Vec::new(),
            edit: None,
            ..item
        };
        Ok(body.items.into_iter().map(item).collect())
    }
}

/// The HTML of blocks on another page than their own, which is at `href`: their anchors stay
/// there, and so does what links within the page lead to.
fn elsewhere(html: &str, href: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = end_of_tag(rest);
        let mut tag = rest[..end].to_owned();
        if let Some(from) = tag.find(" id=\"") {
            let length = tag[from + 5..].find('"').map_or(0, |end| end + 6);
            tag.replace_range(from..from + length, "");
        }
        if let Some(at) = tag.find(" href=\"#") {
            let mut page = String::new();
            render::attribute(&mut page, href);
            tag.insert_str(at + 7, &page);
        }
        out.push_str(&tag);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Where the tag that a text begins with ends.
fn end_of_tag(text: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        quoted ^= byte == b'"';
        if byte == b'>' && !quoted {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::elsewhere;

    #[test]
    fn anchors_stay_and_links_within_the_page_lead_back() {
        let html = "<p id=\"p-a\" title=\"a > id=b\">Say \" id=\"x\" <a href=\"#-n1\" id=\"-r1\">1</a> <a href=\"y.html#z\">y</a></p>";
        assert_eq!(
            elsewhere(html, "x.html"),
            "<p title=\"a > id=b\">Say \" id=\"x\" <a href=\"x.html#-n1\">1</a> <a href=\"y.html#z\">y</a></p>"
        );
    }
}
