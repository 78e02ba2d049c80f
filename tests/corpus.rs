//! How each file of the corpus is read: its speakers, with the number of their turns.
//!
//! The transcripts are not ours to keep here, nor are the names in them: a file is told by its
//! collection and a digest of its bytes, a speaker by a digest of the label. Run with
//! `POSTIL_PRINT=1` and `--nocapture` to see the names. What the snapshot holds was compared
//! with the files by reading them; a change in it has to be read as well.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use postil::document::{Document, Item};
use postil::import;
use postil::parse::{Context, parse};
use postil::source::Source;

/// What a collection comes to.
#[derive(Default)]
struct Sum {
    files: usize,
    turns: usize,
    nameless: usize,
    letters: usize,
    spoken: usize,
}

impl Sum {
    fn add(&mut self, other: &Sum) {
        self.files += other.files;
        self.turns += other.turns;
        self.nameless += other.nameless;
        self.letters += other.letters;
        self.spoken += other.spoken;
    }

    fn of(document: &Document) -> Self {
        // Labels and headings are nobody's words.
        let words = document.blocks.iter().map(|block| letters(document.slice(block.text))).sum();
        let mut sum = Self { files: 1, letters: words, ..Self::default() };
        for turn in document.turns() {
            sum.turns += 1;
            sum.nameless += usize::from(turn.speaker.is_none());
            if turn.speaker.is_some() {
                let blocks = document.blocks_of(&turn.blocks).iter();
                sum.spoken +=
                    blocks.map(|block| letters(document.slice(block.text))).sum::<usize>();
            }
        }
        sum
    }

    fn line(&self, name: &str) -> String {
        let share = match self.letters {
            0 => 0.0,
            letters => self.spoken as f64 * 100.0 / letters as f64,
        };
        format!(
            "{name}: {} files, {} turns, {} without a speaker, {share:.1} % of the characters with one",
            self.files, self.turns, self.nameless
        )
    }
}

/// Characters without white space: where paragraphs end says nothing.
fn letters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..6].to_owned()
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("the corpus is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    for path in paths {
        match path.is_dir() {
            true => files(&path, into),
            false => into.push(path),
        }
    }
}

/// The file as a document; what is no Markdown is imported first.
fn read(path: &Path) -> Document {
    let bytes = fs::read(path).expect("readable");
    let name = path.to_string_lossy();
    let source = if name.ends_with(".md") {
        Source::from_bytes("x.md", &bytes).0
    } else {
        let (imported, told) = import::import(&name, &bytes);
        let imported = imported.unwrap_or_else(|| panic!("{name}: {told:?}"));
        Source::new("x.md", imported.markdown)
    };
    parse(&source, &Context::default()).0
}

#[test]
fn who_speaks_how_often() {
    let Some(corpus) = env::var_os("POSTIL_CORPUS").map(PathBuf::from) else {
        return println!("skipped: POSTIL_CORPUS does not say where the corpus is");
    };
    let print = env::var_os("POSTIL_PRINT").is_some();
    let mut collections: BTreeMap<String, (Sum, Vec<String>)> = BTreeMap::new();
    let mut paths = Vec::new();
    files(&corpus, &mut paths);
    for path in paths {
        let below = path.strip_prefix(&corpus).expect("below the corpus");
        let mut parts = below.components();
        let collection = parts.next().expect("a name").as_os_str().to_string_lossy().into_owned();
        if parts.next().is_none() {
            continue;
        }
        let document = read(&path);
        let sum = Sum::of(&document);
        let headings = document.headings().count();
        let prose = document.items.iter().filter(|item| matches!(item, Item::Prose(_))).count();
        let timed = document.turns().filter(|turn| turn.time.is_some()).count();
        let mut line = format!(
            "  {} {} turns, {} without a speaker, {timed} timed, {headings} headings, {prose} prose:",
            digest(&fs::read(&path).expect("readable")),
            sum.turns,
            sum.nameless,
        );
        for speaker in &document.speakers {
            write!(line, " {}={}", digest(speaker.label.as_bytes()), speaker.turns).unwrap();
        }
        if print {
            println!("{}: {}", below.display(), sum.line(""));
            for speaker in &document.speakers {
                let label = &speaker.label;
                println!("    {} {label} {}", digest(label.as_bytes()), speaker.turns);
            }
        }
        let (all, lines) = collections.entry(collection).or_default();
        all.add(&sum);
        lines.push(line);
    }
    let mut out = String::new();
    for (name, (sum, lines)) in collections {
        writeln!(out, "{}", sum.line(&name)).unwrap();
        for line in lines {
            writeln!(out, "{line}").unwrap();
        }
    }
    insta::assert_snapshot!(out);
}
