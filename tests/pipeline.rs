//! From inputs in memory to pages, without a disk: what a whole site does.

use std::collections::{BTreeMap, BTreeSet};

use postil::diagnostics::{self, Severity};
use postil::pipeline::{Built, File, Inputs, Options, run};
use postil::source::Source;

fn inputs(files: &[(&str, &str)]) -> Inputs {
    let text =
        |(path, text): &(&str, &str)| ((*path).to_owned(), File::Text(Source::new(*path, *text)));
    let files: BTreeMap<String, File> = files.iter().map(text).collect();
    Inputs { name: "site".to_owned(), has_content: true, files, diagnostics: Vec::new() }
}

fn options() -> Options {
    Options { base_url: None, drafts: false, future: false, today: "2026-11-20".to_owned() }
}

fn built(files: &[(&str, &str)]) -> Built {
    run(&inputs(files), &options())
}

fn page(built: &Built, path: &str) -> String {
    String::from_utf8(built.render(path).unwrap()).unwrap()
}

/// Everything the site complains of, as a terminal shows it.
fn complaints(built: &Built) -> String {
    diagnostics::print(&built.diagnostics, false)
}

const GLOSSARY: (&str, &str) = (
    "content/glossary.yaml",
    "- term: RAG\n  definition: Looking documents up first.\n- term: AI\n  definition: Machines that seem to think.\n",
);

#[test]
fn a_backslash_keeps_a_term_from_being_a_mention_and_is_not_shown() {
    let talk = "**Host:** We use RAG and \\RAG here, C:\\Users, and \\\\AI.\n\n**Guest:** In `\\RAG` it stays.\n\n\
                **Host:** Yes.\n\n**Guest:** 用\\AI来。\n";
    let built = built(&[("content/talk.md", talk), GLOSSARY]);
    let html = page(&built, "talk.html");
    assert!(html.contains(">RAG</a> and RAG here, C:\\Users, and \\<a "), "{html}");
    assert!(html.contains("<code>\\RAG</code>"), "code keeps its backslash");
    assert!(html.contains("用AI来。"), "{html}");
    assert_eq!(built.site.uses_of(0).len(), 1);
    assert_eq!(built.site.uses_of(1).len(), 1);
    assert_eq!(complaints(&built), "");
}

#[test]
fn two_files_for_one_page_are_an_error_that_names_both() {
    let built = built(&[
        ("content/a.md", "Text.\n"),
        ("content/b.md", "---\nslug: A\n---\nText.\n"),
        ("static/about.html", "x"),
        ("content/pages/about.md", "Text.\n"),
    ]);
    insta::assert_snapshot!(complaints(&built));
    assert!(built.diagnostics.iter().any(|d| d.severity == Severity::Error));
}

#[test]
fn drafts_and_later_dates_stay_out_unless_asked_for() {
    let files = [
        ("content/now.md", "---\ntitle: Now\ndate: 2026-11-20\n---\nText.\n"),
        ("content/later.md", "---\ntitle: Later\ndate: 2026-11-21\n---\nText.\n"),
        ("content/draft.md", "---\ntitle: Draft\ndraft: true\n---\nText.\n"),
    ];
    let built = built(&files);
    assert_eq!(built.site.pages.len(), 1);
    assert_eq!((built.left_out.drafts, built.left_out.future), (1, 1));
    let all = run(&inputs(&files), &Options { drafts: true, future: true, ..options() });
    assert_eq!(all.site.pages.len(), 3);
    let titles: Vec<&str> = all.site.pages.iter().map(|page| page.title.as_str()).collect();
    assert_eq!(titles, ["Later", "Now", "Draft"], "newest first, undated last");
}

#[test]
fn links_between_files_are_links_between_pages_and_missing_ones_are_told() {
    let built = built(&[
        (
            "content/a/one.md",
            "See [two](../b/two.md#p-x), [about](/pages/about.md) and [none](nonne.md).\n",
        ),
        ("content/b/two.md", "Two.\n"),
        ("content/b/none.md", "None.\n"),
        ("content/pages/about.md", "About, [home](index.html).\n"),
    ]);
    let html = page(&built, "a/one.html");
    assert!(html.contains("href=\"../b/two.html#p-x\""), "{html}");
    assert!(html.contains("href=\"../about.html\""), "{html}");
    insta::assert_snapshot!(complaints(&built));
}

const TWO: &str = "**Host:** Where were you when it began?\n\n**Guest:** At home, with the RAG on.\n\n\
                   **Host:** And then what happened?\n\n**Guest:** Nothing at all.\n";

