//! What a page shows: blocks, marks and mentions as HTML; hostile text; templates and their
//! errors; the size of what is loaded.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use postil::annotate::Mention;
use postil::config::FrontMatter;
use postil::document::{Document, Head, Mark, MarkKind, Target, TextRange};
use postil::glossary::Glossary;
use postil::pipeline::{Built, File, Inputs, Options, Output, run};
use postil::render::{BlockWriter, NoteNumbers, words_unchanged};
use postil::source::{Source, Span};
use postil::theme::Theme;
use postil::views;
use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};
use scraper::{ElementRef, Html, Selector};

const GLOSSARY: &str = "
- term: RAG
  name: {en: Retrieval-Augmented Generation, zh: 检索增强生成}
  definition: {en: 'Looking up *first*. See [Meta AI](term:meta-ai).', zh: 先找资料，再回答。}
  as_of: 2024-07
  mark: every
- term: Meta AI
  id: meta-ai
  definition: An assistant. <script>alert(1)</script>
  see: [RAG]
  mark: every
- term: AI Studio
  definition: A tool.
";

fn built(files: &[(&str, &str)]) -> Built {
    let file =
        |(path, text): &(&str, &str)| ((*path).to_owned(), File::Text(Source::new(*path, *text)));
    let inputs = Inputs {
        name: "site".to_owned(),
        has_content: true,
        files: files.iter().map(file).collect(),
        diagnostics: Vec::new(),
    };
    let today = "2026-01-01".to_owned();
    run(&inputs, &Options { base_url: None, drafts: false, future: false, today })
}

fn page(built: &Built, path: &str) -> String {
    let bytes = built.render(path).unwrap_or_else(|told| panic!("{path}: {}", told.message));
    String::from_utf8(bytes).expect("a page in UTF-8")
}

fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn cases() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/render");
    let mut cases: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the cases' folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a case"))
        })
        .collect();
    cases.sort();
    cases
}

fn case_site(name: &str, text: &str) -> (Built, String) {
    let path = format!("content/{name}.md");
    let site = "title: Cases\nlanguage: en\n";
    let files =
        [("content/site.yaml", site), ("content/glossary.yaml", GLOSSARY), (path.as_str(), text)];
    let built = built(&files);
    let html = page(&built, &format!("{name}.html"));
    (built, html)
}

#[test]
fn cases_render_as_they_did() {
    for (name, text) in cases() {
        let (_, html) = case_site(&name, &text);
        let from = html.find("<article").expect("an article");
        let to = html.find("</article>").expect("its end") + "</article>".len();
        insta::assert_snapshot!(name, &html[from..to]);
    }
}

#[test]
fn the_words_of_a_turn_are_those_of_the_document() {
    for (name, text) in cases() {
        let (built, html) = case_site(&name, &text);
        let reading = built.site.reading(&built.site.pages[0]);
        let document = &reading.document;
        let html = Html::parse_document(&html);
        for turn in document.turns() {
            for block in document.blocks_of(&turn.blocks) {
                let selector = format!("section#{} #{}", turn.id, block.id);
                let found = all(&html, &selector);
                assert_eq!(found.len(), 1, "{name}: {selector}");
                let reference = Selector::parse("sup > a[role=doc-noteref]").expect("a selector");
                let numbers: Vec<_> = found[0].select(&reference).map(|a| a.id()).collect();
                let shown = found[0]
                    .descendants()
                    .filter(|node| !node.ancestors().any(|above| numbers.contains(&above.id())))
                    .filter_map(|node| node.value().as_text().map(|text| text.to_string()))
                    .collect::<String>();
                let same = |text: &str| text.replace('\n', "");
                assert_eq!(same(&shown), same(document.slice(block.text)), "{name}");
            }
        }
    }
}

