//! Searching, held against the texts themselves: every passage that has the words is found, and
//! none that has not.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use fantoccini::error::CmdError;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::driver::{Browser, Window, with_browser};
use crate::host::{Host, build, tree};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn of<'a>(&mut self, some: &[&'a str]) -> &'a str {
        some[self.below(some.len())]
    }
}

const HAN: &[&str] = &[
    "我们",
    "觉得",
    "模型",
    "数据",
    "开源",
    "问题",
    "可以",
    "的",
    "了",
    "在",
    "把",
    "档案",
    "机器",
    "说",
    "来",
    "用",
    "图书馆",
    "一个",
    "词典",
    "慢慢",
    "，",
    "。",
    "、",
];
const LATIN: &[&str] = &[
    "AI",
    "open",
    "source",
    "search",
    "Search",
    "searching",
    "Café",
    "GPT-4",
    "the",
    "a",
    "library",
    "3.5",
    "catalogue",
    "is",
    "we",
    "ＲＡＧ",
];

/// A paragraph, Chinese with some Latin in it or the other way round.
fn paragraph(dice: &mut Dice, han: bool) -> String {
    let mut text = String::new();
    for _ in 0..6 + dice.below(24) {
        if han && dice.below(6) > 0 {
            text.push_str(dice.of(HAN));
        } else {
            let blank = if han { dice.below(2) == 0 } else { true };
            let blank = if blank { " " } else { "" };
            let is_word = text.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
            text.push_str(if is_word { " " } else { blank });
            text.push_str(dice.of(LATIN));
            text.push_str(blank);
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Thousands of words that begin alike, and hundreds of Han characters: enough for keys and their
/// beginnings to lie in several files of the index.
fn varied(dice: &mut Dice, han: bool) -> String {
    const STARTS: &[&str] = &["che", "chea", "con", "re", "un"];
    const SYLLABLES: &[&str] = &[
        "ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu",
        "ya",
    ];
    let mut text = String::new();
    for _ in 0..10 + dice.below(30) {
        if han && dice.below(5) > 0 {
            let one = |dice: &mut Dice| char::from_u32(0x4e00 + 7 * dice.below(700) as u32);
            let run = 1 + dice.below(4);
            text.extend((0..run).filter_map(|_| one(dice)));
            text.push_str(if dice.below(6) == 0 { "，" } else { "" });
        } else {
            let apart = !han || dice.below(2) == 0;
            let behind_word = text.ends_with(|c: char| c.is_ascii_alphanumeric());
            text.push_str(if apart || behind_word { " " } else { "" });
            text.push_str(dice.of(STARTS));
            let syllables = dice.below(4);
            (0..syllables).for_each(|_| text.push_str(dice.of(SYLLABLES)));
            text.push_str(if apart { " " } else { "" });
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A few characters, some in both forms, with what nobody sees, a blank or a word between them, so that each
/// pair stands in hundreds of passages, often twice, and three that are asked for often stand apart.
fn crowded(dice: &mut Dice, _: bool) -> String {
    const CROWD: &[&str] =
        &["我", "们", "們", "是", "也", "习", "習", "器", "，", " ", "\u{200b}", " AI "];
    let length = 12 + dice.below(50);
    let text: String = (0..length).map(|_| dice.of(CROWD)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// A text as a reader compares it. Not the program's code.
fn plain(text: &str) -> String {
    let lower = text
        .to_lowercase()
        .replace('é', "e")
        .replace('ｒ', "r")
        .replace('ａ', "a")
        .replace('ｇ', "g")
        .replace('們', "们")
        .replace('習', "习")
        .replace('\u{200b}', "");
    let lower = lower.split_whitespace().collect::<Vec<_>>().join(" ");
    let chars: Vec<char> = lower.chars().collect();
    let mut out = String::new();
    for (at, c) in chars.iter().enumerate() {
        let sides = (at.checked_sub(1).map(|at| chars[at]), chars.get(at + 1).copied());
        let mixed = matches!(sides, (Some(a), Some(b))
            if (is_han(a) && b.is_ascii_alphanumeric()) || (a.is_ascii_alphanumeric() && is_han(b)));
        if *c != ' ' || !mixed {
            out.push(*c);
        }
    }
    out
}

/// Whether a text has a query: anywhere, but with Latin letters only where a word begins.
fn has(text: &str, query: &str) -> bool {
    let word = query.starts_with(|c: char| c.is_ascii_alphanumeric());
    text.match_indices(query)
        .any(|(at, _)| !word || !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric()))
}

struct Texts {
    site: TempDir,
    /// All titles and paragraphs, as they are compared.
    all: Vec<String>,
}

fn texts(
    dice: &mut Dice,
    (transcripts, turns): (usize, usize),
    paragraph: fn(&mut Dice, bool) -> String,
) -> Texts {
    let site = TempDir::new().expect("a temporary folder");
    let mut all = Vec::new();
    fs::create_dir(site.path().join("content")).expect("a new folder");
    for number in 0..transcripts {
        let title = format!("Talk {number}");
        let mut text = format!(
            "---\ntitle: {title}\ndate: 20{:02}-0{}-01\ntags: [t{}]\nlanguage: zh\n---\n",
            10 + number % 7,
            1 + number % 9,
            number % 3
        );
        all.push(title);
        for turn in 0..turns {
            let words = paragraph(dice, number % 2 == 0);
            text.push_str(&format!(
                "**{}:** {words}\n\n",
                if turn % 2 == 0 { "Host" } else { "Guest" }
            ));
            all.push(words);
        }
        fs::write(site.path().join(format!("content/{number:03}.md")), text).expect("a file");
    }
    Texts { site, all }
}

/// Asks until nothing is left; the texts of all hits.
const ALL: &str = "
    const [query, fields, done] = arguments
    const page = document.querySelector('.finder')
    const form = page.querySelector('form')
    for (const [name, value] of Object.entries(fields)) form.elements[name].value = value
    form.elements.q.value = query
    page.search.ask().then(() => page.search.now() ? page.search.go(1e9) : null).then(() => {
      const run = page.search.now()
      done([run.ended(), run.hits.map(hit => hit.text), document.querySelector('[role=status]').textContent])
    }, error => done(['' + error, [], '']))
";

async fn found(
    browser: &Browser,
    query: &str,
    fields: &Value,
) -> Result<(Vec<String>, String), CmdError> {
    let answer = browser.client.execute_async(ALL, vec![json!(query), fields.clone()]).await?;
    assert_eq!(answer[0], json!(true), "{query}: {answer}");
    let texts = answer[1].as_array().expect("texts");
    let texts = texts.iter().map(|text| text.as_str().expect("a text").to_owned()).collect();
    Ok((texts, answer[2].as_str().unwrap_or_default().to_owned()))
}

#[test]
fn every_passage_is_found_and_no_other() {
    let mut dice = Dice(7);
    let Texts { site, all } = texts(&mut dice, (40, 12), paragraph);
    let files = tree(&build(site.path()));
    let some = [
        "我们",
        "的",
        "词",
        "的了",
        "sea",
        "用AI来",
        "用 AI 来",
        "café",
        "CAFE",
        "rag",
        "3.5",
        "gpt-4",
        "talk",
    ];
    let queries = queries(&mut dice, &all, &some, 120);
    hold_against(&all, &queries, files, "root.keys.length > 1");
}

#[test]
fn what_lies_in_several_files_of_the_index_is_found_whole() {
    let mut dice = Dice(17);
    let Texts { site, all } = texts(&mut dice, (60, 12), varied);
    let files = tree(&build(site.path()));
    let mut some: Vec<String> =
        ["che", "cheab", "Un", "c", "一", "b", "talk 1"].map(str::to_owned).to_vec();
    // Beginnings of words, of any length.
    while some.len() < 22 {
        let text = &all[dice.below(all.len())];
        let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let word = words[dice.below(words.len())];
        if word.len() > 4 {
            some.push(word[..4 + dice.below(word.len() - 3)].to_owned());
        }
    }
    let some: Vec<&str> = some.iter().map(String::as_str).collect();
    // A beginning of words whose words lie in several files.
    let sure = "root.keys.length > 12 && root.keys.some(cut => /^che./.test(cut.key))";
    hold_against(&all, &queries(&mut dice, &all, &some, 60), files, sure);
}

#[test]
fn very_common_characters_are_found_where_they_stand_side_by_side() {
    let mut dice = Dice(29);
    let Texts { site, all } = texts(&mut dice, (40, 80), crowded);
    let files = tree(&build(site.path()));
    let side_by_side = all.iter().filter(|text| plain(text).contains("们是也")).count();
    let apart = |text: &&String| ["们是", "是也"].iter().all(|pair| plain(text).contains(pair));
    let both = all.iter().filter(apart).count();
    assert!(both > 2 * side_by_side, "{both}, {side_by_side}");
    // What may have all three, before a second text is read: not all that has both pairs apart.
    let sure = format!(
        "(run => run.next(1).then(() => run.left() < {}))(passages.search(['们是也'], {{}}))",
        both * 7 / 8
    );
    let some = ["是也", "我们是", "我們是", "习器习器", "们们", "们们们", "也们ai", "器AI我"];
    hold_against(&all, &queries(&mut dice, &all, &some, 12), files, &sure);
}

#[test]
fn what_lies_in_a_long_talk_in_several_files_is_found_whole() {
    let mut dice = Dice(23);
    let Texts { site, all } = texts(&mut dice, (3, 1500), varied);
    let files = tree(&build(site.path()));
    let sure = "root.texts.length > root.first.length + 2";
    hold_against(&all, &queries(&mut dice, &all, &["che", "talk 1"], 25), files, sure);
}

#[test]
fn asking_for_more_while_more_is_sought_loses_nothing_and_shows_nothing_twice() {
    let mut dice = Dice(19);
    let Texts { site, all } = texts(&mut dice, (20, 12), paragraph);
    let host = Host::new(tree(&build(site.path())), "/");
    let expected = all.iter().filter(|text| has(&plain(text), "ai")).count();
    assert!(expected > 60, "{expected}");
    // The page asks of itself, somebody submits, and `More` is clicked twice.
    let twice = "
        const done = arguments[0]
        const search = document.querySelector('.finder').search
        search.ask()
        search.ask().then(() => Promise.all([search.go(20), search.go(30), search.go(1e9), search.go(1e9)])).then(() =>
          done([search.now().hits.length, document.querySelectorAll('.hits .lines a').length]))
    ";
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&host.url("search/index.html?q=AI")).await?;
        browser.until("!!document.querySelector('.finder').search", Duration::from_secs(5)).await?;
        let answer = browser.client.execute_async(twice, vec![]).await?;
        assert_eq!(answer, json!([expected, expected]));
        Ok(())
    });
}

/// Asks each query of a browser and of the texts. `sure` is what must hold of the index's `root`, so that
/// the case is the one that is meant.
fn hold_against(all: &[String], queries: &[String], files: BTreeMap<String, Vec<u8>>, sure: &str) {
    let host = Host::new(files, "/sub path/");
    let plainly: Vec<(String, &str)> = all.iter().map(|text| (plain(text), &**text)).collect();
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&host.url("search/index.html")).await?;
        browser.until("!!document.querySelector('.finder').search", Duration::from_secs(5)).await?;
        let sure = format!(
            "const {{ passages }} = document.querySelector('.finder')
            passages.start().then(() => {{ const root = passages.root(); return {sure} }}).then(arguments[0])"
        );
        assert_eq!(browser.client.execute_async(&sure, vec![]).await?, json!(true), "{sure}");
        for query in queries {
            let wanted = plain(query);
            let mut expected = passages(&plainly, &[&wanted]);
            if expected.is_empty() && query.contains(' ') {
                // Not side by side: then all of them anywhere in a passage.
                let parts: Vec<String> = query.split(' ').map(plain).collect();
                expected =
                    passages(&plainly, &parts.iter().map(String::as_str).collect::<Vec<_>>());
            }
            let (mut hits, state) = found(browser, query, &json!({})).await?;
            hits.sort_unstable();
            expected.sort_unstable();
            assert_eq!(hits.len(), expected.len(), "{query}");
            assert_eq!(hits, expected, "{query}");
            let count = format!("{}", expected.len());
            let told = expected.is_empty() || state.replace(',', "").contains(&count);
            assert!(told, "{query}: {state}");
        }
        Ok(())
    });
}

/// The texts that have all of some words; each is given with what is compared.
fn passages<'a>(all: &[(String, &'a str)], words: &[&str]) -> Vec<&'a str> {
    let fits = |(plain, _): &&(String, &str)| words.iter().all(|word| has(plain, word));
    all.iter().filter(fits).map(|(_, text)| *text).collect()
}