/// The id of the first turn of [`TWO`].
fn turn_of_two() -> String {
    let there = built(&[("content/b/two.md", TWO)]);
    let reading = there.site.reading(&there.site.pages[0]);
    reading.document.turns().next().unwrap().id.clone()
}

#[test]
fn links_of_definitions_and_notes_lead_where_they_should_from_every_page() {
    let turn = turn_of_two();
    let one = "---\nlanguage: en\nnotes:\n  - {quote: first words, note: 'As [here](../../b/two.md).'}\n---\n\
               **Host:** The first words on RAG.\n\n**Guest:** The second ones.\n\n**Host:** Last.\n";
    let notes = format!(
        "- quote: second ones\n  note: >-\n    See [her](../../b/two.md#{turn}),\n    \
         [RAG](term:RAG) and [the end](#top).\n"
    );
    let terms = format!(
        "- term: RAG\n  definition:\n    en: Looking up, as [she says](../b/two.md#{turn}), a *[draft](../c.md)*.\n    \
         zh: 先查，见[她说的](../b/two.md#{turn})和[所有人](../speakers/index.html)。\n"
    );
    let files = [
        ("content/a/deep/one.md", one),
        ("content/a/deep/one.notes.yaml", &notes),
        ("content/b/two.md", TWO),
        ("content/c.md", "Text.\n"),
        ("content/glossary/terms.yaml", &terms),
        ("content/site.yaml", "language: en\n"),
    ];
    let whole = built(&files);
    assert_eq!(complaints(&whole), "");
    for (path, link) in [
        ("a/deep/one.html", "../../b/two.html"),
        ("b/two.html", "two.html"),
        ("glossary/index.html", "../b/two.html"),
        ("glossary/rag.html", "../b/two.html"),
    ] {
        let html = page(&whole, path);
        assert!(
            html.contains(&format!("<a href=\"{link}#{turn}\">she says</a>")),
            "{path}: {html}"
        );
    }
    let term = page(&whole, "glossary/rag.html");
    assert!(term.contains(&format!("<a href=\"../b/two.html#{turn}\">她说的</a>")), "{term}");
    assert!(term.contains("<a href=\"../speakers/index.html\">所有人</a>"), "{term}");
    assert!(term.contains("<em><a href=\"../c.html\">draft</a></em>"), "{term}");
    let html = page(&whole, "a/deep/one.html");
    for link in [
        format!("<a href=\"../../b/two.html#{turn}\">her</a>"),
        "<a href=\"#top\">the end</a>".to_owned(),
        "<a href=\"../../b/two.html\">here</a>".to_owned(),
    ] {
        assert!(html.contains(&link), "{link}: {html}");
    }
    // A page that moves takes all links with it, on pages of which nothing else has changed.
    let mut warm = postil::pipeline::Warm::new(options());
    let first = warm.run(&inputs(&files));
    let pages = ["a/deep/one.html", "glossary/index.html", "glossary/rag.html"];
    let key = |built: &Built, path: &str| match built.make(path, None).unwrap() {
        postil::pipeline::Made::Anew { key, .. } => key,
        postil::pipeline::Made::Unchanged => unreachable!("nothing is known"),
    };
    let keys = pages.map(|path| key(&first, path));
    let moved = format!("---\nslug: moved\n---\n{TWO}");
    let mut files = files;
    files[2].1 = &moved;
    let second = warm.run(&inputs(&files));
    for (path, known) in pages.iter().zip(keys) {
        let made = second.make(path, known).unwrap();
        let postil::pipeline::Made::Anew { bytes, .. } = made else { panic!("{path} is kept") };
        assert!(String::from_utf8(bytes).unwrap().contains("b/moved.html#"), "{path}");
    }
}

#[test]
fn links_of_definitions_and_notes_that_lead_nowhere_are_told() {
    let turn = turn_of_two();
    let near = format!("{}z", &turn[..turn.len() - 1]);
    let one = "---\nnotes:\n  - quote: first words\n    note: 'As [here](../b/tow.md) and [so](term:RGA).'\n---\n\
               **Host:** The first words.\n\n**Guest:** The second ones.\n\n**Host:** Last.\n";
    let notes = format!(
        "- quote: second ones\n  note: |\n    See [her](../b/two.md#{near}),\n    [RAG](term:RGA), [mine](#t-none), [draft](<dra ft.md>)\n    \
         and `[no](link.md)`, [web](https://example.org/none).\n"
    );
    let terms = format!(
        "- definition:\n    en: As [she says](b/tow.md#{turn}), [so](b/two.md#{near}).\n    \
         zh: 见[这里](#{turn})、[她说的](b/two.md#{near})。\n  term: RAG\n\
         - {{term: LLM, definition: \"A [model](pages/none.md)\\nthat [talks](a/dra%20ft.md).\"}}\n"
    );
    let texts = [
        ("content/a/one.md", one),
        ("content/a/one.notes.yaml", &notes),
        ("content/a/dra ft.md", "---\ndraft: true\n---\nText.\n"),
        ("content/b/two.md", TWO),
        ("content/glossary.yaml", &terms),
    ];
    let built = built(&texts);
    let told = complaints(&built).replace(&turn, "t-TURN").replace(&near, "t-NEAR");
    insta::assert_snapshot!(told);
    // What leads nowhere is no link.
    let html = page(&built, "glossary/index.html");
    assert!(html.contains("As she says"), "{html}");
}

