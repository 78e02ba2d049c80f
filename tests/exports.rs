//! Other forms of a transcript, read by parsers that are not ours, and by our own importer.

use std::fs;
use std::path::Path;

use biblatex::ChunksExt;
use boon::{Compiler, Draft, Schemas};
use citationberg::json::{DateValue, Item, NameValue, Value as Field};
use postil::diagnostics::{self, Severity};
use postil::document::Document;
use postil::import;
use postil::parse::{Context, parse};
use postil::pipeline::Built;
use postil::source::Source;
use proptest::prelude::*;
use serde_json::Value;
use subtp::srt::SubRip;
use subtp::vtt::{VttBlock, WebVtt};

use crate::whole::built;

fn text(built: &Built, path: &str) -> String {
    assert!(built.outputs.contains_key(path), "{path} in {:?}", built.outputs.keys());
    String::from_utf8(built.render(path).expect("bytes")).expect("UTF-8")
}

const ALL: (&str, &str) = (
    "content/site.yaml",
    "title: Talks\nlanguage: en\nbase_url: https://example.org/\nexports: [podcast, md, json, txt, vtt, srt]\n",
);

const GLOSSARY: (&str, &str) = (
    "content/glossary.yaml",
    "- term: RAG\n  definition: Looking up first.\n- term: stairs\n  definition: Steps.\n",
);

const NOTES: (&str, &str) = (
    "content/a/talk.notes.yaml",
    "- {quote: under the stairs, note: \"*Still* there.\", by: editor, date: 2026-11-20}\n",
);

/// Everything that a form can hold.
const TALK: &str = "---
title: \"Stairs --> & <b>\"
date: 2025-03-05
duration: \"1:02\"
tags: [libraries]
speakers: {Host: {role: host}, Engineer: {}, 主持人: {}}
---

An introduction
in two lines.

## 01 How it *began*

**Host:** [00:00:00] Where was the first index?

**Engineer:** [00:00:04] The machine stood under the stairs. It was a 🦀 RAG & it said `a < b -->` to
everybody who came down the stairs to look for a book that nobody had read, which was nearly everybody.

- one
- two **bold**

![A cupboard](cupboard.png) Its door.

**Host:** And then?

**Engineer:** [00:00:31] Then we moved.

> A quote

| a | b |
|---|---|
| 1 | 2 |

```
let x = 1;
```

**主持人：** [00:00:50] 后来呢？RAG 还在楼梯下面吗？

**Host:** [00:00:45] [laughter]
";

fn site() -> Built {
    let picture = ("static/a/cupboard.png", "a picture");
    let built = built(&[ALL, GLOSSARY, NOTES, picture, ("content/a/talk.md", TALK)]);
    let errors = built.diagnostics.iter().filter(|one| one.severity == Severity::Error);
    assert_eq!(errors.count(), 0, "{}", diagnostics::print(&built.diagnostics, false));
    built
}

#[test]
fn the_json_fits_its_schema_and_says_everything() {
    let built = site();
    let json: Value = serde_json::from_str(&text(&built, "a/talk.json")).expect("JSON");
    let fits = schema();
    assert_eq!(fits(&json), Ok(()));
    let mut wrong = json.clone();
    wrong["items"][2]["speaker"] = 7.into();
    assert!(fits(&wrong).is_err(), "the schema refuses what is wrong");
    insta::assert_snapshot!(serde_json::to_string_pretty(&json).expect("JSON"));
    let said = json["items"][3]["blocks"][0]["text"].as_str().expect("a text");
    let mention = &json["items"][3]["blocks"][0]["mentions"][1];
    let at = |key: &str| mention[key].as_u64().expect("a number") as usize;
    let words: String = said.chars().skip(at("start")).take(at("end") - at("start")).collect();
    assert_eq!(words, "RAG");
}

/// Whether a value is what `docs/transcript.schema.json` says.
fn schema() -> impl Fn(&Value) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/transcript.schema.json");
    let text = fs::read_to_string(path).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let mut compiler = Compiler::new();
    compiler.set_default_draft(Draft::V2020_12);
    compiler.enable_format_assertions();
    compiler.add_resource("transcript.json", schema).expect("a resource");
    let mut schemas = Schemas::new();
    let index = compiler.compile("transcript.json", &mut schemas).expect("a schema");
    move |value| schemas.validate(value, index).map_err(|error| format!("{error:#}"))
}

