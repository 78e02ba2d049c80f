//! Aids for reading: where one is, where one was, how large the text is, and from one turn of a
//! speaker to the next.

use fantoccini::error::CmdError;
use serde_json::Value;

use crate::driver::{Browser, Window, with_browser};
use crate::host::{Host, tree};
use crate::shared::built_sample;
use crate::{SOON, file_url};

const EN: &str = "en/forty-kilobytes-of-search.html";
const ZH: &str = "zh/archive-rag.html";

/// Goes to a turn in the middle of the transcript as a reader who scrolls; gives its id.
async fn read_to_the_middle(browser: &Browser) -> Result<Value, CmdError> {
    let middle = "(() => { const all = document.querySelectorAll('.turn');
        const turn = all[all.length >> 1];
        scrollTo(0, turn.getBoundingClientRect().top + scrollY - 60);
        return turn.id })()";
    browser.value(middle).await
}

async fn open(browser: &Browser, url: &str) -> Result<(), CmdError> {
    browser.client.goto(url).await?;
    browser.until("document.readyState === 'complete'", SOON).await
}

#[test]
fn the_outline_and_the_line_above_say_how_far_one_has_read() {
    let host = Host::new(tree(built_sample()), "/");
    with_browser(&Window::WIDE, async |browser: &Browser| {
        open(browser, &host.url(EN)).await?;
        let current = "[...document.querySelectorAll('.toc [aria-current=location]')].map(a => a.hash).join()";
        let read = "getComputedStyle(document.body, '::before').scale.split(' ')[0]";
        assert_eq!(browser.value(current).await?, "", "nothing is read yet");
        assert_eq!(browser.value(read).await?, "0");
        let links =
            browser.value("[...document.querySelectorAll('.toc ol a')].map(a => a.hash)").await?;
        let links = links.as_array().expect("a list").clone();
        assert!(links.len() > 2, "{links:?}");
        for link in &links {
            let to = format!(
                "document.getElementById(decodeURIComponent({link}.slice(1))).scrollIntoView()"
            );
            browser.value(&to).await?;
            browser.until(&format!("{current} === {link}"), SOON).await?;
        }
        browser.value("scrollTo(0, document.documentElement.scrollHeight)").await?;
        browser.until(&format!("{read} === '1'"), SOON).await?;
        browser.value("scrollTo(0, 0)").await?;
        browser.until(&format!("{current} === ''"), SOON).await
    });
}

