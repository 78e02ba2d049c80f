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
                writeln!(out, "@ {who} ({})", turn.form.unwrap_or("goes on")).unwrap();
                blocks(document, &turn.blocks, &mut out);
            }
            Item::Prose(range) => {
                writeln!(out, "@ -").unwrap();
                blocks(document, range, &mut out);
            }
        }
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
            MarkKind::Emphasis => ("⟨".to_owned(), "⟩"),
            MarkKind::Code => ("`".to_owned(), "`"),
            MarkKind::Link { url, .. } => (format!("({url})["), "]"),
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
#[ignore = "prints one file as it was read: POSTIL_FILE=x.md cargo test --test parse -- --ignored --nocapture"]
fn print_one() {
    let Ok(path) = std::env::var("POSTIL_FILE") else { return };
    let (source, _) = Source::from_bytes("x.md", &std::fs::read(path).unwrap());
    let (document, diagnostics) = parse(&source, &Context::default());
    println!("{}", outline(&document));
    for diagnostic in diagnostics {
        println!("! {} {}", diagnostic.code, diagnostic.message);
    }
}
