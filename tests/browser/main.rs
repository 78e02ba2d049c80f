//! What a reader's browser makes of the site: the sample site in Chromium, from a disk and from
//! a host, with and without scripts, wide and narrow, and in the live preview.

mod axe;
mod card;
mod driver;
mod engine;
mod engines;
mod figures;
mod hand;
#[path = "../host/mod.rs"]
mod host;
mod languages;
mod leftovers;
mod lighthouse;
mod long;
mod marionette;
mod names;
mod places;
mod popover;
mod preview;
mod quote;
mod reach;
mod reader;
mod reading;
mod search;
mod shared;
mod terms;

use std::time::Duration;

use driver::{Browser, Window, with_browser};
use fantoccini::error::CmdError;
use figures::{kind, note};
use host::{Host, build, tree};
use shared::{built_sample, every_kind};

/// What a page may be busy with after it has loaded.
const SOON: Duration = Duration::from_secs(5);

fn pages(files: &std::collections::BTreeMap<String, Vec<u8>>) -> Vec<String> {
    files.keys().filter(|path| path.ends_with(".html")).cloned().collect()
}

fn file_url(path: &std::path::Path) -> String {
    url::Url::from_file_path(path).expect("an absolute path").to_string()
}

async fn is_quiet(browser: &Browser, url: &str, path: &str) -> Result<(), CmdError> {
    browser.client.goto(url).await?;
    browser.until("document.readyState === 'complete'", SOON).await?;
    let complaints = browser.complaints().await?;
    // Requests that failed or were refused are among these.
    let elsewhere = "performance.getEntriesByType('resource').map(one => one.name)
        .filter(name => new URL(name).origin !== new URL(location.href).origin)";
    let elsewhere = browser.value(elsewhere).await?;
    let refused = |said: &&String| said.contains("Content Security Policy");
    let refused = complaints.iter().filter(refused).count();
    let others = elsewhere.as_array().map_or(0, Vec::len);
    for (column, count) in [
        ("visits", 1),
        ("console messages", complaints.len()),
        ("of the policy", refused),
        ("requests to others", others),
    ] {
        note("Console and network", kind(path), column, count);
    }
    assert_eq!(complaints, Vec::<String>::new(), "the console, on {url}");
    assert_eq!(elsewhere, serde_json::json!([]), "other hosts, on {url}");
    Ok(())
}

#[test]
fn no_page_complains_on_a_host_with_the_policy_or_from_a_disk() {
    let output = built_sample();
    let files = tree(output);
    let host = Host::new(files.clone(), "/a/sub folder/");
    // Hosts show this page at any depth, so it is the only one that needs the root.
    let root = Host::new(files.clone(), "/");
    with_browser(&Window::WIDE, async |browser: &Browser| {
        is_quiet(browser, &root.url("404.html"), "404.html").await?;
        for page in pages(&files).into_iter().filter(|page| page != "404.html") {
            is_quiet(browser, &host.url(&page), &page).await?;
            is_quiet(browser, &file_url(&output.join(&page)), &page).await?;
        }
        Ok(())
    });
}

#[test]
fn no_kind_of_page_complains_with_scripts_or_without() {
    let host = Host::new(tree(every_kind()), "/");
    for window in [Window::WIDE, Window::STILL] {
        with_browser(&window, async |browser: &Browser| {
            for page in axe::PAGES {
                is_quiet(browser, &host.url(page), page).await?;
            }
            Ok(())
        });
    }
}

#[test]
fn no_page_is_wider_than_a_phone() {
    let output = built_sample();
    with_browser(&Window::PHONE, async |browser: &Browser| {
        for page in pages(&tree(output)) {
            browser.client.goto(&file_url(&output.join(&page))).await?;
            let width = "document.documentElement.scrollWidth + ' of ' + innerWidth";
            let fits = "document.documentElement.scrollWidth <= innerWidth";
            let seen = browser.value(width).await?;
            assert_eq!(browser.value("innerWidth").await?, Window::PHONE.width, "{page}");
            assert_eq!(browser.value(fits).await?, true, "{page} is {seen} wide");
        }
        Ok(())
    });
}

#[test]
fn the_scheme_can_be_chosen_and_is_kept_from_page_to_page() {
    let files = tree(built_sample());
    let host = Host::new(files, "/sub/");
    with_browser(&Window::WIDE, async |browser: &Browser| {
        let ground = "getComputedStyle(document.body).backgroundColor";
        let press = "document.querySelector('.site button').click()";
        browser.client.goto(&host.url("index.html")).await?;
        let mut seen = Vec::new();
        for scheme in ["", "dark", "light"] {
            let now =
                browser.value("document.querySelector('.site button').dataset.scheme").await?;
            assert_eq!(now, scheme);
            seen.push(browser.value(ground).await?);
            browser.value(press).await?;
        }
        assert_ne!(seen[0], seen[1], "the first press changes nothing");
        assert_eq!(seen[0], seen[2], "the system's scheme is light");

        browser.value(press).await?;
        browser.client.goto(&host.url("glossary/index.html")).await?;
        assert_eq!(browser.value(ground).await?, seen[1], "dark is kept");
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

/// Two minutes of silence.
fn silence() -> Vec<u8> {
    const RATE: u32 = 8000;
    let length = 120 * RATE;
    let mut wave = Vec::with_capacity(length as usize + 44);
    wave.extend(b"RIFF");
    wave.extend((length + 36).to_le_bytes());
    wave.extend(b"WAVEfmt ");
    wave.extend(16_u32.to_le_bytes());
    wave.extend([1, 0, 1, 0]);
    wave.extend(RATE.to_le_bytes());
    wave.extend(RATE.to_le_bytes());
    wave.extend([1, 0, 8, 0]);
    wave.extend(b"data");
    wave.extend(length.to_le_bytes());
    wave.resize(length as usize + 44, 128);
    wave
}

#[test]
fn a_time_plays_the_recording_from_there() {
    let site = tempfile::TempDir::new().expect("a temporary folder");
    let talk = "---\naudio: talk one.wav\n---\n**Host:** [0:00] Where?\n\n\
                **Engineer:** [1:05] Here.\n\n**Host:** [1:30] So.\n\n**Engineer:** [1:40] Yes.\n";
    std::fs::write(site.path().join("talk.md"), talk).expect("a transcript");
    std::fs::write(site.path().join("talk one.wav"), silence()).expect("a recording");
    // From a disk: a plain host without ranges lets nobody seek.
    let page = file_url(&build(site.path()).join("talk.html"));
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&page).await?;
        let name = "document.querySelectorAll('.who a.at')[1].ariaLabel";
        assert_eq!(browser.value(name).await?, "Play from 1:05");
        let click = "document.querySelectorAll('.who a.at')[1].click()";
        let by_hand = serde_json::json!({ "expression": click, "userGesture": true });
        browser.devtools("Runtime.evaluate", by_hand).await?;
        let plays = "(p => !p.paused && p.readyState > 2 && p.currentTime > 65)(document.querySelector('.player'))";
        browser.until(plays, Duration::from_secs(10)).await?;
        assert_eq!(browser.value("location.href").await?, page.as_str(), "the page stays");
        // The player stays in sight, and what links lead to stands below it.
        let below = "parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop)
            > document.querySelector('.player').offsetHeight";
        assert_eq!(browser.value(below).await?, true);
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}
