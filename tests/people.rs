//! Who a label means: every site in `tests/cases/people`, and whom its speakers are taken for.
//!
//! A case is one text: files behind lines `==== path`. `POSTIL_BLESS=1 cargo test --test
//! people` writes what comes out; read it before it is committed.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use postil::pipeline::{File, Inputs, Options, run};
use postil::site::Site;
use postil::source::Source;

use crate::unpacked::unpacked;

fn inputs(case: &str) -> Inputs {
    let mut inputs = Inputs { has_content: false, ..Inputs::default() };
    for file in case.split("==== ").skip(1) {
        let (path, text) = file.split_once('\n').unwrap();
        inputs.files.insert(path.to_owned(), File::Text(Source::new(path, text)));
    }
    inputs
}

fn shown(site: &Site) -> String {
    let mut out = String::new();
    let mut pages: Vec<_> = site.pages.iter().collect();
    pages.sort_by_key(|page| &page.content);
    for page in pages {
        writeln!(out, "{}", page.content).unwrap();
        let reading = site.reading(page);
        let document = &reading.document;
        for (at, speaker) in document.speakers.iter().enumerate() {
            let person = site.speaker(page, at as u32);
            let name = person.name.get(&page.language).unwrap_or(&person.id);
            let role = person.role.as_deref().unwrap_or("-");
            writeln!(
                out,
                "  {} {}: {} ({}), {role}, {:?}",
                speaker.label, speaker.turns, name, person.id, page.identified[at]
            )
            .unwrap();
        }
        for (speaker, each) in &page.together {
            let label = &document.speakers[*speaker as usize].label;
            for index in each {
                let person = site.person(*index);
                let turns: u32 = person.pages.iter().map(|(_, turns)| turns).sum();
                writeln!(out, "  {label}: with {}, who has {turns} turns", person.id).unwrap();
            }
        }
    }
    out
}

