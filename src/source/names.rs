//! Names that the program knows by heart (forms of labels, elements), read back from a packed
//! document: each stands in memory once, whatever the number of documents.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::de::{Deserialize as _, Deserializer};
use serde::ser::Serializer;

/// Writes a name.
///
/// # Errors
/// Those of the format.
pub fn serialize<S: Serializer>(name: &&'static str, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(name)
}

/// Reads a name.
///
/// # Errors
/// Those of the format.
pub fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<&'static str, D::Error> {
    Ok(lasting(<&str>::deserialize(from)?))
}

/// The same for a name that may be missing.
pub mod optional {
    use serde::de::{Deserialize as _, Deserializer};
    use serde::ser::Serializer;

    /// Writes a name, or nothing.
    ///
    /// # Errors
    /// Those of the format.
    pub fn serialize<S: Serializer>(name: &Option<&'static str>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(name.unwrap_or_default())
    }

    /// Reads a name, or nothing.
    ///
    /// # Errors
    /// Those of the format.
    pub fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Option<&'static str>, D::Error> {
        let name = <&str>::deserialize(from)?;
        Ok((!name.is_empty()).then(|| super::lasting(name)))
    }
}

/// A name that lasts as long as the program: leaked once for each that there is, which are a
/// few dozen.
fn lasting(name: &str) -> &'static str {
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(lasting) = known.get(name) {
        return lasting;
    }
    let lasting = Box::leak(name.to_owned().into_boxed_str());
    known.insert(lasting);
    lasting
}

/// A source by its path alone: whoever reads it back knows the file.
pub mod path_only {
    use serde::de::{Deserialize as _, Deserializer};
    use serde::ser::Serializer;

    use crate::source::Source;

    /// Writes the path.
    ///
    /// # Errors
    /// Those of the format.
    pub fn serialize<S: Serializer>(source: &Source, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(source.path())
    }

    /// Reads the path; the text is empty.
    ///
    /// # Errors
    /// Those of the format.
    pub fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Source, D::Error> {
        Ok(Source::new(<&str>::deserialize(from)?, ""))
    }
}
