//! The pages that name all tags, all series, and all years, each with its count; series and years
//! with their newest transcripts too.

use serde::Serialize;

use super::HOME;
use super::frame::{DateView, Frame, Links, words};
use crate::i18n::Words;
use crate::site::{Grouping, ListOf, Page, Site, Topic};

/// `topics`.
#[derive(Debug, Serialize)]
pub(super) struct TopicsView {
    /// All of one kind: tags and series with the most transcripts first, years newest first.
    pub entries: Vec<TopicEntry>,
}

/// A tag, a series or a year.
#[derive(Debug, Serialize)]
pub(super) struct TopicEntry {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// The name's language.
    pub language: String,
    /// How many transcripts it has.
    pub count: usize,
    /// Of a series or a year: all of its transcripts where they are few, else the newest; of a
    /// tag none.
    pub newest: Vec<Newest>,
}

/// A transcript below the name of its series or its year.
#[derive(Debug, Serialize)]
pub(super) struct Newest {
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its language.
    pub language: String,
    /// Its day, in the site's language.
    pub date: Option<DateView>,
}

/// So many transcripts are few: all are named.
const FEW: usize = 12;

/// So many stand for more.
const SOME: usize = 5;

/// Where there are more series or years than these, [`SOME`] are named of each at most.
const MANY: usize = 30;

/// A topic where it is named on a page.
#[derive(Clone, Debug, Serialize)]
pub(super) struct TopicLink {
    /// Its page; empty where it has none.
    pub href: String,
    /// Its name, as the page's own file writes it.
    pub name: String,
}

/// What a kind of topics is called.
fn title(words: &Words, grouping: Grouping) -> &str {
    match grouping {
        Grouping::Tags => &words.tags,
        Grouping::Series => &words.series,
        Grouping::Years => &words.archive,
    }
}

/// Which entry of the navigation a topic's page belongs to.
pub(super) fn section(grouping: Grouping) -> &'static str {
    match grouping {
        Grouping::Years => HOME,
        _ => grouping.index(),
    }
}

/// A topic's name; the undated have one in the site's language.
pub(super) fn name<'a>(site: &'a Site, topic: &'a Topic) -> &'a str {
    if topic.name.is_empty() { &words(site).undated } else { &topic.name }
}

/// The entries of the navigation: kinds that tell a reader something.
pub(super) fn navigation(site: &Site) -> impl Iterator<Item = (&'static str, &str)> {
    let shown = |grouping: &&Grouping| **grouping != Grouping::Years;
    let entry = |grouping: &Grouping| (grouping.index(), title(words(site), *grouping));
    site.topics.indexes.iter().filter(shown).map(entry)
}

/// A topic by a name that stands in front matter.
pub(super) fn link(site: &Site, grouping: Grouping, name: &str, links: &Links<'_>) -> TopicLink {
    let topic = site.topics.find(grouping, name);
    let href = topic.map(|topic| links.to(&topic.path)).unwrap_or_default();
    TopicLink { href, name: name.to_owned() }
}

/// The link from the first page of the home page's list to all years; empty where one year is
/// all there is.
pub(super) fn archive(site: &Site, of: ListOf, links: &Links<'_>) -> String {
    let there = site.topics.indexes.contains(&Grouping::Years);
    let wanted = there && matches!(of, ListOf::Home | ListOf::Topic(Grouping::Years, _));
    if wanted { links.to(Grouping::Years.index()) } else { String::new() }
}

/// The head.
pub(super) fn frame(site: &Site, grouping: Grouping) -> Frame {
    let mut frame = Frame::new(site, "topics", grouping.index(), title(words(site), grouping));
    frame.section = Some(section(grouping));
    frame
}

/// What is shown.
pub(super) fn view(site: &Site, grouping: Grouping) -> TopicsView {
    let links = Links::from(site, grouping.index());
    let entry = |topic: &Topic| TopicEntry {
        href: links.to(&topic.path),
        name: name(site, topic).to_owned(),
        language: match grouping {
            Grouping::Years => site.language.clone(),
            _ => topic.language.clone(),
        },
        count: topic.pages.len(),
        newest: match grouping {
            Grouping::Tags => Vec::new(),
            _ => newest(site, topic, site.topics.of(grouping).len(), &links),
        },
    };
    TopicsView { entries: site.topics.of(grouping).iter().map(entry).collect() }
}

/// All of a topic's transcripts where they are few, else the newest of them; `topics` is how many
/// topics there are.
fn newest(site: &Site, topic: &Topic, topics: usize, links: &Links<'_>) -> Vec<Newest> {
    let most = if topics > MANY || topic.pages.len() > FEW { SOME } else { FEW };
    let pages = topic.pages.iter().take(most).map(|at| site.page(*at));
    let entry = |page: &Page| Newest {
        href: links.to(&page.path),
        title: page.title.clone(),
        language: page.language.clone(),
        date: page.date.as_deref().map(|date| DateView::new(date, words(site))),
    };
    pages.map(entry).collect()
}
