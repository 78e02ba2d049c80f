//! What the preview joins to a page when it is served: the script that reloads it, and the
//! messages over it.
//!
//! The messages stand in a shadow tree with a style sheet of its own, so neither they nor the
//! page's theme can change each other. They need no script: an error's text can be read and
//! folded away without one.

use crate::diagnostics::{self, Diagnostic};

use super::preview::Shown;

/// The script at `/_postil/reload.js`.
pub const SCRIPT: &str = include_str!("reload.js");

/// The style sheet at `/_postil/preview.css`.
pub const STYLE: &str = include_str!("preview.css");

/// How many messages a page shows.
const LISTED: usize = 30;

/// A page's bytes with the messages and the script.
pub fn join(page: &[u8], shown: &Shown, state: &str) -> Vec<u8> {
    insert(page, &format!("{}{}", messages(shown), script(state)))
}

/// A page's bytes with the messages only, when it has the script already.
pub fn join_messages(page: &[u8], shown: &Shown) -> Vec<u8> {
    insert(page, &messages(shown))
}

/// A page of the preview's own, with the script.
pub fn bare_page(title: &str, text: &str, state: &str) -> String {
    let (title, text) = (escape(title), escape(text));
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/_postil/preview.css\"></head>\
         <body class=\"bare\"><h1>{title}</h1><p>{text}</p><p><a href=\"/\">Home</a></p>{}</body></html>\n",
        script(state)
    )
}

/// Diagnostics as plain text.
pub fn plain(all: &[Diagnostic]) -> String {
    diagnostics::print(all, false)
}

fn script(state: &str) -> String {
    format!("<script src=\"/_postil/reload.js\" data-state=\"{}\" defer></script>", escape(state))
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
    if shown.errors.is_empty() && shown.warnings.is_empty() {
        return String::new();
    }
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
    if !shown.warnings.is_empty() {
        let title = number(shown.warnings.len(), "warning");
        html.push_str(&list("warnings", false, &title, &shown.warnings));
    }
    html.push_str("</div></template></postil-preview>");
    html
}

fn list(class: &str, open: bool, title: &str, all: &[Diagnostic]) -> String {
    let open = if open { " open" } else { "" };
    let mut items: String = all
        .iter()
        .take(LISTED)
        .map(|one| format!("<pre>{}</pre>", escape(plain(std::slice::from_ref(one)).trim_end())))
        .collect();
    if all.len() > LISTED {
        items.push_str("<pre>… and more: postil check lists them all</pre>");
    }
    format!(
        "<details class=\"{class}\"{open}><summary>{}</summary>{items}</details>",
        escape(title)
    )
}

fn number(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn escape(text: &str) -> String {
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
        Shown { found: Found::Page(None), errors, warnings: Vec::new(), stale: true }
    }

    #[test]
    fn the_script_comes_before_the_last_end_of_the_body() {
        let page = b"<p>&lt;/body> </body x</p></BODY></html>";
        let joined = String::from_utf8(join(page, &shown(Vec::new()), "r.1")).unwrap();
        let expected = "<p>&lt;/body> </body x</p>\
            <script src=\"/_postil/reload.js\" data-state=\"r.1\" defer></script></BODY></html>";
        assert_eq!(joined, expected);
        assert!(join(b"text", &shown(Vec::new()), "r.1").ends_with(b"</script>"));
    }

    #[test]
    fn messages_are_escaped() {
        let source = Source::new("a\"<b>.md", "</pre></template><script>alert(1)</script>");
        let bad = Diagnostic::error("x/y", &source, Span::new(0, 6), "</pre><img src=x onerror=y>");
        let joined = String::from_utf8(join(b"<body></body>", &shown(vec![bad]), "r.1")).unwrap();
        assert!(joined.contains("&lt;img"), "{joined}");
        assert_eq!(joined.matches("<script").count(), 1, "{joined}");
        assert!(!joined.contains("<img") && !joined.contains("a\"<b>"), "{joined}");
    }
}
