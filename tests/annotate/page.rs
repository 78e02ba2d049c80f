//! Documents and glossaries for these tests, made without a parser from one-line markup.
//!
//! A blank line separates paragraphs, `# ` begins a heading, `@` a turn; `**` and `****` leave
//! their seams; `` `code` ``, `[words](where)`, `[words](term:id)`, `![](picture)`, `[^note]`,
//! `<kbd>…</kbd>` and `\X` are what they are in Markdown, `{200b}` is a character by its
//! number, and `⟦words⟧` or `⟦words|Term⟧` is a mention that must be found.

use std::collections::BTreeMap;

use postil::config::FrontMatter;
use postil::document::{
    Block, Document, Head, Heading, Image, Item, Mark, MarkKind, Node, Seam, Speaker, Target,
    TextRange, Turn,
};
use postil::glossary::{Case, Glossary, MarkRule, Term};
use postil::source::{Source, Span};

/// A document and the mentions that its markup expects, with the term's headword if given.
pub struct Page {
    pub document: Document,
    pub expected: Vec<(TextRange, Option<String>)>,
}

/// Reads the markup above.
pub fn page(markup: &str) -> Page {
    let source = Source::new("test.md", markup);
    let mut page = Page { document: empty(source), expected: Vec::new() };
    for paragraph in markup.split("\n\n") {
        if !page.document.text.is_empty() {
            page.document.text.push('\n');
        }
        page.paragraph(paragraph);
    }
    page.document.marks.sort_by_key(|mark| (mark.range.start, std::cmp::Reverse(mark.range.end)));
    page
}

