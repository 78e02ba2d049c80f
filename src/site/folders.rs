//! What each Markdown file of a folder is, from the names alone: a transcript, the folder's own
//! page, a plain page, or a file about the collection; and which files are one text in several
//! languages.
//!
//! It reads no file. Where a name leaves it open whether its end is a language (`intro.ml.md`),
//! a file beside it or the front matter decides. Design, section 4.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::PageKind;
use crate::paths::{self, Named, language};

/// The file names whose folder is the page (`a/transcript.md` is `a.html`), without `.md`.
const FOLDER_NAMES: [&str; 2] = ["transcript", "transcripcion"];

/// Files that collections carry about themselves: pages, but nobody speaks in them.
const ABOUT: [&str; 19] = [
    "LICENSE",
    "LICENCE",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "COPYING",
    "NOTICE",
    "CHANGELOG",
    "CHANGES",
    "HISTORY",
    "CONTRIBUTING",
    "CONTRIBUTORS",
    "CODE_OF_CONDUCT",
    "SECURITY",
    "SUPPORT",
    "AUTHORS",
    "MAINTAINERS",
    "CITATION",
    "PROVENANCE",
    "CREDITS",
];

/// Those that are written in small letters too, and are no title of a talk.
const ABOUT_SMALL: [&str; 6] =
    ["license", "licence", "changelog", "contributing", "code_of_conduct", "provenance"];

/// The names of all Markdown files of a site.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    files: HashSet<String>,
    /// By path without language and `.md`: how many files carry a language behind it.
    tagged: HashMap<String, usize>,
    /// By folder: what lies in it besides files about the collection, each name once whatever
    /// its language; a folder below counts as one, with a slash.
    inside: HashMap<String, BTreeSet<String>>,
}

/// Where a file belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is.
    pub kind: PageKind,
    /// Its output path, unless front matter has a `slug`.
    pub path: String,
    /// The language that its name carries: a BCP 47 tag.
    pub language: Option<String>,
    /// The same for all languages of one text.
    pub text: String,
    /// A title, for a file that has none.
    pub title: String,
}

/// A content path taken apart.
#[derive(Clone, Copy)]
struct Parts<'a> {
    folder: &'a str,
    name: &'a str,
    tag: Option<&'a str>,
}

impl Parts<'_> {
    fn base(&self) -> String {
        join(self.folder, self.name)
    }
}

impl Folders {
    /// From the content paths of all Markdown files.
    pub fn new<'a>(contents: impl Iterator<Item = &'a str> + Clone) -> Self {
        let mut folders =
            Self { files: contents.clone().map(str::to_owned).collect(), ..Self::default() };
        for content in contents.clone() {
            if let Some(found) = language::suffix(stem(content)) {
                *folders.tagged.entry(found.base.to_owned()).or_default() += 1;
            }
        }
        for content in contents {
            let parts = folders.parts(content, None);
            if is_readme(parts.name) || is_about(parts.name) {
                continue;
            }
            let (folder, mut name) = (parts.folder.to_owned(), parts.name.to_owned());
            folders.inside.entry(folder).or_default().insert(name.clone());
            let mut below = parts.folder;
            while let Some((above, last)) = split_last(below) {
                name = format!("{last}/");
                let known =
                    !folders.inside.entry(above.to_owned()).or_default().insert(name.clone());
                if known {
                    break;
                }
                below = above;
            }
        }
        folders
    }

    /// What a file is.
    pub fn kind(&self, content: &str) -> PageKind {
        self.kind_of(self.parts(content, None))
    }

    /// Where a file belongs; `said` is the language that its front matter names.
    pub fn place(&self, content: &str, said: Option<&str>) -> Place {
        let parts = self.parts(content, said);
        let kind = self.kind_of(parts);
        let named = match (kind, parts.name) {
            (PageKind::Folder, _) => Named::Index,
            (PageKind::Transcript, "index") => Named::Folder,
            (PageKind::Transcript, name) if FOLDER_NAMES.contains(&name) => Named::Folder,
            _ => Named::File,
        };
        let base = parts.base();
        let own = named != Named::File && !parts.folder.is_empty();
        let title =
            if own { split_last(parts.folder).map_or("", |(_, name)| name) } else { parts.name };
        let text =
            if kind == PageKind::Folder { join(parts.folder, "index") } else { base.clone() };
        Place {
            kind,
            path: paths::page(&base, named, parts.tag),
            language: parts.tag.map(language::normal),
            text,
            title: readable(title),
        }
    }

    fn parts<'a>(&self, content: &'a str, said: Option<&str>) -> Parts<'a> {
        let stem = stem(content);
        let found = language::suffix(stem).filter(|found| {
            let name = found.base.rsplit('/').next().unwrap_or(found.base);
            found.sure
                || is_index(name)
                || said.is_some_and(|said| language::same_language(said, found.tag))
                || self.files.contains(&format!("{}.md", found.base))
                || self.tagged.get(found.base).is_some_and(|count| *count > 1)
        });
        let (base, tag) = found.map_or((stem, None), |found| (found.base, Some(found.tag)));
        let (folder, name) = base.rsplit_once('/').unwrap_or(("", base));
        Parts { folder, name, tag }
    }

    fn kind_of(&self, parts: Parts<'_>) -> PageKind {
        let Parts { folder, name, .. } = parts;
        if folder == "pages" || folder.starts_with("pages/") {
            let home = folder == "pages" && name == "index";
            return if home { PageKind::Folder } else { PageKind::Plain };
        }
        match name {
            "_index" => PageKind::Folder,
            "index" if self.is_beside_others(folder) => PageKind::Folder,
            _ if is_readme(name) && self.has_own_page(folder) => PageKind::About,
            _ if is_readme(name) => PageKind::Folder,
            _ if is_about(name) => PageKind::About,
            _ => PageKind::Transcript,
        }
    }

    /// Whether a folder's `index.md` is its own page and not its only transcript.
    fn is_beside_others(&self, folder: &str) -> bool {
        folder.is_empty() || self.inside.get(folder).is_some_and(|names| names.len() > 1)
    }

    /// Whether a folder has another page of its own than its README.
    fn has_own_page(&self, folder: &str) -> bool {
        let names = |folder: &str, name: &str| {
            self.inside.get(folder).is_some_and(|names| names.contains(name))
        };
        names(folder, "_index")
            || (names(folder, "index") && self.is_beside_others(folder))
            || (folder.is_empty() && names("pages", "index"))
    }
}

