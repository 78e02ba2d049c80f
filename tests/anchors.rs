//! Random sites with random glossaries: whatever names a term's definition on a page finds it
//! there, once, and every mention has its card.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use postil::pipeline::{Built, File, Inputs, Options, Output, run};
use postil::source::Source;
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::{Config, TestCaseError};
use scraper::{ElementRef, Html, Selector};

/// Headwords and aliases, the odd ones among them.
const FORMS: [&str; 24] = [
    "AI",
    "AI Studio",
    "FAIR",
    "RAG",
    "rag",
    "C++",
    "C#",
    ".NET",
    "Node.js",
    "AR/VR",
    "GPT-4",
    "Llama",
    "Llama 4",
    "北大",
    "大模型",
    "推荐系统",
    "<b>",
    "\"x\"",
    "it's & that",
    "الذكاء",
    "é",
    "ＡＩ",
    "embedding",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunter",
];

/// What stands between them in a text.
const PIECES: [&str; 30] = [
    " ",
    " ",
    "，",
    "。",
    "的",
    " and ",
    " of the ",
    "**",
    "*",
    "`AI`",
    "\n",
    "\n\n",
    "[^1]",
    "\n\n**Host:** ",
    "\n\n**Engineer:** ",
    "\n\n**Host:** 你说",
    "\n\n**Engineer:** 对，",
    "\n\n## RAG and AI\n\n",
    "\n\n> ",
    "\n\n- ",
    "[RAG](https://example.org)",
    "[words](term:rag)",
    "[北大](term:AI)",
    "[x](term:none)",
    "\\",
    "s",
    "1",
    "![AI](p.png)",
    "\n\n| AI | C++ |\n|--|--|\n| RAG | 北大 |\n\n",
    "<details><summary>AI</summary>RAG</details>",
];

const MARKS: [&str; 6] = ["near", "section", "page", "turn", "every", "never"];

fn form() -> impl Strategy<Value = &'static str> {
    prop::sample::select(FORMS.as_slice())
}

/// A scalar of YAML.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text")
}

fn definition() -> impl Strategy<Value = String> {
    (form(), form(), 0..6_u8).prop_map(|(one, other, kind)| match kind {
        0 => format!(
            "  definition: {}\n",
            quoted(&format!("What {one} is: [{other}](term:{other})."))
        ),
        1 => format!(
            "  definition: {{en: {}, zh: {}}}\n",
            quoted(&format!("Of {one}.")),
            quoted(&format!("说的是{one}。"))
        ),
        2 => format!(
            "  definition: {}\n",
            quoted(&format!(
                "*{one}*, <b>{other}</b> and [that](term:{one}) and [none](term:zzz)."
            ))
        ),
        3 => "  definition: \"\"\n".to_owned(),
        4 => format!("  definition: {}\n  see: [{}]\n", quoted(one), quoted(other)),
        _ => format!(
            "  definition: Words.\n  name: {{en: {}, zh: {}}}\n",
            quoted(other),
            quoted(one)
        ),
    })
}

/// An entry of the glossary.
fn entry() -> impl Strategy<Value = String> {
    let aliases = prop::collection::vec(form(), 0..3);
    let mark = prop::option::of(prop::sample::select(MARKS.as_slice()));
    (form(), aliases, definition(), mark, 0..8_u8).prop_map(
        |(term, aliases, definition, mark, more)| {
            let aliases: Vec<String> = aliases.into_iter().map(quoted).collect();
            let mark = mark.map(|mark| format!("  mark: {mark}\n")).unwrap_or_default();
            let more = match more {
                0 => "  scope: {speakers: [Host]}\n",
                1 => "  scope: {tags: [one]}\n",
                2 => "  case: fold\n",
                3 => "  not: [AI and]\n",
                4 => "  category: kind\n  as_of: 2024-07\n",
                _ => "",
            };
            format!(
                "- term: {}\n  aliases: [{}]\n{definition}{mark}{more}",
                quoted(term),
                aliases.join(", ")
            )
        },
    )
}

fn words() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES.as_slice());
    let some = prop::collection::vec((form(), piece), 0..30);
    some.prop_map(|some| some.into_iter().flat_map(|(form, piece)| [form, piece]).collect())
}

/// A transcript with an introduction, notes, and a footnote that speak of terms too.
fn transcript() -> impl Strategy<Value = String> {
    let mark = prop::option::of(prop::sample::select(MARKS.as_slice()));
    (words(), words(), form(), form(), mark, any::<bool>()).prop_map(
        |(intro, talk, one, other, mark, tagged)| {
            let mark = mark.map(|mark| format!("  mark: {mark}\n")).unwrap_or_default();
            let tags = if tagged { "[one]" } else { "[]" };
            let note = quoted(&format!("A note on {other}, and [more](term:{one})."));
            format!(
                "---\ntags: {tags}\nglossary:\n  off: [{}]\n{mark}notes:\n- {{quote: a kept quote, note: {note}}}\n---\n\
                 {intro}\n\n**Host:** {one} and a kept quote.\n\n**Engineer:** {talk}\n\n\
                 **Host:** {other}\n\n[^1]: A footnote on {one}.\n",
                quoted(other)
            )
        },
    )
}

