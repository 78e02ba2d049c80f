//! The site as a whole: which pages there are, where each is, who speaks, where each term is
//! spoken. Made anew from all readings at every build; it is complete once it exists.
//!
//! Pure values and look-ups: `build` makes them, `again` makes the next ones out of them after small edits, `folders` says what each file of a folder is, `links` whether links arrive,
//! `lists` how transcripts are grouped and paged, `people` who a label means, `routes` which file is which page and what a link names. What a page shows of them is `views`'.

mod again;
mod build;
mod claims;
mod folders;
mod links;
mod lists;
mod names;
mod packed;
mod parallel;
mod people;
mod pictures;
mod routes;
mod shelf;
mod short_texts;
mod summary;
mod terms;
mod words;

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

pub use again::again;
pub use build::{Parts, Read, Said, build};
pub use folders::{Folders, readable};
pub use lists::{Grouping, ListOf, Topic, Topics, entries};
pub use packed::{Extract, Packed};
pub use parallel::{Row, parallel};
pub use pictures::{Copies, Dimensions, Picture, is_copies_file};
pub use routes::{Routes, Target};
pub use short_texts::Noted;
pub use summary::{Reading, Spoken, Summary, Voiced};

use crate::config::{Export, SiteConfig};
use crate::document::SpeakerIndex;
use crate::glossary::{Glossary, Localized, TermIndex};
use crate::i18n::{Lexicon, Words};
use crate::paths::{language, list_page};
use crate::source::{Source, Span};
use shelf::Shelf;
use short_texts::Meant;

/// Index into [`Site::pages`].
pub type PageIndex = u32;

/// Index into [`Site::people`].
pub type PersonIndex = u32;

/// How many mentions a page of a term lists; the first has up to half as many more.
pub const MENTIONS_A_PAGE: usize = 500;

/// Everything that pages are made from. Cheap to clone: what is large is shared.
#[derive(Clone, Debug)]
pub struct Site {
    /// The settings.
    pub config: Arc<SiteConfig>,
    /// The site's name, in its language.
    pub title: String,
    /// The navigation's language, a BCP 47 tag.
    pub language: String,
    /// The interface's words.
    pub lexicon: Arc<Lexicon>,
    /// The terms.
    pub glossary: Arc<Glossary>,
    /// The links of definitions into the site, by term.
    meant: Arc<[Meant]>,
    /// By [`TermIndex`]: where each term is spoken in transcripts, in the order of [`Site::pages`].
    pub uses: Vec<Arc<[Use]>>,
    /// By [`TermIndex`]: the output path of the term's first page.
    pub term_paths: Arc<[String]>,
    /// Everyone who speaks or is declared, by name's order of first appearance.
    pub people: Arc<[SitePerson]>,
    /// What `speakers.yaml` calls people, as keys: a file is read by them.
    pub known: Arc<BTreeSet<String>>,
    /// Labels that nobody declares, those with the most turns first. Without `speakers.yaml`
    /// only those that are near to a name in their own front matter, or the first name of one
    /// person of the site.
    pub unknown: Arc<[UnknownLabel]>,
    /// All pages that come from a Markdown file: transcripts newest first (undated ones last, by path), then
    /// plain pages.
    pub pages: Vec<Arc<Page>>,
    /// Which file is which page, for links.
    pub routes: Arc<Routes>,
    /// By output path: the pictures that lie in the site.
    pub pictures: Arc<BTreeMap<String, Picture>>,
    /// Which pictures on the web have a copy in the site.
    pub copies: Arc<Copies>,
    /// By content path of a folder: its own pages, one for each language. The content folder's
    /// own key is empty.
    pub folders: Arc<BTreeMap<String, Vec<PageIndex>>>,
    /// Tags, series and years with their transcripts.
    pub topics: Arc<Topics>,
    /// The readings that were asked for last.
    shelf: Shelf,
}

/// One mention, from the site's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// On which page.
    pub page: PageIndex,
    /// Which of the page's [`Summary::mentions`], and of the reading's.
    pub mention: u32,
}

