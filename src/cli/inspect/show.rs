//! A report for a person at a terminal: short, aligned, nothing that steers the terminal.
//!
//! Columns are counted as terminals count them, two for a Han character. Long lists are cut,
//! and say how much is left; the JSON has everything.

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::report::{Chapter, Figure, Key, Place, Report, Section, Speaker, Times};
use crate::diagnostics::visible;

/// Columns of a line.
const WIDTH: usize = 100;

/// Columns of the names at the left.
const NAMES: usize = 14;

/// Lines of a list.
const LINES: usize = 30;

const HEAD: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();

/// The whole report.
pub(super) fn show(report: &Report) -> String {
    let mut page = Text::default();
    top(&mut page, report);
    front_matter(&mut page, &report.front_matter);
    speakers(&mut page, report);
    sections(&mut page, &report.sections);
    chapters(&mut page, &report.chapters);
    times(&mut page, &report.times);
    terms(&mut page, report);
    figures(&mut page, &report.figures);
    said(&mut page, report);
    leftovers(&mut page, report);
    page.out
}

/// Lines that are being written.
#[derive(Default)]
struct Text {
    out: String,
}

impl Text {
    /// `Name        words`, the words in one line, and why in parentheses.
    fn fact(&mut self, name: &str, words: &str, why: &str) {
        let why = if why.is_empty() { String::new() } else { format!("  {QUIET}({why}){QUIET:#}") };
        let words = cut(words, WIDTH - NAMES);
        self.out.push_str(&format!("{HEAD}{}{HEAD:#}{words}{why}\n", pad(name, NAMES)));
    }

    /// A heading of a list, after an empty line.
    fn list(&mut self, name: &str, words: &str) {
        self.out.push('\n');
        self.fact(name, words, "");
    }

    /// A line of a list.
    fn item(&mut self, line: &str) {
        self.out.push_str("  ");
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// The lines of a list, cut where they are too many.
    fn items(&mut self, lines: impl ExactSizeIterator<Item = String>) {
        let left = lines.len().saturating_sub(LINES);
        let mut lines = lines;
        for line in lines.by_ref().take(LINES) {
            self.item(&line);
        }
        if left > 0 {
            self.item(&format!("{QUIET}… and {left} more: --format json has them{QUIET:#}"));
        }
    }
}

fn top(page: &mut Text, report: &Report) {
    let site = report.site.as_ref().map(|site| format!("read with the settings of {site}"));
    page.fact("File", &report.file, site.as_deref().unwrap_or("no site above it"));
    page.fact("Title", &report.title.value, report.title.from);
    page.fact("Language", &report.language.value, report.language.from);
    let head = &report.head;
    for (name, value) in [
        ("Cover", &head.cover),
        ("Recording", &head.recording),
        ("Byline", &head.byline),
        ("Account", &head.account),
        ("Original", &head.original),
    ] {
        if let Some(value) = value {
            page.fact(name, value, "");
        }
    }
    let credits: Vec<String> =
        head.credits.iter().map(|credit| format!("{}: {}", credit.role, credit.names)).collect();
    if !credits.is_empty() {
        page.fact("Credits", &credits.join("; "), "");
    }
    if let Some(place) = report.breaks_off {
        page.fact("Breaks off", &format!("at {}", at(place)), "");
    }
}

fn front_matter(page: &mut Text, keys: &[Key]) {
    if keys.is_empty() {
        return page.fact("Front matter", "none", "");
    }
    let kept = keys.iter().filter(|key| key.meaning.is_none()).count();
    let kept = if kept > 0 { format!(", {kept} kept for templates") } else { String::new() };
    page.list("Front matter", &format!("{}{kept}", number(keys.len(), "key")));
    let names = widest(keys.iter().map(|key| key.key.as_str()), 20);
    let meanings = widest(keys.iter().map(|key| key.meaning.unwrap_or("kept")), 16);
    page.items(keys.iter().map(|key| {
        let words = cut(&key.understood, WIDTH.saturating_sub(names + meanings + 6));
        let meaning = pad(key.meaning.unwrap_or("kept"), meanings);
        format!("{}  {QUIET}{meaning}{QUIET:#}  {words}", pad(&key.key, names))
    }));
}

fn speakers(page: &mut Text, report: &Report) {
    let turns = &report.turns;
    if turns.count == 0 {
        page.list("Turns", "none: no label names a speaker");
        return silent(page, report);
    }
    let speakers = match report.speakers.len() {
        0 => "nobody named".to_owned(),
        count => number(count, "speaker"),
    };
    let mut words = vec![number(turns.count, "turn"), speakers];
    if turns.without_label > 0 {
        words.push(format!("{} below a heading, without a label", turns.without_label));
    }
    if turns.without_speaker > 0 && !report.speakers.is_empty() {
        words.push(format!("{} without a speaker", turns.without_speaker));
    }
    if !report.speakers.is_empty() {
        words.push(format!("{:.0} % of the text", turns.share_of_text * 100.0));
    }
    page.list("Turns", &words.join(", "));
    let labels = widest(report.speakers.iter().map(|one| one.label.as_str()), 24);
    let forms: Vec<String> = report.speakers.iter().map(written).collect();
    let columns = widest(forms.iter().map(String::as_str), 34);
    page.items(report.speakers.iter().zip(&forms).map(|(one, form)| {
        let (label, form) = (pad(&one.label, labels), pad(form, columns));
        let why = format!("{}{}", why(one), person(one));
        format!("{label}  {:>4}  {QUIET}{form}{QUIET:#}  {why}", one.turns)
    }));
    silent(page, report);
}

/// People of the front matter whom no label means: a label to correct, or a talk without labels.
fn silent(page: &mut Text, report: &Report) {
    if !report.silent.is_empty() {
        page.fact("No turn", &report.silent.join(", "), "named in the front matter");
    }
}

/// `**Host:** 12:1, and 2 forms more`.
fn written(one: &Speaker) -> String {
    let Some(form) = one.forms.first() else { return String::new() };
    let more = one.forms.len() - 1;
    let more = if more > 0 { format!(" +{}", number(more, "form")) } else { String::new() };
    format!("{} {}{more}", form.written, at(form.place))
}

fn why(one: &Speaker) -> &'static str {
    match one.because {
        "front matter" => "declared in the front matter",
        "speakers.yaml" => "declared in speakers.yaml",
        "recurrence" => "used three times or more",
        "together" => "several who all speak",
        "rare" => "a guess: like the others",
        _ => "two who alternate",
    }
}

