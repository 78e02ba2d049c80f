//! Dates as transcripts write them: `2024-07-31`, `2025-10-06T17:44:22.107517`, `08/26/2025`,
//! `May 1st, 2025`, `2026年01月26日`.
//!
//! A date is a calendar day, the one that is written: times and zones are read over, never
//! applied. Whether the day exists is jiff's to say.

use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::diagnostics::Diagnostic;
use crate::source::Source;
use crate::yaml::{Decoder, Entry, Text, Value};

/// A calendar day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Date {
    /// ISO, `2024-07-31`; sorts as text.
    pub iso: String,
}

/// The accepted forms, as a hint names them.
const FORMS: &str = "write it as 2025-08-26; also read are 2025-08-26T13:05, 08/26/2025, May 1st, 2025 and 2025年8月26日";

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Date {
    /// Reads a date in any of the forms above; none when there is no day in it, or the day
    /// does not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        numeric(text).or_else(|| chinese(text)).or_else(|| with_month_name(text))
    }

    /// The first day of a year or a month that is written without a day: `2025`, `2025-03`,
    /// `2025年3月`, `March 2025`.
    pub(super) fn first_of(text: &str) -> Option<Self> {
        let packed: String = text.chars().filter(|char| !char.is_whitespace()).collect();
        if let Some((year, rest)) = number(&packed, 4) {
            return match rest.strip_prefix(['-', '/', '.', '年']).map(|rest| number(rest, 2)) {
                None if rest.is_empty() => Self::new(year, 1, 1),
                Some(None) if rest == "年" => Self::new(year, 1, 1),
                Some(Some((month, "" | "月"))) => Self::new(year, month, 1),
                _ => None,
            };
        }
        let (month, year) = text.trim().split_once(char::is_whitespace)?;
        let month = month_number(month.trim_end_matches([',', '.']))?;
        let (year, "") = number(year.trim(), 4)? else { return None };
        Self::new(year, month, 1)
    }

    /// The other day that a date of two small numbers may mean: `05/03/2025` is read as the 3rd
    /// of May, and may be the 5th of March.
    pub(super) fn other_reading(text: &str) -> Option<Self> {
        let (first, rest) = number(text.trim(), 2)?;
        let mark = rest.chars().next().filter(|mark| matches!(mark, '/' | '-'))?;
        let (second, rest) = number(&rest[1..], 2)?;
        let (year, rest) = number(rest.strip_prefix(mark)?, 4)?;
        let either = first != second && first <= 12 && second <= 12 && ends_or_time(rest);
        either.then(|| Self::new(year, second, first)).flatten()
    }

    fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let year = i16::try_from(year).ok().filter(|year| *year >= 1000)?;
        let month = i8::try_from(month).ok()?;
        let day = i8::try_from(day).ok()?;
        let date = civil::Date::new(year, month, day).ok()?;
        Some(Self { iso: date.to_string() })
    }
}

/// Reads a key's date, and tells what is uncertain in it.
pub(super) fn read(decoder: &mut Decoder<'_>, entry: &Entry) -> Option<Date> {
    let no_text = match &entry.value.value {
        Value::Map(_) => true,
        Value::List(items) => items.len() > 1,
        _ => false,
    };
    if no_text {
        decoder.wrong_kind(&entry.key, &entry.value, "a date like 2025-08-26");
        return None;
    }
    let text = decoder.text(&entry.key, &entry.value)?;
    let source = decoder.source();
    let day = Date::parse(&text.value);
    let date = day.clone().or_else(|| Date::first_of(&text.value));
    let said = match (&day, &date) {
        (None, None) => Some(unreadable_date(source, &entry.key, &text)),
        (None, Some(first)) => Some(no_day(source, &entry.key, &text, first)),
        (Some(day), _) => Date::other_reading(&text.value)
            .map(|other| two_readings(source, &entry.key, &text, day, &other)),
    };
    said.into_iter().for_each(|said| decoder.push(said));
    date
}

