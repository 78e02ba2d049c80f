//! What a site writes for machines, read by parsers that are not ours.

#[allow(dead_code, reason = "what a site is served by is for other tests")]
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::host::{build, tree};
use scraper::{Html, Selector};
use tempfile::TempDir;

const BASE: &str = "https://example.org/reading/";

fn site(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let folder = TempDir::new().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }
    tree(&build(folder.path()))
}

fn sample() -> BTreeMap<String, Vec<u8>> {
    site(&[
        (
            "content/site.yaml",
            "title: Night & day\nlanguage: en\ndescription: Two <talks>\nbase_url: https://example.org/reading/\n",
        ),
        (
            "content/a.md",
            "---\ntitle: \"One \u{1} & <two>\"\ndate: 2025-03-05\nupdated: 2025-04-01T13:05\ntags: [Sound]\nseries: Night\nsummary: What & why\n---\n\
             **Host:** Hello.\n\n**Engineer:** Hello.\n\n**Host:** Bye.\n",
        ),
        (
            "content/zh/问.md",
            "---\ntitle: 问答\ndate: 2024-01-02\n---\n**主持人：**你好。\n\n**工程师：**你好。\n",
        ),
        ("content/undated.md", "**Host:** Hello.\n\n**Engineer:** Hello.\n"),
        ("content/hidden.md", "---\nnoindex: true\n---\nNot for search engines.\n"),
    ])
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    let bytes = files.get(path).unwrap_or_else(|| panic!("{path} in {:?}", files.keys()));
    String::from_utf8(bytes.clone()).expect("UTF-8")
}

