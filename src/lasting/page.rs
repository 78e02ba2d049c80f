//! Reads the places of a page that an earlier build wrote, and their words.
//!
//! No parser of any page there may be, but of those that templates make: elements are closed, and
//! only what an element with an id of ours holds is of interest. A theme may wrap them as it likes.

use super::places::{Places, Turn, Unit};

/// Elements that have no end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose words are not the text's.
const BESIDE: [&str; 5] = ["script", "style", "sup", "nav", "aside"];

/// The class of an element that keeps an old id for the place that follows.
pub(super) const KEEPS: &str = "was";

/// The class of one that has the id of the same place in another language.
const COUNTERPART: &str = "was too";

/// Reads a page.
pub(super) fn read(html: &str) -> Places {
    let mut reader = Reader::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        reader.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let end = end_of_tag(rest);
        reader.tag(&rest[1..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    reader.text(rest);
    reader.places
}

/// Where the tag that a text begins with ends: its `>`, not one in an attribute's value.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

#[derive(Debug, Default)]
struct Reader {
    places: Places,
    depth: usize,
    /// The unit whose words these are, and the depth at which it began.
    unit: Option<usize>,
    turn: Option<usize>,
    beside: Option<usize>,
    /// Old ids that the next place keeps.
    kept: Vec<String>,
}

impl Reader {
    fn tag(&mut self, tag: &str) {
        if tag.starts_with('!') {
            return;
        }
        if tag.starts_with('/') {
            return self.close();
        }
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        self.open(&name, tag);
        if VOID.contains(&&*name) || tag.ends_with('/') {
            self.close();
        }
    }

    fn open(&mut self, name: &str, tag: &str) {
        self.depth += 1;
        let class = attribute(tag, "class").unwrap_or_default();
        if self.beside.is_none() && (BESIDE.contains(&name) || class == "notes") {
            self.beside = Some(self.depth);
        }
        let Some(id) = attribute(tag, "id").filter(|_| self.beside.is_none()) else { return };
        let heading = matches!(name.as_bytes(), [b'h', b'1'..=b'6']);
        if class == COUNTERPART {
            // It lasts as long as the other page's.
        } else if class == KEEPS {
            self.kept.push(id);
        } else if id.starts_with("t-") {
            let at = self.places.units.len();
            let ids = self.ids(id);
            self.places.turns.push(Turn { ids, units: at..at });
            self.turn = Some(self.depth);
        } else if heading && !id.starts_with('-') || id.starts_with("p-") {
            let unit = Unit { ids: self.ids(id), heading, ..Unit::default() };
            self.places.units.push(unit);
            self.unit = Some(self.depth);
        }
    }

    fn ids(&mut self, id: String) -> Vec<String> {
        let mut ids = vec![id];
        ids.append(&mut self.kept);
        ids
    }

    fn close(&mut self) {
        if self.turn == Some(self.depth) {
            let end = self.places.units.len();
            if let Some(turn) = self.places.turns.last_mut() {
                turn.units.end = end;
            }
            self.turn = None;
        }
        for open in [&mut self.unit, &mut self.beside] {
            if *open == Some(self.depth) {
                *open = None;
            }
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn text(&mut self, text: &str) {
        if self.unit.is_some()
            && self.beside.is_none()
            && let Some(unit) = self.places.units.last_mut()
        {
            unit.say(&decoded(text));
        }
    }
}

/// An attribute's value.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[from..];
    Some(decoded(value.split_once('"').map_or(value, |(value, _)| value)))
}

/// A text with its character references resolved: those that postil writes, and numbers.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let reference = &rest[at + 1..];
        let Some((name, after)) = reference.split_once(';').filter(|(name, _)| name.len() <= 10)
        else {
            out.push('&');
            rest = reference;
            continue;
        };
        let number =
            name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
                None => number.parse().ok(),
            });
        let known = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "nbsp" => Some('\u{a0}'),
            _ => number.and_then(char::from_u32),
        };
        out.extend(known);
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_their_words_and_their_ids() {
        let html = "<!doctype html><main id=\"-main\"><h1>Title</h1><!-- <p id=\"p-no\"> -->\
            <h2 class=\"sec\" id=\"s-a\">A <a class=\"pl\" href=\"#s-a\" title=\"a > b\"></a></h2>\
            <span class=\"was\" id=\"t-old\"></span><section class=\"turn\" id=\"t-new\"><p class=\"who\">Host</p>\
            <span class=\"was\" id=\"p-old\"></span><p id=\"p-one\">One &amp; <em>two</em><sup>1</sup>.<br>Three</p>\
            <figure id=\"p-two\"><img src=\"x.png\"></figure></section><p id=\"p-end\">&#x4f60;好</p><p>No.</p></main>";
        let places = read(html);
        let units: Vec<(Vec<&str>, String)> = places
            .units
            .iter()
            .map(|unit| {
                (unit.ids.iter().map(String::as_str).collect(), unit.letters.iter().collect())
            })
            .collect();
        assert_eq!(
            units,
            [
                (vec!["s-a"], "A".to_owned()),
                (vec!["p-one", "p-old"], "OnetwoThree".to_owned()),
                (vec!["p-two"], String::new()),
                (vec!["p-end"], "你好".to_owned()),
            ]
        );
        assert_eq!(
            places.turns,
            [Turn { ids: vec!["t-new".to_owned(), "t-old".to_owned()], units: 1..3 }]
        );
    }
}