#[test]
fn nothing_that_a_transcript_says_becomes_a_program() {
    let allowed = ["scheme", "postil", "quote"];
    for (name, text) in cases() {
        let (_, text) = case_site(&name, &text);
        let html = Html::parse_document(&text);
        for script in all(&html, "script") {
            let data = script.value().attr("type") == Some("application/ld+json");
            let own = script.value().attr("src").is_some_and(|src| {
                allowed.iter().any(|name| src.starts_with(&format!("assets/{name}.")))
            });
            assert!(data || own, "{name}: {}", script.html());
        }
        for element in all(&html, "*") {
            for (attribute, value) in element.value().attrs() {
                assert!(
                    !attribute.starts_with("on") && attribute != "style",
                    "{name}: {attribute}"
                );
                let url = matches!(attribute, "href" | "src");
                let lower = value.trim().to_ascii_lowercase();
                let harmful = lower.starts_with("javascript:") || lower.starts_with("data:");
                assert!(!(url && harmful), "{name}: {attribute}={value}");
            }
        }
        assert_eq!(all(&html, "article").len(), 1, "{name}");
        assert_eq!(all(&html, "a a").len(), 0, "{name}: a link in a link");
        let mut ids: Vec<&str> = all(&html, "[id]").iter().filter_map(|e| e.value().id()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name}: an id stands twice");
    }
}

#[test]
fn every_mention_leads_to_a_definition_and_back_to_all_places() {
    let text = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/render/mentions.md"),
    )
    .expect("a case");
    let (built, html) = case_site("mentions", &text);
    let html = Html::parse_document(&html);
    let links = all(&html, ".turn a[href^='#g-']");
    let words: Vec<String> = links.iter().map(|link| link.text().collect()).collect();
    assert_eq!(words, ["RAG", "RAG", "Meta AI", "Meta AI", "Meta AI", "looking it up"]);
    for link in links {
        let id = link.value().attr("href").expect("a link").trim_start_matches('#');
        let definition = format!(
            "article > [role=doc-glossary]:nth-last-of-type(2) dl > div[id='{id}'] > dt > dfn"
        );
        assert_eq!(all(&html, &definition).len(), 1, "{id}");
    }
    let glossary = Html::parse_document(&page(&built, "glossary/index.html"));
    assert_eq!(all(&glossary, "#g-rag dfn a[href='rag.html']").len(), 1);
    let term = Html::parse_document(&page(&built, "glossary/rag.html"));
    let lines = all(&term, ".lines a");
    let places: Vec<&str> = lines.iter().filter_map(|line| line.value().attr("href")).collect();
    assert_eq!(places.len(), 3);
    for place in places {
        let block = place.strip_prefix("../mentions.html#").expect("a place on the page");
        assert_eq!(all(&html, &format!("[id='{block}']")).len(), 1, "{place}");
    }
}

/// The second `AI Studio` is there for readers who ask for all; until then it is no link, for no
/// pointer, key or screen reader. What the page or the entry turns off leaves no trace.
#[test]
fn mentions_that_are_not_shown_are_no_links() {
    let text = "**Host:** AI Studio, AI Studio.\n\n**Guest:** `AI Studio` and **AI** Studio.\n";
    let site = |head: &str| {
        let text = format!("---\ntitle: T\n{head}---\n\n{text}");
        page(&built(&[("content/glossary.yaml", GLOSSARY), ("content/a.md", &text)]), "a.html")
    };
    let html = site("");
    let html = Html::parse_document(&html);
    let quiet = all(&html, ".turn a.q");
    assert_eq!(quiet.len(), 2, "all but the first and the one in code");
    for mention in quiet {
        let names: Vec<&str> = mention.value().attrs().map(|(name, _)| name).collect();
        assert_eq!(names, ["class", "data-g"], "nothing that makes it a link");
        let id = format!("g-{}", mention.attr("data-g").expect("the term"));
        assert_eq!(all(&html, &format!("#{id}")).len(), 1, "its definition is on the page");
    }
    assert_eq!(all(&html, ".turn a[href^='#g-']").len(), 1);
    for head in ["glossary: {mark: never}\n", "glossary: {off: [AI Studio]}\n", "glossary: off\n"] {
        assert!(!site(head).contains("data-g"), "{head}");
    }
}

/// A document of one paragraph with the marks and mentions that are given.
fn paragraph(text: &str, marks: Vec<Mark>) -> Document {
    Document {
        source: Source::new("x.md", text),
        front: FrontMatter::default(),
        head: Head::default(),
        text: text.to_owned(),
        marks,
        seams: Vec::new(),
        segments: Vec::new(),
        blocks: Vec::new(),
        items: Vec::new(),
        speakers: Vec::new(),
        breaks_off: None,
        footnotes: BTreeMap::new(),
        chapters: Vec::new(),
    }
}

