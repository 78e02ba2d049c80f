//! The sample site, and the one that `init` writes, from outside: every link arrives, nothing is
//! inline, nothing is fetched from elsewhere, every page can be reached, and the same input gives
//! the same bytes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::LazyLock;

use crate::host::{Host, build, postil, sample, tree};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use scraper::{ElementRef, Html, Selector};
use tempfile::TempDir;
use url::Url;

/// Attributes that name something else.
const REFERENCES: &[&str] = &["href", "src", "srcset", "poster", "action", "data", "cite"];

/// The output of a build, by path.
type Files = BTreeMap<String, Vec<u8>>;

/// What `postil init` writes into an empty folder.
fn initial() -> TempDir {
    let site = TempDir::new().expect("a temporary folder");
    postil().arg("init").arg(site.path()).assert().success();
    site
}

/// The sample site and a new one, each built once.
static SITES: LazyLock<[Files; 2]> =
    LazyLock::new(|| [sample(), initial()].map(|site| tree(&build(site.path()))));

/// The pages of a site, parsed.
fn parsed(files: &Files) -> BTreeMap<&str, Html> {
    let pages = files.iter().filter(|(path, _)| path.ends_with(".html"));
    pages
        .map(|(path, bytes)| {
            let text = std::str::from_utf8(bytes).expect("a page in UTF-8");
            (path.as_str(), Html::parse_document(text))
        })
        .collect()
}

fn elements<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("a selector");
    page.select(&selector).collect()
}

/// All references of a page with the element's name.
fn references(page: &Html) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for element in elements(page, "*") {
        for name in REFERENCES {
            if let Some(value) = element.value().attr(name) {
                found.push((element.value().name(), value));
            }
        }
    }
    found
}

fn ids(page: &Html) -> Vec<&str> {
    elements(page, "[id]").iter().filter_map(|element| element.value().id()).collect()
}

fn is_elsewhere(reference: &str) -> bool {
    ["https:", "http:", "mailto:", "tel:"].iter().any(|scheme| reference.starts_with(scheme))
}

/// The path and the fragment that a reference on `page` leads to.
fn resolved(page: &str, reference: &str) -> (String, Option<String>) {
    let root = Url::parse("file:///site/").expect("a URL");
    let base = root.join(&encoded(page)).expect("a page's URL");
    let url = base.join(reference).expect("a reference");
    let decode = |text: &str| {
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
        decoded.expect("a reference in UTF-8").into_owned()
    };
    let path = decode(url.path());
    let path = path.strip_prefix("/site/").unwrap_or_else(|| {
        panic!("{page}: {reference} leads out of the site");
    });
    (path.to_owned(), url.fragment().map(decode))
}

fn encoded(path: &str) -> String {
    const KEEP: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-');
    percent_encoding::utf8_percent_encode(path, KEEP).to_string()
}

#[test]
fn every_link_and_every_fragment_arrives() {
    let [sample, new] = SITES.each_ref().map(follow);
    assert!(sample > 500, "only {sample} references in the sample site");
    assert!(new > 60, "only {new} references in a new site");
}

/// Follows every reference of a site, and says how many there were.
fn follow(files: &Files) -> usize {
    let pages = parsed(files);
    assert!(pages.len() >= 7, "home, transcripts, glossary, speakers: {:?}", pages.keys());
    let anchors: BTreeMap<&str, BTreeSet<&str>> =
        pages.iter().map(|(path, page)| (*path, ids(page).into_iter().collect())).collect();
    let mut followed = 0;
    for (path, page) in &pages {
        for (element, reference) in references(page) {
            if is_elsewhere(reference) || reference.starts_with("data:") || *path == "404.html" {
                continue;
            }
            assert!(!reference.starts_with('/'), "{path}: {reference} starts at a host's root");
            let (target, fragment) = resolved(path, reference);
            assert!(files.contains_key(&target), "{path}: <{element}> {reference} is not there");
            followed += 1;
            let Some(fragment) = fragment.filter(|fragment| !closes_a_card(page, fragment)) else {
                continue;
            };
            let known = anchors.get(target.as_str()).is_some_and(|ids| ids.contains(&*fragment));
            assert!(known, "{path}: {reference}: no such place");
        }
    }
    followed
}