#[test]
fn the_feed_is_atom() {
    let files = sample();
    let feed = feed_rs::parser::parse(&*files["feed.xml"]).expect("a feed");
    assert_eq!(feed.feed_type, feed_rs::model::FeedType::Atom);
    assert_eq!(feed.id, format!("{BASE}feed.xml"));
    assert_eq!(feed.title.expect("a title").content, "Night & day");
    assert_eq!(feed.description.expect("a subtitle").content, "Two <talks>");
    assert_eq!(feed.updated.expect("a date").to_rfc3339(), "2025-04-01T00:00:00+00:00");
    let ids: Vec<&str> = feed.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, [format!("{BASE}a.html"), format!("{BASE}zh/%E9%97%AE.html")]);
    let entry = &feed.entries[0];
    assert_eq!(entry.title.as_ref().expect("a title").content, "One \u{fffd} & <two>");
    assert_eq!(entry.summary.as_ref().expect("a summary").content, "What & why");
    assert_eq!(entry.links[0].href, entry.id);
    assert_eq!(entry.published.expect("a date").to_rfc3339(), "2025-03-05T00:00:00+00:00");
    let authors: Vec<&str> =
        entry.authors.iter().filter_map(|person| person.name.as_deref()).collect();
    assert_eq!(authors, ["Host", "Engineer"]);
    let tags: Vec<&str> = entry.categories.iter().map(|tag| tag.term.as_str()).collect();
    assert_eq!(tags, ["Sound", "Night"]);
    let tag = feed_rs::parser::parse(&*files["tags/sound.xml"]).expect("a feed");
    assert_eq!(tag.entries.len(), 1);
    let home = text(&files, "index.html");
    assert!(home.contains(r#"<link rel="alternate" type="application/atom+xml" href="feed.xml""#));
}

#[test]
fn the_sitemap_names_every_page_that_may_be_found() {
    let files = sample();
    let sitemap = text(&files, "sitemap.xml");
    let sitemap = roxmltree::Document::parse(&sitemap).expect("XML");
    let urls: Vec<_> = sitemap.root_element().children().filter(|node| node.is_element()).collect();
    let child = |node: &roxmltree::Node<'_, '_>, name: &str| {
        let found = node.children().find(|child| {
            child.has_tag_name(("http://www.sitemaps.org/schemas/sitemap/0.9", name))
        });
        found.and_then(|found| found.text()).map(str::to_owned)
    };
    let named: BTreeSet<String> = urls.iter().filter_map(|url| child(url, "loc")).collect();
    let address = |path: &String| {
        let encoded =
            path.replace("问", "%E9%97%AE").replace("主持人", "%E4%B8%BB%E6%8C%81%E4%BA%BA");
        let encoded = encoded.replace("工程师", "%E5%B7%A5%E7%A8%8B%E5%B8%88");
        format!("{BASE}{}", if encoded == "index.html" { "" } else { &encoded })
    };
    let public = |path: &&String| {
        path.ends_with(".html") && !["404.html", "hidden.html"].contains(&path.as_str())
    };
    assert_eq!(named, files.keys().filter(public).map(address).collect());
    let first =
        urls.iter().find(|url| child(url, "loc").is_some_and(|loc| loc.ends_with("/a.html")));
    assert_eq!(child(first.expect("the page"), "lastmod").as_deref(), Some("2025-04-01"));
    let robots = text(&files, "robots.txt");
    assert!(robots.contains(&format!("Sitemap: {BASE}sitemap.xml\n")), "{robots}");
}

#[test]
fn the_index_has_all_transcripts() {
    let files = sample();
    let index: serde_json::Value = serde_json::from_slice(&files["index.json"]).expect("JSON");
    let transcripts = index["transcripts"].as_array().expect("a list");
    let hrefs: Vec<&str> = transcripts.iter().filter_map(|one| one["href"].as_str()).collect();
    assert_eq!(hrefs, ["a.html", "zh/%E9%97%AE.html", "hidden.html", "undated.html"]);
    assert_eq!(
        transcripts[0],
        serde_json::json!({
            "href": "a.html", "url": "https://example.org/reading/a.html",
            "title": "One \u{fffd} & <two>", "language": "en", "date": "2025-03-05", "series": "Night",
            "tags": ["Sound"], "turns": 3, "minutes": 1, "summary": "What & why",
            "speakers": [
                {"id": "host", "name": "Host", "turns": 2},
                {"id": "engineer", "name": "Engineer", "turns": 1},
            ],
        })
    );
}

#[test]
fn without_an_address_there_is_no_feed_and_files_of_ones_own_win() {
    let files = site(&[
        ("content/a.md", "---\ndate: 2025-03-05\ntags: [x]\n---\n**Host:** Hello.\n"),
        ("static/robots.txt", "User-agent: *\nDisallow: /\n"),
    ]);
    let made: Vec<&String> = files.keys().filter(|path| path.ends_with(".xml")).collect();
    assert_eq!(made, Vec::<&String>::new());
    assert_eq!(text(&files, "robots.txt"), "User-agent: *\nDisallow: /\n");
}

/// What stands in an attribute of every element that a selector names.
fn values(
    files: &BTreeMap<String, Vec<u8>>,
    path: &str,
    selector: &str,
    name: &str,
) -> Vec<String> {
    let page = Html::parse_document(&text(files, path));
    let selector = Selector::parse(selector).expect("a selector");
    page.select(&selector).filter_map(|one| one.value().attr(name)).map(str::to_owned).collect()
}

fn locations(files: &BTreeMap<String, Vec<u8>>) -> BTreeSet<String> {
    let sitemap = text(files, "sitemap.xml");
    let sitemap = roxmltree::Document::parse(&sitemap).expect("XML");
    let named = sitemap.descendants().filter(|node| node.tag_name().name() == "loc");
    named.filter_map(|node| node.text()).map(str::to_owned).collect()
}

#[test]
fn addresses_are_of_files_or_clean() {
    let talk = |tag: &str| format!("---\ndate: 2025-03-05\ntags: [{tag}]\n---\n**Host:** RAG!\n");
    let site_of = |canonical: &str| {
        site(&[
            (
                "content/site.yaml",
                &format!("language: en\nbase_url: {BASE}\ncanonical: {canonical}\n"),
            ),
            ("content/a/talk.md", &talk("Sound")),
            ("content/a/talk.zh.md", "---\ndate: 2025-03-05\n---\n**主持人：**你好。\n"),
            ("content/glossary.yaml", "- {term: RAG, definition: Looking up.}\n"),
        ])
    };
    for (canonical, talk, glossary) in
        [("file", "a/talk.html", "glossary/index.html"), ("clean", "a/talk", "glossary/")]
    {
        let files = site_of(canonical);
        let own = |path: &str| values(&files, path, "link[rel=canonical]", "href");
        let [talk, glossary] = [talk, glossary].map(|path| format!("{BASE}{path}"));
        assert_eq!(own("index.html"), [BASE]);
        assert_eq!(own("a/talk.html"), [talk.as_str()]);
        assert_eq!(own("glossary/index.html"), [glossary.as_str()]);
        let urls = values(&files, "a/talk.html", "meta[property='og:url']", "content");
        assert_eq!(urls, [talk.as_str()]);
        let languages =
            values(&files, "a/talk.zh.html", "link[rel=alternate][hreflang=en]", "href");
        assert_eq!(languages, [talk.as_str()]);
        let named = locations(&files);
        assert!([BASE, &talk, &glossary].iter().all(|url| named.contains(*url)), "{named:?}");
        let clean = named.iter().all(|url| !url.ends_with(".html"));
        assert_eq!(clean, canonical == "clean", "{named:?}");
        let feed = feed_rs::parser::parse(&*files["tags/sound.xml"]).expect("a feed");
        assert_eq!((&feed.entries[0].id, &feed.entries[0].links[0].href), (&talk, &talk));
        // Links stay links to files: the same pages work from a disk.
        let home = values(&files, "index.html", "main h2 a", "href");
        assert_eq!(home, ["a/talk.html"]);
    }
}

#[test]
fn what_search_engines_should_not_find_is_in_no_sitemap() {
    let files = site(&[
        ("content/site.yaml", &format!("base_url: {BASE}\n")),
        ("content/a/_index.md", "---\nnoindex: true\n---\n# A folder\n"),
        ("content/a/talk.md", "---\nnoindex: true\n---\n**Host:** Hello.\n"),
        ("content/b.md", "**Host:** Hello.\n"),
        ("content/pages/about.md", "---\nnoindex: true\n---\n# About\n"),
    ]);
    let robots = |path: &str| values(&files, path, "meta[name=robots]", "content");
    let named = locations(&files);
    for path in ["a/index.html", "a/talk.html", "about.html"] {
        assert_eq!(robots(path), ["noindex"], "{path}");
        assert!(!named.contains(&format!("{BASE}{path}")), "{path}: {named:?}");
    }
    assert_eq!(robots("b.html"), Vec::<String>::new());
    assert!(named.contains(&format!("{BASE}b.html")), "{named:?}");
}

/// What a host sends with each file by `_headers`, as it is in most hosts' files: the headers of all rules
/// whose path, with `*` for anything, is that of the address.
fn sent(headers: &str, address: &str) -> BTreeMap<String, String> {
    let mut sent = BTreeMap::new();
    let mut applies = false;
    for line in headers.lines() {
        match line.strip_prefix("  ") {
            None => {
                applies = match line.split_once('*') {
                    Some((start, end)) => address.starts_with(start) && address.ends_with(end),
                    None => line == address,
                };
            }
            Some(header) if applies => {
                let (name, value) = header.split_once(": ").expect("a name and a value");
                sent.insert(name.to_owned(), value.to_owned());
            }
            Some(_) => {}
        }
    }
    sent
}

#[test]
fn hosts_are_told_of_exports_that_search_engines_should_leave_out() {
    let talk = |noindex: &str| {
        format!(
            "---\n{noindex}---\n**Host:** [0:01] Hello.\n\n**Engineer:** [0:05] Hello.\n\n**Host:** [0:09] Bye.\n"
        )
    };
    let files = |csp: &str| {
        site(&[
            (
                "content/site.yaml",
                &format!("exports: [md, json, txt, vtt, srt, podcast]\ncsp: {csp}\n"),
            ),
            ("content/open.md", &talk("")),
            ("content/谈 话/a [b] 100%.md", &talk("noindex: true\n")),
            ("content/c.md", &talk("noindex: true\n")),
            // The author's own captions take the place of the export.
            ("content/c.vtt", "WEBVTT\n"),
        ])
    };
    let built = files("header");
    insta::assert_snapshot!(text(&built, "_headers"));
    // Without the policy the rest is told all the same, and nothing else.
    let robots = text(&files("off"), "_headers");
    assert!(
        text(&built, "_headers").ends_with(&robots) && robots.starts_with("/c.md\n"),
        "{robots}"
    );
    // As a browser, or a crawler, asks for it: by the page's own links to its forms.
    let base = url::Url::parse("https://example.org/").expect("an address");
    for (page, noindex) in [("open.html", false), ("c.html", true), ("谈 话/a [b] 100%.html", true)]
    {
        let page_at = base.join(&page.replace('%', "%25")).expect("an address");
        let links = values(&built, page, "main a[type]", "href");
        assert!(links.len() >= 5, "{page}: {links:?}");
        for link in links {
            let address = page_at.join(&link).expect("an address");
            let robots = sent(&text(&built, "_headers"), address.path()).remove("X-Robots-Tag");
            assert_eq!(robots.as_deref(), noindex.then_some("noindex"), "{address}");
        }
    }
    let none =
        site(&[("content/site.yaml", "csp: off\n"), ("content/c.md", &talk("noindex: true\n"))]);
    assert!(!none.contains_key("_headers"), "there is nothing to tell");
}

#[test]
fn changes_and_corrections_are_told_and_each_turn_can_be_edited() {
    let talk = "---\ntitle: Talk\ndate: 2025-03-05\nupdated: 2025-04-01\ncorrections:\n  - 'A year was wrong: it is 1987.'\n\
                \x20 - {date: 2025-04-01, text: A name.}\n---\n**Host:** Hello.\n\n**Engineer:** Hello, and welcome.\n\n## Later\n\n**Host:** Bye.\n";
    let files = site(&[
        (
            "content/site.yaml",
            &format!(
                "base_url: {BASE}\nedit_url: https://example.org/edit/{{path}}?plain=1#L{{line}}\n"
            ),
        ),
        ("content/my talks/a.md", talk),
    ]);
    let path = files.keys().find(|path| path.ends_with("/a.html")).expect("the page");
    let edit = values(&files, path, "main a[href^='https://example.org/edit/']", "href");
    let at = |words: &str| {
        let line = 1 + talk.lines().position(|line| line.contains(words)).expect("a line");
        format!("https://example.org/edit/content/my%20talks/a.md?plain=1#L{line}")
    };
    for words in ["Hello.", "welcome", "Bye"] {
        assert!(edit.contains(&at(words)), "{words}: {edit:?}");
    }
    let page = text(&files, path);
    let parsed = Html::parse_document(&page);
    let facts = Selector::parse("main dl.meta").expect("a selector");
    let facts: String = parsed.select(&facts).flat_map(|one| one.text()).collect();
    for fact in ["A year was wrong: it is 1987.", "1 April 2025: A name."] {
        assert!(facts.contains(fact), "{fact}: {facts}");
    }
    let data = Selector::parse("script[type='application/ld+json']").expect("a selector");
    let data: String = parsed.select(&data).flat_map(|one| one.text()).collect();
    let data: serde_json::Value = serde_json::from_str(&data).expect("JSON");
    assert!(data.to_string().contains(r#""dateModified":"2025-04-01""#), "{data}");
    let feed = feed_rs::parser::parse(&*files["feed.xml"]).expect("a feed");
    assert_eq!(feed.entries[0].updated.expect("a date").to_rfc3339(), "2025-04-01T00:00:00+00:00");
    assert!(text(&files, "sitemap.xml").contains("<lastmod>2025-04-01</lastmod>"));
}

#[test]
fn a_correction_has_its_date_in_the_language_of_the_page() {
    let talk = "---\ntitle: 问答\nlanguage: zh\ncorrections: [{date: 2025-04-01, text: 改了一个名字。}, {date: 2025-05}]\n---\n\
                **主持人：**你好。\n\n**工程师：**你好。\n\n**主持人：**再见。\n";
    let files = site(&[("content/a.md", talk)]);
    let page = text(&files, "a.html");
    for fact in ["2025年4月1日：改了一个名字。", "<dd>2025年5月</dd>"] {
        assert!(page.contains(fact), "{fact}: {page}");
    }
}

/// Search engines are asked to leave it out; whoever follows the site is told of it.
#[test]
fn what_is_not_for_search_engines_stays_in_feeds_and_says_so_in_the_index() {
    let talk = |noindex: &str| {
        format!(
            "---\ndate: 2025-03-05\ntags: [Sound]\n{noindex}---\n**Host:** Hello.\n\n**Engineer:** Hello.\n\n**Host:** Bye.\n"
        )
    };
    let files = site(&[
        ("content/site.yaml", &format!("base_url: {BASE}\n")),
        ("content/a.md", &talk("noindex: true\n")),
        ("content/b.md", &talk("")),
    ]);
    for feed in ["feed.xml", "tags/sound.xml"] {
        assert_eq!(
            feed_rs::parser::parse(&*files[feed]).expect("a feed").entries.len(),
            2,
            "{feed}"
        );
    }
    let index: serde_json::Value = serde_json::from_slice(&files["index.json"]).expect("JSON");
    let said = index["transcripts"].as_array().expect("a list").iter();
    let said: Vec<_> = said.map(|one| (one["href"].as_str(), one["noindex"].as_bool())).collect();
    assert!(said.contains(&(Some("a.html"), Some(true))), "{said:?}");
    assert!(said.contains(&(Some("b.html"), None)), "{said:?}");
    let sitemap = text(&files, "sitemap.xml");
    assert!(sitemap.contains("b.html") && !sitemap.contains("a.html"), "{sitemap}");
}

/// All that a page says to search engines.
fn linked_data(files: &BTreeMap<String, Vec<u8>>, path: &str) -> serde_json::Value {
    let data = Selector::parse("script[type='application/ld+json']").expect("a selector");
    let page = Html::parse_document(&text(files, path));
    let data: String = page.select(&data).flat_map(|one| one.text()).collect();
    serde_json::from_str(&data).expect("JSON")
}

#[test]
fn a_transcript_mentions_terms_by_the_name_that_their_pages_give_them() {
    let talk = "---\ntitle: Talk\n---\n**Host:** What is RAG?\n\n**Engineer:** Not C++.\n\n**Host:** So.\n";
    let glossary =
        "- term: RAG\n  definition: Looking up first.\n- term: C++\n  definition: A language.\n";
    let site_of = |settings: &str| {
        site(&[
            ("content/site.yaml", settings),
            ("content/glossary.yaml", glossary),
            ("content/a.md", talk),
        ])
    };
    let files = site_of(&format!("base_url: {BASE}\n"));
    let mentions = linked_data(&files, "a.html")["mentions"].clone();
    for (mention, name, page) in
        [(&mentions[0], "RAG", "glossary/rag.html"), (&mentions[1], "C++", "glossary/c++.html")]
    {
        let defined = linked_data(&files, page);
        assert_eq!(defined["@type"], "DefinedTerm");
        assert_eq!(mention["@id"], format!("{BASE}{page}"), "{mention}");
        assert_eq!(mention["@id"], defined["@id"]);
        assert_eq!((&mention["name"], &defined["name"]), (&name.into(), &name.into()));
    }
    let mentions = linked_data(&site_of(""), "a.html")["mentions"].clone();
    assert_eq!(mentions[0], serde_json::json!({"@type": "DefinedTerm", "name": "RAG"}));
}
