//! How much an output weighs: hosts have limits.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use crate::pipeline::Output;

/// Files and bytes of what was published; foreign files do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// How many files.
    pub files: usize,
    /// All their bytes.
    pub bytes: u64,
    /// The files from a limit on, the largest first: path and bytes.
    pub large: Vec<(String, u64)>,
}

/// Weighs the files of an output. Those with more than `large` bytes are named. A file that is
/// gone again weighs nothing.
pub fn weigh(out: &Path, outputs: &BTreeMap<String, Output>, large: u64) -> Weight {
    let size = |path: &String| fs::metadata(out.join(path)).map_or(0, |data| data.len());
    let sizes: Vec<(&String, u64)> =
        outputs.par_iter().map(|(path, _)| (path, size(path))).collect();
    let bytes = sizes.iter().map(|(_, size)| size).sum();
    let mut named: Vec<(String, u64)> = sizes
        .iter()
        .filter(|(_, size)| *size > large)
        .map(|(path, size)| ((*path).clone(), *size))
        .collect();
    named.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    Weight { files: sizes.len(), bytes, large: named }
}
