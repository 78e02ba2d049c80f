//! What everybody can reach: with a keyboard alone, on a narrow screen, with large letters,
//! without motion, in the colours that a system forces.

use std::collections::BTreeSet;

use fantoccini::error::CmdError;
use serde_json::{Value, json};

use crate::SOON;
use crate::axe::PAGES;
use crate::driver::{Browser, Window, with_browser};
use crate::host::{Host, tree};
use crate::shared::every_kind;

/// One page of every template.
const KINDS: &[&str] = &[
    "index.html",
    "en/everything.html",
    "zh/archive-rag.html",
    "glossary/index.html",
    "glossary/rag.html",
    "speakers/index.html",
    "speakers/engineer.html",
    "tags/index.html",
    "tags/检索.html",
    "search/index.html",
    "about.html",
    "404.html",
];

/// How many presses of Tab a page may take here: enough for all of these.
const PRESSES: usize = 250;

/// What a keyboard should come by, in this order.
const REACHABLE: &str =
    "[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex=\"0\"]')]
    .filter(one => !one.disabled && one.checkVisibility({ visibilityProperty: true }))";

/// Where focus is: its number in that order, and what is wrong with how it shows. Nothing where
/// focus has left the page.
const FOCUSED: &str = "(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const box = at.getClientRects()[0] || new DOMRect(), look = getComputedStyle(at), wrong = [];
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!box.width || box.top < -1 || box.bottom > innerHeight + 1) wrong.push('out of the window');
    else if (!top || !(at.contains(top) || top.contains(at))) wrong.push('covered');
    // A player shows focus on the one of its own controls that has it.
    if (!at.matches('audio, video') && (look.outlineStyle === 'none' || parseFloat(look.outlineWidth) < 2)) wrong.push('no outline');
    const least = at.matches('[aria-disabled=true]') ? .3 : .9;
    if (look.visibility !== 'visible' || look.opacity < least) wrong.push('not visible');
    return { place: REACHABLE.indexOf(at), wrong, what: at.outerHTML.slice(0, 90) };
})()";

/// Presses Tab from the top of the page to its end.
async fn walk(browser: &Browser, page: &str) -> Result<(), CmdError> {
    // What leads to a speaker's other turns goes along from turn to turn, so it has no place.
    let reachable = format!("{REACHABLE}.filter(one => !one.closest('.hop'))");
    let all = browser.value(&format!("{reachable}.length")).await?.as_u64().expect("a count");
    let mut places = Vec::new();
    for _ in 0..PRESSES {
        browser.key("Tab", false).await?;
        let focused = browser.value(&FOCUSED.replace("REACHABLE", &reachable)).await?;
        let Some(place) = focused["place"].as_i64() else { break };
        if places.first() == Some(&place) {
            break;
        }
        assert_eq!(focused["wrong"], json!([]), "{page}: {}", focused["what"]);
        places.push(place);
    }
    // A player has stops of its own, too.
    places.retain(|place| *place >= 0);
    assert!(places.is_sorted(), "{page}: focus jumps back: {places:?}");
    let reached: BTreeSet<_> = places.iter().collect();
    assert_eq!(reached.len() as u64, all, "{page}: some of its controls are not reached");
    Ok(())
}

/// Puts the keyboard at the top of the page: a search page begins in its field.
const FROM_THE_TOP: &str = "(() => {
    const root = document.documentElement;
    root.tabIndex = -1;
    root.focus();
    root.removeAttribute('tabindex');
    return document.activeElement === document.body || document.activeElement === root;
})()";

/// Runs a test on a page of every template, from its top on.
fn on_every_kind(window: &Window, test: impl AsyncFn(&Browser, &str) -> Result<(), CmdError>) {
    let host = Host::new(tree(every_kind()), "/");
    with_browser(window, async |browser: &Browser| {
        for page in KINDS {
            browser.client.goto(&host.url(page)).await?;
            browser.until("document.readyState === 'complete'", SOON).await?;
            assert_eq!(browser.value(FROM_THE_TOP).await?, true, "{page}: focus stays elsewhere");
            test(browser, page).await?;
        }
        Ok(())
    });
}

async fn emulate(browser: &Browser, feature: &str, value: &str) -> Result<(), CmdError> {
    let features = json!({ "features": [{ "name": feature, "value": value }] });
    browser.devtools("Emulation.setEmulatedMedia", features).await?;
    let matches = format!("matchMedia('({feature}: {value})').matches");
    assert_eq!(browser.value(&matches).await?, true, "{feature}: {value}");
    Ok(())
}

#[test]
fn tab_comes_by_everything_in_order_and_one_sees_where_it_is() {
    on_every_kind(&Window::WIDE, walk);
}

#[test]
fn so_it_does_without_scripts_and_in_forced_colours() {
    on_every_kind(&Window::STILL, async |browser, page| {
        if ["en/everything.html", "index.html", "search/index.html"].contains(&page) {
            emulate(browser, "forced-colors", "active").await?;
            walk(browser, page).await?;
        }
        Ok(())
    });
}

#[test]
fn the_first_press_leads_past_the_navigation() {
    on_every_kind(&Window::WIDE, async |browser, page| {
        browser.key("Tab", false).await?;
        browser.key("Enter", false).await?;
        let main = "document.activeElement === document.querySelector('main')";
        browser.until(main, SOON).await?;
        browser.key("Tab", false).await?;
        let inside = "!document.activeElement.closest('header.site')";
        assert_eq!(browser.value(inside).await?, true, "{page}: back in the navigation");
        Ok(())
    });
}

