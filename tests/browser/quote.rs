//! Words that are selected: a quote that says whose it is, and a link to just these words.

use fantoccini::error::CmdError;
use serde_json::Value;
use tempfile::TempDir;

use crate::SOON;
use crate::driver::{Browser, Window, with_browser};
use crate::host::{Host, build, tree};

/// As narrow as a phone, with a mouse.
const WINDOW: Window = Window { width: 520, height: 740, ..Window::WIDE };

/// A turn that is higher than a phone, and words that are said twice.
fn talk() -> String {
    let sentence = |number: u32| {
        format!("Shelf {number} was full, as it had been for years - and nobody asked, A & B. ")
    };
    let long: String = (1..80).map(sentence).collect();
    format!(
        "---\ntitle: The shelves\ndate: 2025-03-05\n---\n**Host:** How many shelves were there?\n\n\
         **Engineer:** {long}\n\n**Host:** Certainly not.\n\n**Engineer:** Certainly not. 我们只有一个书架，放在*走廊尽头*，没有人看见。别的都没有。\n"
    )
}

/// Selects from the first words up to the last ones, which are looked for behind them.
async fn select(browser: &Browser, first: &str, last: &str) -> Result<(), CmdError> {
    let (first, last) = (Value::from(first), Value::from(last));
    let script = format!(
        "(() => {{
            const walk = document.createTreeWalker(document.querySelector('article'), NodeFilter.SHOW_TEXT);
            const said = node => node.data && node.parentElement.closest('.turn p:not(.who)');
            let begin = 0;
            const next = words => {{
                for (let node = walk.currentNode; node; node = walk.nextNode(), begin = 0) {{
                    const at = said(node) ? node.data.indexOf(words, begin) : -1;
                    if (at >= 0) return [node, begin = at];
                }}
            }};
            const [from, start] = next({first}), [to, end] = next({last});
            getSelection().setBaseAndExtent(from, start, to, end + {last}.length);
            const box = getSelection().getRangeAt(0).getBoundingClientRect();
            if (box.top < 0 || box.bottom > innerHeight - 99) scrollBy(0, box.bottom - 400);
        }})()"
    );
    browser.value("getSelection().removeAllRanges()").await?;
    browser.until("document.querySelector('.pick').hidden", SOON).await?;
    browser.value(&script).await?;
    browser.until("!document.querySelector('.pick').hidden", SOON).await
}

/// Presses one of the two buttons as a hand does; answers what is copied.
async fn copied(browser: &Browser, button: usize) -> Result<String, CmdError> {
    browser
        .value("navigator.clipboard.writeText = text => (window.copied = text, Promise.resolve()), window.copied = ''")
        .await?;
    let button = format!("document.querySelectorAll('.pick button')[{button}]");
    let place = browser.middle(&button).await?;
    browser.click(place).await?;
    browser.until("window.copied !== ''", SOON).await?;
    Ok(browser.value("window.copied").await?.as_str().expect("a text").to_owned())
}

fn decoded(link: &str) -> String {
    let (_, text) = link.split_once(":~:text=").unwrap_or_else(|| panic!("no words in {link}"));
    let parts = text.split(',').map(|part| {
        let form = format!("x={}", part.replace('+', "%2B"));
        url::form_urlencoded::parse(form.as_bytes()).next().expect("a part").1.into_owned()
    });
    parts.collect::<Vec<_>>().join(" … ")
}

#[test]
fn selected_words_are_quoted_and_linked() {
    let site = TempDir::new().expect("a temporary folder");
    std::fs::write(site.path().join("talk.md"), talk()).expect("a transcript");
    std::fs::write(site.path().join("site.yaml"), "title: Archive\nlanguage: en\n")
        .expect("settings");
    let host = Host::new(tree(&build(site.path())), "/");
    let page = host.url("talk.html");
    with_browser(&WINDOW, async |browser: &Browser| {
        browser.client.goto(&page).await?;
        browser.until("document.querySelector('.pick') !== null", SOON).await?;
        assert_eq!(browser.value("document.querySelector('.pick').hidden").await?, true);

        // In whole words, however they are selected.
        select(browser, "elf 47 was", "had be").await?;
        let quote = copied(browser, 0).await?;
        let (words, source) = quote.split_once('\n').expect("two lines");
        assert_eq!(words, "“Shelf 47 was full, as it had been”");
        let cited = "— Engineer. Host, Engineer: “The shelves”, Archive, 5 March 2025. ";
        let address = source.strip_prefix(cited).unwrap_or_else(|| panic!("{source}"));
        let link = copied(browser, 1).await?;
        assert_eq!(address, link);
        assert!(link.starts_with(&format!("{page}#p-")), "{link}");
        assert_eq!(
            decoded(&link),
            "Shelf 47 was full, … as it had been for years - and nobody asked,"
        );

        // The words are in the middle of a block that is much higher than the window.
        browser.client.goto("about:blank").await?;
        browser.client.goto(&link).await?;
        browser.until("scrollY > innerHeight", SOON).await?;
        select(browser, "Shelf 47", "47").await?;
        let seen = "(box => box.top >= 0 && box.bottom <= innerHeight)(getSelection().getRangeAt(0).getBoundingClientRect())";
        browser.until(seen, SOON).await?;

        select(browser, "尽头", "尽头").await?;
        assert_eq!(decoded(&copied(browser, 1).await?), "放在走廊尽头，");

        // Words that stand twice lead to their block.
        select(browser, "Certainly", "not.").await?;
        let link = copied(browser, 1).await?;
        assert!(!link.contains(":~:"), "{link}");
        browser.client.goto(&link).await?;
        assert_eq!(
            browser.value("document.querySelector(':target').textContent").await?,
            "Certainly not."
        );

        select(browser, "many shelves", "Shelf 1 was").await?;
        let quote = copied(browser, 0).await?;
        let both = "“Host: many shelves were there?\n\nEngineer: Shelf 1 was”\n— Host, Engineer: ";
        assert!(quote.starts_with(both), "{quote}");

        browser.value("getSelection().removeAllRanges()").await?;
        browser.until("document.querySelector('.pick').hidden", SOON).await?;
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}
