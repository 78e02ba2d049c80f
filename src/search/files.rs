//! The files that a browser loads: `root.js` first, then what a query needs of the shards.
//!
//! Every file is a call of `postil` in `static/theme/passages.js` with its name and its text, `packed`, so
//! that it works as a classic script and from a disk. Nothing here is larger than 100 kB however
//! large the site is.
//!
//! | file | its text |
//! |---|---|
//! | `root.js` | JSON: where each document's units, each shard's keys and units begin; characters that fold to others |
//! | `i/<n>.js` | keys with their units: `key!units,key!units~units with spots` |
//! | `t/<n>.js` | documents and their units, JSON |
//! | `n/<n>.js` | terms and speakers by what they are called (`names`), JSON |
//! | `speakers-<n>.js`, … | documents by speaker, tag, publisher, JSON |

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::han;
use super::index::{Postings, SPOTTED, number, numbers};
use super::units::{self, Unit};
use super::{FOLDER, Search, packed};
use crate::i18n::date;
use crate::paths::link;
use crate::site::{Page, Site, Voiced};

/// Where a shard of the index begins: at a key, or within the units of one that has too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The place of the key.
    pub key: usize,
    /// The byte of its postings.
    pub byte: usize,
    /// The number that the first gap counts from.
    pub unit: u32,
}

/// A shard of the index ends behind so many bytes at a key that a digest of it picks, so that
/// shards stay the same when others grow; and at the latest behind twice as many.
const INDEX: usize = 17_000;
/// One key of so many is picked.
const PICKED: u8 = 32;

/// A shard of the texts has so many bytes before it is compressed, and whole documents.
const TEXT: usize = 40_000;
/// A document beyond this is cut.
const LARGE: usize = 100_000;

/// Bytes of a file of facets.
const FACETS: usize = 60_000;

/// The shards of the index.
pub(super) fn index_cuts(postings: &[(Box<str>, Postings)]) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let mut size = usize::MAX;
    for (at, (key, units)) in postings.iter().enumerate() {
        let whole = key.len() + units.text.len() + 2;
        let picked =
            size >= INDEX && blake3::hash(key.as_bytes()).as_bytes()[0].is_multiple_of(PICKED);
        if picked || size >= 2 * INDEX || (size > INDEX / 2 && whole > 2 * INDEX) {
            cuts.push(Cut { key: at, byte: 0, unit: 0 });
            size = 0;
        }
        if size + whole <= 3 * INDEX {
            size += whole;
            continue;
        }
        // So many units that they take several shards.
        let (mut byte, mut last) = (0, 0);
        for (end, unit) in numbers(&units.text) {
            if end - last > 2 * INDEX {
                cuts.push(Cut { key: at, byte, unit });
                last = byte;
            }
            byte = end;
        }
        size = units.text.len() - last;
    }
    cuts
}

/// The shards of the texts by their first units, from the units' sizes by document.
pub(super) fn text_cuts(sizes: &[Vec<u32>]) -> Vec<u32> {
    let mut cuts = vec![0];
    let (mut unit, mut size) = (0, 0);
    for document in sizes {
        let whole: usize = document.iter().map(|size| *size as usize).sum();
        if size > 0 && size + whole > TEXT {
            cuts.push(unit);
            size = 0;
        }
        for own in document {
            if whole > LARGE && size > TEXT {
                cuts.push(unit);
                size = 0;
            }
            size += *own as usize;
            unit += 1;
        }
    }
    cuts.dedup();
    cuts
}

/// The output paths of all files.
pub(super) fn paths(search: &Search) -> Vec<String> {
    let index = (0..search.index_cuts.len()).map(|at| format!("{FOLDER}i/{at}.js"));
    let texts = (0..search.text_cuts.len()).map(|at| format!("{FOLDER}t/{at}.js"));
    let facets = search.facets.iter().flat_map(|(kind, files)| {
        (0..files.len()).map(move |at| format!("{FOLDER}{kind}-{at}.js"))
    });
    let names = (0..search.names.len()).map(|at| format!("{FOLDER}n/{at}.js"));
    let root = [format!("{FOLDER}root.js")].into_iter();
    root.chain(index).chain(texts).chain(names).chain(facets).collect()
}

