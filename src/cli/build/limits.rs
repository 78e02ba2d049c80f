//! What well-known hosts do not take: told after a build that passes it.

use super::super::talk::number;
use crate::pipeline::{Built, HEADERS, Output};
use crate::views;
use crate::write::Weight;

/// A host's limits that sites come near to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Files in all.
    pub files: usize,
    /// Bytes of one file.
    pub file: u64,
    /// Bytes in all.
    pub bytes: u64,
    /// Rules in `_headers`.
    pub rules: usize,
}

impl Limits {
    /// As the hosts state them: 20,000 files and 25 MiB a file (Cloudflare Pages, free plan),
    /// 1 GB in all (GitHub Pages), 100 rules in `_headers` (Cloudflare Pages).
    pub const KNOWN: Self =
        Self { files: 20_000, file: 25 << 20, bytes: 1_000_000_000, rules: 100 };
}

/// So many files are named.
const NAMED: usize = 3;

/// A line for each limit that is passed.
pub(super) fn passed(weight: &Weight, limits: &Limits) -> Vec<String> {
    let mut lines = Vec::new();
    if weight.files > limits.files {
        lines.push(format!(
            "{} files: some hosts take {} at most (Cloudflare Pages on its free plan). Fewer `exports`, \
             `paginate` with a larger number, or `search: false` make fewer",
            weight.files, limits.files
        ));
    }
    if weight.bytes > limits.bytes {
        lines.push(format!(
            "{} in all: some hosts take {} at most (GitHub Pages). Recordings and pictures may lie \
             elsewhere",
            size(weight.bytes),
            size(limits.bytes)
        ));
    }
    for (path, bytes) in weight.large.iter().filter(|(_, bytes)| *bytes > limits.file).take(NAMED) {
        lines.push(format!(
            "{path} has {}: some hosts take {} a file at most (Cloudflare Pages)",
            size(*bytes),
            size(limits.file)
        ));
    }
    let more = weight.large.len().saturating_sub(NAMED);
    if more > 0 {
        lines.push(format!("{more} more files are as large"));
    }
    lines
}

/// A line where hosts do not read all of the `_headers` that a build made; none where the site has
/// one of its own.
pub(super) fn unread(built: &Built, limits: &Limits) -> Vec<String> {
    match built.outputs.get(HEADERS) {
        Some(Output::Bytes(_)) => rules(&views::headers(&built.site), limits),
        _ => Vec::new(),
    }
}

fn rules((headers, too_long): &(String, usize), limits: &Limits) -> Vec<String> {
    let rules = headers.lines().filter(|line| line.starts_with('/')).count();
    let mut lines = Vec::new();
    if rules > limits.rules {
        lines.push(format!(
            "_headers has {rules} rules: some hosts read {} at most (Cloudflare Pages). The rest ask search \
             engines to leave out the `exports` of `noindex` transcripts; one rule for a folder does for all in it \
             (docs/hosting.md)",
            limits.rules
        ));
    }
    if *too_long > 0 {
        lines.push(format!(
            "{} of `noindex` transcripts cannot be named in _headers: a rule has 2,000 characters at most",
            number(*too_long, "export")
        ));
    }
    lines
}

/// Megabytes or gigabytes, as hosts count them.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{bytes} bytes"),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Limits = Limits { files: 3, file: 100, bytes: 250, rules: 2 };

    fn weight(files: usize, bytes: u64, large: &[(&str, u64)]) -> Weight {
        let large = large.iter().map(|(path, bytes)| ((*path).to_owned(), *bytes)).collect();
        Weight { files, bytes, large }
    }

    #[test]
    fn what_is_within_the_limits_is_not_worth_a_word() {
        assert_eq!(passed(&weight(3, 250, &[("a.mp3", 100)]), &SMALL), Vec::<String>::new());
    }

    #[test]
    fn each_limit_is_told_by_itself() {
        let lines = |weight| passed(&weight, &SMALL);
        let files = lines(weight(4, 10, &[]));
        assert!(
            files.len() == 1 && files[0].starts_with("4 files: some hosts take 3"),
            "{files:?}"
        );
        let bytes = lines(weight(1, 251, &[]));
        assert!(bytes.len() == 1 && bytes[0].starts_with("251 bytes in all"), "{bytes:?}");
        let large =
            [("a.mp3", 900), ("b.mp3", 800), ("c.mp3", 700), ("d.mp3", 600), ("e.mp3", 500)];
        let files = lines(weight(1, 1, &large));
        assert_eq!(files.len(), 4, "{files:?}");
        assert!(files[0].starts_with("a.mp3 has 900 bytes: some hosts take 100 bytes a file"));
        assert_eq!(files[3], "2 more files are as large");
    }

    #[test]
    fn rules_that_no_host_reads_are_told() {
        let two = "/*\n  A: /b\n/c.md\n  X-Robots-Tag: noindex\n";
        let lines = |text: &str, too_long| rules(&(text.to_owned(), too_long), &SMALL);
        assert_eq!(lines(two, 0), Vec::<String>::new());
        let three = lines(&format!("{two}/c.txt\n  X-Robots-Tag: noindex\n"), 1);
        assert_eq!(three.len(), 2, "{three:?}");
        assert!(
            three[0].starts_with("_headers has 3 rules: some hosts read 2 at most"),
            "{three:?}"
        );
        assert!(
            three[1].starts_with("1 export of `noindex` transcripts cannot be named"),
            "{three:?}"
        );
    }

    #[test]
    fn the_known_limits_read_as_hosts_state_them() {
        let Limits { file, bytes, .. } = Limits::KNOWN;
        assert_eq!((size(file).as_str(), size(bytes).as_str()), ("26.2 MB", "1.00 GB"));
    }
}
