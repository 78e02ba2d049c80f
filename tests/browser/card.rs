//! The card of a term, without scripts.

use fantoccini::error::CmdError;

use crate::driver::{Browser, Window, with_browser};
use crate::hand::Place;
use crate::host::tree;
use crate::shared::built_sample;
use crate::{SOON, file_url};

/// A mention in the middle of the page, with its place once it is in the middle of the window.
const MENTION: &str = "(() => {
    const all = [...document.querySelectorAll('article a[href^=\"#g-\"]')]
        .filter(link => !link.closest('[role=doc-glossary]'));
    const link = all[Math.floor(all.length / 2)];
    link.scrollIntoView({ block: 'center', behavior: 'instant' });
    const box = link.getClientRects()[0];
    return { term: decodeURIComponent(link.hash), x: box.x + box.width / 2, y: box.y + box.height / 2 };
})()";

/// Whether the middle of the term's definition is what one sees at that place of the window.
fn shown(term: &str) -> String {
    let id = serde_json::to_string(term.trim_start_matches('#')).expect("a string");
    format!(
        "(() => {{
            const card = document.getElementById({id});
            const box = card.getBoundingClientRect();
            const whole = box.height > 0 && box.top >= 0 && box.bottom <= innerHeight
                && box.left >= 0 && box.right <= innerWidth;
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return whole && card.contains(top);
        }})()"
    )
}

/// The middle of the link that closes the card.
fn closing(term: &str) -> String {
    let id = serde_json::to_string(term.trim_start_matches('#')).expect("a string");
    format!(
        "(() => {{
            const links = [...document.getElementById({id}).querySelectorAll('a[href^=\"#\"]')];
            const link = links.find(link => !document.getElementById(decodeURIComponent(link.hash.slice(1))));
            const box = link.getBoundingClientRect();
            return {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }};
        }})()"
    )
}

async fn opens_and_closes(browser: &Browser, page: &str) -> Result<(), CmdError> {
    let mention = browser.value(MENTION).await?;
    let term = mention["term"].as_str().expect("a fragment").to_owned();
    let before = browser.value("scrollY").await?;
    assert_eq!(browser.value(&shown(&term)).await?, false, "{page}: {term} shows too early");

    browser.click(Place::of(&mention)).await?;
    browser.until(&shown(&term), SOON).await?;
    assert_eq!(browser.value("scrollY").await?, before, "{page}: opening {term} moved the page");

    let cross = Place::of(&browser.value(&closing(&term)).await?);
    browser.click(cross).await?;
    browser.until(&format!("!{}", shown(&term)), SOON).await?;
    assert_eq!(browser.value("scrollY").await?, before, "{page}: closing {term} moved the page");
    Ok(())
}

fn on_every_transcript(window: &Window) {
    let output = built_sample();
    with_browser(window, async |browser: &Browser| {
        let files = tree(output);
        let transcripts = files.keys().filter(|path| {
            (path.starts_with("zh/") || path.starts_with("en/")) && path.ends_with(".html")
        });
        let mut tried = 0;
        for page in transcripts {
            browser.client.goto(&file_url(&output.join(page))).await?;
            opens_and_closes(browser, page).await?;
            tried += 1;
        }
        assert_eq!(tried, 4, "the sample site has four transcripts");
        Ok(())
    });
}

#[test]
fn a_card_opens_and_closes_without_scripts_and_without_moving_the_page() {
    on_every_transcript(&Window::STILL);
}

#[test]
fn so_it_does_on_a_phone() {
    on_every_transcript(&Window { scripts: false, ..Window::PHONE });
}
