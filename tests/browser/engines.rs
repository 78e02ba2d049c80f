//! The card, the scheme, and reading without scripts in Firefox and in WebKit.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::engine::in_both;
use crate::host::{build, tree};
use crate::long;
use crate::shared::built_sample;

const PAGE: &str = "en/forty-kilobytes-of-search.html";
const MENTION: &str = "(() => { const all = document.querySelectorAll('.turn a[href^=\"#g-\"]');
    return all[Math.floor(all.length / 2)] })()";
const OPEN: &str = "document.querySelector('.card').matches(':popover-open')";
const CLOSED: &str = "!document.querySelector('.card').matches(':popover-open')";
const ESCAPE: &str = "\u{e00c}";
const ENTER: &str = "\u{e007}";

fn files() -> BTreeMap<String, Vec<u8>> {
    tree(built_sample())
}

/// Whether the card is whole in the window, near the word that opened it.
const BESIDE: &str = "(() => {
    const card = document.querySelector('.card').getBoundingClientRect();
    const word = document.querySelector('[aria-expanded=true]').getBoundingClientRect();
    const gap = Math.max(card.top - word.bottom, word.top - card.bottom);
    return card.height > 40 && card.top >= 0 && card.bottom <= innerHeight && card.left >= 0
        && card.right <= innerWidth && gap >= 0 && gap < 16 && card.left <= word.right && word.left <= card.right
        && document.querySelector('.card dd').innerText.length > 30;
})()";

#[test]
fn the_card_opens_by_click_and_key_and_escape_closes_it() {
    in_both(&files(), async |engine, host| {
        engine.goto(&host.url(PAGE)).await?;
        engine.until(CLOSED).await?;
        engine.click(MENTION).await?;
        engine.until(OPEN).await?;
        engine.until(BESIDE).await?;
        engine.key(ESCAPE).await?;
        engine.until(CLOSED).await?;
        let back = format!("document.activeElement === {MENTION}");
        engine.until(&back).await?;
        engine.key(ENTER).await?;
        engine.until(OPEN).await?;
        let inside = "document.querySelector('.card').contains(document.activeElement)";
        engine.until(inside).await?;
        engine.click("document.querySelector('.card .x')").await?;
        engine.until(CLOSED).await?;
        engine.until(&back).await
    });
}

#[test]
fn the_scheme_is_chosen_and_kept() {
    in_both(&files(), async |engine, host| {
        let button = "document.querySelector('.site button[data-scheme]')";
        let ground = "getComputedStyle(document.body).backgroundColor";
        engine.goto(&host.url("index.html")).await?;
        let mut seen = Vec::new();
        for scheme in ["", "dark", "light", "", "dark"] {
            engine.until(&format!("{button}.dataset.scheme === '{scheme}'")).await?;
            seen.push(engine.value(ground).await?);
            if seen.len() < 5 {
                engine.click(button).await?;
            }
        }
        assert_ne!(seen[0], seen[1], "{}: the first press changes nothing", engine.name);
        assert_eq!(seen[0], seen[2], "{}: the system's scheme is light", engine.name);
        engine.goto(&host.url(PAGE)).await?;
        engine.until(&format!("{ground} === {}", seen[1])).await
    });
}

/// Pages as browsers show them that run no scripts: these are gone, what stands for them shows.
fn still(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    for (path, bytes) in &mut files {
        if Path::new(path).extension().is_some_and(|end| end == "html") {
            let page = String::from_utf8(std::mem::take(bytes)).expect("a page in UTF-8");
            let page = page.replace("<noscript>", "").replace("</noscript>", "");
            let mut kept = String::new();
            let mut rest = page.as_str();
            while let Some((before, after)) = rest.split_once("<script") {
                kept.push_str(before);
                rest = after.split_once("</script>").expect("a script that ends").1;
            }
            kept.push_str(rest);
            *bytes = kept.into_bytes();
        }
    }
    files
}

#[test]
fn without_scripts_a_card_opens_and_closes_and_search_says_where_else_to_look() {
    in_both(&still(files()), async |engine, host| {
        engine.goto(&host.url(PAGE)).await?;
        assert_eq!(engine.value("document.scripts.length").await?, 0);
        engine.value(&format!("{MENTION}.scrollIntoView({{ block: 'center' }})")).await?;
        let before = engine.value("scrollY").await?;
        engine.click(MENTION).await?;
        let shown = "(card => { if (!card) return false;
            const box = card.getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return box.height > 40 && box.top >= 0 && box.bottom <= innerHeight && card.contains(top) })(
            document.querySelector('[role=doc-glossary] div:target'))";
        engine.until(shown).await?;
        assert_eq!(engine.value("scrollY").await?, before, "{}: the page moved", engine.name);
        engine.click("document.querySelector('[role=doc-glossary] div:target .x')").await?;
        engine.until("!document.querySelector('[role=doc-glossary] div:target')").await?;
        assert_eq!(engine.value("scrollY").await?, before, "{}: the page moved", engine.name);

        engine.goto(&host.url("search/index.html")).await?;
        let lists = "[...document.querySelectorAll('main li a')].filter(one => one.checkVisibility()).length > 1";
        engine.until(lists).await
    });
}

/// The files of the index are in UTF-16, which the mark before them tells, whatever a server says.
#[test]
fn the_search_finds_from_a_host_and_from_a_disk() {
    let disk = crate::file_url(&built_sample().join("search/index.html"));
    in_both(&files(), async |engine, host| {
        for page in [host.url("search/index.html"), disk.clone()] {
            for query in ["sea", "模型"] {
                engine.goto(&format!("{page}?q={query}")).await?;
                let marked = format!(
                    "[...document.querySelectorAll('.hits .lines mark')].some(one => /^{query}/i.test(one.textContent))"
                );
                engine.until(&marked).await?;
            }
        }
        Ok(())
    });
}

#[test]
fn links_into_a_long_talk_arrive() {
    let site = long::site(600);
    in_both(&tree(&build(site.path())), async |engine, host| {
        let page = host.url("talk.html");
        engine.goto(&page).await?;
        let mut ids = Vec::new();
        for at in [540, 80, 300] {
            ids.push(engine.value(&long::turn(at)).await?.as_str().expect("an id").to_owned());
        }
        for id in ids {
            engine.goto("about:blank").await?;
            engine.goto(&format!("{page}#{id}")).await?;
            engine.until(long::ARRIVED).await?;
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert_eq!(engine.value(long::ARRIVED).await?, true, "{}: it moved", engine.name);
        }
        Ok(())
    });
}
