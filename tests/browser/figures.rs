//! What tests count, for the table of `.ci/figures`.

use std::env;
use std::fmt::Display;
use std::fs::OpenOptions;
use std::io::Write;

/// Adds a value to a table, where `POSTIL_FIGURES` names a file for it.
pub fn note(table: &str, row: &str, column: &str, value: impl Display) {
    let Some(file) = env::var_os("POSTIL_FIGURES") else { return };
    let line = format!("{table}\t{row}\t{column}\t{value}\n");
    let file = OpenOptions::new().append(true).create(true).open(file);
    file.and_then(|mut file| file.write_all(line.as_bytes())).expect("a line of figures");
}

/// What kind of page is at a path of the output.
pub fn kind(path: &str) -> &'static str {
    let (folder, name) = path.split_once('/').unwrap_or(("", path));
    match (folder, name) {
        ("", "index.html") | ("page", _) => "home",
        ("", "404.html") => "404",
        ("", _) => "plain page",
        ("glossary", "index.html") => "glossary",
        ("glossary", _) => "term",
        ("speakers", "index.html") => "speakers",
        ("speakers", _) => "speaker",
        ("tags", "index.html") => "tags",
        ("tags", _) => "tag",
        ("series", "index.html") => "all series",
        ("series", _) => "series",
        ("archive", _) => "archive",
        ("search", _) => "search",
        ("old", _) => "redirect",
        (_, "index.html") => "folder",
        _ if name.contains(".with-") => "two languages side by side",
        _ => "transcript",
    }
}
