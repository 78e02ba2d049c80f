//! The reader's switch: which mentions are links.

use fantoccini::error::CmdError;
use serde_json::{Value, json};

use crate::SOON;
use crate::driver::{Browser, Window, with_browser};
use crate::host::{Host, tree};
use crate::shared::built_sample;

const PAGE: &str = "zh/archive-rag.html";
const SWITCH: &str = "document.querySelector('.site button[data-terms]')";

/// How many mentions are links: of those that the page shows, and of the quiet ones.
const LINKS: &str = "['', '.q'].map(kind => document.querySelectorAll(
    `:is(.turn, .prose) a${kind || ':not(.q)'}[href^=\"#g-\"]`).length)";

async fn links(browser: &Browser) -> Result<(u64, u64), CmdError> {
    let counts = browser.value(LINKS).await?;
    Ok((counts[0].as_u64().expect("a number"), counts[1].as_u64().expect("a number")))
}

/// Runs a test on a page with quiet mentions; it is told how many there are of either kind.
fn on_page(test: impl AsyncFnOnce(&Browser, &str, (u64, u64)) -> Result<(), CmdError>) {
    let host = Host::new(tree(built_sample()), "/");
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&host.url(PAGE)).await?;
        let quiet = browser.value("document.querySelectorAll('a.q').length").await?;
        let (near, shown) = links(browser).await?;
        let quiet = quiet.as_u64().expect("a number");
        assert!(
            near > 3 && quiet > 3 && shown == 0,
            "{near} shown, {quiet} quiet, {shown} of them"
        );
        test(browser, &host.url(PAGE), (near, quiet)).await?;
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

#[test]
fn all_first_or_none_are_links_and_the_choice_is_kept() {
    on_page(async |browser, url, (near, quiet)| {
        for expected in [(near, quiet), (0, 0), (near, 0), (near, quiet)] {
            browser.value(&format!("{SWITCH}.click()")).await?;
            assert_eq!(links(browser).await?, expected);
            browser.client.goto(url).await?;
            assert_eq!(links(browser).await?, expected, "on the next page");
        }
        Ok(())
    });
}

#[test]
fn a_mention_that_is_no_link_opens_its_card_when_it_is_clicked() {
    on_page(async |browser, _, (near, _)| {
        let quiet = "document.querySelector('.turn a.q')";
        browser.value(&format!("{quiet}.scrollIntoView({{ block: 'center' }})")).await?;
        browser.click(browser.middle(quiet).await?).await?;
        let open = "document.querySelector('.card')?.matches(':popover-open')";
        browser.until(open, SOON).await?;
        let term = "document.querySelector('.card dfn').textContent";
        let own = format!(
            "document.getElementById({quiet}.hash.slice(1)).querySelector('dfn').textContent"
        );
        assert_eq!(browser.value(term).await?, browser.value(&own).await?);
        assert_eq!(links(browser).await?, (near, 1), "it is a link from then on");
        // Readers who want none get none.
        browser
            .value(&format!(
                "document.querySelector('.card .x').click(); {SWITCH}.click(); {SWITCH}.click()"
            ))
            .await?;
        browser.click(browser.middle(quiet).await?).await?;
        assert_eq!(browser.value(open).await?, false);
        assert_eq!(links(browser).await?, (0, 0));
        Ok(())
    });
}

#[test]
fn what_is_kept_shows_before_the_scripts_at_the_end() {
    on_page(async |browser, url, _| {
        let lines = "[':not(.q)', '.q'].map(kind => getComputedStyle(
            document.querySelector(`.turn a:is([href^=\"#g-\"], .q)${kind}`)).textDecorationLine)";
        browser.devtools("Network.enable", json!({})).await?;
        let blocked = json!({ "urls": ["*/postil.*.js"] });
        browser.devtools("Network.setBlockedURLs", blocked).await?;
        for (kept, expected) in
            [("", ["underline", "none"]), ("all", ["underline"; 2]), ("none", ["none"; 2])]
        {
            browser.value(&format!("localStorage.setItem('postil-terms', '{kept}')")).await?;
            browser.client.goto(url).await?;
            assert_eq!(browser.value(SWITCH).await?, Value::Null, "the script was not held back");
            assert_eq!(browser.value(lines).await?, json!(expected), "with `{kept}`");
        }
        browser.complaints().await.map(drop)
    });
}

#[test]
fn a_turn_reached_by_a_link_has_all_its_terms() {
    on_page(async |browser, url, (near, _)| {
        let turns = "[...new Set([...document.querySelectorAll('.turn a.q')].map(one =>
            one.closest('.turn')))].map(turn => [turn.id, turn.querySelectorAll('a.q').length])";
        let turns = browser.value(turns).await?;
        let turns = turns.as_array().expect("turns");
        assert!(turns.len() > 1, "{turns:?}");
        for (at, turn) in turns.iter().enumerate() {
            let id = turn[0].as_str().expect("an id");
            if at == 0 {
                // From elsewhere, and then within the page.
                browser.client.goto("about:blank").await?;
                browser.client.goto(&format!("{url}#{id}")).await?;
            } else {
                browser.value(&format!("location.hash = '{id}'")).await?;
            }
            let count = turn[1].as_u64().expect("a number");
            let expected = format!(
                "document.querySelectorAll('a.q[href]').length === {count}
                && document.querySelectorAll('[id=\"{id}\"] a.q[href]').length === {count}"
            );
            browser.until(&expected, SOON).await?;
            assert_eq!(links(browser).await?, (near, count), "{id}");
        }
        Ok(())
    });
}
