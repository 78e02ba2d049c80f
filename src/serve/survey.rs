//! `/_postil/`: the site as postil understood it, for the one who writes it. Problems and
//! guesses with their places, files, speakers, terms that nobody says.

use std::fmt::Write;

use super::edition::Place;
use super::overlay::{self, Joined, counts, escape, number};
use super::preview::Preview;
use crate::diagnostics::{Diagnostic, Severity};
use crate::document::{Item, Turn};
use crate::pipeline::Built;
use crate::site::{Identified, Page, PageKind, Site};
use crate::source::{Source, Span};

/// How many rows a table has at most; whoever has more wants `postil check`.
const ROWS: usize = 2000;

/// The page.
pub fn page(preview: &Preview) -> Vec<u8> {
    let state = preview.state();
    let (all, survey) = preview.survey();
    let (guesses, problems): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(one, _)| one.severity == Severity::Note);
    let body = format!(
        "<p><a href=\"/\">Back to the site</a></p>{}{}{survey}",
        section("problems", "Problems", "Nothing is wrong.", &problems),
        section("guesses", "Guesses", "Nothing had to be guessed.", &guesses),
    );
    let page = overlay::own_page("The site as postil understood it", &body);
    let joined = Joined { page: "_postil/index.html", state: &state };
    overlay::join(page.as_bytes(), &preview.nothing(), joined)
}

fn section(id: &str, title: &str, none: &str, all: &[(Diagnostic, Option<Place>)]) -> String {
    let mut html = format!("<section><h2 id=\"{id}\">{title}</h2>");
    if all.is_empty() {
        let _ = write!(html, "<p>{none}</p></section>");
        return html;
    }
    let only: Vec<Diagnostic> = all.iter().map(|(one, _)| one.clone()).collect();
    let _ = write!(html, "<p>{}</p><ul class=\"told\">", counts(&only));
    for (one, place) in all.iter().take(ROWS) {
        let _ = write!(html, "<li class=\"{}\">{}</li>", class(one.severity), entry(one, place));
    }
    html.push_str("</ul>");
    html.push_str(&rest(all.len()));
    html.push_str("</section>");
    html
}

fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// One diagnostic: its sentence and where it is shown; folded below it all that is told of it.
fn entry(one: &Diagnostic, place: &Option<Place>) -> String {
    let source = &one.place.source;
    let at = one.place.span.map_or_else(String::new, |span| {
        let at = source.position(span.start as usize);
        format!(":{}:{}", at.line, at.column)
    });
    let name = format!("<code>{}{at}</code>", escape(source.path()));
    let name = match place {
        Some(place) => format!("<a href=\"{}\">{name}</a>", href(place)),
        None => name,
    };
    format!(
        "{name} <details><summary>{}</summary><pre>{}</pre></details>",
        escape(&one.message),
        escape(overlay::plain(std::slice::from_ref(one)).trim_end())
    )
}

fn href(place: &Place) -> String {
    let id = place.ids.first().map_or_else(String::new, |id| format!("#{id}"));
    escape(&format!("{}{id}", link(&place.page)))
}

/// An address on this server.
fn link(path: &str) -> String {
    let path = path.split('/').map(|part| {
        percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC).to_string()
    });
    format!("/{}", path.collect::<Vec<_>>().join("/").replace("%2E", ".").replace("%2D", "-"))
}

fn rest(count: usize) -> String {
    if count <= ROWS {
        return String::new();
    }
    format!("<p>… and {} more: <code>postil check</code> tells of all.</p>", count - ROWS)
}

/// Files, speakers and terms of a site.
pub fn of(built: &Built) -> String {
    let site = &built.site;
    let left_out = built.left_out;
    let mut html = files(site);
    if left_out.drafts + left_out.future > 0 {
        let _ = write!(
            html,
            "<p>Left out: {} (<code>--drafts</code>), {} of a later date (<code>--future</code>).</p>",
            number(left_out.drafts, "draft"),
            number(left_out.future, "transcript")
        );
    }
    html.push_str(&speakers(site));
    html.push_str(&terms(site));
    html
}

fn table(id: &str, title: &str, heads: &[&str], rows: Vec<String>) -> String {
    let count = rows.len();
    let heads: String = heads.iter().map(|head| format!("<th>{head}</th>")).collect();
    let rows: String = rows.into_iter().take(ROWS).collect();
    format!(
        "<section><h2 id=\"{id}\">{title} <small>{count}</small></h2><div class=\"wide\"><table>\
         <thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{}</section>",
        rest(count)
    )
}

