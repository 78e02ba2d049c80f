//! From documents and views to bytes: a document's blocks become HTML here, in Rust; templates
//! only wrap what they are given.
//!
//! Nothing here knows the site's files or the disk. Text is escaped where it is written; what
//! comes out is an [`Html`], the only kind of string that templates do not escape again.

mod code;
mod escape;
mod fields;
mod html;
mod inline;
mod markdown;
mod notes;
mod templates;
mod unchanged;

pub use escape::{attribute, text, url};
pub use fields::{Leaf, Shape, Shapes, unknown_fields};
pub use html::{Apart, BlockWriter};
pub use markdown::{Leads, fragment, plain};
pub use notes::{NoteKind, NoteNumbers};
pub use templates::Renderer;
pub use unchanged::{words_changed, words_unchanged};

use serde::{Serialize, Serializer};

/// HTML that is ready: templates write it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(pub String);

/// What serializers know HTML by.
const HTML: &str = "Html";

impl Serialize for Html {
    /// As a safe string of the template engine, so that no template needs `| safe`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(HTML, &tera::Value::safe_string(&self.0))
    }
}
