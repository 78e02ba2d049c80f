//! Front matter, settings, people and glossary: what is read from each file below
//! `tests/cases`, and what is said about it.
//!
//! `POSTIL_BLESS=1 cargo test --test suite config::` writes what comes out; look at it before it is
//! committed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use postil::config::{self, FrontMatter, Person, SiteConfig};
use postil::diagnostics::{self, Diagnostic};
use postil::glossary::{self, Glossary, Localized, MarkRule};
use postil::source::Source;

fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let entries = std::fs::read_dir(&folder).expect("the folder of cases is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "md" || end == "yaml"));
    paths.sort();
    assert!(!paths.is_empty(), "no cases in {}", folder.display());
    paths
}

/// Runs `read` on each case, and compares with the `.out` file beside it.
fn check(folder: &str, read: impl Fn(&Source) -> (String, Vec<Diagnostic>)) {
    let bless = std::env::var_os("POSTIL_BLESS").is_some();
    let mut wrong = Vec::new();
    for path in cases(folder) {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("readable");
        let (source, _) = Source::from_bytes(name.clone(), &bytes);
        let (mut out, mut found) = read(&source);
        diagnostics::arrange(&mut found);
        out.push_str("====\n");
        out.push_str(&diagnostics::print(&found, false));
        let expected = path.with_extension("out");
        if bless {
            std::fs::write(&expected, &out).expect("writable");
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != out {
            wrong.push(format!("--- {folder}/{name}\n{out}"));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}

#[test]
fn front_matter_is_read_and_its_faults_are_told() {
    check("front-matter", |source| {
        let (split, mut diagnostics) = config::split(source);
        let mut out = String::new();
        if let Some(yaml) = split.yaml {
            let (front, mut found) = config::read_front_matter(source, yaml);
            diagnostics.append(&mut found);
            show_front(&mut out, &front);
        } else {
            out.push_str("no front matter\n");
        }
        let line = source.position(split.body.start as usize).line;
        let first = source.slice(split.body).lines().find(|line| !line.is_empty());
        writeln!(out, "body from line {line}: {:?}", first.unwrap_or("")).expect("a string");
        (out, diagnostics)
    });
}

#[test]
fn site_settings_are_read_and_their_faults_are_told() {
    check("site-yaml", |source| {
        let (config, found) = config::read_site(source);
        (show_site(&config), found)
    });
}

#[test]
fn people_are_read_and_their_faults_are_told() {
    check("speakers-yaml", |source| {
        let (people, found) = config::read_speakers(source);
        (people.iter().map(show_person).collect(), found)
    });
}

#[test]
fn the_glossary_is_read_and_its_faults_are_told() {
    check("glossary-yaml", |source| {
        let (glossary, found) = glossary::read(std::slice::from_ref(source));
        (show_glossary(&glossary), found)
    });
}

fn show_front(out: &mut String, front: &FrontMatter) {
    let mut line = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            writeln!(out, "{key}: {value}").expect("a string");
        }
    };
    let texts = |texts: &[config::Text]| {
        texts.iter().map(|text| text.value.clone()).collect::<Vec<_>>().join(" | ")
    };
    line("title", front.title.as_ref().map(|text| text.value.clone()));
    line("date", front.date.as_ref().map(|date| date.iso.clone()));
    line("retrieved", front.retrieved.as_ref().map(|date| date.iso.clone()));
    line("updated", front.updated.as_ref().map(|date| date.iso.clone()));
    for person in &front.people {
        line("person", Some(format!("{} ({}) {:?}", person.name, person.role, person.aliases)));
    }
    line("tags", Some(front.tags.join(" | ")));
    line("series", front.series.clone());
    for medium in &front.media {
        line("medium", Some(format!("{} {}", medium.key, medium.url)));
    }
    line("original", front.original.as_ref().map(|text| text.value.clone()));
    line("publisher", front.publisher.clone());
    for credit in &front.credits {
        line("credit", Some(format!("{} {:?}", credit.role, credit.names)));
    }
    line("summary", front.summary.clone());
    line("language", front.language.clone());
    line("aliases", Some(texts(&front.aliases)));
    line("slug", front.slug.as_ref().map(|text| text.value.clone()));
    line("episode", front.episode.clone());
    line("duration", front.duration.clone());
    for resource in &front.resources {
        line("resource", Some(format!("{} {}", resource.title, resource.url)));
    }
    line("licence", front.licence.clone());
    line("draft", front.draft.then(|| "true".to_owned()));
    line("noindex", front.noindex.then(|| "true".to_owned()));
    let corrections = front.corrections.iter().map(|one| match &one.date {
        Some(date) => format!("{date}: {}", one.text),
        None => one.text.clone(),
    });
    line("corrections", Some(corrections.collect::<Vec<_>>().join(" | ")));
    line("not speakers", Some(front.not_speakers.join(" | ")));
    line("turns", front.no_turns.then(|| "none".to_owned()));
    line("glossary off", Some(front.glossary_off.join(" | ")));
    line("mark", front.mark.map(|mark| format!("{mark:?}")));
    for (key, value) in &front.extra {
        line("extra", Some(format!("{key} = {value}")));
    }
}

fn show_localized(text: &Localized) -> String {
    let mut parts: Vec<String> = text.any.iter().cloned().collect();
    parts.extend(text.by_language.iter().map(|(tag, text)| format!("{tag}={text}")));
    parts.join(" | ")
}

fn show_site(config: &SiteConfig) -> String {
    let text = |text: &Option<Localized>| text.as_ref().map(show_localized);
    format!(
        "title {:?}\nlanguage {:?}\ndescription {:?}\nbase_url {:?}\ncanonical {:?}\nedit_url {:?}\n\
         csp {:?}\npaginate {}\nexports {:?}\nmark {:?}\noff {:?}\nsearch {}\ntrust {:?}\n\
         theme {:?} serif={}\nextra {}\n",
        text(&config.title),
        config.language,
        text(&config.description),
        config.base_url,
        config.canonical,
        config.edit_url,
        config.csp,
        config.paginate,
        config.exports,
        config.mark,
        config.glossary_off,
        config.search,
        config.trust,
        config.theme.accent,
        config.theme.serif,
        serde_json::Value::Object(config.extra.clone()),
    )
}

fn show_person(person: &Person) -> String {
    format!(
        "{}: {} {:?} {:?} {:?} at {:?}\n",
        person.id,
        show_localized(&person.name),
        person.aliases,
        person.role,
        person.url,
        person.source.slice(person.span),
    )
}

fn show_glossary(glossary: &Glossary) -> String {
    let mut out = String::new();
    for term in &glossary.terms {
        assert_eq!(
            term.source.slice(term.span).trim_matches('"'),
            term.term,
            "the headword's place"
        );
        writeln!(
            out,
            "{} ({}) name={:?} aliases={:?} definition={:?} as_of={:?} category={:?} see={:?} \
             not={:?} {:?} mark={:?} {:?} sources={:?} plural={}",
            term.term,
            term.id,
            show_localized(&term.name),
            term.aliases,
            show_localized(&term.definition),
            term.as_of,
            term.category,
            term.see,
            term.not,
            term.case,
            term.mark,
            term.scope,
            term.sources,
            term.plural,
        )
        .expect("a string");
    }
    out
}

/// What `docs/glossary.md` shows is read without a complaint, and shows every key.
#[test]
fn the_glossarys_page_shows_what_is_read() {
    let page = include_str!("../docs/glossary.md");
    let blocks = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let (entries, heads): (Vec<&str>, Vec<&str>) =
        blocks.partition(|block| block.starts_with("- term:"));
    assert_eq!((entries.len(), heads.len()), (2, 1));
    for block in &entries {
        let (glossary, found) = glossary::read(&[Source::new("glossary.yaml", *block)]);
        assert!(found.is_empty(), "{}", diagnostics::print(&found, false));
        assert_eq!(glossary.terms.len(), 2);
    }
    let keys =
        "term id name aliases definition as_of category see not case mark scope plural sources";
    for key in keys.split(' ') {
        assert!(entries[0].contains(&format!("{key}:")), "{key} is shown");
        assert!(page.contains(&format!("| `{key}` |")), "{key} is explained");
    }
    let head = Source::new("x.md", heads[0]);
    let (front, found) =
        config::read_front_matter(&head, postil::source::Span::new(0, head.text().len()));
    assert!(found.is_empty(), "{}", diagnostics::print(&found, false));
    assert_eq!((front.glossary_off, front.mark), (vec!["rag".to_owned()], Some(MarkRule::Section)));
}

/// The settings that `init` writes and those of the sample promise nothing that is not there: with
/// every example switched on they are read without a complaint.
#[test]
fn the_commented_settings_are_all_there() {
    for text in
        [include_str!("../src/cli/starter/content/site.yaml"), include_str!("../content/site.yaml")]
    {
        let is_example = |line: &&str| {
            let rest = line.strip_prefix("# ").unwrap_or("");
            rest.split_once(": ").is_some_and(|(key, _)| {
                !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            })
        };
        let lines = text.lines().map(|line| if is_example(&line) { &line[2..] } else { line });
        let all = lines.collect::<Vec<_>>().join("\n");
        let (settings, found) = config::read_site(&Source::new("site.yaml", all));
        assert!(found.is_empty(), "{}", diagnostics::print(&found, false));
        assert!(settings.base_url.is_some(), "the examples were switched on");
    }
}

#[test]
fn two_glossary_files_are_checked_together() {
    let first = Source::new("glossary/a.yaml", "- term: RAG\n  definition: One.\n");
    let second = Source::new(
        "glossary/b.yaml",
        "- term: rag\n  definition: Two.\n- term: LLM\n  see: RAG\n  definition: Three.\n",
    );
    let (glossary, found) = glossary::read(&[first, second]);
    assert_eq!(glossary.terms.iter().map(|term| &term.term).collect::<Vec<_>>(), ["RAG", "LLM"]);
    let [found] = &found[..] else { panic!("one complaint: {found:?}") };
    assert_eq!(found.code, "glossary/duplicate-id");
    assert_eq!(found.place.source.path(), "glossary/b.yaml");
    assert_eq!(found.related[0].place.source.path(), "glossary/a.yaml");
}

/// Files whose front matter was damaged in real collections; the text below stays whole.
#[test]
fn damaged_front_matter_of_the_corpus_swallows_no_text() {
    let Some(corpus) = std::env::var_os("POSTIL_CORPUS") else {
        println!("skipped: POSTIL_CORPUS is not set");
        return;
    };
    let expected = [
        ("delim-4dash", "front-matter/delimiter", "### "),
        ("delim-escaped", "front-matter/delimiter", "## "),
        ("dup-key", "yaml/duplicate-key", "## Introduction"),
        ("unterminated", "front-matter/delimiter", "Agenda: "),
        ("yaml-error-a9", "yaml/unquoted-colon", "M"),
        ("yaml-error-c0", "yaml/inner-quote", "Reading list: "),
        ("yaml-error-cf", "yaml/no-key", "Andrew Stone"),
    ];
    let folder = Path::new(&corpus).join("malformed");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("readable").path();
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let (source, _) = Source::from_bytes(name, &std::fs::read(&path).expect("readable"));
        let name = source.path();
        let (_, code, body) =
            expected.iter().find(|(start, _, _)| name.starts_with(start)).expect(name);
        let (split, mut found) = config::split(&source);
        let yaml = split.yaml.expect("front matter");
        let (front, mut more) = config::read_front_matter(&source, yaml);
        found.append(&mut more);
        assert!(source.slice(split.body).trim_start().starts_with(body), "{name}");
        assert!(front.title.is_some(), "{name}: the title is usable");
        assert!(
            !found.is_empty() && found.iter().all(|found| found.code == *code),
            "{name}: {found:?}"
        );
        seen += 1;
    }
    assert_eq!(seen, expected.len());
}