fn glossary() -> Glossary {
    let (glossary, told) = postil::glossary::read(&[Source::new("glossary.yaml", GLOSSARY)]);
    assert!(told.is_empty(), "{told:?}");
    glossary
}

fn inline(document: &Document, mentions: &[Mention]) -> String {
    let notes = NoteNumbers::of(document, &[]);
    let writer = BlockWriter {
        document,
        mentions,
        glossary: &glossary(),
        notes: &notes,
        resolve: &|_| None,
        picture: &|_| (None, None),
        foreign: &|_| None,
        moment: &|_, _| None,
        apart: None,
    };
    let whole = TextRange::new(0, document.text.len());
    let block = postil::document::Block {
        id: "p-1".to_owned(),
        span: Span::new(0, 0),
        text: whole,
        node: postil::document::Node::Paragraph(whole),
    };
    let mut html = String::new();
    writer.block(&mut html, &block);
    html
}

fn mark(start: usize, end: usize, kind: MarkKind) -> Mark {
    Mark { range: TextRange::new(start, end), kind }
}

fn mention(start: usize, end: usize) -> Mention {
    Mention { term: 0, range: TextRange::new(start, end), block: 0, shown: true, quiet: false }
}

fn link() -> MarkKind {
    let url = "https://example.org/".to_owned();
    MarkKind::Link(Box::new(Target { url, title: String::new(), span: Span::new(0, 0) }))
}

#[test]
fn a_mention_is_one_link_whatever_it_crosses() {
    use MarkKind::{Code, Emphasis, Strong};
    let cases: [(Vec<Mark>, &str); 8] = [
        (vec![], "use <a>AI now</a> ok"),
        (vec![mark(4, 6, Strong)], "use <a><strong>AI</strong> now</a> ok"),
        (vec![mark(0, 6, Strong)], "<strong>use </strong><a><strong>AI</strong> now</a> ok"),
        (vec![mark(5, 13, Strong)], "use <a>A<strong>I now</strong></a><strong> ok</strong>"),
        (vec![mark(0, 13, Strong)], "<strong>use <a>AI now</a> ok</strong>"),
        (
            vec![mark(0, 6, Strong), mark(2, 6, Emphasis)],
            "<strong>us<em>e </em></strong><a><strong><em>AI</em></strong> now</a> ok",
        ),
        (vec![mark(4, 6, Code)], "use <code>AI</code> now ok"),
        (vec![mark(0, 13, link())], "<L>use AI now ok</a>"),
    ];
    for (marks, expected) in cases {
        let document = paragraph("use AI now ok", marks);
        let html = inline(&document, &[mention(4, 10)]);
        let html = html.replace("<a href=\"#g-rag\">", "<a>");
        let html = html.replace("<a href=\"https://example.org/\">", "<L>");
        assert_eq!(html, format!("<p id=\"p-1\">{expected}</p>"));
    }
}

const WORDS: &str = "先 <AI> & \"b\"\nIt’s 完 x";

/// A range on character boundaries.
fn range() -> impl Strategy<Value = (usize, usize)> {
    let places: Vec<usize> = WORDS.char_indices().map(|(at, _)| at).chain([WORDS.len()]).collect();
    let last = places.len();
    (0..last, 0..last).prop_map(move |(a, b)| (places[a.min(b)], places[a.max(b)]))
}

/// Ranges that nest properly, outer before inner.
fn nested(ranges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for (start, end) in ranges {
        let crosses = |&(s, e): &(usize, usize)| {
            (s < start && start < e && e < end) || (start < s && s < end && end < e)
        };
        if start < end && !kept.iter().any(crosses) {
            kept.push((start, end));
        }
    }
    kept.sort_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
    kept
}

/// Ranges of which none meets another.
fn apart(mut ranges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    ranges.sort_unstable();
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for (start, end) in ranges {
        if start < end && kept.last().is_none_or(|last| last.1 <= start) {
            kept.push((start, end));
        }
    }
    kept
}

