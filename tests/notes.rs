//! Editorial notes: every site in `tests/cases/notes`, where its notes stand, and what is said
//! of those that stand nowhere.
//!
//! A case is one text: files behind lines `==== path`. What comes out is in `tests/snapshots`.

use std::fmt::Write as _;

use postil::diagnostics;
use postil::pipeline::{Built, File, Inputs, Options, run};
use postil::source::Source;
use proptest::prelude::*;
use scraper::{Html, Selector};

fn built(case: &str) -> Built {
    let mut inputs = Inputs { has_content: false, ..Inputs::default() };
    for file in case.split("==== ").skip(1) {
        let (path, text) = file.split_once('\n').unwrap();
        inputs.files.insert(path.to_owned(), File::Text(Source::new(path, text)));
    }
    let options =
        Options { base_url: None, drafts: true, future: true, today: "2026-01-01".into() };
    run(&inputs, &options)
}

/// What an element says, its white space folded.
fn said(element: scraper::ElementRef<'_>) -> String {
    element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// The blocks that have notes, and the notes, as the page of `x.md` shows them.
fn shown(page: &str) -> String {
    let page = Html::parse_document(page);
    let selector = |css| Selector::parse(css).unwrap();
    let mut out = String::new();
    for noted in page.select(&selector(".noted")) {
        for child in noted.child_elements().filter(|child| child.value().name() != "div") {
            writeln!(out, "{}: {}", child.value().name(), said(child)).unwrap();
        }
        for note in noted.select(&selector(".note")) {
            writeln!(out, "    {} {}", note.attr("id").unwrap(), said(note)).unwrap();
        }
    }
    for note in page.select(&selector("[role=doc-endnotes] li:not(.paper)")) {
        writeln!(out, "at the end: {}", said(note)).unwrap();
    }
    let paper = page.select(&selector("[role=doc-endnotes] li")).count();
    writeln!(out, "{paper} on paper").unwrap();
    out
}

#[test]
fn notes_stand_where_the_cases_say() {
    insta::glob!("cases/notes/*.txt", |path| {
        let built = built(&std::fs::read_to_string(path).unwrap());
        let page = String::from_utf8(built.render("x.html").unwrap()).unwrap();
        let mut out = shown(&page);
        let notes = |one: &&diagnostics::Diagnostic| {
            one.code.starts_with("notes/") || one.code.starts_with("yaml/")
        };
        let told: Vec<_> = built.diagnostics.iter().filter(notes).cloned().collect();
        out.push_str(&diagnostics::print(&told, false));
        insta::assert_snapshot!(out);
    });
}

#[test]
fn every_link_of_a_note_has_its_end() {
    let case = std::fs::read_to_string("tests/cases/notes/in-their-places.txt").unwrap();
    let page = built(&case).render("x.html").unwrap();
    let page = Html::parse_document(std::str::from_utf8(&page).unwrap());
    let links = Selector::parse("a[href^='#-n'], a[href^='#-r']").unwrap();
    let mut seen = 0;
    for link in page.select(&links) {
        let id = link.attr("href").unwrap().trim_start_matches('#');
        let css = format!("[id='{id}']");
        assert_eq!(page.select(&Selector::parse(&css).unwrap()).count(), 1, "{id}");
        seen += 1;
    }
    assert!(seen >= 12, "{seen}");
}

fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("RAG".to_owned()),
        Just("**bold AI** text".to_owned()),
        Just("[a link](https://example.org)".to_owned()),
        Just("`code`".to_owned()),
        Just("说到Rust语言，".to_owned()),
        Just("用**AI**来写。".to_owned()),
        Just("it’s".to_owned()),
        Just("line\nbreak".to_owned()),
        "[a-z]{1,6}",
    ];
    prop::collection::vec(word, 3..14).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Any words of the text can be quoted: if they are there once the note is shown behind
    /// them, if not it is withheld with a warning. The page's words stay as they are, which
    /// rendering itself checks.
    #[test]
    fn a_note_is_shown_behind_its_words_or_withheld(
        paragraphs in prop::collection::vec(words(), 1..5),
        which in any::<prop::sample::Index>(),
        from in any::<prop::sample::Index>(),
        length in 1_usize..40,
    ) {
        let talk: String =
            paragraphs.iter().map(|words| format!("**Host:** {words}\n\n**Guest:** yes\n\n")).collect();
        let terms = "==== glossary.yaml\n- {term: RAG, definition: x}\n- {term: AI, definition: x}\n";
        let plain = built(&format!("==== x.md\n{talk}{terms}"));
        let reading = plain.site.reading(&plain.site.pages[0]);
        let document = &reading.document;
        let block = &document.blocks[which.index(document.blocks.len())];
        let letters: Vec<char> = document.slice(block.text).chars().collect();
        let from = from.index(letters.len());
        let quote: String = letters[from..].iter().take(length).collect();
        prop_assume!(!quote.trim().is_empty());
        let quoted = serde_json::to_string(&quote).unwrap();
        let notes = format!("==== x.notes.yaml\n- quote: {quoted}\n  note: Words.\n");
        let built = built(&format!("==== x.md\n{talk}{terms}{notes}"));
        let reading = built.site.reading(&built.site.pages[0]);
        let page = String::from_utf8(built.render("x.html").unwrap()).unwrap();
        match &reading.notes[..] {
            [placed] => {
                let fold = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
                prop_assert_eq!(fold(reading.document.slice(placed.words)), fold(&quote));
                prop_assert!(page.contains("id=\"-r1\"") && page.contains("id=\"-n1\""), "{}", page);
            }
            _ => {
                let told = built.diagnostics.iter().filter(|one| one.code == "notes/twice").count();
                prop_assert_eq!(told, 1, "{:?}", quote);
                prop_assert!(!page.contains("id=\"-n1\""));
            }
        }
    }
}

#[test]
fn a_footnote_that_is_referred_to_twice_in_one_place_has_one_way_back() {
    let text =
        "**Host:** One[^1][^1] and[^1].\n\n**Guest:** Two.\n\n**Host:** Three.\n\n[^1]: Said.\n";
    let built = crate::whole::built(&[("content/a.md", text)]);
    let page = String::from_utf8(built.render("a.html").unwrap()).unwrap();
    assert_eq!(page.matches("href=\"#-n1\"").count(), 3, "{page}");
    assert_eq!(page.matches("id=\"-r1\"").count(), 1, "{page}");
}