/// A number of at most `digits` digits at the start, and what follows it.
fn number(text: &str, digits: usize) -> Option<(u32, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    if end == 0 || end > digits {
        return None;
    }
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// `2024-07-31`, `2024/7/31`, `20240731`, `08/26/2025` and `26.8.2025`, alone or before a time.
fn numeric(text: &str) -> Option<Date> {
    if let Some((all, "")) = number(text, 8).filter(|_| text.len() == 8) {
        return Date::new(all / 10_000, all / 100 % 100, all % 100);
    }
    let (first, rest) = number(text, 4)?;
    let mark = rest.chars().next().filter(|mark| matches!(mark, '-' | '/' | '.'))?;
    let (second, rest) = number(&rest[1..], 2)?;
    let (third, rest) = number(rest.strip_prefix(mark)?, 4)?;
    if !ends_or_time(rest) {
        return None;
    }
    match (first, third) {
        (1000.., 0..100) => Date::new(first, second, third),
        // With a point the day comes first everywhere; otherwise the month, where it can.
        (0..100, 1000..) if mark == '.' || first > 12 => Date::new(third, second, first),
        (0..100, 1000..) => Date::new(third, first, second),
        _ => None,
    }
}

/// Whether what follows a date is nothing, or a time of day.
fn ends_or_time(rest: &str) -> bool {
    let Some(mark) = rest.chars().next() else { return true };
    let time = rest[mark.len_utf8()..].trim_start();
    let digits = time.bytes().take_while(u8::is_ascii_digit).count();
    (mark == 'T' || mark == 't' || mark.is_whitespace())
        && (1..=2).contains(&digits)
        && time[digits..].starts_with(':')
}

/// `2026年01月26日`, with or without blanks, a weekday or a time behind it.
fn chinese(text: &str) -> Option<Date> {
    let packed: String = text.chars().filter(|char| !char.is_whitespace()).collect();
    let (year, rest) = number(&packed, 4)?;
    let (month, rest) = number(rest.strip_prefix('年')?, 2)?;
    let (day, rest) = number(rest.strip_prefix('月')?, 2)?;
    rest.strip_prefix(['日', '号', '號'])?;
    Date::new(year, month, day)
}

/// `May 1st, 2025`, `1 May 2025`, `Wed, 31 Jul 2024 10:00:00 GMT`.
fn with_month_name(text: &str) -> Option<Date> {
    if text.len() > 60 {
        return None;
    }
    let mut month = None;
    let mut numbers = Vec::new();
    for word in text.split(|char: char| char.is_whitespace() || ",.-/".contains(char)) {
        match number(word, 4) {
            Some((value, "" | "st" | "nd" | "rd" | "th")) => numbers.push(value),
            Some(_) if word.contains(':') => break,
            Some(_) => return None,
            None if month.is_none() => month = month_number(word),
            None => {}
        }
    }
    match numbers[..] {
        [day, year] if day <= 31 => Date::new(year, month?, day),
        [year, day] => Date::new(year, month?, day),
        _ => None,
    }
}

fn month_number(word: &str) -> Option<u32> {
    let word = word.to_ascii_lowercase();
    let is_month = |name: &&str| {
        word == **name || word == name[..3] || word == "sept" && **name == *"september"
    };
    MONTHS.iter().position(is_month).map(|at| at as u32 + 1)
}

fn unreadable_date(source: &Source, key: &str, text: &Text) -> Diagnostic {
    let message = format!("`{key}` is not a date that can be read");
    Diagnostic::warning("front-matter/date", source, text.span, message).hint(FORMS)
}

fn no_day(source: &Source, key: &str, text: &Text, first: &Date) -> Diagnostic {
    let message = format!("`{key}` has no day; it is read, and shown, as {}", first.iso);
    Diagnostic::warning("front-matter/date", source, text.span, message)
        .hint(format!("write the day, for example `{key}: {}`", first.iso))
}

fn two_readings(source: &Source, key: &str, text: &Text, day: &Date, other: &Date) -> Diagnostic {
    let message = format!("`{key}` is read with the month first, as {}", day.iso);
    Diagnostic::note("front-matter/date-order", source, text.span, message).hint(format!(
        "write `{key}: {}`, or `{key}: {}` if the day stands first",
        day.iso, other.iso
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(text: &str) -> Option<String> {
        Date::parse(text).map(|date| date.iso)
    }

    #[test]
    fn every_form_that_collections_use_is_read() {
        let table = [
            ("2024-07-31", "2024-07-31"),
            ("2024-7-1", "2024-07-01"),
            ("2024/07/31", "2024-07-31"),
            ("20240731", "2024-07-31"),
            ("2025-10-06T17:44:22.107517", "2025-10-06"),
            ("2025-10-06 17:44:22 +0800", "2025-10-06"),
            ("2025-09-01T13:05", "2025-09-01"),
            ("2025-12-31T23:59:59-11:00", "2025-12-31"),
            ("08/26/2025", "2025-08-26"),
            ("26/08/2025", "2025-08-26"),
            ("26.8.2025", "2025-08-26"),
            ("May 1st, 2025", "2025-05-01"),
            ("  May\n  1st,\n 2025 ", "2025-05-01"),
            ("Sept. 3, 2021", "2021-09-03"),
            ("1 December 2025", "2025-12-01"),
            ("Wed, 31 Jul 2024 10:00:00 GMT", "2024-07-31"),
            ("2026年01月26日", "2026-01-26"),
            ("2026 年 1 月 6 日 星期二", "2026-01-06"),
        ];
        for (text, expected) in table {
            assert_eq!(iso(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_year_or_a_month_begins_with_its_first_day() {
        let table = [
            ("2025", Some("2025-01-01")),
            ("2025年", Some("2025-01-01")),
            ("2025-03", Some("2025-03-01")),
            ("2025/3", Some("2025-03-01")),
            ("2025 年 3 月", Some("2025-03-01")),
            ("March 2025", Some("2025-03-01")),
            ("Sept., 2025", Some("2025-09-01")),
            ("2025-13", None),
            ("2025-", None),
            ("2025-03-", None),
            ("spring 2025", None),
            ("25", None),
            ("", None),
        ];
        for (text, expected) in table {
            let read = Date::first_of(text).map(|date| date.iso);
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn only_two_small_numbers_may_mean_two_days() {
        let other = |text| Date::other_reading(text).map(|date| date.iso);
        assert_eq!(other("05/03/2025").as_deref(), Some("2025-03-05"));
        assert_eq!(other("5-3-2025").as_deref(), Some("2025-03-05"));
        for text in ["05/05/2025", "26/08/2025", "08/26/2025", "05.03.2025", "2025-03-05", "05/03"]
        {
            assert_eq!(other(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_not_read() {
        let table = [
            "",
            "soon",
            "2024",
            "2024-07",
            "2023-02-29",
            "2024-13-01",
            "31/31/2024",
            "May 2025",
            "2024-07-31x",
            "12:30",
            "2026年13月1日",
            "2026年1月",
            "99999-01-01",
            "0024-01-01",
            "Maybe 1 2025",
            "1-2-3",
            "2024-07-31 to 2024-08-02",
            "年月日",
        ];
        for text in table {
            assert_eq!(iso(text), None, "{text}");
        }
    }
}
