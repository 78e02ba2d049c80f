//! Reading transcripts: every Markdown file below `tests/cases/turns` and what it becomes.

use std::fmt::Write as _;

use postil::document::{Document, Item, MarkKind, Node, TextRange};
use postil::parse::{Context, parse};
use postil::source::Source;

/// A document as a few lines that a person can check: headings, turns with their speaker and
/// form, blocks with bold shown as ⟦ ⟧.
fn outline(document: &Document) -> String {
    let mut out = String::new();
    let head = &document.head;
    writeln!(out, "title: {}", head.title.as_deref().unwrap_or("-")).unwrap();
    for (name, value) in [("byline", &head.byline), ("account", &head.account)] {
        if let Some(value) = value {
            writeln!(out, "{name}: {value}").unwrap();
        }
    }
    if let Some(cover) = &head.cover {
        writeln!(out, "cover: {}", cover.url).unwrap();
    }
    if let Some(recording) = &head.recording {
        writeln!(out, "recording: {}", recording.url).unwrap();
    }
    for credit in &head.credits {
        writeln!(out, "credit: {} = {}", credit.role, credit.names).unwrap();
    }
    for speaker in &document.speakers {
        writeln!(out, "speaker: {} ({} turns)", speaker.label, speaker.turns).unwrap();
    }
    for item in &document.items {
        match item {
            Item::Heading(heading) => {
                let number =
                    heading.number.as_deref().map(|n| format!("[{n}] ")).unwrap_or_default();
                writeln!(
                    out,
                    "{} {number}{}",
                    "#".repeat(heading.level as usize),
                    shown(document, heading.text)
                )
                .unwrap();
            }
            Item::Turn(turn) => {
                let who = turn.speaker.map_or("-", |at| &document.speakers[at as usize].label);
                let time = turn.time.map_or(String::new(), |time| format!(" at {time} ms"));
                writeln!(out, "@ {who} ({}){time}", turn.form.unwrap_or("goes on")).unwrap();
                blocks(document, &turn.blocks, &mut out);
            }
            Item::Prose(range) => {
                writeln!(out, "@ -").unwrap();
                blocks(document, range, &mut out);
            }
        }
    }
    for chapter in &document.chapters {
        writeln!(out, "chapter: {} ms {}", chapter.time, document.slice(chapter.title)).unwrap();
    }
    if document.breaks_off.is_some() {
        writeln!(out, "breaks off").unwrap();
    }
    out
}

fn blocks(document: &Document, range: &std::ops::Range<u32>, out: &mut String) {
    for block in document.blocks_of(range) {
        node(document, &block.node, 1, out);
    }
}

fn node(document: &Document, value: &Node, depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    match value {
        Node::Paragraph(leaf) => writeln!(out, "{pad}{}", shown(document, *leaf)).unwrap(),
        Node::Heading(level, leaf) => {
            writeln!(out, "{pad}h{level} {}", shown(document, *leaf)).unwrap()
        }
        Node::Quote(body) => {
            writeln!(out, "{pad}quote").unwrap();
            body.iter().for_each(|inner| node(document, inner, depth + 1, out));
        }
        Node::List { start, tight, items } => {
            writeln!(out, "{pad}list start={start:?} tight={tight}").unwrap();
            for item in items {
                writeln!(
                    out,
                    "{pad}- {}",
                    item.task.map_or(String::new(), |done| format!("[{done}]"))
                )
                .unwrap();
                item.body.iter().for_each(|inner| node(document, inner, depth + 1, out));
            }
        }
        Node::Code { language, text } => {
            writeln!(out, "{pad}code {language}: {:?}", document.slice(*text)).unwrap();
        }
        Node::Table(table) => {
            let row = |cells: &[TextRange]| {
                cells.iter().map(|cell| shown(document, *cell)).collect::<Vec<_>>().join(" | ")
            };
            writeln!(out, "{pad}table {:?}: {}", table.align, row(&table.head)).unwrap();
            for cells in &table.rows {
                writeln!(out, "{pad}  {}", row(cells)).unwrap();
            }
        }
        Node::Figure { images, caption } => {
            let urls: Vec<&str> = images.iter().map(|image| image.url.as_str()).collect();
            let caption = caption.map_or(String::new(), |leaf| shown(document, leaf));
            writeln!(out, "{pad}figure {} : {caption}", urls.join(" ")).unwrap();
        }
        Node::Details { summary, body } => {
            writeln!(out, "{pad}details {}", shown(document, *summary)).unwrap();
            body.iter().for_each(|inner| node(document, inner, depth + 1, out));
        }
        Node::RawHtml(html) => writeln!(out, "{pad}html {html:?}").unwrap(),
        Node::Rule => writeln!(out, "{pad}---").unwrap(),
    }
}

