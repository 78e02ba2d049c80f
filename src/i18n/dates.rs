//! Dates as a language writes them: `2024-07-31` is 31 July 2024, and 2024年7月31日.

use super::Words;

/// An ISO date (a year, a month, or a day; a time of day is left out) in a language's way. What
/// is no ISO date is given back as it is.
pub fn date(iso: &str, words: &Words) -> String {
    let day = iso.split(['T', ' ']).next().unwrap_or(iso);
    let Some((year, month, day)) = parts(day) else { return iso.to_owned() };
    let (form, name) = match (month, day) {
        (None, _) => (&words.date_year, None),
        (Some(month), None) => (&words.date_month, words.months.split_whitespace().nth(month - 1)),
        (Some(month), Some(_)) => (&words.date_day, words.months.split_whitespace().nth(month - 1)),
    };
    let number = month.map(|month| month.to_string()).unwrap_or_default();
    form.replace("{year}", &year.to_string())
        .replace("{month}", name.unwrap_or(&number))
        .replace("{day}", &day.map(|day| day.to_string()).unwrap_or_default())
}

fn parts(iso: &str) -> Option<(u32, Option<usize>, Option<u32>)> {
    let mut fields = iso.split('-');
    let year = fields.next().filter(|text| text.len() == 4)?.parse().ok()?;
    let month = fields.next().map(str::parse::<usize>).transpose().ok()?;
    let day = fields.next().map(str::parse::<u32>).transpose().ok()?;
    let known = month.is_none_or(|month| (1..=12).contains(&month));
    (known && fields.next().is_none()).then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::super::words;

    fn date(iso: &str, language: &str) -> String {
        super::date(iso, words(language))
    }

    #[test]
    fn days_months_and_years() {
        assert_eq!(date("2024-07-31", "en"), "31 July 2024");
        assert_eq!(date("2024-07-31", "zh-Hans"), "2024年7月31日");
        assert_eq!(date("2024-07", "en"), "July 2024");
        assert_eq!(date("2024-07", "zh"), "2024年7月");
        assert_eq!(date("2024", "en"), "2024");
        assert_eq!(date("2024-07-31", "ja"), "2024年7月31日");
        assert_eq!(date("2025-10-06T17:44:22.107517", "zh"), "2025年10月6日");
    }

    #[test]
    fn what_is_no_date_stays() {
        for text in ["", "last summer", "2024-13-01", "24-07-31", "2024-07-31-9"] {
            assert_eq!(date(text, "en"), text);
        }
    }
}