#[test]
fn fragments_of_links_are_places_or_told() {
    let two = "**Host:** Where were you when it began?\n\n**Guest:** At home, with the radio on.\n\n## Costs\n\n\
               **Host:** And what did it cost?\n\n**Guest:** RAG.\n";
    let there = built(&[("content/b/two.md", two)]);
    let reading = there.site.reading(&there.site.pages[0]);
    let turn = reading.document.turns().next().unwrap().id.clone();
    let near = format!("{}z", &turn[..turn.len() - 1]);
    let one = format!(
        "See [it](../b/two.md#{turn}), [costs](../b/two.md#s-costs), [old](../b/two.md#t-older),\n\
         [term](../b/two.md#g-rag), [of all](../glossary/index.html#g-rag), [words](../b/two.md#:~:text=radio),\n\
         [moment](../b/two.md#t=12), [top](#), [page](file.pdf#page=3), [own](#s-end), ![p](p.png#x).\n\n\
         Not [a turn](../b/two.md#{near}), [a heading](../b/two.md#costs), [a term](../b/two.md#g-ai),\n\
         [of none](../glossary/index.html#g-rga), [mine](#s-begin), [a draft](draft.md), nor\n\
         ![a picture](q.png) or [both](<../b/two.md#x> \"x\").\n\n## End\n\nText.\n"
    );
    let asset = |path: &str| {
        let disk = std::path::PathBuf::from(path);
        let asset =
            postil::pipeline::Asset { disk, size: 1, modified: 0, identity: (0, 0), picture: None };
        (path.to_owned(), File::Asset(asset))
    };
    let texts = [
        ("content/a/one.md", one.as_str()),
        ("content/a/draft.md", "---\ndraft: true\n---\nText.\n"),
        ("content/b/two.md", two),
        ("content/b/two.ids.yaml", &format!("t-older: {turn}\n")),
        GLOSSARY,
    ];
    let mut inputs = inputs(&texts);
    inputs.files.extend([asset("content/a/file.pdf"), asset("content/a/p.png")]);
    let built = run(&inputs, &options());
    let told = complaints(&built).replace(&turn, "t-TURN").replace(&near, "t-NEAR");
    insta::assert_snapshot!(told);
    assert!(page(&built, "b/two.html").contains("<span class=\"was\" id=\"t-older\">"));
    let errors = diagnostics::count(&built.diagnostics, Severity::Error);
    let of_links = |built: &Built| {
        built.diagnostics.iter().filter(|one| one.code.starts_with("links/")).count()
    };
    assert_eq!(
        (errors, of_links(&built)),
        (8, 8),
        "an author's own links are the author's to mend"
    );

    inputs.has_content = false;
    inputs.files =
        inputs.files.into_iter().map(|(path, file)| (path.replace("content/", ""), file)).collect();
    let looked_at = run(&inputs, &options());
    assert_eq!(diagnostics::count(&looked_at.diagnostics, Severity::Error), 0);
    assert_eq!(of_links(&looked_at), 8);
}

#[test]
fn a_person_has_one_page_under_all_labels() {
    let built = built(&[
        ("content/speakers.yaml", "- id: host\n  name: {en: Host, zh: 主持人}\n  aliases: [H]\n"),
        ("content/en.md", "**Host:** One.\n\n**Guest:** Two.\n\n**H:** Three.\n"),
        (
            "content/zh.md",
            "---\nlanguage: zh\n---\n**主持人：**一。\n\n**嘉宾：**二。\n\n**主持人：**三。\n",
        ),
    ]);
    let host = built.site.people.iter().find(|person| person.id == "host").unwrap();
    let turns: u32 = host.pages.iter().map(|(_, turns)| turns).sum();
    assert_eq!((host.pages.len(), turns), (2, 4));
    assert!(page(&built, "zh.html").contains(">主持人</a>"));
    assert!(built.outputs.contains_key("speakers/host.html"));
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let files = [
        ("content/a.md", "**Host:** RAG.\n\n**Guest:** AI.\n\n**Host:** Both.\n"),
        (
            "content/b.md",
            "---\ndate: 2024-01-01\n---\n**Guest:** RAG.\n\n**Host:** AI.\n\n**Guest:** Both.\n",
        ),
        GLOSSARY,
    ];
    let (one, two) = (built(&files), built(&files));
    assert_eq!(one.outputs.keys().collect::<Vec<_>>(), two.outputs.keys().collect::<Vec<_>>());
    for path in one.outputs.keys().filter(|path| path.ends_with(".html")) {
        assert_eq!(one.render(path).unwrap(), two.render(path).unwrap(), "{path}");
    }
}

