//! postil: a static site generator for annotated transcripts.
//!
//! Data flows one way: text → document → mentions → site → views → bytes. `ARCHITECTURE.md`
//! says which module may know what.
#![warn(clippy::disallowed_methods)]

pub mod annotate;
pub mod cache;
pub mod canonical;
pub mod cli;
pub mod config;
pub mod diagnostics;
pub mod document;
pub mod glossary;
pub mod i18n;
pub mod import;
pub mod lasting;
pub mod load;
pub mod notes;
pub mod parse;
pub mod paths;
pub mod pipeline;
pub mod render;
pub mod search;
pub mod serve;
pub mod site;
pub mod source;
pub mod suggest;
pub mod theme;
pub mod views;
pub mod watch;
pub mod write;
pub mod yaml;
