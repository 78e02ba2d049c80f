//! Whatever stands in a file: no reader panics, every span lies in the source, and nothing that
//! is printed steers a terminal.

use std::time::{Duration, Instant};

use postil::config;
use postil::diagnostics::{self, Diagnostic};
use postil::glossary;
use postil::source::{Source, Span};
use postil::yaml::{self, Node, Value};
use proptest::prelude::*;

fn inside(source: &Source, span: Span) {
    let text = source.text();
    assert!(span.start <= span.end, "{span:?}");
    assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
}

fn tree_inside(source: &Source, node: &Node) {
    inside(source, node.span);
    match &node.value {
        Value::Null | Value::Scalar { .. } => {}
        Value::List(items) => items.iter().for_each(|item| tree_inside(source, item)),
        Value::Map(entries) => {
            for entry in entries {
                inside(source, entry.key_span);
                tree_inside(source, &entry.value);
            }
        }
    }
}

fn told_well(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let places = diagnostic.related.iter().map(|related| &related.place);
        for place in places.chain([&diagnostic.place]) {
            place.span.iter().for_each(|span| inside(&place.source, *span));
        }
        assert!(diagnostic.hint.is_some(), "{} says what to do", diagnostic.code);
        assert!(!diagnostic.message.ends_with('.'), "{}", diagnostic.message);
        let json = diagnostics::to_json(diagnostic);
        assert!(!json.contains(char::is_control), "{json:?}");
        serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
    }
    let printed = diagnostics::print(diagnostics, false);
    assert!(!printed.replace('\n', "").contains(char::is_control), "{printed:?}");
}

fn read_as_everything(bytes: &[u8]) {
    let (source, _) = Source::from_bytes("x.yaml", bytes);
    let whole = Span::new(0, source.text().len());
    let (root, mut found) = yaml::parse(&source, whole);
    root.iter().for_each(|root| tree_inside(&source, root));
    let (split, mut more) = config::split(&source);
    found.append(&mut more);
    inside(&source, split.body);
    for yaml in split.yaml.into_iter().chain([whole]) {
        inside(&source, yaml);
        let (front, mut more) = config::read_front_matter(&source, yaml);
        found.append(&mut more);
        front.people.iter().for_each(|person| inside(&source, person.span));
        front.media.iter().for_each(|medium| inside(&source, medium.span));
        front.title.iter().for_each(|text| inside(&source, text.span));
    }
    let (people, mut more) = config::read_speakers(&source);
    found.append(&mut more);
    people.iter().for_each(|person| inside(&source, person.span));
    let (terms, mut more) = glossary::read(std::slice::from_ref(&source));
    found.append(&mut more);
    terms.terms.iter().for_each(|term| inside(&source, term.span));
    found.append(&mut config::read_site(&source).1);
    diagnostics::arrange(&mut found);
    told_well(&found);
}

