//! What authors say about the site, its people and one transcript: `site.yaml`,
//! `speakers.yaml`, and front matter, as values.
//!
//! Each reader returns a complete value and diagnostics for every input; none touches the disk.

mod date;
mod front;
mod site;
mod speakers;

pub use date::Date;
pub use front::{
    Credit, FrontMatter, Medium, PersonRef, Resource, Split, Text, read as read_front_matter, split,
};
pub use site::{Canonical, Csp, SiteConfig, Theme, read as read_site};
pub use speakers::{Person, read as read_speakers};