/// Someone who speaks somewhere on the site, or whom `speakers.yaml` names.
#[derive(Clone, Debug)]
pub struct SitePerson {
    /// Unique id; the page is [`SitePerson::path`].
    pub id: String,
    /// `speakers/<id>.html`.
    pub path: String,
    /// The name, by language.
    pub name: Localized,
    /// Labels that mean this person, besides the name.
    pub aliases: Vec<String>,
    /// `host`, `guest`, … as written, from `speakers.yaml` or front matter.
    pub role: Option<String>,
    /// The person's own page elsewhere.
    pub url: Option<String>,
    /// Where `speakers.yaml` names them, if it does: the entry's `id`, or its name.
    pub declared: Option<(Source, Span)>,
    /// Where they speak, in the order of [`Site::pages`], with the number of turns; nowhere for
    /// a stand-in.
    pub pages: Vec<(PageIndex, u32)>,
    /// Whether this is no one, but a label for whoever speaks (`Q`, `Speaker 1`): it has no page
    /// and stands in no list, since in each document it means somebody else.
    pub stand_in: bool,
    /// Whether this is a label of several people who are all known: it has no page and stands in
    /// no list, since each of them has and does. See [`Page::together`].
    pub joint: bool,
}

impl SitePerson {
    /// Whether somebody is meant, who has a page among the speakers.
    pub fn is_listed(&self) -> bool {
        !self.stand_in && !self.joint
    }
}

/// How it is known who a label means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identified {
    /// `speakers.yaml` has the label as a name, an alias or an id.
    SpeakersYaml,
    /// The document's front matter has it as a name or an alias.
    FrontMatter,
    /// It names a role (`Host`) that one person of front matter has.
    Role,
    /// The label spells out a name beside its initials (`Night Engineer (NE)`).
    Name,
    /// It is the initials of one known person.
    Initials,
    /// It is the first name of one known person.
    FirstName,
    /// Several people of `speakers.yaml` are called so, and nothing decides between them.
    Ambiguous,
    /// It names several people, each of them known. It stands for all of them together, and its
    /// turns are also those of each.
    Together,
    /// It stands for whoever speaks: `Q`, `Speaker 1`, `观众`.
    StandIn,
    /// Nobody declares it: it stands for itself.
    Label,
}

/// A speaker's label that nobody declares.
#[derive(Clone, Debug)]
pub struct UnknownLabel {
    /// As it is first written.
    pub label: String,
    /// How many turns on the whole site.
    pub turns: u32,
    /// In how many transcripts.
    pub pages: u32,
    /// The first file, by path, that has it.
    pub source: Source,
    /// Where in that file.
    pub span: Span,
    /// A known name that is nearly the same.
    pub near: Option<String>,
    /// Whether it stands for whoever speaks.
    pub stand_in: bool,
}

/// What a Markdown file becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// A transcript.
    Transcript,
    /// `pages/*.md`.
    Plain,
    /// A folder's own words (`a/_index.md`, `a/index.md` beside others, `a/README.md`), above
    /// the list of the transcripts in it and below.
    Folder,
    /// What a collection says of itself (`LICENSE.md`): a plain page that no menu names.
    About,
}

/// One page that comes from a Markdown file.
#[derive(Clone, Debug)]
pub struct Page {
    /// Transcript or plain.
    pub kind: PageKind,
    /// Output path, relative to the site's root: `a/x.html`.
    pub path: String,
    /// The title that is shown.
    pub title: String,
    /// BCP 47 tag.
    pub language: String,
    /// ISO date.
    pub date: Option<String>,
    /// One or two sentences: the front matter's summary, else the first words of the
    /// introduction or of the first turn (at most 160 characters).
    pub summary: String,
    /// Reading time in minutes, at least 1.
    pub minutes: u32,
    /// How many turns.
    pub turns: u32,
    /// Whether it is shown only because drafts were asked for.
    pub draft: bool,
    /// Path below the content folder: `a/x.md`.
    pub content: String,
    /// The same text in other languages, in the order of their tags.
    pub translations: Vec<PageIndex>,
    /// By the document's [`SpeakerIndex`]: who that is.
    pub speakers: Vec<PersonIndex>,
    /// Labels of several people who are all known: the document's [`SpeakerIndex`], and
    /// everyone who speaks there.
    pub together: Vec<(SpeakerIndex, Vec<PersonIndex>)>,
    /// By the document's [`SpeakerIndex`]: how that is known.
    pub identified: Vec<Identified>,
    /// What is known of the file without its text.
    pub file: Arc<Summary>,
    /// The document, its mentions and its notes: see [`Site::reading`].
    pub packed: Packed,
    /// A digest of everything that the file's document, mentions and notes depend on.
    pub key: [u8; 16],
    /// See [`Site::quoted`].
    quoted: OnceLock<(u64, u64)>,
    /// Output paths of its old addresses, which lead to it.
    pub aliases: Vec<String>,
    /// The transcript before (older) in time.
    pub previous: Option<PageIndex>,
    /// The transcript after (newer) in time.
    pub next: Option<PageIndex>,
}

