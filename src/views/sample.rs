//! One sample of every view, with nothing left empty: the shapes that templates are checked
//! against.

use super::article::{Body, ItemView};
use super::concordance::{Line, Passage};
use super::data::export::ExportLink;
use super::definitions::Definition;
use super::frame::{self, DateView};
use super::notes::NoteView;
use super::outline::OutlineEntry;
use super::places::Crumb;
use super::players::Player;
use super::provenance::Fact;
use super::transcript::{Cover, InSeries, Neighbour, PlainView, TranscriptView};
use super::voices::Voice;
use super::{glossary, home, parallel, people, redirect, search, term, topics};
use crate::i18n;
use crate::render::{Html, Shape, Shapes};

/// What each page's template sees.
pub(super) fn shapes() -> Shapes {
    let pages: [(&'static str, &str, Option<Shape>); 12] = [
        ("home.html", "home", Some(Shape::of(&home()))),
        ("transcript.html", "transcript", Some(Shape::of(&transcript()))),
        ("parallel.html", "parallel", Some(Shape::of(&side_by_side()))),
        ("page.html", "plain", Some(Shape::of(&plain()))),
        ("glossary.html", "glossary", Some(Shape::of(&glossary()))),
        ("term.html", "term", Some(Shape::of(&term()))),
        ("speakers.html", "speakers", Some(Shape::of(&speakers()))),
        ("speaker.html", "speaker", Some(Shape::of(&speaker()))),
        ("topics.html", "topics", Some(Shape::of(&topics()))),
        ("redirect.html", "redirect", Some(Shape::of(&redirect::RedirectView { href: x() }))),
        ("search.html", "search", Some(Shape::of(&search()))),
        ("404.html", "", None),
    ];
    pages.into_iter().map(|(template, name, view)| (template, shape(name, view))).collect()
}

fn shape(name: &str, view: Option<Shape>) -> Shape {
    let words = Shape::of(i18n::words("en"));
    let mut fields = vec![
        ("site", Shape::of(&frame::sample_site())),
        ("page", Shape::of(&frame::sample_page())),
        ("assets", Shape::Map),
        ("ui", words.clone()),
        ("words", words),
    ];
    fields.extend(view.map(|view| (name, view)));
    Shape::Fields(fields.into_iter().map(|(name, shape)| (name.to_owned(), shape)).collect())
}

fn x() -> String {
    "x".to_owned()
}

fn html() -> Html {
    Html(x())
}

fn date() -> DateView {
    DateView { iso: x(), text: x() }
}

fn voice() -> Voice {
    Voice { id: x(), name: x(), href: x(), initials: x(), colour: 0, role: x(), turns: 1 }
}

fn body() -> Body {
    let item = ItemView {
        kind: "turn",
        id: x(),
        was: vec![x()],
        counterparts: vec![x()],
        anchor: x(),
        html: html(),
        edit: Some(x()),
        level: 2,
        number: Some(x()),
        speaker: x(),
        name: x(),
        href: x(),
        initials: x(),
        colour: 0,
        time: x(),
        time_href: Some(x()),
    };
    let term = Definition {
        index: 0,
        id: x(),
        anchor: x(),
        term: x(),
        said: x(),
        name: x(),
        html: html(),
        as_of: x(),
        href: x(),
        count: 1,
        here: 1,
    };
    Body {
        items: vec![item],
        outline: vec![OutlineEntry {
            href: x(),
            level: 2,
            number: Some(x()),
            text: x(),
            time: x(),
        }],
        terms: vec![term],
        notes: vec![NoteView {
            number: 1,
            html: html(),
            quote: x(),
            by: x(),
            date: x(),
            beside: true,
        }],
        notes_beside: true,
        breaks_off: true,
    }
}

fn transcript() -> TranscriptView {
    let neighbour = || Some(Neighbour { href: x(), title: x(), language: x() });
    TranscriptView {
        date: Some(date()),
        series: Some(topic()),
        minutes: 1,
        turns: 1,
        draft: true,
        byline: vec![x()],
        voices: vec![voice()],
        cover: Some(Cover { src: x(), alt: x(), width: Some(1), height: Some(1) }),
        players: vec![Player { kind: "audio", src: x(), name: x(), captions: x() }],
        folders: vec![crumb()],
        provenance: vec![Fact { label: x(), html: html() }],
        body: body(),
        exports: vec![ExportLink { href: x(), label: x(), media: "text/plain" }],
        cite: x(),
        cite_url: x(),
        bibtex: x(),
        csl: x(),
        previous: neighbour(),
        next: neighbour(),
        in_series: Some(InSeries { previous: neighbour(), next: neighbour() }),
        extra: serde_json::Map::new(),
    }
}

fn topic() -> topics::TopicLink {
    topics::TopicLink { href: x(), name: x() }
}

fn crumb() -> Crumb {
    Crumb { title: x(), href: Some(x()), language: x() }
}

fn side_by_side() -> parallel::ParallelView {
    let cell = || parallel::CellView { language: x(), items: body().items };
    parallel::ParallelView {
        sides: vec![parallel::SideView {
            language: x(),
            name: x(),
            href: x(),
            title: x(),
            words: i18n::words("en").clone(),
            terms: body().terms,
        }],
        rows: vec![parallel::RowView { loose: true, cells: vec![cell()] }],
        marked: true,
    }
}

fn plain() -> PlainView {
    PlainView { draft: true, body: body(), extra: serde_json::Map::new() }
}

fn home() -> home::HomeView {
    let entry = home::Entry {
        href: x(),
        title: x(),
        language: x(),
        date: Some(date()),
        summary: x(),
        minutes: 1,
        turns: 1,
        voices: vec![voice()],
        series: Some(topic()),
        folder: Some(crumb()),
        translations: vec![frame::sample_alternate()],
        draft: true,
    };
    home::HomeView {
        intro: html(),
        intro_language: x(),
        folders: vec![crumb()],
        count: 1,
        entries: vec![entry],
        newest: Some(date()),
        oldest: Some(date()),
        about: vec![home::About { href: x(), title: x(), language: x() }],
        number: 1,
        feed: x(),
        archive: x(),
        newer: Some(x()),
        older: Some(x()),
    }
}

fn term_link() -> glossary::TermLink {
    glossary::TermLink { href: x(), term: x(), count: 1 }
}

fn glossary() -> glossary::GlossaryView {
    let entry = glossary::Entry {
        id: x(),
        href: x(),
        term: x(),
        name: x(),
        html: html(),
        count: 1,
        pages: 1,
    };
    glossary::GlossaryView {
        count: 1,
        groups: vec![glossary::Group { label: x(), id: x(), entries: vec![entry] }],
        categories: vec![glossary::Category { name: x(), terms: vec![term_link()] }],
    }
}

fn term() -> term::TermView {
    let passage = || Passage {
        href: x(),
        title: x(),
        language: x(),
        date: Some(date()),
        lines: vec![Line { href: x(), before: x(), words: x(), after: x(), speaker: x() }],
    };
    let tally = || term::Tally { label: x(), href: Some(x()), count: 1, percent: 1 };
    term::TermView {
        id: x(),
        href: x(),
        glossary: x(),
        term: x(),
        name: x(),
        translations: vec![term::Translation {
            language: x(),
            label: x(),
            name: x(),
            html: html(),
        }],
        aliases: vec![x()],
        category: x(),
        as_of: x(),
        html: html(),
        sources: vec![term::SourceLink { href: x(), label: x() }],
        see: vec![term_link()],
        seen_from: vec![term_link()],
        count: 1,
        blocks: 1,
        pages: 1,
        first: Some(passage()),
        speakers: vec![tally()],
        more_speakers: 1,
        years: vec![tally()],
        passages: vec![passage()],
        number: 1,
        newer: Some(x()),
        older: Some(x()),
    }
}

fn search() -> search::SearchView {
    search::SearchView { lists: vec![search::ListLink { href: x(), label: x() }] }
}

fn topics() -> topics::TopicsView {
    topics::TopicsView {
        entries: vec![topics::TopicEntry {
            href: x(),
            name: x(),
            language: x(),
            count: 1,
            newest: vec![topics::Newest {
                href: x(),
                title: x(),
                language: x(),
                date: Some(date()),
            }],
        }],
    }
}

fn speakers() -> people::SpeakersView {
    let entry = people::PersonEntry {
        href: x(),
        name: x(),
        initials: x(),
        colour: 0,
        role: x(),
        pages: 1,
        turns: 1,
    };
    people::SpeakersView { people: vec![entry] }
}

fn speaker() -> people::SpeakerView {
    let appearance = people::Appearance {
        href: x(),
        title: x(),
        language: x(),
        date: Some(date()),
        turns: 1,
        lines: vec![people::TurnLink { href: x(), words: x() }],
        more: 1,
    };
    people::SpeakerView {
        id: x(),
        name: x(),
        initials: x(),
        also: vec![x()],
        role: x(),
        url: x(),
        turns: 1,
        terms: vec![term_link()],
        more_terms: 1,
        pages: vec![appearance],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn samples_leave_nothing_empty() {
        for (template, shape) in super::shapes() {
            assert_eq!(shape.unknown(), Vec::<String>::new(), "{template}");
        }
    }
}
