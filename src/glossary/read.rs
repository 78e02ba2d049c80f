//! `glossary.yaml` and `glossary/*.yaml`: a list of entries, keys checked.
//!
//! An entry that lacks its term, or repeats another's id, is left out; every other fault
//! leaves the entry usable. What the entries say of each other is `cross`'s.

use crate::diagnostics::{Diagnostic, Severity};
use crate::glossary::cross::{self, Claims};
use crate::glossary::decode::{localized, mark_rule, warn_of_address};
use crate::glossary::{Case, Glossary, Localized, Scope, Term};
use crate::paths::{link, slug};
use crate::source::{Source, Span};
use crate::yaml::{self, Decoder, Entry, Node, Text, Value, first_line};

const KEYS: [&str; 14] = [
    "term",
    "id",
    "name",
    "aliases",
    "definition",
    "as_of",
    "category",
    "see",
    "not",
    "case",
    "mark",
    "scope",
    "sources",
    "plural",
];
const SCOPE_KEYS: [&str; 4] = ["speakers", "tags", "before", "after"];
const CASES: [(&str, Case); 3] =
    [("auto", Case::Auto), ("exact", Case::Exact), ("fold", Case::Fold)];

/// Reads a site's glossary files, in the order given. Keys are checked; two entries with one
/// id are an error that names both.
pub fn read(sources: &[Source]) -> (Glossary, Vec<Diagnostic>) {
    let mut terms = Vec::new();
    let mut diagnostics = Vec::new();
    for source in sources {
        let whole = Span::new(0, source.text().len());
        let (root, mut found) = yaml::parse(source, whole);
        diagnostics.append(&mut found);
        let mut decoder = Decoder::new(source, Severity::Error);
        for entry in entries(&mut decoder, root.as_ref()) {
            terms.extend(term(&mut decoder, entry));
        }
        diagnostics.append(&mut decoder.finish());
    }
    let (terms, places) = cross::check(terms, &mut diagnostics).into_iter().unzip();
    (Glossary { terms, places }, diagnostics)
}

/// The file's entries: a list, or one under the single key `terms`.
fn entries<'n>(decoder: &mut Decoder<'_>, root: Option<&'n Node>) -> &'n [Node] {
    match root.map(|root| (&root.value, root)) {
        None => &[],
        Some((Value::List(items), _)) => items,
        Some((Value::Map(keys), root)) => match &keys[..] {
            [Entry { key, value: Node { value: Value::List(items), .. }, .. }]
                if key == "terms" =>
            {
                items
            }
            _ => {
                not_a_list(decoder, root);
                &[]
            }
        },
        Some((_, root)) => {
            not_a_list(decoder, root);
            &[]
        }
    }
}

fn not_a_list(decoder: &mut Decoder<'_>, root: &Node) {
    let start = Span { start: root.span.start, end: root.span.start };
    let message = "a glossary is a list of terms, and this is none".to_owned();
    let hint = "start each term with `- term: RAG`, its other keys indented by two spaces below";
    decoder.complain("glossary/no-list", start, message, hint.to_owned());
}

fn term(decoder: &mut Decoder<'_>, node: &Node) -> Option<(Term, Claims)> {
    if node.value == Value::Null {
        decoder.empty_item("glossary", node.span, node.span);
        return None;
    }
    let Value::Map(keys) = &node.value else {
        let hint = "write `- term: RAG`, its other keys indented by two spaces below".to_owned();
        let message = "an entry of the glossary should have keys".to_owned();
        decoder.complain("glossary/no-entry", node.span, message, hint);
        return None;
    };
    let find = |name: &str| keys.iter().find(|entry| entry.key == name);
    let Some(headword) = find("term").and_then(|entry| decoder.line("term", &entry.value)) else {
        missing_term(decoder, node, keys);
        return None;
    };
    let mut term = empty(decoder.source(), &headword);
    let mut claims = Claims::default();
    for entry in keys {
        key(decoder, &mut term, &mut claims, entry);
    }
    if term.definition.is_empty() && !keys.iter().any(|entry| is_near(&entry.key, "definition")) {
        no_definition(decoder, &headword);
    }
    Some((term, claims))
}

