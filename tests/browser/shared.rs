//! Sites that many tests read and none changes: built once.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::host::{build, sample};
use crate::{axe, leftovers};

/// The sample site as it is built.
pub fn built_sample() -> &'static Path {
    static OUTPUT: OnceLock<PathBuf> = OnceLock::new();
    OUTPUT.get_or_init(|| kept(sample()))
}

/// The site with a page of every kind as it is built, in English.
pub fn every_kind() -> &'static Path {
    static OUTPUT: OnceLock<PathBuf> = OnceLock::new();
    OUTPUT.get_or_init(|| kept(axe::site("en")))
}

/// The same with its navigation in Chinese.
pub fn every_kind_in_chinese() -> &'static Path {
    static OUTPUT: OnceLock<PathBuf> = OnceLock::new();
    OUTPUT.get_or_init(|| kept(axe::site("zh-Hans")))
}

fn kept(site: TempDir) -> PathBuf {
    let output = build(site.path());
    leftovers::folder(&site.keep());
    output
}
