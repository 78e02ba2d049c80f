//! Cues: labels that say what was heard and not who spoke (`**Break:** [4:10]`, `Intro:`).
//!
//! Where one stands is for `turns` to say: it ends a turn, and its words are nobody's.

use std::collections::BTreeSet;

use super::blocks::Raw;
use super::forms::Candidate;

/// What stands between the words and is nobody's: where the programme pauses, begins, ends. The
/// words before it end there, and what it says itself is no one's.
const CUES: &[&str] = &[
    "break",
    "commercial break",
    "ad break",
    "intro",
    "outro",
    "jingle",
    "music",
    "theme music",
    "片头",
    "片尾",
    "片头曲",
    "片尾曲",
    "广告",
    "音乐",
];

/// Those of the `distinct` labels that are cues: those known to be, and others that end like one and never have
/// words behind them (`**Old Intro:** [08:14]`). A paragraph in bold alone may be a title.
pub(super) fn find<'a>(
    raw: &Raw,
    candidates: &[Candidate],
    keys: &[String],
    distinct: impl Iterator<Item = &'a str>,
    declared: &BTreeSet<String>,
) -> BTreeSet<String> {
    let silent = |key: &str| {
        let mut own = candidates.iter().zip(keys).filter(|(_, other)| *other == key);
        own.all(|(candidate, _)| {
            let end = raw.tops[candidate.top].text.end;
            raw.text[candidate.words.min(end) as usize..end as usize].trim().is_empty()
        })
    };
    let ends = |key: &str| key.rsplit(' ').next().is_some_and(|word| CUES.contains(&word));
    let cues = distinct
        .filter(|key| (CUES.contains(key) || ends(key) && silent(key)) && !declared.contains(*key));
    cues.map(str::to_owned).collect()
}

/// Whether a cue counts where it stands: not alone in bold, which may be a title; and a plain one
/// only where speakers' labels are `plain`.
pub(super) fn counts_here(candidate: &Candidate, plain: bool) -> bool {
    candidate.form.name != "bold-alone" && (plain || !candidate.form.plain)
}
