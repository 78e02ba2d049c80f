//! Importing: files to Markdown, and back through the reader.
//!
//! The files under `tests/cases/import` are what comes in; what comes out is in
//! `tests/snapshots`.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use assert_cmd::Command;
use postil::diagnostics;
use postil::document::{Document, Item, Node};
use postil::import::{self, Imported, Kind};
use postil::parse::{self, Context};
use postil::source::Source;
use proptest::prelude::*;

fn imported(path: &str, text: &str) -> Imported {
    let (imported, told) = import::import(path, text.as_bytes());
    imported.unwrap_or_else(|| panic!("{path}: {told:?}"))
}

/// What a turn is to this test: who, when (seconds), and the words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    who: Option<String>,
    when: Option<u64>,
    words: String,
}

/// A leading `[h:mm:ss]`, in seconds, and what follows.
fn clock(text: &str) -> Option<(u64, &str)> {
    let (clock, rest) = text.strip_prefix('[')?.split_once(']')?;
    let mut seconds = 0;
    for part in clock.split(':') {
        seconds = seconds * 60 + part.parse::<u64>().ok()?;
    }
    Some((seconds, rest))
}

/// The turns of a Markdown transcript as the program reads it. A time that the reader leaves
/// in the words counts as the turn's.
fn read(markdown: &str) -> Vec<Said> {
    let (document, _) = parse::parse(&Source::new("x.md", markdown), &Context::default());
    let mut all: Vec<Said> = Vec::new();
    let mut add = |who: Option<String>, mut when: Option<u64>, words: &str| {
        let mut words = words;
        if let (None, Some((seconds, rest))) = (when, clock(words)) {
            (when, words) = (Some(seconds), rest);
        }
        all.push(Said { who, when, words: folded(words) });
    };
    for item in &document.items {
        match item {
            Item::Turn(turn) => {
                let who = turn.speaker.map(|at| document.speakers[at as usize].label.clone());
                let text = texts(&document, &turn.blocks).join(" ");
                add(who, turn.time.map(|time| time / 1000), &text);
            }
            Item::Prose(blocks) => {
                texts(&document, blocks).iter().for_each(|text| add(None, None, text));
            }
            Item::Heading(heading) => panic!("a heading: {}", document.slice(heading.text)),
        }
    }
    all
}

fn texts(document: &Document, blocks: &Range<u32>) -> Vec<String> {
    let text = |block: &postil::document::Block| match &block.node {
        Node::Paragraph(leaf) => document.slice(*leaf).to_owned(),
        node => panic!("not a paragraph: {node:?}"),
    };
    document.blocks_of(blocks).iter().map(text).collect()
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters and digits alone: what joining may not change.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/import");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

#[test]
fn cases_come_out_as_they_did() {
    for path in cases() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let (imported, mut told) = import::import(name, &fs::read(&path).unwrap());
        diagnostics::arrange(&mut told);
        let imported = imported.unwrap_or_else(|| panic!("{name}: {told:?}"));
        let told = diagnostics::print(&told, false);
        let shown = format!(
            "{:?}, {} cues, {} turns\n{told}\n{}",
            imported.kind, imported.cues, imported.turns, imported.markdown
        );
        insta::assert_snapshot!(format!("import-{name}"), shown);
    }
}

#[test]
fn every_case_is_read_back_as_it_was_written() {
    for path in cases() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let (imported, _) = import::import(name, &fs::read(&path).unwrap());
        let imported = imported.unwrap();
        if imported.kind == Kind::Markdown {
            continue;
        }
        let source = Source::new("x.md", imported.markdown.as_str());
        let (document, told) = parse::parse(&source, &Context::default());
        let severe: Vec<_> =
            told.iter().filter(|one| one.severity > diagnostics::Severity::Note).collect();
        assert!(severe.is_empty(), "{name}: {severe:#?}");
        let labels: Vec<&str> = document.speakers.iter().map(|one| one.label.as_str()).collect();
        assert_eq!(labels, imported.speakers, "{name}");
        assert!(!read(&imported.markdown).is_empty(), "{name}");
    }
}

#[test]
fn twice_gives_the_same_bytes() {
    for path in cases() {
        let (name, bytes) = (path.to_str().unwrap(), fs::read(&path).unwrap());
        let once = import::import(name, &bytes).0.unwrap().markdown;
        assert_eq!(import::import(name, &bytes).0.unwrap().markdown, once);
    }
}

