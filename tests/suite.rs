//! Every test that needs neither a browser nor a server, in one binary: linking one
//! takes a twentieth of the time of linking one a file. `cargo test --test suite cli::` runs one
//! file's.

mod edits;
mod host;
#[path = "../src/search/unpacked.rs"]
mod unpacked;
mod whole;

mod anchors;
mod cli;
mod config;
mod config_any_input;
mod config_print;
mod corpus;
mod crawl;
mod data;
mod exports;
mod fmt;
mod folders;
mod glossary;
mod hosting;
mod images;
mod import;
mod inspect;
mod lasting;
mod layers;
mod linked_data;
mod links;
mod load;
mod memory;
mod notes;
mod parallel;
mod parse;
mod people;
mod pipeline;
mod publish;
mod readme;
mod render;
mod seed;
mod templates;
mod words;