#[test]
fn the_seeds_front_matter_is_read_right() {
    let Some(corpus) = std::env::var_os("POSTIL_CORPUS") else {
        println!("skipped: POSTIL_CORPUS is not set");
        return;
    };
    let path = Path::new(&corpus).join("seed/zuckerberg-huang-siggraph-2024.md");
    let (source, _) =
        Source::from_bytes("seed.md", &std::fs::read(path).expect("the seed is there"));
    let (split, found) = config::split(&source);
    assert!(found.is_empty());
    let (front, found) = config::read_front_matter(&source, split.yaml.expect("front matter"));
    assert!(found.is_empty(), "{found:?}");
    assert!(front.title.expect("a title").value.contains("实录：社交媒体和 XR，"));
    let original = front.original.expect("a link").value;
    assert!(original.starts_with("https://") && original.ends_with("&scene=58&subscene=0#rd"));
    assert_eq!(front.date.expect("a date").iso, "2024-07-31");
    assert_eq!(front.retrieved.expect("a date").iso, "2025-10-06");
    assert_eq!(front.publisher.as_deref(), Some("极客公园"));
    assert!(front.extra.is_empty());
}

fn markdown_below(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            markdown_below(&path, paths);
        } else if path.extension().is_some_and(|end| end == "md") {
            paths.push(path);
        }
    }
}

