//! Markdown to [`Document`]. Never touches the disk and never fails: every input gives a
//! document and diagnostics.
//!
//! Source → front matter and body (`config`) → events with emphasis repaired (`emphasis`) →
//! blocks over one text (`blocks`) → head, labels, sections (`head`, `forms`, `speakers`,
//! `sections`) → turns with lasting ids (`turns`). Rules: design, section 5. Terms are not
//! known here, nor other files.

mod asides;
mod bare;
mod blocks;
mod cast_list;
mod chapters;
mod chars;
pub(crate) mod cjk;
mod clip;
mod closing;
mod cues;
pub mod emphasis;
mod forms;
mod head;
mod html;
mod initials;
mod label;
mod line;
mod nameless;
mod naming;
mod overlay;
mod references;
mod sections;
mod speakers;
mod times;
mod turns;
mod url;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config;
use crate::diagnostics::Diagnostic;
use crate::document::{Block, Document, Item, Leaf};
use crate::source::{Source, Span};

pub(crate) use head::is_dateline;
pub(crate) use label::{people as people_of, together};
pub(crate) use speakers::is_no_person;
pub use speakers::key as speaker_key;
pub(crate) use url::is_recording;

/// What reading a file depends on besides the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Labels of people whom `speakers.yaml` names, folded by [`speaker_key`].
    pub known: Arc<BTreeSet<String>>,
    /// Whether the file lies in a folder whose raw HTML is kept.
    pub trusted: bool,
    /// Whether it is a plain page: nobody speaks, and nothing at its head is a byline.
    pub plain: bool,
    /// Source offsets of backslashes that keep a term from being a mention (`\RAG`): they are
    /// no text. Which ones do, only the glossary knows, so this takes a second reading.
    pub opted_out: Arc<BTreeSet<usize>>,
}

/// Reads one file.
pub fn parse(source: &Source, context: &Context) -> (Document, Vec<Diagnostic>) {
    let (split, mut diagnostics) = config::split(source);
    let front = match split.yaml {
        Some(yaml) => {
            let (front, more) = config::read_front_matter(source, yaml);
            diagnostics.extend(more);
            front
        }
        None => config::FrontMatter::default(),
    };
    let mut raw = read_blocks(source, split.body, context);
    let declared = speakers::declared(&front, &context.known);
    let found = head::find(&raw, &front, &declared);
    let no_turns = context.plain || front.no_turns;
    let mut silent = found.used.clone();
    if let Some(at) = cast_list::find(&raw) {
        silent[at] = true;
    }
    let mut candidates = forms::candidates(&raw, source, &silent);
    bare::settle(&raw, &declared, &mut candidates);
    let entries = chapters::find(&raw, &silent, &mut candidates);
    if no_turns {
        candidates.clear();
    }
    let cast = speakers::decide(&raw, &found.used, &candidates, &front, &context.known);
    diagnostics.extend(said(source, &raw, &found, &candidates, &cast, split.body));
    let breaks_off = raw
        .leftovers
        .iter()
        .find(|left| left.kind == emphasis::LeftoverKind::BreaksOff)
        .map(|left| Span::from(left.range.clone()).shifted(split.body.start as usize));
    let mut spoken = candidates.iter().zip(&cast.speakers).filter(|(_, who)| who.is_some());
    let closing = spoken.next_back().and_then(|(last, _)| closing::find(&raw, last.top));
    diagnostics.extend(closing.map(|at| closed(source, raw.tops[at].span)));
    let apart = turns::Apart {
        used: &found.used,
        unspoken: &chapters::tops(&entries, raw.tops.len()),
        closing,
    };
    let assembled = turns::assemble(source, &mut raw, apart, candidates, cast);
    let chapters = chapters::keep(entries, &assembled.blocks, &mut raw.marks);
    asides::mark(&raw.text, &leaves(&assembled.blocks, &raw), &assembled.speakers, &mut raw.marks);
    let document = Document {
        source: source.clone(),
        front,
        head: found.head,
        text: raw.text,
        marks: raw.marks,
        seams: raw.seams,
        segments: raw.segments,
        blocks: assembled.blocks,
        items: assembled.items,
        speakers: assembled.speakers,
        breaks_off,
        footnotes: raw.footnotes,
        chapters,
    };
    diagnostics.extend(backwards(&document));
    if document.blocks.is_empty()
        && !document.items.iter().any(|item| matches!(item, Item::Turn(_)))
    {
        diagnostics.push(empty(source));
    }
    (document, diagnostics)
}