#[test]
fn plain_text_and_subtitles() {
    let built = site();
    insta::assert_snapshot!("text", text(&built, "a/talk.txt"));
    insta::assert_snapshot!("vtt", text(&built, "a/talk.vtt"));
    insta::assert_snapshot!("srt", text(&built, "a/talk.srt"));
}

/// Start, end, words of each cue.
type Cues = Vec<(u64, u64, String)>;

fn millis([hours, minutes, seconds, rest]: [u64; 4]) -> u64 {
    ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
}

fn vtt(text: &str) -> Cues {
    let parsed = WebVtt::parse(text).expect("WebVTT");
    let cues = parsed.blocks.iter().filter_map(|block| match block {
        VttBlock::Que(cue) => Some(cue),
        _ => None,
    });
    let ms = |time: subtp::vtt::VttTimestamp| {
        millis([
            time.hours.into(),
            time.minutes.into(),
            time.seconds.into(),
            time.milliseconds.into(),
        ])
    };
    cues.map(|cue| (ms(cue.timings.start), ms(cue.timings.end), cue.payload.join("\n"))).collect()
}

fn srt(text: &str) -> Cues {
    let parsed = SubRip::parse(text).expect("SRT");
    let ms = |time: subtp::srt::SrtTimestamp| {
        millis([
            time.hours.into(),
            time.minutes.into(),
            time.seconds.into(),
            time.milliseconds.into(),
        ])
    };
    let cues = parsed.subtitles.iter();
    cues.map(|cue| (ms(cue.start), ms(cue.end), cue.text.join("\n"))).collect()
}

#[test]
fn subtitles_are_read_by_others() {
    let built = site();
    let (vtt, srt) = (vtt(&text(&built, "a/talk.vtt")), srt(&text(&built, "a/talk.srt")));
    let podcast: Value = serde_json::from_str(&text(&built, "a/talk.podcast.json")).expect("JSON");
    assert_eq!(podcast["version"], "1.0.0");
    let segments = podcast["segments"].as_array().expect("a list");
    assert_eq!((vtt.len(), srt.len()), (segments.len(), segments.len()));
    assert!(vtt.windows(2).all(|two| two[0].0 <= two[1].0), "in order: {vtt:?}");
    assert!(vtt.iter().all(|(start, end, _)| start < end), "{vtt:?}");
    for ((vtt, srt), segment) in vtt.iter().zip(&srt).zip(segments) {
        assert_eq!((vtt.0, vtt.1), (srt.0, srt.1));
        assert_eq!(segment["startTime"].as_f64(), Some(vtt.0 as f64 / 1000.0));
        assert_eq!(segment["endTime"].as_f64(), Some(vtt.1 as f64 / 1000.0));
        let body = segment["body"].as_str().expect("words");
        let speaker = segment["speaker"].as_str().expect("a speaker");
        let escaped = body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert_eq!(vtt.2, format!("<v {speaker}>{escaped}"));
        assert!(srt.2.ends_with(body), "{srt:?}");
    }
}

#[test]
fn markdown_reads_back_as_the_same() {
    let built = site();
    let markdown = text(&built, "a/talk.md");
    let read = |text: &str| parse(&Source::new("x.md", text), &Context::default()).0;
    let (before, after) = (read(TALK), read(&markdown));
    assert_eq!(said(TALK), said(&markdown));
    assert_eq!(ids(&before), ids(&after));
    assert!(markdown.starts_with("---\ntitle: \"Stairs"), "{markdown}");
}

fn ids(document: &Document) -> Vec<&str> {
    document.turns().map(|turn| turn.id.as_str()).collect()
}