/// A WebVTT file of a timed transcript: each turn cut into cues of a few words.
fn vtt(turns: &[Said]) -> String {
    let mut text = String::from("WEBVTT\n");
    for (at, turn) in turns.iter().enumerate() {
        let start = turn.when.unwrap() * 1000;
        let next = turns.get(at + 1).map_or(start + 20_000, |next| next.when.unwrap() * 1000);
        let end = next.max(start);
        let words: Vec<&str> = turn.words.split(' ').collect();
        let cues: Vec<&[&str]> = words.chunks(4).collect();
        let step = (end - start) / cues.len() as u64;
        for (at, words) in cues.iter().enumerate() {
            let from = start + at as u64 * step;
            let name = turn.who.as_ref().unwrap().replace('&', "&amp;");
            let words = words.join(" ").replace('&', "&amp;").replace('<', "&lt;");
            let stamp = |time: u64| {
                let seconds = time / 1000;
                let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
                format!("{hours:02}:{minutes:02}:{:02}.{:03}", seconds % 60, time % 1000)
            };
            let times = format!("{} --> {}", stamp(from), stamp(from + step));
            text.push_str(&format!("\n{times}\n<v {name}>{words}</v>\n"));
        }
    }
    text
}

fn timed_transcript() -> Vec<Said> {
    let turn = |who: &str, when, words: &str| Said {
        who: Some(who.to_owned()),
        when: Some(when),
        words: words.to_owned(),
    };
    vec![
        turn("Host", 0, "Good evening, and welcome. Tonight: how a model is trained."),
        turn("R&D Engineer", 12, "Thanks! It is *not* magic; it is_a lot of [data] & patience."),
        turn("主持人", 40, "好的。我们先说数据。"),
        turn("Host", 3_599, "# And what does <b> cost? 1. money 2. time"),
        turn("R&D Engineer", 3_725, "Both."),
    ]
}

#[test]
fn a_vtt_made_of_a_timed_transcript_gives_its_turns_back() {
    let turns = timed_transcript();
    assert_eq!(read(&imported("talk.vtt", &vtt(&turns)).markdown), turns);
}

/// The turns of a timed transcript; those in which nobody else begins to speak are one.
fn spoken(document: &Document) -> Vec<Said> {
    let words = |blocks: &Range<u32>| -> String {
        let blocks = document.blocks_of(blocks).iter();
        let leaves = blocks.flat_map(|block| document.prose_leaves(block));
        leaves.map(|leaf| document.slice(leaf)).collect::<Vec<_>>().join(" ")
    };
    let mut all: Vec<Said> = Vec::new();
    for turn in document.turns() {
        let who = turn.speaker.map(|at| document.speakers[at as usize].label.clone());
        let words = letters(&words(&turn.blocks));
        match all.last_mut() {
            Some(last) if last.who == who => last.words.push_str(&words),
            _ => all.push(Said { who, when: turn.time.map(|time| time / 1000), words }),
        }
    }
    all
}

/// Files in which everybody speaks at a time and says something.
fn timed(files: Vec<PathBuf>) -> Vec<(String, Vec<Said>)> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).ok()?;
        let source = Source::new("x.md", text.trim_start_matches('\u{feff}'));
        let (document, _) = parse::parse(&source, &Context::default());
        let mut turns = spoken(&document);
        turns.retain(|turn| !turn.words.is_empty());
        let whole = |turn: &Said| turn.who.is_some() && turn.when.is_some();
        (turns.len() > 2 && turns.iter().all(whole)).then(|| (path.display().to_string(), turns))
    };
    files.into_iter().filter_map(read).collect()
}

fn come_back(files: Vec<(String, Vec<Said>)>) {
    for (name, turns) in files {
        let markdown = imported("talk.vtt", &vtt(&turns)).markdown;
        let (document, _) =
            parse::parse(&Source::new("x.md", markdown.as_str()), &Context::default());
        assert_eq!(spoken(&document), turns, "{name}");
    }
}

#[test]
fn every_timed_form_comes_back_from_a_vtt() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/turns");
    let files = fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    let files = timed(files);
    assert!(files.len() >= 5, "{}", files.len());
    come_back(files);
}

