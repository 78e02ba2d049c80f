//! A leaf with its marks as Markdown that reads back to the same.
//!
//! Several spellings are tried, the plainest first, and the first that reads back is taken:
//! whether a run of stars opens or closes is for the parser to say, not for a second set of
//! rules here.

use super::Writer;
use super::escape::{self, Care};
use super::same::{self, same_leaf};
use crate::document::{Document, Image, Leaf, Mark, MarkKind, Node, TextRange};
use crate::parse::{Context, parse};
use crate::source::{Source, Span};

/// Where a leaf is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a paragraph, where it begins lines.
    Text,
    /// On one line, behind something: a heading's number signs.
    Line,
    /// In a table's cell.
    Cell,
}

/// One way to write a leaf.
#[derive(Clone, Copy)]
struct Spelling {
    care: Care,
    /// Emphasis as `<b>` and `<i>` rather than stars.
    elements: bool,
}

const SPELLINGS: [Spelling; 4] = [
    Spelling { care: Care::Little, elements: false },
    Spelling { care: Care::Much, elements: false },
    Spelling { care: Care::Little, elements: true },
    Spelling { care: Care::Much, elements: true },
];

impl Writer<'_> {
    /// A leaf behind `lead` (a label; else nothing) as it is written in such a place.
    pub(super) fn leaf(&self, leaf: Leaf, place: Place, lead: &str) -> String {
        let plain = self.spelt(leaf, place, lead, SPELLINGS[0]);
        if is_harmless(&plain) {
            return plain;
        }
        let others = SPELLINGS[1..].iter().map(|way| self.spelt(leaf, place, lead, *way));
        let raw =
            (place == Place::Text && lead.is_empty() && self.document.slice(leaf).starts_with('<'))
                .then(|| self.document.slice(leaf).to_owned());
        std::iter::once(plain.clone())
            .chain(others)
            .chain(raw)
            .find(|written| self.reads_back(leaf, written, place, lead))
            .unwrap_or(plain)
    }

    fn reads_back(&self, leaf: Leaf, written: &str, place: Place, lead: &str) -> bool {
        // Below a heading, and in a list: nothing there is a head's line, a label or a title.
        let text = match place {
            Place::Text => format!("## x\n\n- {}\n", indented(&format!("{lead}{written}"), "  ")),
            Place::Line => format!("## x\n\n- ### {written}\n"),
            Place::Cell => format!("## x\n\n| x |\n| --- |\n| {written} |\n"),
        };
        let context = Context { plain: true, ..Context::default() };
        let (read, _) = parse(&Source::new("", text), &context);
        only_leaf(&read).is_some_and(|other| same_leaf(self.document, leaf, &read, other))
    }

    /// Colons behind what looks like a label and is none, where that needs a backslash.
    fn colons(&self, leaf: Leaf) -> Vec<u32> {
        const REACH: usize = 50;
        let unit = self.units.at(self.document.source_offset(leaf.start));
        if !unit.is_some_and(|unit| self.plan.careful.contains(&unit)) {
            return Vec::new();
        }
        let mut at = leaf.start;
        let mut found = Vec::new();
        for line in self.document.slice(leaf).split('\n') {
            let colon = line.char_indices().take(REACH).find(|(_, c)| *c == ':');
            found.extend(colon.map(|(colon, _)| at + colon as u32));
            at += line.len() as u32 + 1;
        }
        found
    }

    fn spelt(&self, leaf: Leaf, place: Place, lead: &str, way: Spelling) -> String {
        let mut speller = Speller {
            document: self.document,
            place,
            way,
            out: String::new(),
            at: leaf.start,
            leaf,
            fresh: place == Place::Text && lead.is_empty(),
            open: Vec::new(),
            escaped: self.colons(leaf),
            joins: same::joins(self.document, leaf).collect(),
        };
        speller.run();
        speller.out
    }
}

/// Whether no character of what was written can mean anything but itself.
fn is_harmless(written: &str) -> bool {
    let special = |byte: u8| b"*_`~<[]\\&|!".contains(&byte);
    !written.bytes().any(special)
        && !written.contains(['\n', '\t'])
        && written.trim_matches([' ', '\t']).len() == written.len()
        && escape::line(written, true).is_none()
        && !written.contains(['#', '{', '\r', '\0'])
}

/// The leaf of a document that is a heading and one block.
fn only_leaf(read: &Document) -> Option<Leaf> {
    let [block] = &read.blocks[..] else { return None };
    match &block.node {
        Node::List { items, .. } => match &items[..] {
            [item] if item.task.is_none() => match item.body[..] {
                [Node::Paragraph(leaf) | Node::Heading(3, leaf)] => Some(leaf),
                _ => None,
            },
            _ => None,
        },
        Node::Table(table) => match &table.rows[..] {
            [row] if row.len() == 1 => row.first().copied(),
            _ => None,
        },
        _ => None,
    }
}

