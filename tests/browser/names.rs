//! What the search page says besides passages: whose name and which term was typed, and what
//! else can be tried.

use std::fs;
use std::time::Duration;

use fantoccini::error::CmdError;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::driver::{Browser, Window, with_browser};
use crate::host::{Host, build, tree};

fn site(language: &str) -> TempDir {
    let site = TempDir::new().expect("a temporary folder");
    let content = site.path().join("content");
    fs::create_dir(&content).expect("a new folder");
    let put = |path: &str, text: &str| fs::write(content.join(path), text).expect("a file");
    put("site.yaml", &format!("title: Kitchens\nlanguage: {language}\n"));
    put(
        "glossary.yaml",
        "- term: open source\n  aliases: [开源, Offene Quelle]\n  definition: Recipes that **everybody** may read.\n\
         - term: sourdough\n  definition: A dough that raises itself.\n\
         - term: open crumb\n  definition: Bread with holes.\n",
    );
    put(
        "speakers.yaml",
        "- id: baker\n  name: {en: Night Baker, zh: 夜班面包师}\n  aliases: [烘焙師]\n",
    );
    put(
        "a.md",
        "---\ntitle: Nights\ndate: 2025-03-05\nlanguage: en\n---\n**Host:** What is open source?\n\n\
         **Night Baker:** Open source is a recipe.\n\n**Host:** With sourdough?\n\n**Night Baker:** Yes.\n\n\
         **Host:** Thank you.\n\n**Night Baker:** You are welcome.\n",
    );
    put(
        "b.md",
        "---\ntitle: 夜晚\ndate: 2025-04-02\nlanguage: zh\n---\n**主持人：** 开源以后呢？\n\n**夜班面包师：** 我们再说。\n\n\
         **主持人：** 好。\n\n**夜班面包师：** 谢谢。\n",
    );
    site
}

/// What is shown above the hits: the lines, each other form, each way to go on, the state.
const SHOWN: &str = "
    const [query, fields, done] = arguments
    const page = document.querySelector('.finder')
    const form = page.querySelector('form')
    for (const [name, value] of Object.entries(fields)) form.elements[name].value = value
    form.elements.q.value = query
    const texts = selector => [...page.querySelectorAll(selector)].map(e => e.textContent)
    page.search.ask().then(() => done({
      names: [...page.querySelectorAll('.named li > a')].map(a => [a.getAttribute('href'), a.textContent]),
      also: texts('.named div a'),
      ways: page.querySelector('.tries').hidden ? null : texts('.tries .ways p'),
      state: texts('[role=status]')[0],
    }), error => done('' + error))
";

async fn shown(browser: &Browser, query: &str, fields: &Value) -> Result<Value, CmdError> {
    browser.client.execute_async(SHOWN, vec![json!(query), fields.clone()]).await
}

const READY: &str = "!!document.querySelector('.finder').search";
const SECONDS: Duration = Duration::from_secs(5);