#[test]
fn pages_lead_to_their_forms_and_only_to_those_that_are_there() {
    let untimed = "**Host:** Hello.\n\n**Engineer:** Hello.\n\n**Host:** Bye.\n";
    let built = built(&[
        ALL,
        ("content/a/talk.md", TALK),
        ("content/plain.md", untimed),
        ("content/robots.md", untimed),
        ("content/pages/about.md", "About.\n"),
        ("static/plain.txt", "mine"),
    ]);
    let html = text(&built, "a/talk.html");
    for (name, media) in [
        ("talk.md", "text/markdown"),
        ("talk.json", "application/json"),
        ("talk.txt", "text/plain"),
        ("talk.vtt", "text/vtt"),
        ("talk.srt", "application/x-subrip"),
        ("talk.podcast.json", "application/json"),
    ] {
        assert!(
            html.contains(&format!("<a href=\"{name}\" type=\"{media}\">")),
            "{name} in {html}"
        );
        assert!(
            html.contains(&format!("<link rel=\"alternate\" type=\"{media}\" href=\"{name}\"")),
            "{name}"
        );
    }
    let plain = text(&built, "plain.html");
    assert!(plain.contains("href=\"plain.md\"") && !plain.contains("plain.txt"), "{plain}");
    for path in ["plain.vtt", "plain.srt", "plain.podcast.json", "about.md", "about.json"] {
        assert!(!built.outputs.contains_key(path), "{path}");
    }
    assert!(text(&built, "robots.txt").starts_with("User-agent"), "not a transcript's text");
    assert!(!text(&built, "robots.html").contains("robots.txt"));
}

/// What a turn is when it comes back.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    who: Option<String>,
    when: Option<u64>,
    /// Without white space: where a line ends is a player's business.
    words: String,
}

fn said(markdown: &str) -> Vec<Said> {
    let (document, _) = parse(&Source::new("x.md", markdown), &Context::default());
    let said = document.turns().map(|turn| {
        let blocks = document.blocks_of(&turn.blocks).iter();
        let words = blocks.flat_map(|block| document.slice(block.text).chars());
        Said {
            who: turn.speaker.map(|at| document.speakers[at as usize].label.clone()),
            when: turn.time.map(|time| time / 1000),
            words: words.filter(|c| !c.is_whitespace()).collect(),
        }
    });
    said.collect()
}

/// A name may stand on every cue of such a file, so nothing tells two turns of one person apart.
fn joined(turns: Vec<Said>) -> Vec<Said> {
    let mut joined: Vec<Said> = Vec::new();
    for turn in turns {
        match joined.last_mut() {
            Some(last) if last.who == turn.who => last.words.push_str(&turn.words),
            _ => joined.push(turn),
        }
    }
    joined
}

fn imported(path: &str, text: &str) -> Vec<Said> {
    let (imported, told) = import::import(path, text.as_bytes());
    said(&imported.unwrap_or_else(|| panic!("{told:?}\n{text}")).markdown)
}

const SENTENCES: [&str; 8] = [
    "Yes.",
    "We wrote it down, on paper, because nothing else was there; and then, one evening, the paper was gone.",
    "It was an AT&T machine, less than 3 < 4, more than 4 > 3.",
    "我们最早做检索的时候，只有一台机器，放在走廊尽头的柜子里，谁也不知道它还在运行。",
    "真的吗？真的！",
    "用AI来写。",
    "No end",
    "Dr. Engineer, i.e. the one from e.g. the third floor, said so...",
];

fn talk() -> impl Strategy<Value = Vec<(usize, u64, Vec<usize>)>> {
    let sentences = prop::collection::vec(0..SENTENCES.len(), 1..12);
    prop::collection::vec((0..3_usize, 0..200_u64, sentences), 9..16)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What we write as subtitles comes back as the same turns: exactly from WebVTT; from the
    /// other two without the border between two turns of one person.
    #[test]
    fn an_import_of_our_own_files_gives_the_turns_back(turns in talk()) {
        let (mut time, mut markdown) = (0, String::new());
        for (at, (who, pause, sentences)) in turns.iter().enumerate() {
            // All three speak, so that each is known again.
            let name = ["Host", "Engineer", "工程师"][if at < 9 { at % 3 } else { *who }];
            time += pause;
            let words: Vec<&str> = sentences.iter().map(|at| SENTENCES[*at]).collect();
            let clock = format!("{:02}:{:02}:{:02}", time / 3600, time / 60 % 60, time % 60);
            markdown.push_str(&format!("**{name}:** [{clock}] {}\n\n", words.join(" ")));
        }
        let built = built(&[ALL, ("content/a.md", &markdown)]);
        let before = || said(&markdown);
        prop_assert_eq!(before().len(), turns.len());
        prop_assert_eq!(imported("a.vtt", &text(&built, "a.vtt")), before());
        prop_assert_eq!(joined(imported("a.srt", &text(&built, "a.srt"))), joined(before()));
        let podcast = imported("a.json", &text(&built, "a.podcast.json"));
        prop_assert_eq!(joined(podcast), joined(before()));
        prop_assert!(vtt(&text(&built, "a.vtt")).len() >= turns.len());
        srt(&text(&built, "a.srt"));
    }
}

