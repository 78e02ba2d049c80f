//! Links: relative, percent-encoded, naming files, so that the same bytes work at a domain's
//! root, in a sub-folder and from a disk (design, promise 3).

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What must be encoded in a path's component. Non-ASCII is always encoded: readers of feeds
/// and old servers take nothing else.
const COMPONENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'|')
    .add(b':');

/// What must be encoded in a fragment.
const FRAGMENT: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%').add(b'#');

/// The link from one output file to another: `relative("a/x.html", "speakers/index.html")` is
/// `../speakers/index.html`. Percent-encoded; a page's link to itself is its own file name.
pub fn relative(from: &str, to: &str) -> String {
    let here: Vec<&str> = from.split('/').collect();
    let there: Vec<&str> = to.split('/').collect();
    let folders = here.len().min(there.len()) - 1;
    let shared = (0..folders).take_while(|at| here[*at] == there[*at]).count();
    let mut link = "../".repeat(here.len() - 1 - shared);
    link.push_str(&encode_path(&there[shared..].join("/")));
    link
}

/// An output path as it stands in a URL.
pub fn encode_path(path: &str) -> String {
    utf8_percent_encode(path, COMPONENT).to_string()
}

/// What a percent-encoded part of a URL says.
pub(crate) fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// An id as it stands behind `#` in a URL. Letters outside ASCII stay: browsers take them and
/// the address stays readable.
pub fn encode_fragment(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for c in id.chars() {
        if c.is_ascii() {
            out.extend(utf8_percent_encode(c.encode_utf8(&mut [0; 4]), FRAGMENT));
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a URL names something of the site or of the page: no scheme, no host.
pub fn is_inside(url: &str) -> bool {
    let scheme = url.split(['/', '?', '#']).next().is_some_and(|head| head.contains(':'));
    !scheme && !url.starts_with("//") && !url.is_empty()
}

/// The absolute URL of an output path below `base`, which ends in a slash.
pub fn absolute(base: &str, path: &str) -> String {
    format!("{base}{}", encode_path(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_name_files() {
        let cases = [
            ("index.html", "a/x.html", "a/x.html"),
            ("a/x.html", "speakers/index.html", "../speakers/index.html"),
            ("a/x.html", "a/y.html", "y.html"),
            ("a/b/x.html", "a/c/y.html", "../c/y.html"),
            ("a/x.html", "a/x.html", "x.html"),
            ("x.html", "a#b/100%?.html", "a%23b/100%25%3F.html"),
            ("x.html", "a:b.html", "a%3Ab.html"),
            ("x.html", "谈.html", "%E8%B0%88.html"),
        ];
        for (from, to, expected) in cases {
            assert_eq!(relative(from, to), expected, "{from} to {to}");
        }
    }

    #[test]
    fn fragments_stay_readable() {
        assert_eq!(encode_fragment("g-检索 c#"), "g-检索%20c%23");
    }
}
