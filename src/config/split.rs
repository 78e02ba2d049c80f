//! Where the front matter ends and the text begins.
//!
//! Front matter is the YAML between a first line `---` and the next line `---`. Real files
//! damage both lines (`----`, `---\`, a dash `—`) or forget the second. Whatever is wrong, no
//! text is swallowed: what cannot be front matter is body, and the damage is told. A `---` in
//! the body is a rule. Reading the YAML is `front`'s.

use crate::config::keys;
use crate::diagnostics::Diagnostic;
use crate::source::{Source, Span};

/// A file's text, cut in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// The YAML between the delimiters; none when there is no front matter.
    pub yaml: Option<Span>,
    /// The Markdown.
    pub body: Span,
}

/// A line with its place, without its line break.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    start: usize,
    /// Where the next line begins.
    next: usize,
}

/// What a line can be to the eye that looks for delimiters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delimiter {
    Sound,
    Damaged,
    None,
}

/// What a line of front matter looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    Blank,
    /// A key that is known to mean something.
    KnownKey,
    /// Any other `key:`.
    Key,
    Comment,
    /// Indented, a list item, or the end of a bracket: belongs to the line above.
    Continued,
    Prose,
}

/// Finds the front matter. A delimiter that is damaged (`---\`, `----`) or never closed is a
/// diagnostic, and the text below is never swallowed.
pub fn split(source: &Source) -> (Split, Vec<Diagnostic>) {
    let text = source.text();
    let all = Span::new(0, text.len());
    let nothing = Split { yaml: None, body: all };
    let mut lines = lines(text, 0);
    let Some(first) = lines.next() else { return (nothing, Vec::new()) };
    if first.text.trim_end() == "+++" {
        return toml(source, first, nothing);
    }
    match delimiter(first.text) {
        Delimiter::None => (nothing, late(source, first)),
        opening => match Block::find(text, first, opening) {
            Some(block) => block.cut(source, first, opening),
            None => (nothing, read_as_text(source, first, opening)),
        },
    }
}

fn lines(text: &str, from: usize) -> impl Iterator<Item = Line<'_>> {
    let mut at = from;
    text[from..].split_inclusive('\n').map(move |whole| {
        let start = at;
        at += whole.len();
        Line { text: whole.trim_end_matches(['\n', '\r']), start, next: at }
    })
}

/// `---` is sound. Damaged are other runs of dashes of any kind, also with a backslash behind.
fn delimiter(line: &str) -> Delimiter {
    let line = line.trim_end();
    if line == "---" {
        return Delimiter::Sound;
    }
    let dashes = line.trim_end_matches('\\').trim_end();
    let is_dash = |char| matches!(char, '-' | '–' | '—' | '―' | '−' | '－' | '─');
    let long = dashes.chars().count() > 1 || dashes.starts_with(['—', '―', '─']);
    if long && dashes.chars().all(is_dash) { Delimiter::Damaged } else { Delimiter::None }
}

fn looks(line: &str) -> Looks {
    let trimmed = line.trim();
    if trimmed.is_empty() {
        return Looks::Blank;
    }
    if line.starts_with([' ', '\t']) {
        return Looks::Continued;
    }
    if trimmed.starts_with('#') {
        return Looks::Comment;
    }
    if trimmed.starts_with("- ") || trimmed == "-" || trimmed.starts_with([']', '}']) {
        return Looks::Continued;
    }
    match key(trimmed).or_else(|| key_before_full_width_colon(trimmed)) {
        Some(key) if keys::is_known(key) && key.starts_with(char::is_lowercase) => Looks::KnownKey,
        Some(_) => Looks::Key,
        None => Looks::Prose,
    }
}

/// The key of `key: value`, `key:` or, carelessly, `key:[]`.
fn key(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let key = key.trim_end().trim_matches(['"', '\'']);
    let letters = |char: char| char.is_alphanumeric() || " _-.'’".contains(char);
    let sound = key.chars().count() <= 40 && key.starts_with(char::is_alphanumeric);
    let value = rest.is_empty() || rest.starts_with([' ', '\t', '[', '{', '"', '\'']);
    (sound && value && key.chars().all(letters)).then_some(key)
}

/// The known key of `title：…`, which YAML does not take for one. The names of people's keys are
/// what speakers are called as well.
fn key_before_full_width_colon(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('：')?;
    let is_label = ["host", "guest", "speaker", "author"].contains(&key);
    (keys::is_known(key) && key.starts_with(char::is_lowercase) && !is_label).then_some(key)
}

/// The lines of a front matter, found.
struct Block<'a> {
    /// Where the YAML ends.
    end: usize,
    /// The line that closes it; none where it was forgotten.
    close: Option<(Line<'a>, Delimiter)>,
}