#[test]
fn labels_mean_whom_the_cases_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/people");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    paths.sort();
    assert!(!paths.is_empty());
    let options =
        Options { base_url: None, drafts: true, future: true, today: "2026-01-01".into() };
    let mut wrong = Vec::new();
    for path in paths {
        let built = run(&inputs(&fs::read_to_string(&path).unwrap()), &options);
        let mut out = shown(&built.site);
        for one in built.diagnostics.iter().filter(|one| one.code.starts_with("people/")) {
            let at = one.place.source.position(one.place.span.unwrap().start as usize);
            let hint = one.hint.as_deref().unwrap_or_default();
            let place = format!("{}:{}:{}", one.place.source.path(), at.line, at.column);
            writeln!(out, "{place} {}: {}\n  {hint}", one.code, one.message).unwrap();
        }
        let expected = path.with_extension("out");
        if std::env::var_os("POSTIL_BLESS").is_some() {
            fs::write(&expected, &out).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != out {
            wrong.push(format!("--- {}\n{out}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}

#[test]
fn a_label_of_several_is_nobody_of_its_own() {
    let case = include_str!("cases/people/several-together.txt");
    let options =
        Options { base_url: None, drafts: true, future: true, today: "2026-01-01".into() };
    let built = run(&inputs(case), &options);
    let pages: Vec<&String> =
        built.outputs.keys().filter(|path| path.starts_with("speakers/")).collect();
    let expected = ["day-librarian", "engineer-weaver", "index", "night-engineer"];
    assert_eq!(pages, expected.map(|id| format!("speakers/{id}.html")).each_ref());
    let text = |path: &str| String::from_utf8(built.render(path).unwrap()).unwrap();
    let theirs = text("speakers/day-librarian.html");
    assert!(theirs.contains("Good night.") && theirs.contains("And again."), "{theirs}");
    assert!(!text("speakers/index.html").contains("and Day Librarian"));
    let shown = text("a.html");
    assert!(shown.contains(">Engineer and Day Librarian<"), "the label stays as it is");
    assert!(!shown.contains("speakers/engineer-and-day-librarian"), "and leads nowhere");
    let facets = unpacked("speakers-0", &built.render("search/speakers-0.js").unwrap());
    let ids = ["day-librarian", "engineer-weaver", "night-engineer"];
    assert!(ids.iter().all(|id| facets.contains(&format!("[\"{id}\""))), "{facets}");
    assert_eq!(facets.matches("[\"").count(), ids.len(), "{facets}");
}

#[test]
fn a_stand_in_has_no_page_and_is_cited_nowhere() {
    let case = include_str!("cases/people/stand-ins.txt");
    let options =
        Options { base_url: None, drafts: true, future: true, today: "2026-01-01".into() };
    let built = run(&inputs(case), &options);
    let pages: Vec<&String> =
        built.outputs.keys().filter(|path| path.starts_with("speakers/")).collect();
    assert_eq!(
        pages,
        ["speakers/index.html", "speakers/night-keeper.html", "speakers/p.html", "speakers/r.html"]
    );
    let page = |path: &str| String::from_utf8(built.render(path).unwrap()).unwrap();
    let named = page("b.html");
    assert!(named.contains(r#"href="speakers/night-keeper.html""#));
    assert!(named.contains(r#"<a data-i="2">SPEAKER 2</a>"#), "a name without a link");
    assert!(named.contains("Night Keeper: “"), "the citation names who is known");
    let nobody = page("c.html");
    assert!(!nobody.contains("speakers/q"), "no link to a page that is not there");
    assert!(!nobody.contains("Q, A"), "a citation has no authors that are no one");
}

#[test]
fn a_page_names_the_terms_that_someone_says_most() {
    let terms: String =
        ('a'..='z').map(|at| format!("- {{term: T{at}, definition: D.}}\n")).collect();
    let every: Vec<String> = ('a'..='z').map(|at| format!("T{at}")).collect();
    let every = every.join(", ");
    let case = format!(
        "==== glossary.yaml\n{terms}- {{term: RAG, definition: D., mark: never}}\n\
         ==== a.md\n---\nspeakers: [Host, Night Engineer, Librarian]\n---\n**Host:** {every}. And Tc, RAG, RAG, RAG.\n\n**Night Engineer:** Tb and Ta.\n\n\
         **Host and Night Engineer:** Ta!\n\n**Librarian:** Nothing.\n\n**Host:** So.\n\n**Librarian:** Well.\n\n\
         **Night Engineer:** Yes.\n\n**Host and Night Engineer:** Good night.\n\
         ==== b/c.md\nTn is not said by anyone.\n\n**Host:** Tb, Tc.\n\n**Q:** Tn?\n\n**Host:** Yes.\n\n**Q:** Tn.\n\n**Host:** No.\n\n**Q:** Oh.\n"
    );
    let options =
        Options { base_url: None, drafts: true, future: true, today: "2026-01-01".into() };
    let built = run(&inputs(&case), &options);
    let terms = |id: &str| -> Vec<String> {
        let page =
            String::from_utf8(built.render(&format!("speakers/{id}.html")).unwrap()).unwrap();
        let page = scraper::Html::parse_document(&page);
        let links = scraper::Selector::parse("dl.meta a").unwrap();
        let told = |link: scraper::ElementRef<'_>| {
            let words: String = link.text().collect();
            format!("{} {words}", link.value().attr("href").unwrap())
        };
        page.select(&links).map(told).collect()
    };
    let host = terms("host");
    let most = ["rag.html RAG 3", "tc.html Tc 3", "ta.html Ta 2", "tb.html Tb 2", "td.html Td 1"];
    assert_eq!(host[..5], most.map(|told| format!("../glossary/{told}")));
    assert_eq!((host.len(), host[23].as_str()), (24, "../glossary/tw.html Tw 1"));
    let page = String::from_utf8(built.render("speakers/host.html").unwrap()).unwrap();
    assert!(page.contains("and 3 more terms"), "{page}");
    assert_eq!(terms("night-engineer"), ["../glossary/ta.html Ta 2", "../glossary/tb.html Tb 1"]);
    assert_eq!(terms("librarian"), Vec::<String>::new());
}

#[test]
fn the_numbers_of_a_term_add_up() {
    let turns =
        "**Host:** RAG, and RAG again.\n\n**Q:** RAG?\n\n**Host:** Yes.\n\n**Q:** Well.\n\n";
    let case = format!(
        "==== glossary.yaml\n- {{term: RAG, definition: D.}}\n- {{term: LLM, definition: D.}}\n- {{term: Nil, definition: D.}}\n\
         ==== pages/index.md\nRAG, RAG and RAG, and LLM.\n\
         ==== a.md\n---\ndate: 2025-01-02\n---\nAn introduction to RAG.\n\n{turns}\
         ==== b.md\n{turns}**Librarian:** RAG.\n\n**Host:** So.\n\n**Librarian:** No.\n"
    );
    let options =
        Options { base_url: None, drafts: true, future: true, today: "2026-01-01".into() };
    let built = run(&inputs(&case), &options);
    let page = String::from_utf8(built.render("glossary/rag.html").unwrap()).unwrap();
    let page = scraper::Html::parse_document(&page);
    let texts = |selector: &str| -> Vec<String> {
        let selector = scraper::Selector::parse(selector).unwrap();
        let text = |found: scraper::ElementRef<'_>| {
            found.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        page.select(&selector).map(text).collect()
    };
    assert_eq!(texts(".kick span"), ["Said 8 times", "6 passages", "2 transcripts"]);
    let rows = texts(".counts li");
    assert_eq!(rows[..3], ["Host 4", "Librarian 1", "No named speaker 3"]);
    assert_eq!(rows[3..], ["2025 4", "Undated 4"]);
    assert_eq!(texts("ul.lines li").len(), 8);
    // A term that the site's own words alone have is explained there, and no one has to remove it.
    let unused: Vec<&str> = built
        .diagnostics
        .iter()
        .filter(|told| told.code == "glossary/unused")
        .map(|told| told.message.as_str())
        .collect();
    assert_eq!(unused, ["nobody says `Nil`"]);
}
