//! How much of the heap reading a file takes: less than ten times the file, however long.
//!
//! Bytes that this thread asks for are counted, not the process's pages: that is the same in
//! every run and on every machine.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::{Path, PathBuf};

use postil::parse::{Context, parse};
use postil::source::Source;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

struct Counted;

#[global_allocator]
static COUNTED: Counted = Counted;

fn count(bytes: isize) {
    // A thread that ends has no cells any more, and nothing to count.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(held.get())));
    });
}

// SAFETY: every call is the system allocator's; counting allocates nothing.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new may both be there for a moment.
        count(size as isize);
        count(-(layout.size() as isize));
        unsafe { System.realloc(place, layout, size) }
    }
}

/// How many bytes more than before this thread held at most while it read a text, as a multiple
/// of the text; the text itself and its copy in the document's source are not counted.
fn taken(text: String) -> f64 {
    let length = text.len();
    let source = Source::new("x.md", text);
    let before = HELD.get();
    PEAK.set(before);
    let (document, _) = parse(&source, &Context::default());
    assert!(!document.text.is_empty());
    (PEAK.get() - before) as f64 / length as f64
}

fn assert_linear(shape: impl Fn(usize) -> String, n: usize) {
    let (one, two) = (taken(shape(n)), taken(shape(2 * n)));
    let start: String = shape(n).chars().take(60).collect();
    println!("{one:.1} and {two:.1} times: {start:?}");
    assert!(one < 10.0 && two < 10.0, "{one:.1} and {two:.1} times the length of {start:?}…");
    assert!(two < 1.3 * one, "{one:.1} times, and {two:.1} for twice the length of {start:?}…");
}

/// As many turns as the longest transcript has that is known, each of a few words.
#[test]
fn twelve_thousand_turns() {
    assert_linear(
        |n| {
            let turn = |i: usize| {
                let who = if i.is_multiple_of(2) { "Host" } else { "Engineer" };
                let time = format!("{}:{:02}", i / 60, i % 60);
                format!(
                    "**{who}:** [{time}] Turn {i:x} says it, and **here** (laughs) it ends.\n\n"
                )
            };
            (0..n).map(turn).collect()
        },
        12_679,
    );
}

#[test]
fn a_line_of_three_hundred_thousand_characters() {
    assert_linear(|n| "words and more words (laughs), and AI. ".repeat(n), 300_000 / 39);
}

#[test]
fn chinese_and_prose() {
    let chinese =
        |i: usize| format!("**主持人：**第 {i} 年我们做了很多工作，用****AI****来做。\n\n");
    assert_linear(|n| (0..n).map(chinese).collect(), 5_000);
    let nobody = |i: usize| format!("Words {i} that nobody says, in a paragraph.\n\n");
    assert_linear(|n| (0..n).map(nobody).collect(), 5_000);
}

#[test]
fn the_largest_transcripts_of_the_corpus() {
    let Some(root) = std::env::var_os("POSTIL_CORPUS") else {
        eprintln!("skipped: POSTIL_CORPUS names no corpus");
        return;
    };
    let mut files = Vec::new();
    markdown(Path::new(&root), &mut files);
    files.sort_by_key(|(length, path)| (std::cmp::Reverse(*length), path.clone()));
    assert!(!files.is_empty());
    for (length, path) in &files[..files.len().min(5)] {
        let (source, _) = Source::from_bytes("x.md", &std::fs::read(path).unwrap());
        let times = taken(source.text().to_owned());
        println!("{times:.1} times {length} bytes: {}", path.display());
        assert!(times < 10.0, "{times:.1} times {length} bytes: {}", path.display());
    }
}

fn markdown(folder: &Path, found: &mut Vec<(u64, PathBuf)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            markdown(&path, found);
        } else if path.extension().is_some_and(|end| end == "md") {
            found.push((path.metadata().unwrap().len(), path));
        }
    }
}
