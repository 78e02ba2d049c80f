//! Writing XML. The escaping is the library's; characters that XML 1.0 has no place for are left
//! out.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document in the making.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// A document whose root has these attributes.
    pub fn new(root: &str, attributes: &[(&str, &str)]) -> Self {
        let mut xml = Self(Writer::new_with_indent(Vec::new(), b' ', 1));
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml.open(root, attributes);
        xml
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Start(start(name, attributes)));
    }

    /// Closes an element.
    pub fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element with text in it.
    pub fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.event(Event::Text(BytesText::new(&allowed(text))));
        self.close(name);
    }

    /// An element with attributes alone.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Empty(start(name, attributes)));
    }

    /// The document, with its root closed.
    pub fn finish(mut self, root: &str) -> Vec<u8> {
        self.close(root);
        let mut bytes = self.0.into_inner();
        bytes.push(b'\n');
        bytes
    }

    fn event(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("a vector takes all bytes");
    }
}

fn start<'a>(name: &'a str, attributes: &[(&'a str, &'a str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((*key, &*allowed(value)));
    }
    start
}

/// A text without the characters that XML cannot carry (<https://www.w3.org/TR/xml/#charsets>).
fn allowed(text: &str) -> Cow<'_, str> {
    let bad = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(bad) { text.replace(bad, "").into() } else { text.into() }
}