/// Who that is, where the label alone does not say it.
fn person(one: &Speaker) -> String {
    let person = &one.person;
    let role = person.role.as_ref().map(|role| format!(", {role}")).unwrap_or_default();
    match (person.known_by, &person.did_you_mean) {
        ("label", Some(near)) => format!("; did you mean {near}?"),
        ("label", None) => role,
        ("ambiguous", _) => "; several people are called so".to_owned(),
        (_, _) if person.name == one.label => role,
        ("initials" | "first name" | "role", _) => {
            format!("; the {} of {}{role}", known(person.known_by), person.name)
        }
        _ => format!("; is {}{role}", person.name),
    }
}

fn known(by: &str) -> &str {
    if by == "role" { "label" } else { by }
}

fn sections(page: &mut Text, sections: &[Section]) {
    if sections.is_empty() {
        return;
    }
    page.list("Sections", &sections.len().to_string());
    page.items(sections.iter().map(|section| {
        let indent = "  ".repeat(section.level.saturating_sub(2) as usize);
        let number = section.number.as_ref().map(|n| format!("{n} ")).unwrap_or_default();
        let title = cut(&format!("{indent}{number}{}", section.title), WIDTH - 12);
        format!("{QUIET}{}{QUIET:#}  {title}", pad(&at(section.place), 8))
    }));
}

fn chapters(page: &mut Text, chapters: &[Chapter]) {
    if chapters.is_empty() {
        return;
    }
    page.list("Chapters", &chapters.len().to_string());
    page.items(chapters.iter().map(|chapter| {
        let title = cut(&chapter.title, WIDTH - 22);
        let place = pad(&at(chapter.place), 8);
        format!("{QUIET}{place}{QUIET:#}  {}  {title}", pad(&clock(chapter.time), 8))
    }));
}

fn times(page: &mut Text, times: &Times) {
    let (Some(first), Some(last)) = (times.first, times.last) else { return };
    let mut words =
        format!("{} with a time, {} to {}", number(times.turns, "turn"), clock(first), clock(last));
    if let Some(back) = times.backwards.first() {
        let often = if times.backwards.len() == 1 { "once" } else { "first" };
        let count = if times.backwards.len() == 1 {
            String::new()
        } else {
            format!(" {} times", times.backwards.len())
        };
        words.push_str(&format!(
            "; backwards{count}, {often} from {} to {} at {}",
            clock(back.from),
            clock(back.to),
            at(back.place)
        ));
    }
    page.list("Times", &words);
}