#[test]
fn a_transcript_that_was_left_offers_the_place() {
    let host = Host::new(tree(built_sample()), "/sub/");
    let bar = "document.querySelector('.resume')";
    let gone = format!("!{bar}");
    let home = host.url("index.html");
    with_browser(&Window::PHONE, async |browser: &Browser| {
        for (page, begins, close) in [(EN, "Continue at ", "Close"), (ZH, "从这里继续：", "关闭")]
        {
            let page = host.url(page);
            open(browser, &page).await?;
            assert_eq!(browser.value(&gone).await?, true, "nobody has read it");
            let turn = read_to_the_middle(browser).await?;
            open(browser, &home).await?;
            open(browser, &page).await?;
            let said = browser.value(&format!("{bar}.textContent")).await?;
            assert!(said.as_str().is_some_and(|said| said.starts_with(begins)), "{said}");
            let inside = format!(
                "(box => box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight)({bar}.getBoundingClientRect())"
            );
            assert_eq!(browser.value(&inside).await?, true, "it is in the window");
            let place = browser.middle(&format!("{bar}.querySelector('a')")).await?;
            browser.tap(place).await?;
            browser.until(&format!("location.hash === '#' + {turn}"), SOON).await?;
            assert_eq!(browser.value(&gone).await?, true, "it was followed");
            // Closed, it is forgotten.
            open(browser, &home).await?;
            open(browser, &page).await?;
            assert_eq!(
                browser.value(&format!("{bar}.querySelector('button').ariaLabel")).await?,
                close
            );
            let place = browser.middle(&format!("{bar}.querySelector('button')")).await?;
            browser.tap(place).await?;
            browser.until(&gone, SOON).await?;
            open(browser, &home).await?;
            open(browser, &page).await?;
            assert_eq!(browser.value(&gone).await?, true, "it was closed");
            // Read to the end, there is nothing to go on with.
            read_to_the_middle(browser).await?;
            open(browser, &home).await?;
            open(browser, &page).await?;
            browser.value("document.querySelector('.cite').scrollIntoView()").await?;
            browser.until(&gone, SOON).await?;
            open(browser, &home).await?;
            open(browser, &page).await?;
            assert_eq!(browser.value(&gone).await?, true, "it was read");
        }
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

#[test]
fn the_text_has_three_sizes_and_the_chosen_one_is_kept() {
    let host = Host::new(tree(built_sample()), "/");
    let size = "parseFloat(getComputedStyle(document.querySelector('.turn p:not(.who)')).fontSize)";
    let button = "document.querySelector('.site button[data-size]')";
    with_browser(&Window::WIDE, async |browser: &Browser| {
        open(browser, &host.url(EN)).await?;
        let mut sizes = Vec::new();
        for name in ["Text size: Normal", "Text size: Large", "Text size: Largest"] {
            assert_eq!(browser.value(&format!("{button}.ariaLabel")).await?, name);
            sizes.push(browser.value(size).await?.as_f64().expect("a number"));
            browser.value(&format!("{button}.focus()")).await?;
            browser.key("Enter", false).await?;
        }
        assert!(sizes.is_sorted() && sizes[2] > sizes[0] * 1.3, "{sizes:?}");
        assert_eq!(browser.value(size).await?, sizes[0], "it goes round");
        browser.value(&format!("{button}.click()")).await?;
        open(browser, &host.url(EN)).await?;
        assert_eq!(browser.value(size).await?, sizes[1], "it is kept");
        Ok(())
    });
}

#[test]
fn a_speakers_turns_are_a_key_apart() {
    let host = Host::new(tree(built_sample()), "/");
    let next = "(() => { const turn = document.activeElement.closest('.turn');
        const own = [...document.querySelectorAll('.turn')].filter(one => one.dataset.speaker === turn.dataset.speaker);
        return own[own.indexOf(turn) + 1].id })()";
    with_browser(&Window::WIDE, async |browser: &Browser| {
        open(browser, &host.url(EN)).await?;
        browser.value("document.querySelectorAll('.turn .pl')[2].focus()").await?;
        browser.key("Tab", false).await?;
        browser.key("Tab", false).await?;
        for _ in 0..3 {
            let label = browser.value("document.activeElement.ariaLabel").await?;
            assert!(
                label
                    .as_str()
                    .is_some_and(|label| label.starts_with("Next turn of this speaker (")),
                "{label}"
            );
            let turn = browser.value(next).await?;
            browser.key("Enter", false).await?;
            browser.until(&format!("location.hash === '#' + {turn}"), SOON).await?;
            assert_eq!(browser.value("document.activeElement.closest('.turn').id").await?, turn);
            let box_ = "(box => box.top >= 0 && box.bottom <= innerHeight)(document.activeElement.getBoundingClientRect())";
            browser.until(box_, SOON).await?;
        }
        browser.key("Tab", true).await?;
        let from = browser.value("location.hash").await?;
        browser.key("Enter", false).await?;
        browser.until(&format!("location.hash !== {from}"), SOON).await?;
        let label = browser.value("document.activeElement.ariaLabel").await?;
        assert!(
            label
                .as_str()
                .is_some_and(|label| label.starts_with("Previous turn of this speaker (")),
            "{label}"
        );
        Ok(())
    });
}

#[test]
fn a_finger_reaches_the_same_speakers_next_turn() {
    let page = file_url(&built_sample().join(ZH));
    with_browser(&Window::PHONE, async |browser: &Browser| {
        open(browser, &page).await?;
        read_to_the_middle(browser).await?;
        let turn =
            "document.querySelectorAll('.turn')[document.querySelectorAll('.turn').length >> 1]";
        let place = browser.middle(&format!("{turn}.querySelector('.who')")).await?;
        browser.tap(place).await?;
        let step = format!("{turn}.querySelector('.hop button:last-child')");
        browser
            .until(
                &format!("!!{step} && getComputedStyle({step}.parentNode).opacity === '1'"),
                SOON,
            )
            .await?;
        let large =
            format!("(box => box.width >= 24 && box.height >= 24)({step}.getBoundingClientRect())");
        assert_eq!(browser.value(&large).await?, true, "a finger hits it");
        let speaker = browser.value(&format!("{turn}.dataset.speaker")).await?;
        let place = browser.middle(&step).await?;
        browser.tap(place).await?;
        browser.until("!!document.querySelector('.turn:target')", SOON).await?;
        assert_eq!(
            browser.value("document.querySelector('.turn:target').dataset.speaker").await?,
            speaker
        );
        Ok(())
    });
}

#[test]
fn without_scripts_no_aid_shows_that_does_nothing() {
    let host = Host::new(tree(built_sample()), "/");
    with_browser(&Window::STILL, async |browser: &Browser| {
        browser.client.goto(&host.url(EN)).await?;
        assert_eq!(
            browser.value("document.querySelectorAll('button, .resume, .hop').length").await?,
            0
        );
        assert!(
            browser.value("document.querySelectorAll('.turn').length").await?.as_u64() > Some(4)
        );
        Ok(())
    });
}