impl Page {
    /// Everyone for whom a speaker of the document stands: one person, or all who share a label.
    pub fn people_of(&self, speaker: SpeakerIndex) -> &[PersonIndex] {
        match self.together.iter().find(|(label, _)| *label == speaker) {
            Some((_, each)) => each,
            None => self.speakers.get(speaker as usize).map_or(&[], std::slice::from_ref),
        }
    }

    /// Everyone who speaks, each label's people in its place.
    pub fn everyone(&self) -> impl Iterator<Item = PersonIndex> + '_ {
        (0..self.speakers.len()).flat_map(|at| self.people_of(at as SpeakerIndex)).copied()
    }

    /// Whether a speaker of the document is a person, alone or together with others.
    pub fn is_spoken_by(&self, speaker: SpeakerIndex, person: PersonIndex) -> bool {
        self.people_of(speaker).contains(&person)
    }
}

/// Files of the site that another form of a transcript would hide.
const FOR_MACHINES: [&str; 2] = ["robots.txt", "index.json"];

impl Site {
    /// The other forms that a page has, with their output paths: those with times only where
    /// times are known, and none where a file of the site's own has the path.
    pub fn exports_of(&self, page: &Page) -> Vec<(Export, String)> {
        if page.kind != PageKind::Transcript {
            return Vec::new();
        }
        let exports = self.config.exports.iter().copied();
        let fits = exports.filter(|export| page.file.timed || !export.is_timed());
        let free = |path: &str| !self.routes.is_copied(path) && !FOR_MACHINES.contains(&path);
        fits.map(|export| (export, export.path(&page.path)))
            .filter(|(_, path)| free(path))
            .collect()
    }

    /// The interface's words in a language.
    pub fn words(&self, language: &str) -> &Words {
        self.lexicon.words(language)
    }

    /// A page by its index.
    pub fn page(&self, index: PageIndex) -> &Page {
        &self.pages[index as usize]
    }

    /// A person by index.
    pub fn person(&self, index: PersonIndex) -> &SitePerson {
        &self.people[index as usize]
    }

    /// Whether anyone has a page among the speakers.
    pub fn has_people(&self) -> bool {
        self.people.iter().any(SitePerson::is_listed)
    }

    /// The document, its mentions and its notes. They are packed: whoever needs several things
    /// of one page asks once.
    pub fn reading(&self, page: &Page) -> Arc<Reading> {
        self.shelf.take(&page.packed, &page.file.source)
    }

    /// What a use is, as far as lists need it.
    pub fn spoken(&self, found: Use) -> Spoken {
        self.page(found.page).file.mentions[found.mention as usize]
    }

    /// Who a document's speaker is.
    pub fn speaker(&self, page: &Page, speaker: SpeakerIndex) -> &SitePerson {
        self.person(page.speakers[speaker as usize])
    }