/// The leaves in which people may laugh, in the text's order.
fn leaves(blocks: &[Block], raw: &blocks::Raw) -> Vec<Leaf> {
    let mut leaves = Vec::with_capacity(blocks.len());
    blocks.iter().for_each(|block| block.node.prose_leaves(&mut leaves));
    raw.footnotes.values().flatten().for_each(|node| node.prose_leaves(&mut leaves));
    leaves.sort_unstable();
    leaves
}

/// Reads the body; a second time where a title stands in two paragraphs, since its text then
/// has nothing between them.
fn read_blocks(source: &Source, body: Span, context: &Context) -> blocks::Raw {
    let none = BTreeSet::new();
    let reading = blocks::Reading {
        body: source.slice(body),
        at: body.start as usize,
        trusted: context.trusted,
        glued: &none,
        opted_out: &context.opted_out,
    };
    let raw = blocks::read(&reading);
    if context.plain {
        return raw;
    }
    let glued = sections::glued(&raw);
    if glued.is_empty() {
        return raw;
    }
    drop(raw);
    blocks::read(&blocks::Reading { glued: &glued, ..reading })
}

/// Everything that reading the body has to say.
fn said(
    source: &Source,
    raw: &blocks::Raw,
    found: &head::Found,
    candidates: &[forms::Candidate],
    cast: &speakers::Cast,
    body: Span,
) -> Vec<Diagnostic> {
    // Stars beside a credit are not shown.
    let shown = |left: &&emphasis::Leftover| {
        let at = body.start + left.range.start as u32;
        let mut tops = raw.tops.iter().zip(&found.used).take(head::REACH);
        left.kind != emphasis::LeftoverKind::Unpaired
            || !tops.any(|(top, used)| *used && top.span.start <= at && at < top.span.end)
    };
    let leftovers = raw.leftovers.iter().filter(shown).map(|left| stars(source, left, body));
    let refused = raw.refused.iter().map(|(span, scheme)| refused_url(source, *span, scheme));
    let head = found.guessed.iter().map(|(span, what)| guessed_head(source, *span, what));
    let label = |at: usize| {
        let label = candidates[at].label;
        let segment = raw.segments.partition_point(|segment| segment.text <= label.start);
        let start = segment.checked_sub(1).map_or(body.start, |at| {
            raw.segments[at].source + (label.start - raw.segments[at].text)
        });
        let text = &raw.text[label.range()];
        (source.snapped(Span { start, end: start + text.len() as u32 }), text)
    };
    let mut often: BTreeMap<String, usize> = BTreeMap::new();
    for at in &cast.rare {
        *often.entry(speaker_key(label(*at).1)).or_default() += 1;
    }
    let rare = cast.rare.iter().filter_map(|at| {
        let (span, text) = label(*at);
        // Once for each label, at its first place.
        let count = often.remove(&speaker_key(text))?;
        Some(rare_label(source, span, (text, count), candidates[*at].form.example))
    });
    let left_out = cast.left_out.iter().map(|(at, count)| {
        let (span, text) = label(*at);
        left_out_label(source, span, text, *count)
    });
    let deep = raw.too_deep.map(|span| too_deep(source, span));
    leftovers.chain(refused).chain(head).chain(rare).chain(left_out).chain(deep).collect()
}

