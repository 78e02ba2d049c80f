//! The canonical form: what is written reads back the same, and twice is once.

use std::path::{Path, PathBuf};

use postil::canonical::{canonical, difference};
use postil::parse::{Context, parse};
use postil::source::Source;

/// Formats a text, and checks what must hold of every canonical form. The second value is the
/// diagnostic's code where there is none.
fn formatted(name: &str, text: &str) -> Result<String, String> {
    let source = Source::new(name, text);
    let context = Context::default();
    let written = match canonical(&source, &context) {
        Ok(written) => written,
        Err(diagnostic) => {
            let line = diagnostic
                .place
                .span
                .map_or(0, |span| source.position(span.start as usize).line);
            return Err(format!("{} line {line}: {}", diagnostic.code, diagnostic.message));
        }
    };
    let (before, _) = parse(&source, &context);
    let (after, _) = parse(&Source::new(name, written.as_str()), &context);
    if let Some(difference) = difference(&before, &after) {
        panic!("{name}: {difference:?}\n{written}");
    }
    let words = |document: &postil::document::Document| -> Vec<String> {
        document.blocks.iter().map(|block| document.slice(block.text).to_owned()).collect()
    };
    assert_eq!(words(&before), words(&after), "{name}: the words are unchanged");
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
            } else if path.extension().is_some_and(|end| end == "md") {
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
    let refused = refused(&markdown(Path::new(&root)));
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
#[ignore = "prints one file: POSTIL_FILE=x.md cargo test --test fmt -- --ignored --nocapture"]
fn print_one() {
    let Ok(path) = std::env::var("POSTIL_FILE") else { return };
    println!("{}", formatted("x.md", &read(Path::new(&path))).unwrap_or_else(|why| why));
}