fn is_near(key: &str, known: &str) -> bool {
    key != known && crate::diagnostics::nearest(key, [known]).is_some()
}

fn empty(source: &Source, headword: &Text) -> Term {
    Term {
        id: slug::id(&headword.value),
        term: headword.value.clone(),
        name: Localized::default(),
        aliases: Vec::new(),
        definition: Localized::default(),
        as_of: None,
        category: None,
        see: Vec::new(),
        not: Vec::new(),
        case: Case::default(),
        mark: None,
        scope: Scope::default(),
        sources: Vec::new(),
        plural: true,
        source: source.clone(),
        span: headword.span,
    }
}

fn key(decoder: &mut Decoder<'_>, term: &mut Term, claims: &mut Claims, entry: &Entry) {
    let (name, node) = (entry.key.as_str(), &entry.value);
    match name {
        "term" => {}
        "id" => {
            if let Some(id) = decoder.line(name, node) {
                term.id = slug::id(&id.value);
            }
        }
        "name" => term.name = localized(decoder, name, node),
        "aliases" => {
            claims.aliases = aliases(decoder, node, &term.term);
            term.aliases = values(claims.aliases.clone());
        }
        "definition" => {
            term.definition = localized(decoder, name, node);
            claims.definition = Some(node.span);
            claims.links = links(decoder.source(), node, &term.definition);
        }
        "as_of" => {
            let text = decoder.line(name, node);
            text.iter()
                .filter(|text| !names_a_year(&text.value))
                .for_each(|text| no_time(decoder, text));
            term.as_of = text.map(|text| text.value);
        }
        "category" => term.category = decoder.line(name, node).map(|text| text.value),
        "see" => {
            claims.see = decoder.list(name, node);
            term.see = values(claims.see.clone());
        }
        "not" => term.not = values(decoder.list(name, node)),
        "sources" => {
            let sources = decoder.list(name, node);
            sources.iter().for_each(|text| warn_of_address(decoder, name, text));
            term.sources = values(sources);
        }
        "case" => {
            let words = CASES.map(|(word, _)| word);
            let at = decoder.choice(name, node, &words);
            term.case = at.map_or(Case::default(), |at| CASES[at].1);
        }
        "mark" => term.mark = mark_rule(decoder, name, node),
        "plural" => {
            let words = ["auto", "never", "true", "false"];
            let at = decoder.choice(name, node, &words);
            term.plural = !matches!(at, Some(1 | 3));
        }
        "scope" => term.scope = scope(decoder, node),
        _ => decoder.unknown_key(entry, &KEYS, "a glossary entry"),
    }
}

/// The terms to which a definition links, `[words](term:rag)`, each where the file says so.
fn links(source: &Source, node: &Node, definition: &Localized) -> Vec<Text> {
    let texts = definition.any.iter().chain(definition.by_language.iter().map(|(_, text)| text));
    let mut links = Vec::new();
    let mut from = node.span.start as usize;
    for text in texts {
        for (at, _) in text.match_indices("](") {
            let rest = text[at + 2..].trim_start_matches('<');
            let Some(rest) = rest.strip_prefix("term:") else { continue };
            let end = rest.find([')', '>', '"', '\n']).unwrap_or(rest.len());
            let written = rest[..end].trim_end();
            let target = format!("term:{written}");
            let there = source.text()[from..node.span.end as usize].find(&target);
            let span = there.map_or(first_line(source, node.span), |found| {
                from += found + target.len();
                Span::new(from - written.len(), from)
            });
            links.push(Text { value: link::percent_decoded(written), span });
        }
    }
    links
}

