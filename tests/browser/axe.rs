//! axe-core finds nothing on any kind of page: light and dark, wide and on a phone, with a term's
//! card and without.
//!
//! axe-core comes with the npm packages of `tests/npm`. Where it is not installed the tests say
//! so and pass, unless `POSTIL_REQUIRE_BROWSER` is set: then that is a failure.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::time::Duration;

use fantoccini::error::CmdError;
use serde_json::json;
use tempfile::TempDir;

use crate::SOON;
use crate::driver::{Browser, Window, with_browser};
use crate::figures::{kind, note};
use crate::host::{Host, sample, tree};
use crate::languages::pair;
use crate::shared::{every_kind, every_kind_in_chinese};

/// One page of every kind.
pub const PAGES: &[&str] = &[
    "index.html",
    "page/1.html",
    "pair/talk.en.html",
    "pair/talk.en.with-zh.html",
    "zh/archive-rag.html",
    "zh/信息流的下一个十年.html",
    "en/forty-kilobytes-of-search.html",
    "en/everything.html",
    "en/index.html",
    "speakers/index.html",
    "speakers/engineer.html",
    "glossary/index.html",
    "glossary/rag.html",
    "glossary/agent.html",
    "glossary/kilobyte/page/1.html",
    "tags/index.html",
    "tags/检索.html",
    "series/index.html",
    "series/machines-that-read.html",
    "archive/index.html",
    "archive/2025.html",
    "search/index.html",
    "404.html",
    "about.html",
    "old/address.html",
];

/// Pages on which a term's card is opened.
const WITH_CARD: &[&str] = &["zh/archive-rag.html", "en/everything.html"];

/// Everything that a transcript can show and the sample does not, at two addresses.
const EVERYTHING: &str = r#"---
title: Everything that a page can show
date: 2025-06-01
tags: [search]
series: Machines that read
aliases: [old/address.html]
audio: talk.wav
original: https://example.org/talk
publisher: Example Press
license: CC BY 4.0
updated: 2025-07-01
corrections: [{date: 2025-07-01, note: A name was wrong.}]
notes:
  - {quote: "a hundred kilobytes", note: "Measured **after** compression.", by: editor, date: 2025-06-02}
---
![The cover](cover.svg)

An introduction with an agent, RAG and `inline code`.[^1]

## Chapters

- 0:00 Beginning
- 1:05 The middle

## Beginning

**Host:** [0:00] A question of a hundred kilobytes (laughs). Is RAG *still* a word?

**Engineer:** [1:05] It is. [A link](https://example.org), ~~gone~~, H<sub>2</sub>O, <kbd>Enter</kbd>.

> A quotation with an embedding in it.

1. one agent
2. two agents
   - nested

| left | middle | right |
|:-----|:------:|------:|
| a    | b      | 1     |

```rust
/// A comment.
fn main() { println!("{}", 1 + 2); }
```

![A picture](cover.svg "Its caption")

---

## 01

**Host:** Und auf Deutsch? 检索增强生成是什么？

<details><summary>More</summary>

Hidden words about an LLM.

</details>

### A deeper heading

**Engineer:** The end, **which breaks off

[^1]: A footnote, with a [link](https://example.org/note) and an LLM.
"#;

/// A term said more often than one of its pages holds.
fn often() -> String {
    let mut text = "---\ntitle: Kilobytes\ndate: 2025-05-01\n---\n".to_owned();
    for turn in 0..220 {
        let speaker = ["Host", "Engineer"][turn % 2];
        let words = "A kilobyte, a kilobyte, a kilobyte, a kilobyte and a kilobyte.";
        text.push_str(&format!("**{speaker}:** Turn {turn}. {words}\n\n"));
    }
    text
}

/// The sample site with these pages, lists of two entries a page, and navigation in this language.
pub fn site(language: &str) -> TempDir {
    let site = sample();
    let content = site.path().join("content");
    let write = |path: &str, text: &str| {
        fs::write(content.join(path), text).expect("a file of the site");
    };
    write("en/everything.md", EVERYTHING);
    write("en/often.md", &often());
    write("en/_index.md", "# In English\n\nAll that was said in English.\n");
    write("en/talk.wav", "");
    fs::create_dir(content.join("pair")).expect("a folder");
    pair(&content.join("pair"));
    let picture = r#"<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"><rect width="320" height="180" fill="teal"/></svg>"#;
    write("en/cover.svg", picture);
    let append = |path: &str, text: &str| {
        let old = fs::read_to_string(content.join(path)).expect("a file of the sample site");
        write(path, &format!("{old}\n{text}"));
    };
    append("glossary.yaml", "- term: kilobyte\n  definition: A thousand bytes.\n");
    let settings = fs::read_to_string(content.join("site.yaml")).expect("the settings");
    assert!(settings.contains("\nlanguage: en\n"), "the sample site is in English");
    let language = format!("\nlanguage: {language}\n");
    write("site.yaml", &settings.replace("\nlanguage: en\n", &language));
    append("site.yaml", "paginate: 2\nedit_url: https://example.org/edit/{path}#L{line}\n");
    site
}

fn axe() -> Option<String> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/npm/node_modules/axe-core/axe.min.js");
    let script = fs::read_to_string(&path).ok();
    if script.is_none() {
        let how = format!("there is no {}: npm ci --prefix tests/npm", path.display());
        assert!(
            env::var_os("POSTIL_REQUIRE_BROWSER").is_none(),
            "POSTIL_REQUIRE_BROWSER is set, and {how}"
        );
        println!("skipped: {how}");
    }
    script
}

/// All that axe asks of a page by the standard, and the one rule of these that waits to be asked
/// for.
const ALL: &str =
    "runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { 'target-size': { enabled: true } }";

/// What axe finds on the page that is open: for each rule where it is broken, and how. The lines
/// of a long list are alike, and hundreds of them take minutes: the first will do.
const RUN: &str = "axe.run({ exclude: [['main li:nth-child(n+25)']] }, { OPTIONS, resultTypes: ['violations'] }).then(found => ({ passed: found.passes.length, violations: found.violations.map(rule => {
    const nodes = rule.nodes.slice(0, 4), more = rule.nodes.length - nodes.length
    const lines = nodes.map(node => `  ${node.target.join(' ')}\\n    ${node.html.slice(0, 160)}\\n    ${node.failureSummary.replace(/\\s+/g, ' ')}`)
    return [`${rule.id}: ${rule.help}`, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join('\\n')
}) }))";