/// Pieces of templates, whole and broken.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "-",
        " ",
        "\n",
        "page",
        ".",
        "title",
        "site.nav",
        "[\"x\"]",
        "[\"é",
        "['",
        "\"",
        "'",
        "for x in ",
        "endfor",
        "if ",
        "endif",
        "else",
        "set y = ",
        "谈",
        "|",
        "upper",
        "(",
        ")",
        "=",
        "1",
        "is ",
        "not ",
        "block main",
        "endblock",
        "include \"404.html\"",
        "extends \"base.html\"",
        "<card",
        "/>",
        "component card(a)",
        "endcomponent",
        "raw",
        "endraw",
        "é",
        "?.",
        "~",
        "in ",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_template_of_any_text_is_told_of_and_never_ends_the_program(text in pieces()) {
        let (theme, told) = theme_of(&[("templates/404.html", &text)]);
        prop_assert_eq!(views::template_names(&theme).len(), 16);
        for told in told {
            if let Some(span) = told.place.span {
                told.place.source.slice(span);
            }
        }
    }

    #[test]
    fn tags_nest_and_words_stay_whatever_the_marks(
        marks in prop::collection::vec((range(), 0..5_usize), 0..7),
        mentions in prop::collection::vec(range(), 0..4),
    ) {
        let kinds: Vec<usize> = marks.iter().map(|(_, kind)| *kind).collect();
        let ranges = nested(marks.into_iter().map(|(range, _)| range).collect());
        let marks = ranges.into_iter().zip(kinds).map(|((start, end), kind)| {
            let kinds = [MarkKind::Strong, MarkKind::Emphasis, MarkKind::Code, link(), MarkKind::Escaped];
            mark(start, end, kinds[kind].clone())
        });
        let document = paragraph(WORDS, marks.collect());
        let mentions: Vec<Mention> =
            apart(mentions).into_iter().map(|(start, end)| mention(start, end)).collect();
        let html = inline(&document, &mentions);
        prop_assert!(words_unchanged(&html, WORDS), "{html}");
        let mut open: Vec<&str> = Vec::new();
        for tag in html.split('<').skip(1) {
            let tag = tag.split('>').next().expect("a tag");
            if let Some(name) = tag.strip_prefix('/') {
                prop_assert_eq!(open.pop(), Some(name), "{}", html);
            } else {
                open.push(tag.split(' ').next().expect("a name"));
            }
        }
        prop_assert!(open.is_empty(), "{html}");
        let fragment = Html::parse_fragment(&html);
        let links = all(&fragment, "a[href^='#g-']").len();
        prop_assert!(links <= mentions.len(), "{html}");
    }
}

#[test]
fn the_built_in_templates_show_every_page_in_both_languages() {
    let (theme, told) = theme_of(&[]);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(
        views::template_names(&theme),
        [
            "404.html",
            "base.html",
            "body.html",
            "glossary.html",
            "home.html",
            "item.html",
            "page.html",
            "parallel.html",
            "redirect.html",
            "search.html",
            "speaker.html",
            "speakers.html",
            "term.html",
            "terms.html",
            "topics.html",
            "transcript.html"
        ]
    );
    for language in ["en", "zh-Hans", "fr"] {
        let cases = cases();
        let paths: Vec<String> =
            cases.iter().map(|(name, _)| format!("content/{name}.md")).collect();
        let config = format!(
            "title: Cases\nlanguage: {language}\npaginate: 2\nbase_url: https://example.org/a/\ncsp: meta\n\
             edit_url: https://example.org/edit/{{path}}#L{{line}}\n"
        );
        let mut files = vec![
            ("content/site.yaml", config.as_str()),
            ("content/glossary.yaml", GLOSSARY),
            ("content/speakers.yaml", "- id: nobody\n  name: Nobody\n  role: guest\n"),
            ("content/pages/about.md", "# About\n\nWords on RAG.\n"),
            ("content/pages/index.md", "# Home\n\nWelcome.\n"),
        ];
        files.extend(
            paths.iter().zip(&cases).map(|(path, (_, text))| (path.as_str(), text.as_str())),
        );
        let built = built(&files);
        let pages: Vec<&String> = built
            .outputs
            .iter()
            .filter(|(path, output)| **output == Output::Page && path.ends_with(".html"))
            .map(|(path, _)| path)
            .collect();
        assert!(pages.len() >= 14, "{pages:?}");
        for path in pages {
            let text = page(&built, path);
            let html = Html::parse_document(&text);
            assert!(html.errors.is_empty(), "{path}: {:?}", html.errors);
            assert_eq!(all(&html, "html[lang] main h1").len(), 1, "{path}");
            assert_eq!(all(&html, "meta[http-equiv='Content-Security-Policy']").len(), 1, "{path}");
            let canonical = usize::from(path != "404.html");
            assert_eq!(all(&html, "link[rel=canonical]").len(), canonical, "{path}");
            // The search page counts in the browser.
            let counts = path == "search/index.html";
            assert!(counts || !text.contains("{n}") && !text.contains("{date}"), "{path}");
        }
        let missing = page(&built, "404.html");
        assert!(missing.contains("href=\"/a/index.html\""), "{missing}");
    }
}

