//! Lists of transcripts: the site's, a folder's, a tag's, a series', a year's.
//!
//! A list is cut into pages so that a new transcript moves as little as possible: the pages
//! after the first are numbered from the oldest entry on and always full, so what is on
//! `page/7.html` stays there when something newer comes. The first page holds what is left,
//! between half a page and one and a half. Only when it overflows a page is added.

use std::collections::HashMap;

use super::{Page, PageIndex, PageKind, Site, is_chosen};
use crate::paths::{list_page, slug};

/// A name under which transcripts are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Unique among its kind: `slug::id` of the name, so `RAG` and `rag` are one topic.
    pub id: String,
    /// `tags/<id>.html`.
    pub path: String,
    /// As it is written most often, of these the newest; empty for the undated.
    pub name: String,
    /// The name's language: that of its newest transcript.
    pub language: String,
    /// The transcripts, newest first; of one text in several languages, the site's.
    pub pages: Vec<PageIndex>,
}

/// What transcripts are grouped by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topics {
    /// By tag, those with the most transcripts first, then by name.
    pub tags: Vec<Topic>,
    /// By series, in the same order.
    pub series: Vec<Topic>,
    /// By year, newest first, the undated last; none where there are not two.
    pub years: Vec<Topic>,
    /// Which kinds have a page that names all of them: those with topics, unless a file of the
    /// site is that page already (`archive/_index.md`).
    pub indexes: Vec<Grouping>,
}

/// The ways to group transcripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// By tag.
    Tags,
    /// By series.
    Series,
    /// By year.
    Years,
}

/// Which transcripts a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListOf {
    /// All.
    Home,
    /// Those of the folder whose own page this is, and below.
    Folder(PageIndex),
    /// Those of a topic, by its place in [`Topics`].
    Topic(Grouping, usize),
}

/// The year's name of transcripts without a date.
const UNDATED: &str = "undated";

impl Grouping {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tags, Self::Series, Self::Years];

    /// The folder of its pages.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Series => "series",
            Self::Years => "archive",
        }
    }

    /// The output path of the page that names all its topics.
    pub fn index(self) -> &'static str {
        match self {
            Self::Tags => "tags/index.html",
            Self::Series => "series/index.html",
            Self::Years => "archive/index.html",
        }
    }
}

impl Topics {
    /// Groups transcripts, which come newest first.
    pub(super) fn new(pages: &[Page], language: &str) -> Self {
        let mut tags = Groups::default();
        let mut series = Groups::default();
        let mut years = Groups::default();
        let transcripts = pages.iter().enumerate();
        for (at, page) in transcripts.filter(|(_, page)| page.kind == PageKind::Transcript) {
            let at = at as PageIndex;
            let front = &page.file.front;
            front.tags.iter().for_each(|tag| tags.add(tag, at));
            front.series.iter().for_each(|name| series.add(name, at));
            let year = page.date.as_deref().and_then(|date| date.get(..4));
            years.add(year.unwrap_or(UNDATED), at);
        }
        let finish = |groups: Groups, grouping| groups.finish(grouping, pages, language);
        let mut years = finish(years, Grouping::Years);
        years.sort_by(|a, b| (a.id == UNDATED, &b.id).cmp(&(b.id == UNDATED, &a.id)));
        years.iter_mut().filter(|year| year.id == UNDATED).for_each(|year| year.name.clear());
        // One year is the list of all again; and without their own index nothing leads to them.
        let taken = pages.iter().any(|page| page.path == Grouping::Years.index());
        if years.len() < 2 || taken {
            years.clear();
        }
        let by_size = |mut topics: Vec<Topic>| {
            topics.sort_by(|a, b| (b.pages.len(), &a.id).cmp(&(a.pages.len(), &b.id)));
            topics
        };
        let mut topics = Self {
            tags: by_size(finish(tags, Grouping::Tags)),
            series: by_size(finish(series, Grouping::Series)),
            years,
            indexes: Vec::new(),
        };
        let made = |grouping: &Grouping| {
            let own = pages.iter().any(|page| page.path == grouping.index());
            !topics.of(*grouping).is_empty() && !own
        };
        topics.indexes = Grouping::ALL.into_iter().filter(made).collect();
        topics
    }

    /// The topics of one kind.
    pub fn of(&self, grouping: Grouping) -> &[Topic] {
        match grouping {
            Grouping::Tags => &self.tags,
            Grouping::Series => &self.series,
            Grouping::Years => &self.years,
        }
    }

    /// A topic by its name, however it is written.
    pub fn find(&self, grouping: Grouping, name: &str) -> Option<&Topic> {
        let id = slug::id(name);
        self.of(grouping).iter().find(|topic| topic.id == id)
    }
}

/// Transcripts by the id of a name.
#[derive(Default)]
struct Groups {
    /// By name as it is written, so that its id is made once.
    by_name: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
    groups: Vec<Group>,
}

/// An id, its ways of writing with how often each stands, and the transcripts.
type Group = (String, Vec<(String, usize)>, Vec<PageIndex>);

