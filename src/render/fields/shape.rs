//! The shape of a view: which fields it has, and theirs.

use std::collections::BTreeMap;

use tera::Value;

/// Maps whose keys are the author's, or names of files.
const OPEN: [&str; 2] = ["extra", "assets"];

/// What may follow a name.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Nothing is known of it.
    Any,
    /// A text, a number, a yes or no.
    Leaf,
    /// Elements of one shape.
    List(Box<Shape>),
    /// Fields.
    Fields(BTreeMap<String, Shape>),
}

impl Shape {
    /// The shape of a sample. An empty list and a missing value say nothing.
    pub fn of(sample: &Value) -> Self {
        if let Some(map) = sample.as_map() {
            let field = |(key, value): (&tera::value::Key<'_>, &Value)| {
                let name = key.as_str().unwrap_or_default().to_owned();
                let shape = if OPEN.contains(&name.as_str()) { Self::Any } else { Self::of(value) };
                (name, shape)
            };
            Self::Fields(map.iter().map(field).collect())
        } else if let Some(list) = sample.as_array() {
            Self::List(Box::new(list.first().map_or(Self::Any, Self::of)))
        } else if sample.is_none() || sample.is_undefined() {
            Self::Any
        } else {
            Self::Leaf
        }
    }

    /// The shape of a field; none when there is no such field.
    pub(super) fn field(&self, name: &str) -> Option<Self> {
        match self {
            Self::Any => Some(Self::Any),
            Self::Fields(fields) => fields.get(name).cloned(),
            Self::List(_) | Self::Leaf => None,
        }
    }

    /// The names of the fields.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let fields = match self {
            Self::Fields(fields) => Some(fields),
            _ => None,
        };
        fields.into_iter().flat_map(BTreeMap::keys).map(String::as_str)
    }

    /// The dotted paths of all fields, through lists too.
    pub fn paths(&self) -> Vec<String> {
        match self {
            Self::Any | Self::Leaf => Vec::new(),
            Self::List(element) => element.paths(),
            Self::Fields(fields) => {
                let below = |(name, shape): (&String, &Self)| {
                    let paths = shape.paths().into_iter().map(|path| format!("{name}.{path}"));
                    std::iter::once(name.clone()).chain(paths).collect::<Vec<_>>()
                };
                fields.iter().flat_map(below).collect()
            }
        }
    }

    /// Paths of which the sample says nothing, for the test that samples are complete.
    pub fn unknown(&self) -> Vec<String> {
        match self {
            Self::Any => vec![String::new()],
            Self::Leaf => Vec::new(),
            Self::List(element) => {
                element.unknown().iter().map(|path| format!("[]{path}")).collect()
            }
            Self::Fields(fields) => fields
                .iter()
                .filter(|(name, _)| !OPEN.contains(&name.as_str()))
                .flat_map(|(name, shape)| {
                    shape.unknown().into_iter().map(move |path| format!(".{name}{path}"))
                })
                .collect(),
        }
    }
}