fn theme_of(own: &[(&str, &str)]) -> (Theme, Vec<postil::diagnostics::Diagnostic>) {
    let own = own.iter().map(|(path, text)| Source::new(*path, *text));
    let theme = Theme::new(own, [], &postil::config::Theme::default());
    let (_, told) = views::renderer(theme.templates.clone());
    (theme, told)
}

#[test]
fn faults_in_templates_are_told_with_their_place() {
    let cases = [
        (
            "404.html",
            "a\n{% if page.titel %}{% endif %}",
            "template/unknown-field",
            (2, 12),
            "there is no field `titel` here",
            "did you mean `title`?",
        ),
        (
            "404.html",
            "{% for x in site.nav %}\n  {{ x.herf }}{% endfor %}",
            "template/unknown-field",
            (2, 8),
            "there is no field `herf` here",
            "did you mean `href`?",
        ),
        (
            "404.html",
            "{% if pgae.title %}x{% endif %}",
            "template/unknown-variable",
            (1, 7),
            "there is no variable `pgae` here",
            "did you mean `page`?",
        ),
        (
            "404.html",
            "中文 {{ page.titel }}",
            "template/unknown-field",
            (1, 12),
            "there is no field `titel` here",
            "did you mean `title`?",
        ),
        (
            "404.html",
            "{% if site.nav and site.nav[0].label and site.nav[0:1][0].href and site.nav[0].herf %}x{% endif %}",
            "template/unknown-field",
            (1, 80),
            "there is no field `herf` here",
            "did you mean `href`?",
        ),
        (
            "404.html",
            "中文\n谈 {{ page.title | shuot }}",
            "template/unknown-name",
            (2, 19),
            "shuot",
            "filters, tests and functions are Tera 2's own",
        ),
        (
            "404.html",
            "谈 {% if %}",
            "template/syntax",
            (1, 9),
            "the template cannot be read",
            "Tera",
        ),
        (
            "404.html",
            "x {% if page.title %}",
            "template/syntax",
            (1, 20),
            "the template cannot be read",
            "Tera",
        ),
        (
            "404.html",
            "{{ page.title | shuot }}",
            "template/unknown-name",
            (1, 17),
            "shuot",
            "filters, tests and functions are Tera 2's own",
        ),
        (
            "404.html",
            "{% extends \"bsae.html\" %}",
            "template/missing",
            (1, 13),
            "there is no template `bsae.html`",
            "did you mean `base.html`?",
        ),
        (
            "404.html",
            "x\n{% include \"boddy.html\" %}",
            "template/missing",
            (2, 12),
            "there is no template `boddy.html`",
            "did you mean `body.html`? the templates are: 404.html, base.html,",
        ),
        (
            "unused.html",
            "{% include \"nope.html\" %}",
            "template/missing",
            (1, 12),
            "there is no template `nope.html`",
            "the templates are: 404.html, base.html,",
        ),
        (
            "unused.html",
            "{% if %}",
            "template/syntax",
            (1, 7),
            "the template cannot be read",
            "Tera",
        ),
        (
            "base.html",
            "<p>{{ page.title }}</p>{% block head %}{% endblock head %}",
            "template/missing-block",
            (1, 1),
            "the template has no block `main`, which others fill",
            "put `{% block main %}{% endblock main %}` where its text belongs; it comes from: 404.html, glossary.html",
        ),
        (
            "404.html",
            "{% extends \"base.html\" %}{% block mian %}x{% endblock mian %}",
            "template/unknown-block",
            (1, 35),
            "what this template extends has no block `mian`",
            "did you mean `main`? the blocks are: end, head, main",
        ),
        (
            "404.html",
            "{% component shout(x) %}{{ x }}{% endcomponent shout %}{{ <shuot x=\"a\"/> }}",
            "template/unknown-name",
            (1, 59),
            "unknown component `shuot`",
            "did you mean `shout`?",
        ),
        (
            "unused.html",
            "{% extends \"unused.html\" %}",
            "template/circular",
            (1, 13),
            "the template leads back to itself: unused.html → unused.html",
            "break the circle",
        ),
        (
            "unused.html",
            "a\n  {% include \"unused.html\" %}",
            "template/circular",
            (2, 15),
            "the template leads back to itself: unused.html → unused.html",
            "break the circle",
        ),
    ];
    for (name, text, code, place, message, hint) in cases {
        let path = format!("templates/{name}");
        let (_, told) = theme_of(&[(&path, text)]);
        assert_eq!(told.len(), 1, "{text}: {told:?}");
        let told = &told[0];
        let span = told.place.span.expect("a span");
        let at = told.place.source.position(span.start as usize);
        assert_eq!((told.code, told.place.source.path()), (code, path.as_str()), "{text}");
        assert_eq!((at.line, at.column), place, "{text}: {}", told.message);
        assert!(told.message.contains(message), "{text}: {}", told.message);
        assert!(told.hint.as_deref().unwrap_or_default().contains(hint), "{text}: {:?}", told.hint);
    }
}

