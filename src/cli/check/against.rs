//! `postil check --against OLD_OUTPUT`: old links that would lead nowhere, and, with `--write`,
//! the record that lets them arrive.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::cli::Failure;
use crate::cli::replace::replace;
use crate::cli::talk::{Talk, number, short};
use crate::config::{self, IDS_FILE};
use crate::diagnostics::{Diagnostic, Severity};
use crate::document::Document;
use crate::lasting::{self, Former, Moves};
use crate::load::{Folder, OWNERSHIP_LIST};
use crate::pipeline::{Built, File, Inputs};
use crate::site::Page;
use crate::source::{Source, Span};
use crate::write::Earlier;

/// The start of each file of old ids.
const HEADER: &str = "# Ids that edits have moved, so that old links still arrive: the old one, and the one that its words have now.\n";

/// What `--against` asks for.
pub(super) struct Against<'a> {
    /// The old output.
    pub out: &'a Path,
    /// Whether what moved is recorded.
    pub write: bool,
}

impl Against<'_> {
    /// What is to be told of old links; records what moved where that was asked for.
    pub fn check(
        &self,
        folder: &Folder,
        inputs: &Inputs,
        built: &Built,
        talk: &Talk,
    ) -> Result<Vec<Diagnostic>, Failure> {
        let environment = |error: crate::write::Error| Failure::Environment(error.to_string());
        let Some(earlier) = Earlier::open(self.out).map_err(environment)? else {
            return Err(Failure::Usage(no_output(self.out)));
        };
        let compared: Vec<(&Page, Moves)> = built
            .site
            .pages
            .par_iter()
            .filter_map(|page| compared(&earlier, built, page).map_err(environment).transpose())
            .collect::<Result<_, Failure>>()?;
        let mut told = gone_pages(&earlier, built);
        // A file with errors is not written over, and nobody knows yet what it says.
        let sound = built.diagnostics.iter().all(|one| one.severity != Severity::Error);
        for (page, moves) in compared {
            let reading = built.site.reading(page);
            let lost = with_words(&moves.lost, |lost| &lost.id);
            told.extend(lost.map(|lost| gone(page, &reading.document, lost)));
            if self.write && sound && !moves.moved.is_empty() {
                record(folder, inputs, page, &moves.moved, talk)?;
            } else {
                let all = with_words(&moves.moved, |one| &one.was);
                told.extend(all.map(|one| moved(page, &reading.document, one)));
            }
        }
        if self.write && !sound {
            talk.line("No ids were recorded: mend the errors first.");
        }
        Ok(told)
    }
}

/// What became of the ids of one page; none where the old output did not have it.
fn compared<'b>(
    earlier: &Earlier,
    built: &Built,
    page: &'b Page,
) -> Result<Option<(&'b Page, Moves)>, crate::write::Error> {
    let reading = || built.site.reading(page);
    // What an old address showed counts as well: it leads to this page, with the fragment.
    let mut moves = Moves::default();
    for path in std::iter::once(&page.path).chain(&page.aliases) {
        let Some(html) = earlier.page(path)? else { continue };
        let reading = reading();
        let found = lasting::moved(&html, &reading.document, &reading.formers);
        moves.moved.extend(found.moved);
        moves.lost.extend(found.lost);
    }
    moves.moved.sort();
    moves.moved.dedup();
    Ok((moves != Moves::default()).then_some((page, moves)))
}

/// All but the blocks with which a turn among them begins: one message is enough for both.
fn with_words<'a, T>(all: &'a [T], id: impl Fn(&T) -> &str + 'a) -> impl Iterator<Item = &'a T> {
    let turns: BTreeSet<String> =
        all.iter().filter_map(|one| Some(format!("p-{}", id(one).strip_prefix("t-")?))).collect();
    all.iter().filter(move |one| !turns.contains(id(one)))
}

/// Old pages with turns that are no pages any more, and where their turns are now.
fn gone_pages(earlier: &Earlier, built: &Built) -> Vec<Diagnostic> {
    let there: BTreeSet<&str> = built
        .site
        .pages
        .iter()
        .flat_map(|page| {
            std::iter::once(page.path.as_str()).chain(page.aliases.iter().map(String::as_str))
        })
        .collect();
    let gone: Vec<(&str, &str)> =
        earlier.turn_ids().filter(|(path, _)| !there.contains(path)).collect();
    if gone.is_empty() {
        return Vec::new();
    }
    let mut by_id: BTreeMap<&str, &Page> = BTreeMap::new();
    for page in &built.site.pages {
        by_id.extend(page.file.turn_ids.split(' ').map(|id| (id, &**page)));
    }
    let told = |(path, ids): (&str, &str)| {
        let mut counts: BTreeMap<&str, (usize, &Page)> = BTreeMap::new();
        for page in ids.split(' ').filter_map(|id| by_id.get(id).copied()) {
            counts.entry(&page.path).or_insert((0, page)).0 += 1;
        }
        let most = counts
            .into_values()
            .max_by_key(|(count, page)| (*count, std::cmp::Reverse(&page.path)));
        page_gone(path, most.map(|(_, page)| page))
    };
    gone.into_iter().map(told).collect()
}

