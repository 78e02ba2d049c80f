//! Dates as a language writes them: `2024-07-31` is 31 July 2024, and 2024年7月31日.

use super::main_language;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// An ISO date (a year, a month, or a day; a time of day is left out) in a language's way. What
/// is no ISO date is given back as it is.
pub fn date(iso: &str, language: &str) -> String {
    let day = iso.split(['T', ' ']).next().unwrap_or(iso);
    let Some((year, month, day)) = parts(day) else { return iso.to_owned() };
    match main_language(language).as_str() {
        "zh" | "ja" => han(year, month, day),
        _ => english(year, month, day),
    }
}

fn parts(iso: &str) -> Option<(u32, Option<usize>, Option<u32>)> {
    let mut fields = iso.split('-');
    let year = fields.next().filter(|text| text.len() == 4)?.parse().ok()?;
    let month = fields.next().map(str::parse::<usize>).transpose().ok()?;
    let day = fields.next().map(str::parse::<u32>).transpose().ok()?;
    let known = month.is_none_or(|month| (1..=12).contains(&month));
    (known && fields.next().is_none()).then_some((year, month, day))
}

fn han(year: u32, month: Option<usize>, day: Option<u32>) -> String {
    let month = month.map(|month| format!("{month}月")).unwrap_or_default();
    let day = day.map(|day| format!("{day}日")).unwrap_or_default();
    format!("{year}年{month}{day}")
}

fn english(year: u32, month: Option<usize>, day: Option<u32>) -> String {
    let day = day.map(|day| format!("{day} ")).unwrap_or_default();
    let month = month.map(|month| format!("{} ", MONTHS[month - 1])).unwrap_or_default();
    format!("{day}{month}{year}")
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_months_and_years() {
        assert_eq!(date("2024-07-31", "en"), "31 July 2024");
        assert_eq!(date("2024-07-31", "zh-Hans"), "2024年7月31日");
        assert_eq!(date("2024-07", "en"), "July 2024");
        assert_eq!(date("2024-07", "zh"), "2024年7月");
        assert_eq!(date("2024", "en"), "2024");
        assert_eq!(date("2025-10-06T17:44:22.107517", "zh"), "2025年10月6日");
    }

    #[test]
    fn what_is_no_date_stays() {
        for text in ["", "last summer", "2024-13-01", "24-07-31", "2024-07-31-9"] {
            assert_eq!(date(text, "en"), text);
        }
    }
}