fn stem(content: &str) -> &str {
    content.strip_suffix(".md").unwrap_or(content)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A folder's parent and its own name; none for the content folder itself.
pub(super) fn split_last(folder: &str) -> Option<(&str, &str)> {
    (!folder.is_empty()).then(|| folder.rsplit_once('/').unwrap_or(("", folder)))
}

fn is_readme(name: &str) -> bool {
    name.eq_ignore_ascii_case("readme")
}

fn is_about(name: &str) -> bool {
    ABOUT.contains(&name) || ABOUT_SMALL.contains(&name)
}

/// Names behind which a language is never something else.
fn is_index(name: &str) -> bool {
    is_readme(name) || matches!(name, "index" | "_index" | "transcript")
}

/// A file's or a folder's name as a title: composed, without the underscores that stand for
/// what a file system refuses, in single blanks.
pub fn readable(name: &str) -> String {
    let blank = |c: char| if c == '_' || c.is_control() { ' ' } else { c };
    let composed: String = paths::composed(name).chars().map(blank).collect();
    let words: Vec<&str> = composed.split_whitespace().collect();
    if words.is_empty() { name.to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(files: &[&str], content: &str) -> (PageKind, String, String) {
        let place = Folders::new(files.iter().copied()).place(content, None);
        (place.kind, place.path, place.title)
    }

    #[test]
    fn an_index_is_its_folders_page_or_its_only_transcript() {
        use PageKind::{About, Folder, Plain, Transcript};
        let cases: [(&[&str], &str, PageKind, &str); 12] = [
            (&["a/index.md"], "a/index.md", Transcript, "a.html"),
            (&["a/index.md", "a/index.zh.md"], "a/index.zh.md", Transcript, "a.zh.html"),
            (&["a/index.md", "a/x.md"], "a/index.md", Folder, "a/index.html"),
            (&["a/index.md", "a/b/x.md"], "a/index.md", Folder, "a/index.html"),
            (&["a/index.md", "a/LICENSE.md"], "a/index.md", Transcript, "a.html"),
            (&["a/_index.md"], "a/_index.md", Folder, "a/index.html"),
            (&["index.md"], "index.md", Folder, "index.html"),
            (&["pages/index.md", "README.md"], "README.md", About, "README.html"),
            (&["README.md", "README.zh.md"], "README.zh.md", Folder, "index.zh.html"),
            (&["a/README.md", "a/_index.md"], "a/README.md", About, "a/README.html"),
            (&["pages/about.it.md"], "pages/about.it.md", Plain, "about.it.html"),
            (&["a/PROVENANCE.md"], "a/PROVENANCE.md", About, "a/PROVENANCE.html"),
        ];
        for (files, content, kind, path) in cases {
            let found = place(files, content);
            assert_eq!((found.0, found.1.as_str()), (kind, path), "{files:?}");
        }
    }

    #[test]
    fn a_language_that_may_be_a_word_needs_a_second_witness() {
        let alone = Folders::new(["intro.ml.md"].into_iter());
        assert_eq!(alone.place("intro.ml.md", None).language, None);
        assert_eq!(alone.place("intro.ml.md", Some("ml")).language.as_deref(), Some("ml"));
        assert_eq!(alone.place("intro.ml.md", Some("en")).language, None);
        for beside in ["intro.md", "intro.zh.md"] {
            let pair = Folders::new(["intro.ml.md", beside].into_iter());
            assert_eq!(pair.place("intro.ml.md", None).language.as_deref(), Some("ml"));
            assert_eq!(pair.place(beside, None).text, "intro");
        }
    }

    #[test]
    fn titles_are_readable_and_carry_no_language() {
        let title = |content: &str| place(&[content], content).2;
        assert_eq!(title("a/b_c/transcript.zh.md"), "b c");
        assert_eq!(title("What's a bug_ A talk__transcript.md"), "What's a bug A talk transcript");
        assert_eq!(title("talk.es.md"), "talk");
        assert_eq!(title("e\u{301}.md"), "\u{e9}");
        assert_eq!(title("a/_index.md"), "a");
    }
}
