//! Values that the glossary shares with the site's settings and front matter: language tags,
//! texts by language, and the rule that says which mentions are shown.

use crate::diagnostics::Diagnostic;
use crate::glossary::{Localized, MarkRule};
use crate::source::Span;
use crate::yaml::{Decoder, Node, Text, Value, first_line};

const MARKS: [(&str, MarkRule); 6] = [
    ("near", MarkRule::Near),
    ("section", MarkRule::Section),
    ("page", MarkRule::Page),
    ("turn", MarkRule::Turn),
    ("every", MarkRule::Every),
    ("never", MarkRule::Never),
];

/// A language tag with hyphens (`zh_CN` becomes `zh-CN`), when its shape is that of BCP 47.
pub(crate) fn language_tag(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let main = parts.next().unwrap_or("");
    let letters = main.bytes().all(|byte| byte.is_ascii_alphabetic());
    let sound = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    (letters && matches!(main.len(), 2 | 3) && parts.all(sound)).then_some(tag)
}

/// A language tag under `key`; complains when it has not the shape of one.
pub(crate) fn language(decoder: &mut Decoder<'_>, key: &str, node: &Node) -> Option<String> {
    let no_text = match &node.value {
        Value::Map(_) => true,
        Value::List(items) => items.len() > 1,
        _ => false,
    };
    if no_text {
        decoder.wrong_kind(key, node, "one language tag, such as `en` or `zh-Hans`");
        return None;
    }
    let text = decoder.line(key, node)?;
    let tag = language_tag(&text.value);
    if tag.is_none() {
        no_language_tag(decoder, &text.value, text.span);
    }
    tag
}

fn no_language_tag(decoder: &mut Decoder<'_>, text: &str, span: Span) {
    let message = format!("`{text}` is not a language tag");
    let hint = "write one like `en`, `zh-Hans` or `pt-BR`".to_owned();
    decoder.complain("yaml/language", span, message, hint);
}

/// A text, or texts by language: `{en: …, zh: …}`.
pub(crate) fn localized(decoder: &mut Decoder<'_>, key: &str, node: &Node) -> Localized {
    let Value::Map(entries) = &node.value else {
        if let Value::List(items) = &node.value
            && items.len() == 1
        {
            list_of_one(decoder, key, node.span);
        }
        let text = decoder.text(key, node);
        return Localized { any: text.map(|text| text.value), by_language: Vec::new() };
    };
    let mut texts = Localized::default();
    for entry in entries {
        let within = format!("{key}.{}", entry.key);
        match language_tag(&entry.key) {
            None => no_language_tag(decoder, &entry.key, entry.key_span),
            Some(tag) => {
                let text = decoder.text(&within, &entry.value);
                texts.by_language.extend(text.map(|text| (tag, text.value)));
            }
        }
    }
    texts
}

fn list_of_one(decoder: &mut Decoder<'_>, key: &str, span: Span) {
    let message = format!("`{key}` is one text, and this is a list of one");
    let source = decoder.source();
    let diagnostic =
        Diagnostic::warning("yaml/wrong-kind", source, first_line(source, span), message);
    decoder.push(
        diagnostic.hint("leave the brackets out, or put the whole in quotes if they belong to it"),
    );
}

/// An address that a page can link to; warns of one that is none, and keeps it.
pub(crate) fn warn_of_address(decoder: &mut Decoder<'_>, key: &str, text: &Text) {
    if ["https://", "http://"].iter().any(|scheme| text.value.starts_with(scheme)) {
        return;
    }
    let message = format!("`{key}` has no address on the web here, so it is not shown");
    let diagnostic = Diagnostic::warning("yaml/no-address", decoder.source(), text.span, message);
    decoder.push(diagnostic.hint("write the whole address, `https://…`"));
}

/// `near`, `section`, `page`, `turn`, `every` or `never`.
pub(crate) fn mark_rule(decoder: &mut Decoder<'_>, key: &str, node: &Node) -> Option<MarkRule> {
    let words = MARKS.map(|(word, _)| word);
    decoder.choice(key, node, &words).map(|at| MARKS[at].1)
}