/// Every line but the first indented; blank ones stay blank.
pub(super) fn indented(text: &str, by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
            if !line.is_empty() {
                out.push_str(by);
            }
        }
        out.push_str(line);
    }
    out
}

struct Speller<'a> {
    document: &'a Document,
    place: Place,
    way: Spelling,
    out: String,
    /// How far the text is written.
    at: u32,
    leaf: Leaf,
    /// Whether a line begins here.
    fresh: bool,
    /// Marks that are open: where they end, and what closes them.
    open: Vec<(u32, String)>,
    /// Characters that the source escapes.
    escaped: Vec<u32>,
    /// Joins that count, which are yet to be written.
    joins: Vec<u32>,
}

impl Speller<'_> {
    fn run(&mut self) {
        let marks = self.document.marks_in(self.leaf);
        let escapes = marks.iter().filter(|mark| mark.kind == MarkKind::Escaped);
        self.escaped.extend(escapes.map(|mark| mark.range.start));
        for mark in marks {
            if mark.range.start < self.at && !mark.range.is_empty() {
                // Inside what is written already (a code span).
                continue;
            }
            self.mark(mark);
        }
        self.text_to(self.leaf.end);
        while let Some((_, close)) = self.open.pop() {
            self.out.push_str(&close);
        }
    }

    fn mark(&mut self, mark: &Mark) {
        if mark.kind == MarkKind::Chapter {
            return self.chapter(mark.range.start);
        }
        if mark.kind == MarkKind::Escaped || mark.kind.is_found() {
            return;
        }
        self.text_to(mark.range.start);
        self.close_until(mark.range.start);
        let end = mark.range.end;
        match &mark.kind {
            MarkKind::Strong => self.emphasis(end, "**", "b"),
            MarkKind::Emphasis => self.emphasis(end, "*", "i"),
            MarkKind::Strikethrough => self.begin(end, "~~", "~~".to_owned()),
            MarkKind::Element(name) => {
                self.begin(end, &format!("<{name}>"), format!("</{name}>"));
            }
            MarkKind::Term(term) => {
                self.begin(end, "[", format!("](term:{})", encoded(term)));
            }
            MarkKind::Link(to) => self.link(mark.range, &to.url, &to.title, to.span),
            MarkKind::Code => self.code(mark.range),
            MarkKind::Break => self.line_break(mark.range),
            MarkKind::Image(image) => self.image(image),
            MarkKind::Footnote(label) => self.piece(&format!("[^{label}]")),
            MarkKind::Escaped => {}
            MarkKind::Stage | MarkKind::Aside | MarkKind::Chapter | MarkKind::Time(_) => {}
        }
    }

    /// Each line of a list of chapters stands on its own, also where two lines of Chinese have
    /// nothing between them in the text.
    fn chapter(&mut self, start: u32) {
        self.text_to(start);
        self.close_until(start);
        if start > self.leaf.start && !self.out.ends_with('\n') && self.place == Place::Text {
            self.out.push('\n');
            self.fresh = true;
        }
    }

    fn emphasis(&mut self, end: u32, stars: &str, element: &str) {
        if self.way.elements {
            self.begin(end, &format!("<{element}>"), format!("</{element}>"));
        } else {
            self.begin(end, stars, stars.to_owned());
        }
    }

    fn begin(&mut self, end: u32, open: &str, close: String) {
        self.piece(open);
        self.open.push((end, close));
    }

    fn piece(&mut self, text: &str) {
        self.out.push_str(text);
        self.fresh = false;
    }

    fn close_until(&mut self, at: u32) {
        while let Some((_, close)) = self.open.pop_if(|(end, _)| *end <= at) {
            self.out.push_str(&close);
        }
    }

    fn link(&mut self, range: TextRange, url: &str, title: &str, span: Span) {
        let text = self.document.slice(range);
        let bare = text == url && title.is_empty() && is_address(url);
        let marked =
            self.document.marks_in(range).iter().filter(|mark| mark.range.end <= range.end);
        if bare && marked.count() == 1 {
            self.piece(&format!("<{url}>"));
            self.at = range.end;
            return;
        }
        let close = format!("]{}", self.target(url, title, span));
        self.begin(range.end, "[", close);
    }

    /// The address; one that is not put on a page as the source has it.
    fn target(&self, url: &str, title: &str, span: Span) -> String {
        if url.is_empty() {
            let source = self.document.source.slice(span);
            if let Some(at) = source.rfind("](").filter(|_| source.ends_with(')')) {
                return source[at + 1..].to_owned();
            }
        }
        escape::target(url, title)
    }

    fn code(&mut self, range: TextRange) {
        let mut code = escape::code_span(self.document.slice(range));
        if self.place == Place::Cell {
            code = code.replace('|', "\\|");
        }
        self.piece(&code);
        self.at = range.end;
    }

    fn line_break(&mut self, range: TextRange) {
        let next = self.document.text[range.end as usize..self.leaf.end as usize].chars().next();
        let element = self.place != Place::Text
            || self.way.elements
            || range.start == self.leaf.start
            || next.is_none_or(|c| c == '\n');
        if element {
            self.piece("<br>");
        } else {
            self.piece("\\\n");
            self.fresh = true;
        }
        self.at = range.end;
    }

    fn image(&mut self, image: &Image) {
        self.piece(&written_image(self, image));
    }

    /// Writes the text up to `to`, and what ends or joins on the way.
    fn text_to(&mut self, to: u32) {
        while self.at < to {
            self.close_until(self.at);
            if self.joins.first() == Some(&self.at) {
                self.joins.remove(0);
                let bold = self.open.iter().any(|(_, close)| close == "**");
                self.piece(if bold { "****" } else { "**<!-- -->****<!-- -->**" });
            }
            let rest = &self.document.text[self.at as usize..to as usize];
            let Some(c) = rest.chars().next() else { break };
            self.character(c);
            self.at += c.len_utf8() as u32;
        }
    }

    fn character(&mut self, c: char) {
        let rest = &self.document.text[self.at as usize..self.leaf.end as usize];
        let line = rest.split('\n').next().unwrap_or_default();
        if c == '\n' {
            self.out.push('\n');
            self.fresh = self.place == Place::Text;
            return;
        }
        if std::mem::replace(&mut self.fresh, false)
            && let Some(at) = escape::line(line, self.at == self.leaf.start)
        {
            self.escaped.push(self.at + at as u32);
        }
        // Behind a picture a blank stays one.
        let starts =
            self.at == self.leaf.start && !self.out.ends_with(')') || self.out.ends_with('\n');
        let ends = line.chars().nth(1).is_none();
        let next = rest[c.len_utf8()..].chars().next();
        let closes = self.place == Place::Line
            && (c == '{'
                || (line.bytes().all(|byte| byte == b'#')
                    && (self.out.is_empty() || self.out.ends_with(' '))));
        let escape = self.escaped.contains(&self.at)
            || escape::inline(rest, self.way.care)
            || (c == '|' && self.place == Place::Cell)
            || (c == '!' && next == Some('[') && self.way.care == Care::Much)
            || closes;
        match c {
            ' ' | '\t' if starts || ends => self.out.push_str(&format!("&#{};", c as u32)),
            '\r' => self.out.push_str("&#13;"),
            c if escape && c.is_ascii_punctuation() => {
                self.out.push('\\');
                self.out.push(c);
            }
            // An escaped letter is the backslash's: it opts out of a mention.
            c => self.out.push(c),
        }
    }
}

