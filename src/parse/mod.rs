//! Markdown to [`crate::document::Document`]. Never touches the disk and never fails: every input gives a
//! document and diagnostics.

pub mod emphasis;