/// One of the files.
enum File<'a> {
    Root,
    Index(usize),
    Texts(usize),
    Names(&'a str),
    Facet(&'a str),
}

/// Which file a path names.
fn named<'a>(search: &'a Search, path: &'a str) -> Option<File<'a>> {
    let name = path.strip_prefix(FOLDER)?.strip_suffix(".js")?;
    if name == "root" {
        return Some(File::Root);
    }
    if let Some((folder, at)) = name.split_once('/') {
        let at: usize = at.parse().ok()?;
        return match folder {
            "i" if at < search.index_cuts.len() => Some(File::Index(at)),
            "t" if at < search.text_cuts.len() => Some(File::Texts(at)),
            "n" => search.names.get(at).map(|(_, rows)| File::Names(rows)),
            _ => None,
        };
    }
    let (kind, at) = name.rsplit_once('-')?;
    let (_, files) = search.facets.iter().find(|(known, _)| *known == kind)?;
    let at: usize = at.parse().ok()?;
    Some(File::Facet(files.get(at)?))
}

/// Whether a path names a file.
pub(super) fn has(search: &Search, path: &str) -> bool {
    named(search, path).is_some()
}

/// A file's bytes.
pub(super) fn render(search: &Search, site: &Site, path: &str) -> Option<Vec<u8>> {
    let file = named(search, path)?;
    let effort = if matches!(file, File::Index(_)) { packed::NUMBERS } else { packed::WORDS };
    let text = match file {
        File::Root => root(search),
        File::Index(at) => index(search, at),
        File::Texts(at) => texts(search, site, at),
        File::Names(rows) | File::Facet(rows) => format!("[{rows}]"),
    };
    Some(packed::script(path.strip_prefix(FOLDER)?.strip_suffix(".js")?, &text, effort))
}

fn root(search: &Search) -> String {
    let facets: BTreeMap<&str, usize> =
        search.facets.iter().map(|(kind, files)| (*kind, files.len())).collect();
    let names = search.names.iter().map(|(_, rows)| &**rows);
    json!({
        "version": search.version,
        "units": text(units(search)),
        "cuts": text(cuts(search)),
        "names": search.names.iter().map(|(first, _)| first).collect::<Vec<_>>(),
        "han": han::needed(search.postings.iter().map(|(key, _)| &**key).chain(names)),
        "years": search.years,
        "facets": facets,
    })
    .to_string()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("keys and letters")
}

/// Where each shard of the index begins: the shortest text that is behind all keys before it; within a
/// key's units, the key and where they go on.
fn cuts(search: &Search) -> Vec<u8> {
    let mut cuts = Vec::new();
    for cut in &search.index_cuts {
        let key = &search.postings[cut.key].0;
        if cut.byte > 0 {
            cuts.extend_from_slice(key.as_bytes());
            cuts.push(b'=');
            number(&mut cuts, cut.unit);
        } else if let Some(before) = cut.key.checked_sub(1) {
            cuts.extend_from_slice(parting(&search.postings[before].0, key).as_bytes());
        }
        cuts.push(b',');
    }
    cuts
}

/// The shortest beginning of a key that is behind the key before it.
fn parting<'a>(before: &str, key: &'a str) -> &'a str {
    let same = before.chars().zip(key.chars()).take_while(|(a, b)| a == b);
    let same: usize = same.map(|(c, _)| c.len_utf8()).sum();
    let next = key[same..].chars().next().map_or(0, char::len_utf8);
    &key[..same + next]
}

/// How many units each document has; behind a dot where it lies in the same file of texts as the one
/// before, and followed by `+` and a number of units for each place where it is cut.
fn units(search: &Search) -> Vec<u8> {
    let mut units = Vec::new();
    let mut cuts = search.text_cuts.iter().copied().peekable();
    for two in search.first_unit.windows(2) {
        if cuts.next_if_eq(&two[0]).is_none() {
            units.push(b'.');
        }
        number(&mut units, two[1] - two[0]);
        while let Some(cut) = cuts.next_if(|cut| *cut < two[1]) {
            units.push(b'+');
            number(&mut units, cut - two[0]);
        }
    }
    units
}

fn index(search: &Search, at: usize) -> String {
    let from = search.index_cuts[at];
    let end = Cut { key: search.postings.len(), byte: 0, unit: 0 };
    let to = search.index_cuts.get(at + 1).copied().unwrap_or(end);
    let mut out = Vec::new();
    let last = if to.byte > 0 { to.key + 1 } else { to.key };
    for (key, (name, units)) in search.postings[..last].iter().enumerate().skip(from.key) {
        let start = if key == from.key { from.byte } else { 0 };
        let end = if key == to.key { to.byte } else { units.text.len() };
        out.extend_from_slice(name.as_bytes());
        out.push(b'!');
        if start > 0 {
            out.push(b'=');
            number(&mut out, from.unit);
            out.push(b'=');
            if units.text[..start].contains(&SPOTTED) {
                out.push(SPOTTED);
            }
        }
        out.extend_from_slice(&units.text[start..end]);
        out.push(b',');
    }
    text(out)
}

/// A document as far as it stands in a shard.
#[derive(Debug, Serialize)]
struct Document<'a> {
    /// Its page, from the site's root.
    h: String,
    /// Its title.
    t: &'a str,
    /// Its language.
    l: &'a str,
    /// Its day, as programs read it and as readers of the search page do.
    d: Option<(&'a str, String)>,
    /// Its speakers: for each the name, and the ids of all who are called so here.
    s: Vec<Vec<&'a str>>,
    /// Its units: anchor, speaker, text.
    u: Vec<(&'a str, i32, &'a str)>,
}

/// The documents of a shard of the texts, each with its page and which of its units stand there.
fn shelved<'a>(
    search: &'a Search,
    site: &'a Site,
    at: usize,
) -> impl Iterator<Item = (&'a Page, std::ops::Range<usize>)> {
    let from = search.text_cuts[at];
    let last = search.first_unit.last().copied().unwrap_or_default();
    let to = search.text_cuts.get(at + 1).copied().unwrap_or(last);
    (search.document_of(from)..=search.document_of(to - 1)).map(move |number| {
        let (first, end) = (search.first_unit[number], search.first_unit[number + 1]);
        let inside = |unit: u32| (unit.clamp(first, end) - first) as usize;
        (site.page(search.documents[number]), inside(from)..inside(to))
    })
}