    /// A digest of everything that another page shows when it quotes a line of this one. Hundreds of
    /// pages ask for it, so it is made once.
    pub fn quoted(&self, index: PageIndex) -> (u64, u64) {
        let page = self.page(index);
        *page.quoted.get_or_init(|| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&page.key);
            let speakers = page.speakers.iter().map(|person| &self.person(*person).name);
            let names = speakers.map(|name| name.get(&page.language).unwrap_or_default());
            let own = [&page.path, &page.title, &page.language].map(String::as_str);
            for part in
                own.into_iter().chain([page.date.as_deref().unwrap_or_default()]).chain(names)
            {
                hasher.update(part.as_bytes());
                hasher.update(b"\0");
            }
            let mut halves = [[0; 8]; 2];
            hasher.finalize_xof().fill(halves.as_flattened_mut());
            (u64::from_le_bytes(halves[0]), u64::from_le_bytes(halves[1]))
        })
    }

    /// Where a term is spoken: mentions in transcripts.
    pub fn uses_of(&self, term: TermIndex) -> &[Use] {
        &self.uses[term as usize]
    }

    /// Where a link in a term's definition leads: an output path, and the fragment with its `#`.
    /// Such a link names a file relative to the glossary's own, like the links of a transcript.
    pub fn meant<'a>(&'a self, term: TermIndex, url: &'a str) -> Option<(&'a str, &'a str)> {
        let content = self.glossary.terms[term as usize].content();
        let (target, fragment) = self.routes.target(content, content, url)?;
        target.published.then_some((target.path.as_str(), fragment))
    }

    /// Where the definitions lead that a page may show.
    pub fn meant_on<'a>(
        &'a self,
        page: &'a Page,
    ) -> impl Iterator<Item = Option<(&'a str, &'a str)>> + 'a {
        let said = |link: &&Meant| page.file.mentions.iter().any(|said| said.term == link.term);
        self.meant.iter().filter(said).map(|link| self.meant(link.term, &link.url))
    }

    /// By [`TermIndex`]: whether any page has the term, a page that is no transcript too.
    pub fn marked(&self) -> Vec<bool> {
        let mut marked: Vec<bool> = self.uses.iter().map(|uses| !uses.is_empty()).collect();
        let others = self.pages.iter().filter(|page| page.kind != PageKind::Transcript);
        for found in others.flat_map(|page| &page.file.mentions) {
            marked[found.term as usize] = true;
        }
        marked
    }

    /// The output path of a page of a term, which are numbered as those of lists are:
    /// `glossary/rag.html`, `glossary/rag/page/2.html`.
    pub fn term_page(&self, term: TermIndex, number: usize) -> String {
        list_page(&self.term_paths[term as usize], number)
    }

    /// How many pages of a term stand behind its first.
    pub fn term_numbered(&self, term: TermIndex) -> usize {
        lists::numbered(self.uses_of(term).len(), MENTIONS_A_PAGE)
    }

    /// The transcripts, newest first.
    pub fn transcripts(&self) -> impl Iterator<Item = (PageIndex, &Page)> {
        let pages = self.pages.iter().enumerate().map(|(at, page)| (at as PageIndex, &**page));
        pages.filter(|(_, page)| page.kind == PageKind::Transcript)
    }

    /// Of the pages that are one text in several languages, the one for a reader of `language`.
    pub fn chosen(&self, among: &[PageIndex], language: &str) -> Option<PageIndex> {
        let of = |at: &PageIndex| (rank(self.page(*at), language, &self.language), *at);
        among.iter().min_by_key(|at| of(at)).copied()
    }
}

impl Page {
    /// The folder in which its file lies: a content path, empty for the content folder itself.
    /// What `pages/index.md` says is the content folder's.
    pub fn folder(&self) -> &str {
        let folder = self.content.rsplit_once('/').map_or("", |(folder, _)| folder);
        if self.kind == PageKind::Folder && folder == "pages" { "" } else { folder }
    }
}

fn is_below(content: &str, folder: &str) -> bool {
    content.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a page is the one, of all languages of its text, that a reader of `language` wants.
fn is_chosen(pages: &[impl Borrow<Page>], at: PageIndex, language: &str, site: &str) -> bool {
    let page: &Page = pages[at as usize].borrow();
    if page.translations.is_empty() {
        return true;
    }
    let own = (rank(page, language, site), at);
    page.translations
        .iter()
        .all(|other| own < (rank(pages[*other as usize].borrow(), language, site), *other))
}

/// How far a page is from what a reader of `language` wants, in a site of language `site`.
fn rank(page: &Page, language: &str, site: &str) -> u8 {
    match page.language.as_str() {
        own if own == language => 0,
        own if language::same_language(own, language) => 1,
        own if language::same_language(own, site) => 2,
        _ => 3,
    }
}
