//! Saves at any moment, also while the preview reads, or makes pages of the save before: the last
//! one always shows, and nothing blank or half ever does.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::PATIENCE;
use super::saves::{Program, STYLES, whole};

/// Transcripts that are saved.
const SAVED: usize = 6;

/// A transcript that says its number first and last.
fn text(number: usize) -> String {
    let filler = "**Host:** How far is it?\n\n**Guest:** As far as it was.\n\n".repeat(8);
    format!("---\ntitle: A\n---\n\nbegin{number:05}x\n\n{filler}finish{number:05}x\n")
}

/// Numbers without order, the same for the same seed.
struct Dice(u64);

impl Dice {
    /// One of so many, from 0.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }
}

/// A site on disk and the number that each of its pages has to show.
struct Desk {
    dir: tempfile::TempDir,
    dice: Dice,
    number: usize,
    /// By address; none for what is gone.
    due: BTreeMap<String, Option<usize>>,
    /// Each with the number on its page.
    folders: Vec<(PathBuf, usize)>,
    /// The latest saves, for the message.
    done: Vec<String>,
}

impl Desk {
    fn new(seed: u64, others: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let content = dir.path().join("content");
        fs::create_dir_all(content.join("others")).unwrap();
        (0..SAVED).for_each(|at| fs::write(content.join(format!("{at}.md")), text(0)).unwrap());
        (0..others)
            .for_each(|at| fs::write(content.join(format!("others/{at}.md")), text(0)).unwrap());
        let dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        Self { dir, dice, number: 0, due: BTreeMap::new(), folders: Vec::new(), done: Vec::new() }
    }

    fn content(&self) -> PathBuf {
        self.dir.path().join("content")
    }

    /// One thing that a writer may do.
    fn act(&mut self) {
        self.number += 1;
        match self.dice.roll(12) {
            0 => self.new_folder(),
            1 => self.move_folder(),
            2 => self.remove_folder(),
            _ => self.save(),
        }
    }

    fn note(&mut self, what: String) {
        self.done.push(format!("{}: {what}", self.number));
    }

    fn save(&mut self) {
        let file = self.dice.roll(SAVED as u64);
        let (style, save) = STYLES[self.dice.roll(STYLES.len() as u64) as usize];
        self.note(format!("{file}.md, {style}"));
        save(&self.content().join(format!("{file}.md")), text(self.number).as_bytes()).unwrap();
        self.due.insert(format!("/{file}"), Some(self.number));
    }

    fn new_folder(&mut self) {
        let folder = self.content().join(format!("new-{}/deep", self.number));
        self.note(folder.display().to_string());
        fs::create_dir_all(&folder).unwrap();
        thread::sleep(Duration::from_millis(self.dice.roll(15)));
        fs::write(folder.join("page.md"), text(self.number)).unwrap();
        self.folders.push((folder.parent().unwrap().to_owned(), self.number));
        self.due.insert(address(&folder), Some(self.number));
    }

    fn move_folder(&mut self) {
        let Some((folder, number)) = self.folders.pop() else { return };
        let next = self.content().join(format!("moved-{}", self.number));
        self.note(format!("{} becomes {}", folder.display(), next.display()));
        fs::rename(&folder, &next).unwrap();
        self.due.insert(address(&folder.join("deep")), None);
        self.due.insert(address(&next.join("deep")), Some(number));
        self.folders.push((next, number));
    }

    fn remove_folder(&mut self) {
        let Some((folder, _)) = self.folders.pop() else { return };
        self.note(format!("{} is removed", folder.display()));
        fs::remove_dir_all(&folder).unwrap();
        self.due.insert(address(&folder.join("deep")), None);
    }

    /// How long it takes until all that was done shows.
    fn settle(&mut self, program: &Program) -> Duration {
        let start = Instant::now();
        for (target, number) in std::mem::take(&mut self.due) {
            loop {
                let answer = program.get(&target);
                let shown = (answer.status() == 200).then(|| whole(&answer.text())).flatten();
                if shown == number {
                    break;
                }
                let done = &self.done;
                assert!(
                    start.elapsed() < PATIENCE,
                    "{target} shows {shown:?}, not {number:?}: {done:#?}"
                );
                thread::sleep(Duration::from_millis(2));
            }
        }
        self.done.clear();
        start.elapsed()
    }
}

/// Where the page in a folder is.
fn address(folder: &Path) -> String {
    let parts: Vec<_> = folder.iter().rev().take(2).filter_map(|part| part.to_str()).collect();
    format!("/{}/{}/page", parts[1], parts[0])
}

/// So many bursts, with so many transcripts that nobody touches; meanwhile somebody looks at the
/// pages, and so many threads do nothing useful.
fn saves_at_any_moment(seed: u64, others: usize, bursts: usize, load: usize) {
    println!("seed {seed}");
    let mut desk = Desk::new(seed, others);
    let program = Program::on(desk.dir.path());
    let over = AtomicBool::new(false);
    let mut took = Vec::new();
    thread::scope(|scope| {
        for _ in 0..load {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::hint::spin_loop()
                }
            });
        }
        let reader = scope.spawn(|| {
            let mut before = [0; SAVED];
            let mut at = 0;
            while !over.load(Ordering::Relaxed) {
                at = (at + 1) % SAVED;
                let page = program.get(&format!("/{at}")).text();
                let shown = whole(&page).unwrap_or_else(|| panic!("blank or half: {page}"));
                assert!(shown >= before[at], "{at}: {shown} after {}", before[at]);
                before[at] = shown;
                thread::sleep(Duration::from_millis(1));
            }
        });
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for _ in 0..bursts {
                for _ in 0..=desk.dice.roll(8) {
                    assert!(
                        !reader.is_finished(),
                        "the reader saw something odd: {:#?}",
                        desk.done
                    );
                    desk.act();
                    let longest = [1, 5_000, 40_000][desk.dice.roll(3) as usize];
                    thread::sleep(Duration::from_micros(desk.dice.roll(longest)));
                }
                took.push(desk.settle(&program));
            }
        }));
        over.store(true, Ordering::Relaxed);
        result.unwrap();
    });
    took.sort();
    let late = took.iter().filter(|took| **took > Duration::from_millis(900)).count();
    println!("median {:?}, longest {:?}, {late} late", took[took.len() / 2], took[took.len() - 1]);
}

#[test]
fn the_last_of_saves_at_any_moment_always_shows() {
    saves_at_any_moment(7, 4, 10, 0);
}

#[test]
#[ignore = "takes minutes; the one above is the same, shorter"]
fn the_last_of_thousands_of_saves_under_load_always_shows() {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    for round in 0..20 {
        saves_at_any_moment(now.as_secs() + round, 94, 60, 2 * (round as usize % 3));
    }
}
