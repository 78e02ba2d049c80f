//! Where links between mentions and definitions arrive: the words are in the window.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use fantoccini::error::CmdError;
use serde_json::Value;
use tempfile::TempDir;

use crate::SOON;
use crate::driver::{Browser, Window, with_browser};
use crate::file_url;
use crate::host::{Host, build, sample, tree};

const WINDOW: Window = Window { width: 390, height: 844, ..Window::PHONE };
const LINKS: usize = 50;

/// Places where terms' pages say that they are said: address and words.
const BACKLINKS: &str = "[...document.querySelectorAll('.lines li a')].map(link =>
    ({ href: link.href, words: link.querySelector('b').textContent }))";

/// Terms that the page marks: the address of a definition, and its headword.
const MENTIONS: &str =
    "[...document.querySelectorAll(':is(.turn, .prose) a[href^=\"#g-\"]')].map(link =>
    ({ href: link.href, words: document.getElementById(decodeURIComponent(link.hash.slice(1)))
        .querySelector('dfn').textContent }))";

/// Whether the words stand in the window, in what the address names. Blanks count for nothing.
fn seen(words: &str) -> String {
    let words = serde_json::to_string(words).expect("a string");
    format!(
        "(() => {{
            const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
            const walk = document.createTreeWalker(target, NodeFilter.SHOW_TEXT);
            const letters = [];
            for (let node; node = walk.nextNode();)
                for (let at = 0; at < node.length; at++)
                    if (/\\S/.test(node.data[at])) letters.push([node, at]);
            const text = letters.map(([node, at]) => node.data[at]).join('');
            const words = {words}.replace(/\\s/g, '');
            for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {{
                const range = document.createRange();
                range.setStart(...letters[at]);
                const [node, last] = letters[at + words.length - 1];
                range.setEnd(node, last + 1);
                const box = range.getBoundingClientRect();
                if (box.height > 0 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0
                    && box.right <= innerWidth) return true;
            }}
            return false;
        }})()"
    )
}

/// Every so many of a list, from all over it; the same in every run.
fn spread(list: Vec<Value>, most: usize) -> Vec<Value> {
    let count = list.len();
    let chosen = |at: usize| at * most / count != (at + 1) * most / count || count <= most;
    list.into_iter().enumerate().filter(|(at, _)| chosen(*at)).map(|(_, one)| one).collect()
}

async fn links(browser: &Browser, pages: &[PathBuf], which: &str) -> Result<Vec<Value>, CmdError> {
    let mut links = Vec::new();
    for page in pages {
        browser.client.goto(&file_url(page)).await?;
        let found = browser.value(which).await?;
        links.extend(found.as_array().expect("a list").iter().cloned());
    }
    Ok(links)
}

fn arrive(site: &Path) {
    let output = build(site);
    let files = tree(&output);
    let below = |terms: bool| -> Vec<PathBuf> {
        let own = files.keys().filter(|path| path.ends_with(".html"));
        let own = own.filter(|path| path.starts_with("glossary/") == terms);
        own.map(|path| output.join(path)).collect()
    };
    with_browser(&WINDOW, async |browser: &Browser| {
        let backlinks = links(browser, &below(true), BACKLINKS).await?;
        let mentions = links(browser, &below(false), MENTIONS).await?;
        let chosen = [spread(backlinks, LINKS / 2), spread(mentions, LINKS / 2)].concat();
        assert_eq!(chosen.len(), LINKS, "there are too few links");
        let mut missed = Vec::new();
        for link in &chosen {
            let (href, words) = (link["href"].as_str().expect("a link"), link["words"].as_str());
            browser.client.goto("about:blank").await?;
            browser.client.goto(href).await?;
            browser.until("document.readyState === 'complete'", SOON).await?;
            if browser.value(&seen(words.expect("words"))).await? != true {
                missed.push(link.to_string());
            }
        }
        assert!(missed.is_empty(), "{} of {LINKS} miss their words: {missed:#?}", missed.len());
        Ok(())
    });
}

#[test]
fn fifty_links_from_mentions_and_back_arrive_at_the_words_on_a_phone() {
    arrive(sample().path());
}

#[test]
fn so_they_do_in_a_real_interview() {
    let Some(corpus) = env::var_os("POSTIL_CORPUS") else {
        return println!("skipped: POSTIL_CORPUS is not set");
    };
    let seed = PathBuf::from(corpus).join("seed");
    let site = sample();
    for entry in fs::read_dir(seed).expect("the seed") {
        let file = entry.expect("an entry").path();
        let name = file.file_name().expect("a name").to_owned();
        fs::copy(&file, site.path().join("content/zh").join(name)).expect("a copy");
    }
    for language in ["en", "zh"] {
        for entry in fs::read_dir(site.path().join("content").join(language)).expect("a folder") {
            let file = entry.expect("an entry").path();
            let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("content").join(language);
            let ours = own.join(file.file_name().expect("a name")).is_file();
            if ours && file.is_file() {
                fs::remove_file(file).expect("it is removed");
            }
        }
    }
    arrive(site.path());
}

#[test]
fn an_old_address_leads_to_the_same_place_of_the_new_one() {
    let site = TempDir::new().expect("a temporary folder");
    let content = site.path().join("content/talks");
    fs::create_dir_all(&content).expect("a new folder");
    let turns = "Words of a turn that is long enough.\n\n".repeat(60);
    let talk = format!(
        "---\naliases: [/2019/old talk.html, plain.html]\n---\n**Host:** Hello.\n\n{turns}\n## 费用 of it\n\n**Host:** Bye.\n"
    );
    fs::write(content.join("talk.md"), talk).expect("a new file");
    let output = build(site.path());
    let host = Host::new(tree(&output), "/sub/");
    let file = file_url(&output.join("2019/old talk.html"));
    let page = fs::read_to_string(output.join("talks/talk.html")).expect("the page");
    let (_, id) = page.split_once("id=\"s-").expect("a heading");
    let id = format!("s-{}", id.split('"').next().expect("an id"));
    let id = id.as_str();
    let arrived = |id: &str| {
        format!(
            "location.pathname.endsWith('/talks/talk.html') && document.readyState === 'complete' &&
             decodeURIComponent(location.hash) === '#{id}' && document.querySelector(':target')?.id === '{id}' &&
             document.querySelector(':target').getBoundingClientRect().top < innerHeight"
        )
    };
    with_browser(&WINDOW, async |browser: &Browser| {
        for old in [host.url("2019/old%20talk.html"), host.url("plain.html"), file] {
            browser.client.goto(&format!("{old}#{id}")).await?;
            browser.until(&arrived(id), SOON).await?;
            assert_eq!(browser.complaints().await?, Vec::<String>::new(), "{old}");
        }
        browser.client.goto(&host.url("2019/old%20talk.html?from=feed")).await?;
        browser
            .until(
                "location.pathname === '/sub/talks/talk.html' && location.search === '?from=feed'",
                SOON,
            )
            .await
    });
    with_browser(&Window::STILL, async |browser: &Browser| {
        browser.client.goto(&host.url("2019/old%20talk.html")).await?;
        browser.until("location.pathname === '/sub/talks/talk.html'", SOON).await
    });
}