#[test]
fn a_circle_of_templates_is_told_where_it_closes() {
    for (word, place) in [("include", (1, 13)), ("extends", (1, 13))] {
        let to = |name: &str| format!("{{% {word} \"{name}.html\" %}}");
        let (_, told) = theme_of(&[
            ("templates/404.html", &to("b")),
            ("templates/b.html", &to("c")),
            ("templates/c.html", &to("b")),
        ]);
        let [told] = told.as_slice() else { panic!("{told:?}") };
        let at = told.place.source.position(told.place.span.expect("a span").start as usize);
        assert!(told.message.contains("b.html → c.html → b.html"), "{}", told.message);
        let file = (told.place.source.path(), at.line, at.column);
        assert_eq!(file, ("templates/c.html", place.0, place.1), "{word}");
    }
}

#[test]
fn components_without_an_end_are_told_with_their_place() {
    let parts = "{% component ping(x) %}{{ <pong x={x}/> }}{% endcomponent ping %}\n\
                 {% component pong(x) %}{{ <ping x={x}/> }}{% endcomponent pong %}";
    let built = built(&[
        ("content/x.md", "Words."),
        ("templates/parts.html", parts),
        ("templates/404.html", "{{ <pong x=\"1\"/> }}"),
    ]);
    let told = built.render("404.html").expect_err("a fault");
    let at = told.place.source.position(told.place.span.expect("a span").start as usize);
    assert_eq!((told.code, told.place.source.path()), ("template/endless", "templates/parts.html"));
    assert_eq!((at.line, at.column), (1, 14));
    assert!(told.message.contains("`ping` calls itself without an end"), "{}", told.message);
    assert!(told.message.contains("404.html"), "{}", told.message);
}

/// The words of a table too sparse for the Markdown parser, which stops within a row.
#[test]
fn a_table_that_is_given_up_half_way_loses_no_word() {
    let row = |name: &str, cells: usize| {
        let cells: String = (0..cells).map(|at| format!("| {name}{at} ")).collect();
        cells + "|\n"
    };
    let mut text = format!("Before.\n\n{}{}", row("h", 5_000), "|---".repeat(5_000) + "|\n");
    for at in 0..60 {
        text.push_str(&row(&format!("r{at}c"), 10));
    }
    text.push_str("\nAfter **all**.\n");
    let built = built(&[("content/x.md", &text)]);
    let html = page(&built, "x.html");
    for word in ["| h4999 |", "| r0c9 |", "| r59c9 |", "After <strong>all</strong>."] {
        assert_eq!(html.matches(word).count(), 1, "{word}");
    }
    let few = text.replace("| r59c0 ", "").lines().take(20).collect::<Vec<_>>().join("\n");
    let built = self::built(&[("content/x.md", &few)]);
    assert!(page(&built, "x.html").contains("<td>r9c9</td>"), "within the limit it is a table");
}