#[test]
fn timed_transcripts_of_the_corpus_come_back_from_a_vtt() {
    let Some(corpus) = env::var_os("POSTIL_CORPUS").map(PathBuf::from) else {
        println!("skipped: POSTIL_CORPUS is not set");
        return;
    };
    let (mut files, mut folders) = (Vec::new(), vec![corpus]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let files = timed(files);
    assert!(files.len() >= 5, "{}", files.len());
    come_back(files);
}

#[test]
fn what_cannot_be_imported_is_told() {
    for (path, bytes, code) in [
        ("x.md", &b"**Host:** hi"[..], "import/markdown"),
        ("x.srt", b"caf\xe9", "import/not-utf8"),
        ("x.json", b"{\"a\": 1}", "import/no-words"),
        ("x.json", b"{", "import/unknown"),
        ("x.txt", b"<!DOCTYPE html><p>hi", "import/unknown"),
        ("x.docx", b"PK\x03\x04\0\0", "import/unknown"),
        ("x.vtt", b"WEBVTT\n\n", "import/no-words"),
        ("x.srt", b"1\nHello.\n", "import/no-cue"),
        ("x.txt", b"", "import/no-words"),
    ] {
        let (imported, told) = import::import(path, bytes);
        assert!(imported.is_none(), "{path}");
        assert_eq!(told.last().map(|one| one.code), Some(code), "{path}");
        assert!(told.last().unwrap().hint.is_some());
    }
}

#[test]
fn utf_16_is_read_where_a_mark_says_so() {
    let text = "1\r\n00:00:01,000 --> 00:00:02,000\r\n你好。\r\n";
    let wide: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let markdown = import::import("x.srt", &wide).0.unwrap().markdown;
    assert!(markdown.ends_with("\n[0:00:01] 你好。\n"), "{markdown}");
}

/// Words with all the marks that Markdown, WebVTT and the reader of transcripts know.
fn words() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(vec![
        "*",
        "**",
        "_",
        "`",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "&",
        "&lt;",
        "#",
        "~~",
        "|",
        "\\",
        "-",
        "1.",
        "2)",
        "+",
        "=",
        "!",
        "：",
        "，",
        "。",
        ".",
        "?",
        "$",
        "^",
        "\"",
        "{",
        "}",
        "---",
        "![x](y)",
        "<b>",
        "http://x.org",
        "@",
        "RAG",
        "a_b",
        "_a_",
        "__",
        "***01***",
    ]);
    let word =
        prop_oneof![3 => "[a-zA-Z]{1,7}", 2 => "[一-龥]{1,4}", 2 => mark.prop_map(str::to_owned)];
    let joined = (prop::collection::vec((word, any::<bool>()), 1..9)).prop_map(|words| {
        let mut text = String::new();
        for (word, blank) in words {
            text.push_str(&word);
            text.push_str(if blank { " " } else { "" });
        }
        folded(&text)
    });
    let words =
        joined.prop_filter("a line needs words", |text| text.chars().any(char::is_alphabetic));
    // What stands before a colon may be read as a name, which the cases are there for.
    words.prop_map(|text| text.replace([':', '：'], " "))
}

fn json(bodies: &[(Option<&str>, u64, String)]) -> String {
    let segments: Vec<serde_json::Value> = bodies
        .iter()
        .map(|(who, when, body)| serde_json::json!({"speaker": who, "startTime": when, "body": body}))
        .collect();
    serde_json::json!({"version": "1.0.0", "segments": segments}).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in the words, reading the Markdown gives the same words.
    #[test]
    fn no_word_is_lost_or_changed(bodies in prop::collection::vec(words(), 1..6), named in any::<bool>()) {
        let names = [Some("Host"), Some("Engineer")];
        let bodies: Vec<(Option<&str>, u64, String)> = bodies
            .into_iter()
            .enumerate()
            .map(|(at, body)| (names[at % 2].filter(|_| named), at as u64 * 3, body))
            .collect();
        let markdown = imported("x.json", &json(&bodies)).markdown;
        let back: String = read(&markdown).iter().map(|said| said.words.as_str()).collect();
        let given: String = bodies.iter().map(|(_, _, body)| body.as_str()).collect();
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        // `>>` and dashes mark a change of speaker; everything else is there.
        let marks = |text: &str| squeezed(text).replace(['>', '-'], "");
        prop_assert_eq!(marks(&back), marks(&given), "{}", markdown);
    }

    #[test]
    fn any_bytes_are_taken(bytes in prop::collection::vec(any::<u8>(), 0..200), ending in "(vtt|srt|txt|json|md|)") {
        let _ = import::import(&format!("x.{ending}"), &bytes);
    }

    #[test]
    fn any_lines_are_taken(lines in prop::collection::vec(prop_oneof![
        Just("WEBVTT".to_owned()), Just(String::new()), Just("NOTE x".to_owned()), Just("3".to_owned()),
        Just("00:01.000 --> 00:02.000".to_owned()), Just("00:00:03,000 --> ".to_owned()),
        Just("Host 0:00:02".to_owned()), Just("<v A>b".to_owned()), words(),
    ], 0..30)) {
        let text = lines.join("\n");
        for ending in ["vtt", "srt", "txt"] {
            let _ = import::import(&format!("x.{ending}"), text.as_bytes());
        }
    }
}

