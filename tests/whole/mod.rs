//! A whole site in memory, from a few files.

use std::collections::BTreeMap;

use postil::pipeline::{Built, File, Inputs, Options, run};
use postil::source::Source;

/// A site of these files, as of a day in 2026.
pub fn built(files: &[(&str, &str)]) -> Built {
    let text =
        |(path, text): &(&str, &str)| ((*path).to_owned(), File::Text(Source::new(*path, *text)));
    let files: BTreeMap<String, File> = files.iter().map(text).collect();
    let inputs =
        Inputs { name: "site".to_owned(), has_content: true, files, diagnostics: Vec::new() };
    let today = "2026-11-20".to_owned();
    run(&inputs, &Options { base_url: None, drafts: false, future: false, today })
}