#[test]
fn a_form_of_two_terms_is_decided_by_scope_or_told() {
    let glossary = "- term: RAG\n  id: rag-method\n  definition: Looking up.\n  scope: {speakers: [host]}\n\
                    - term: RAG\n  id: rag-status\n  definition: Red, amber, green.\n  scope: {tags: [projects]}\n";
    let people = "- id: host\n  name: {en: Host, zh: 主持人}\n";
    let talk = "---\ntags: [projects]\n---\n**主持人：**RAG。\n\n**嘉宾：**RAG。\n\n**主持人：**好。\n\n**嘉宾：**好。\n";
    let built = built(&[
        ("content/talk.md", talk),
        ("content/glossary.yaml", glossary),
        ("content/speakers.yaml", people),
    ]);
    assert_eq!((built.site.uses_of(0).len(), built.site.uses_of(1).len()), (0, 1));
    insta::assert_snapshot!(complaints(&built));
}

#[test]
fn a_page_that_the_site_makes_is_not_replaced_by_a_file() {
    let built = built(&[
        (
            "content/a.md",
            "---\nslug: index\n---\n**Index:** One.\n\n**B:** Two.\n\n**Index:** Three.\n",
        ),
        ("content/404.md", "Text.\n"),
        ("content/b.md", "Text.\n"),
    ]);
    insta::assert_snapshot!(complaints(&built));
    assert!(built.outputs.contains_key("speakers/index-2.html"));
}

#[test]
fn what_the_site_writes_beside_its_pages_is_in_nobody_s_place_and_links_may_lead_there() {
    let talk = "**Host:** One.\n\n**Guest:** Two.\n\n**Host:** Three.\n";
    let aliases = "/feed.xml, /index.json, /search/root.js, /tags/bells.xml, /free.html";
    let files = [
        ("content/site.yaml", "base_url: https://example.org/\nexports: [txt]\n"),
        ("content/a.md", &*format!("---\ndate: 2024-05-01\ntags: [bells]\n---\n{talk}")),
        ("content/b.md", &*format!("---\naliases: [{aliases}]\n---\n{talk}")),
        ("content/c.md", &*format!("---\nslug: search/index\n---\n{talk}")),
        ("static/robots.txt", "User-agent: *\n"),
        (
            "content/pages/about.md",
            "[search](/search/index.html) [feed](/feed.xml) [all](/index.json) [text](/a.txt)\n\
             [map](../sitemap.xml) [no terms](/glossary/index.html) [no form](/a.vtt)\n",
        ),
    ];
    insta::assert_snapshot!(complaints(&built(&files)));

    // Without a date there is no feed, and without anybody who speaks no list of them.
    let missing = built(&[
        ("content/site.yaml", "base_url: https://example.org/\n"),
        ("content/a.md", "Words.\n"),
        ("content/b.md", "[feed](/feed.xml) [people](/speakers/index.html) [all](/index.json)\n"),
    ]);
    let told: Vec<_> =
        missing.diagnostics.iter().filter(|one| one.code == "links/missing").collect();
    assert_eq!(told.len(), 2, "{told:?}");
    for path in ["feed.xml", "speakers/index.html"] {
        assert!(
            !missing.outputs.contains_key(path)
                && told.iter().any(|one| one.message.contains(path))
        );
    }
}

#[test]
fn a_terms_page_may_collide_with_a_file_and_with_the_glossary() {
    let glossary = "- term: RAG\n  definition: Looking up.\n- term: Index\n  definition: A list.\n\
                    - term: C++\n  definition: A language.\n- term: \"C#\"\n  definition: Another.\n";
    let built = built(&[
        ("content/glossary.yaml", glossary),
        ("content/glossary/rag.md", "**A:** C++.\n\n**B:** C#.\n\n**A:** C# and C++.\n"),
    ]);
    insta::assert_snapshot!(complaints(&built));
    assert_eq!(page(&built, "glossary/c#.html").matches("<li><a href=\"rag.html#p-").count(), 2);
    assert_eq!(page(&built, "glossary/c++.html").matches("<li><a href=\"rag.html#p-").count(), 2);
}