fn values(texts: Vec<Text>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

/// Aliases: texts, or mappings with `text`. One that is there already is left out.
fn aliases(decoder: &mut Decoder<'_>, node: &Node, headword: &str) -> Vec<Text> {
    let mut aliases: Vec<Text> = Vec::new();
    for text in alias_texts(decoder, node) {
        if text.value == headword || aliases.iter().any(|alias| alias.value == text.value) {
            repeated_alias(decoder, &text);
        } else {
            aliases.push(text);
        }
    }
    aliases
}

fn alias_texts(decoder: &mut Decoder<'_>, node: &Node) -> Vec<Text> {
    let Value::List(items) = &node.value else { return decoder.list("aliases", node) };
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        match &item.value {
            Value::Map(keys) => {
                let text = keys.iter().find(|entry| entry.key == "text");
                texts.extend(text.and_then(|entry| decoder.line("aliases.text", &entry.value)));
                for entry in keys.iter().filter(|entry| entry.key != "text") {
                    decoder.unknown_key(entry, &["text"], "an alias");
                }
            }
            Value::Null => decoder.empty_item("aliases", item.span, node.span),
            _ => texts.extend(decoder.line("aliases", item)),
        }
    }
    texts
}

fn scope(decoder: &mut Decoder<'_>, node: &Node) -> Scope {
    let mut scope = Scope::default();
    for entry in decoder.entries("scope", node) {
        let value = &entry.value;
        match entry.key.as_str() {
            "speakers" => scope.speakers = values(decoder.list("speakers", value)),
            "tags" => scope.tags = values(decoder.list("tags", value)),
            "before" => scope.before = day(decoder, "before", value),
            "after" => scope.after = day(decoder, "after", value),
            _ => decoder.unknown_key(entry, &SCOPE_KEYS, "a term's `scope`"),
        }
    }
    scope
}

/// A scope's limit: a day, or a month or year, which begins with its first day.
fn day(decoder: &mut Decoder<'_>, key: &str, node: &Node) -> Option<String> {
    let text = decoder.line(key, node)?;
    let full = match text.value.len() {
        4 => format!("{}-01-01", text.value),
        7 => format!("{}-01", text.value),
        _ => text.value.clone(),
    };
    let parsed = full.parse::<jiff::civil::Date>();
    if parsed.is_err() {
        let message = format!("`{key}` cannot be `{}`", text.value);
        let hint = "write a date like 2024-07-31 or 2024-07".to_owned();
        decoder.complain("glossary/date", text.span, message, hint);
    }
    parsed.ok().map(|date| date.to_string())
}

/// Whether a time is one that a reader can place: four digits of a year are in it.
fn names_a_year(text: &str) -> bool {
    text.split(|char: char| !char.is_ascii_digit()).any(|digits| matches!(digits.len(), 4 | 8))
}

fn no_time(decoder: &mut Decoder<'_>, text: &Text) {
    let message = format!("`as_of` cannot be `{}`: it names no year", text.value);
    let diagnostic = Diagnostic::warning("glossary/as-of", decoder.source(), text.span, message);
    decoder
        .push(diagnostic.hint("write when the definition was true: 2025, 2025-03 or 2025-03-05"));
}

fn missing_term(decoder: &mut Decoder<'_>, node: &Node, keys: &[Entry]) {
    let misspelt = keys.iter().find(|entry| is_near(&entry.key, "term"));
    if let Some(entry) = misspelt {
        return decoder.unknown_key(entry, &KEYS, "a glossary entry");
    }
    let place = keys.first().map_or(node.span, |entry| entry.key_span);
    let message = "this entry has no `term`".to_owned();
    let hint = "add the word that it explains: `term: RAG`".to_owned();
    decoder.complain("glossary/missing-term", place, message, hint);
}

fn no_definition(decoder: &mut Decoder<'_>, headword: &Text) {
    let message = format!("`{}` has no definition", headword.value);
    let source = decoder.source();
    let diagnostic = Diagnostic::warning("glossary/no-definition", source, headword.span, message);
    decoder.push(diagnostic.hint("add `definition: …`, one or two sentences"));
}

fn repeated_alias(decoder: &mut Decoder<'_>, alias: &Text) {
    let message = format!("the alias `{}` is listed already in this entry", alias.value);
    let source = decoder.source();
    let diagnostic = Diagnostic::warning("glossary/repeated-alias", source, alias.span, message);
    decoder.push(diagnostic.hint("remove it"));
}
