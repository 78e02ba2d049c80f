//! Real transcripts, when `POSTIL_CORPUS` names a folder of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use postil::annotate::{MarkPolicy, Matcher, annotate};
use postil::glossary::Glossary;
use postil::parse::{Context, parse};
use postil::source::Source;

use crate::page::glossary;
use crate::properties::check_place;

const TERMS: [&str; 14] = [
    "FAIR",
    "PyTorch",
    "RAG",
    "GPU",
    "AI Studio",
    "Meta AI",
    "AI",
    "Meta",
    "Llama",
    "Llama 3",
    "H100",
    "大模型 = 大语言模型",
    "Bitcoin = bitcoin",
    "开源",
];

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("POSTIL_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: POSTIL_CORPUS names no folder");
    }
    folder
}

/// How often each term is spoken in a text that is read as a transcript.
fn counts(text: &str, glossary: &Glossary) -> BTreeMap<String, usize> {
    let (document, _) = parse(&Source::new("x.md", text), &Context::default());
    let mentions = annotate(&document, &Matcher::new(glossary), &MarkPolicy::default());
    let mut counts = BTreeMap::new();
    for mention in mentions {
        check_place(&document, &mention);
        *counts.entry(glossary.terms[mention.term as usize].term.clone()).or_default() += 1;
    }
    counts
}

/// The text without the blanks between Han and Latin letters, digits or stars.
fn tight(text: &str) -> String {
    let han = |c: &char| ('\u{3400}'..='\u{9fff}').contains(c);
    let chars: Vec<char> = text.chars().collect();
    let kept = chars.iter().enumerate().filter(|(at, c)| {
        let sides = at.checked_sub(1).and_then(|at| chars.get(at)).zip(chars.get(at + 1));
        let latin = |c: &char| c.is_ascii_alphanumeric();
        let between = |(a, b)| han(a) && latin(b) || latin(a) && han(b);
        !(matches!(c, ' ' | '\u{a0}') && sides.is_some_and(between))
    });
    kept.map(|(_, c)| *c).collect()
}

#[test]
fn an_interview_speaks_of_its_terms_so_often() {
    let Some(folder) = corpus() else { return };
    let text = fs::read_to_string(folder.join("seed/zuckerberg-huang-siggraph-2024.md")).unwrap();
    let glossary = glossary(TERMS);
    let found = counts(&text, &glossary);
    for (term, expected) in
        [("FAIR", 3), ("PyTorch", 3), ("RAG", 1), ("GPU", 2), ("AI Studio", 4), ("Meta AI", 4)]
    {
        assert_eq!(found.get(term), Some(&expected), "{term}");
    }
    assert!(tight(&text).len() + 200 < text.len(), "blanks were there to remove");
    assert_eq!(counts(&tight(&text), &glossary), found, "without blanks between Han and Latin");
    println!("{found:?}");
}

#[test]
fn every_transcript_can_be_annotated() {
    let Some(folder) = corpus() else { return };
    let mut files = Vec::new();
    markdown(&folder, &mut files);
    assert!(files.len() > 10, "only {} files", files.len());
    let glossary = glossary(TERMS);
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    for file in files {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        for (term, count) in counts(&text, &glossary) {
            *all.entry(term).or_default() += count;
        }
    }
    assert!(all["Bitcoin"] > 100, "{all:?}");
    println!("{all:?}");
}

fn markdown(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).unwrap().map(|one| one.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            markdown(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
}