fn postil(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
    command.current_dir(folder).args(arguments).timeout(Duration::from_secs(60));
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const CUE: &str = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n";

#[test]
fn the_command_writes_beside_the_file_and_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    fs::write(path.join("talk.srt"), CUE).unwrap();
    let (status, out, err) = postil(path, &["import", "talk.srt"]);
    assert_eq!((status, out.as_str()), (0, "talk.md\n"), "{err}");
    assert!(err.contains("talk.srt is SRT: 1 cue, 1 turn, nobody named"), "{err}");
    let first = fs::read_to_string(path.join("talk.md")).unwrap();

    fs::write(path.join("talk.md"), "edited").unwrap();
    let (status, out, err) = postil(path, &["import", "talk.srt"]);
    assert_eq!((status, out.as_str()), (3, ""), "{err}");
    assert!(err.contains("talk.md is there already") && err.contains("--force"), "{err}");
    assert_eq!(fs::read_to_string(path.join("talk.md")).unwrap(), "edited");

    let (status, _, err) = postil(path, &["import", "talk.srt", "--force"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(fs::read_to_string(path.join("talk.md")).unwrap(), first);
    let names: Vec<_> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing else is left behind: {names:?}");
}

#[test]
fn what_is_imported_is_in_canonical_form() {
    let dir = tempfile::tempdir().unwrap();
    for path in cases().iter().filter(|path| !path.ends_with("markdown.txt")) {
        let (name, out) = (path.to_str().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let (status, written, err) = postil(dir.path(), &["import", name, "--out", out]);
        assert_eq!(status, 0, "{err}");
        let (status, _, err) = postil(dir.path(), &["fmt", "--check", written.trim_end()]);
        assert_eq!(status, 0, "{name}: {err}");
    }
}

#[test]
fn a_folder_or_a_missing_file_is_told_as_such() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("talks")).unwrap();
    let (status, _, err) = postil(dir.path(), &["import", "talks", "absent.srt"]);
    assert_eq!(status, 3);
    assert!(
        err.contains("talks is a folder") && err.contains("postil import talks/*.vtt"),
        "{err}"
    );
    assert!(err.contains("there is no file absent.srt"), "{err}");
    let (status, _, err) = postil(dir.path(), &["fmt", "talks"]);
    assert!(status == 2 && err.contains("postil fmt --write talks/*.md"), "{err}");
}

#[test]
fn one_bad_file_keeps_no_other_from_being_imported() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    fs::write(path.join("good.srt"), CUE).unwrap();
    fs::write(path.join("bad.srt"), "no cue").unwrap();
    fs::write(path.join("good.vtt"), "WEBVTT\n").unwrap();
    let (status, out, err) = postil(path, &["import", "bad.srt", "good.srt", "--out", "a/b"]);
    assert_eq!((status, out.as_str()), (1, "a/b/good.md\n"), "{err}");
    assert!(err.contains("import/no-cue") && err.contains("bad.srt"), "{err}");

    let (status, _, err) = postil(path, &["import", "good.srt", "good.vtt", "--out", "c"]);
    assert!(status == 2 && err.contains("would both become c/good.md"), "{err}");
    assert!(!path.join("c").exists());

    let (status, _, err) = postil(path, &["import", "absent.srt"]);
    assert!(status == 3 && err.contains("there is no file absent.srt"), "{err}");
    assert_eq!(postil(path, &["import"]).0, 2);
}

/// Real files: the words of the output are the words of the input.
#[test]
fn real_subtitles_lose_no_words() {
    let Some(corpus) = env::var_os("POSTIL_CORPUS").map(PathBuf::from) else {
        println!("skipped: POSTIL_CORPUS is not set");
        return;
    };
    for (file, names) in [
        ("vc-srt/episodes/2_3.srt", &["Bekah Hawrot Weigel", "Dan Ott", "Glen McCallum"][..]),
        ("ca-ts/07/20250715-MY.txt", &[]),
    ] {
        let text = fs::read_to_string(corpus.join(file)).unwrap();
        let found = imported(file, &text);
        assert_eq!(found.speakers, names, "{file}");
        let is_words = |line: &&str| !line.contains("-->") && line.parse::<u32>().is_err();
        let body = text.split_once("WEBVTT").map_or(text.as_str(), |(_, body)| body);
        let mut given: String = body.lines().filter(is_words).collect::<Vec<_>>().join(" ");
        for name in names {
            given = given.replace(&format!("{name}:"), "");
        }
        let back: String = read(&found.markdown).iter().map(|said| said.words.as_str()).collect();
        assert_eq!(letters(&back), letters(&given), "{file}");
    }
}