/// Landmarks that are missing, nameless or there twice, and headings that skip a level.
const OUTLINE: &str = "(() => {
    const wrong = [], count = selector => document.querySelectorAll(selector).length;
    for (const one of ['main', 'h1', 'body > header', 'body > footer', 'body > header nav'])
        if (count(one) !== 1) wrong.push(`${count(one)} of ${one}`);
    const names = [...document.querySelectorAll('nav')].map(nav => nav.getAttribute('aria-label'));
    if (names.some(name => !name) || new Set(names).size < names.length) wrong.push(`navigations: ${names}`);
    const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(one => +one.tagName[1]);
    if (levels[0] !== 1 || levels.some((level, at) => at && level > levels[at - 1] + 1)) wrong.push(`headings: ${levels}`);
    if (!document.documentElement.lang) wrong.push('no language');
    return wrong;
})()";

#[test]
fn landmarks_have_names_and_headings_skip_no_level() {
    on_every_kind(&Window::WIDE, async |browser, page| {
        assert_eq!(browser.value(OUTLINE).await?, json!([]), "{page}");
        Ok(())
    });
}

/// Controls of less than 24 by 24 pixels, links in running text excepted. The link past the
/// navigation is as large as others once it shows.
const SMALL: &str = "REACHABLE.filter(one => !one.matches('.skip') && getComputedStyle(one).display !== 'inline')
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 23.99 || box.height < 23.99)
    .map(([one, box]) => `${Math.round(box.width)} × ${Math.round(box.height)}: ${one.outerHTML.slice(0, 90)}`)";

#[test]
fn what_is_not_running_text_can_be_hit_with_a_finger() {
    on_every_kind(&Window::PHONE, async |browser, page| {
        let small = browser.value(&SMALL.replace("REACHABLE", REACHABLE)).await?;
        assert_eq!(small, json!([]), "{page}");
        Ok(())
    });
}

/// What reaches beyond the right edge of a page that is wider than its window.
const WIDER: &str = "document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
        .map(one => one.outerHTML.slice(0, 90)).slice(0, 5)";

#[test]
fn nothing_scrolls_sideways_at_320_pixels_or_with_letters_of_twice_the_size() {
    let files = tree(every_kind());
    let host = Host::new(files, "/");
    with_browser(&Window::WIDE, async |browser: &Browser| {
        for page in PAGES.iter().filter(|page| !page.starts_with("old/")) {
            for (width, letters) in [(320, 100), (640, 200), (390, 200)] {
                let size = json!({ "width": width, "height": 640, "deviceScaleFactor": 1, "mobile": false });
                browser.devtools("Emulation.setDeviceMetricsOverride", size).await?;
                if letters == 100 {
                    browser.client.goto(&host.url(page)).await?;
                }
                let size = format!("document.documentElement.style.fontSize = '{letters}%'");
                browser.value(&size).await?;
                assert_eq!(browser.value("innerWidth").await?, width);
                let wider = browser.value(WIDER).await?;
                assert_eq!(wider, json!([]), "{page} at {width} pixels, letters {letters} %");
            }
        }
        Ok(())
    });
}

/// Whatever takes time to change.
const MOVING: &str = "[...document.querySelectorAll('*')].flatMap(one => [null, '::before', '::after'].flatMap(part => {
    const look = getComputedStyle(one, part);
    const takes = time => time.split(',').some(time => parseFloat(time) > .01);
    return takes(look.transitionDuration) || takes(look.animationDuration) || look.scrollBehavior === 'smooth'
        ? [one.outerHTML.slice(0, 90)] : [];
})).slice(0, 5)";

#[test]
fn nothing_moves_for_those_who_want_no_motion() {
    on_every_kind(&Window::WIDE, async |browser, page| {
        emulate(browser, "prefers-reduced-motion", "reduce").await?;
        assert_eq!(browser.value(MOVING).await?, Value::Array(Vec::new()), "{page}");
        Ok(())
    });
}

/// The site as browsers see it that do not know `light-dark()`.
#[test]
fn browsers_below_the_floor_show_everything_in_the_light_colours() {
    let mut files = tree(every_kind());
    for (path, bytes) in &mut files {
        if path.ends_with(".css") {
            let text = String::from_utf8(std::mem::take(bytes)).expect("a stylesheet in UTF-8");
            *bytes = text.replace("light-dark(", "not-known(").into_bytes();
        }
    }
    let host = Host::new(files, "/");
    with_browser(&Window::STILL, async |browser: &Browser| {
        emulate(browser, "prefers-color-scheme", "dark").await?;
        browser.client.goto(&host.url("en/everything.html")).await?;
        let mention = "document.querySelector('.turn a[href^=\"#g-\"]')";
        browser.value(&format!("{mention}.scrollIntoView({{ block: 'center' }})")).await?;
        browser.click(browser.middle(mention).await?).await?;
        browser.until("!!document.querySelector('div:target')", SOON).await?;
        let colours = "[document.body, document.querySelector('div:target')].map(one =>
            [getComputedStyle(one).backgroundColor, getComputedStyle(one).color])";
        let ink = "rgb(35, 32, 28)";
        let expected = json!([["rgb(253, 252, 249)", ink], ["rgb(255, 255, 255)", ink]]);
        assert_eq!(browser.value(colours).await?, expected);
        Ok(())
    });
}