impl<'a> Block<'a> {
    /// The extent of the front matter below an opening line; none when that line is a rule and
    /// what follows is text.
    fn find(text: &'a str, first: Line<'a>, opening: Delimiter) -> Option<Self> {
        let mut below: Vec<Line<'a>> = Vec::new();
        let mut close = None;
        for line in lines(text, first.next) {
            let closes = line.text.trim_end() == "..." || delimiter(line.text) != Delimiter::None;
            below.push(line);
            if closes {
                close = Some(below.len() - 1);
                break;
            }
        }
        let inside = &below[..close.unwrap_or(below.len())];
        let text_begins = text_within(inside, close.is_some());
        let kept = &inside[..text_begins.unwrap_or(inside.len())];
        let is_yaml = kept.iter().any(|line| looks(line.text) == Looks::KnownKey)
            || (text_begins.is_none()
                && opening == Delimiter::Sound
                && plausible(kept, close.is_some()));
        if !is_yaml {
            return None;
        }
        let end = kept.last().map_or(first.next, |line| line.next);
        let close = close
            .filter(|_| text_begins.is_none())
            .map(|at| (below[at], delimiter(below[at].text)));
        Some(Self { end, close })
    }

    fn cut(
        &self,
        source: &Source,
        first: Line<'_>,
        opening: Delimiter,
    ) -> (Split, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        if opening == Delimiter::Damaged {
            diagnostics.push(damaged(source, first, "opens"));
        }
        let body = match self.close {
            Some((line, kind)) => {
                if kind == Delimiter::Damaged {
                    diagnostics.push(damaged(source, line, "closes"));
                }
                line.next
            }
            None => {
                diagnostics.push(unclosed(source, first, self.end));
                self.end
            }
        };
        let yaml = Span::new(first.next, self.end);
        let body = Span::new(body, source.text().len());
        (Split { yaml: Some(yaml), body }, diagnostics)
    }
}

