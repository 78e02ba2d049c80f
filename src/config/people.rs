//! The people of front matter: names, lists of names, wiki links, and mappings with roles.

use crate::config::PersonRef;
use crate::config::keys::{Fields, PEOPLE};
use crate::diagnostics::{Diagnostic, nearest};
use crate::yaml::{Decoder, Entry, Node, Text, Value, wiki_link};

const KEYS: [&str; 4] = ["name", "role", "aliases", "alias"];

/// Everyone whom the fields name, in the order of the keys; who is named twice is one person
/// with the first role.
pub(super) fn read(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> Vec<PersonRef> {
    let mut people: Vec<PersonRef> = Vec::new();
    for (key, role) in PEOPLE {
        let Some(entry) = fields.take(key) else { continue };
        for person in named(decoder, entry, role) {
            match people.iter_mut().find(|other| other.name == person.name) {
                Some(other) => merge(other, person),
                None => people.push(person),
            }
        }
    }
    people
}

/// A later key that says more than `speaker` gives the role.
fn merge(person: &mut PersonRef, again: PersonRef) {
    if person.role == "speaker" && again.role != "author" {
        person.role = again.role;
    }
    for alias in again.aliases {
        if !person.aliases.contains(&alias) {
            person.aliases.push(alias);
        }
    }
}

fn named(decoder: &mut Decoder<'_>, entry: &Entry, role: &str) -> Vec<PersonRef> {
    match &entry.value.value {
        Value::Map(parts) => item_with_keys(decoder, parts, role),
        Value::List(items) if !is_wiki_link(decoder, &entry.value) => {
            let mut people = Vec::with_capacity(items.len());
            for item in items {
                match &item.value {
                    Value::Map(parts) => people.extend(item_with_keys(decoder, parts, role)),
                    Value::Null => decoder.empty_item(&entry.key, item.span, entry.value.span),
                    _ => {
                        number_for_name(decoder, &entry.key, item);
                        people.extend(decoder.line(&entry.key, item).map(|name| person(name, role)))
                    }
                }
            }
            people
        }
        _ => {
            number_for_name(decoder, &entry.key, &entry.value);
            let names = decoder.list(&entry.key, &entry.value);
            names.into_iter().map(|name| person(name, role)).collect()
        }
    }
}

fn is_wiki_link(decoder: &Decoder<'_>, node: &Node) -> bool {
    wiki_link(decoder.source().slice(node.span)).is_some()
}

fn person(name: Text, role: &str) -> PersonRef {
    let (name, aliases, span) = match wiki_link(&name.value) {
        Some((target, shown)) if target != shown => {
            (shown.to_owned(), vec![target.to_owned()], name.span)
        }
        Some((_, shown)) => (shown.to_owned(), Vec::new(), name.span),
        None => (name.value, Vec::new(), name.span),
    };
    PersonRef { name, role: role.to_owned(), aliases, span }
}

/// `- {name: …, role: …}`, or `- 名: {role: …}`.
fn item_with_keys(decoder: &mut Decoder<'_>, parts: &[Entry], role: &str) -> Vec<PersonRef> {
    let Some(name) = parts.iter().find(|part| part.key == "name") else {
        return match parts.iter().find(|part| is_misspelt_name(&part.key)) {
            Some(part) => {
                unread(decoder, part);
                Vec::new()
            }
            None => by_name(decoder, parts, role),
        };
    };
    let Some(name) = decoder.line("name", &name.value) else { return Vec::new() };
    let mut found = person(name, role);
    details(decoder, &mut found, parts);
    vec![found]
}

/// `{名: {role: host}}`, `{名: host}`, and `{host: 名, guests: [名, 名]}`.
fn by_name(decoder: &mut Decoder<'_>, parts: &[Entry], role: &str) -> Vec<PersonRef> {
    let mut people = Vec::new();
    for part in parts {
        let is_role = PEOPLE.iter().find(|(key, _)| *key == part.key);
        if let Some((_, role)) = is_role.filter(|_| !matches!(part.value.value, Value::Map(_))) {
            people.extend(named(decoder, part, role));
            continue;
        }
        let name = Text { value: part.key.trim().to_owned(), span: part.key_span };
        if name.value.is_empty() {
            continue;
        }
        let mut found = person(name, role);
        match &part.value.value {
            Value::Map(parts) => details(decoder, &mut found, parts),
            Value::Null => {}
            _ => {
                let role = decoder.line(&part.key, &part.value);
                found.role = role.map_or(found.role, |role| role.value);
            }
        }
        people.push(found);
    }
    people
}

fn details(decoder: &mut Decoder<'_>, person: &mut PersonRef, parts: &[Entry]) {
    for part in parts {
        match part.key.as_str() {
            "role" => {
                number_for_name(decoder, "role", &part.value);
                let role = decoder.line("role", &part.value);
                person.role = role.map_or(std::mem::take(&mut person.role), |role| role.value);
            }
            "aliases" | "alias" => {
                let aliases = decoder.list(&part.key, &part.value);
                person.aliases.extend(aliases.into_iter().map(|alias| alias.value));
            }
            "name" => {}
            _ => unread(decoder, part),
        }
    }
}

/// `nme`, `Name`: a key that is nobody's name.
fn is_misspelt_name(key: &str) -> bool {
    key.eq_ignore_ascii_case("name")
        || (key.starts_with(['n', 'N']) && strsim::damerau_levenshtein(key, "name") == 1)
}

/// Warns of a key that says nothing of a person.
fn unread(decoder: &mut Decoder<'_>, part: &Entry) {
    let message = format!("`{}` is not a key of a person, and is not read", part.key);
    let hint = match nearest(&part.key, KEYS) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "here it is `name`, `role` and `aliases`; content/speakers.yaml knows more".to_owned()
        }
    };
    let diagnostic =
        Diagnostic::warning("front-matter/person-key", decoder.source(), part.key_span, message);
    decoder.push(diagnostic.hint(hint));
}

/// Warns of a bare number where a name or a role is expected.
fn number_for_name(decoder: &mut Decoder<'_>, key: &str, node: &Node) {
    let Value::Scalar { text, plain: true } = &node.value else { return };
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let expected = if key == "role" { "a word such as `guest`" } else { "a name" };
        let message = format!("`{key}` should be {expected}, and is the number {text}");
        let diagnostic =
            Diagnostic::warning("yaml/wrong-kind", decoder.source(), node.span, message);
        decoder.push(diagnostic.hint(format!("if it is meant so, put it in quotes: `\"{text}\"`")));
    }
}
