//! A page at an old address (`aliases` in front matter) that leads to where the text is now.

use serde::Serialize;

use super::frame::{Frame, Links, canonical};
use crate::site::{PageIndex, Site};

/// `redirect`.
#[derive(Debug, Serialize)]
pub(super) struct RedirectView {
    /// Where the text is now.
    pub href: String,
}

/// The head: search engines are told the new address.
pub(super) fn frame(site: &Site, index: PageIndex, path: &str) -> Frame {
    let page = site.page(index);
    let mut frame = Frame::new(site, "redirect", path, &page.title);
    frame.page.language.clone_from(&page.language);
    frame.page.canonical = canonical(site, &page.path);
    frame
}

/// What is shown to browsers that do not follow.
pub(super) fn view(site: &Site, index: PageIndex, path: &str) -> RedirectView {
    RedirectView { href: Links::from(site, path).to(&site.page(index).path) }
}