/// A page with many voices takes time in proportion to them.
#[test]
fn four_times_the_speakers_take_about_four_times_as_long() {
    let took = |speakers: usize| {
        let turn = |at: usize| format!("**Speaker A{}:** {at} of these words.\n\n", at % speakers);
        let text: String = (0..3 * speakers).map(turn).collect();
        let built = built(&[("content/x.md", &text)]);
        let once = || {
            let start = std::time::Instant::now();
            assert!(page(&built, "x.html").contains("Speaker A7"));
            start.elapsed()
        };
        (0..3).map(|_| once()).min().expect("three")
    };
    let (few, many) = (took(300), took(1_200));
    // A machine that is busy with something else is allowed for.
    let slack = std::time::Duration::from_secs(1);
    assert!(many < few * 10 + slack, "300 speakers: {few:?}, 1,200: {many:?}");
}

#[test]
fn a_fault_that_only_rendering_finds_names_the_template() {
    let files = [
        ("content/x.md", "Words."),
        ("content/site.yaml", "title: X\nextra: {colour: red}\n"),
        ("templates/404.html", "ok\n{{ site.extra.shape }}"),
    ];
    let built = built(&files);
    let told = built.render("404.html").expect_err("a fault");
    assert_eq!(
        (told.code, told.place.source.path()),
        ("template/unknown-field", "templates/404.html")
    );
    assert_eq!(told.hint.as_deref(), Some("the fields are: colour"));
    let span = told.place.span.expect("a span");
    assert_eq!(told.place.source.position(span.start as usize).line, 2);
}

#[test]
fn a_site_replaces_a_template_and_adds_components() {
    let files = [
        ("content/x.md", "Words."),
        (
            "templates/404.html",
            "{% extends \"base.html\" %}{% block main %}<h1>{{ <shout text={page.title}/> }}</h1>{% endblock main %}",
        ),
        (
            "templates/parts.html",
            "{% component shout(text) %}{{ text | upper }}!{% endcomponent shout %}",
        ),
    ];
    let built = built(&files);
    assert!(page(&built, "404.html").contains("<h1>PAGE NOT FOUND!</h1>"));
}

#[test]
fn what_a_transcripts_page_loads_is_small() {
    let (theme, _) = theme_of(&[]);
    let elsewhere = |name: &str| {
        ["search.js", "search.css", "passages.js", "names.js", "redirect.js"].contains(&name)
    };
    let size = |ending: &str| -> usize {
        theme
            .assets
            .iter()
            .filter(|asset| asset.name.ends_with(ending) && !elsewhere(&asset.name))
            .map(|asset| gzipped(&asset.bytes))
            .sum()
    };
    let (css, js) = (size(".css"), size(".js"));
    assert!(css <= 7_000, "{css} bytes of CSS");
    assert!(js <= 5_000, "{js} bytes of JavaScript");
}

/// The bytes of a file as `gzip` makes them at its usual level. Not the program's own encoder, which is
/// quicker and takes a little more.
pub fn gzipped(bytes: &[u8]) -> usize {
    const FRAME: usize = 18;
    miniz_oxide::deflate::compress_to_vec(bytes, 6).len() + FRAME
}

#[test]
fn the_documentations_example_works() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(home.join("docs/templates.md")).expect("the documentation");
    let (_, rest) = text.split_once("```html\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let files = [
        ("content/site.yaml", "extra: {farewell: So long.}\n"),
        ("content/x.md", "Words."),
        ("templates/404.html", example),
    ];
    let built = built(&files);
    assert!(built.diagnostics.is_empty(), "{:?}", built.diagnostics);
    assert!(page(&built, "404.html").contains("<p>So long.</p>"));
}
