//! Events as one line of text a block, with brackets for the tags.

use std::ops::Range;

use postil::parse::emphasis::{LeftoverKind, Repaired};
use pulldown_cmark::{Event, Tag, TagEnd};

/// `⟦strong⟧`, `⟨emphasis⟩`, `` `code` ``, `[link]`, `![image]`, `~struck~`, `⏎` for a soft break
/// and `↵` for a hard one; a cell ends with `|`, and every other block with a line feed.
pub fn flatten(events: &[(Event<'_>, Range<usize>)]) -> String {
    let mut flat = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text) | Event::InlineHtml(text) | Event::Html(text) => flat.push_str(text),
            Event::Code(code) => flat.push_str(&format!("`{code}`")),
            Event::InlineMath(math) | Event::DisplayMath(math) => {
                flat.push_str(&format!("${math}$"));
            }
            Event::FootnoteReference(name) => flat.push_str(&format!("[^{name}]")),
            Event::SoftBreak => flat.push('⏎'),
            Event::HardBreak => flat.push('↵'),
            Event::Rule => flat.push_str("---\n"),
            Event::TaskListMarker(done) => flat.push(if *done { '☑' } else { '☐' }),
            Event::Start(tag) => flat.push_str(opening(tag)),
            Event::End(tag) => flat.push_str(closing(*tag)),
        }
        if matches!(event, Event::Start(_) | Event::End(_)) && flat.ends_with("\n\n") {
            flat.pop();
        }
    }
    flat.trim_matches('\n').to_owned()
}

fn opening(tag: &Tag<'_>) -> &'static str {
    match tag {
        Tag::Strong => "⟦",
        Tag::Emphasis => "⟨",
        Tag::Strikethrough => "~",
        Tag::Link { .. } => "[",
        Tag::Image { .. } => "![",
        Tag::List(_) => "\n",
        _ => "",
    }
}

fn closing(tag: TagEnd) -> &'static str {
    match tag {
        TagEnd::Strong => "⟧",
        TagEnd::Emphasis => "⟩",
        TagEnd::Strikethrough => "~",
        TagEnd::Link | TagEnd::Image => "]",
        TagEnd::TableCell => "|",
        _ => "\n",
    }
}

/// What was joined and what was left, a line each, in the words of the case files.
pub fn report(source: &str, repaired: &Repaired<'_>) -> String {
    let mut lines = Vec::new();
    if !repaired.joins.is_empty() {
        let joins: Vec<&str> = repaired.joins.iter().map(|join| &source[join.clone()]).collect();
        lines.push(format!("joins: {}", joins.join(" ")));
    }
    for leftover in &repaired.leftovers {
        let kind = match leftover.kind {
            LeftoverKind::Unpaired => "unpaired",
            LeftoverKind::BreaksOff => "breaks off",
            LeftoverKind::EscapedLabel => "escaped label",
        };
        lines.push(format!("{kind}: {}", &source[leftover.range.clone()]));
    }
    lines.join("\n")
}

/// What every stream of events must be: tags balanced, ranges inside the source and never going
/// back, each text at its place.
pub fn assert_sound(source: &str, events: &[(Event<'_>, Range<usize>)]) {
    let mut open: Vec<(TagEnd, Range<usize>)> = Vec::new();
    let mut at = 0;
    for (event, range) in events {
        assert!(range.start <= range.end && range.end <= source.len(), "{event:?} {range:?}");
        if let Some((_, outer)) = open.last() {
            let inside = outer.start <= range.start && range.end <= outer.end;
            assert!(inside, "{event:?} {range:?} leaves {outer:?} in {source:?}");
        }
        match event {
            Event::Start(tag) => {
                assert!(range.start >= at, "{event:?} {range:?} goes back in {source:?}");
                at = range.start;
                open.push((tag.to_end(), range.clone()));
            }
            Event::End(tag) => {
                assert_eq!(open.pop(), Some((*tag, range.clone())), "in {source:?}");
                assert!(range.end >= at, "{event:?} {range:?} ends early in {source:?}");
                at = range.end;
            }
            _ => {
                assert!(range.start >= at, "{event:?} {range:?} goes back in {source:?}");
                at = range.end;
            }
        }
    }
    assert!(open.is_empty(), "{open:?} never end in {source:?}");
}
