//! What pages say to programs (JSON-LD), read by a processor that is not ours and compared with the
//! vocabulary of schema.org; `tests/npm/linked-data.mjs` does both.
//!
//! Where node or the npm packages are missing it is skipped and says so, unless
//! `POSTIL_REQUIRE_HOSTS` is set.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use scraper::{Html, Selector};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::host::{build, sample, tree};
use crate::hosting::program;

const BASE: &str = "https://example.org/reading/";

/// What the processor found in a page's data.
#[derive(Debug, serde::Deserialize)]
struct Read {
    page: String,
    faults: Vec<String>,
    /// Canonical N-Quads.
    quads: String,
}

/// node and the script that reads.
fn reader() -> Option<(PathBuf, PathBuf)> {
    let npm = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/npm");
    let needed = ["node_modules/jsonld", "node_modules/schema-dts"];
    if !needed.iter().all(|one| npm.join(one).is_dir()) {
        let required = std::env::var_os("POSTIL_REQUIRE_HOSTS").is_some();
        assert!(!required, "npm ci --prefix tests/npm first");
        println!("skipped: npm ci --prefix tests/npm was not run");
        return None;
    }
    Some((program("node")?, npm.join("linked-data.mjs")))
}

/// Reads the data of pages, each with its name and its address.
fn read(pages: &[Value]) -> Option<Vec<Read>> {
    let (node, script) = reader()?;
    let mut command = Command::new(node);
    command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = command.spawn().expect("node");
    let mut input = process.stdin.take().expect("its input");
    input.write_all(json!(pages).to_string().as_bytes()).expect("it reads");
    drop(input);
    let output = process.wait_with_output().expect("an end");
    assert!(output.status.success(), "{}", output.status);
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

/// The data of every page of a site that has some.
fn pages(site: &Path, base: Option<&str>) -> Vec<Value> {
    let script = Selector::parse("script[type='application/ld+json']").expect("a selector");
    let mut found = Vec::new();
    for (path, bytes) in tree(&build(site)) {
        if !path.ends_with(".html") {
            continue;
        }
        let page = Html::parse_document(&String::from_utf8(bytes).expect("UTF-8"));
        for one in page.select(&script) {
            let data: Value = serde_json::from_str(&one.text().collect::<String>()).expect("JSON");
            let address =
                base.map(|base| format!("{base}{}", postil::paths::link::encode_path(&path)));
            found.push(json!({"page": path, "base": address, "data": data}));
        }
    }
    found
}

fn with_address(site: &Path) {
    let config = site.join("content/site.yaml");
    let settings = fs::read_to_string(&config).expect("settings");
    fs::write(&config, format!("{settings}\nbase_url: {BASE}\n")).expect("settings");
}

fn faultless(read: &[Read]) {
    let faults: Vec<_> = read.iter().filter(|one| !one.faults.is_empty()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_page_of_the_sample_site_says_what_a_processor_reads() {
    let site = sample();
    let unknown = pages(site.path(), None);
    with_address(site.path());
    let known = pages(site.path(), Some(BASE));
    let kinds: BTreeSet<&str> =
        known.iter().filter_map(|one| one["data"]["@type"].as_str()).collect();
    assert_eq!(kinds, BTreeSet::from(["Article", "DefinedTerm", "DefinedTermSet"]));
    assert!(known.len() > 20 && known.len() == unknown.len(), "{} pages", known.len());
    let Some(read_known) = read(&known) else { return };
    faultless(&read_known);
    // Without an address nothing may depend on where the page is.
    let read_unknown = read(&unknown).expect("it was there before");
    faultless(&read_unknown);
    assert!(read_unknown.iter().all(|one| !one.quads.contains("example.org/reading")));

    // All pages' statements together are one graph: a term that an article mentions is the one
    // that its own page defines, and all terms are in one set.
    let statements: BTreeSet<&str> = read_known.iter().flat_map(|one| one.quads.lines()).collect();
    let terms: BTreeMap<&str, &str> = known
        .iter()
        .filter(|one| one["data"]["@type"] == "DefinedTerm")
        .filter_map(|one| Some((one["data"]["@id"].as_str()?, one["data"]["name"].as_str()?)))
        .collect();
    assert!(terms.len() > 10, "{terms:?}");
    let set = format!("{BASE}glossary/index.html");
    for (id, name) in &terms {
        let said = |rest: String| {
            let statement = format!("<{id}> <http://schema.org/{rest} .");
            assert!(statements.contains(&*statement), "{statement}");
        };
        said(format!("name> {}", json!(name)));
        said(format!("inDefinedTermSet> <{set}>"));
        let has = format!("<{set}> <http://schema.org/hasDefinedTerm> <{id}> .");
        assert!(statements.contains(&*has), "{has}");
    }
    let mentions = statements.iter().filter_map(|one| {
        let (_, id) = one.split_once(" <http://schema.org/mentions> <")?;
        id.strip_suffix("> .")
    });
    let mentions: BTreeSet<&str> = mentions.collect();
    assert!(mentions.len() > 10, "{mentions:?}");
    assert!(mentions.iter().all(|id| terms.contains_key(id)), "{mentions:?}");
}

/// What authors write in front matter is not always what schema.org means.
#[test]
fn odd_values_are_said_in_a_way_that_can_be_read() {
    let site = TempDir::new().expect("a temporary folder");
    let file = |path: &str, text: &str| {
        let path = site.path().join("content").join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    };
    let turns = "**Host:** What is C++?\n\n**Engineer:** Not 检索 </script>.\n\n**Host:** So.\n";
    file("site.yaml", "title: Talks\n");
    file(
        "glossary.yaml",
        "- term: C++\n  definition: A language.\n  aliases: [cpp]\n- term: 检索\n  definition: 找。\n",
    );
    file(
        "谈 话/a.md",
        &format!(
            "---\ntitle: 'A <b> \"talk\"'\ndate: 2025-03\nupdated: 2025-04-01T13:05:06+02:00\nlicence: CC BY 4.0\n\
             url: https://example.com/文 章?a=<b>|c\npublisher: ''\n---\n{turns}"
        ),
    );
    file(
        "b.md",
        &format!(
            "---\nlicense: https://creativecommons.org/licenses/by/4.0/\nurl: https://example.com\n\
             publisher: A paper\nlanguage: zh-Hans\n---\n{turns}"
        ),
    );
    let unknown = pages(site.path(), None);
    with_address(site.path());
    let known = pages(site.path(), Some(BASE));
    let Some(read) = read(&[known, unknown].concat()) else { return };
    faultless(&read);
    let one = read.iter().find(|one| one.page == "谈 话/a.html").expect("the page");
    for statement in [
        " <http://schema.org/isBasedOn> <https://example.com/%E6%96%87%20%E7%AB%A0?a=%3Cb%3E%7Cc> .",
        " <http://schema.org/name> \"CC BY 4.0\" .",
        " <http://schema.org/datePublished> \"2025-03-01\"^^<http://schema.org/Date> .",
        " <http://schema.org/dateModified> \"2025-04-01\"^^<http://schema.org/Date> .",
        " <http://schema.org/mentions> <https://example.org/reading/glossary/c++.html> .",
        " <http://schema.org/url> <https://example.org/reading/%E8%B0%88%20%E8%AF%9D/a.html> .",
    ] {
        assert!(one.quads.contains(statement), "{statement}: {}", one.quads);
    }
}

#[test]
fn the_reader_finds_what_is_wrong() {
    let article = |more: Value| {
        let mut data = json!({"@context": "https://schema.org", "@type": "Article"});
        let more = more.as_object().expect("an object").clone();
        data.as_object_mut().expect("an object").extend(more);
        json!({"page": "a.html", "base": "https://example.org/a.html", "data": data})
    };
    let wrong = [
        (json!({"@type": "Artcle"}), "schema.org knows no Artcle"),
        (json!({"headlin": "A talk"}), "Article has no headlin"),
        (json!({"license": "CC BY 4.0"}), "is no absolute address"),
        (json!({"datePublished": "May 2025"}), "May 2025 is no day"),
        (json!({"datePublished": "2025-02-31"}), "2025-02-31 is no day"),
        (json!({"publisher": {"@type": "DefinedTerm", "name": "A"}}), "and is DefinedTerm"),
        (json!({"publisher": "A paper"}), "and is a text"),
        (json!({"headline": ""}), "says nothing"),
        (json!({"headline": null}), "had 1 values, and has 0"),
        (
            json!({"@context": "https://example.org/context"}),
            "URL: \"https://example.org/context\"",
        ),
        (json!({"mentions": [{"@id": "a b", "name": "A"}]}), "relative @id reference"),
    ];
    let data: Vec<Value> = wrong.iter().map(|(more, _)| article(more.clone())).collect();
    let Some(read) = read(&data) else { return };
    for (read, (data, fault)) in read.iter().zip(&wrong) {
        assert!(read.faults.iter().any(|one| one.contains(fault)), "{data}: {:?}", read.faults);
    }
    let fine = article(json!({"headline": "A talk", "mentions": [{"@id": "b.html", "name": "B"}]}));
    let fine = self::read(&[fine]).expect("it was there before");
    assert_eq!(fine[0].faults, Vec::<String>::new());
    assert!(fine[0].quads.contains("<https://example.org/b.html>"), "{}", fine[0].quads);
}