/// What stands in the boxes below a transcript: BibTeX and CSL-JSON.
fn citations(built: &Built, path: &str) -> (String, String) {
    let html = scraper::Html::parse_document(&text(built, path));
    let boxes = scraper::Selector::parse(".after details pre").expect("a selector");
    let mut texts = html.select(&boxes).map(|element| element.text().collect::<String>());
    (texts.next().expect("BibTeX"), texts.next().expect("CSL-JSON"))
}

/// A title and names with everything that means something to TeX.
#[test]
fn citations_are_read_by_others_as_they_are_meant() {
    let title = r"50 % of {one} & \two_three #4 } ~x^2 <b> $5, 用AI";
    let names = ["Night Engineer", "主持人", "Smith and Sons"];
    let mut talk = format!(
        "---\ntitle: '{title}'\ndate: 2025-03-05T10:00\nlanguage: en\nsource: A & B\nspeakers: [Night Engineer, 主持人, Smith and Sons]\n---\n"
    );
    for name in names.iter().chain(&names).chain(&names) {
        talk.push_str(&format!("**{name}:** Words, and more of them.\n\n"));
    }
    let built = built(&[ALL, ("content/夜/谈_a b.md", &talk)]);
    let page = built.site.pages[0].path.clone();
    let (bibtex, csl) = citations(&built, &page);
    let address = "https://example.org/%E5%A4%9C/%E8%B0%88_a%20b.html";

    let bibliography = biblatex::Bibliography::parse(&bibtex).expect("BibTeX");
    let entry = bibliography.iter().next().expect("an entry");
    assert!(entry.key.is_ascii() && entry.key.ends_with("-2025"), "{bibtex}");
    assert_eq!(entry.title().expect("a title").format_verbatim(), title);
    assert_eq!(entry.get("howpublished").expect("a publisher").format_verbatim(), "A & B");
    assert_eq!(entry.url().expect("an address"), address);
    let authors = entry.author().expect("authors");
    let author = |person: &biblatex::Person| format!("{}|{}", person.given_name, person.name);
    let authors: Vec<String> = authors.iter().map(author).collect();
    assert_eq!(authors, ["Night|Engineer", "|主持人", "|Smith and Sons"]);
    let date = entry.date().expect("a date");
    assert!(format!("{date:?}").contains("2025"), "{date:?}");
    assert_eq!(bibtex.matches('{').count(), bibtex.matches('}').count(), "BibTeX counts them");

    let items: Vec<Item> = serde_json::from_str(&csl).expect("CSL-JSON");
    let item = &items[0].0;
    assert_eq!(items[0].id().as_deref(), Some(&*entry.key));
    assert_eq!(items[0].type_().as_deref(), Some("webpage"));
    assert_eq!(item["title"].to_str().as_deref(), Some(title));
    assert_eq!(item["URL"].to_str().as_deref(), Some(address));
    let Field::Names(authors) = &item["author"] else { panic!("names in {csl}") };
    let authors = authors.iter().map(|author| match author {
        NameValue::Literal(name) => name.literal.as_str(),
        NameValue::Item(name) => panic!("{name:?}"),
    });
    assert_eq!(authors.collect::<Vec<_>>(), names);
    let Field::Date(DateValue::DateParts { date_parts, .. }) = &item["issued"] else {
        panic!("a date in {csl}")
    };
    assert_eq!(date_parts.0[0].0, [2025, 3, 5]);
}

#[test]
fn a_form_in_the_way_of_another_transcripts_is_told() {
    let turns = "---\ntitle: T\n---\n**Host:** [0:01] Hello.\n\n**Engineer:** [0:02] Hello.\n";
    let files = [ALL, ("content/a.md", turns), ("content/a.podcast.md", turns)];
    let told = built(&files).diagnostics;
    let clash: Vec<_> = told.iter().filter(|one| one.code == "paths/collision").collect();
    assert_eq!(clash.len(), 1, "{told:?}");
    assert!(clash[0].message.contains("`a.podcast.json`"), "{}", clash[0].message);
    assert_eq!(clash[0].severity, Severity::Error);
}
