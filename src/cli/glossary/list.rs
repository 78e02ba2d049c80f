//! `postil glossary list`.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::cli::talk::{Channel, Talk, number};
use crate::cli::{Failure, SiteArguments, Style};
use crate::diagnostics::{self, Format, Severity, visible};
use crate::glossary::{Glossary, Term, TermIndex};
use crate::pipeline::{self, Text};

const EXAMPLES: &str = "\
Examples:
  postil glossary list                         the site here
  postil glossary list my-site --format json   one JSON object a term, in a list
  postil glossary list --today 2027-01-01      which definitions will be a year old by then";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// For people, or one JSON list for a program
    #[arg(long, value_enum, default_value_t = Style::Human)]
    format: Style,
}

/// A term, counted. Field names are an interface: `docs/glossary.md` describes them.
#[derive(Debug, Serialize)]
struct Row {
    term: String,
    id: String,
    category: Option<String>,
    /// How often it is said.
    count: usize,
    /// How many of these are links.
    shown: usize,
    /// In how many texts.
    transcripts: usize,
    as_of: Option<String>,
    unused: bool,
    /// Said, but nothing tells which of several terms is meant.
    ambiguous: usize,
    /// Its `as_of` is more than a year ago.
    old: bool,
    path: String,
    line: u32,
}

/// Of one text: by term, mentions, those shown, undecided forms.
type Counts = BTreeMap<TermIndex, (usize, usize, usize)>;

/// Tells.
pub fn run(arguments: &Arguments, talk: &Talk) -> Result<(), Failure> {
    let options = arguments.site.options(None)?;
    let (_, inputs) = arguments.site.read()?;
    let survey = pipeline::survey(&inputs, &options, counts);
    let mut said = survey.diagnostics;
    said.extend(inputs.diagnostics.iter().cloned());
    said.retain(|one| one.severity >= Severity::Warning && is_about_terms(one));
    diagnostics::arrange(&mut said);
    let rows = rows(&survey.glossary, &survey.answers, &options.today);
    match arguments.format {
        Style::Json => {
            let json = serde_json::to_string_pretty(&rows);
            let json = json.expect("rows have string keys and whole numbers only");
            let lines: Vec<String> = json.lines().map(diagnostics::escaped).collect();
            talk.result(&(lines.join("\n") + "\n"));
        }
        Style::Human => {
            talk.result(&table(&rows));
            talk.line(&summary(&rows));
        }
    }
    talk.diagnostics(&said, Format::Human, Channel::Talk);
    match crate::cli::talk::verdict(&said, false) {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

/// Whether it is something that a list of terms suffers from.
fn is_about_terms(one: &diagnostics::Diagnostic) -> bool {
    one.severity == Severity::Error || one.code.starts_with("glossary/")
}

fn counts(text: Text<'_>) -> Counts {
    let mut counts = Counts::new();
    for mention in &text.found.mentions {
        let entry = counts.entry(mention.term).or_default();
        entry.0 += 1;
        entry.1 += usize::from(mention.shown);
    }
    for term in text.found.undecided.iter().flat_map(|form| &form.terms) {
        counts.entry(*term).or_default().2 += 1;
    }
    counts
}

/// The most said first; those said equally often in the glossary's order.
fn rows(glossary: &Glossary, answers: &[Counts], today: &str) -> Vec<Row> {
    let row = |(at, term): (usize, &Term)| {
        let own: Vec<_> =
            answers.iter().filter_map(|counts| counts.get(&(at as TermIndex))).collect();
        let count = own.iter().map(|one| one.0).sum();
        Row {
            term: term.term.clone(),
            id: term.id.clone(),
            category: term.category.clone(),
            count,
            shown: own.iter().map(|one| one.1).sum(),
            transcripts: own.iter().filter(|one| one.0 > 0).count(),
            as_of: term.as_of.clone(),
            unused: count == 0,
            ambiguous: own.iter().map(|one| one.2).sum(),
            old: term.as_of.as_deref().is_some_and(|as_of| is_old(as_of, today)),
            path: term.source.path().to_owned(),
            line: term.source.position(term.span.start as usize).line,
        }
    };
    let mut rows: Vec<Row> = glossary.terms.iter().enumerate().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows
}

/// Whether a time, `2024`, `2024-07` or `2024-07-31`, ended more than a year before today.
fn is_old(as_of: &str, today: &str) -> bool {
    let Some((year, rest)) = today.split_once('-') else { return false };
    let Ok(year) = year.parse::<i32>() else { return false };
    let a_year_ago = format!("{:04}-{rest}", year - 1);
    let length = as_of.len().min(a_year_ago.len());
    let dated = as_of.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    dated && matches!(length, 4 | 7 | 10) && as_of[..length] < a_year_ago[..length]
}

fn remarks(row: &Row) -> String {
    let mut remarks = Vec::new();
    if row.unused && row.ambiguous == 0 {
        remarks.push("said nowhere".to_owned());
    }
    if row.ambiguous > 0 {
        remarks.push(format!("ambiguous in {}", number(row.ambiguous, "place")));
    }
    if let (true, Some(as_of)) = (row.old, &row.as_of) {
        remarks.push(format!("as of {as_of}, more than a year ago"));
    }
    remarks.join("; ")
}

fn table(rows: &[Row]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let names: Vec<String> = rows.iter().map(|row| visible(&row.term)).collect();
    let wide = names.iter().map(|name| name.width()).max().unwrap_or_default().clamp(4, 40);
    let mut table = format!("{:wide$}  {:>6}  {:>6}  {:>5}\n", "Term", "Said", "Shown", "Texts");
    for (row, name) in rows.iter().zip(names) {
        let gap = " ".repeat(wide.saturating_sub(name.width()));
        let line = format!(
            "{name}{gap}  {:>6}  {:>6}  {:>5}  {}",
            row.count,
            row.shown,
            row.transcripts,
            remarks(row)
        );
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

fn summary(rows: &[Row]) -> String {
    if rows.is_empty() {
        return "The glossary has no terms: `postil glossary suggest` looks for some".to_owned();
    }
    let count = |test: fn(&Row) -> bool| rows.iter().filter(|row| test(row)).count();
    let said: usize = rows.iter().map(|row| row.count).sum();
    let mut parts = vec![format!("{}, {}", number(rows.len(), "term"), number(said, "mention"))];
    for (count, what) in [
        (count(|row| row.unused && row.ambiguous == 0), "said nowhere"),
        (count(|row| row.ambiguous > 0), "ambiguous"),
        (count(|row| row.old), "older than a year"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    let categories: BTreeSet<&String> =
        rows.iter().filter_map(|row| row.category.as_ref()).collect();
    if categories.len() > 1 {
        parts.push(format!("{} categories", categories.len()));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::is_old;

    #[test]
    fn a_definition_is_old_when_its_time_ended_more_than_a_year_ago() {
        for (as_of, old) in [
            ("2024", true),
            ("2025", false),
            ("2025-10", true),
            ("2025-11", false),
            ("2025-11-24", true),
            ("2025-11-25", false),
            ("2026-01", false),
            ("early 2024", false),
        ] {
            assert_eq!(is_old(as_of, "2026-11-25"), old, "{as_of}");
        }
    }
}