/// A leaf's text with its marks as brackets.
fn shown(document: &Document, leaf: TextRange) -> String {
    let mut inserts: Vec<(u32, u8, String)> = Vec::new();
    for mark in document.marks_in(leaf) {
        let (open, close) = match &mark.kind {
            MarkKind::Strong => ("⟦".to_owned(), "⟧"),
            MarkKind::Stage => ("⟨stage ".to_owned(), "⟩"),
            MarkKind::Aside => ("⟨aside ".to_owned(), "⟩"),
            MarkKind::Chapter => ("⟨chapter ".to_owned(), "⟩"),
            MarkKind::Time(time) => (format!("⟨{time} ms "), "⟩"),
            MarkKind::Emphasis => ("⟨".to_owned(), "⟩"),
            MarkKind::Code => ("`".to_owned(), "`"),
            MarkKind::Link(link) => (format!("({})[", link.url), "]"),
            MarkKind::Image(image) => (format!("<image {}>", image.url), ""),
            MarkKind::Break => ("<br>".to_owned(), ""),
            other => (format!("<{other:?}>"), "</>"),
        };
        inserts.push((mark.range.start, 1, open));
        inserts.push((mark.range.end, 0, close.to_owned()));
    }
    inserts.sort_by_key(|(at, order, _)| (*at, *order));
    let mut out = String::new();
    let mut at = leaf.start;
    for (place, _, insert) in inserts {
        let place = place.clamp(at, leaf.end);
        out.push_str(document.slice(TextRange { start: at, end: place }));
        out.push_str(&insert);
        at = place;
    }
    out.push_str(document.slice(TextRange { start: at, end: leaf.end }));
    out.replace('\n', "↵")
}

#[test]
fn every_case_reads_as_recorded() {
    insta::glob!("cases/turns/*.md", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let (document, diagnostics) = parse(&Source::new(name, text), &Context::default());
        let mut out = outline(&document);
        for diagnostic in &diagnostics {
            let at = diagnostic.place.span.map_or(String::new(), |span| {
                let at = diagnostic.place.source.position(span.start as usize);
                format!("{}:{} ", at.line, at.column)
            });
            writeln!(out, "! {at}{} {}", diagnostic.code, diagnostic.message).unwrap();
        }
        insta::assert_snapshot!(out);
    });
}

#[test]
#[ignore = "prints one file as it was read: POSTIL_FILE=x.md cargo test --test suite parse:: -- --ignored --nocapture"]
fn print_one() {
    let Ok(path) = std::env::var("POSTIL_FILE") else { return };
    let (source, _) = Source::from_bytes("x.md", &std::fs::read(path).unwrap());
    let (document, diagnostics) = parse(&source, &Context::default());
    println!("{}", outline(&document));
    for diagnostic in diagnostics {
        println!("! {} {}", diagnostic.code, diagnostic.message);
    }
}

