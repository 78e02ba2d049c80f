//! Every link of a site with all kinds of pages, followed by link checkers that are not ours: at a host's
//! root, below a folder, and from a disk, where no server finds `index.html` for a folder's name. A place
//! on a page (`#t-…`, `#g-…`) is a part of its link.
//!
//! linkinator crawls over HTTP, as in `hosting`: it checks those places of a page that it knew of when it came to
//! the page. lychee reads all pages from a disk and checks every place. What is not installed is skipped and
//! named, unless `POSTIL_REQUIRE_HOSTS` is set.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::host::{build, sample, tree};
use crate::hosting::{checker, crawl, nginx, program};
use serde_json::Value;
use tempfile::TempDir;

/// How many transcripts the site has that is made here.
const TRANSCRIPTS: usize = 40;

/// lychee, from the Python packages of the tests.
fn lychee() -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/packages/bin/lychee");
    if !file.is_file() {
        let missing = "pip install --target tests/python/packages -r tests/python/requirements.txt";
        assert!(env::var_os("POSTIL_REQUIRE_HOSTS").is_none(), "{missing} first");
        println!("skipped: {missing} was not run");
        return None;
    }
    Some(file)
}

/// What lychee says of all pages of `output`, read from the disk. `404.html` alone may name `/`: hosts show
/// it at any address. Links that close a card name no place on purpose.
fn from_disk(lychee: &Path, output: &Path) -> Value {
    let pages: Vec<String> = tree(output)
        .into_keys()
        .filter(|path| path.ends_with(".html") && path != "404.html")
        .map(|path| output.join(path).to_str().expect("a path in Unicode").to_owned())
        .collect();
    let list = TempDir::new().expect("a temporary folder");
    let names = list.path().join("pages");
    fs::write(&names, pages.join("\n")).expect("a list");
    let mut command = Command::new(lychee);
    command.args([
        "--offline",
        "--include-fragments=anchor-only",
        "--no-progress",
        "--format=json",
    ]);
    command.args(["--index-files", "", "--exclude", "#-$", "--files-from"]).arg(names);
    let output = command.stdin(Stdio::null()).output().expect("lychee runs");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    })
}

/// The pages with broken links, and the links.
fn broken(told: &Value) -> Vec<String> {
    let pages = told["error_map"].as_object().expect("pages").iter();
    pages
        .flat_map(|(page, links)| {
            let links = links.as_array().expect("links").iter();
            links.map(move |link| format!("{page}: {}", link["url"].as_str().unwrap_or_default()))
        })
        .collect()
}

/// A site with pages of all kinds: languages, translations, series, tags, notes, old addresses, other
/// forms, and lists that go over several pages.
fn large() -> TempDir {
    let site = TempDir::new().expect("a temporary folder");
    let put = |path: &str, text: &str| {
        let file = site.path().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
    };
    put(
        "content/site.yaml",
        "title: Kitchens\nlanguage: en\nbase_url: https://example.org/\npaginate: 7\nexports: [md, json, txt, vtt]\n",
    );
    put(
        "content/glossary.yaml",
        "- term: RAG\n  name: {en: retrieval-augmented generation, zh: 检索增强生成}\n  definition: Looking up first, see [the first talk](talks/0.md).\n  see: [大模型]\n\
         - term: 大模型\n  aliases: [large model]\n  definition: {en: A model of many parts., zh: 参数很多的模型。}\n\
         - term: C++\n  definition: A language.\n- term: Sourdough\n  definition: Bread that takes time.\n",
    );
    put(
        "content/speakers.yaml",
        "- id: host\n  name: {en: Host, zh: 主持人}\n- id: engineer\n  name: {en: Engineer, zh: 工程师}\n",
    );
    put(
        "content/pages/about.md",
        "---\ntitle: About\n---\n\nSee [the second talk](../talks/1.md).\n",
    );
    for number in 0..TRANSCRIPTS {
        put(&format!("content/talks/{number}.md"), &talk(number));
    }
    put(
        "content/talks/1.notes.yaml",
        "- quote: It has been 1 year since\n  note: \"Or more, see [before](0.md).\"\n",
    );
    site
}

