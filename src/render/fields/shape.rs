//! The shape of a view: which fields it has, of which types, and theirs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::reading::Reading;

/// The types of what has no fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// A text, which is escaped when it is written.
    String,
    /// HTML that is ready.
    Html,
    /// A number.
    Number,
    /// A yes or no.
    Bool,
}

/// Stands in a path for one of a list's elements: `entries[0]`.
pub(super) const ONE_OF: &str = "[]";

/// Stands in a path for some of a list's elements: `entries[1:3]`.
pub(super) const SOME_OF: &str = "[:]";

/// What may follow a name.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Nothing is known of it.
    Any,
    /// Nothing follows.
    Leaf(Leaf),
    /// Values by names that are the author's, or names of files.
    Map,
    /// Elements of one shape.
    List(Box<Shape>),
    /// It may be missing.
    Optional(Box<Shape>),
    /// Fields.
    Fields(BTreeMap<String, Shape>),
}

impl Shape {
    /// The shape of a sample. An empty list and a missing value say nothing.
    pub fn of(sample: &impl Serialize) -> Self {
        sample.serialize(Reading).expect("views are made of what has a shape")
    }

    /// The shape of a field; none when there is no such field.
    pub(super) fn field(&self, name: &str) -> Option<Self> {
        match self {
            Self::Any | Self::Map => Some(Self::Any),
            Self::List(element) if name == ONE_OF => Some((**element).clone()),
            Self::List(_) if name == SOME_OF => Some(self.clone()),
            Self::Fields(_) if name == ONE_OF => Some(Self::Any),
            Self::Optional(shape) => shape.field(name),
            Self::Fields(fields) => fields.get(name).cloned(),
            Self::List(_) | Self::Leaf(_) => None,
        }
    }

    /// The shape of a list's elements.
    pub(super) fn element(&self) -> Self {
        match self {
            Self::List(element) => (**element).clone(),
            Self::Optional(shape) => shape.element(),
            _ => Self::Any,
        }
    }

    /// The names of the fields.
    pub(super) fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Fields(fields) => Box::new(fields.keys().map(String::as_str)),
            Self::Optional(shape) => shape.names(),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// Paths of which the sample says nothing, for the test that samples are complete.
    pub fn unknown(&self) -> Vec<String> {
        match self {
            Self::Any => vec![String::new()],
            Self::Leaf(_) | Self::Map => Vec::new(),
            Self::Optional(shape) => shape.unknown(),
            Self::List(element) => {
                element.unknown().iter().map(|path| format!("[]{path}")).collect()
            }
            Self::Fields(fields) => {
                let below = |(name, shape): (&String, &Self)| {
                    let paths = shape.unknown().into_iter().map(|path| format!(".{name}{path}"));
                    paths.collect::<Vec<_>>()
                };
                fields.iter().flat_map(below).collect()
            }
        }
    }
}
