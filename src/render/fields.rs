//! Fields that templates name and no view has, found before any page is rendered.
//!
//! The engine tells of an unknown field in `{{ … }}` when it renders one, and is silent in
//! `{% if … %}`. This walk over the templates' tags knows loops, `set`, includes and parents,
//! and looks every dotted path up in the shape of the view. What it cannot follow (results of
//! filters and functions, components' arguments, the author's own `extra`) it lets pass: it
//! never complains of a template that works.

mod reading;
mod shape;
mod tags;

use std::collections::{BTreeMap, BTreeSet};

pub use shape::{Leaf, Shape};

use super::templates::unknown_name;
use crate::diagnostics::Diagnostic;
use crate::source::{Source, Span};
use tags::{Tag, Token};

/// How deep includes may nest before the walk gives up.
const DEPTH: usize = 16;

/// What each page's template sees, by the template's name.
pub type Shapes = BTreeMap<&'static str, Shape>;

/// A complaint for every field or variable that does not exist.
pub fn unknown_fields(sources: &BTreeMap<String, Source>, shapes: &Shapes) -> Vec<Diagnostic> {
    let roots: BTreeSet<&str> = shapes.values().flat_map(Shape::names).collect();
    let mut told = BTreeMap::new();
    for (name, shape) in shapes {
        let mut walk =
            Walk { sources, roots: &roots, scopes: vec![Scope::of(shape)], told: &mut told };
        walk.template(name, 0);
    }
    told.into_values().collect()
}

/// Names that are bound in a stretch of a template.
struct Scope<'a> {
    names: BTreeMap<&'a str, Shape>,
    /// The tag that ends it; none for the view's own.
    until: Option<&'static str>,
}

impl Scope<'_> {
    fn of(shape: &Shape) -> Self {
        Self { names: BTreeMap::new(), until: None }.with(shape)
    }

    fn with(mut self, shape: &Shape) -> Self {
        self.names.insert("", shape.clone());
        self
    }
}

struct Walk<'a, 'w> {
    sources: &'a BTreeMap<String, Source>,
    roots: &'w BTreeSet<&'a str>,
    scopes: Vec<Scope<'a>>,
    told: &'w mut BTreeMap<(String, Span), Diagnostic>,
}

