//! Real documents, in the folder that POSTIL_CORPUS names; nothing of them stands here.

use std::path::{Path, PathBuf};

use postil::parse::emphasis::{self, LeftoverKind};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::{flat, options};

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("POSTIL_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: POSTIL_CORPUS is not set");
    }
    folder
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The text of every file there is, whatever its kind.
pub fn texts() -> impl Iterator<Item = String> {
    let mut paths = Vec::new();
    if let Some(folder) = corpus() {
        files(&folder, &mut paths);
    }
    paths.into_iter().map(|path| {
        let bytes = std::fs::read(path).expect("a readable file");
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// How often `**` stands in the text of a block.
fn literal<'a>(events: impl IntoIterator<Item = Event<'a>>) -> usize {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(part) => text.push_str(&part),
            Event::Start(Tag::Strong | Tag::Emphasis | Tag::Link { .. })
            | Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link) => text.push('\u{1}'),
            _ => text.push('\n'),
        }
    }
    text.matches("**").count()
}

#[test]
fn every_file() {
    let Some(folder) = corpus() else { return };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    let (mut before, mut after) = (0, 0);
    for path in &paths {
        let bytes = std::fs::read(path).expect("a readable file");
        let source = String::from_utf8_lossy(&bytes);
        let repaired = emphasis::events(&source, options());
        flat::assert_sound(&source, &repaired.events);
        let stock = literal(Parser::new_ext(&source, options()));
        let left = literal(repaired.events.into_iter().map(|(event, _)| event));
        assert!(left <= stock, "{left} literal ** after, {stock} before: {}", path.display());
        if stock > 0 {
            println!("{stock:5} -> {left:3}  {}", path.display());
        }
        before += stock;
        after += left;
    }
    println!("{} files: {before} literal ** before the repair, {after} after", paths.len());
    assert!(after * 10 <= before, "{after} of {before} are left");
}

fn seed() -> Option<String> {
    let mut found = Vec::new();
    files(&corpus()?.join("seed"), &mut found);
    let path = found.first().expect("a seed");
    Some(std::fs::read_to_string(path).expect("the seed is UTF-8"))
}

#[test]
fn the_seed_keeps_one_literal_run_where_it_breaks_off() {
    let Some(source) = seed() else { return };
    let repaired = emphasis::events(&source, options());
    let kinds: Vec<_> = repaired.leftovers.iter().map(|leftover| leftover.kind).collect();
    assert_eq!(kinds, [LeftoverKind::BreaksOff]);
    let mut depth = 0;
    for (event, _) in &repaired.events {
        match event {
            Event::Start(Tag::Strong) => depth += 1,
            Event::End(TagEnd::Strong) => depth -= 1,
            _ => {}
        }
        assert!(depth <= 1, "nested strong");
    }
    assert_eq!(literal(repaired.events.into_iter().map(|(event, _)| event)), 1);
}

/// `**` turns bold on and off: each character but white space, and whether it is bold. `None`
/// where that cannot be told: stars in other numbers, escapes, or text that is not the source.
fn toggled(source: &str) -> Option<Vec<(char, bool)>> {
    if source.contains(['\\', '&', '`', '[', '<', '_', '~']) {
        return None;
    }
    let mut reading = Vec::new();
    let (mut bold, mut stars) = (false, 0);
    for c in source.chars().chain(['\n']) {
        if c == '*' {
            stars += 1;
            continue;
        }
        if stars % 2 != 0 {
            return None;
        }
        bold ^= stars % 4 == 2;
        stars = 0;
        if !c.is_whitespace() {
            reading.push((c, bold));
        }
    }
    (!bold).then_some(reading)
}

fn read(events: &[(Event<'_>, std::ops::Range<usize>)]) -> Vec<(char, bool)> {
    let (mut reading, mut bold) = (Vec::new(), 0);
    for (event, _) in events {
        match event {
            Event::Start(Tag::Strong) => bold += 1,
            Event::End(TagEnd::Strong) => bold -= 1,
            Event::Text(text) => {
                let solid = text.chars().filter(|c| !c.is_whitespace());
                reading.extend(solid.map(|c| (c, bold > 0)));
            }
            _ => {}
        }
    }
    reading
}

/// (paragraphs with `**` that toggling can read, those of them that come out so)
fn agreement(source: &str) -> (usize, usize) {
    let events = emphasis::events(source, options()).events;
    let (mut checkable, mut right, mut start) = (0, 0, 0);
    for (at, (event, range)) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::Paragraph) => start = at,
            Event::End(TagEnd::Paragraph) if source[range.clone()].contains("**") => {
                let Some(wanted) = toggled(&source[range.clone()]) else { continue };
                checkable += 1;
                right += usize::from(wanted == read(&events[start..at]));
            }
            _ => {}
        }
    }
    (checkable, right)
}

#[test]
fn the_seeds_bold_characters_are_those_between_the_stars() {
    let Some(source) = seed() else { return };
    assert_eq!(agreement(&source), (55, 55));
}

#[test]
fn bold_characters_in_every_chinese_document() {
    let Some(folder) = corpus() else { return };
    let mut paths = Vec::new();
    files(&folder.join("cubox"), &mut paths);
    let counts = paths.iter().map(|path| {
        let source = std::fs::read_to_string(path).expect("UTF-8");
        let (checkable, right) = agreement(&source);
        println!("{right:4} of {checkable:4}  {}", path.display());
        (checkable, right)
    });
    let (checkable, right) = counts.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    println!("{right} of {checkable} paragraphs");
    assert!(right * 1000 >= checkable * 990, "{right} of {checkable}");
}
