//! A talk of some thousand turns: it opens, links into it arrive, and what is not laid out can
//! be found.

use std::fmt::Write as _;
use std::time::Duration;

use crate::driver::{Browser, Window, with_browser};
use crate::host::build;
use crate::{SOON, file_url};

/// How many turns there are, and how many in each part.
pub const TURNS: usize = 3_000;
const PART: usize = 150;

/// A site of one talk, whose turns are from one line to a dozen lines long.
pub fn site(turns: usize) -> tempfile::TempDir {
    let site = tempfile::TempDir::new().expect("a temporary folder");
    let content = site.path().join("content");
    std::fs::create_dir(&content).expect("a folder");
    let mut text = String::from("---\ntitle: A long talk\nlanguage: en\n---\n");
    for turn in 0..turns {
        if turn % PART == 0 {
            let _ = write!(text, "## Part {}\n\n", turn / PART + 1);
        }
        let speaker = ["Host", "Engineer", "Editor"][turn % 3];
        let more = "and so the talk goes on ".repeat(turn * 7 % 23);
        let _ = write!(text, "**{speaker}:** Sentence {turn} of all of them {more}.\n\n");
    }
    text.push_str("**Host:** At the very end somebody says RAG.\n");
    let term = "- {term: RAG, definition: Looking documents up first and answering from them.}\n";
    for (name, bytes) in
        [("talk.md", text.as_str()), ("glossary.yaml", term), ("site.yaml", "search: false\n")]
    {
        std::fs::write(content.join(name), bytes).expect("a file");
    }
    site
}

/// Whether the turn that the address names is at the window's top and marked.
pub const ARRIVED: &str = "(turn => {
    const top = turn.getBoundingClientRect().top;
    const ground = getComputedStyle(turn).backgroundColor;
    return turn.matches(':target') && top >= 0 && top < 60 && ground !== 'rgba(0, 0, 0, 0)';
})(document.getElementById(location.hash.slice(1)))";

/// The id of a turn that stands so far from the beginning.
pub fn turn(at: usize) -> String {
    format!("document.querySelectorAll('.turn')[{at}].id")
}

async fn links_arrive(browser: &Browser, page: &str) -> Result<(), fantoccini::error::CmdError> {
    browser.client.goto(page).await?;
    let mut ids = Vec::new();
    for at in [TURNS * 9 / 10, 80, TURNS / 2] {
        ids.push(browser.value(&turn(at)).await?.as_str().expect("an id").to_owned());
    }
    for id in &ids {
        browser.client.goto("about:blank").await?;
        browser.client.goto(&format!("{page}#{id}")).await?;
        browser.until(ARRIVED, SOON).await?;
        // What is laid out around it must not push it away.
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(browser.value(ARRIVED).await?, true, "the turn has moved away");
    }
    // From place to place within the page, too.
    for id in &ids {
        browser.value(&format!("location.hash = '{id}'")).await?;
        browser.until(ARRIVED, SOON).await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(browser.value(ARRIVED).await?, true, "the turn has moved away");
    }
    Ok(())
}

#[test]
fn links_into_three_thousand_turns_arrive_wide_and_narrow() {
    let site = site(TURNS);
    let page = file_url(&build(site.path()).join("talk.html"));
    for window in [Window::WIDE, Window::PHONE] {
        with_browser(&window, async |browser: &Browser| {
            links_arrive(browser, &page).await?;
            assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
            Ok(())
        });
    }
}

#[test]
fn what_is_far_from_the_window_is_not_laid_out_and_can_be_found() {
    let site = site(TURNS);
    let page = file_url(&build(site.path()).join("talk.html"));
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&page).await?;
        let far = "document.querySelectorAll('.turn > p:last-child')[2000].checkVisibility({ contentVisibilityAuto: true })";
        assert_eq!(browser.value(far).await?, false, "it is laid out for nobody");
        assert_eq!(browser.value("window.find('Sentence 2000 of')").await?, true);
        let found = "(box => box.top >= 0 && box.bottom <= innerHeight && box.height > 0)(getSelection().getRangeAt(0).getBoundingClientRect())";
        browser.until(found, SOON).await?;
        assert_eq!(browser.value(far).await?, true);
        // The outline and the line above follow there.
        let here = "document.querySelector('.toc .here')?.textContent === 'Part 14'";
        browser.until(here, SOON).await?;
        let read = browser
            .value("+getComputedStyle(document.body, '::before').scale.split(' ')[0]")
            .await?;
        let read = read.as_f64().expect("a number");
        assert!((0.5..0.8).contains(&read), "2,000 of 3,000 are read: {read}");
        // A card opens beside its word there.
        let word = "document.querySelector('.turn a[href=\"#g-rag\"]')";
        browser.value(&format!("{word}.scrollIntoView({{ block: 'center' }})")).await?;
        let place = browser.middle(word).await?;
        browser.click(place).await?;
        let beside = format!(
            "((card, word) => card.height > 40 && Math.max(card.top - word.bottom, word.top - card.bottom) < 16)(
                document.querySelector('.card').getBoundingClientRect(), {word}.getBoundingClientRect())"
        );
        browser.until(&beside, SOON).await
    });
}

/// Lists of selectors of a stylesheet, and what else stands before a brace.
fn selectors(css: &str) -> Vec<String> {
    let comments = css.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, rest)| rest));
    let css: String = comments.collect();
    let parts = css.split(['{', '}']).filter(|part| !part.contains(';'));
    parts.map(str::to_owned).collect()
}

/// Whether an ancestor has to be asked what it has for each of its descendants.
fn asks_ancestors(selector: &str) -> bool {
    selector.match_indices(":has(").any(|(at, _)| {
        let mut depth = 0;
        let end = selector[at + 4..].find(|next| {
            depth += i32::from(next == '(') - i32::from(next == ')');
            depth == 0
        });
        let rest = end.map_or("", |end| &selector[at + 5 + end..]);
        let rest = rest.trim_start_matches(|next: char| next != ' ' && next != ',').trim();
        !rest.is_empty() && !rest.starts_with(',')
    })
}

/// With `summary ~ *` or `article:has(> .on) [id]` a browser looks at all turns for each of
/// them: twelve thousand turns then take minutes to open.
#[test]
fn no_rule_of_the_stylesheet_looks_at_all_turns_for_each() {
    assert!(asks_ancestors("article:has(> .on) [id]"));
    assert!(!asks_ancestors(".turn:not(:has(.noted)), li:has(> input) "));
    let css = include_str!("../../static/theme/style.css");
    let all = selectors(css);
    assert!(all.len() > 200, "{} selectors", all.len());
    let slow: Vec<&String> =
        all.iter().filter(|one| one.contains(" ~ ") || asks_ancestors(one)).collect();
    assert!(slow.is_empty(), "{slow:?}");
}
