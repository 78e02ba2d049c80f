//! The canonical form: what is written reads back the same, and twice is once.

use std::path::{Path, PathBuf};

use postil::canonical::{canonical, difference};
use postil::document::Document;
use postil::parse::{Context, parse};
use postil::source::Source;
use proptest::strategy::{Strategy, ValueTree};

/// Formats a text, and checks what must hold of every canonical form. The second value is the
/// diagnostic's code where there is none.
fn formatted(name: &str, text: &str) -> Result<String, String> {
    let source = Source::new(name, text);
    let context = Context::default();
    let written = match canonical(&source, &context) {
        Ok(written) => written,
        Err(diagnostic) => {
            let line =
                diagnostic.place.span.map_or(0, |span| source.position(span.start as usize).line);
            return Err(format!("{} line {line}: {}", diagnostic.code, diagnostic.message));
        }
    };
    let (before, _) = parse(&source, &context);
    let (after, _) = parse(&Source::new(name, written.as_str()), &context);
    if let Some(difference) = difference(&before, &after) {
        panic!("{name}: {difference:?}\n{written}");
    }
    let words = |document: &Document| -> Vec<String> {
        let leaves = document.blocks.iter().flat_map(|block| document.prose_leaves(block));
        leaves.map(|leaf| document.slice(leaf).to_owned()).collect()
    };
    for (before, after) in words(&before).iter().zip(words(&after)) {
        assert_eq!(*before, after, "{name}: the words are unchanged");
    }
    let again = canonical(&Source::new(name, written.as_str()), &context);
    let again = again.unwrap_or_else(|error| panic!("{name}: {}\n{written}", error.message));
    assert_eq!(again, written, "{name}: twice is once");
    assert!(written.is_empty() || written.ends_with('\n'));
    Ok(written)
}

/// The Markdown files below a folder.
fn markdown(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|end| end == "md" || end == "txt" || end == "srt")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn read(path: &Path) -> String {
    let (source, _) = Source::from_bytes("x.md", &std::fs::read(path).unwrap());
    source.text().to_owned()
}

/// What of these files has no canonical form.
fn refused(files: &[PathBuf]) -> Vec<String> {
    let all = files.iter().filter_map(|path| {
        let name = path.to_string_lossy();
        formatted(&name, &read(path)).err().map(|why| format!("{name}: {why}"))
    });
    all.collect()
}

#[test]
fn every_case_is_written_as_recorded() {
    insta::glob!("cases/fmt/*.md", |path| {
        let written = formatted("x.md", &read(path)).unwrap_or_else(|why| format!("! {why}\n"));
        insta::assert_snapshot!(written);
    });
}

#[test]
fn transcripts_of_every_form_have_a_canonical_form() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = markdown(&root.join("tests/cases/turns"));
    files.extend(markdown(&root.join("content")));
    files.extend(markdown(&root.join("src/cli/starter")));
    assert!(files.len() > 15);
    let refused = refused(&files);
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn the_corpus_has_a_canonical_form() {
    let Some(root) = std::env::var_os("POSTIL_CORPUS") else {
        eprintln!("skipped: POSTIL_CORPUS names no corpus");
        return;
    };
    let files = markdown(Path::new(&root));
    assert!(files.len() > 50, "the corpus has fewer files than it should");
    let refused = refused(&files);
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
#[ignore = "prints one file: POSTIL_FILE=x.md cargo test --test suite fmt:: -- --ignored --nocapture"]
fn print_one() {
    let Ok(path) = std::env::var("POSTIL_FILE") else { return };
    println!("{}", formatted("x.md", &read(Path::new(&path))).unwrap_or_else(|why| why));
}

/// Pieces that transcripts, and hostile files, are made of.
fn part() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "**",
        "****",
        "*",
        "***01***",
        "\n",
        "\n\n",
        "  \n",
        "主持人：",
        "Host: ",
        "**Host:** ",
        "**嘉宾：**",
        "好的。",
        "yes",
        " ",
        "AI",
        "「",
        "」",
        "# ",
        "## ",
        "- ",
        "1. ",
        "> ",
        "`",
        "```\n",
        "![",
        "](x.png)",
        "[",
        "](javascript:x)",
        "<b>",
        "</b>",
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<br>",
        "| a | b |\n|---|---|\n",
        "|",
        "[^1]",
        "[^1]: ",
        "---\n",
        "===\n",
        "\\",
        "&amp;",
        "...",
        "title: x\n",
        "\u{200b}",
    ])
}

/// Whatever a file holds: its canonical form reads the same, or there is none; and there is one
/// nearly always.
#[test]
fn any_text_reads_the_same_or_is_refused() {
    const CASES: u32 = 600;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut refused = Vec::new();
    for _ in 0..CASES {
        let parts = proptest::collection::vec(part(), 0..40).new_tree(&mut runner).unwrap();
        let text = parts.current().concat();
        refused.extend(formatted("x.md", &text).err().map(|why| format!("{why}: {text:?}")));
    }
    assert!(refused.len() * 40 <= CASES as usize, "{}: {refused:#?}", refused.len());
}