/// So many queries: `some`, and pieces of the texts: 2 to 6 Han characters, words, beginnings of
/// words, both mixed, and single characters.
fn queries(dice: &mut Dice, all: &[String], some: &[&str], count: usize) -> Vec<String> {
    let mut queries: Vec<String> = some.iter().map(|query| (*query).to_owned()).collect();
    while queries.len() < count {
        let text: Vec<char> = all[dice.below(all.len())].chars().collect();
        let from = dice.below(text.len());
        let to = (from + 2 + dice.below(5)).min(text.len());
        let piece: String = text[from..to].iter().collect();
        let inside = from > 0 && text[from - 1].is_alphanumeric() && !is_han(text[from - 1]);
        let latin = piece.starts_with(|c: char| !is_han(c));
        let usable = piece.chars().filter(|c| c.is_alphanumeric()).count() > 1;
        // Words between blanks are looked for side by side, so pieces across them are pieces too.
        let broken = inside && latin || piece.contains(' ');
        let open = piece.starts_with(['，', '。', '、']);
        if usable && !broken && !open {
            queries.push(piece);
        }
    }
    queries
}

/// Two transcripts that one word and some Han characters are asked of.
fn small(language: &str) -> TempDir {
    let site = TempDir::new().expect("a temporary folder");
    let put = |path: &str, text: &str| {
        fs::write(site.path().join("content").join(path), text).expect("a file");
    };
    fs::create_dir(site.path().join("content")).expect("a new folder");
    put("site.yaml", &format!("title: Kitchens\nlanguage: {language}\n"));
    put(
        "a.md",
        "---\ntitle: Sourdough nights\ndate: 2025-03-05\nlanguage: en\n---\n**Host:** What is sourdough?\n\n\
         **Baker:** Sourdough is patience.\n\n**Host:** And flour. I like sourdough.\n\n**Baker:** So do I.\n\n\
         **Host:** Thank you.\n\n**Baker:** You are welcome.\n",
    );
    put(
        "b.md",
        "---\ntitle: After the sourdough\ndate: 2025-04-02\nlanguage: zh-Hant\n---\n**主持人：** 機器學習以後呢？\n\n\
         **工程師：** 我們再說。\n\n**主持人：** 机器学习，再说一次。\n\n**工程師：** 好。\n\n**主持人：** 謝謝。\n\n**工程師：** 不客氣。\n",
    );
    site
}