/// What axe finds on the page as it is, a text for each rule.
async fn run(browser: &Browser) -> Result<Vec<String>, CmdError> {
    // What follows the scrolling runs for ever.
    let still = "document.getAnimations().every(one => one.timeline !== document.timeline || one.playState !== 'running')";
    browser.until(still, SOON).await?;
    let run = RUN.replace("OPTIONS", ALL);
    let ask = json!({ "expression": run, "awaitPromise": true, "returnByValue": true });
    let answer = browser.devtools("Runtime.evaluate", ask).await?;
    let found = &answer["result"]["value"];
    assert!(found["passed"].as_u64() > Some(0), "axe looked at the page: {answer}");
    let rules = found["violations"].as_array().expect("a list").iter();
    Ok(rules.map(|rule| rule.as_str().expect("a text").to_owned()).collect())
}

/// A page under test, as the table of figures knows it.
struct Page<'a> {
    path: &'a str,
    language: &'a str,
}

/// Runs axe on the page as it is, in both schemes.
async fn both_schemes(
    browser: &Browser,
    page: &Page<'_>,
    state: &str,
) -> Result<Vec<String>, CmdError> {
    let mut all = Vec::new();
    for scheme in ["light", "dark"] {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.devtools("Emulation.setEmulatedMedia", features).await?;
        let matches = format!("matchMedia('(prefers-color-scheme: {scheme})').matches");
        assert_eq!(browser.value(&matches).await?, true, "the page is {scheme}");
        let found = run(browser).await?;
        let column = format!("{}, {scheme}", page.language);
        note("axe-core, violations", kind(page.path), &column, found.len());
        all.extend(found.iter().map(|line| format!("{}{state}, {column}: {line}", page.path)));
    }
    Ok(all)
}

async fn open_card(browser: &Browser, phone: bool) -> Result<(), CmdError> {
    let mention = "document.querySelector('.turn a[href^=\"#g-\"]')";
    browser.value(&format!("{mention}.scrollIntoView({{ block: 'center' }})")).await?;
    let at = browser.middle(mention).await?;
    if phone {
        browser.tap(at).await?
    } else {
        browser.click(at).await?
    }
    browser.until("document.querySelector('.card').matches(':popover-open')", SOON).await
}

/// The redirect without the script that leads away from it: axe needs it to stay.
fn that_stay(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let redirect = files.get_mut("old/address.html").expect("a redirect");
    let text = String::from_utf8(redirect.clone()).expect("a page in UTF-8");
    let lines = text.lines().filter(|line| !line.contains("<script src="));
    *redirect = lines.collect::<Vec<_>>().join("\n").into_bytes();
    files
}

fn nothing_is_found(window: &Window, language: &str, output: &Path) {
    let Some(axe) = axe() else { return };
    let files = that_stay(tree(output));
    // The site's own language stands on the left, and first in the address.
    let own = |page: &&str| match language {
        "zh" => page.replace("talk.en.with-zh", "talk.zh.with-en"),
        _ => (*page).to_owned(),
    };
    let pages: Vec<String> = PAGES.iter().map(own).collect();
    let missing: Vec<_> = pages.iter().filter(|page| !files.contains_key(*page)).collect();
    assert!(missing.is_empty(), "{missing:?} of {:?}", files.keys());
    let host = Host::new(files, "/");
    with_browser(window, async |browser: &Browser| {
        let mut found = Vec::new();
        for path in &pages {
            let page = Page { path, language };
            browser.client.goto(&host.url(path)).await?;
            browser.until("document.readyState === 'complete'", Duration::from_secs(9)).await?;
            browser.value(&format!("{axe}; typeof axe.run")).await?;
            found.extend(both_schemes(browser, &page, "").await?);
            if WITH_CARD.contains(&path.as_str()) {
                open_card(browser, window.phone).await?;
                found.extend(both_schemes(browser, &page, " with a card").await?);
            }
            if path == "search/index.html" {
                let ask = "(() => { const field = document.querySelector('input[type=search]');
                    field.value = 'search'; field.dispatchEvent(new Event('input', { bubbles: true })) })()";
                browser.value(ask).await?;
                browser.until("document.querySelectorAll('main mark').length > 2", SOON).await?;
                found.extend(both_schemes(browser, &page, " with hits").await?);
            }
        }
        assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
        Ok(())
    });
}

#[test]
fn on_a_wide_screen() {
    nothing_is_found(&Window::WIDE, "en", every_kind());
}

#[test]
fn on_a_phone() {
    nothing_is_found(&Window::PHONE, "en", every_kind());
}

#[test]
fn on_a_wide_screen_in_chinese() {
    nothing_is_found(&Window::WIDE, "zh", every_kind_in_chinese());
}