/// Without scripts, what closes a card is a link to a place that does not exist.
fn closes_a_card(page: &Html, fragment: &str) -> bool {
    let closing = elements(page, "[role=doc-glossary] a[href^='#']");
    closing.iter().any(|link| {
        link.value().attr("href").and_then(|href| href.strip_prefix('#')) == Some(fragment)
            && !fragment.starts_with("g-")
            && !fragment.starts_with("t-")
            && !fragment.starts_with("p-")
    })
}

#[test]
fn every_mention_has_its_definition_on_the_page() {
    let mut mentions = 0;
    for (path, page) in SITES.iter().flat_map(parsed) {
        let known: BTreeSet<&str> = elements(&page, "[role=doc-glossary] [id^='g-']")
            .iter()
            .filter_map(|element| element.value().id())
            .collect();
        for link in elements(&page, "section.turn a[href^='#g-']") {
            let href = link.value().attr("href").unwrap_or_default();
            let id = percent_encoding::percent_decode_str(&href[1..]).decode_utf8_lossy();
            assert!(known.contains(&*id), "{path}: {href} has no definition");
            mentions += 1;
        }
    }
    assert!(mentions > 40, "only {mentions} mentions are shown");
}

#[test]
fn ids_are_unique_and_nothing_is_inline() {
    for (path, page) in SITES.iter().flat_map(parsed) {
        let mut seen = BTreeSet::new();
        for id in ids(&page) {
            assert!(seen.insert(id), "{path}: two places are called {id}");
        }
        for element in elements(&page, "*") {
            let name = element.value().name();
            for (attribute, _) in element.value().attrs() {
                let inline = attribute == "style" || attribute.starts_with("on");
                assert!(!inline, "{path}: <{name} {attribute}=…>");
            }
            assert!(name != "style", "{path}: an inline style sheet");
        }
        for script in elements(&page, "script:not([src])") {
            let kind = script.value().attr("type");
            assert_eq!(kind, Some("application/ld+json"), "{path}: an inline script");
        }
        assert!(elements(&page, "script[type=module]").is_empty(), "{path}: a module script");
    }
}

#[test]
fn nothing_is_fetched_from_elsewhere() {
    let fetching = "script, link[rel~=stylesheet], link[rel~=icon], link[rel*=preload], \
                    link[rel~=manifest], img, iframe, object, embed, source, video, audio, track";
    for (path, page) in SITES.iter().flat_map(parsed) {
        for element in elements(&page, fetching) {
            for name in ["src", "href", "srcset", "poster", "data"] {
                let Some(value) = element.value().attr(name) else { continue };
                let own = !is_elsewhere(value) && !value.starts_with("//");
                assert!(own, "{path}: <{}> fetches {value}", element.value().name());
            }
        }
        let unset = "link[rel=canonical], meta[property='og:url']";
        assert!(elements(&page, unset).is_empty(), "{path}: absolute without a base_url");
    }
    let sheets = SITES.iter().flatten().filter(|(path, _)| path.ends_with(".css"));
    for (path, bytes) in sheets {
        let text = String::from_utf8_lossy(bytes);
        for fetching in ["@import", "url(http", "url(\"http", "url('http", "url(//"] {
            assert!(!text.contains(fetching), "{path}: {fetching}");
        }
    }
}

#[test]
fn every_page_is_reached_from_the_home_page_below_any_folder() {
    SITES.iter().for_each(reach);
}

