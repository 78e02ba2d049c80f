//! `glossary list`, `glossary suggest` and what `check` says of terms: every site in
//! `tests/cases/terms`, as the program tells of it.
//!
//! A case is one text: files behind lines `==== path`. What comes out is in `tests/snapshots`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const SUGGESTED: &str = "content/glossary.suggested.yaml";

/// A site with the files of a case in its content folder.
fn site(case: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    for file in case.split("==== ").skip(1) {
        let (path, text) = file.split_once('\n').unwrap();
        let path = folder.path().join("content").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn case(name: &str) -> TempDir {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/terms");
    site(&fs::read_to_string(cases.join(name)).unwrap())
}

fn postil(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
    command.current_dir(folder).args(arguments).env("SOURCE_DATE_EPOCH", "1795564800");
    command.env("NO_COLOR", "1").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", err(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn cases_are_told_as_recorded() {
    insta::glob!("cases/terms/*.txt", |path| {
        let site = site(&fs::read_to_string(path).unwrap());
        let list = postil(site.path(), &["glossary", "list"]);
        let suggest = postil(site.path(), &["glossary", "suggest", "--limit", "0"]);
        let check = out(&postil(site.path(), &["check"]));
        let told = check.split("\n\n").filter(|one| one.contains("[glossary/"));
        let told: Vec<&str> = told.map(str::trim_end).collect();
        insta::assert_snapshot!(format!(
            "== list\n{}-- {}== suggest\n{}-- {}== check\n{}\n",
            out(&list),
            err(&list),
            out(&suggest),
            err(&suggest),
            told.join("\n\n")
        ));
    });
}

/// The four kinds of parentheses are told apart, and the others are none.
#[test]
fn glosses_have_their_kind_turn_and_quote() {
    let site = case("glosses.txt");
    let found = json(&postil(site.path(), &["glossary", "suggest", "--format", "json"]));
    let kinds = |term: &str| -> Vec<&str> {
        let one = found.iter().find(|one| one["term"] == term).unwrap_or_else(|| panic!("{term}"));
        let glosses = one["glosses"].as_array().unwrap();
        glosses.iter().map(|gloss| gloss["kind"].as_str().unwrap()).collect()
    };
    assert_eq!(kinds("FAIR"), ["explained", "explained"]);
    assert_eq!(kinds("PyTorch"), ["explained"]);
    assert_eq!(kinds("仿真"), ["translated", "translated"]);
    assert_eq!(kinds("FP16"), ["translated and explained"]);
    assert_eq!(kinds("RAG"), ["abbreviated", "translated"]);
    assert_eq!(kinds("LLM"), [""; 0], "used once, and explained nowhere but in a link");
    let fair = found.iter().find(|one| one["term"] == "FAIR").unwrap();
    assert_eq!(fair["differ"], true);
    for gloss in fair["glosses"].as_array().unwrap() {
        assert_eq!(gloss["path"], "content/zh.md");
        assert!(gloss["turn"].as_str().unwrap().starts_with("t-"));
        assert!(gloss["quote"].as_str().unwrap().contains("FAIR（"));
    }
    for none in ["笑", "哈哈", "王小明", "克莱普曼", "KV", "BIG", "STOP", "SHOUTING", "III", "US"]
    {
        assert!(!found.iter().any(|one| one["term"] == none), "{none}");
    }
}

#[test]
fn suggestions_are_written_for_review_and_only_once() {
    let site = case("glosses.txt");
    let write = || postil(site.path(), &["glossary", "suggest", "--write"]);
    let first = write();
    assert!(first.status.success(), "{}", err(&first));
    assert!(err(&first).contains("suggestions added"), "{}", err(&first));
    let path = site.path().join(SUGGESTED);
    let written = fs::read_to_string(&path).unwrap();
    insta::assert_snapshot!("suggested", written);
    assert!(err(&write()).contains("nothing new"));
    assert_eq!(fs::read_to_string(&path).unwrap(), written, "the second time changes nothing");

    // It is no part of the glossary, and no file of the site.
    assert!(json(&postil(site.path(), &["glossary", "list", "--format", "json"])).is_empty());
    assert!(postil(site.path(), &["build"]).status.success());
    assert!(!site.path().join("public/glossary.suggested.yaml").exists());

    // What an editor has done with it stays; what was taken over is suggested no more.
    let kept = "# mine\n- term: PyTorch\n\n- term: FAIR\n  definition: Mine.";
    fs::write(&path, kept).unwrap();
    fs::write(site.path().join("content/glossary.yaml"), "- term: RAG\n  definition: x\n").unwrap();
    assert!(write().status.success());
    let again = fs::read_to_string(&path).unwrap();
    assert!(again.starts_with(kept), "{again}");
    assert_eq!(again.matches("term: PyTorch").count(), 1);
    assert_eq!(again.matches("term: RAG").count(), 0);
    assert!(again.contains("term: FP16"));
}

/// The suggestions, renamed, are a glossary.
#[test]
fn suggestions_can_be_taken_over_as_they_are() {
    let site = case("glosses.txt");
    postil(site.path(), &["glossary", "suggest", "--write", "--limit", "0"]);
    let path = site.path().join(SUGGESTED);
    fs::rename(&path, site.path().join("content/glossary.yaml")).unwrap();
    let check = postil(site.path(), &["check"]);
    assert!(check.status.success(), "{}", out(&check));
    let rows = json(&postil(site.path(), &["glossary", "list", "--format", "json"]));
    assert!(rows.len() > 10, "{rows:?}");
    for row in &rows {
        assert!(row["count"].as_u64().unwrap() > 0, "{row}");
    }
    let left = json(&postil(site.path(), &["glossary", "suggest", "--format", "json"]));
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_broken_file_of_suggestions_is_left_as_it_is() {
    let site = case("glosses.txt");
    let broken = "- term: [FAIR\n";
    fs::write(site.path().join(SUGGESTED), broken).unwrap();
    let output = postil(site.path(), &["glossary", "suggest", "--write"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("mend it first"), "{}", err(&output));
    assert_eq!(fs::read_to_string(site.path().join(SUGGESTED)).unwrap(), broken);
}

#[test]
fn the_list_says_what_is_unused_ambiguous_and_old() {
    let site = case("odd.txt");
    let rows = json(&postil(site.path(), &["glossary", "list", "--format", "json"]));
    let row = |id: &str| rows.iter().find(|row| row["id"] == id).unwrap().clone();
    assert_eq!(row("nobody")["unused"], true);
    assert_eq!(row("nobody")["old"], true);
    assert_eq!(row("poet")["ambiguous"], 1);
    assert_eq!(row("model")["old"], false);
    assert_eq!(row("turn")["count"], 36);
    assert_eq!(row("turn")["transcripts"], 4);
    let older = postil(site.path(), &["glossary", "list", "--today", "2027-03-01"]);
    assert!(out(&older).contains("as of 2026-01"), "{}", out(&older));
}

/// The interview has each of its glosses, when `POSTIL_CORPUS` names the folder that has it.
#[test]
fn an_interview_is_harvested() {
    let Some(corpus) = std::env::var_os("POSTIL_CORPUS").map(PathBuf::from) else {
        println!("skipped: POSTIL_CORPUS names no folder");
        return;
    };
    let folder = TempDir::new().unwrap();
    let name = "zuckerberg-huang-siggraph-2024.md";
    fs::copy(corpus.join("seed").join(name), folder.path().join(name)).unwrap();
    let found = json(&postil(folder.path(), &["glossary", "suggest", ".", "--format", "json"]));
    let glosses = |term: &str| {
        let one = found.iter().find(|one| one["term"] == term).unwrap_or_else(|| panic!("{term}"));
        one["glosses"].as_array().unwrap().len()
    };
    for (term, count) in [
        ("FAIR", 2),
        ("PyTorch", 1),
        ("Reality Labs", 1),
        ("仿真", 2),
        ("可微分物理", 1),
        ("编解码器化身", 1),
        ("化身", 1),
        ("RAG", 0),
        ("AI Studio", 0),
    ] {
        assert_eq!(glosses(term), count, "{term}");
    }
    let check = out(&postil(folder.path(), &["check", "."]));
    assert!(check.contains("`FAIR` is explained in two ways"), "{check}");
}
