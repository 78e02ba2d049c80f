//! Output paths, links between them, ids and anchors: names that keep Unicode and last.
//!
//! Design, sections 2.2, 2.3 and 4. Pure functions on strings; which file gets which path is
//! `site`'s to decide.

pub mod anchors;
pub mod language;
pub mod link;
pub mod slug;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// What a page is called after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// The file: `a/x.md` is `a/x.html`.
    File,
    /// The file's folder: `a/transcript.md` is `a.html`.
    Folder,
    /// It is the folder's own page: `a/_index.md` is `a/index.html`.
    Index,
}

/// The output path of a Markdown file, from its path below the content folder without `.md`
/// and without a language; `tag` is the language that its name carries.
///
/// The characters are NFC; those that some file system refuses are replaced. `pages/` is left
/// out.
pub fn page(base: &str, named: Named, tag: Option<&str>) -> String {
    let (folder, name) = base.rsplit_once('/').unwrap_or(("", base));
    let below = folder.strip_prefix("pages").and_then(|rest| match rest {
        "" => Some(""),
        _ => rest.strip_prefix('/'),
    });
    let folder = below.unwrap_or(folder);
    let target = match named {
        Named::Folder if !folder.is_empty() => clean(folder),
        Named::Index => clean(&format!("{folder}/index")),
        _ => clean(&format!("{folder}/{name}")),
    };
    match tag {
        Some(tag) => format!("{target}.{tag}.html"),
        None => format!("{target}.html"),
    }
}

/// The output path of a page of a list whose first page is `first`: that itself for 0, else
/// `a/page/2.html` for the second of `a/index.html`'s numbered pages.
pub fn list_page(first: &str, number: usize) -> String {
    if number == 0 {
        return first.to_owned();
    }
    let stem = first.strip_suffix(".html").unwrap_or(first);
    let folder = match stem.strip_suffix("index") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.to_owned(),
        _ => format!("{stem}/"),
    };
    format!("{folder}page/{number}.html")
}

/// The output path that a `slug` asks for: in the file's own folder unless it begins with `/`.
pub fn slug_page(content: &str, slug: &str) -> String {
    let slug = slug.trim().trim_end_matches('/');
    let slug = slug.strip_suffix(".html").unwrap_or(slug);
    let folder = content.rsplit_once('/').map_or("", |(folder, _)| folder);
    let target = match slug.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => slug.to_owned(),
        None => format!("{folder}/{slug}"),
    };
    format!("{}.html", clean(&target))
}

/// The output path of a page's old address, as `aliases` in front matter gives it: `/old/x`,
/// `old/x.html`, `old/`. None where it is no path: other tools keep other names of a text under
/// that key. A path without an ending becomes a folder's page, which every host finds with and
/// without the slash.
pub fn alias(written: &str) -> Option<String> {
    let written = written.trim();
    let path = written.split(['#', '?']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let file = ["html", "htm", "md"].contains(&ending);
    if !file && !path.contains('/') {
        return None;
    }
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let target = clean(decoded.strip_suffix(".md").unwrap_or(&decoded));
    match ending {
        "md" => Some(format!("{target}.html")),
        "html" | "htm" => Some(target),
        _ if target.is_empty() => None,
        _ => Some(format!("{target}/index.html")),
    }
}

/// A text in NFC. Names are compared in their thousands at every edit, and hardly one of them has
/// anything to compose.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(is_composed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect())
}

/// Whether the character that begins with these bytes is one of U+4E00 to U+9FFF, in which nearly all
/// Chinese is written: its length is three. For whoever counts characters of whole texts.
pub(crate) fn is_usual_han(lead: u8, next: impl FnOnce() -> u8) -> bool {
    matches!(lead, 0xe5..=0xe9) || (lead == 0xe4 && next() >= 0xb8)
}

/// Whether a character is its own composed form, and changes none before it: of the many that are,
/// those that make up most texts.
fn is_composed(c: char) -> bool {
    matches!(c,
        '\0'..='\u{2ff}' | '\u{4e00}'..='\u{9fff}' | '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}' | '\u{309b}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ffee}')
}

/// A name as a shell takes it.
pub fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+,@".contains(c);
    if name.chars().all(plain) && !name.starts_with('-') {
        return name.to_owned();
    }
    let name = if name.starts_with('-') { format!("./{name}") } else { name.to_owned() };
    format!("'{}'", name.replace('\'', r"'\''"))
}

/// A path with every component NFC, without characters that some file system refuses, and
/// short enough.
pub fn clean(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty()).map(component);
    parts.collect::<Vec<_>>().join("/")
}

