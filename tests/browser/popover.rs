//! The card of a term, with scripts: by pointer, keyboard and finger.

use std::time::Duration;

use fantoccini::error::CmdError;
use serde_json::{Value, json};

use crate::driver::{Browser, Window, with_browser};
use crate::hand::Place;
use crate::host::{Host, tree};
use crate::shared::built_sample;
use crate::{SOON, file_url};

const PAGE: &str = "en/forty-kilobytes-of-search.html";
const CHINESE: &str = "zh/archive-rag.html";

/// Longer than anything waits in the page.
const A_WHILE: Duration = Duration::from_millis(900);

/// A mention in the middle of the page.
const MENTION: &str = "(() => { const all = document.querySelectorAll('.turn a[href^=\"#g-\"]');
    return all[Math.floor(all.length / 2)] })()";

const CARD: &str = "document.querySelector('.card')";
const CLOSE: &str = "document.querySelector('.card .x')";
const OPEN: &str = "document.querySelector('.card').matches(':popover-open')";
/// It rises into its place: what is clicked before that may not be where it was.
const STILL: &str =
    "document.querySelector('.card').getAnimations().every(one => one.playState === 'finished')";
const CLOSED: &str = "!document.querySelector('.card').matches(':popover-open')";

/// Whether the card is whole in the window, above everything else, and has the definition.
const WHOLE: &str = "(() => {
    const card = document.querySelector('.card'), box = card.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return box.height > 40 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0
        && box.right <= document.documentElement.clientWidth && card.contains(top)
        && card.querySelector('dfn').textContent !== '' && card.querySelector('dd').innerText.length > 30;
})()";

/// It rises into its place, so that this may take a moment. How far the card is from the word that opened it, up or down, and whether they overlap from
/// left to right.
const NEAR: &str = "(() => {
    const card = document.querySelector('.card').getBoundingClientRect();
    const word = document.querySelector('[aria-expanded=true]').getBoundingClientRect();
    const gap = Math.max(card.top - word.bottom, word.top - card.bottom);
    return gap >= 0 && gap < 16 && card.left <= word.right && word.left <= card.right;
})()";

/// Opens a page of the sample site, from a disk, with a mention in the middle of the window.
async fn at_mention(browser: &Browser, url: &str) -> Result<Place, CmdError> {
    browser.client.goto(url).await?;
    browser.value(&format!("{MENTION}.scrollIntoView({{ block: 'center' }})")).await?;
    assert_eq!(browser.value(OPEN).await?, false, "the card shows too early");
    browser.middle(MENTION).await
}

async fn is_focused(browser: &Browser, element: &str) -> Result<Value, CmdError> {
    browser.value(&format!("document.activeElement === {element}")).await
}