/// Text made of what YAML and front matter are made of, so that most of it gets far.
fn yaml_like() -> impl Strategy<Value = String> {
    let pieces = [
        "---\n",
        "----\n",
        "---\\\n",
        "—\n",
        "...\n",
        "\n",
        "\r\n",
        "\n  ",
        "\n    ",
        "\n\t",
        " ",
        "title",
        "speakers",
        "date",
        "term",
        "definition",
        "id",
        "aliases",
        "scope",
        "theme",
        "谈话",
        "： ",
        ": ",
        ":",
        "- ",
        "-",
        "* ",
        "*a",
        "&a ",
        "[",
        "]",
        "{",
        "}",
        ",",
        ", ",
        "'",
        "\"",
        "|\n",
        ">-\n",
        "#",
        " # ",
        "@",
        "`",
        "%",
        "!",
        "!!str ",
        "? ",
        "\\",
        "\\q",
        "~",
        "null",
        "2024-07-31",
        "May 1st, 2025",
        "true",
        "[[a|b]]",
        "\u{7}",
        "\u{feff}",
        "\u{200b}",
        "<<",
        "é",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn any_yaml_like_text_is_read(text in yaml_like()) {
        read_as_everything(text.as_bytes());
    }

    #[test]
    fn front_matter_like_text_is_read(text in yaml_like()) {
        read_as_everything(format!("---\ntitle: A\n{text}\n---\n\nText.\n").as_bytes());
    }

    #[test]
    fn a_scalars_span_is_its_text(words in prop::collection::vec("[a-z谈话，é。😀]{1,6}", 1..8)) {
        let text: String = words.iter().map(|word| format!("{word}k: {word} {word} # c\n- ")).collect();
        let text = text.replace("- ", "");
        let source = Source::new("x.yaml", text);
        let (root, _) = yaml::parse(&source, Span::new(0, source.text().len()));
        let Some(Node { value: Value::Map(entries), .. }) = root else { panic!("a mapping") };
        for entry in &entries {
            prop_assert_eq!(source.slice(entry.key_span), &entry.key);
            let Value::Scalar { text, .. } = &entry.value.value else { panic!("a scalar") };
            prop_assert_eq!(source.slice(entry.value.span), text);
        }
    }

    #[test]
    fn any_date_is_read_or_refused(text in "\\PC{0,30}") {
        if let Some(date) = config::Date::parse(&text) {
            prop_assert_eq!(date.iso.len(), 10);
        }
    }

    #[test]
    fn a_sound_date_reads_as_itself(year in 1000i32..=9999, month in 1u8..=12, day in 1u8..=28) {
        let iso = format!("{year}-{month:02}-{day:02}");
        for form in [iso.clone(), format!("{year}年{month}月{day}日"), format!("{iso}T10:00")] {
            let read = config::Date::parse(&form).map(|date| date.iso);
            prop_assert_eq!(read.as_deref(), Some(&*iso));
        }
    }
}

/// Reads within a time that no sound implementation needs.
fn soon(text: &str) {
    let start = Instant::now();
    read_as_everything(text.as_bytes());
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn deep_nesting_is_refused_without_a_stack_overflow() {
    for unit in ["[", "{a: ", "- ", "? ", "{", "a: {"] {
        soon(&unit.repeat(50_000));
    }
    let steps = (0..600).map(|depth| format!("{}a:\n", " ".repeat(depth.min(300))));
    soon(&steps.collect::<String>());
    let source = Source::new("x.yaml", "[".repeat(100));
    let (root, found) = yaml::parse(&source, Span::new(0, 100));
    assert!(root.is_none());
    assert_eq!(found.last().map(|found| found.code), Some("yaml/too-deep"));
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for step in 1..30 {
        let alias = format!("*a{}", step - 1);
        let copies = vec![alias; 9].join(", ");
        text.push_str(&format!("a{step}: &a{step} [{copies}]\n"));
    }
    let source = Source::new("x.yaml", text.clone());
    let (root, found) = yaml::parse(&source, Span::new(0, text.len()));
    assert!(root.is_none());
    assert_eq!(found.last().map(|found| found.code), Some("yaml/too-many-aliases"));
    soon(&text);
}

#[test]
fn a_large_file_is_read_and_a_huge_one_refused() {
    let entry = "- term: 词T\n  definition: 定义 of a term\n";
    let many: String = (0..20_000).map(|at| entry.replace('T', &at.to_string())).collect();
    let start = Instant::now();
    let (glossary, found) = glossary::read(&[Source::new("glossary.yaml", many)]);
    assert_eq!((glossary.terms.len(), found.len()), (20_000, 0));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    let huge = format!("a: {}\n", "x".repeat(yaml::MAX_BYTES));
    let source = Source::new("x.yaml", huge);
    let (root, found) = yaml::parse(&source, Span::new(0, source.text().len()));
    assert!(root.is_none());
    assert_eq!(found[0].code, "yaml/too-large");
}

#[test]
fn a_file_full_of_faults_is_given_up_soon() {
    let faults: String = (0..100).map(|at| format!("k{at}: b: c\n")).collect();
    let source = Source::new("x.yaml", faults);
    let (root, found) = yaml::parse(&source, Span::new(0, source.text().len()));
    assert!(root.is_none());
    assert_eq!(found.last().map(|found| found.code), Some("yaml/given-up"));
    assert_eq!(found.len(), 51);
    soon(&"a: b: c\n".repeat(5_000));
    soon(&"x\n".repeat(5_000));
    soon(&format!("---\ntitle: {}\n---\n", "a: ".repeat(20_000)));
}