/// The Markdown files of the corpus, if there is one.
fn corpus() -> Vec<std::path::PathBuf> {
    let Some(root) = std::env::var_os("POSTIL_CORPUS") else {
        eprintln!("skipped: POSTIL_CORPUS names no corpus");
        return Vec::new();
    };
    let mut files = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// What must hold of every document: blocks and turns tile it, ids are unique, every leaf, mark
/// and diagnostic lies where it says.
fn assert_sound(name: &str, document: &Document, diagnostics: &[postil::diagnostics::Diagnostic]) {
    let source = &document.source;
    let mut ids = std::collections::HashSet::new();
    for block in &document.blocks {
        assert!(ids.insert(block.id.clone()), "{name}: {}", block.id);
        assert!(document.text.get(block.text.range()).is_some());
        assert!(source.text().get(block.span.range()).is_some(), "{name}: {:?}", block.span);
        for leaf in document.prose_leaves(block) {
            assert!(block.text.contains(leaf), "{name}: {leaf:?} in {:?}", block.text);
            let marks = document.marks_in(leaf);
            assert!(
                marks.iter().all(|mark| leaf.contains(mark.range)),
                "{name}: {marks:?} in {leaf:?}"
            );
        }
    }
    for turn in document.turns() {
        assert!(ids.insert(turn.id.clone()), "{name}: {}", turn.id);
        assert!(source.text().get(turn.span.range()).is_some());
    }
    for mark in &document.marks {
        assert!(document.text.get(mark.range.range()).is_some(), "{name}: {mark:?}");
    }
    assert!(document.marks.is_sorted_by_key(|mark| mark.range.start), "{name}");
    let mut open: Vec<TextRange> = Vec::new();
    for mark in &document.marks {
        while open.pop_if(|outer| outer.end <= mark.range.start).is_some() {}
        let nests = open.iter().all(|outer| mark.range.end <= outer.end);
        assert!(nests || mark.range.is_empty(), "{name}: {mark:?} crosses {open:?}");
        open.push(mark.range);
    }
    for chapter in &document.chapters {
        let block = &document.blocks[chapter.block as usize];
        assert!(block.text.contains(chapter.title), "{name}: {chapter:?}");
    }
    for diagnostic in diagnostics {
        let span = diagnostic.place.span.unwrap_or_default();
        assert!(source.text().get(span.range()).is_some(), "{name}: {diagnostic:?}");
    }
    let mut next = 0;
    for item in &document.items {
        let blocks = match item {
            Item::Turn(turn) => &turn.blocks,
            Item::Prose(blocks) => blocks,
            Item::Heading(_) => continue,
        };
        assert_eq!(blocks.start, next, "{name}: every block belongs to one item");
        next = blocks.end;
    }
    assert_eq!(next as usize, document.blocks.len());
}

#[test]
fn the_corpus_reads_into_sound_documents() {
    for path in corpus() {
        let (source, _) = Source::from_bytes("x.md", &std::fs::read(&path).unwrap());
        let (document, diagnostics) = parse(&source, &Context::default());
        assert_sound(&path.to_string_lossy(), &document, &diagnostics);
        if std::env::var_os("POSTIL_PRINT").is_some() {
            let name = path.file_name().unwrap().to_string_lossy();
            let short: String = name.chars().take(40).collect();
            println!(
                "{short}: {} turns, {} timed, {} without a speaker, {} blocks, {} headings",
                document.turns().count(),
                document.turns().filter(|turn| turn.time.is_some()).count(),
                document.turns().filter(|turn| turn.speaker.is_none()).count(),
                document.blocks.len(),
                document.headings().count()
            );
            for speaker in &document.speakers {
                println!("    {} {}", speaker.label, speaker.turns);
            }
        }
    }
}

proptest::proptest! {
    /// Whatever a file holds, it reads into a sound document.
    #[test]
    fn any_text_reads_into_a_sound_document(parts in proptest::collection::vec(part(), 0..40)) {
        let text = parts.concat();
        let (document, diagnostics) = parse(&Source::new("x.md", text.as_str()), &Context::default());
        assert_sound(&text, &document, &diagnostics);
    }
}

/// Pieces that transcripts, and hostile files, are made of.
fn part() -> impl proptest::strategy::Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "**",
        "****",
        "*",
        "***01***",
        "\n",
        "\n\n",
        "  \n",
        "主持人：",
        "Host: ",
        "**Host:** ",
        "**嘉宾：**",
        "好的。",
        "yes",
        " ",
        "AI",
        "「",
        "」",
        "# ",
        "## ",
        "- ",
        "1. ",
        "> ",
        "`",
        "```\n",
        "![",
        "](x.png)",
        "[",
        "](javascript:x)",
        "<b>",
        "</b>",
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<br>",
        "<!--",
        "-->",
        "| a | b |\n|---|---|\n",
        "|",
        "[^1]",
        "[^1]: ",
        "---\n",
        "===\n",
        "\\",
        "&amp;",
        "...",
        "title: x\n",
        "[laughter]",
        "（笑）",
        "（编者注：",
        "）",
        "((",
        "))",
        "00:00 A\n",
        "(02:00) B\n",
        "[04:00] C\n",
        "- 06:00 D\n",
        "\r\n",
        "\u{200b}",
        "😀",
        "e\u{301}",
        "\t",
    ])
}

/// Nesting has a limit, so that everything that walks a document may recurse; no text is lost.
#[test]
fn very_deep_nesting_is_flattened_and_told() {
    for prefix in ["> ", "- ", "1. ", "> - "] {
        let text = format!("{}the end", prefix.repeat(3000));
        let (document, diagnostics) =
            parse(&Source::new("x.md", text.as_str()), &Context::default());
        assert_sound(prefix, &document, &diagnostics);
        assert!(document.text.contains("the end"), "{prefix}");
        assert!(diagnostics.iter().any(|one| one.code == "text/too-deep"), "{prefix}");
    }
}

fn repeated(n: usize, part: fn(usize) -> String) -> String {
    (0..n).map(part).collect()
}

/// A line of 300,000 characters, and a paragraph of 10,000 labelled lines: eight times the text
/// may take about eight times as long. Only the ratio of two runs counts.
#[test]
fn reading_is_linear_in_a_line_and_in_a_paragraph() {
    let shapes: [fn(usize) -> String; 6] = [
        |n| format!("words {} more", "((laughs) [译注：（".repeat(n)),
        |n| repeated(n, |i| format!("{}:{:02} Chapter {i:x}\n", i / 60, i % 60)),
        |n| format!("<details><p class=\"x\">{}</p></details>", "a &amp; <b>c</b> <x>\n".repeat(n)),
        |n| repeated(n, |i| format!("[Host] [00:01] yes {i:x} **bold** &gt;&gt; no {i:x} ")),
        |n| repeated(n, |i| format!("Host: yes {i:x} **bold** `code`\nEngineer: no {i:x}\n")),
        |n| format!("Host: one\n\nHost: two\n\nHost: {}", "words and more ".repeat(n)),
    ];
    for shape in shapes {
        let time = |n: usize| {
            let run = || {
                let text = shape(n);
                let start = std::time::Instant::now();
                let (document, _) = parse(&Source::new("x.md", text), &Context::default());
                assert!(!document.blocks.is_empty());
                start.elapsed()
            };
            (0..2).map(|_| run()).min().unwrap_or_default()
        };
        // A busy machine can slow any one try down; quadratic time fails in all.
        let mut tries = Vec::new();
        let is_linear = (0..6).any(|_| {
            let (small, large) = (time(500), time(4_000));
            tries.push((small, large));
            large < small * 24
        });
        assert!(is_linear, "{:?}: {tries:?}", shape(1));
    }
}