#[test]
fn a_title_is_marked_and_counts_where_it_is_all_that_is_listed() {
    for (language, state, dates) in [
        ("en", "4 passages", ["5 March 2025", "2 April 2025"]),
        ("zh-Hans", "4 处", ["2025年3月5日", "2025年4月2日"]),
    ] {
        let site = small(language);
        let url = crate::file_url(&build(site.path()).join("search/index.html"));
        with_browser(&Window::WIDE, async |browser: &Browser| {
            browser.client.goto(&url).await?;
            browser
                .until("!!document.querySelector('.finder').search", Duration::from_secs(5))
                .await?;
            let (_, told) = found(browser, "sourdough", &json!({})).await?;
            assert_eq!(told, state);
            let texts = |selector: &str| {
                format!(
                    "return [...document.querySelectorAll('{selector}')].map(e => e.textContent)"
                )
            };
            for (selector, expected) in [
                (".hits h2", json!(["Sourdough nights", "After the sourdough"])),
                (".hits h2 mark", json!(["Sourdough", "sourdough"])),
                (".hits .lines mark", json!(["sourdough", "Sourdough", "sourdough"])),
                (".hits time", json!(dates)),
            ] {
                let shown = browser.client.execute(&texts(selector), vec![]).await?;
                assert_eq!(shown, expected, "{selector}");
            }
            Ok(())
        });
    }
}

