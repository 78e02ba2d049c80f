//! Short Markdown that stands outside of documents: definitions.
//!
//! Raw HTML is shown as text; links are kept by scheme; images and everything else that a
//! definition has no use for is reduced to its words.

use pulldown_cmark::{Event, LinkType, Options, Tag, TagEnd};

use super::{text, url};
use crate::parse::emphasis;
use crate::paths::link;

/// Where links of a short text lead that need the site to tell. One that leads nowhere is reduced to
/// its words.
#[derive(Clone, Copy)]
pub struct Leads<'a> {
    /// `[words](term:x)`, given `x`.
    pub term: &'a dyn Fn(&str) -> Option<String>,
    /// `[words](../a.md#t-1)`: one that has no scheme and names no host.
    pub inside: &'a dyn Fn(&str) -> Option<String>,
}

/// Markdown as HTML. A text of one paragraph comes without an element around it.
pub fn fragment(markdown: &str, leads: Leads<'_>) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let events: Vec<Event<'_>> = emphasis::events(markdown.trim(), options)
        .events
        .into_iter()
        .map(|(event, _)| event)
        .collect();
    let paragraphs =
        events.iter().filter(|event| matches!(event, Event::Start(Tag::Paragraph))).count();
    let blocks = events.iter().filter(|event| is_block(event)).count();
    let mut writer = Writer {
        out: String::new(),
        leads,
        bare: paragraphs == 1 && blocks == 1,
        links: Vec::new(),
    };
    for event in &events {
        writer.event(event);
    }
    writer.out
}

/// The words of Markdown, without markup.
pub fn plain(markdown: &str) -> String {
    let mut words = String::new();
    for (event, _) in &emphasis::events(markdown.trim(), Options::empty()).events {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph) => words.push(' '),
            _ => {}
        }
    }
    words.trim_end().to_owned()
}

fn is_block(event: &Event<'_>) -> bool {
    let inline = |tag: &Tag<'_>| {
        matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        )
    };
    matches!(event, Event::Start(tag) if !inline(tag)) || matches!(event, Event::Rule)
}

struct Writer<'a> {
    out: String,
    leads: Leads<'a>,
    bare: bool,
    /// For every open link, whether it was written.
    links: Vec<bool>,
}

impl Writer<'_> {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(words) | Event::Html(words) | Event::InlineHtml(words) => {
                text(&mut self.out, words);
            }
            Event::Code(words) => {
                self.out.push_str("<code>");
                text(&mut self.out, words);
                self.out.push_str("</code>");
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => self.out.push_str("<hr>"),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if let Tag::Link { link_type, dest_url, .. } = tag {
            return self.link(*link_type, dest_url);
        }
        if let Some(name) = self.element(&tag.to_end()) {
            self.out.push_str(&format!("<{name}>"));
        }
    }

    fn end(&mut self, tag: &TagEnd) {
        if *tag == TagEnd::Link {
            if self.links.pop() == Some(true) {
                self.out.push_str("</a>");
            }
        } else if let Some(name) = self.element(tag) {
            self.out.push_str(&format!("</{name}>"));
        }
    }

    fn link(&mut self, kind: LinkType, target: &str) {
        let target = match (kind, target.strip_prefix("term:")) {
            (LinkType::Email, _) => Some(format!("mailto:{target}")),
            (_, Some(name)) => (self.leads.term)(&link::percent_decoded(name)),
            (_, None) if link::is_inside(target) => (self.leads.inside)(target),
            (_, None) => allowed(target).then(|| target.to_owned()),
        };
        self.links.push(target.is_some());
        if let Some(target) = target {
            self.out.push_str("<a href=\"");
            url(&mut self.out, &target);
            self.out.push_str("\">");
        }
    }

    fn element(&self, tag: &TagEnd) -> Option<&'static str> {
        Some(match tag {
            TagEnd::Paragraph => return (!self.bare).then_some("p"),
            TagEnd::Heading(_) => "p",
            TagEnd::BlockQuote(_) => "blockquote",
            TagEnd::CodeBlock => "pre",
            TagEnd::List(ordered) => {
                if *ordered {
                    "ol"
                } else {
                    "ul"
                }
            }
            TagEnd::Item => "li",
            TagEnd::Emphasis => "em",
            TagEnd::Strong => "strong",
            TagEnd::Strikethrough => "del",
            TagEnd::Table => "table",
            TagEnd::TableHead | TagEnd::TableRow => "tr",
            TagEnd::TableCell => "td",
            _ => return None,
        })
    }
}

/// Absolute links of harmless schemes.
fn allowed(target: &str) -> bool {
    let lower = target.trim_start().to_ascii_lowercase();
    ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(markdown: &str) -> String {
        let leads = Leads {
            term: &|name| (name == "rag").then(|| "#g-rag".to_owned()),
            inside: &|url| (url == "a.md#t-1").then(|| "../a.html#t-1".to_owned()),
        };
        fragment(markdown, leads)
    }

    #[test]
    fn one_paragraph_is_bare_and_more_are_not() {
        assert_eq!(html("a *b* `c`\n"), "a <em>b</em> <code>c</code>");
        assert_eq!(html("a\n\nb"), "<p>a</p><p>b</p>");
        assert_eq!(html("- a\n- b"), "<ul><li>a</li><li>b</li></ul>");
    }

    #[test]
    fn plain_words_have_no_markup() {
        assert_eq!(plain("a *b* `c`\n[d](term:rag)\n\ne"), "a b c d e");
    }

    #[test]
    fn nothing_hostile_comes_through() {
        assert_eq!(html("<script>x</script>"), "&lt;script&gt;x&lt;/script&gt;");
        assert_eq!(html("a <b onclick=x>b</b>"), "a &lt;b onclick=x&gt;b&lt;/b&gt;");
        for bad in
            ["javascript:x", "JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "//x", "x.html"]
        {
            assert_eq!(html(&format!("[w]({bad})")), "w", "{bad}");
        }
        assert_eq!(html("[w](https://x.org/\"a)"), "<a href=\"https://x.org/%22a\">w</a>");
        assert_eq!(html("![alt](https://x.org/a.png)"), "alt");
    }

    #[test]
    fn terms_lead_where_they_are_defined() {
        assert_eq!(html("see [RAG](term:rag)"), "see <a href=\"#g-rag\">RAG</a>");
        assert_eq!(html("see [X](term:x)"), "see X");
        assert_eq!(html("see [a](a.md#t-1)"), "see <a href=\"../a.html#t-1\">a</a>");
    }
}