#[test]
fn terms_and_speakers_are_named_by_every_form_of_theirs() {
    let site = site("en");
    let output = build(site.path());
    let source = json!(["../glossary/open-source.html", "open source Glossary · Said 3 times"]);
    let crumb = json!(["../glossary/open-crumb.html", "open crumb Glossary · Not said yet"]);
    let dough = json!(["../glossary/sourdough.html", "sourdough Glossary · Said once"]);
    let baker = json!(["../speakers/baker.html", "Night Baker Speaker · 5 turns · 2 transcripts"]);
    let cases = [
        ("Open Source", json!([source]), json!(["开源", "Offene Quelle"])),
        ("open", json!([source, crumb]), json!(["开源", "Offene Quelle"])),
        ("ＯＰＥＮ s", json!([source]), json!(["开源", "Offene Quelle"])),
        ("开源", json!([source]), json!(["open source", "Offene Quelle"])),
        ("開源", json!([source]), json!(["open source", "Offene Quelle"])),
        ("sourdoughs", json!([dough]), json!(["sourdough"])),
        ("o", json!([]), json!([])),
        ("baker", json!([baker]), json!([])),
        ("night b", json!([baker]), json!([])),
        ("夜班", json!([baker]), json!([])),
        ("烘焙师", json!([baker]), json!([])),
        ("nobody", json!([]), json!([])),
    ];
    let host = Host::new(tree(&output), "/sub path/");
    for url in [crate::file_url(&output.join("search/index.html")), host.url("search/index.html")] {
        with_browser(&Window::WIDE, async |browser: &Browser| {
            browser.client.goto(&url).await?;
            browser.until(READY, SECONDS).await?;
            for (query, names, also) in &cases {
                let shown = shown(browser, query, &json!({})).await?;
                assert_eq!((&shown["names"], &shown["also"]), (names, also), "{query}: {shown}");
            }
            // What is offered is found, and what is named is there.
            shown(browser, "開源", &json!({})).await?;
            browser
                .client
                .execute("document.querySelector('.named div a').click()", vec![])
                .await?;
            let found = "document.querySelector('[role=status]')?.textContent === '2 passages'";
            browser.until(found, SECONDS).await?;
            browser
                .client
                .execute("document.querySelector('.named li > a').click()", vec![])
                .await?;
            browser
                .until("document.querySelector('h1')?.textContent === 'open source'", SECONDS)
                .await
        });
    }
}

#[test]
fn where_nothing_is_found_other_ways_are_shown() {
    let nothing = json!({"years": "2025", "speakers": "baker"});
    for (language, none, bare, alone) in [
        ("en", "No passage has these words.", "Without the filters: 1 passage", "Each word alone:"),
        ("zh-Hans", "没有找到。", "不加筛选：1 处", "分开搜索："),
    ] {
        let site = site(language);
        let url = crate::file_url(&build(site.path()).join("search/index.html"));
        with_browser(&Window::PHONE, async |browser: &Browser| {
            browser.client.goto(&url).await?;
            browser.until(READY, SECONDS).await?;
            // Whoever opens the page types at once.
            assert_eq!(browser.value("document.activeElement.name").await?, json!("q"));
            browser.client.execute("document.querySelector('details').open = true", vec![]).await?;
            browser
                .until("document.querySelectorAll('[name=speakers] option').length > 2", SECONDS)
                .await?;
            let filtered = shown(browser, "开源", &nothing).await?;
            assert_eq!(filtered["state"], json!(none));
            assert_eq!(filtered["ways"], json!([format!(" {bare}")]), "{filtered}");
            // Another form is asked for with the filters.
            let forms = "[...document.querySelectorAll('.named div a')].map(a => a.search)";
            let forms = browser.value(forms).await?;
            assert_eq!(forms[0], json!("?q=open+source&speakers=baker&years=2025"), "{forms}");
            browser.client.execute("document.querySelector('.ways a').click()", vec![]).await?;
            browser.until("!!document.querySelector('.hits .lines a')", SECONDS).await?;
            assert_eq!(browser.value("location.search").await?, json!("?q=%E5%BC%80%E6%BA%90"));
            // A question: the term in it is named, and each of its words can be asked for.
            let asked = shown(browser, "Who kneads Sourdough，开源?", &json!({})).await?;
            let hrefs: Vec<&Value> =
                asked["names"].as_array().expect("names").iter().map(|name| &name[0]).collect();
            assert_eq!(
                hrefs,
                ["../glossary/open-source.html", "../glossary/sourdough.html"],
                "{asked}"
            );
            let words = format!("{alone} Who kneads Sourdough 开源");
            assert_eq!(asked["ways"], json!([words]), "{asked}");
            let found = shown(browser, "sourdough", &json!({})).await?;
            assert_eq!(found["ways"], Value::Null, "{found}");
            Ok(())
        });
    }
}