#[test]
fn simplified_and_traditional_characters_find_each_other() {
    let site = small("zh-Hans");
    let url = crate::file_url(&build(site.path()).join("search/index.html"));
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&url).await?;
        browser.until("!!document.querySelector('.finder').search", Duration::from_secs(5)).await?;
        for (query, expected) in [
            ("机器学习", &["机器学习，再说一次。", "機器學習以後呢？"][..]),
            ("機器學習", &["机器学习，再说一次。", "機器學習以後呢？"]),
            ("器學习", &["机器学习，再说一次。", "機器學習以後呢？"]),
            ("后", &["機器學習以後呢？"]),
            ("以後", &["機器學習以後呢？"]),
            ("谢谢", &["謝謝。"]),
            ("机會", &[]),
        ] {
            let (mut hits, _) = found(browser, query, &json!({})).await?;
            hits.sort_unstable();
            assert_eq!(hits, expected, "{query}");
        }
        let marked = "return document.querySelector('.hits mark').textContent";
        found(browser, "谢谢", &json!({})).await?;
        assert_eq!(browser.client.execute(marked, vec![]).await?, json!("謝謝"));
        Ok(())
    });
}

#[test]
fn quotation_marks_as_they_are_typed_and_decomposed_characters_are_found() {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir(site.path().join("content")).unwrap();
    let text = "**Host:** It’s “here”, 한국이 가깝다.\n\n**Guest:** ガイド and its café.\n\n**Host:** Yes.\n";
    std::fs::write(site.path().join("content/a.md"), text).unwrap();
    let url = crate::file_url(&build(site.path()).join("search/index.html"));
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&url).await?;
        browser.until("!!document.querySelector('.finder').search", Duration::from_secs(5)).await?;
        let (host, guest) = ("It’s “here”, 한국이 가깝다.", "ガイド and its café.");
        for (query, expected) in [
            ("it's", Some(host)),
            ("It’s", Some(host)),
            ("\"here\"", Some(host)),
            ("its", Some(guest)),
            ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", Some(host)),
            ("カ\u{3099}イ", Some(guest)),
            ("cafe\u{301}", Some(guest)),
            ("'here'", None),
        ] {
            let (hits, _) = found(browser, query, &json!({})).await?;
            assert_eq!(hits, Vec::from_iter(expected), "{query}");
        }
        found(browser, "ガイド", &json!({})).await?;
        let marked = "return document.querySelector('.hits mark').textContent";
        assert_eq!(browser.client.execute(marked, vec![]).await?, json!("ガイド"), "no blank");
        Ok(())
    });
}

