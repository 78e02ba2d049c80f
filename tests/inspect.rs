//! `inspect`: what is told of each file below `tests/cases/inspect`, to a person and to a
//! program.
//!
//! `POSTIL_BLESS=1 cargo test --test suite inspect::` writes what comes out; read it before it is
//! committed.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/inspect")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The cases where no site of ours lies above them.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    copy(&cases(), place.path());
    place
}

fn run(place: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
    let output = command.current_dir(place).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(place: &Path, file: &str) -> Value {
    let (status, out, err) = run(place, &["inspect", file, "--format", "json"]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn a_person_is_told_how_a_file_was_read() {
    let place = place();
    let mut wrong = Vec::new();
    for file in ["site/content/everything.md", "site/content/宽.md", "no-site.md", "chapters.md"] {
        let (status, out, err) = run(place.path(), &["inspect", file]);
        assert_eq!((status, err.as_str()), (0, ""), "{out}");
        let expected = cases().join(file).with_extension("out");
        if std::env::var_os("POSTIL_BLESS").is_some() {
            fs::write(&expected, &out).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != out {
            wrong.push(format!("--- {file}\n{out}"));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}

#[test]
fn a_program_is_told_everything() {
    let place = place();
    let all = json(place.path(), "site/content/everything.md");
    assert_eq!(all["title"]["value"], "Sound: a history");
    assert_eq!(all["title"]["from"], "front matter");
    assert_eq!(all["language"]["from"], "site.yaml");
    let key = &all["front_matter"][1];
    assert_eq!((key["meaning"].as_str(), key["line"].as_u64()), (Some("date"), Some(3)));
    assert_eq!(all["front_matter"][3]["meaning"], Value::Null);
    let speakers = all["speakers"].as_array().unwrap();
    let told: Vec<[&str; 4]> = speakers
        .iter()
        .map(|one| {
            let text = |value: &'static str| one.pointer(value).unwrap().as_str().unwrap();
            [text("/label"), text("/because"), text("/person/id"), text("/person/known_by")]
        })
        .collect();
    assert_eq!(
        told,
        [
            ["Host", "speakers.yaml", "host", "speakers.yaml"],
            ["NE", "recurrence", "night-engineer", "initials"],
            ["Night Enginer", "rare", "night-enginer", "label"],
        ]
    );
    assert_eq!(speakers[2]["person"]["did_you_mean"], "Night Engineer");
    assert_eq!(speakers[0]["forms"].as_array().unwrap().len(), 2);
    assert_eq!(all["terms"][0]["count"], 3);
    assert_eq!(all["figures"][0]["caption"], "The studio in March");
    assert_eq!(all["breaks_off"], Value::Null);
    let codes: Vec<&str> = all["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"people/unknown") && codes.contains(&"speakers/rare"), "{codes:?}");
}

#[test]
fn a_program_is_told_of_the_recording_and_its_chapters() {
    let place = place();
    let all = json(place.path(), "chapters.md");
    assert_eq!(all["head"]["recording"], "https://example.org/kilns.mp3");
    let last = &all["chapters"][2];
    assert_eq!(last["time"], 1_573_000);
    assert_eq!(last["title"], "What it costs, and who pays");
    assert_eq!((last["line"].as_u64(), last["column"].as_u64()), (Some(7), Some(7)));
}

#[test]
fn colours_and_control_characters_stay_out_of_a_pipe() {
    let place = place();
    fs::write(place.path().join("x.md"), "# a\u{1b}[31mb\n\nWords.\n").unwrap();
    let (_, out, _) = run(place.path(), &["inspect", "x.md"]);
    assert!(out.contains("[31mb") && !out.contains('\u{1b}'), "{out}");
    let (_, out, _) = run(place.path(), &["inspect", "x.md", "--format", "json"]);
    assert!(!out.contains('\u{1b}'), "{out}");
}

#[test]
fn what_is_no_transcript_is_refused_with_what_to_do() {
    let place = place();
    fs::write(place.path().join("x.vtt"), "WEBVTT\n").unwrap();
    let cues = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello.\n";
    fs::write(place.path().join("cues.txt"), cues).unwrap();
    for (file, text) in [
        ("nowhere.md", "there is no file nowhere.md"),
        ("site", "postil check site"),
        ("x.vtt", "postil import x.vtt"),
        ("cues.txt", "cues.txt is WebVTT"),
    ] {
        let (status, out, err) = run(place.path(), &["inspect", file]);
        assert_eq!((status, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(text), "{err}");
    }
}

#[test]
fn errors_of_the_file_are_the_exit_status_and_those_of_the_settings_are_talk() {
    let place = place();
    fs::write(place.path().join("bad.md"), b"---\ntitle: x\n---\n\n\xc4\xe3 words\n").unwrap();
    let (status, out, _) = run(place.path(), &["inspect", "bad.md"]);
    assert_eq!(status, 1);
    assert!(out.contains("load/not-utf-8"), "{out}");
    fs::write(place.path().join("site/content/speakers.yaml"), "- nmae: Host\n").unwrap();
    let (status, out, err) = run(place.path(), &["inspect", "site/content/宽.md"]);
    assert_eq!(status, 0);
    assert!(err.contains("content/speakers.yaml:1:3") && out.contains("旁注的由来"), "{err}");
}

#[test]
fn an_index_is_what_a_build_would_make_of_it() {
    let place = place();
    let dialogue = "**Host:** One?\n\n**Keeper:** Two.\n\n**Host:** Three?\n\n**Keeper:** Four.\n";
    let read = |file: &str| {
        let all = json(place.path(), file);
        let text = |at: &str| all.pointer(at).unwrap().as_str().unwrap().to_owned();
        (text("/kind"), text("/page"), all["turns"]["count"].as_u64().unwrap())
    };
    for folder in ["site/content/lamp", "elsewhere/lamp"] {
        let inner = place.path().join(folder);
        fs::create_dir_all(&inner).unwrap();
        let index = format!("{folder}/index.md");
        fs::write(inner.join("index.md"), dialogue).unwrap();
        let (kind, page, turns) = read(&index);
        assert_eq!(
            (kind.as_str(), page.as_str(), turns),
            ("transcript", "lamp.html", 4),
            "{index}"
        );
        fs::write(inner.join("other.md"), dialogue).unwrap();
        let (kind, page, turns) = read(&index);
        assert_eq!(
            (kind.as_str(), page.as_str(), turns),
            ("page", "lamp/index.html", 0),
            "{index}"
        );
    }
    let (status, out, err) = run(place.path(), &["build", "site", "--format", "json"]);
    assert_eq!(status, 0, "{out}{err}");
    let page = fs::read_to_string(place.path().join("site/public/lamp/index.html")).unwrap();
    assert!(!page.contains("class=\"turn"), "{page}");
}

#[test]
fn people_who_begin_no_turn_are_told() {
    let place = place();
    let text = "---\nspeakers: [Lamp Keeper]\nauthor: A Writer\n---\n\n\
                Voice 0: One?\n\nVoice 1: Two.\n\nVoice 0: Three?\n\nVoice 1: Four.\n";
    fs::write(place.path().join("voices.md"), text).unwrap();
    let all = json(place.path(), "voices.md");
    assert_eq!(all["silent"], serde_json::json!(["Lamp Keeper"]));
    let (_, out, _) = run(place.path(), &["inspect", "voices.md"]);
    assert!(out.contains("No turn       Lamp Keeper"), "{out}");
}

#[test]
fn a_folder_of_what_could_be_imported_is_told_and_is_no_mistake() {
    let place = place();
    let folder = place.path().join("calls");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.vtt"), "WEBVTT\n").unwrap();
    fs::write(folder.join("b.txt"), "Host: One?\nKeeper: Two.\nHost: Three?\n").unwrap();
    let (status, out, err) = run(place.path(), &["check", "calls"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("To import       2  a.vtt, b.txt"), "{out}");
    let command = "To make Markdown of what is there: postil import calls/a.vtt calls/b.txt";
    assert!(out.contains(command), "{out}");
    let (status, _, err) = run(place.path(), &["build", "calls"]);
    assert_eq!(status, 2);
    assert!(err.contains(command), "{err}");
    fs::remove_file(folder.join("a.vtt")).unwrap();
    fs::remove_file(folder.join("b.txt")).unwrap();
    let (status, _, err) = run(place.path(), &["check", "calls"]);
    assert_eq!(status, 2, "{err}");
}

#[test]
fn check_ends_with_the_site_in_numbers() {
    let place = place();
    let content = place.path().join("site/content");
    for (name, text) in [
        ("a.vtt", "WEBVTT\n"),
        ("talk.txt", "Host: Hello.\nGuest: Hello.\nHost: Well.\n"),
        ("notes.txt", "Nothing of the kind.\n"),
        ("done.vtt", "WEBVTT\n"),
        ("done.md", "---\nturns: none\ndraft: true\n---\nImported.\n"),
        ("draft.md", "---\ndraft: true\n---\n**Host:** One?\n\n**Guest:** Two.\n"),
    ] {
        fs::write(content.join(name), text).unwrap();
    }
    let (_, out, _) = run(place.path(), &["check", "site"]);
    for line in [
        "Files                2  2 left out, 2 turns",
        "Speakers             ",
        "Turns               12",
        "Unknown labels       1  Night Enginer 2 (Night Engineer?)",
        "To import            2  content/a.vtt, content/talk.txt",
        "To make Markdown of what is there: postil import site/content/a.vtt site/content/talk.txt",
    ] {
        assert!(out.contains(line), "{line:?} is missing in\n{out}");
    }
    let (_, out, _) = run(place.path(), &["check", "site", "--format", "json"]);
    let last: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!(last["code"], "summary");
    assert_eq!(last["turns"], 12);
    assert_eq!((&last["left_out"], &last["left_out_turns"]), (&2.into(), &2.into()));
    let speakers = last["speakers"].as_array().unwrap();
    assert_eq!(speakers.iter().map(|one| one["turns"].as_u64().unwrap()).sum::<u64>(), 12);
    assert!(speakers.iter().all(|one| one["name"].is_string() && one["files"].is_u64()));
    assert_eq!(last["unknown_labels"][0]["did_you_mean"], "Night Engineer");
    assert_eq!(last["importable"], serde_json::json!(["content/a.vtt", "content/talk.txt"]));
    assert!(last["guesses"]["speakers/rare"].as_u64() >= Some(1), "{last}");
}

#[test]
fn a_folder_with_nothing_but_subtitles_says_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("it's one.srt"), "1\n").unwrap();
    let (status, out, _) = run(place.path(), &["check", "."]);
    assert_eq!(status, 0);
    assert!(out.contains(r"postil import 'it'\''s one.srt'"), "{out}");
}

#[test]
fn every_transcript_of_the_corpus_can_be_inspected() {
    let Some(corpus) = std::env::var_os("POSTIL_CORPUS") else {
        return println!("skipped: POSTIL_CORPUS is not set");
    };
    let mut folders = vec![PathBuf::from(corpus)];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                let file = path.to_str().unwrap();
                let (status, out, err) =
                    run(Path::new("/"), &["inspect", file, "--format", "json"]);
                assert!(status <= 1 && !err.contains("panicked"), "{file}: {err}");
                let all: Value = serde_json::from_str(&out).unwrap();
                assert!(all["turns"]["share_of_text"].as_f64().unwrap() <= 1.0, "{file}");
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}