/// Speech of sane Markdown: every such text has a canonical form.
fn speech() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "**Host:** ",
        "**灯塔员：**",
        "主持人：",
        "Keeper: ",
        "well, ",
        "好的，",
        "**bold**",
        "*slanted*",
        "**重点：**",
        "「灯」",
        "`code`",
        "[it](x.md)",
        "1. ",
        "- ",
        "# ",
        "> ",
        "AI****Studio",
        "*",
        "<x>",
        "\\*",
        "a_b_c",
        "&lt;",
        "\n",
        "\n\n",
    ])
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        failure_persistence: None,
        ..proptest::test_runner::Config::with_cases(60)
    })]

    #[test]
    fn speech_has_a_canonical_form(texts in proptest::collection::vec(
        proptest::collection::vec(speech(), 1..20), 20..21)) {
        let texts: Vec<String> = texts.iter().map(|parts| parts.concat()).collect();
        let refused: Vec<String> =
            texts.iter().filter_map(|text| formatted("x.md", text).err()).collect();
        proptest::prop_assert!(refused.is_empty(), "{texts:#?} {refused:#?}");
    }
}

/// Runs the program; its exit status, standard output and standard error.
fn ran(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = assert_cmd::Command::cargo_bin("postil").unwrap();
    let output = command.current_dir(folder).arg("fmt").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const PLAIN: &str = "Host: One.\n\nKeeper: Two.\n\nHost: Three.\n\nKeeper: Four.\n";
const CANONICAL: &str =
    "**Host:** One.\n\n**Keeper:** Two.\n\n**Host:** Three.\n\n**Keeper:** Four.\n";

#[test]
fn the_form_is_printed_checked_and_written() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    std::fs::write(folder.join("a.md"), PLAIN).unwrap();
    assert_eq!(ran(folder, &["a.md"]), (0, CANONICAL.to_owned(), String::new()));
    let (status, out, err) = ran(folder, &["--check", "a.md"]);
    assert_eq!((status, out.as_str(), err.as_str()), (1, "a.md\n", "1 file: 1 in another form\n"));
    assert_eq!(read(&folder.join("a.md")), PLAIN, "neither has written");
    assert_eq!(ran(folder, &["--write", "a.md"]).0, 0);
    assert_eq!(read(&folder.join("a.md")), CANONICAL);
    let (status, out, err) = ran(folder, &["--write", "a.md"]);
    assert_eq!((status, out.as_str(), err.as_str()), (0, "", "1 file: 0 changed\n"));
    assert_eq!(ran(folder, &["--check", "a.md"]).0, 0);
}

#[test]
fn what_has_no_canonical_form_is_left_as_it_is() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let text = "- **Host:** | a |\n|---|\nAI<br></details>「**</b>1. ...";
    std::fs::write(folder.join("a.md"), text).unwrap();
    std::fs::write(folder.join("b.md"), PLAIN).unwrap();
    let (status, out, err) = ran(folder, &["--write", "a.md", "b.md"]);
    assert_eq!((status, out.as_str()), (1, "b.md\n"));
    assert!(err.contains("fmt/not-the-same"), "{err}");
    assert_eq!(read(&folder.join("a.md")), text);
}

#[test]
fn a_file_keeps_its_line_ends_and_one_that_is_canonical_is_not_touched() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let wide = format!("---\r\ntitle: x\r\n---\r\n\r\n{}", CANONICAL.replace('\n', "\r\n"));
    std::fs::write(folder.join("a.md"), format!("\u{feff}{wide}")).unwrap();
    std::fs::write(folder.join("b.md"), CANONICAL).unwrap();
    let changed = || std::fs::metadata(folder.join("b.md")).unwrap().modified().unwrap();
    let before = changed();
    assert_eq!(ran(folder, &["--write", "a.md", "b.md"]).1, "a.md\n");
    assert_eq!(std::fs::read_to_string(folder.join("a.md")).unwrap(), wide, "no mark, CRLF kept");
    assert_eq!(changed(), before);
}

#[test]
fn wrong_usage_and_missing_files_have_their_status() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    assert_eq!(ran(folder, &["a.md", "b.md"]).0, 2);
    assert_eq!(ran(folder, &["--write", "a.md"]).0, 2);
    assert_eq!(ran(folder, &[]).0, 2);
}

#[test]
fn a_page_and_the_people_are_read_as_the_site_reads_them() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    std::fs::create_dir_all(folder.join("content/pages")).unwrap();
    std::fs::write(folder.join("content/speakers.yaml"), "- id: host\n  name: Host\n").unwrap();
    std::fs::write(folder.join("content/pages/about.md"), PLAIN).unwrap();
    std::fs::write(folder.join("content/a.md"), "Host: Once only.\n").unwrap();
    assert_eq!(ran(folder, &["content/pages/about.md"]).1, PLAIN);
    assert_eq!(ran(folder, &["content/a.md"]).1, "**Host:** Once only.\n");
}
