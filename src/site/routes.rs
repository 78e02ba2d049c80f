//! Which file is which page, and what a link in a transcript names.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostics::{Diagnostic, Severity};
use crate::paths::{self, link};
use crate::source::{Source, Span};

/// Output paths by content path: `a/x.md` → `a/x.html`, `a/x.png` → `a/x.png`.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    targets: BTreeMap<String, Target>,
    /// Output paths of pages that no file names: lists, people, the glossary.
    made: BTreeMap<String, Target>,
}

/// What a content path or a static path is in the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its output path.
    pub path: String,
    /// Whether it is published (drafts are not).
    pub published: bool,
}

/// Where an output path comes from, for the message when two claim it.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub path: String,
    pub source: Source,
    /// The `slug` or the alias, if one says so.
    pub span: Option<Span>,
    pub of: Of,
}

/// What claims a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A file, or what the site makes of itself.
    File,
    /// An old address of a page.
    Alias,
    /// A page of a term.
    Term,
}

impl Routes {
    /// Adds a content path.
    pub(super) fn add(&mut self, content: &str, path: &str, published: bool) {
        self.targets.insert(composed(content), Target { path: path.to_owned(), published });
    }

    /// Adds a page that no content path names.
    pub(super) fn add_made(&mut self, path: &str) {
        self.made.insert(path.to_owned(), Target { path: path.to_owned(), published: true });
    }

    /// All content paths.
    pub(super) fn contents(&self) -> impl Iterator<Item = &str> {
        self.targets.keys().map(String::as_str)
    }

    /// Whether a file of the site is copied to this output path.
    pub fn is_copied(&self, path: &str) -> bool {
        self.targets.get(path).is_some_and(|target| target.path == path)
    }

    /// What a URL that stands in the file `content` (a path below the content folder) names,
    /// when it names a file of the site; else what it names from the page's own place `page`
    /// (`glossary/index.html` is no file). The second value is its fragment with `#`.
    pub fn target<'a>(
        &'a self,
        content: &str,
        page: &str,
        url: &'a str,
    ) -> Option<(&'a Target, &'a str)> {
        let (path, fragment) = url.find('#').map_or((url, ""), |at| url.split_at(at));
        let path = path.split('?').next().unwrap_or_default();
        if path.is_empty() {
            return None;
        }
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
        let named = self.named(content, &decoded);
        // Signs with a meaning in URLs are often left as they are: `C#.png`, `Why?.mp3`, `5%20.png`.
        let named = named.map(|target| (target, fragment)).or_else(|| {
            let whole = percent_encoding::percent_decode_str(url).decode_utf8().ok()?;
            let found = self.targets.get(&joined(content, &whole));
            found.or_else(|| self.targets.get(&joined(content, url))).map(|target| (target, ""))
        });
        named.or_else(|| {
            let made = join(page, &decoded)?;
            let found = self.made.get(&made);
            let found = found.or_else(|| self.made.get(&format!("{made}/index.html")))?;
            Some((found, fragment))
        })
    }

    /// The file that a path names from `content`: itself, without `.md`, or a folder by what
    /// stands for it.
    fn named(&self, content: &str, path: &str) -> Option<&Target> {
        let joined = joined(content, path);
        let endings = ["", ".md", "/_index.md", "/index.md", "/README.md", "/transcript.md"];
        endings.iter().find_map(|ending| self.targets.get(&format!("{joined}{ending}")))
    }

    /// The link for a URL in a page's text: relative from `page` (an output path) where it
    /// names a file of the site, else none.
    pub fn resolve(&self, content: &str, page: &str, url: &str) -> Option<String> {
        let (target, fragment) = self.target(content, page, url)?;
        Some(format!("{}{fragment}", link::relative(page, &target.path)))
    }
}

/// Whether a URL names something of this site: no scheme, no host, not only a fragment.
pub(super) fn is_internal(url: &str) -> bool {
    link::is_inside(url) && !url.starts_with('#')
}

/// A path as it keys [`Routes`]: some systems write the names of files decomposed.
fn composed(path: &str) -> String {
    paths::composed(path).into_owned()
}

/// A relative path joined to a file's folder, composed; empty when it leaves the site.
fn joined(content: &str, path: &str) -> String {
    composed(&join(content, path).unwrap_or_default())
}