fn reach(files: &Files) {
    let host = Host::new(files.clone(), "/sub/");
    let home = Url::parse(&host.url("index.html")).expect("a URL");
    let mut seen = BTreeSet::from([home.clone()]);
    let mut queue = VecDeque::from([home.clone()]);
    while let Some(url) = queue.pop_front() {
        let body = get(&url);
        if !url.path().ends_with(".html") {
            continue;
        }
        let page = Html::parse_document(&String::from_utf8_lossy(&body));
        for (_, reference) in references(&page) {
            let mut target = url.join(reference).expect("a reference");
            target.set_fragment(None);
            if target.origin() == home.origin() && seen.insert(target.clone()) {
                queue.push_back(target);
            }
        }
    }
    let reached: BTreeSet<String> = seen
        .iter()
        .filter_map(|url| url.path().strip_prefix("/sub/"))
        .map(|path| percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned())
        .collect();
    let pages = files.keys().filter(|path| path.ends_with(".html") && *path != "404.html");
    for page in pages {
        assert!(reached.contains(page), "{page}: no way leads there from the home page");
    }
}

/// The body of what a host answers; a page that is not there fails the test.
fn get(url: &Url) -> Vec<u8> {
    let address = url.socket_addrs(|| None).expect("an address")[0];
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "GET {} HTTP/1.1\r\nHost: {address}\r\n\r\n", url.path()).expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{url} is not there");
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n").expect("a head");
    answer.split_off(head + 4)
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) = (sample(), sample());
    let first = tree(&build(one.path()));
    let elsewhere = [
        ("TZ", "Asia/Shanghai"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LANG", "zh_CN.UTF-8"),
        ("RAYON_NUM_THREADS", "1"),
    ];
    postil().args(["build", "--quiet"]).arg(two.path()).envs(elsewhere).assert().success();
    let second = tree(&two.path().join("public"));
    let paths: Vec<_> = first.keys().collect();
    assert_eq!(paths, second.keys().collect::<Vec<_>>());
    for (path, bytes) in &first {
        assert!(second[path] == *bytes, "{path} differs");
    }
}

#[test]
fn a_second_build_touches_nothing() {
    let site = sample();
    let output = build(site.path());
    let before = times(&output);
    build(site.path());
    for (path, time) in times(&output) {
        assert!(path.starts_with('.') || before.get(&path) == Some(&time), "{path} was written");
    }
}

fn times(root: &std::path::Path) -> BTreeMap<String, std::time::SystemTime> {
    let stamp = |path: &String| std::fs::metadata(root.join(path)).and_then(|data| data.modified());
    tree(root).into_keys().map(|path| (path.clone(), stamp(&path).expect("a time"))).collect()
}

#[test]
fn a_link_of_a_note_that_leads_nowhere_is_told_by_every_build() {
    let site = TempDir::new().expect("a temporary folder");
    let content = site.path().join("content");
    std::fs::create_dir(&content).expect("a new folder");
    let write = |name: &str, text: &str| {
        std::fs::write(content.join(name), text).expect("a new file");
    };
    write("a.md", "**Host:** The first words.\n\n**Guest:** The second ones.\n");
    write("b.md", "**Host:** Other words.\n\n**Guest:** Yes.\n");
    write("a.notes.yaml", "- quote: first words\n  note: As in [b](c.md).\n");
    // What an earlier process has read is not read again, and its complaints stay.
    for _ in 0..3 {
        let run = postil().args(["build", "."]).current_dir(site.path()).assert().failure();
        let output = run.get_output();
        let told =
            [&output.stdout, &output.stderr].map(|one| String::from_utf8_lossy(one).into_owned());
        let told = told.concat();
        assert!(told.contains("content/a.notes.yaml:2:19") && told.contains("`c.md`"), "{told}");
        assert!(told.contains("note: As in [b](c.md)."), "{told}");
    }
    write("c.md", "**Host:** There.\n\n**Guest:** Now.\n");
    let page = std::fs::read_to_string(build(site.path()).join("a.html")).expect("the page");
    assert!(page.contains("<a href=\"c.html\">b</a>"), "{page}");
}
