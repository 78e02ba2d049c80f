//! How to cite a transcript: in a line, for BibTeX, and as CSL-JSON, which reference managers
//! read (<https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html>).

use serde_json::{Value, json};

use super::article::joined;
use super::frame::canonical;
use super::script::is_wide;
use crate::i18n::{self, Words};
use crate::paths;
use crate::site::{Page, Site};

/// A citation in three forms.
#[derive(Debug)]
pub(super) struct Citation {
    /// The words.
    pub line: String,
    /// The page's own address, empty where the site has none. (The original's stands in the
    /// page's head.)
    pub url: String,
    /// An entry for BibTeX and BibLaTeX.
    pub bibtex: String,
    /// A list of one CSL-JSON item.
    pub csl: String,
}

/// What is cited.
struct Work<'a> {
    names: Vec<&'a str>,
    title: &'a str,
    publisher: &'a str,
    date: Option<&'a str>,
    url: String,
    language: &'a str,
    words: &'a Words,
    key: String,
}

/// How a transcript is cited.
pub(super) fn of(site: &Site, page: &Page) -> Citation {
    let work = Work {
        names: names(site, page),
        title: &page.title,
        publisher: page.file.front.publisher.as_deref().unwrap_or(&site.title),
        date: page.date.as_deref(),
        url: canonical(site, &page.path).unwrap_or_default(),
        language: &page.language,
        words: site.words(&page.language),
        key: key(page),
    };
    Citation { line: work.line(), bibtex: work.bibtex(), csl: work.csl(), url: work.url }
}

impl Work<'_> {
    fn line(&self) -> String {
        let words = self.words;
        let mut line = String::new();
        let names = joined(self.names.iter().copied(), words);
        if !names.is_empty() {
            line.push_str(&words.cite_who.replace("{who}", &names));
        }
        line.push_str(&words.cite_title.replace("{title}", self.title));
        let date = self.date.map(|date| i18n::date(date, words));
        for part in [Some(self.publisher.to_owned()), date].into_iter().flatten() {
            line.push_str(&words.cite_part.replace("{part}", &part));
        }
        line.push_str(&words.cite_end);
        if self.url.is_empty() {
            line.truncate(line.trim_end().len());
        }
        line
    }

    /// `@misc` is known to every style; what only BibLaTeX knows does no harm elsewhere. Names
    /// and titles are in braces of their own, so that nothing is abbreviated, reordered or set
    /// in lower case.
    fn bibtex(&self) -> String {
        let names: Vec<String> = self.names.iter().map(|name| author(name)).collect();
        let (year, month) = self.year_and_month();
        let fields = [
            ("author", names.join(" and ")),
            ("title", format!("{{{}}}", escaped(self.title))),
            ("howpublished", escaped(self.publisher)),
            ("year", year.to_owned()),
            ("month", month.to_owned()),
            ("date", self.day().to_owned()),
            ("url", self.url.clone()),
            ("langid", self.langid().to_owned()),
        ];
        let mut entry = format!("@misc{{{}", self.key);
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            entry.push_str(&format!(",\n  {name} = {{{value}}}"));
        }
        entry.push_str("\n}\n");
        entry
    }

    /// The date without its time of day, where it is an ISO date.
    fn day(&self) -> &str {
        let day = self.date.unwrap_or_default().split(['T', ' ']).next().unwrap_or_default();
        if day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') { day } else { "" }
    }

    fn year_and_month(&self) -> (&str, &str) {
        let mut parts = self.day().split('-');
        let year = parts.next().unwrap_or_default();
        (year, parts.next().map_or("", |month| month.trim_start_matches('0')))
    }

    /// The language by the name that BibLaTeX and babel know.
    fn langid(&self) -> &'static str {
        match i18n::main_language(self.language).as_str() {
            "en" => "english",
            "zh" => "chinese",
            "ja" => "japanese",
            "ko" => "korean",
            "de" => "german",
            "fr" => "french",
            "es" => "spanish",
            "it" => "italian",
            "pt" => "portuguese",
            "ru" => "russian",
            _ => "",
        }
    }

    fn csl(&self) -> String {
        let names: Vec<Value> = self.names.iter().map(|name| json!({ "literal": name })).collect();
        let parts: Vec<u32> = self.day().split('-').filter_map(|part| part.parse().ok()).collect();
        let mut item = json!({ "id": self.key, "type": "webpage", "title": self.title });
        let more = [
            ("author", Value::from(names)),
            ("container-title", self.publisher.into()),
            (
                "issued",
                if parts.is_empty() { Value::Null } else { json!({ "date-parts": [parts] }) },
            ),
            ("URL", self.url.as_str().into()),
            ("language", self.language.into()),
        ];
        for (name, value) in more {
            let empty = matches!(&value, Value::Null)
                || value.as_array().is_some_and(Vec::is_empty)
                || value.as_str().is_some_and(str::is_empty);
            if !empty {
                item[name] = value;
            }
        }
        Value::from(vec![item]).to_string()
    }
}

/// Those who speak; in a document that names no speakers those whom its head names.
fn names<'a>(site: &'a Site, page: &'a Page) -> Vec<&'a str> {
    let document = &page.file;
    let mut names: Vec<&str> = Vec::new();
    for person in page.everyone().map(|index| site.person(index)).filter(|one| one.is_listed()) {
        let name = person.name.get(&page.language).unwrap_or(&person.id);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        names.extend(document.front.people.iter().map(|person| person.name.as_str()));
    }
    if names.is_empty() {
        names.extend(document.head.byline.as_deref());
    }
    names
}

/// The entry's key: the page's name and the year in letters that every program takes; a digest
/// of the path where the name has none of them.
fn key(page: &Page) -> String {
    let stem = page.path.strip_suffix(".html").unwrap_or(&page.path);
    let name: String = stem
        .rsplit('/')
        .next()
        .unwrap_or(stem)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let parts: Vec<&str> = name.split('-').filter(|part| !part.is_empty()).collect();
    let name = if parts.iter().map(|part| part.len()).sum::<usize>() < 3 {
        format!("transcript-{}", paths::slug::digest(stem))
    } else {
        parts.join("-")
    };
    let year = page.date.as_deref().and_then(|date| date.get(..4)).unwrap_or_default();
    if year.is_empty() || name.contains(year) { name } else { format!("{name}-{year}") }
}

/// A name as BibTeX takes it. One that is written without blanks, or whose parts it would read
/// otherwise, is kept whole.
fn author(name: &str) -> String {
    let whole = name.chars().any(is_wide)
        || name.contains([',', '{', '}', '\\'])
        || name.split_whitespace().any(|word| {
            matches!(word.to_lowercase().as_str(), "and" | "others")
                || word.starts_with(char::is_lowercase)
        });
    if whole { format!("{{{}}}", escaped(name)) } else { escaped(name) }
}

/// A text for TeX. A brace is written by its name: BibTeX counts those behind a backslash too.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '&' | '%' | '$' | '#' | '_' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_be_taken_apart_are_kept_whole() {
        for (name, written) in [
            ("Night Engineer", "Night Engineer"),
            ("Host", "Host"),
            ("工程师", "{工程师}"),
            ("Smith and Sons", "{Smith and Sons}"),
            ("Engineer, the second", "{Engineer, the second}"),
            ("AT&T", "AT\\&T"),
            ("a {b}", "{a \\textbraceleft{}b\\textbraceright{}}"),
        ] {
            assert_eq!(author(name), written);
        }
    }
}
