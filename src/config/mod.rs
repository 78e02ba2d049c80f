//! What authors say about the site, its people and one transcript: `site.yaml`,
//! `speakers.yaml`, and front matter, as values.
//!
//! Each reader returns a complete value and diagnostics for every input; none touches the disk.

mod date;
mod front;
mod ids;
mod images;
mod keys;
mod notes;
mod people;
mod site;
mod speakers;
mod split;
mod words;

pub use date::Date;
pub use front::{
    Correction, Credit, FrontMatter, Medium, PersonRef, Resource, Text, read as read_front_matter,
};
pub use ids::{IDS_FILE, Moved, read as read_ids};
pub use images::{IMAGES_FILE, LocalCopy, read as read_images};
pub use keys::meaning as meaning_of_key;
pub use notes::{NOTES_FILE, Note, read as read_notes};
pub use site::{
    Canonical, Csp, Export, Refusal, SiteConfig, Theme, normalise_base_url, read as read_site,
};
pub use speakers::{Person, read as read_speakers};
pub use split::{Split, split};
pub use words::{WORDS_FOLDER, read as read_words};
