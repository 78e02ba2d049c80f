//! Keeps what is shown up to date: waits for a change, reads, makes the next edition, tells.
//!
//! One rebuild at a time. What changes meanwhile is found by the next look, however often it
//! changed: at most one rebuild waits.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::preview::Preview;
use super::{Edition, Happened, Make, Talk};
use crate::diagnostics::{Diagnostic, Severity, count};
use crate::load::{self, Reader};
use crate::pipeline::{File, Inputs, LeftOut};
use crate::watch::Watch;

/// A look that may have come in the middle of a save is believed when another one, so much later,
/// finds the same.
const SECOND_LOOK: Duration = Duration::from_millis(50);

/// How often is looked again while it goes on changing.
const LOOKS: usize = 8;

/// Reads, makes and shows the site, one edition after the other.
pub struct Keeper {
    reader: Reader,
    make: Make,
    talk: Talk,
    preview: Arc<Preview>,
    /// What the last edition was made from, and what was wrong with it.
    last: Option<(Inputs, Vec<Diagnostic>)>,
    left_out: LeftOut,
}

impl Keeper {
    /// One that has shown nothing yet.
    pub fn new(reader: Reader, make: Make, talk: Talk, preview: Arc<Preview>) -> Self {
        Self { reader, make, talk, preview, last: None, left_out: LeftOut::default() }
    }

    /// Shows the first edition, made from what the reader has read.
    pub fn begin(&mut self, inputs: Inputs) {
        let start = Instant::now();
        let edition = (self.make)(&inputs);
        self.show(Look { inputs, changed: Vec::new(), edition }, start);
    }

    /// Shows every later one; comes back never.
    pub fn run(mut self, poll: bool) {
        let mut watch = Watch::new(self.reader.folder().clone(), poll);
        loop {
            // The first look is for what changed before it was watched.
            let look = AssertUnwindSafe(|| self.look(&mut watch));
            if catch_unwind(look).is_err() {
                // A preview that stops to follow, and does not say so, would be worse.
                (self.talk)(Happened::Broken);
            }
            if let Some(reason) = watch.failure() {
                (self.talk)(Happened::Polling(reason));
            }
            watch.wait();
        }
    }

    /// Reads the site, and shows it if it is not what is shown already.
    fn look(&mut self, watch: &mut Watch) {
        let start = Instant::now();
        if let Some(look) = self.read(watch) {
            self.show(look, start);
        }
    }

    /// What is there now, if it differs from what is shown; never what somebody is only half
    /// through writing, as far as that can be told. The edition is made before that is decided:
    /// some files are read only then.
    fn read(&mut self, watch: &mut Watch) -> Option<Look> {
        let mut before: Option<(Inputs, Vec<String>)> = None;
        let mut quiet = 0;
        for look in 1.. {
            let (last, _) = self.last.as_ref()?;
            let (known, doubted) = match &before {
                Some((known, changed)) => (known, changed.as_slice()),
                None => (last, [].as_slice()),
            };
            let touched = watch.touched().and_then(|mut touched| {
                let root = &self.reader.folder().root;
                touched.extend(doubted.iter().map(|path| root.join(path)));
                self.reader.read_touched(known, &touched)
            });
            let inputs = touched.unwrap_or_else(|| self.reader.read());
            let changed = load::changes(last, &inputs);
            if changed.is_empty() && last.diagnostics == inputs.diagnostics {
                return None;
            }
            let edition = (self.make)(&inputs);
            let blank = blank(&inputs, &changed);
            // What was written meanwhile may have been read before its end.
            let disturbed = self.reader.has_moved(&changed) || watch.is_disturbed();
            let doubtful = disturbed || watch.polls() || blank != Blank::None;
            let same = |before: &Inputs| load::changes(before, &inputs).is_empty();
            quiet = match &before {
                Some((before, _)) if !disturbed && same(before) => quiet + 1,
                _ => 0,
            };
            if !doubtful || quiet >= blank.looks() || look == LOOKS {
                return Some(Look { inputs, changed, edition });
            }
            before = Some((inputs, changed));
            if disturbed {
                watch.settle();
            } else {
                thread::sleep(SECOND_LOOK);
            }
        }
        None
    }