fn texts(search: &Search, site: &Site, at: usize) -> String {
    let mut rows = Vec::new();
    for (page, range) in shelved(search, site, at) {
        let units = units::of(page, &page.packed.unpack(&page.file.source).document);
        let document = document(site, page, &units[range]);
        rows.push(serde_json::to_string(&document).expect("texts and numbers are JSON"));
    }
    format!("[{}]", rows.join(","))
}

/// What a shard of the texts is made from; none for other files, which are quickly made.
pub(super) fn source<'a>(
    search: &'a Search,
    site: &'a Site,
    path: &str,
) -> Option<impl std::fmt::Debug + use<'a>> {
    let Some(File::Texts(at)) = named(search, path) else { return None };
    let documents = shelved(search, site, at);
    // The key tells the text, the rest what is shown of the document without it.
    let source = documents.map(|(page, range)| (page.key, document(site, page, &[]), range));
    Some((at, source.collect::<Vec<_>>()))
}

fn document<'a>(site: &'a Site, page: &'a Page, units: &'a [Unit]) -> Document<'a> {
    let speaker = |(at, voiced): (usize, &'a Voiced)| {
        let name = site.person(page.speakers[at]).name.get(&page.language);
        let ids = page.people_of(at as u32).iter().map(|person| site.person(*person).id.as_str());
        std::iter::once(name.unwrap_or(&voiced.label)).chain(ids).collect()
    };
    Document {
        h: link::encode_path(&page.path),
        t: &page.title,
        l: &page.language,
        d: page.date.as_deref().map(|iso| (iso, date(iso, site.words(&site.language)))),
        s: page.file.speakers.iter().enumerate().map(speaker).collect(),
        u: units
            .iter()
            .map(|unit| {
                (unit.id.as_str(), unit.speaker.map_or(-1, |s| s as i32), unit.text.as_str())
            })
            .collect(),
    }
}

/// What results can be narrowed to, each with its documents: rows of JSON, a list for each file.
pub(super) type Facets = Vec<(&'static str, Vec<String>)>;

/// Speakers, tags and publishers.
pub(super) fn facets(site: &Site, documents: &[crate::site::PageIndex]) -> Facets {
    let mut speakers: BTreeMap<&str, Row> = BTreeMap::new();
    let mut tags: BTreeMap<String, Row> = BTreeMap::new();
    let mut publishers: BTreeMap<&str, Row> = BTreeMap::new();
    for (number, at) in documents.iter().enumerate() {
        let page = site.page(*at);
        let people = page.everyone().map(|person| site.person(person));
        for person in people.filter(|person| person.is_listed()) {
            let name = person.name.get(&site.language).unwrap_or(&person.id);
            speakers.entry(&person.id).or_default().add(name, number as u32);
        }
        for tag in &page.file.front.tags {
            let topic = site.topics.find(crate::site::Grouping::Tags, tag);
            let (id, name) =
                topic.map_or((tag.clone(), tag), |topic| (topic.id.clone(), &topic.name));
            tags.entry(id).or_default().add(name, number as u32);
        }
        if let Some(name) = &page.file.front.publisher {
            publishers.entry(name).or_default().add(name, number as u32);
        }
    }
    vec![
        ("speakers", rows(speakers.into_iter())),
        ("tags", rows(tags.iter().map(|(id, row)| (id.as_str(), row.clone())))),
        ("publishers", rows(publishers.into_iter())),
    ]
}

/// The years, oldest first: name and first document. Undated documents come before all years.
pub(super) fn years(site: &Site, documents: &[crate::site::PageIndex]) -> Vec<(String, u32)> {
    let mut years: Vec<(String, u32)> = Vec::new();
    for (number, at) in documents.iter().enumerate() {
        let date = site.page(*at).date.as_deref();
        let year = date.and_then(|date| date.get(..4)).unwrap_or_default();
        if years.last().is_none_or(|(last, _)| last != year) {
            years.push((year.to_owned(), number as u32));
        }
    }
    years
}

/// A facet's name and documents.
#[derive(Clone, Default)]
struct Row {
    name: String,
    documents: Postings,
}

impl Row {
    fn add(&mut self, name: &str, document: u32) {
        if self.name.is_empty() {
            name.clone_into(&mut self.name);
        }
        if document >= self.documents.next {
            self.documents.add(document);
        }
    }
}

fn rows<'a>(all: impl Iterator<Item = (&'a str, Row)>) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    for (id, row) in all {
        let documents = String::from_utf8(row.documents.text).expect("letters");
        let row = json!([id, row.name, documents]).to_string();
        match files.last_mut().filter(|file| file.len() + row.len() < FACETS) {
            Some(file) => {
                file.push(',');
                file.push_str(&row);
            }
            None => files.push(row),
        }
    }
    files
}
