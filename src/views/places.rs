//! Where a page stands among the others: its text in other languages, and the folders above.

use serde::Serialize;

use super::HOME;
use super::frame::{Links, canonical};
use crate::i18n;
use crate::paths::language::same_language;
use crate::site::{Page, PageKind, Site, readable};

/// A text in one language.
#[derive(Debug, Serialize)]
pub(super) struct Alternate {
    /// A BCP 47 tag.
    pub language: String,
    /// What the language calls itself.
    pub name: String,
    /// Link to the page.
    pub href: String,
    /// The same for search engines: absolute where the site has an address.
    pub address: String,
    /// Whether this is the page itself.
    pub current: bool,
    /// Link to the page on which it stands beside this one; none for the page itself, and for
    /// what is no transcript.
    pub beside: Option<String>,
}

/// A folder above a page.
#[derive(Debug, Serialize)]
pub(super) struct Crumb {
    /// Its name, or its page's title.
    pub title: String,
    /// Its page, if it has one.
    pub href: Option<String>,
    /// The title's language; empty where nobody knows.
    pub language: String,
}

/// A page in all its languages, itself first; nothing where there is only one.
pub(super) fn alternates(site: &Site, page: &Page, links: &Links<'_>) -> Vec<Alternate> {
    if page.translations.is_empty() {
        return Vec::new();
    }
    let others = page.translations.iter().map(|other| (site.page(*other), false));
    let all = [(page, true)].into_iter().chain(others);
    let alternate = |(other, current): (&Page, bool)| {
        let href = links.to(&other.path);
        let beside = (!current).then(|| site.side_by_side(page, other)).flatten();
        let beside = beside.map(|path| links.to(&path));
        Alternate {
            language: other.language.clone(),
            name: i18n::language_name(&other.language).into_owned(),
            address: canonical(site, &other.path).unwrap_or_else(|| href.clone()),
            href,
            current,
            beside,
        }
    };
    all.map(alternate).collect()
}

/// The folders above a page that have a page of their own, outermost first.
pub(super) fn crumbs(site: &Site, page: &Page, links: &Links<'_>) -> Vec<Crumb> {
    let own = page.folder();
    let mut found: Vec<Crumb> = above(own)
        .filter(|folder| page.kind != PageKind::Folder || *folder != own)
        .filter_map(|folder| folder_page(site, folder, &page.language))
        .map(|other| Crumb {
            title: other.title.clone(),
            href: Some(links.to(&other.path)),
            language: other.language.clone(),
        })
        .collect();
    found.reverse();
    found
}

/// The folder of a page, as a list of `shown` names it: nothing where the page is named after
/// it, or where it is a year or a language and says no more than the date or the words do.
pub(super) fn folder(site: &Site, page: &Page, shown: &str, links: &Links<'_>) -> Option<Crumb> {
    let inside = page.path.starts_with(&format!("{}/", crate::paths::clean(page.folder())));
    let parent = page.folder().rsplit_once('/').map_or("", |(parent, _)| parent);
    let folder = if inside { page.folder() } else { parent };
    if folder == shown || folder.is_empty() {
        return None;
    }
    if let Some(other) = folder_page(site, folder, &site.language) {
        let (title, language) = (other.title.clone(), other.language.clone());
        return Some(Crumb { title, href: Some(links.to(&other.path)), language });
    }
    let name = folder.rsplit('/').next().unwrap_or(folder);
    // `zh/` says of a Chinese page what everyone sees.
    let says = name.chars().any(char::is_alphabetic) && !same_language(name, &page.language);
    says.then(|| Crumb { title: readable(name), href: None, language: String::new() })
}

/// A folder and those above it, innermost first, without the content folder.
fn above(folder: &str) -> impl Iterator<Item = &str> {
    let first = (!folder.is_empty()).then_some(folder);
    std::iter::successors(first, |folder| folder.rsplit_once('/').map(|(above, _)| above))
}

/// The page of a folder that a reader of `language` wants.
fn folder_page<'a>(site: &'a Site, folder: &str, language: &str) -> Option<&'a Page> {
    let pages = site.folders.get(folder)?;
    let page = site.page(site.chosen(pages, language)?);
    (page.path != HOME).then_some(page)
}

/// What the collection says of itself in a folder and below, as long as no other folder's page
/// is nearer to it.
pub(super) fn about<'a>(site: &'a Site, shown: &'a str) -> impl Iterator<Item = &'a Page> {
    let near = move |page: &&Page| {
        let nearest = above(page.folder()).find(|folder| site.folders.contains_key(*folder));
        nearest.unwrap_or_default() == shown
    };
    let about = site.pages.iter().map(|page| &**page).filter(|page| page.kind == PageKind::About);
    about.filter(near)
}
