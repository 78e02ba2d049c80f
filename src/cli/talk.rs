//! What the commands say, and where: results to standard output, everything else to standard
//! error. Colours only on a terminal, and never with `NO_COLOR`.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anstyle::{AnsiColor, Style};

use crate::diagnostics::{self, Diagnostic, Format, Severity};
use crate::load::UNREADABLE;
use crate::pipeline::LeftOut;

use super::Failure;

const ERROR: Style = AnsiColor::Red.on_default().bold();

/// The terminal.
#[derive(Debug)]
pub struct Talk {
    /// Whether somebody sees a progress bar.
    pub terminal: bool,
}

/// Where diagnostics go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// They are the result.
    Result,
    /// They are talk beside a result.
    Talk,
}

impl Talk {
    /// For this process.
    pub fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal() }
    }

    /// A result. A reader that went away (`| head`) is nobody's error.
    pub fn result(&self, text: &str) {
        let _ = anstream::stdout().write_all(text.as_bytes());
        let _ = anstream::stdout().flush();
    }

    /// One line of talk.
    pub fn line(&self, text: &str) {
        let _ = writeln!(anstream::stderr(), "{text}");
    }

    /// Why the command failed.
    pub fn error(&self, message: &str) {
        let _ = writeln!(anstream::stderr(), "{ERROR}error:{ERROR:#} {message}");
    }

    /// Diagnostics: as JSON always a result, one object a line.
    pub fn diagnostics(&self, all: &[Diagnostic], format: Format, channel: Channel) {
        match (format, channel) {
            (Format::Json, _) => {
                let lines: String =
                    all.iter().map(|one| diagnostics::to_json(one) + "\n").collect();
                self.result(&lines);
            }
            (Format::Human, Channel::Result) => self.result(&diagnostics::print(all, true)),
            (Format::Human, Channel::Talk) => {
                let text = diagnostics::print(all, true);
                let _ = anstream::stderr().write_all(text.as_bytes());
            }
        }
    }
}

/// What the diagnostics mean for the exit status: none when the work may go on.
pub fn verdict(all: &[Diagnostic], strict: bool) -> Option<Failure> {
    if all.iter().any(|one| one.code == UNREADABLE) {
        let message = "some files could not be read, so nothing is complete without them";
        return Some(Failure::Environment(message.to_owned()));
    }
    let least = if strict { Severity::Warning } else { Severity::Error };
    all.iter().any(|one| one.severity >= least).then_some(Failure::Content)
}

/// `1 error, 2 warnings`; empty when there are none.
pub fn counts(all: &[Diagnostic]) -> String {
    let kinds =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let parts: Vec<String> = kinds
        .into_iter()
        .map(|(severity, name)| (diagnostics::count(all, severity), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| number(count, name))
        .collect();
    parts.join(", ")
}

/// `1 file`, `2 files`.
pub fn number(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// `0.21 s`.
pub fn seconds(took: Duration) -> String {
    format!("{:.2} s", took.as_secs_f64())
}

/// What was left out, and how to see it; none when nothing was.
pub fn left_out(left_out: LeftOut) -> Option<String> {
    let mut parts = Vec::new();
    if left_out.drafts > 0 {
        parts.push(format!("{} (--drafts includes them)", number(left_out.drafts, "draft")));
    }
    if left_out.future > 0 {
        let count = number(left_out.future, "transcript");
        parts.push(format!("{count} of a later date (--future includes them)"));
    }
    (!parts.is_empty()).then(|| format!("Left out: {}", parts.join(", ")))
}

/// A path as it is shortest to say from here.
pub fn short(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    let inner = here.as_deref().and_then(|here| path.strip_prefix(here).ok());
    let inner = inner.or_else(|| path.strip_prefix(".").ok()).unwrap_or(path);
    if inner.as_os_str().is_empty() { PathBuf::from(".") } else { inner.to_owned() }
}

/// A folder's path with its slash.
pub fn folder(path: &Path) -> String {
    let path = short(path).display().to_string();
    if path.ends_with('/') { path } else { format!("{path}/") }
}
