//! Imports run one way through the layers of ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lowest first. A module may import from its own layer and those below; within a layer no two
/// may import each other.
const LAYERS: &[&[&str]] = &[
    &["source", "diagnostics", "paths"],
    &["i18n", "yaml", "config", "document", "glossary"],
    &["parse", "import"],
    &["canonical"],
    &["annotate", "lasting", "notes", "suggest"],
    &["site"],
    &["theme", "views", "render", "search", "feeds"],
    &["pipeline"],
    &["load"],
    &["write"],
    &["cache"],
    &["watch"],
    &["serve"],
    &["cli"],
];

fn layer(module: &str) -> usize {
    let found = LAYERS.iter().position(|layer| layer.contains(&module));
    found.unwrap_or_else(|| {
        panic!("src/{module} has no layer: give it one in tests/layers.rs and ARCHITECTURE.md")
    })
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The top-level module that a file belongs to; none for the roots of the crates.
fn module(path: &Path, src: &Path) -> Option<String> {
    let first = path.strip_prefix(src).unwrap().iter().next().unwrap().to_str().unwrap();
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(name, "lib" | "main")).then(|| name.to_owned())
}

/// The top-level modules that a text names after `crate::`, also in `crate::{a::B, c::D}`.
fn imports(text: &str) -> BTreeSet<String> {
    let code: String = text
        .lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code))
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = BTreeSet::new();
    for (at, start) in code.match_indices("crate::") {
        let rest = &code[at + start.len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(heads(group)),
            None => found.extend(head(rest)),
        }
    }
    found
}

fn head(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    name.starts_with(char::is_lowercase).then_some(name)
}

/// The first names of a group's members.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut found, mut member) = (0, Vec::new(), String::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.extend(head(std::mem::take(&mut member).trim())),
            c if depth == 0 => member.push(c),
            _ => {}
        }
    }
    found.extend(head(member.trim()));
    found
}

fn graph() -> BTreeMap<String, BTreeSet<String>> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let Some(module) = module(&file, &src) else { continue };
        let mut found = imports(&fs::read_to_string(&file).unwrap());
        found.remove(&module);
        graph.entry(module).or_default().extend(found);
    }
    graph
}

#[test]
fn imports_are_found() {
    let text = "use crate::site::{Page, Site};\nuse crate::{a::{B, C}, d, E};\n// crate::no\nfn f(x: crate::glossary::Term) {}";
    let found: Vec<String> = imports(text).into_iter().collect();
    assert_eq!(found, ["a", "d", "glossary", "site"]);
}

#[test]
fn nothing_imports_from_a_layer_above() {
    let mut wrong = Vec::new();
    for (module, imported) in graph() {
        for other in imported.iter().filter(|other| layer(other) > layer(&module)) {
            wrong.push(format!("{module} imports {other}, which lies above it"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_two_modules_of_a_layer_import_each_other() {
    let graph = graph();
    let mut wrong = Vec::new();
    for (module, imported) in &graph {
        for other in imported {
            let back = graph.get(other).is_some_and(|theirs| theirs.contains(module));
            if back && module < other {
                wrong.push(format!("{module} and {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "these import each other: {wrong:#?}");
}
