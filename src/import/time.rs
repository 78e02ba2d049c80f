//! Times as subtitle files and meeting tools write them.

/// `1:02:03.450`, `02:03,450`, `1:02:03`, `02:03`: hours of any number of digits, in
/// milliseconds.
pub(super) fn read(text: &str) -> Option<u64> {
    let (clock, fraction) = match text.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, milliseconds(fraction)?),
        None => (text, 0),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes, seconds] => (number(hours, 6)?, number(minutes, 2)?, number(seconds, 2)?),
        [minutes, seconds] => (0, number(minutes, 3)?, number(seconds, 2)?),
        _ => return None,
    };
    let clock = seconds < 60 && (minutes < 60 || parts.len() == 2);
    clock.then_some(((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction)
}

fn number(text: &str, digits: usize) -> Option<u64> {
    let sound = (1..=digits).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if sound { text.parse().ok() } else { None }
}

/// The first three digits of a fraction.
fn milliseconds(text: &str) -> Option<u64> {
    if text.is_empty() || text.len() > 9 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{text:0<3}")[..3].parse().ok()
}

/// `00:01.000 --> 00:02.000 align:start`: both times.
pub(super) fn timing(line: &str) -> Option<(u64, u64)> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.split_whitespace().next()?;
    Some((read(start.trim())?, read(end)?))
}

/// A line of times that does not have their shape.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damaged {
    /// Where the cue begins, as far as that can be told.
    pub start: Option<u64>,
    pub end: Option<u64>,
    /// Whether some kind of arrow stands between the times.
    pub arrow: bool,
}

/// What people and programs write for an arrow; one that holds another comes first.
const ARROWS: [&str; 9] = ["--->", "-->", "-- >", "- ->", "->", "—>", "–>", "=>", "→"];

/// A line of nothing but two times, or of one beside an arrow, in any shape.
pub(super) fn damaged(line: &str) -> Option<Damaged> {
    let arrow = ARROWS.iter().find_map(|arrow| line.split_once(arrow));
    let (start, end) = match arrow {
        Some(halves) => halves,
        None => line.trim().split_once(char::is_whitespace)?,
    };
    let end = end.split_whitespace().next().unwrap_or_default();
    let (start, clocks) = (start.trim(), [is_like_a_clock(start.trim()), is_like_a_clock(end)]);
    let is_one = match arrow {
        Some(_) => clocks[0] && (clocks[1] || end.is_empty()) || start.is_empty() && clocks[1],
        None => clocks[0] && clocks[1] && line.split_whitespace().count() == 2,
    };
    let (start, end) = (read(start), read(end));
    let end = end.filter(|end| start.is_none_or(|start| *end >= start));
    is_one.then_some(Damaged { start, end, arrow: arrow.is_some() })
}

/// Digits with colons between, perhaps with letters that scanners and typists take for digits.
fn is_like_a_clock(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let mark = |c: char| c.is_ascii_digit() || ":：.,;oOlI".contains(c);
    text.contains([':', '：', ';', ',']) && text.chars().all(mark) && digits >= 3
}

/// `h:mm:ss`.
pub(super) fn written(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_every_shape() {
        for (text, time) in [
            ("00:00:14,548", 14_548),
            ("00:14.5", 14_500),
            ("1:02:03", 3_723_000),
            ("100:00:00.000", 360_000_000),
            ("75:10", 4_510_000),
            ("0:00.123456", 123),
        ] {
            assert_eq!(read(text), Some(time), "{text}");
        }
        for bad in ["", "14", "1:2:3:4", "00:60", "0:61:00", "a:bc", "00:14.", "-1:00", "+1:00"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_timing_line_may_go_on_with_settings() {
        assert_eq!(timing("00:01.000 --> 00:02.000 line:0"), Some((1000, 2000)));
        assert_eq!(timing("00:00:01,000-->00:00:02,000"), Some((1000, 2000)));
        assert_eq!(timing("a --> b"), None);
        assert_eq!(timing("00:01.000 -->"), None);
    }

    #[test]
    fn damaged_times_are_told_from_words() {
        for (line, start, end) in [
            ("00:00:05,000 -> 00:00:07,000", Some(5000), Some(7000)),
            ("00:00:05,000 - -> 00:00:07,000", Some(5000), Some(7000)),
            ("00:00:05.000 00:00:07.000", Some(5000), Some(7000)),
            ("0O:00:05,000 --> 00:00:07,000", None, Some(7000)),
            ("00:00:05,000 -->", Some(5000), None),
            ("--> 00:00:07,000", None, Some(7000)),
            ("00:00:99,000 --> 00:01:00,000", None, Some(60_000)),
            ("00:00:05,000 → 00:00:07,000 X1:10", Some(5000), Some(7000)),
        ] {
            let found = damaged(line).map(|found| (found.start, found.end));
            assert_eq!(found, Some((start, end)), "{line}");
        }
        for words in [
            "Look --> here",
            "1 -> 2",
            "x => y",
            "at 10:30 or 11:00",
            "10:30 it was",
            "->",
            "--",
            "",
            "the 10:30 -> 11:00 slot",
        ] {
            assert_eq!(damaged(words), None, "{words}");
        }
    }

    #[test]
    fn times_are_written_to_the_second() {
        assert_eq!(written(3_723_999), "1:02:03");
        assert_eq!(written(0), "0:00:00");
    }
}
