//! What finding terms costs beside parsing, in one run: `cargo bench --bench annotate -- SITE`,
//! where `SITE/content` holds `glossary.yaml` and transcripts. Without a folder it does nothing.
//!
//! Each file is read, parsed and annotated before the next one, so that both times grow side by
//! side however busy the machine is.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use postil::annotate::{MarkPolicy, Matcher, annotate};
use postil::glossary;
use postil::parse::{Context, parse};
use postil::source::Source;

const ROUNDS: usize = 3;

fn main() {
    let Some(site) = std::env::args().skip(1).find(|one| !one.starts_with("--")) else {
        return println!("skipped: name a site, as in `cargo bench --bench annotate -- SITE`");
    };
    let content = Path::new(&site).join("content");
    let mut files = Vec::new();
    markdown(&content, &mut files);
    let terms = fs::read_to_string(content.join("glossary.yaml")).expect("a glossary");
    let (glossary, _) = glossary::read(&[Source::new("glossary.yaml", terms)]);
    let before = resident();
    let matcher = Matcher::new(&glossary);
    println!("{} files, {} terms", files.len(), glossary.terms.len());
    println!("the matcher: {} kB", resident().saturating_sub(before));
    for _ in 0..ROUNDS {
        round(&files, &matcher);
    }
    println!("most memory: {} kB", status("VmHWM:"));
}

fn round(files: &[PathBuf], matcher: &Matcher) {
    let (mut parsing, mut annotating) = (Duration::ZERO, Duration::ZERO);
    let (mut bytes, mut mentions) = (0, 0);
    for file in files {
        let source = Source::new("x.md", fs::read_to_string(file).expect("readable UTF-8"));
        let start = Instant::now();
        let (document, _) = parse(&source, &Context::default());
        let parsed = Instant::now();
        let found = annotate(&document, matcher, &MarkPolicy::default());
        annotating += parsed.elapsed();
        parsing += parsed - start;
        (bytes, mentions) = (bytes + document.text.len(), mentions + found.len());
    }
    println!(
        "parsing {:.2} s, terms {:.2} s: {:.2} of parsing, {:.2} ns a byte; {mentions} mentions",
        parsing.as_secs_f64(),
        annotating.as_secs_f64(),
        annotating.as_secs_f64() / parsing.as_secs_f64(),
        annotating.as_nanos() as f64 / bytes as f64,
    );
}

fn markdown(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|one| one.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            markdown(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
}

/// Memory in use, in kilobytes, where the system tells.
fn resident() -> usize {
    status("VmRSS:")
}

fn status(key: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