/// Whether lines without any known key may still be front matter: nothing at all between two
/// delimiters, or mostly keys.
fn plausible(lines: &[Line<'_>], closed: bool) -> bool {
    let count =
        |looks_like: Looks| lines.iter().filter(|line| looks(line.text) == looks_like).count();
    let (keys, prose) = (count(Looks::Key), count(Looks::Prose));
    let no_text = keys == 0 && prose == 0 && count(Looks::Continued) == 0;
    let apart = |pair: &[Line<'_>]| {
        looks(pair[0].text) == Looks::Blank && looks(pair[1].text) == Looks::Key
    };
    closed && (no_text || (keys > prose && !lines.windows(2).any(apart)))
}

/// The index of the first line that is text and no YAML, when the closing line was forgotten
/// (or the one that was found is a rule far below, in the text).
///
/// The front matter goes on past a blank line only while known keys follow. With a closing
/// line, a blank one is no proof yet: there must also be prose below, a heading, or a label
/// that recurs.
fn text_within(lines: &[Line<'_>], closed: bool) -> Option<usize> {
    let after_gap = (1..lines.len()).find(|at| {
        let fresh = looks(lines[at - 1].text) == Looks::Blank;
        let goes_on = matches!(looks(lines[*at].text), Looks::Blank | Looks::Continued);
        fresh && !goes_on && !known_follows(lines, *at)
    });
    let begins = if closed {
        let last_key = lines.iter().rposition(|line| looks(line.text) == Looks::KnownKey);
        let below = last_key.map_or(lines.len(), |at| at + 1);
        let heading = (below..lines.len()).find(|at| is_heading(lines, *at));
        let either = [after_gap, heading].into_iter().flatten().min();
        either.filter(|at| reads_as_text(&lines[*at..]))
    } else {
        let prose = lines.iter().position(|line| looks(line.text) == Looks::Prose);
        let heading = (0..lines.len()).find(|at| is_heading(lines, *at));
        [after_gap, prose, heading].into_iter().flatten().min()
    };
    begins.map(|at| before_labels(lines, at))
}

/// Whether a line that YAML takes for a comment is a heading: no key follows below it.
fn is_heading(lines: &[Line<'_>], at: usize) -> bool {
    let line = lines[at].text;
    let next = lines.get(at + 1).map_or(Looks::Blank, |line| looks(line.text));
    let is_comment = matches!(next, Looks::Key | Looks::KnownKey | Looks::Comment);
    looks(line) == Looks::Comment && (line.starts_with("##") || !is_comment)
}

/// Labels at the end of what seems to be front matter (`Slides: …`, `主持人: …`) begin the
/// text; keys of the author's own are lower case.
fn before_labels(lines: &[Line<'_>], mut begins: usize) -> usize {
    for at in (0..begins).rev() {
        match looks(lines[at].text) {
            Looks::Blank => {}
            Looks::Key if is_label(lines[at].text) => begins = at,
            _ => break,
        }
    }
    begins
}

fn is_label(line: &str) -> bool {
    !line.starts_with(|char: char| char.is_ascii_lowercase())
}

/// Whether a known key comes within the next lines, before any other gap.
fn known_follows(lines: &[Line<'_>], from: usize) -> bool {
    let stretch = lines[from..].iter().take_while(|line| looks(line.text) != Looks::Blank);
    stretch.take(20).any(|line| looks(line.text) == Looks::KnownKey)
}

fn reads_as_text(lines: &[Line<'_>]) -> bool {
    let mut labels: Vec<&str> = Vec::new();
    let mut alone_labels = 0;
    for (at, line) in lines.iter().enumerate() {
        let alone = |at: usize| lines.get(at).is_none_or(|line| looks(line.text) == Looks::Blank);
        match looks(line.text) {
            Looks::Prose => return true,
            Looks::Comment if (at == 0 || alone(at - 1)) && alone(at + 1) => return true,
            Looks::Key => {
                let label = key(line.text.trim()).unwrap_or("");
                if labels.contains(&label) {
                    return true;
                }
                labels.push(label);
                let fresh = at == 0 || alone(at - 1);
                alone_labels += usize::from(is_label(label) && fresh && alone(at + 1));
                if alone_labels >= 2 {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// TOML between `+++` lines: not read, and not shown as text either.
fn toml(source: &Source, first: Line<'_>, nothing: Split) -> (Split, Vec<Diagnostic>) {
    let text = source.text();
    let Some(close) = lines(text, first.next).find(|line| line.text.trim_end() == "+++") else {
        return (nothing, Vec::new());
    };
    let inside = &text[first.next..close.start];
    let assigns =
        |line: &str| line.trim().is_empty() || line.contains('=') || line.starts_with(['[', '#']);
    if !inside.lines().next().is_some_and(|line| line.contains('=')) || !inside.lines().all(assigns)
    {
        return (nothing, Vec::new());
    }
    let body = Span::new(close.next, text.len());
    let message = "this front matter is TOML, which is not read";
    let span = Span::new(first.start, first.start + first.text.len());
    let diagnostic = Diagnostic::error("front-matter/toml", source, span, message)
        .hint("write it as YAML: `---` instead of `+++`, and `title: …` instead of `title = …`");
    (Split { yaml: None, body }, vec![diagnostic])
}

/// What stands between two lines `---` at the very top, without a gap and without a key: a head
/// that went wrong, most likely. Text between two rules has blank lines around it.
fn read_as_text(source: &Source, first: Line<'_>, opening: Delimiter) -> Vec<Diagnostic> {
    let inside: Vec<Line<'_>> = lines(source.text(), first.next)
        .take_while(|line| delimiter(line.text) == Delimiter::None)
        .collect();
    let Some(last) = inside.last() else { return Vec::new() };
    let closed = lines(source.text(), last.next)
        .next()
        .is_some_and(|line| delimiter(line.text) == Delimiter::Sound);
    let gap = inside.iter().any(|line| line.text.trim().is_empty());
    if opening != Delimiter::Sound || !closed || gap {
        return Vec::new();
    }
    let span = Span::new(inside[0].start, inside[0].start + inside[0].text.trim_end().len());
    let message =
        "what stands between these two `---` is read as text: no line of it is `key: value`";
    let diagnostic = Diagnostic::warning("front-matter/read-as-text", source, span, message).hint(
        "write lines like `title: …`; or, if it is text, put a blank line below the first `---`",
    );
    vec![diagnostic]
}

/// Blank lines above what would have been front matter.
fn late(source: &Source, first: Line<'_>) -> Vec<Diagnostic> {
    if !first.text.trim().is_empty() {
        return Vec::new();
    }
    let text = source.text();
    let Some(opening) = lines(text, 0).take(20).find(|line| !line.text.trim().is_empty()) else {
        return Vec::new();
    };
    let next = lines(text, opening.next).next();
    let is_key = next.is_some_and(|line| looks(line.text) == Looks::KnownKey);
    if opening.text.trim_end() != "---" || !is_key {
        return Vec::new();
    }
    let span = Span::new(opening.start, opening.start + 3);
    let message = "front matter must begin in the first line of the file; this is read as text";
    let diagnostic = Diagnostic::warning("front-matter/not-first", source, span, message)
        .hint("delete the blank lines above it");
    vec![diagnostic]
}

fn damaged(source: &Source, line: Line<'_>, does: &str) -> Diagnostic {
    let span = Span::new(line.start, line.start + line.text.trim_end().len());
    let message = format!("the line that {does} the front matter is not exactly `---`");
    Diagnostic::error("front-matter/delimiter", source, span, message)
        .hint("write three hyphens and nothing else on this line: `---`")
}

fn unclosed(source: &Source, first: Line<'_>, end: usize) -> Diagnostic {
    let span = Span::new(first.start, first.start + first.text.trim_end().len());
    let line = source.position(end).line;
    let message = "the front matter that opens here is never closed";
    let diagnostic = Diagnostic::error("front-matter/unclosed", source, span, message)
        .label("opened here")
        .hint(format!("put a line `---` below its last key, before line {line}"));
    match lines(source.text(), end).find(|line| !line.text.trim().is_empty()) {
        None => diagnostic,
        Some(text) => {
            let from = text.start + (text.text.len() - text.text.trim_start().len());
            let span = Span::new(from, text.start + text.text.trim_end().len());
            diagnostic.related(source, span, "the text seems to begin here")
        }
    }
}
