//! Every `tests/cases/mentions/*.txt`: terms, one a line as `page::term` reads them, and below
//! each `---` the texts in which they are looked for, one a line, as `page::page` reads them.
//! `⏎` is a line feed. A line that begins with `//` is a comment; `===` begins another table.

use std::fs;
use std::path::Path;

use postil::annotate::{MarkPolicy, Matcher, annotate};

use crate::page::{glossary, page};

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("//"))
}

#[test]
fn tables_of_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/mentions");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy();
        for table in text.split("\n===\n") {
            let (terms, cases) = table.split_once("\n---\n").expect("terms, `---`, cases");
            let glossary = glossary(lines(terms));
            let matcher = Matcher::new(&glossary);
            for case in lines(cases) {
                count += 1;
                let page = page(&case.replace('⏎', "\n"));
                let words = |range| page.document.slice(range).to_owned();
                let mut expected = Vec::new();
                for (range, term) in &page.expected {
                    let headword = term.clone().unwrap_or_else(|| words(*range));
                    expected.push((*range, words(*range), headword));
                }
                let mut found = Vec::new();
                for mention in annotate(&page.document, &matcher, &MarkPolicy::default()) {
                    let headword = glossary.terms[mention.term as usize].term.clone();
                    found.push((mention.range, words(mention.range), headword));
                }
                if found != expected {
                    wrong.push(format!("{name}: {case}\n  found {found:?}"));
                }
            }
        }
    }
    assert!(count > 100, "only {count} cases were read");
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}