#[test]
fn hits_are_narrowed_ordered_and_lead_to_their_place() {
    let mut dice = Dice(11);
    let Texts { site, .. } = texts(&mut dice, (21, 12), paragraph);
    let output = build(site.path());
    let url = crate::file_url(&output.join("search/index.html"));
    with_browser(&Window::PHONE, async |browser: &Browser| {
        browser.client.goto(&format!("{url}?q=AI")).await?;
        browser.until("!!document.querySelector('.hits a')", Duration::from_secs(5)).await?;
        // Narrowed to a speaker, every hit is theirs; to a tag, a third of the transcripts is left.
        browser
            .client
            .execute("document.querySelector('.finder details').open = true", vec![])
            .await?;
        browser
            .until(
                "document.querySelectorAll('[name=tags] option').length === 4",
                Duration::from_secs(5),
            )
            .await?;
        let (all, _) = found(browser, "AI", &json!({})).await?;
        let (host, _) = found(browser, "AI", &json!({"speakers": "host"})).await?;
        let (guest, _) = found(browser, "AI", &json!({"speakers": "guest"})).await?;
        assert_eq!(host.len() + guest.len(), all.len());
        let mut by_tag = BTreeMap::new();
        for tag in ["t0", "t1", "t2"] {
            let (some, _) = found(browser, "AI", &json!({"speakers": "", "tags": tag})).await?;
            by_tag.insert(tag, some.len());
        }
        assert_eq!(by_tag.values().sum::<usize>(), all.len());
        let (year, _) = found(browser, "AI", &json!({"tags": "", "years": "2012"})).await?;
        assert!(!year.is_empty() && year.len() < all.len(), "{} of {}", year.len(), all.len());
        found(browser, "AI", &json!({"years": "", "order": "newest"})).await?;
        let dates = browser
            .client
            .execute(
                "return [...document.querySelectorAll('.hits time')].map(t => t.dateTime)",
                vec![],
            )
            .await?;
        let dates: Vec<&str> =
            dates.as_array().expect("dates").iter().filter_map(Value::as_str).collect();
        assert!(dates.is_sorted_by(|a, b| a >= b), "{dates:?}");
        // The first hit's link leads to a block that has the word.
        browser.client.execute("document.querySelector('.hits .lines a').click()", vec![]).await?;
        browser.until("!!document.querySelector(':target')", Duration::from_secs(5)).await?;
        let text = browser
            .client
            .execute("return document.querySelector(':target').textContent", vec![])
            .await?;
        assert!(text.as_str().is_some_and(|text| text.contains("AI")), "{text}");
        Ok(())
    });
}

