//! Terms with several senses.

use postil::annotate::{Context, MarkPolicy, Matcher, annotate, annotate_in};
use postil::document::Document;

use crate::page::{glossary, page};

fn ids(terms: &[&str], document: &Document, context: &Context) -> (Vec<String>, usize) {
    let glossary = glossary(terms.iter().copied());
    let matcher = Matcher::new(&glossary);
    let found = annotate_in(document, &matcher, &MarkPolicy::default(), context);
    let ids = found.mentions.iter().map(|one| glossary.terms[one.term as usize].id.clone());
    (ids.collect(), found.undecided.len())
}

#[test]
fn two_terms_for_one_form_are_told_apart_by_speaker() {
    let terms = ["RAG; id: search; speakers: Engineer", "RAG; id: cloth"];
    let document = page("@Host RAG\n\n@Engineer RAG\n\nRAG").document;
    let (found, undecided) = ids(&terms, &document, &Context::of(&document));
    assert_eq!((found, undecided), (vec!["cloth".into(), "search".into(), "cloth".into()], 0));
    let speakers = vec![vec!["h".into()], vec!["e".into(), "Engineer".into()]];
    let context = Context { speakers, ..Context::default() };
    assert_eq!(ids(&terms, &document, &context).0, ["cloth", "search", "cloth"]);
}

#[test]
fn where_scope_decides_nothing_there_is_no_mention() {
    let document = page("RAG, AI RAG AI").document;
    let glossary =
        glossary(["RAG; id: a", "x = RAG; id: b", "AI", "AI RAG; id: c", "AI RAG; id: d"]);
    let matcher = Matcher::new(&glossary);
    let context = Context::of(&document);
    let found = annotate_in(&document, &matcher, &MarkPolicy::default(), &context);
    let words = |range| document.slice(range);
    let undecided: Vec<_> =
        found.undecided.iter().map(|one| (words(one.range), one.terms.as_slice())).collect();
    assert_eq!(undecided, [("RAG", [0, 1].as_slice()), ("AI RAG", [3, 4].as_slice())]);
    assert_eq!(found.mentions.len(), 1, "nothing inside `AI RAG` either");
}

#[test]
fn tags_and_dates() {
    let document = page("Bard").document;
    let context = |tags: &[&str], date: Option<&str>| Context {
        speakers: Vec::new(),
        tags: tags.iter().map(|tag| tag.to_string()).collect(),
        date: date.map(str::to_owned),
    };
    let terms = ["Bard; id: poet; tags: theatre", "Bard; id: old; after: 2023; before: 2024-02-08"];
    let found = |tags: &[&str], date| ids(&terms, &document, &context(tags, date)).0;
    assert_eq!(found(&["theatre", "x"], None), ["poet"]);
    assert_eq!(found(&[], Some("2023-05-01")), ["old"]);
    assert!(found(&[], Some("2024-02-08")).is_empty(), "`before` is exclusive");
    assert!(found(&[], Some("2022-12-31")).is_empty());
    assert!(found(&[], None).is_empty(), "no date, no answer");
    assert_eq!(ids(&terms, &document, &context(&["theatre"], Some("2023-05-01"))), (vec![], 1));
}

#[test]
fn what_is_written_like_the_form_comes_first() {
    let document = page("FAIR fair Fair").document;
    let terms = ["FAIR", "fair"];
    assert_eq!(
        ids(&terms, &document, &Context::default()),
        (vec!["FAIR".into(), "fair".into(), "fair".into()], 0)
    );
}

#[test]
fn a_term_out_of_its_scope_takes_no_text() {
    let document = page("Meta AI").document;
    let glossary = glossary(["Meta AI; tags: x", "AI"]);
    let matcher = Matcher::new(&glossary);
    let found = annotate(&document, &matcher, &MarkPolicy::default());
    assert_eq!(found.iter().map(|one| one.term).collect::<Vec<_>>(), [1]);
}
