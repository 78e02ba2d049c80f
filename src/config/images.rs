//! Which pictures on the web have a copy in the site: `<transcript>.images.yaml` beside a
//! transcript, or `images.yaml` for all transcripts in its folder. Whether the copies are there is
//! `site`'s to find out. Format: design, section 4, and issue 6.

use crate::diagnostics::{Diagnostic, Severity};
use crate::source::{Source, Span};
use crate::yaml::{self, Decoder, Node, Text, Value};

/// A picture on the web, and the file that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalCopy {
    /// The address, as the transcript writes it.
    pub url: Text,
    /// The file, relative to the one that names it.
    pub file: Text,
    /// The file that says so.
    pub source: Source,
}

/// How the file of one transcript's pictures ends: `a/x.md` has `a/x.images.yaml`.
pub const IMAGES_FILE: &str = ".images.yaml";

/// Reads such a file. A line that is no address and a path is left out, with an error.
pub fn read(source: &Source) -> (Vec<LocalCopy>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = yaml::parse(source, Span::new(0, source.text().len()));
    let mut decoder = Decoder::new(source, Severity::Error);
    let mut copies = Vec::new();
    match root {
        None => {}
        Some(Node { value: Value::Map(entries), .. }) => {
            for entry in &entries {
                let is_web =
                    ["https://", "http://"].iter().any(|start| entry.key.starts_with(start));
                let Some(file) = decoder.line(&entry.key, &entry.value) else { continue };
                if !is_web {
                    let message =
                        format!("`{}` is not the address of a picture on the web", entry.key);
                    decoder.complain("images/address", entry.key_span, message, EXAMPLE.to_owned());
                } else if file.value.contains("://") {
                    let message = "a copy is a file of the site, not an address".to_owned();
                    decoder.complain("images/file", file.span, message, EXAMPLE.to_owned());
                } else {
                    let url = Text { value: entry.key.clone(), span: entry.key_span };
                    copies.push(LocalCopy { url, file, source: source.clone() });
                }
            }
        }
        Some(root) => {
            let message = "the pictures are lines with an address and a file, and these are none";
            let span = Span { start: root.span.start, end: root.span.start };
            diagnostics
                .push(Diagnostic::error("images/no-lines", source, span, message).hint(EXAMPLE));
        }
    }
    diagnostics.append(&mut decoder.finish());
    (copies, diagnostics)
}

const EXAMPLE: &str = "write lines like `https://example.org/a.png: images/a.png`";