impl Groups {
    fn add(&mut self, name: &str, page: PageIndex) {
        let at = self.by_name.get(name).copied().unwrap_or_else(|| self.named(name));
        let (_, spellings, pages) = &mut self.groups[at];
        match spellings.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += 1,
            None => spellings.push((name.to_owned(), 1)),
        }
        if pages.last() != Some(&page) {
            pages.push(page);
        }
    }

    /// The group of a name that was not written like this before.
    fn named(&mut self, name: &str) -> usize {
        let id = slug::id(name);
        let at = *self.by_id.entry(id.clone()).or_insert_with(|| {
            self.groups.push((id, Vec::new(), Vec::new()));
            self.groups.len() - 1
        });
        self.by_name.insert(name.to_owned(), at);
        at
    }

    fn finish(self, grouping: Grouping, all: &[Page], language: &str) -> Vec<Topic> {
        let topic = |(id, spellings, pages): Group| {
            let newest = spellings.into_iter().rev().max_by_key(|(_, count)| *count);
            let name = newest.map(|(name, _)| name).unwrap_or_default();
            // `index` is the page that names all topics.
            let file = if id == "index" { "index-1" } else { &id };
            let path = format!("{}/{file}.html", grouping.folder());
            let language_of = |at: &PageIndex| all[*at as usize].language.clone();
            let own = pages.first().map(language_of).unwrap_or_default();
            let pages = one_language(&pages, all, language);
            Topic { id, path, name, language: own, pages }
        };
        self.groups.into_iter().map(topic).collect()
    }
}

/// Of one text in several languages that are all here, the one for a reader of `language`.
fn one_language(pages: &[PageIndex], all: &[Page], language: &str) -> Vec<PageIndex> {
    let better = |at: PageIndex| {
        let page = &all[at as usize];
        if page.translations.is_empty() {
            return false;
        }
        let others = page.translations.iter().filter(|other| pages.binary_search(other).is_ok());
        let own = (super::rank(page, language, language), at);
        others
            .map(|other| (super::rank(&all[*other as usize], language, language), *other))
            .any(|other| other < own)
    };
    pages.iter().copied().filter(|at| !better(*at)).collect()
}

impl Site {
    /// A list's transcripts, newest first; of one text in several languages, the one that a
    /// reader of the list's language wants.
    pub fn list(&self, of: ListOf) -> Vec<PageIndex> {
        let (folder, language) = match of {
            ListOf::Home => ("", self.language.as_str()),
            ListOf::Folder(own) => (self.page(own).folder(), self.page(own).language.as_str()),
            ListOf::Topic(grouping, at) => return self.topics.of(grouping)[at].pages.clone(),
        };
        let inside = |page: &Page| folder.is_empty() || super::is_below(&page.content, folder);
        let listed = self.transcripts().filter(|(at, page)| {
            inside(page) && is_chosen(&self.pages, *at, language, &self.language)
        });
        listed.map(|(at, _)| at).collect()
    }

    /// The output path of a list's first page.
    pub fn list_path(&self, of: ListOf) -> &str {
        match of {
            ListOf::Home => "index.html",
            ListOf::Folder(own) => &self.page(own).path,
            ListOf::Topic(grouping, at) => &self.topics.of(grouping)[at].path,
        }
    }

    /// How many pages a list has besides the first.
    pub fn list_numbered(&self, of: ListOf) -> usize {
        numbered(self.list(of).len(), self.config.paginate)
    }

    /// All lists.
    pub fn lists(&self) -> impl Iterator<Item = ListOf> {
        let folders = self.pages.iter().enumerate().filter(|(_, page)| {
            page.kind == PageKind::Folder && page.path != self.list_path(ListOf::Home)
        });
        let folders = folders.map(|(at, _)| ListOf::Folder(at as PageIndex));
        let topics = Grouping::ALL.into_iter().flat_map(|grouping| {
            (0..self.topics.of(grouping).len()).map(move |at| ListOf::Topic(grouping, at))
        });
        [ListOf::Home].into_iter().chain(folders).chain(topics)
    }

    /// The output path of a list's feed, if it has one: the home page's and each tag's do, as soon
    /// as a transcript in it has a date.
    pub fn feed(&self, of: ListOf) -> Option<String> {
        self.config.base_url.as_ref()?;
        let path = match of {
            ListOf::Home => "feed.xml".to_owned(),
            ListOf::Topic(Grouping::Tags, _) => {
                let path = self.list_path(of);
                format!("{}.xml", path.strip_suffix(".html").unwrap_or(path))
            }
            _ => return None,
        };
        self.list(of).iter().any(|at| self.page(*at).date.is_some()).then_some(path)
    }

    /// The output paths of all lists' pages but the first.
    pub(super) fn list_pages(&self) -> Vec<String> {
        let pages = |of: ListOf| {
            let path = self.list_path(of).to_owned();
            (1..=self.list_numbered(of)).map(move |number| list_page(&path, number))
        };
        self.lists().flat_map(pages).collect()
    }
}

/// How many full pages of `size` entries stand behind the first page of a list.
pub(super) fn numbered(entries: usize, size: usize) -> usize {
    let size = size.max(1);
    entries.saturating_sub(size.div_ceil(2)) / size
}

/// Which entries, newest first, a page shows: 0 is the first page, the others are numbered from
/// the oldest entry on.
pub fn entries(count: usize, size: usize, number: usize) -> std::ops::Range<usize> {
    let size = size.max(1);
    match number {
        0 => 0..count - numbered(count, size) * size,
        number => count - number * size..count - (number - 1) * size,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_on_one_page_and_full_pages_stay() {
        for size in [1, 2, 3, 50] {
            for count in 0..260 {
                let pages = numbered(count, size);
                let mut all: Vec<usize> = entries(count, size, 0).collect();
                assert!(all.len() >= size.div_ceil(2).min(count), "{count} by {size}");
                assert!(all.len() < 2 * size, "{count} by {size}");
                for number in (1..=pages).rev() {
                    let page = entries(count, size, number);
                    assert_eq!(page.len(), size, "{count} by {size}");
                    all.extend(page.clone());
                    // Counted from the oldest, it is the same with one entry more.
                    let later = entries(count + 1, size, number);
                    assert_eq!(
                        (count - page.start, count - page.end),
                        (count + 1 - later.start, count + 1 - later.end)
                    );
                }
                assert_eq!(all, (0..count).collect::<Vec<_>>(), "{count} by {size}");
            }
        }
    }
}