    fn show(&mut self, look: Look, start: Instant) {
        let Look { inputs, changed, edition } = look;
        let diagnostics = edition.diagnostics.clone();
        let now = edition.left_out;
        let left_out = (std::mem::replace(&mut self.left_out, now) != now).then_some(now);
        self.preview.update(edition, &changed);
        let before = self.last.replace((inputs, diagnostics.clone())).map(|(_, before)| before);
        let before = before.unwrap_or_default();
        let errors = |all: &[Diagnostic]| count(all, Severity::Error);
        (self.talk)(Happened::Rebuilt {
            changed,
            took: start.elapsed(),
            errors: errors(&diagnostics),
            errors_before: errors(&before),
            fresh: fresh(&before, diagnostics),
            left_out,
        });
    }
}

/// One reading of the site.
struct Look {
    inputs: Inputs,
    changed: Vec<String>,
    edition: Edition,
}

/// Whether changed files have lost all their text: editors empty or remove a file a moment before
/// they fill it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Blank {
    /// None has.
    None,
    /// One is gone.
    Gone,
    /// One is there, and empty.
    Empty,
}

impl Blank {
    /// How many looks after the first have to find the same. Between emptying a file and filling it, or
    /// between moving the old one away and the new one in, a program may have to wait for a busy machine;
    /// and who means it to be empty or gone has time.
    fn looks(self) -> usize {
        match self {
            Self::None => 1,
            Self::Gone => 3,
            Self::Empty => 4,
        }
    }
}

fn blank(inputs: &Inputs, changed: &[String]) -> Blank {
    let of = |path: &String| {
        let is_empty = match inputs.files.get(path) {
            Some(File::Text(text)) => text.text().trim().is_empty(),
            Some(File::Markdown(text)) => text.take().source.text().trim().is_empty(),
            Some(_) => false,
            None => return Blank::Gone,
        };
        if is_empty { Blank::Empty } else { Blank::None }
    };
    changed.iter().map(of).max().unwrap_or(Blank::None)
}

/// The diagnostics that were not there before. One that only moved to another line is not new; an
/// error is, where it is about other words.
fn fresh(before: &[Diagnostic], now: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let key = |one: &Diagnostic| {
        let words = (one.severity == Severity::Error).then(|| line(one).to_owned());
        (one.place.source.path().to_owned(), one.code, one.message.clone(), words)
    };
    let mut known: HashMap<_, usize> = HashMap::new();
    for one in before {
        *known.entry(key(one)).or_default() += 1;
    }
    let mut fresh = Vec::new();
    for one in now {
        match known.get_mut(&key(&one)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => fresh.push(one),
        }
    }
    fresh
}

/// The line that a diagnostic is about; nothing where it is about a whole file.
fn line(one: &Diagnostic) -> &str {
    let Some(span) = one.place.span else { return "" };
    let text = one.place.source.text();
    let at = span.start as usize;
    let (Some(before), Some(behind)) = (text.get(..at), text.get(at..)) else { return "" };
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let end = behind.find('\n').map_or(text.len(), |end| at + end);
    text[start..end].trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Span};

    #[test]
    fn a_diagnostic_that_moved_is_told_once_and_a_second_one_is_new() {
        let at = |text: &str, from: usize| {
            let source = Source::new("a.md", text);
            Diagnostic::warning("x/y", &source, Span::new(from, from + 1), "odd")
        };
        let before = [at("?", 0)];
        assert_eq!(fresh(&before, vec![at("new\n?", 4)]), []);
        assert_eq!(fresh(&before, vec![at("? ?", 0), at("? ?", 2)]).len(), 1);
        let wrong = |text: &str, from: usize| {
            let source = Source::new("a.md", text);
            Diagnostic::error("x/y", &source, Span::new(from, from + 1), "odd")
        };
        let before = [wrong("a: [\nb", 3)];
        assert_eq!(fresh(&before, vec![wrong("new\n a: [\nb", 7)]), []);
        assert_eq!(fresh(&before, vec![wrong("a\nb: [", 5)]).len(), 1, "other words");
    }
}