/// Runs a test on a page of the sample site, from a disk.
fn on_page(
    window: &Window,
    page: &str,
    test: impl AsyncFnOnce(&Browser, &str) -> Result<(), CmdError>,
) {
    let url = file_url(&built_sample().join(page));
    with_browser(window, async |browser: &Browser| {
        test(browser, &url).await?;
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

#[test]
fn a_resting_pointer_opens_the_card_which_stays_while_it_is_on_word_or_card() {
    on_page(&Window::WIDE, PAGE, async |browser, url| {
        let word = at_mention(browser, url).await?;
        let away = Place { x: 3.0, y: 3.0 };
        browser.value(
            "addEventListener('pointerover', event => { window.came = window.came
                || (event.target.closest('a[href^=\"#g-\"]') && event.timeStamp) }, true);
             document.querySelector('.card').addEventListener('beforetoggle', event => window.opened = event.timeStamp)",
        ).await?;
        let before = browser.value("scrollY").await?;
        browser.hover(word).await?;
        browser.until(OPEN, SOON).await?;
        assert_eq!(browser.value("opened - came >= 290").await?, true, "it opens at once");
        browser.until(WHOLE, SOON).await?;
        browser.until(NEAR, SOON).await?;
        assert_eq!(browser.value("scrollY").await?, before, "the page moved");

        browser.hover(browser.middle(CARD).await?).await?;
        tokio::time::sleep(A_WHILE).await;
        assert_eq!(browser.value(OPEN).await?, true, "it closes under the pointer");
        browser.hover(away).await?;
        browser.until(CLOSED, SOON).await?;

        browser.hover(word).await?;
        browser.until(OPEN, SOON).await?;
        browser.key("Escape", false).await?;
        browser.until(CLOSED, SOON).await?;
        tokio::time::sleep(A_WHILE).await;
        assert_eq!(browser.value(CLOSED).await?, true, "it opens again by itself");
        Ok(())
    });
}

#[test]
fn a_click_pins_the_card_and_three_ways_close_it() {
    on_page(&Window::WIDE, PAGE, async |browser, url| {
        let word = at_mention(browser, url).await?;
        let before = browser.value("[scrollY, location.hash]").await?;
        for way in ["Escape", "the cross", "a click elsewhere", "a second click"] {
            browser.click(word).await?;
            browser.until(OPEN, SOON).await?;
            browser.hover(Place { x: 3.0, y: 3.0 }).await?;
            tokio::time::sleep(A_WHILE).await;
            assert_eq!(browser.value(OPEN).await?, true, "it was not pinned, before {way}");
            browser.until(WHOLE, SOON).await?;
            match way {
                "Escape" => browser.key("Escape", false).await?,
                "the cross" => browser.click(browser.middle(CLOSE).await?).await?,
                "a click elsewhere" => browser.click(Place { x: 3.0, y: 300.0 }).await?,
                _ => browser.click(word).await?,
            }
            browser.until(CLOSED, SOON).await?;
            let returned = is_focused(browser, MENTION).await?;
            assert_eq!(returned, way != "a click elsewhere", "where focus is after {way}");
            browser.hover(Place { x: 3.0, y: 3.0 }).await?;
        }
        assert_eq!(browser.value("[scrollY, location.hash]").await?, before, "the page moved");
        Ok(())
    });
}

#[test]
fn the_keyboard_opens_and_leaves_the_card_and_focus_comes_back() {
    on_page(&Window::WIDE, PAGE, async |browser, url| {
        at_mention(browser, url).await?;
        let focus = format!("{MENTION}.focus()");
        browser.value(&focus).await?;
        browser.key("Enter", false).await?;
        browser.until(OPEN, SOON).await?;
        assert_eq!(is_focused(browser, CARD).await?, true, "focus is not in the card");
        browser.key("Tab", false).await?;
        assert_eq!(
            browser.value("document.activeElement.closest('.card a') !== null").await?,
            true
        );
        browser.key("Escape", false).await?;
        browser.until(CLOSED, SOON).await?;
        assert_eq!(is_focused(browser, MENTION).await?, true, "focus is lost");

        browser.key("Enter", false).await?;
        browser.until(OPEN, SOON).await?;
        browser.key("Tab", true).await?;
        browser.until(CLOSED, SOON).await?;
        assert_eq!(is_focused(browser, MENTION).await?, true, "focus is lost on the way back");

        browser.key("Enter", false).await?;
        browser.until(OPEN, SOON).await?;
        for _ in 0..=browser
            .value("document.querySelectorAll('.card a').length")
            .await?
            .as_u64()
            .unwrap_or(9)
        {
            browser.key("Tab", false).await?;
        }
        browser.until(CLOSED, SOON).await?;
        let behind = format!(
            "({MENTION}).compareDocumentPosition(document.activeElement) === Node.DOCUMENT_POSITION_FOLLOWING
                && document.activeElement.closest('article .turn') !== null"
        );
        assert_eq!(browser.value(&behind).await?, true, "focus goes on behind the word");
        Ok(())
    });
}

#[test]
fn a_finger_opens_a_sheet_at_the_bottom() {
    on_page(&Window::PHONE, CHINESE, async |browser, url| {
        let word = at_mention(browser, url).await?;
        let before = browser.value("scrollY").await?;
        browser.tap(word).await?;
        browser.until(OPEN, SOON).await?;
        let sheet = "(() => { const box = document.querySelector('.card').getBoundingClientRect();
            return box.left === 0 && box.right === innerWidth && Math.abs(box.bottom - innerHeight) < 1
                && box.height < innerHeight * .7 })()";
        browser.until(sheet, SOON).await?;
        browser.until(WHOLE, SOON).await?;
        assert_eq!(
            browser
                .value("/[\\u4e00-\\u9fff]{10}/.test(document.querySelector('.card dd').innerText)")
                .await?,
            true,
            "the definition is in the page's language"
        );
        browser.tap(browser.middle(CLOSE).await?).await?;
        browser.until(CLOSED, SOON).await?;
        assert_eq!(browser.value("scrollY").await?, before, "the page moved");
        Ok(())
    });
}

