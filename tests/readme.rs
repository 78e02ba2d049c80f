//! What the README shows is what the program reads, without a complaint.

use std::collections::BTreeMap;

use postil::pipeline::{File, Inputs, Options, run};
use postil::source::Source;

const README: &str = include_str!("../README.md");

/// The contents of all fenced blocks in a language.
fn fenced(language: &str) -> Vec<&str> {
    let fence = format!("```{language}\n");
    README.split(&fence).skip(1).filter_map(|after| after.split("\n```").next()).collect()
}

#[test]
fn the_transcript_the_people_and_the_terms_are_read_as_they_are_shown() {
    let ([transcript], [people, terms]) = (&fenced("markdown")[..], &fenced("yaml")[..]) else {
        panic!("the README shows one transcript, the people and a term");
    };
    let files = [
        ("content/talk.md", *transcript),
        ("content/speakers.yaml", people),
        ("content/glossary.yaml", terms),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), File::Text(Source::new(path, text))));
    let inputs = Inputs {
        name: "readme".to_owned(),
        has_content: true,
        files: BTreeMap::from(files),
        diagnostics: Vec::new(),
    };
    let today = "2026-01-01".to_owned();
    let built = run(&inputs, &Options { base_url: None, drafts: false, future: false, today });
    // One of the two is not in the example's speakers.yaml, and nobody says the example's term,
    // which is worth no more than notes.
    let codes: Vec<&str> = built.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["glossary/unused", "people/unknown"], "{:?}", built.diagnostics);

    let page = &built.site.pages[0];
    assert_eq!(page.title, "The librarian and the machine");
    let reading = built.site.reading(page);
    let document = &reading.document;
    let turns: Vec<(&str, usize)> = document
        .turns()
        .map(|turn| {
            let speaker = turn.speaker.expect("a speaker");
            (document.speakers[speaker as usize].label.as_str(), turn.blocks.len())
        })
        .collect();
    assert_eq!(turns, [("Host", 1), ("Librarian", 2)]);
    assert_eq!(built.site.person(page.speakers[0]).id, "host");
    assert_eq!(built.site.glossary.terms[0].term, "RAG");
    built.render(&page.path).expect("the page renders");
}