fn written_image(speller: &Speller<'_>, image: &Image) -> String {
    let alt = escape::plain(&image.alt, Care::Much);
    let alt = if speller.place == Place::Cell { alt.replace('|', "\\|") } else { alt };
    linked(format!("![{alt}]{}", speller.target(&image.url, &image.title, image.span)), image)
}

/// A picture inside the link that leads from it.
fn linked(written: String, image: &Image) -> String {
    match &image.link {
        Some(link) => format!("[{written}]{}", escape::target(&link.url, &link.title)),
        None => written,
    }
}

impl Writer<'_> {
    /// A picture that stands alone.
    pub(super) fn image(&self, image: &Image) -> String {
        let alt = escape::plain(&image.alt, Care::Much);
        let source = self.document.source.slice(image.span);
        let written =
            match source.rfind("](").filter(|_| image.url.is_empty() && source.ends_with(')')) {
                Some(at) => format!("![{alt}{}", &source[at..]),
                None => format!("![{alt}]{}", escape::target(&image.url, &image.title)),
            };
        linked(written, image)
    }
}

/// Whether an address can stand between angle brackets.
fn is_address(url: &str) -> bool {
    (url.starts_with("http://") || url.starts_with("https://"))
        && !url
            .contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '|'))
}

/// A term's id as part of an address.
fn encoded(term: &str) -> String {
    let mut out = String::new();
    for c in term.chars() {
        match c {
            c if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '#') => out.push(c),
            c => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
    out
}
