//! Times as transcripts write them: `1:02`, `[00:01:02]`, `(01:02)`, `01:01:14.03`, and the
//! ranges `[a] to [b]`, of which the beginning counts.
//!
//! Only the shape is known here. Whether a time belongs to a label, `forms` decides; times that
//! run backwards are normal (clips before the introduction, breaks) and nothing sorts by them.

use super::chars::skip_blank;

/// A time at one end of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Milliseconds from the start.
    pub time: u64,
    /// How many bytes of the text it takes, its brackets included.
    pub length: usize,
    /// The bracket that opens it.
    pub bracket: Option<char>,
}

const OPEN: [char; 4] = ['[', '(', '（', '【'];
const CLOSE: [char; 4] = [']', ')', '）', '】'];

/// What stands between the two ends of a range.
const TO: [&str; 6] = ["-->", "to", "-", "–", "—", "~"];

/// `h:mm:ss`, `mm:ss`, `m:ss`, with a fraction or not: the time and its length.
pub(super) fn bare(text: &str) -> Option<(u64, usize)> {
    let bytes = text.as_bytes();
    let digits =
        |from: usize| bytes[from..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let number = |from: usize, length: usize| text[from..from + length].parse::<u64>().ok();
    let first = digits(0);
    if !(1..=3).contains(&first) {
        return None;
    }
    let mut parts = vec![number(0, first)?];
    let mut at = first;
    while parts.len() < 3 && bytes.get(at) == Some(&b':') && digits(at + 1) == 2 {
        parts.push(number(at + 1, 2).filter(|part| *part < 60)?);
        at += 3;
    }
    let seconds = match parts[..] {
        [minutes, seconds] => minutes * 60 + seconds,
        [hours, minutes, seconds] => hours * 3600 + minutes * 60 + seconds,
        _ => return None,
    };
    let mut fraction = 0;
    if matches!(bytes.get(at), Some(b'.' | b',')) {
        let length = digits(at + 1).min(3);
        if length > 0 {
            fraction = number(at + 1, length)? * 10_u64.pow(3 - length as u32);
            at += 1 + length;
        }
    }
    let ends = !matches!(bytes.get(at), Some(byte) if byte.is_ascii_alphanumeric() || *byte == b':' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit));
    ends.then_some((seconds * 1000 + fraction, at))
}

/// A time at a text's beginning.
pub(super) fn leading(text: &str) -> Option<Stamp> {
    let bracket = text.chars().next().filter(|c| OPEN.contains(c));
    let (time, mut at) = one(text, bracket, true)?;
    if let Some(end) = range(&text[at..], bracket) {
        at += end;
    }
    if bracket.is_some() && !text[..at].ends_with(CLOSE) {
        return None;
    }
    Some(Stamp { time, length: at, bracket })
}

/// A time in its brackets; inside them a range may go on, unless `closed` is needed.
fn one(text: &str, bracket: Option<char>, open_end: bool) -> Option<(u64, usize)> {
    let inner = bracket.map_or(0, char::len_utf8);
    let inner = inner + skip_blank(&text[inner..]);
    let (time, length) = bare(&text[inner..])?;
    let end = inner + length;
    let Some(bracket) = bracket else { return Some((time, end)) };
    let close = CLOSE[OPEN.iter().position(|open| *open == bracket)?];
    let blank = skip_blank(&text[end..]);
    if text[end + blank..].starts_with(close) {
        return Some((time, end + blank + close.len_utf8()));
    }
    open_end.then_some((time, end))
}

/// The rest of a range: ` to [b]`, or `-b]`.
fn range(text: &str, bracket: Option<char>) -> Option<usize> {
    let mut at = skip_blank(text);
    let joint = TO.iter().find(|to| text[at..].starts_with(**to))?;
    at += joint.len();
    at += skip_blank(&text[at..]);
    let again = text[at..].chars().next().filter(|c| OPEN.contains(c));
    let (_, length) = one(&text[at..], again, false)?;
    at += length;
    if bracket.is_some() && again.is_none() {
        at += skip_blank(&text[at..]);
        at += text[at..].chars().next().filter(|c| CLOSE.contains(c))?.len_utf8();
    }
    Some(at)
}

/// A time at the end of a text that has no blanks behind.
pub(super) fn trailing(text: &str) -> Option<Stamp> {
    let close = text.chars().next_back().filter(|c| CLOSE.contains(c));
    let inner = &text[..text.len() - close.map_or(0, char::len_utf8)];
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | ',');
    let start = inner.trim_end_matches(is_part).len();
    let (time, length) = bare(&inner[start..])?;
    if start + length != inner.len() {
        return None;
    }
    let bracket = match close {
        None => None,
        Some(close) => {
            let open = OPEN[CLOSE.iter().position(|known| *known == close)?];
            Some(inner[..start].chars().next_back().filter(|c| *c == open)?)
        }
    };
    let start = start - bracket.map_or(0, char::len_utf8);
    Some(Stamp { time, length: text.len() - start, bracket })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_gives_its_milliseconds() {
        for (text, time, length) in [
            ("1:02", 62_000, 4),
            ("75:20 text", 4_520_000, 5),
            ("0:00:02", 2_000, 7),
            ("01:01:14.03", 3_674_030, 11),
            ("00:00:01,500 x", 1_500, 12),
            ("[00:01:02] text", 62_000, 10),
            ("(01:02)", 62_000, 7),
            ("[01:02] to [01:09] x", 62_000, 18),
            ("[01:02 - 01:09] x", 62_000, 15),
            ("01:02 --> 01:09", 62_000, 15),
        ] {
            let stamp = leading(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((stamp.time, stamp.length), (time, length), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "12",
            "12:3",
            "12:345",
            "1234:56",
            "12:60",
            "1:2:3",
            "[12:30",
            "16:9:4",
            "10:30am",
            "a 1:02",
            "1:02:03:04",
        ] {
            assert_eq!(leading(text), None, "{text}");
        }
    }

    #[test]
    fn times_at_the_end() {
        let stamp = |text| trailing(text).map(|stamp| (stamp.time, stamp.length));
        assert_eq!(stamp("Host   0:00:02"), Some((2_000, 7)));
        assert_eq!(stamp("Host (00:32)"), Some((32_000, 7)));
        assert_eq!(stamp("Host 32"), None);
        assert_eq!(stamp("Host 00:32)"), None);
        assert_eq!(stamp("Host 1.00:32"), None);
    }
}
