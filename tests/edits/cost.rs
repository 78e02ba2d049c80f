//! An edit's time grows with the site, not with the site times itself: looking for each term that
//! nobody says through all mentions of all others once took eight seconds.

use std::fmt::Write;
use std::time::{Duration, Instant};

use postil::pipeline::{Inputs, Warm};
use postil::serve::Edition;

use super::{Texts, inputs, options};

/// So much larger is the second site: terms that nobody says, and mentions of one that everybody does.
const TIMES: u32 = 32;

/// The quickest of so many edits counts.
const EDITS: usize = 3;

fn texts(times: u32) -> Texts {
    let mut glossary = "- {term: RAG, definition: Looking it up first.}\n".to_owned();
    for number in 0..100 * times {
        let _ = writeln!(glossary, "- {{term: Unsaid{number}, definition: A word.}}");
    }
    let words = "RAG and ".repeat(250 * times as usize);
    let talk = format!("**Host:** Good evening.\n\n**Engineer:** {words}\n\n**Host:** So.\n");
    let mut texts = Texts::from([
        ("content/glossary.yaml".to_owned(), glossary),
        ("content/pages/about.md".to_owned(), format!("# About\n\n{words}\n")),
    ]);
    for number in 0..4 {
        texts.insert(format!("content/talk-{number}.md"), talk.clone());
    }
    texts
}

/// A site that has been read, and is edited.
struct Site {
    warm: Warm,
    texts: Texts,
    known: Inputs,
    edits: usize,
}

impl Site {
    fn new(times: u32) -> Self {
        let texts = texts(times);
        let known = inputs(&texts, None);
        let mut warm = Warm::new(options());
        warm.run(&known);
        Self { warm, texts, known, edits: 0 }
    }

    /// How long an edit takes, and the page that tells the writer of it; the quickest of a few.
    fn time(&mut self) -> [Duration; 2] {
        let each = (0..EDITS).map(|_| {
            self.edits += 1;
            let mut edited = self.texts.clone();
            let talk = format!("**Host:** Good evening.\n\n**Engineer:** {} times.\n", self.edits);
            edited.insert("content/short.md".to_owned(), talk);
            self.known = inputs(&edited, Some((&self.texts, &self.known)));
            self.texts = edited;
            let begin = Instant::now();
            let built = self.warm.run(&self.known);
            let edit = begin.elapsed();
            assert_eq!((built.work.parsed, built.work.kept), (1, 5));
            let unused = built.diagnostics.iter().filter(|one| one.code == "glossary/unused");
            assert_eq!(unused.count(), built.site.glossary.terms.len() - 1);
            let edition = Edition::of(built);
            let begin = Instant::now();
            let html = (edition.survey)();
            let survey = begin.elapsed();
            assert!(html.contains(">Unsaid99<"), "{html}");
            [edit, survey]
        });
        each.reduce(|[a, b], [c, d]| [a.min(c), b.min(d)]).expect("there is an edit")
    }
}

/// A busy machine can slow one try down; squared time fails in all.
#[test]
fn an_edit_among_many_terms_that_nobody_says_takes_linear_time() {
    let (mut small, mut large) = (Site::new(1), Site::new(TIMES));
    let mut seen = Vec::new();
    for _ in 0..6 {
        let (one, many) = (small.time(), large.time());
        // Most of a small edit is the same in a large site.
        let linear = |at: usize| many[at] < one[at] * TIMES + Duration::from_millis(20);
        if linear(0) && linear(1) {
            return;
        }
        seen.push((one, many));
    }
    panic!("an edit, and the page about it, once and {TIMES} times as large: {seen:?}");
}
