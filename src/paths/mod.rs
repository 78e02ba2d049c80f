//! Output paths, links between them, ids and anchors: names that keep Unicode and last.