fn site() -> impl Strategy<Value = Vec<(String, String)>> {
    let entries = prop::collection::vec(entry(), 1..9);
    let mark = prop::sample::select(MARKS.as_slice());
    let language = prop::sample::select(["en", "zh-Hans", "de"].as_slice());
    (entries, prop::collection::vec(transcript(), 1..4), mark, language).prop_map(
        |(entries, transcripts, mark, language)| {
            // Two entries of one headword are refused, so the second is none.
            let mut known = BTreeSet::new();
            let head = |entry: &String| entry.lines().next().unwrap_or_default().to_lowercase();
            let entries: Vec<String> =
                entries.into_iter().filter(|entry| known.insert(head(entry))).collect();
            let mut files = vec![
                ("content/glossary.yaml".to_owned(), entries.concat()),
                (
                    "content/site.yaml".to_owned(),
                    format!("title: S\nlanguage: {language}\nglossary: {{mark: {mark}}}\n"),
                ),
                (
                    "content/pages/about.md".to_owned(),
                    "# About\n\nAI and RAG and 北大.\n".to_owned(),
                ),
            ];
            let named = transcripts.into_iter().enumerate();
            files.extend(named.map(|(at, text)| (format!("content/t{at}.md"), text)));
            files
        },
    )
}

fn built(files: Vec<(String, String)>) -> Built {
    let file =
        |(path, text): (String, String)| (path.clone(), File::Text(Source::new(&*path, text)));
    let inputs = Inputs {
        name: "s".to_owned(),
        has_content: true,
        files: files.into_iter().map(file).collect(),
        diagnostics: Vec::new(),
    };
    let options =
        Options { base_url: None, drafts: false, future: false, today: "2026-01-01".to_owned() };
    run(&inputs, &options)
}

fn decoded(fragment: &str) -> String {
    percent_decode_str(fragment).decode_utf8().expect("a fragment in UTF-8").into_owned()
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect("a selector")).collect()
}

/// The pages that are HTML, by output path.
fn pages(built: &Built) -> BTreeMap<&str, Html> {
    let pages = built
        .outputs
        .iter()
        .filter(|(path, output)| matches!(output, Output::Page) && path.ends_with(".html"));
    let read = |(path, _): (&'_ String, &Output)| {
        let bytes = built.render(path).unwrap_or_else(|error| panic!("{path}: {error:?}"));
        Html::parse_document(&String::from_utf8(bytes).expect("a page in UTF-8"))
    };
    pages.map(|page| (page.0.as_str(), read(page))).collect()
}

/// Whether all that a page says of terms is there.
fn check(
    path: &str,
    page: &Html,
    ids: &BTreeMap<&str, BTreeMap<String, usize>>,
) -> Result<(), TestCaseError> {
    let own = &ids[path];
    prop_assert!(own.values().all(|count| *count == 1), "{path}: an id stands twice in {own:?}");
    for link in all(page, "a[href]") {
        let href = link.value().attr("href").unwrap_or_default();
        let Some((file, fragment)) = href.split_once("#g-") else { continue };
        let id = format!("g-{}", decoded(fragment));
        if file.is_empty() {
            prop_assert!(own.contains_key(&id), "{path}: {href} leads nowhere");
        } else if file.ends_with("glossary/index.html") || file == "index.html" {
            prop_assert!(ids["glossary/index.html"].contains_key(&id), "{path}: {href}");
        }
    }
    for quiet in all(page, "a[data-g]") {
        let id = format!("g-{}", decoded(quiet.value().attr("data-g").unwrap_or_default()));
        prop_assert!(own.contains_key(&id), "{path}: a quiet {id} has no definition");
    }
    for card in all(page, "[role=doc-glossary] [id^='g-']") {
        let name: String = all_in(card, "dfn").iter().flat_map(|name| name.text()).collect();
        prop_assert!(!name.trim().is_empty(), "{path}: a card without a name");
        let links = all_in(card, "a[href*='glossary/']");
        prop_assert!(!links.is_empty(), "{path}: {name} has no link to its page");
    }
    Ok(())
}

fn all_in<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    element.select(&Selector::parse(selector).expect("a selector")).collect()
}

proptest! {
    #![proptest_config(Config { cases: 120, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_mention_finds_its_definition_on_its_page(files in site()) {
        let built = built(files);
        let pages = pages(&built);
        let ids: BTreeMap<&str, BTreeMap<String, usize>> = pages.iter().map(|(path, page)| {
            let mut ids = BTreeMap::new();
            for element in all(page, "[id]") {
                *ids.entry(element.value().id().unwrap_or_default().to_owned()).or_default() += 1;
            }
            (*path, ids)
        }).collect();
        for (path, page) in &pages {
            check(path, page, &ids)?;
        }
        // What is found and not off has its card, whether it is a link at first or not.
        for page in &built.site.pages {
            let reading = built.site.reading(page);
            for mention in reading.mentions.iter().filter(|one| one.shown || one.quiet) {
                let term = &built.site.glossary.terms[mention.term as usize];
                let id = format!("g-{}", term.id);
                let words = reading.document.slice(mention.range);
                prop_assert_eq!(ids[&*page.path].get(&id), Some(&1), "{}: {} of {}", page.path, words, id);
            }
        }
        // And where each term is said, its page says so.
        for (at, term) in built.site.glossary.terms.iter().enumerate() {
            let path = &built.site.term_paths[at];
            let lines = all(&pages[path.as_str()], ".lines li").len();
            prop_assert_eq!(lines, built.site.uses[at].len(), "{}", term.term);
        }
    }
}
