//! Output paths, links between them, ids and anchors: names that keep Unicode and last.
//!
//! Design, sections 2.2, 2.3 and 4. Pure functions on strings; which file gets which path is
//! `site`'s to decide.

pub mod anchors;
pub mod link;
pub mod slug;

use unicode_normalization::UnicodeNormalization;

/// The file names whose folder is the page (`a/transcript.md` is `a.html`), without `.md`.
const FOLDER_NAMES: [&str; 2] = ["transcript", "transcripcion"];

/// The output path of a Markdown file, from its path below the content folder.
///
/// `only` says whether it is its folder's only Markdown file, which decides what `index.md` is.
/// The characters are NFC; those that some file system refuses are replaced.
pub fn page(content: &str, only: bool) -> String {
    let stem = content.strip_suffix(".md").unwrap_or(content);
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let is_folder = FOLDER_NAMES.contains(&name) || (name == "index" && only);
    let plain =
        folder.strip_prefix("pages").filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let target = match (plain, folder) {
        (Some(below), _) => format!("{below}/{name}"),
        (None, "") => name.to_owned(),
        (None, folder) if is_folder => folder.to_owned(),
        (None, folder) if name == "_index" => format!("{folder}/index"),
        (None, folder) => format!("{folder}/{name}"),
    };
    let target = if target == "_index" { "index" } else { target.trim_start_matches('/') };
    format!("{}.html", clean(target))
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

/// A path with every component NFC, without characters that some file system refuses, and
/// short enough.
pub fn clean(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty()).map(component);
    parts.collect::<Vec<_>>().join("/")
}

/// One component: refused characters become `-`, leading and trailing dots and blanks go, and
/// a name over 180 bytes is cut and told apart by a digest.
fn component(name: &str) -> String {
    let kept: String = name.nfc().map(|c| if refused(c) { '-' } else { c }).collect();
    let kept = kept.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let kept =
        if kept.is_empty() || is_device(kept) { format!("{kept}_") } else { kept.to_owned() };
    slug::shorten(&kept, slug::MAX_BYTES)
}

/// What Windows, and tools that unpack archives, refuse in a file name.
fn refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '<' | '>' | ':' | '"' | '\\' | '|' | '?' | '*' | '\u{200e}' | '\u{200f}')
}

/// Names that Windows keeps for devices, with any ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4
            && (stem.starts_with("COM") || stem.starts_with("LPT"))
            && stem.ends_with(|c: char| c.is_ascii_digit()))
}

/// The key under which two output paths are the same file somewhere: NFC and folded case.
pub fn collision_key(path: &str) -> String {
    path.nfc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_become_pages() {
        let cases = [
            ("x.md", false, "x.html"),
            ("a/x.md", false, "a/x.html"),
            ("a/b/transcript.md", false, "a/b.html"),
            ("transcript.md", false, "transcript.html"),
            ("a/index.md", true, "a.html"),
            ("a/index.md", false, "a/index.html"),
            ("a/_index.md", true, "a/index.html"),
            ("_index.md", false, "index.html"),
            ("pages/about.md", false, "about.html"),
            ("pages/index.md", true, "index.html"),
            ("pages/a/colophon.md", false, "a/colophon.html"),
            ("pagesize/x.md", false, "pagesize/x.html"),
            ("谈话：一?.md", false, "谈话：一-.html"),
            ("a/.x.md", false, "a/x.html"),
            ("aux.md", false, "aux_.html"),
            ("e\u{301}.md", false, "\u{e9}.html"),
        ];
        for (content, only, expected) in cases {
            assert_eq!(page(content, only), expected, "{content}");
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
        let path = page(&format!("{long}.md"), false);
        assert!(path.len() <= 200, "{}", path.len());
        assert_ne!(path, page(&format!("{long}话.md"), false));
    }
}