#[test]
fn the_keyboard_does_it_all() {
    let mut dice = Dice(13);
    let Texts { site, .. } = texts(&mut dice, (6, 12), paragraph);
    let output = build(site.path());
    let url = crate::file_url(&output.join("search/index.html"));
    with_browser(&Window::WIDE, async |browser: &Browser| {
        // From any other page `/` leads here, with the field ready to be typed into.
        browser.client.goto(&crate::file_url(&output.join("003.html"))).await?;
        let slash = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }))";
        browser.client.execute(slash, vec![]).await?;
        let ready =
            "document.querySelector('.finder')?.search && document.activeElement.name === 'q'";
        browser.until(ready, Duration::from_secs(5)).await?;
        browser.client.goto(&url).await?;
        browser.until("!!document.querySelector('.finder').search", Duration::from_secs(5)).await?;
        let key = "const [key, composing] = arguments; const at = document.activeElement; \
            at.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: composing, bubbles: true, cancelable: true }))";
        let focus =
            "return document.activeElement.tagName + ' ' + (document.activeElement.name || '')";
        browser.client.execute("document.activeElement.blur()", vec![]).await?;
        browser.client.execute(key, vec![json!("/"), json!(false)]).await?;
        assert_eq!(browser.client.execute(focus, vec![]).await?, json!("INPUT q"));
        // While a word is still being composed nothing is asked for.
        let compose = "const q = document.querySelector('[name=q]'); q.value = '我们'; \
            q.dispatchEvent(new InputEvent('input', { isComposing: arguments[0], bubbles: true }))";
        browser.client.execute(compose, vec![json!(true)]).await?;
        tokio::time::sleep(Duration::from_millis(400)).await;
        let none = browser
            .client
            .execute("return document.querySelectorAll('.hits a').length", vec![])
            .await?;
        assert_eq!(none, json!(0));
        browser.client.execute(compose, vec![json!(false)]).await?;
        browser.until("!!document.querySelector('.hits a')", Duration::from_secs(5)).await?;
        browser.client.execute(key, vec![json!("ArrowDown"), json!(false)]).await?;
        assert_eq!(browser.client.execute(focus, vec![]).await?, json!("A "));
        browser.client.execute(key, vec![json!("Escape"), json!(false)]).await?;
        assert_eq!(browser.client.execute(focus, vec![]).await?, json!("INPUT q"));
        browser.client.execute(key, vec![json!("Escape"), json!(false)]).await?;
        browser.until("!document.querySelector('.hits a')", Duration::from_secs(5)).await?;
        Ok(())
    });
}