fn stars(source: &Source, left: &emphasis::Leftover, body: Span) -> Diagnostic {
    use emphasis::LeftoverKind;
    let span = Span::from(left.range.clone()).shifted(body.start as usize);
    match left.kind {
        LeftoverKind::BreaksOff => {
            Diagnostic::warning("text/breaks-off", source, span, "the source breaks off inside bold text")
                .label("opened here, never closed")
                .hint("complete the text from the original; until then the page tells its readers that it breaks off")
        }
        LeftoverKind::Unpaired => {
            Diagnostic::warning("text/unpaired-stars", source, span, "these stars open or close nothing and are shown as they are")
                .hint("add the missing stars, or write `\\*` if a star is meant")
        }
        LeftoverKind::EscapedLabel => {
            Diagnostic::note("text/escaped-label", source, span, "these stars are escaped, so the label is not bold")
                .hint("remove the backslashes if this names a speaker")
        }
    }
}

fn refused_url(source: &Source, span: Span, scheme: &str) -> Diagnostic {
    let message = format!("a link of the kind `{scheme}:` is not put on a page");
    Diagnostic::warning("text/refused-url", source, span, message)
        .hint("links may begin with http:, https:, mailto: or tel:, or name a file of this site")
}

fn too_deep(source: &Source, span: Span) -> Diagnostic {
    let start = Span { start: span.start, end: span.start };
    let message = "quotes or lists nest very deep here; what lies deeper is shown at one depth";
    Diagnostic::warning("text/too-deep", source, start, message)
        .hint("if this is not meant, look for stray `>` or `-` at the beginning of the line")
}

fn guessed_head(source: &Source, span: Span, what: &str) -> Diagnostic {
    Diagnostic::note(
        "head/guess",
        source,
        span,
        format!("read as the {what}, and shown in the page's head"),
    )
}

fn closed(source: &Source, span: Span) -> Diagnostic {
    let message = "from here on nobody speaks: read as the end of the page, not of the last turn";
    Diagnostic::note("text/closing", source, span, message)
        .hint("if someone still speaks, begin the next paragraph with their label")
}

fn left_out_label(source: &Source, span: Span, label: &str, count: usize) -> Diagnostic {
    let message = format!(
        "`{label}:` stands {count} times before text and was not read as a speaker: most of this text has no label"
    );
    Diagnostic::note("speakers/left-out", source, span, message)
        .hint("if someone is meant, name them in `speakers` in the front matter")
}

fn rare_label(
    source: &Source,
    span: Span,
    (label, count): (&str, usize),
    example: &str,
) -> Diagnostic {
    let often = match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    };
    let message = format!(
        "`{label}` is used {often} and was read as a speaker, like the others (`{example}`)"
    );
    Diagnostic::note("speakers/rare", source, span, message)
        .hint("if nobody is meant, add it to `not_speakers` in the front matter")
}

/// Times that run backwards are told once a file, with their count: a clip before the
/// introduction does that, and so does a slip of the pen.
fn backwards(document: &Document) -> Option<Diagnostic> {
    let timed = || document.turns().filter_map(|turn| Some((turn.time?, turn.span)));
    let mut back = timed().zip(timed().skip(1)).filter(|((before, _), (time, _))| time < before);
    let (_, (_, span)) = back.next()?;
    let message = match back.count() {
        0 => "the time of this turn is before that of the turn above".to_owned(),
        more => {
            format!("the time of this turn is before that of the turn above (so are {more} more)")
        }
    };
    let note = Diagnostic::note("times/backwards", &document.source, span, message);
    Some(note.hint("correct the time if the recording does not go back here; turns stay in the order of the text"))
}

fn empty(source: &Source) -> Diagnostic {
    Diagnostic::new(
        crate::diagnostics::Severity::Warning,
        "text/empty",
        source,
        None,
        "the file has no text",
    )
    .hint("write the transcript below the front matter, or remove the file")
}
