//! postil: a static site generator for annotated transcripts.
//!
//! Data flows one way: text → document → mentions → site → views → bytes. `ARCHITECTURE.md`
//! says which module may know what.

pub mod annotate;
pub mod config;
pub mod diagnostics;
pub mod document;
pub mod glossary;
pub mod parse;
pub mod paths;
pub mod pipeline;
pub mod site;
pub mod source;
pub mod yaml;