#[test]
fn a_term_with_many_mentions_has_several_pages() {
    let turn = |at: usize| format!("**{}:** Turn {at} says RAG.\n\n", ["A", "B"][at % 2]);
    let long: String = (0..1001).map(turn).collect();
    let long = format!("---\ndate: 2024-05-01\n---\n{long}");
    let first = "---\ndate: 2022-01-01\ntitle: The first\n---\n**B:** RAG?\n\n**A:** RAG.\n\n**B:** Well.\n";
    let built = built(&[("content/long.md", long.as_str()), ("content/first.md", first), GLOSSARY]);
    let paths: Vec<&String> =
        built.outputs.keys().filter(|path| path.starts_with("glossary/rag")).collect();
    assert_eq!(paths, ["glossary/rag.html", "glossary/rag/page/1.html"]);
    let pages: Vec<String> = paths.iter().map(|path| page(&built, path)).collect();
    let places = |page: &String| page.matches("<li><a href=").count();
    assert_eq!((places(&pages[0]), places(&pages[1])), (503 + 2, 500), "2 speakers are counted");
    let listed: BTreeSet<&str> =
        pages.iter().flat_map(|page| page.split("<li><a href=\"").skip(1)).collect();
    assert!(listed.len() > 1000, "no place stands twice");
    for words in [
        "2022 <span>2<",
        "2023 <span>0<",
        "2024 <span>1001<",
        "> <small>B</small> <q><b>RAG</b>?</q>",
    ] {
        assert!(pages[0].contains(words), "{words} is not in {}", pages[0]);
    }
    assert!(pages[0].contains("rel=\"next\" href=\"rag/page/1.html\""), "{}", pages[0]);
    assert!(pages[1].contains("<title>RAG · Page 1"), "{}", pages[1]);
    assert!(pages[1].contains("<h1><a href=\"../../rag.html\">RAG</a></h1>"), "{}", pages[1]);
    assert!(pages[1].contains("rel=\"prev\" href=\"../../rag.html\""), "{}", pages[1]);
    assert!(pages.iter().all(|page| page.len() < 250_000));
}

#[test]
fn a_language_in_whose_script_the_text_is_not_is_told() {
    let words =
        "**Host:** Words of the host, and of nobody else.\n\n**Guest:** Words of the guest.\n\n";
    let english = words.repeat(40);
    let chinese = "**主持人：**这里是主持人的话。\n\n**工程师：**这里是工程师的话。\n\n".repeat(60);
    let file = |language: &str, text: &str| format!("---\nlanguage: {language}\n---\n{text}");
    let built = built(&[
        ("content/wrong.md", &file("zh", &english)),
        ("content/wrong-too.md", &file("de", &chinese)),
        ("content/right.md", &file("fr", &english)),
        ("content/right-too.md", &file("zh-Hant", &chinese)),
        ("content/short.md", &file("zh", words)),
    ]);
    insta::assert_snapshot!(complaints(&built));
}

#[test]
fn pages_that_are_made_together_are_those_that_are_made_alone() {
    let unsaid = [
        ("content/glossary.yaml", "- term: Ant\n  definition: Nobody says it.\n"),
        ("content/x.md", "# X\n\n**Host:** Words.\n"),
    ];
    let said = [
        ("content/glossary.yaml", "- term: Ant\n  definition: A.\n- term: RAG\n  definition: B.\n"),
        ("content/x.md", "# X\n\n**Host:** RAG, and then RAG again.\n"),
        ("content/y.md", "# Y\n\n**Host:** RAG once.\n"),
    ];
    for (files, pages) in [(&unsaid[..], 1), (&said[..], 2)] {
        let built = built(files);
        let parts = built.together();
        assert_eq!(parts.iter().map(Vec::len).sum::<usize>(), pages);
        let made = std::sync::Mutex::new(BTreeMap::new());
        for part in &parts {
            let wanted: Vec<_> = part.iter().map(|path| (*path, None)).collect();
            built.make_together(&wanted, &|at, page| {
                made.lock().unwrap().insert(part[at], page.unwrap());
            });
        }
        let made = made.into_inner().unwrap();
        assert_eq!(made.len(), pages);
        for (path, page) in made {
            assert_eq!(page, built.make(path, None).unwrap(), "{path}");
        }
    }
    let quoting = built(&said);
    let page = page(&quoting, "glossary/rag.html");
    assert!(page.contains("x.html#") && page.contains("y.html#"), "{page}");
}
