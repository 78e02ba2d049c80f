//! Values of options: what is accepted, and what is said of the rest.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::Failure;
use crate::config;

/// A date as `--today` and `--date` take it.
pub fn date(text: &str) -> Result<String, String> {
    match text.parse::<Date>() {
        Ok(date) if date.to_string() == text => Ok(text.to_owned()),
        _ => Err("a date looks like 2026-11-20".to_owned()),
    }
}

/// Today where nobody says: `SOURCE_DATE_EPOCH`, else the clock, in UTC.
pub fn today() -> Result<String, Failure> {
    let second = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) if !text.is_empty() => text.parse().map_err(|_| wrong_epoch(&text))?,
        _ => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            now.as_secs() as i64
        }
    };
    let moment = Timestamp::from_second(second).map_err(|_| wrong_epoch(&second.to_string()))?;
    Ok(Offset::UTC.to_datetime(moment).date().to_string())
}

fn wrong_epoch(text: &str) -> Failure {
    Failure::Usage(format!(
        "SOURCE_DATE_EPOCH is \"{text}\", which is no number of seconds since 1970\n  \
         Set it to one, remove it, or say the date with --today."
    ))
}

/// An absolute URL for `--base-url`, with its slash at the end.
pub fn base_url(text: &str) -> Result<String, String> {
    config::normalise_base_url(text)
        .map_err(|_| "a base URL looks like https://example.org/reading/".to_owned())
}

/// A file name for a title: its letters and digits, in their own script, joined by hyphens.
pub fn file_name(title: &str) -> String {
    let mut name = String::new();
    for c in title.chars() {
        if c.is_alphanumeric() || is_mark(c) {
            name.extend(c.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        if name.len() > 120 {
            break;
        }
    }
    name.trim_end_matches('-').to_owned()
}

/// Combining marks belong to the letter before.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_whole_and_real() {
        for good in ["2026-11-20", "2024-02-29"] {
            assert_eq!(date(good).as_deref(), Ok(good));
        }
        for bad in ["", "2026-1-2", "2026-02-30", "2026-11-20T10:00", "20261120", "today"] {
            assert!(date(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn base_urls_are_absolute_and_end_with_a_slash() {
        assert_eq!(base_url("https://example.org").as_deref(), Ok("https://example.org/"));
        assert_eq!(base_url("http://x.org/a/").as_deref(), Ok("http://x.org/a/"));
        for bad in [
            "",
            "example.org",
            "/a/",
            "ftp://x.org",
            "https://",
            "https:///a",
            "https://x.org/?a",
            "https://x y",
        ] {
            assert!(base_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_title_keeps_its_script_in_the_file_name() {
        for (title, name) in [
            ("A walk, and talk!", "a-walk-and-talk"),
            ("训大模型很贵，怎么办？", "训大模型很贵-怎么办"),
            ("C++ / C#", "c-c"),
            ("../../etc", "etc"),
            ("हिन्दी", "हिन्दी"),
            ("???", ""),
        ] {
            assert_eq!(file_name(title), name, "{title}");
        }
    }
}