#[test]
fn a_definition_leads_to_other_terms_and_to_the_terms_page() {
    on_page(&Window::WIDE, CHINESE, async |browser, url| {
        browser.client.goto(url).await?;
        let rag = "document.querySelector('.turn a[href=\"#g-rag\"]')";
        browser.value(&format!("{rag}.scrollIntoView({{ block: 'center' }})")).await?;
        browser.click(browser.middle(rag).await?).await?;
        browser.until(OPEN, SOON).await?;
        let shows = |term: &str| {
            format!(
                "{CARD}.getAttribute('aria-label') === document.getElementById('g-{term}').querySelector('dfn').textContent
                    && {CARD}.querySelector('dd').innerText === document.getElementById('g-{term}').querySelector('dd').innerText"
            )
        };
        assert_eq!(browser.value(&shows("rag")).await?, true);
        let other = "document.querySelector('.card dd a[href=\"#g-llm\"]')";
        browser.until(STILL, SOON).await?;
        browser.click(browser.middle(other).await?).await?;
        browser.until(&shows("llm"), SOON).await?;
        browser.key("Escape", false).await?;
        assert_eq!(is_focused(browser, rag).await?, true, "focus is lost");
        browser.click(browser.middle(rag).await?).await?;
        browser.until(OPEN, SOON).await?;
        let more = "document.querySelector('.card .more a')";
        browser.until(STILL, SOON).await?;
        browser.click(browser.middle(more).await?).await?;
        browser.until("location.pathname.endsWith('/glossary/rag.html')", SOON).await
    });
}

#[test]
fn at_twice_the_size_the_card_is_whole() {
    on_page(&Window::WIDE, PAGE, async |browser, url| {
        let half = json!({ "width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", half).await?;
        let word = at_mention(browser, url).await?;
        browser.click(word).await?;
        browser.until(OPEN, SOON).await?;
        browser.until(WHOLE, SOON).await?;
        let wide = "document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(browser.value(wide).await?, true, "the page scrolls sideways");
        Ok(())
    });
}

#[test]
fn browsers_without_anchors_put_the_card_beside_its_word_too() {
    let host = Host::new(tree(built_sample()), "/");
    with_browser(&Window::WIDE, async |browser: &Browser| {
        let word = at_mention(browser, &host.url(PAGE)).await?;
        let without = "(() => { let gone = 0;
            for (const sheet of document.styleSheets) for (const media of sheet.cssRules)
                for (let at = (media.cssRules || []).length - 1; at >= 0; at--)
                    if (media.cssRules[at] instanceof CSSSupportsRule) { media.deleteRule(at); gone++ }
            return gone })()";
        assert_eq!(browser.value(without).await?, 1, "the rules for anchors are elsewhere");
        for block in ["center", "end", "start"] {
            browser.value(&format!("{MENTION}.scrollIntoView({{ block: '{block}' }})")).await?;
            let word = if block == "center" { word } else { browser.middle(MENTION).await? };
            browser.click(word).await?;
            browser.until(OPEN, SOON).await?;
            browser.until(WHOLE, SOON).await?;
            browser.until(NEAR, SOON).await?;
            browser.key("Escape", false).await?;
            browser.until(CLOSED, SOON).await?;
        }
        Ok(())
    });
}