fn empty(source: Source) -> Document {
    Document {
        source,
        front: FrontMatter::default(),
        head: Head::default(),
        text: String::new(),
        marks: Vec::new(),
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

impl Page {
    fn paragraph(&mut self, markup: &str) {
        let start = self.document.text.len();
        let (heading, rest) = match markup.strip_prefix("# ") {
            Some(rest) => (true, rest),
            None => (false, markup),
        };
        let (speaker, rest) = match rest.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
            Some((speaker, rest)) => (Some(self.speaker(speaker)), rest),
            None => (None, rest),
        };
        self.inline(rest);
        let leaf = TextRange::new(start, self.document.text.len());
        if heading {
            self.document.items.push(Item::Heading(Heading {
                id: String::new(),
                level: 2,
                text: leaf,
                number: None,
                span: Span::default(),
            }));
            return;
        }
        let index = self.document.blocks.len() as u32;
        let node = Node::Paragraph(leaf);
        let block = Block { id: String::new(), span: Span::default(), text: leaf, node };
        self.document.blocks.push(block);
        self.document.items.push(match speaker {
            None => Item::Prose(index..index + 1),
            Some(speaker) => Item::Turn(Turn {
                id: String::new(),
                speaker: Some(speaker),
                label: None,
                form: None,
                time: None,
                blocks: index..index + 1,
                span: Span::default(),
            }),
        });
    }

    fn speaker(&mut self, label: &str) -> u32 {
        let speakers = &mut self.document.speakers;
        let known = speakers.iter().position(|speaker| speaker.label == label);
        known.unwrap_or_else(|| {
            speakers.push(Speaker { label: label.to_owned(), turns: 1, declared: false });
            speakers.len() - 1
        }) as u32
    }

    fn inline(&mut self, mut rest: &str) {
        let mut open = None;
        while let Some(c) = rest.chars().next() {
            let at = self.document.text.len();
            let seam = |join| Seam { at: at as u32, join };
            if let Some(behind) = rest.strip_prefix("****") {
                self.document.seams.push(seam(true));
                rest = behind;
            } else if let Some(behind) = rest.strip_prefix("**") {
                self.document.seams.push(seam(false));
                rest = behind;
            } else if let Some(behind) = self.whole(rest) {
                rest = behind;
            } else if let Some(behind) = rest.strip_prefix('⟦') {
                open = Some(at);
                rest = behind;
            } else if let Some((name, behind)) = mention_end(rest)
                && let Some(start) = open.take()
            {
                self.expected.push((TextRange::new(start, at), name));
                rest = behind;
            } else {
                self.document.text.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }

    /// A construct that is read as a whole; what stands behind it.
    fn whole<'m>(&mut self, markup: &'m str) -> Option<&'m str> {
        if let Some(inside) = markup.strip_prefix('\\') {
            let c = inside.chars().next()?;
            self.marked(c.encode_utf8(&mut [0; 4]), MarkKind::Escaped);
            return Some(&inside[c.len_utf8()..]);
        }
        if let Some(inside) = markup.strip_prefix('{') {
            let (number, behind) = inside.split_once('}')?;
            let c = u32::from_str_radix(number, 16).ok().and_then(char::from_u32)?;
            self.document.text.push(c);
            return Some(behind);
        }
        if let Some(inside) = markup.strip_prefix('`') {
            let (code, behind) = inside.split_once('`')?;
            self.marked(code, MarkKind::Code);
            return Some(behind);
        }
        if let Some(inside) = markup.strip_prefix("<kbd>") {
            let (keys, behind) = inside.split_once("</kbd>")?;
            self.marked(keys, MarkKind::Element("kbd"));
            return Some(behind);
        }
        if let Some(inside) = markup.strip_prefix("[^") {
            let (label, behind) = inside.split_once(']')?;
            self.marked("", MarkKind::Footnote(label.into()));
            return Some(behind);
        }
        if let Some(inside) = markup.strip_prefix("![](") {
            let (url, behind) = inside.split_once(')')?;
            let (alt, title, span) = (String::new(), String::new(), Span::default());
            let (url, link) = (url.to_owned(), None);
            self.marked("", MarkKind::Image(Box::new(Image { url, alt, title, link, span })));
            return Some(behind);
        }
        let (words, inside) = markup.strip_prefix('[')?.split_once("](")?;
        let (url, behind) = inside.split_once(')')?;
        let kind = match url.strip_prefix("term:") {
            Some(term) => MarkKind::Term(term.into()),
            None => {
                let (url, title) = (url.to_owned(), String::new());
                MarkKind::Link(Box::new(Target { url, title, span: Span::default() }))
            }
        };
        self.marked(words, kind);
        Some(behind)
    }

    fn marked(&mut self, words: &str, kind: MarkKind) {
        let start = self.document.text.len();
        self.document.text.push_str(words);
        let range = TextRange::new(start, self.document.text.len());
        self.document.marks.push(Mark { range, kind });
    }
}

fn mention_end(rest: &str) -> Option<(Option<String>, &str)> {
    if let Some(behind) = rest.strip_prefix('⟧') {
        return Some((None, behind));
    }
    let (name, behind) = rest.strip_prefix('|')?.split_once('⟧')?;
    Some((Some(name.to_owned()), behind))
}

/// A term from one line: `AI = A.I. = 人工智能; not: AI-ish = x; case: fold; plural: no;
/// mark: every; id: ai; speakers: A = B; tags: x; before: D; after: D`.
pub fn term(line: &str) -> Term {
    let mut parts = line.split(';').map(str::trim);
    let mut forms = list(parts.next().unwrap_or_default()).into_iter();
    let headword = forms.next().unwrap_or_default();
    let mut term = Term {
        id: headword.clone(),
        term: headword,
        name: Default::default(),
        aliases: forms.collect(),
        definition: Default::default(),
        as_of: None,
        category: None,
        see: Vec::new(),
        not: Vec::new(),
        case: Case::Auto,
        mark: None,
        scope: Default::default(),
        sources: Vec::new(),
        plural: true,
        source: Source::new("glossary.yaml", ""),
        span: Span::default(),
    };
    for part in parts {
        let (key, value) = part.split_once(':').expect("`key: value`");
        set(&mut term, key.trim(), value.trim());
    }
    term
}

fn set(term: &mut Term, key: &str, value: &str) {
    match (key, value) {
        ("not", _) => term.not = list(value),
        ("id", _) => term.id = value.to_owned(),
        ("speakers", _) => term.scope.speakers = list(value),
        ("tags", _) => term.scope.tags = list(value),
        ("before", _) => term.scope.before = Some(value.to_owned()),
        ("after", _) => term.scope.after = Some(value.to_owned()),
        ("case", "fold") => term.case = Case::Fold,
        ("case", "exact") => term.case = Case::Exact,
        ("plural", "no") => term.plural = false,
        ("mark", _) => term.mark = Some(rule(value)),
        _ => panic!("{key}: {value}"),
    }
}

/// A rule by its name.
pub fn rule(name: &str) -> MarkRule {
    match name {
        "near" => MarkRule::Near,
        "section" => MarkRule::Section,
        "page" => MarkRule::Page,
        "turn" => MarkRule::Turn,
        "every" => MarkRule::Every,
        "never" => MarkRule::Never,
        _ => panic!("no rule {name}"),
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(" = ").map(|one| one.trim().to_owned()).collect()
}

/// A glossary from lines as [`term`] reads them.
pub fn glossary<'a>(lines: impl IntoIterator<Item = &'a str>) -> Glossary {
    Glossary::of(lines.into_iter().map(term).collect())
}