impl<'a> Walk<'a, '_> {
    fn template(&mut self, name: &str, depth: usize) {
        let Some(source) = self.sources.get(name).filter(|_| depth < DEPTH) else { return };
        let around = self.scopes.len();
        for tag in tags::of(source.text()) {
            self.tag(source, &tag, depth);
        }
        self.scopes.truncate(around);
    }

    fn tag(&mut self, source: &'a Source, tag: &Tag<'a>, depth: usize) {
        let tokens = tag.tokens.as_slice();
        match tag.keyword {
            "extends" | "include" => {
                for name in tokens.iter().filter_map(Token::text) {
                    self.template(name, depth + 1);
                }
            }
            "for" => self.open_loop(source, tokens),
            "set" | "set_global" => self.set(source, tokens),
            "component" => {
                let names = tokens.iter().filter_map(Token::name).map(|name| (name, Shape::Any));
                let mut names: BTreeMap<_, _> = names.collect();
                names.insert("body", Shape::Any);
                self.scopes.push(Scope { names, until: Some("endcomponent") });
            }
            "block" | "endblock" | "raw" | "endraw" | "filter" => {}
            keyword if self.scopes.last().is_some_and(|scope| scope.until == Some(keyword)) => {
                self.scopes.pop();
            }
            _ => self.expression(source, tokens),
        }
    }

    /// `for x in path` or `for k, v in path`.
    fn open_loop(&mut self, source: &'a Source, tokens: &[Token<'a>]) {
        let Some(at) = tokens.iter().position(|token| token.name() == Some("in")) else { return };
        let (names, list) = (&tokens[..at], &tokens[at + 1..]);
        self.expression(source, list);
        let element = self.whole_path(list).map_or(Shape::Any, |list| list.element());
        let bound: Vec<&str> = names.iter().filter_map(Token::name).collect();
        let mut names = BTreeMap::from([("loop", Shape::Any)]);
        match bound.as_slice() {
            [value] => names.insert(value, element),
            [key, value] => names.insert(key, Shape::Any).or(names.insert(value, Shape::Any)),
            _ => None,
        };
        self.scopes.push(Scope { names, until: Some("endfor") });
    }

    /// `set x = path`.
    fn set(&mut self, source: &'a Source, tokens: &[Token<'a>]) {
        let Some(name) = tokens.first().and_then(Token::name) else { return };
        let value = tokens.get(2..).unwrap_or_default();
        self.expression(source, value);
        let shape = self.whole_path(value).unwrap_or(Shape::Any);
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.insert(name, shape);
        }
    }

    fn lookup(&self, name: &str) -> Option<Shape> {
        self.scopes.iter().rev().find_map(|scope| {
            let bound = scope.names.get(name).filter(|_| !name.is_empty()).cloned();
            bound.or_else(|| scope.names.get("").and_then(|view| view.field(name)))
        })
    }

    /// The shape of an expression that is one path and nothing else.
    fn whole_path(&self, tokens: &[Token<'a>]) -> Option<Shape> {
        let (Token::Path(path), []) = tokens.split_first()? else { return None };
        let mut shape = self.lookup(path.first()?.0)?;
        for (field, _) in &path[1..] {
            shape = shape.field(field)?;
        }
        Some(shape)
    }

    fn expression(&mut self, source: &'a Source, tokens: &[Token<'a>]) {
        // A list comprehension binds names of its own.
        if tokens.iter().any(|token| token.name() == Some("for")) {
            return;
        }
        for token in tokens {
            if let Token::Path(path) = token {
                self.path(source, path);
            }
        }
    }

    fn path(&mut self, source: &Source, path: &[(&'a str, Span)]) {
        let Some(((root, span), fields)) = path.split_first() else { return };
        let Some(mut shape) = self.lookup(root) else {
            if !self.roots.contains(root) && !self.inside_component() {
                let known: Vec<&str> = self.visible();
                let code = "template/unknown-variable";
                self.tell(unknown_name(code, "variable", root, &known, source, *span), *span);
            }
            return;
        };
        for (field, span) in fields {
            match shape.field(field) {
                Some(next) => shape = next,
                None => {
                    let known: Vec<&str> = shape.names().collect();
                    let code = "template/unknown-field";
                    return self
                        .tell(unknown_name(code, "field", field, &known, source, *span), *span);
                }
            }
        }
    }

    /// A component may take arguments that are not declared.
    fn inside_component(&self) -> bool {
        self.scopes.iter().any(|scope| scope.until == Some("endcomponent"))
    }

    fn visible(&self) -> Vec<&str> {
        let names = self.scopes.iter().flat_map(|scope| {
            let view = scope.names.get("").into_iter().flat_map(Shape::names);
            scope.names.keys().copied().filter(|name| !name.is_empty()).chain(view)
        });
        names.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn tell(&mut self, diagnostic: Diagnostic, span: Span) {
        let place = (diagnostic.place.source.path().to_owned(), span);
        self.told.entry(place).or_insert(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[derive(Serialize)]
    struct View {
        page: Page,
        list: Option<Vec<Entry>>,
        draft: bool,
    }

    #[derive(Serialize)]
    struct Page {
        title: &'static str,
        extra: BTreeMap<&'static str, u8>,
    }

    #[derive(Serialize)]
    struct Entry {
        name: &'static str,
        more: Vec<More>,
    }

    #[derive(Serialize)]
    struct More {
        deep: &'static str,
    }

    fn told(template: &str) -> Vec<String> {
        let view = View {
            page: Page { title: "x", extra: BTreeMap::from([("mine", 1)]) },
            list: Some(vec![Entry { name: "x", more: vec![More { deep: "x" }] }]),
            draft: true,
        };
        let shapes = Shapes::from([("a.html", Shape::of(&view))]);
        let sources = [("a.html", template), ("part.html", "{% if page.titel %}{% endif %}")];
        let sources = sources.map(|(name, text)| (name.to_owned(), Source::new(name, text)));
        let told = unknown_fields(&BTreeMap::from(sources), &shapes);
        told.into_iter().map(|d| format!("{}; {}", d.message, d.hint.unwrap_or_default())).collect()
    }

    #[test]
    fn what_exists_passes() {
        for template in [
            "{{ page.title }}{% if draft and not page.title %}x{% endif %}",
            "{% for entry in list %}{{ entry.name }}{{ loop.index }}{% for d in entry.more %}{{ d.deep }}{% endfor %}{% endfor %}",
            "{{ page.extra.anything.at.all }}{{ page[\"title\"] }}{{ page.title | upper | default(value=draft) }}",
            "{% set x = page %}{{ x.title }}{% if page.title is defined %}{% endif %}",
            "{% component card(a, b=1) %}{{ a.b }}{{ body }}{% endcomponent card %}{{ <card a={page} b=\"page.nothing\"/> }}",
            "{# page.nothing #}{% raw %}{{ page.nothing }}{% endraw %}{{ \"page.nothing\" }}",
            "{{ [x.whatever for x in list] }}{% for k, v in page %}{{ v.any }}{% endfor %}",
        ] {
            assert_eq!(told(template), Vec::<String>::new(), "{template}");
        }
    }

    #[test]
    fn what_does_not_exist_is_told_with_the_nearest() {
        let cases = [
            (
                "{% if page.titel %}{% endif %}",
                "there is no field `titel` here; did you mean `title`? the fields are: extra, title",
            ),
            (
                "{% for entry in list %}{{ entry.nam }}{% endfor %}",
                "there is no field `nam` here; did you mean `name`? the fields are: more, name",
            ),
            (
                "{% for e in list %}{% for d in e.more %}{% if d.deeper %}{% endif %}{% endfor %}{% endfor %}",
                "there is no field `deeper` here; did you mean `deep`? the fields are: deep",
            ),
            (
                "{% if drft %}{% endif %}",
                "there is no variable `drft` here; did you mean `draft`? the variables are: draft, list, page",
            ),
            (
                "{% include \"part.html\" %}",
                "there is no field `titel` here; did you mean `title`? the fields are: extra, title",
            ),
            (
                "{{ page.title.first }}",
                "there is no field `first` here; what stands before it has no fields",
            ),
        ];
        for (template, expected) in cases {
            assert_eq!(told(template), [expected], "{template}");
        }
    }
}