fn page_gone(path: &str, now: Option<&Page>) -> Diagnostic {
    match now {
        Some(page) => {
            let message = format!(
                "the old page `{path}` is `{}` now, and links to it lead nowhere",
                page.path
            );
            Diagnostic::warning("ids/page-moved", &page.file.source, Span::new(0, 0), message)
                .hint(format!("add `aliases: [/{path}]` to its front matter: the old address then leads here, fragments too"))
        }
        None => {
            let source = Source::new(path, "");
            let message = "this page of the old output is gone, and links to it lead nowhere";
            Diagnostic::new(Severity::Warning, "ids/page-gone", &source, None, message)
                .hint(format!("if its text stands elsewhere now, add `aliases: [/{path}]` there"))
        }
    }
}

fn moved(page: &Page, document: &Document, one: &Former) -> Diagnostic {
    let message = format!(
        "these words had the id `{}` and have `{}` now: links to the old one lead nowhere",
        one.was, one.now
    );
    let file = ids_file(page.file.source.path());
    Diagnostic::warning("ids/moved", &page.file.source, span(document, &one.now), message)
        .hint(format!("with --write, `{file}` records it and the page keeps the old one"))
}

fn gone(page: &Page, document: &Document, lost: &lasting::Lost) -> Diagnostic {
    let words = match lost.words.as_str() {
        "" => String::new(),
        words => format!(" (“{}…”)", words.trim_end()),
    };
    let message = format!(
        "nothing here is like what `{}` led to{words}: links to it lead to the page’s start",
        lost.id
    );
    let span = lost.near.as_deref().map_or(Span::new(0, 0), |near| span(document, near));
    let file = ids_file(page.file.source.path());
    Diagnostic::warning("ids/gone", &page.file.source, span, message)
        .label("it stood near here")
        .hint(format!("if its words stand elsewhere now, say so in `{file}`: `{}: id`", lost.id))
}

/// Where a place stands in the file: its first line.
fn span(document: &Document, id: &str) -> Span {
    let block = document.blocks.iter().find(|block| block.id == id).map(|block| block.span);
    let heading = document.items.iter().find_map(|item| match item {
        crate::document::Item::Heading(heading) if heading.id == id => Some(heading.span),
        crate::document::Item::Turn(turn) if turn.id == id => Some(turn.span),
        _ => None,
    });
    let whole = block.or(heading).unwrap_or_default();
    let text = document.source.slice(whole);
    let line = text.find('\n').unwrap_or(text.len());
    Span::new(whole.start as usize, whole.start as usize + line)
}

fn ids_file(markdown: &str) -> String {
    format!("{}{IDS_FILE}", markdown.strip_suffix(".md").unwrap_or(markdown))
}

/// Adds lines to a transcript's file of old ids; what is there stays as it is.
fn record(
    folder: &Folder,
    inputs: &Inputs,
    page: &Page,
    moved: &[Former],
    talk: &Talk,
) -> Result<(), Failure> {
    let prefix = if inputs.has_content { "content/" } else { "" };
    let key = format!("{prefix}{}", ids_file(&page.content));
    let there = match inputs.files.get(&key) {
        Some(File::Text(source)) => Some(source),
        _ => None,
    };
    let text = recorded(there, moved);
    let path: PathBuf = folder.root.join(&key);
    replace(&path, &text).map_err(|error| {
        Failure::Environment(format!("cannot write {}: {error}", short(&path).display()))
    })?;
    talk.line(&format!("{}: {} recorded", short(&path).display(), number(moved.len(), "old id")));
    Ok(())
}

/// A file of old ids with what moved: an id that has a line already (it was the page's own again in
/// between) gets another target there, the others get lines of their own.
fn recorded(there: Option<&Source>, moved: &[Former]) -> String {
    let mut text = there.map_or(HEADER, Source::text).to_owned();
    let known = there.map(|source| config::read_ids(source).0).unwrap_or_default();
    let mut new = String::new();
    let mut changed: Vec<(Span, String)> = Vec::new();
    for one in moved {
        match known.iter().find(|known| known.was.value == one.was) {
            Some(known) => changed.push((known.now.span, yaml_key(&one.now))),
            None => new.push_str(&format!("{}: {}\n", yaml_key(&one.was), yaml_key(&one.now))),
        }
    }
    changed.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    for (span, now) in changed {
        text.replace_range(span.start as usize..span.end as usize, &now);
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text + &new
}

/// An id as YAML; one from a heading may hold anything.
fn yaml_key(id: &str) -> String {
    let plain = id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if plain {
        id.to_owned()
    } else {
        format!("\"{}\"", id.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

fn no_output(out: &Path) -> String {
    format!(
        "{} is no output of postil: it has no {OWNERSHIP_LIST}\n  \
         Name the folder that the site was last built into, or a copy of what the host shows.",
        short(out).display()
    )
}