fn files(site: &Site) -> String {
    let row = |page: &Page| {
        let kind = match page.kind {
            PageKind::Transcript if page.draft => "transcript, draft",
            PageKind::Transcript => "transcript",
            PageKind::Plain => "page",
            PageKind::Folder => "folder",
            PageKind::About => "about the collection",
        };
        format!(
            "<tr><td><code>{}</code></td><td><a href=\"{}\">{}</a></td><td>{kind}</td>\
             <td>{}</td><td><time>{}</time></td><td>{}</td><td>{}</td></tr>",
            escape(page.file.source.path()),
            escape(&link(&page.path)),
            escape(&page.title),
            escape(&page.language),
            escape(page.date.as_deref().unwrap_or("–")),
            page.turns,
            voices(site, page)
        )
    };
    let heads = ["File", "Page", "Is", "Language", "Date", "Turns", "Speakers, and how known"];
    table("files", "Files", &heads, site.pages.iter().map(|page| row(page)).collect())
}

fn voices(site: &Site, page: &Page) -> String {
    let all = page.speakers.iter().zip(&page.identified).map(|(speaker, how)| {
        let name = site.person(*speaker).name.get(&page.language).unwrap_or_default();
        format!("{} <small>{}</small>", escape(name), known_by(*how))
    });
    all.collect::<Vec<_>>().join(", ")
}

fn known_by(how: Identified) -> &'static str {
    match how {
        Identified::SpeakersYaml => "speakers.yaml",
        Identified::FrontMatter => "front matter",
        Identified::Role => "role",
        Identified::Name => "name",
        Identified::Initials => "initials",
        Identified::FirstName => "first name",
        Identified::Ambiguous => "several are called so",
        Identified::Together => "several people together",
        Identified::StandIn => "stands for whoever speaks",
        Identified::Label => "label only",
    }
}

fn speakers(site: &Site) -> String {
    let named = site.people.iter().enumerate().filter(|(_, person)| person.is_listed());
    let rows = named.map(|(index, person)| {
        let turns: u32 = person.pages.iter().map(|(_, turns)| turns).sum();
        let declared = person.declared.as_ref();
        format!(
            "<tr><td><a href=\"{}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td><td>{turns}</td><td>{}</td><td>{}</td></tr>",
            escape(&link(&person.path)),
            escape(person.name.get(&site.language).unwrap_or(&person.id)),
            escape(&person.aliases.join(", ")),
            escape(person.role.as_deref().unwrap_or("–")),
            person.pages.len(),
            first_turn(site, index).unwrap_or_else(|| "–".to_owned()),
            declared.map_or_else(|| "–".to_owned(), |(source, span)| line_of(source, *span))
        )
    });
    let heads = ["Name", "Also", "Role", "Transcripts", "Turns", "First at", "Declared at"];
    let mut html = table("speakers", "Speakers", &heads, rows.collect());
    if !site.unknown.is_empty() {
        let rows = site.unknown.iter().map(|label| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(&label.label),
                escape(label.near.as_deref().unwrap_or("–")),
                label.pages,
                label.turns,
                line_of(&label.source, label.span)
            )
        });
        let heads = ["Label", "Near to", "Transcripts", "Turns", "First at"];
        html.push_str(&table("labels", "Labels that nobody declares", &heads, rows.collect()));
    }
    html
}

/// `content/speakers.yaml:3`.
fn line_of(source: &Source, span: Span) -> String {
    let at = source.position(span.start as usize);
    format!("<code>{}:{}</code>", escape(source.path()), at.line)
}

/// Where somebody speaks first: the line of the file, and the way to the turn.
fn first_turn(site: &Site, index: usize) -> Option<String> {
    let (page, _) = site.people[index].pages.first()?;
    let page = site.page(*page);
    let reading = site.reading(page);
    let is_theirs = |turn: &&Turn| {
        let who = turn.speaker.and_then(|speaker| page.speakers.get(speaker as usize));
        who.is_some_and(|who| *who as usize == index)
    };
    let turns = reading.document.items.iter().filter_map(|item| match item {
        Item::Turn(turn) => Some(turn),
        _ => None,
    });
    // Who speaks only together with others has no turn of their own: the page has to do.
    let turn = turns.into_iter().find(is_theirs);
    let source = &page.file.source;
    let line = turn.map_or(1, |turn| source.position(turn.span.start as usize).line);
    let ids = turn.map(|turn| turn.id.clone()).into_iter().collect();
    let place = Place { page: page.path.clone(), ids };
    let path = escape(source.path());
    Some(format!("<a href=\"{}\"><code>{path}:{line}</code></a>", href(&place)))
}

fn terms(site: &Site) -> String {
    let terms = &site.glossary.terms;
    if terms.is_empty() {
        return String::new();
    }
    let unused = terms.iter().zip(site.marked()).filter(|(_, marked)| !marked);
    let rows: Vec<String> = unused
        .map(|(term, _)| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(&term.term),
                escape(&term.aliases.join(", ")),
                line_of(&term.source, term.span)
            )
        })
        .collect();
    if rows.is_empty() {
        let all = number(terms.len(), "term");
        return format!(
            "<section><h2 id=\"terms\">Terms that nobody says</h2><p>None of {all}.</p></section>"
        );
    }
    table("terms", "Terms that nobody says", &["Term", "Also", "Defined at"], rows)
}
