//! What the preview joins to a page when it is served: the script that keeps it up to date, the
//! messages over it, and the mark in its corner.
//!
//! All of it stands in a shadow tree with a style sheet of its own, so neither it nor the page's
//! theme can change the other. The messages need no script: an error's text can be read and
//! folded away without one.

use crate::diagnostics::{self, Diagnostic};

use super::preview::Shown;

/// The script at `/_postil/reload.js`.
pub const SCRIPT: &str = include_str!("reload.js");

/// The style sheet at `/_postil/preview.css`.
pub const STYLE: &str = include_str!("preview.css");

/// How many messages a page shows.
const LISTED: usize = 30;

/// What is joined to a page, besides its messages.
#[derive(Clone, Copy, Debug)]
pub struct Joined<'a> {
    /// The page's path in the output.
    pub page: &'a str,
    /// The state that it shows.
    pub state: &'a str,
}

/// A page's bytes with the messages, the mark and the script.
pub fn join(page: &[u8], shown: &Shown, joined: Joined) -> Vec<u8> {
    insert(page, &format!("{}{}", messages(shown), script(joined)))
}

/// A page of the preview's own.
pub fn own_page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>\
         <link rel=\"icon\" href=\"data:,\">\
         <link rel=\"stylesheet\" href=\"/_postil/preview.css\"></head>\
         <body class=\"own\"><main><h1>{title}</h1>{body}</main></body></html>\n",
    )
}

/// A page that says one thing.
pub fn bare_page(title: &str, text: &str) -> String {
    let text = escape(text);
    own_page(title, &format!("<p>{text}</p><p><a href=\"/\">Home</a></p>"))
}

/// A page in place of one whose making ended in a fault of the program's own, with its message.
pub fn fault_page(said: &str) -> String {
    let said = escape(said);
    let body = format!(
        "<p>This page could not be made. The fault is postil’s and not yours; the other pages go on, and the \
         next save tries this one again.</p><pre>{said}</pre>\
         <p>The terminal says where in the program that was: a report with it helps. <a href=\"/\">Home</a></p>"
    );
    own_page("A fault in postil", &body)
}

/// Diagnostics as plain text.
pub fn plain(all: &[Diagnostic]) -> String {
    diagnostics::print(all, false)
}

/// It is not deferred: it has to see the page as it was sent, before other scripts change it.
fn script(joined: Joined) -> String {
    let (page, state) = (escape(joined.page), escape(joined.state));
    format!(
        "<script src=\"/_postil/reload.js\" data-state=\"{state}\" data-page=\"{page}\"></script>"
    )
}

/// Before the last `</body>`, or at the end of a page that has none.
fn insert(page: &[u8], what: &str) -> Vec<u8> {
    const END: &[u8] = b"</body";
    let at = page
        .windows(END.len())
        .rposition(|window| window.eq_ignore_ascii_case(END))
        .unwrap_or(page.len());
    [&page[..at], what.as_bytes(), &page[at..]].concat()
}

fn messages(shown: &Shown) -> String {
    let mut html = String::from(
        "<postil-preview><template shadowrootmode=\"open\">\
         <link rel=\"stylesheet\" href=\"/_postil/preview.css\"><div class=\"box\" lang=\"en\">",
    );
    if !shown.errors.is_empty() {
        let stale = if shown.stale { "; the page behind is the last good one" } else { "" };
        let title = format!("{}{stale}", number(shown.errors.len(), "error"));
        html.push_str("<div role=\"alert\">");
        html.push_str(&list("errors", true, &title, &shown.errors));
        html.push_str("</div>");
    }
    html.push_str("<div class=\"bar\">");
    if !shown.marks.is_empty() {
        html.push_str(&list("marks", false, &counts(&shown.marks), &shown.marks));
    }
    html.push_str(
        "<button type=\"button\" class=\"follow\" aria-pressed=\"false\" hidden \
         title=\"Go to what changes\">Follow</button>\
         <a href=\"/_postil/\" title=\"The site as postil understood it\">postil</a>\
         </div></div></template></postil-preview>",
    );
    html
}

/// `1 error, 2 warnings`.
pub fn counts(all: &[Diagnostic]) -> String {
    use diagnostics::Severity::{Error, Note, Warning};
    let kinds = [(Error, "error"), (Warning, "warning"), (Note, "note")];
    let parts = kinds.map(|(severity, noun)| (diagnostics::count(all, severity), noun));
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    parts.map(|(count, noun)| number(count, noun)).collect::<Vec<_>>().join(", ")
}

fn list(class: &str, open: bool, title: &str, all: &[Diagnostic]) -> String {
    let open = if open { " open" } else { "" };
    let mut items: String = all
        .iter()
        .take(LISTED)
        .map(|one| format!("<pre>{}</pre>", escape(plain(std::slice::from_ref(one)).trim_end())))
        .collect();
    if all.len() > LISTED {
        items.push_str("<p>… and more: <a href=\"/_postil/#problems\">all of them</a></p>");
    }
    format!(
        "<details class=\"{class}\"{open}><summary>{}</summary><div class=\"list\">{items}</div></details>",
        escape(title)
    )
}

/// `1 file`, `2 files`.
pub fn number(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Text as HTML, in an element or in an attribute's quotes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::preview::Found;
    use crate::source::{Source, Span};

    fn shown(errors: Vec<Diagnostic>) -> Shown {
        Shown { found: Found::Page(None), errors, marks: Vec::new(), stale: true, noindex: false }
    }

    const HERE: Joined = Joined { page: "a\"b.html", state: "r.1" };

    #[test]
    fn the_script_comes_before_the_last_end_of_the_body() {
        let page = b"<p>&lt;/body> </body x</p></BODY></html>";
        let joined = String::from_utf8(join(page, &shown(Vec::new()), HERE)).unwrap();
        assert!(joined.starts_with("<p>&lt;/body> </body x</p><postil-preview>"), "{joined}");
        let script = "<script src=\"/_postil/reload.js\" data-state=\"r.1\" \
            data-page=\"a&quot;b.html\"></script></BODY></html>";
        assert!(joined.ends_with(script), "{joined}");
        assert!(join(b"text", &shown(Vec::new()), HERE).ends_with(b"</script>"));
    }

    #[test]
    fn messages_are_escaped() {
        let source = Source::new("a\"<b>.md", "</pre></template><script>alert(1)</script>");
        let bad = Diagnostic::error("x/y", &source, Span::new(0, 6), "</pre><img src=x onerror=y>");
        let joined = String::from_utf8(join(b"<body></body>", &shown(vec![bad]), HERE)).unwrap();
        assert!(joined.contains("&lt;img"), "{joined}");
        assert_eq!(joined.matches("<script").count(), 1, "{joined}");
        assert!(!joined.contains("<img") && !joined.contains("a\"<b>"), "{joined}");
    }
}
