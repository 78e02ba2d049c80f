//! From one language of a transcript to another, and both side by side.

use std::fs;
use std::path::Path;

use crate::driver::{Browser, Window, with_browser};
use crate::host::build;
use crate::{SOON, file_url};

/// The pair of `tests/cases/parallel`, copied into a folder.
pub fn pair(content: &Path) {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/parallel");
    for file in ["talk.en.md", "talk.zh.md"] {
        fs::copy(cases.join(file), content.join(file)).expect("a copy");
    }
}

#[test]
fn another_language_begins_at_the_same_turn() {
    let site = tempfile::TempDir::new().expect("a temporary folder");
    let content = site.path().join("content");
    fs::create_dir(&content).expect("a folder");
    pair(&content);
    fs::write(content.join("site.yaml"), "language: en\n").expect("a file");
    let output = build(site.path());
    let turn = |words: &str| {
        format!(
            "[...document.querySelectorAll('.turn')].find(turn => turn.innerText.includes('{words}'))"
        )
    };
    let top = |words: &str| {
        format!("Math.abs({}.getBoundingClientRect().top - parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop)) < 48
            || scrollY + innerHeight > document.documentElement.scrollHeight - 4", turn(words))
    };
    let lit = |words: &str| {
        format!("getComputedStyle({}).backgroundColor !== 'rgba(0, 0, 0, 0)'", turn(words))
    };
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&file_url(&output.join("talk.en.html"))).await?;
        let click = async |words: &str, link: &str| {
            browser.value(&format!("{}.scrollIntoView()", turn(words))).await?;
            browser.value(&format!("{}.querySelector('.pl').focus()", turn(words))).await?;
            let link = format!(
                "[...{}.querySelectorAll('.hop a')].find(a => a.textContent === '{link}')",
                turn(words)
            );
            let place = browser.middle(&link).await?;
            browser.click(place).await
        };
        click("How long does", "中文").await?;
        browser
            .until(
                "document.documentElement.lang === 'zh' && document.readyState === 'complete'",
                SOON,
            )
            .await?;
        browser.until(&top("第一次搜索"), SOON).await?;
        browser.until(&lit("第一次搜索"), SOON).await?;
        // Side by side: the same line, two columns.
        click("第一次搜索", "对照阅读").await?;
        browser
            .until("!!document.querySelector('.pair') && document.readyState === 'complete'", SOON)
            .await?;
        browser.until(&top("第一次搜索"), SOON).await?;
        let beside = format!(
            "(a => b => Math.abs(a.top - b.top) < 2 && a.left > b.right)({}.getBoundingClientRect())({}.getBoundingClientRect())",
            turn("第一次搜索"),
            turn("How long does")
        );
        browser.until(&beside, SOON).await?;
        let place =
            browser.middle(&format!("{}.querySelector('.pl')", turn("How long does"))).await?;
        browser.hover(place).await?;
        browser.click(place).await?;
        browser.until(&format!("document.documentElement.lang === 'en' && !document.querySelector('.pair') && {}", lit("How long does")), SOON).await?;
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
    with_browser(&Window::PHONE, async |browser: &Browser| {
        browser.client.goto(&file_url(&output.join("talk.en.with-zh.html"))).await?;
        let below = format!(
            "(a => b => a.top > b.bottom && a.right <= innerWidth)({}.getBoundingClientRect())({}.getBoundingClientRect())",
            turn("第一次搜索"),
            turn("How long does")
        );
        browser.until(&below, SOON).await?;
        assert_eq!(
            browser.value("document.documentElement.scrollWidth <= innerWidth").await?,
            true
        );
        Ok(())
    });
}
