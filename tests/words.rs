//! The interface's words: complete in two languages, and a site's own in any.

use std::collections::{BTreeMap, BTreeSet};

use postil::diagnostics;
use postil::i18n;
use postil::pipeline::Built;
use serde_json::Value;

use crate::whole::built;

fn page(built: &Built, path: &str) -> String {
    String::from_utf8(built.render(path).expect("bytes")).expect("UTF-8")
}

/// All texts of a language with the way to them.
fn texts(language: &str) -> BTreeMap<String, String> {
    fn add(path: &str, value: &Value, all: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(map) => {
                map.iter().for_each(|(key, value)| add(&format!("{path}.{key}"), value, all));
            }
            value => {
                all.insert(path.to_owned(), value.as_str().expect("a text").to_owned());
            }
        }
    }
    let mut all = BTreeMap::new();
    let words = serde_json::to_value(i18n::words(language)).expect("words are JSON");
    add("", &words, &mut all);
    all
}

/// What the program fills in.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn english_and_chinese_are_complete() {
    let (english, chinese) = (texts("en"), texts("zh-Hans"));
    assert_eq!(english.keys().collect::<Vec<_>>(), chinese.keys().collect::<Vec<_>>());
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for (key, text) in &english {
        let other = &chinese[key];
        assert!(!text.is_empty() && !text.contains(is_han), "{key}: {text}");
        assert!(!other.is_empty(), "{key}");
        let bare = other.split(['{', '}']).step_by(2).collect::<String>();
        let letters = bare.chars().filter(|c| c.is_alphabetic()).count();
        assert!(key == ".language" || letters == 0 || bare.contains(is_han), "{key}: {other}");
        if !key.ends_with(".one") {
            assert_eq!(places(text), places(other), "{key}");
        }
    }
}

const TALK: &str = "---\ntitle: Bonsoir\nlanguage: fr\ndate: 2025-03-05\nspeakers: {Marie-Antoine: {role: host}, Ingénieur: {}}\n---\n\
    **Marie-Antoine:** Bonsoir.\n\n**Ingénieur:** Bonsoir.\n\n**Marie-Antoine:** Voilà.\n";

const FRENCH: &str = "glossary: Glossaire
speakers: Voix
turns: {one: \"{n} tour\", other: \"{n} tours\"}
minutes: \"{n} minutes\"
list_separator: \" ; \"
thousands: \"\u{202f}\"
months: janvier février mars avril mai juin juillet août septembre octobre novembre décembre
cite: Citer
roles: {host: Animation}
";

#[test]
fn a_site_adds_a_language_and_replaces_words() {
    let files = [
        ("content/site.yaml", "title: Site\nlanguage: en\n"),
        ("content/bonsoir.md", TALK),
        (
            "content/hello.md",
            "---\nlanguage: en\ndate: 2025-03-05\n---\n**Host:** Hello.\n\n**Guest:** Hello.\n\n**Host:** Yes.\n",
        ),
        ("content/i18n/fr.yaml", FRENCH),
        ("content/i18n/en.yaml", "speakers: Voices\n"),
    ];
    let built = built(&files);
    let bonsoir = page(&built, "bonsoir.html");
    for words in [
        "5 mars 2025",
        "<span>3 tours</span>",
        "Animation",
        "<h2>Citer</h2>",
        "Marie-Antoine ; Ingénieur",
        ">Voices</a>",
        "BibTeX",
    ] {
        assert!(bonsoir.contains(words), "{words} in {bonsoir}");
    }
    let hello = page(&built, "hello.html");
    assert!(hello.contains("5 March 2025") && hello.contains(">Voices</a>"), "{hello}");
    assert!(hello.contains("<h2>How to cite</h2>"), "{hello}");
    let french = built.site.words("fr-CA");
    assert_eq!(french.turns.of(12_345), "12\u{202f}345 tours");
    assert_eq!(french.language, "fr");
    insta::assert_snapshot!(diagnostics::print(&built.diagnostics, false));
}

#[test]
fn faults_in_words_are_told() {
    let words = "glosary: x\nturns: {one: a, two: b, other: many}\nroles: {hots: Hôte}\npage_number: Page\nseries: [a, b]\nlanguage: xx\n";
    let built = built(&[
        ("content/site.yaml", "language: en\n"),
        ("content/a.md", "Text.\n"),
        ("content/i18n/en.yaml", words),
        ("content/i18n/zh-Hans.yaml", "- x\n"),
    ]);
    insta::assert_snapshot!(diagnostics::print(&built.diagnostics, false));
}