fn terms(page: &mut Text, report: &Report) {
    if report.terms.is_empty() {
        return;
    }
    let said: usize = report.terms.iter().map(|term| term.count).sum();
    page.list("Terms", &format!("{}, {}", report.terms.len(), number(said, "mention")));
    let mut line = String::new();
    for term in &report.terms {
        let next = format!("{} {}", visible(&term.term), term.count);
        if !line.is_empty() && line.width() + next.width() + 2 > WIDTH {
            page.item(&std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push_str("  ");
        }
        line.push_str(&next);
    }
    page.item(&line);
}

fn figures(page: &mut Text, figures: &[Figure]) {
    if figures.is_empty() {
        return;
    }
    let with = figures.iter().filter(|figure| figure.caption.is_some()).count();
    page.list("Figures", &format!("{}, {with} with a caption", figures.len()));
    page.items(figures.iter().map(|figure| {
        let caption = figure.caption.as_deref().unwrap_or("no caption");
        let words = format!("{}  {caption}", cut(&figure.images.join(" "), 48));
        format!("{QUIET}{}{QUIET:#}  {}", pad(&at(figure.place), 8), cut(&words, WIDTH - 12))
    }));
}

fn said(page: &mut Text, report: &Report) {
    if report.diagnostics.is_empty() {
        return;
    }
    page.list("Said of it", &number(report.diagnostics.len(), "remark"));
    page.items(report.diagnostics.iter().map(|one| {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let style = match one["severity"].as_str() {
            Some("error") => ERROR,
            Some("warning") => WARNING,
            _ => QUIET,
        };
        let place = match (one["line"].as_u64(), one["column"].as_u64()) {
            (Some(line), Some(column)) => format!("{line}:{column}"),
            _ => "-".to_owned(),
        };
        let severity = pad(&text("severity"), 7);
        let message = cut(&format!("{} [{}]", text("message"), text("code")), WIDTH * 2);
        format!("{QUIET}{}{QUIET:#}  {style}{severity}{style:#}  {message}", pad(&place, 8))
    }));
}

fn leftovers(page: &mut Text, report: &Report) {
    let labels: Vec<_> = report.not_understood.iter().filter(|one| one.kind == "label").collect();
    if labels.is_empty() {
        return;
    }
    page.list(
        "Left as text",
        "what looks like a label; `speakers: [...]` in the head makes it one",
    );
    page.items(labels.iter().map(|one| {
        let count = if one.count > 1 { format!("  {}", one.count) } else { String::new() };
        format!("{QUIET}{}{QUIET:#}  {}{count}", pad(&at(one.place), 8), cut(&one.text, 48))
    }));
}

fn at(place: Place) -> String {
    format!("{}:{}", place.line, place.column)
}

fn number(count: usize, noun: &str) -> String {
    crate::cli::talk::number(count, noun)
}

/// `1:02:03`; tenths are left to the JSON.
fn clock(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The columns of the widest of several texts, at most `most`.
fn widest<'a>(texts: impl Iterator<Item = &'a str>, most: usize) -> usize {
    texts.map(|text| visible(text).width()).max().unwrap_or(0).min(most)
}

/// A text of exactly so many columns.
fn pad(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    let blanks = columns.saturating_sub(text.width());
    text + &" ".repeat(blanks)
}

/// A text on one line, of at most so many columns.
fn cut(text: &str, columns: usize) -> String {
    let text = visible(text);
    if text.width() <= columns {
        return text;
    }
    let mut width = 1;
    let fits = |c: &char| {
        width += c.width().unwrap_or(0);
        width <= columns
    };
    text.chars().take_while(fits).collect::<String>() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_a_terminal() {
        assert_eq!(pad("主持人", 8), "主持人  ");
        assert_eq!(pad("主持人", 5), "主持…");
        assert_eq!(cut("a\u{1b}[31mb\nc", 20), "a␛[31mb c");
        assert_eq!(pad("ab", 2), "ab");
        assert_eq!(cut("abc", 2), "a…");
    }

    #[test]
    fn times_are_clocks() {
        assert_eq!(clock(0), "0:00:00");
        assert_eq!(clock(3_723_900), "1:02:03");
    }
}