/// Takes the closing line out of every sound front matter of the corpus: what was text before
/// stays text.
#[test]
fn a_forgotten_closing_line_swallows_no_text_of_the_corpus() {
    let Some(corpus) = std::env::var_os("POSTIL_CORPUS") else {
        println!("skipped: POSTIL_CORPUS is not set");
        return;
    };
    let mut paths = Vec::new();
    markdown_below(Path::new(&corpus), &mut paths);
    let mut seen = 0;
    let mut swallowed = Vec::new();
    for path in paths {
        let (source, _) = Source::from_bytes("x.md", &std::fs::read(&path).expect("readable"));
        let (split, found) = config::split(&source);
        let (Some(yaml), true) = (split.yaml, found.is_empty()) else { continue };
        let body = source.slice(split.body);
        let head = &source.text()[..yaml.end as usize];
        let without = Source::new("x.md", format!("{head}{body}"));
        let (split, found) = config::split(&without);
        seen += 1;
        let told = found.iter().any(|found| found.code == "front-matter/unclosed");
        let start = (split.body.start as usize).max(head.len());
        let lost = without.text().get(head.len()..start).expect("a boundary").trim();
        // A line like `podcast: https://…` directly below cannot be told from a key.
        let key =
            |line: &str| line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(": ");
        if !told || !lost.lines().all(key) {
            swallowed.push(format!("{}: told {told}, lost {lost:?}", path.display()));
        }
    }
    assert!(seen > 20, "the corpus has front matter");
    assert!(swallowed.is_empty(), "{}", swallowed.join("\n"));
}