/// One component: refused characters become `-`, leading and trailing dots and blanks go, and
/// a name over 180 bytes is cut and told apart by a digest.
fn component(name: &str) -> String {
    let kept: String = composed(name).chars().map(|c| if refused(c) { '-' } else { c }).collect();
    let kept = kept.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let kept = if kept.is_empty() || is_device(kept) {
        // Windows looks at what stands before the first dot.
        let (stem, ending) = kept.split_at(kept.find('.').unwrap_or(kept.len()));
        format!("{stem}_{ending}")
    } else {
        kept.to_owned()
    };
    slug::shorten(&kept, slug::MAX_BYTES)
}

/// What Windows, and tools that unpack archives, refuse in a file name.
fn refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '<' | '>' | ':' | '"' | '\\' | '|' | '?' | '*' | '\u{200e}' | '\u{200f}')
}

/// Names that Windows keeps for devices, with any ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4
            && (stem.starts_with("COM") || stem.starts_with("LPT"))
            && stem.ends_with(|c: char| c.is_ascii_digit()))
}

/// A text in small letters, letter by letter: unlike in [`str::to_lowercase`] the end of a word
/// makes no difference.
fn lowered(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().flat_map(char::to_lowercase).collect())
}

/// The key under which two output paths are the same file somewhere: NFC and folded case.
pub fn collision_key(path: &str) -> String {
    lowered(&composed(path)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_become_pages() {
        use Named::{File, Folder, Index};
        let cases = [
            ("x", File, None, "x.html"),
            ("a/x", File, Some("zh"), "a/x.zh.html"),
            ("a/b/transcript", Folder, None, "a/b.html"),
            ("a/b/transcript", Folder, Some("zh-Hant"), "a/b.zh-Hant.html"),
            ("transcript", Folder, None, "transcript.html"),
            ("a/_index", Index, None, "a/index.html"),
            ("README", Index, Some("zh"), "index.zh.html"),
            ("pages/about", File, None, "about.html"),
            ("pages/index", Index, None, "index.html"),
            ("pages/a/colophon", File, None, "a/colophon.html"),
            ("pagesize/x", File, None, "pagesize/x.html"),
            ("谈话：一?", File, None, "谈话：一-.html"),
            ("a/.x", File, None, "a/x.html"),
            ("x...", File, None, "x.html"),
            ("aux", File, None, "aux_.html"),
            ("aux.1", File, Some("es"), "aux_.1.es.html"),
            ("e\u{301}", File, None, "\u{e9}.html"),
        ];
        for (base, named, tag, expected) in cases {
            assert_eq!(page(base, named, tag), expected, "{base}");
        }
    }

    #[test]
    fn what_is_composed_stays() {
        for c in (0..=0x10ffff).filter_map(char::from_u32) {
            for text in [format!("a{c}"), format!("か{c}가"), format!("{c}\u{301}")] {
                assert_eq!(composed(&text), text.nfc().collect::<String>(), "{text:?}");
            }
        }
    }

    #[test]
    fn a_list_goes_on_in_a_folder_of_its_own() {
        let cases = [
            ("index.html", 0, "index.html"),
            ("index.html", 1, "page/1.html"),
            ("index.html", 2, "page/2.html"),
            ("a/index.html", 3, "a/page/3.html"),
            ("a/index.zh.html", 2, "a/index.zh/page/2.html"),
            ("a/myindex.html", 2, "a/myindex/page/2.html"),
        ];
        for (first, number, expected) in cases {
            assert_eq!(list_page(first, number), expected);
        }
    }

    #[test]
    fn an_alias_is_a_path_or_nothing() {
        let cases = [
            ("/old/x", Some("old/x/index.html")),
            ("old/x/", Some("old/x/index.html")),
            ("/2024/x.html", Some("2024/x.html")),
            ("a/x.md", Some("a/x.html")),
            ("/%E8%B0%88/", Some("谈/index.html")),
            ("../../etc/x.html", Some("_/_/etc/x.html")),
            ("x.html#t-1", Some("x.html")),
            ("Another name", None),
            ("/", None),
        ];
        for (written, expected) in cases {
            assert_eq!(alias(written).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn a_slug_is_a_path_in_the_files_folder() {
        assert_eq!(slug_page("a/x.md", "y"), "a/y.html");
        assert_eq!(slug_page("a/x.md", "/b/y.html"), "b/y.html");
        assert_eq!(slug_page("x.md", "../../etc"), "_/_/etc.html");
    }

    #[test]
    fn a_long_name_stays_below_what_file_systems_take() {
        let long = "谈".repeat(200);
        let path = page(&long, Named::File, Some("zh"));
        assert!(path.len() <= 200, "{}", path.len());
        assert_ne!(path, page(&format!("{long}话"), Named::File, Some("zh")));
    }
}
