//! `docs/templates.md` is the interface of themes: its tables name every variable and every field
//! that a template sees, with their types, and no others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use postil::render::{Leaf, Shape};
use postil::views;

/// By its heading, a table's fields and their types.
type Tables = BTreeMap<String, BTreeMap<String, String>>;

/// The heading above the table of variables.
const VARIABLES: &str = "What every template sees";

#[test]
fn the_documentation_names_every_field_and_its_type() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(home.join("docs/templates.md")).expect("the documentation");
    let mut compared = Compared { tables: tables(&text), seen: BTreeSet::new(), wrong: Vec::new() };
    for (template, shape) in views::shapes() {
        compared.template(template, &shape);
    }
    let Compared { tables, seen, mut wrong } = compared;
    let unused = tables.keys().filter(|name| !seen.contains(*name));
    wrong.extend(unused.map(|name| format!("`{name}` has a table, and nothing has that type")));
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_differs_from_the_documentation_is_found() {
    let shape = |leaf| Shape::Leaf(leaf);
    let optional = Shape::Optional(Box::new(shape(Leaf::Number)));
    let entry = Shape::Fields(BTreeMap::from([("width".to_owned(), optional)]));
    let list = Shape::List(Box::new(entry));
    let shape = Shape::Fields(BTreeMap::from([
        ("home".to_owned(), list),
        ("title".to_owned(), shape(Leaf::String)),
    ]));
    let wrong = |variables: &str, entry: &str| {
        let text = format!("## {VARIABLES}\n\n{variables}\n\n### `entry`\n\n{entry}");
        let mut compared =
            Compared { tables: tables(&text), seen: BTreeSet::new(), wrong: Vec::new() };
        compared.fields("home.html", &shape, VARIABLES);
        compared.wrong
    };
    let (title, home) = ("| `title` | string |\n", "| `home` | list of [entry](#entry) |\n");
    let width = "| `width` | number or none |\n";
    let good = format!("{title}{home}");
    assert_eq!(wrong(&good, width), Vec::<String>::new());
    for (variables, entry, expected) in [
        (title, width, "home.html: What every template sees: `home` is not described"),
        (
            &good,
            "| `width` | number |",
            "home.html.home: `width` is `number or none`, not `number`",
        ),
        (&good, &format!("{width}| `x` | bool |"), "home.html.home: `entry` has no field `x`"),
        (
            &format!("| `title` | html |\n{home}"),
            width,
            "home.html: `title` is `string`, not `html`",
        ),
        (
            &format!("{title}| `home` | list of thing |"),
            width,
            "home.html.home: no table for `thing`",
        ),
    ] {
        assert_eq!(wrong(variables, entry), [expected]);
    }
}

/// The rows of all tables whose first cell is a name in backquotes, by the heading above.
fn tables(text: &str) -> Tables {
    let mut tables = Tables::new();
    let mut heading = String::new();
    for line in text.lines() {
        if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim().replace('`', "");
        }
        let cells: Vec<&str> = line.split(" | ").collect();
        let Some(names) = cells[0].strip_prefix("| ").filter(|names| names.starts_with('`')) else {
            continue;
        };
        let kind = cells.get(1).expect("a second cell").trim_end_matches(['|', ' ']);
        let table = tables.entry(heading.clone()).or_default();
        table
            .extend(names.split('`').skip(1).step_by(2).map(|name| (name.to_owned(), plain(kind))));
    }
    // Other tables: which template shows what.
    tables.retain(|heading, _| heading == VARIABLES || !heading.contains(' '));
    tables
}

/// A type without its link: `list of [entry](#entry)`.
fn plain(kind: &str) -> String {
    let Some((before, rest)) = kind.split_once('[') else { return kind.to_owned() };
    let (name, rest) = rest.split_once("](").expect("a link");
    let (link, after) = rest.split_once(')').expect("a link's end");
    assert_eq!(link, format!("#{name}"), "the link of {kind}");
    format!("{before}{name}{after}")
}

struct Compared {
    tables: Tables,
    seen: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Compared {
    /// A template's own variable is named by a table's heading, all others in one table.
    fn template(&mut self, template: &str, shape: &Shape) {
        let Shape::Fields(variables) = shape else { panic!("{template} sees no variables") };
        let is_shared = |name: &str| self.tables[VARIABLES].contains_key(name);
        let (shared, own): (BTreeMap<_, _>, BTreeMap<_, _>) =
            variables.clone().into_iter().partition(|(name, _)| is_shared(name));
        self.fields(template, &Shape::Fields(shared), VARIABLES);
        for (name, shape) in own {
            self.fields(&format!("{template}.{name}"), &shape, &name);
        }
    }

    fn fields(&mut self, path: &str, shape: &Shape, table: &str) {
        let Shape::Fields(fields) = shape else {
            return self.wrong.push(format!("{path}: `{table}` has no fields"));
        };
        self.seen.insert(table.to_owned());
        let Some(rows) = self.tables.get(table).cloned() else {
            return self.wrong.push(format!("{path}: no table for `{table}`"));
        };
        for name in rows.keys().filter(|name| !fields.contains_key(*name)) {
            self.wrong.push(format!("{path}: `{table}` has no field `{name}`"));
        }
        for (name, shape) in fields {
            match rows.get(name) {
                Some(kind) => self.kind(path, name, shape, kind),
                None => self.wrong.push(format!("{path}: {table}: `{name}` is not described")),
            }
        }
    }

    fn kind(&mut self, path: &str, name: &str, shape: &Shape, kind: &str) {
        let Some((record, inner)) = record(shape, kind) else {
            let expected = spelt(shape);
            return self.wrong.push(format!("{path}: `{name}` is `{expected}`, not `{kind}`"));
        };
        // The interface's words are described where they are written.
        if let Some(record) = record.filter(|record| *record != "words") {
            self.fields(&format!("{path}.{name}"), inner, record);
        }
    }
}

/// Whether a type says what a shape is: the name of the table that it leads to, if any, and
/// the shape that must have its fields.
fn record<'a>(shape: &'a Shape, kind: &'a str) -> Option<(Option<&'a str>, &'a Shape)> {
    match shape {
        Shape::Optional(inner) => record(inner, kind.strip_suffix(" or none")?),
        Shape::List(element) => record(element, kind.strip_prefix("list of ")?),
        Shape::Fields(_) => (!kind.contains(' ')).then_some((Some(kind), shape)),
        Shape::Map | Shape::Leaf(_) => (kind == spelt(shape)).then_some((None, shape)),
        Shape::Any => None,
    }
}

/// A shape as the documentation would write it.
fn spelt(shape: &Shape) -> String {
    match shape {
        Shape::Any => "unknown".to_owned(),
        Shape::Leaf(Leaf::String) => "string".to_owned(),
        Shape::Leaf(Leaf::Html) => "html".to_owned(),
        Shape::Leaf(Leaf::Number) => "number".to_owned(),
        Shape::Leaf(Leaf::Bool) => "bool".to_owned(),
        Shape::Map => "map".to_owned(),
        Shape::List(element) => format!("list of {}", spelt(element)),
        Shape::Optional(inner) => format!("{} or none", spelt(inner)),
        Shape::Fields(_) => "a table".to_owned(),
    }
}