#[test]
fn browsers_without_popovers_show_the_definition_and_escape_closes_it() {
    on_page(&Window::WIDE, PAGE, async |browser, url| {
        let source = "delete HTMLElement.prototype.showPopover";
        let script = json!({ "source": source });
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
        browser.client.goto(url).await?;
        assert_eq!(browser.value("document.querySelector('.card')").await?, Value::Null);
        browser.value(&format!("{MENTION}.scrollIntoView({{ block: 'center' }})")).await?;
        browser.click(browser.middle(MENTION).await?).await?;
        let target = "document.querySelector('[role=doc-glossary] div:target') !== null";
        browser.until(target, SOON).await?;
        browser.key("Escape", false).await?;
        browser.until(&format!("!({target})"), SOON).await?;
        assert_eq!(is_focused(browser, MENTION).await?, true, "focus is lost");
        Ok(())
    });
}

#[test]
fn on_paper_the_definitions_stand_at_the_end() {
    on_page(&Window::WIDE, PAGE, async |browser, url| {
        let word = at_mention(browser, url).await?;
        browser.click(word).await?;
        browser.until(OPEN, SOON).await?;
        browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
        let paper = "(() => {
            const list = [...document.querySelectorAll('[role=doc-glossary] dl > div')];
            const seen = element => element.getBoundingClientRect().height > 0;
            return list.length > 3 && list.every(one => seen(one) && getComputedStyle(one).position === 'static')
                && ![...document.querySelectorAll('.card, .site, .x, .toc, .near, .pl')].some(seen) })()";
        browser.until(paper, SOON).await?;
        let pdf = browser.devtools("Page.printToPDF", json!({})).await?;
        assert!(
            pdf["data"].as_str().is_some_and(|data| data.len() > 10_000),
            "no pages are printed"
        );
        // Nothing is cut where paper is narrower than a line of a program.
        browser.client.goto(&url.replace(PAGE, "en/forty-kilobytes-of-search.html")).await?;
        let size = json!({ "width": 400, "height": 600, "deviceScaleFactor": 1, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", size).await?;
        let whole = "[...document.querySelectorAll('.turn pre')].map(one => one.scrollWidth <= one.clientWidth).join()";
        assert_eq!(browser.value(whole).await?, "true", "code is cut");
        Ok(())
    });
}

#[test]
fn the_accessibility_tree_has_name_and_definition() {
    on_page(&Window::WIDE, PAGE, async |browser, url| {
        let word = at_mention(browser, url).await?;
        browser.click(word).await?;
        browser.until(OPEN, SOON).await?;
        let seen = "(() => { const card = document.querySelector('.card');
            return { name: card.querySelector('dfn').textContent,
                text: card.querySelector('dd').firstChild.textContent.trim() } })()";
        let seen = browser.value(seen).await?;
        let tree = browser.devtools("Accessibility.getFullAXTree", json!({})).await?;
        let nodes = tree["nodes"].as_array().expect("a tree");
        let named = |role: &str, name: &Value| {
            nodes
                .iter()
                .find(|node| node["role"]["value"] == role && node["name"]["value"] == *name)
        };
        let dialog = named("dialog", &seen["name"]).expect("a dialog with the term's name");
        assert!(under(nodes, dialog, "StaticText").contains(seen["text"].as_str().expect("words")));
        let expanded = nodes.iter().find(|node| {
            node["role"]["value"] == "link" && property(node, "expanded") == Value::Bool(true)
        });
        assert!(expanded.is_some(), "the word is not told to be open");
        let list =
            nodes.iter().find(|node| node["role"]["value"] == "doc-glossary").expect("a glossary");
        let text = under(nodes, list, "StaticText");
        assert!(text.contains(seen["text"].as_str().expect("words")), "{text}");
        assert!(named("link", &json!("Close")).is_some(), "the cross has a name");
        Ok(())
    });
}

fn property(node: &Value, name: &str) -> Value {
    let all = node["properties"].as_array();
    let found = all.and_then(|all| all.iter().find(|property| property["name"] == name));
    found.map(|found| found["value"]["value"].clone()).unwrap_or_default()
}

/// All names of the nodes of a role below a node, in their order.
fn under(nodes: &[Value], node: &Value, role: &str) -> String {
    let mut names = String::new();
    for child in node["childIds"].as_array().into_iter().flatten() {
        let Some(child) = nodes.iter().find(|node| node["nodeId"] == *child) else { continue };
        if child["role"]["value"] == role {
            names.push_str(child["name"]["value"].as_str().unwrap_or_default());
        }
        names.push_str(&under(nodes, child, role));
    }
    names
}