/// One talk; every third in Chinese.
fn talk(number: usize) -> String {
    let chinese = number % 3 == 2;
    let before = number.saturating_sub(1);
    let mut text = format!(
        "---\ntitle: {} {number}\ndate: {}-0{}-{:02}\nlanguage: {}\ntags: [bread, {}]\nseries: Night shift {}\naliases: [/old/{number}.html]\npublisher: Kitchen {}\n---\n\n",
        if chinese { "厨房 夜谈" } else { "Kitchen talk" },
        2019 + number % 5,
        1 + number % 9,
        1 + number % 27,
        if chinese { "zh-Hans" } else { "en" },
        if number.is_multiple_of(2) { "数据" } else { "c#" },
        number % 2,
        number % 4
    );
    let (host, engineer) = if chinese { ("主持人", "工程师") } else { ("Host", "Engineer") };
    for round in 0..4 {
        let said = if chinese {
            format!(
                "## 第{round}节 面团与数据\n\n**{host}：** 第 {number} 次问到大模型，第 {round} 个问题是什么？\n\n\
                 **{engineer}：** 我们先用RAG来查，再说C++。见[上一篇]({before}.md)。\n\n没有人署名的第 {round} 段，关于 {number} 号面团。\n\n"
            )
        } else {
            format!(
                "## Part {round}: the dough\n\n**{host}:** It has been {number} year since question {round}. What is RAG?\n\n\
                 **{engineer}:** A large model that looks things up, as [before]({before}.md) in C++.\n\nParagraph {round} of talk {number}: Sourdough.[^1]\n\n"
            )
        };
        text += &said;
    }
    if !chinese {
        writeln!(text, "[^1]: Flour, water, salt, and talk {number}.").expect("a text");
    }
    text
}

#[test]
fn no_link_of_a_large_site_is_broken() {
    let site = large();
    let output = build(site.path());
    let pages = tree(&output).into_keys().filter(|path| path.ends_with(".html")).count();
    assert!(pages > 2 * TRANSCRIPTS, "only {pages} pages");
    if let Some(lychee) = lychee() {
        let told = from_disk(&lychee, &output);
        assert_eq!(broken(&told), [""; 0]);
        let followed = told["successful"].as_u64().expect("a number");
        assert!(followed > 4000, "only {followed} links were followed");
    }
    if let (Some(checker), Some(program)) = (checker(), program("nginx")) {
        for below in ["", "sub/path/"] {
            let server = nginx(&program, &output, below, "");
            crawl(&checker, &format!("http://127.0.0.1:{}/{below}", server.port), 130);
        }
    }
}

#[test]
fn no_link_of_the_sample_site_is_broken_from_a_disk() {
    let Some(lychee) = lychee() else { return };
    let site = sample();
    let told = from_disk(&lychee, &build(site.path()));
    assert_eq!(broken(&told), [""; 0]);
    assert!(told["successful"].as_u64().expect("a number") > 1500, "{told}");
}

/// What the checkers above find: a crawl that finds nothing wrong says nothing if it cannot.
#[test]
fn a_broken_link_is_found_from_a_disk() {
    let Some(lychee) = lychee() else { return };
    let site = TempDir::new().expect("a temporary folder");
    let page = "<!DOCTYPE html><title>A</title><p id=t-here><a href=\"b.html#t-there\">1</a> <a href=\"b.html#t-not\">2</a> \
                <a href=\"c.html\">3</a> <a href=\"d/\">4</a> <a href=\"#t-here\">5</a> <a href=\"#-\">6</a>";
    fs::create_dir_all(site.path().join("d")).expect("a folder");
    for (name, text) in [
        ("a.html", page),
        ("b.html", "<!DOCTYPE html><title>B</title><p id=t-there>"),
        ("d/index.html", "<!DOCTYPE html><title>D</title>"),
    ] {
        fs::write(site.path().join(name), text).expect("a page");
    }
    let told = from_disk(&lychee, site.path());
    let mut found: Vec<String> = broken(&told)
        .iter()
        .map(|link| link.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default().to_owned())
        .collect();
    found.sort();
    assert_eq!(found, ["b.html#t-not", "c.html", "d"]);
}