/// A relative path joined to a file's folder; none when it leaves the site. A leading slash
/// means the content folder.
fn join(content: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = match path.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => content.split('/').collect(),
    };
    if !path.starts_with('/') {
        parts.pop();
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// An error for every two claims on one path: equal, or equal where case or composition does
/// not count, or one a folder of the other.
pub(super) fn collisions(claims: &[Claim]) -> Vec<Diagnostic> {
    let keys: Vec<String> = claims.iter().map(|claim| paths::collision_key(&claim.path)).collect();
    let mut first: HashMap<&str, &Claim> = HashMap::with_capacity(claims.len());
    let mut found = Vec::new();
    for (claim, key) in claims.iter().zip(&keys) {
        match first.get(key.as_str()) {
            // What has no text has no place to point at.
            Some(other) if claim.source.text().is_empty() => found.push(collision(other, claim)),
            Some(other) => found.push(collision(claim, other)),
            None => {
                first.insert(key, claim);
            }
        }
    }
    for (claim, key) in claims.iter().zip(&keys) {
        let above = key.match_indices('/').filter_map(|(at, _)| first.get(&key[..at]));
        found.extend(above.map(|file| file_and_folder(claim, file)));
    }
    found
}

fn file_and_folder(claim: &Claim, file: &Claim) -> Diagnostic {
    let (here, there) = (claim.source.path(), file.source.path());
    let message =
        format!("`{}` of `{there}` would be a file, and a folder for `{here}`", file.path);
    let span = claim.span.unwrap_or(Span::new(0, 0));
    Diagnostic::new(Severity::Error, "paths/file-and-folder", &claim.source, Some(span), message)
        .label(if claim.of == Of::Alias { "this alias" } else { "this file" })
        .hint(match claim.of {
            Of::Alias => "take the alias out, or change it",
            Of::File | Of::Term => "rename the folder, or the other file",
        })
}

fn collision(claim: &Claim, other: &Claim) -> Diagnostic {
    let (here, there) = (claim.source.path(), other.source.path());
    let message = if claim.path == other.path {
        format!("`{here}` and `{there}` would both be the page `{}`", claim.path)
    } else {
        format!(
            "`{here}` would be the page `{}` and `{there}` the page `{}`, which are one file on some systems",
            claim.path, other.path
        )
    };
    let span = claim.span.unwrap_or(Span::new(0, 0));
    let mut diagnostic = Diagnostic::new(
        Severity::Error,
        "paths/collision",
        &claim.source,
        Some(span),
        message,
    )
    .label(match claim.of {
        Of::Term => "this term",
        Of::Alias => "this alias",
        Of::File => "this file",
    })
    .hint(if claim.of == Of::Term || other.of == Of::Term {
        "give the term an `id` of its own, or rename the file"
    } else if claim.of == Of::Alias {
        "take the alias out, or change it: another page has that address"
    } else {
        "rename one of the two files, or give one of them a `slug` of its own in its front matter"
    });
    if !other.source.text().is_empty() {
        diagnostic = diagnostic.related(
            &other.source,
            other.span.unwrap_or(Span::new(0, 0)),
            "the other file",
        );
    }
    diagnostic
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Routes {
        let mut routes = Routes::default();
        routes.add("a/x.md", "a/x.html", true);
        routes.add("a/pic 1.png", "a/pic 1.png", true);
        routes.add("b/transcript.md", "b.html", true);
        routes
    }

    #[test]
    fn links_between_files_become_links_between_pages() {
        let mut routes = routes();
        routes.add_made("glossary/index.html");
        let about = routes.resolve("pages/about.md", "about.html", "glossary/index.html#g-rag");
        assert_eq!(about.as_deref(), Some("glossary/index.html#g-rag"));
        let resolve = |url| routes.resolve("a/y.md", "a/y.html", url);
        assert_eq!(resolve("x.md#t-1").as_deref(), Some("x.html#t-1"));
        assert_eq!(resolve("../b/transcript.md").as_deref(), Some("../b.html"));
        assert_eq!(resolve("pic%201.png").as_deref(), Some("pic%201.png"));
        assert_eq!(resolve("/a/x").as_deref(), Some("x.html"));
        assert_eq!(resolve("../../etc/passwd"), None);
        assert_eq!(resolve("none.md"), None);
    }

    #[test]
    fn urls_with_a_scheme_or_a_host_are_elsewhere() {
        for url in ["https://x.org/a", "//x.org", "mailto:a@b.c", "#t-1", ""] {
            assert!(!is_internal(url), "{url}");
        }
        for url in ["x.md", "../a/b.png", "/a", "a?b:c"] {
            assert!(is_internal(url), "{url}");
        }
    }
}
