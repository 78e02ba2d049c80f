//! Addresses written out in running text: `https://…`, `www.…`, `host.com/…`, `name@host.org`.
//! No term is spoken in them.
//!
//! This is no URL parser: it says how far an address reaches, wide enough that no mention
//! cuts into it, and not beyond the words that follow one without a blank in Chinese text.

use std::ops::Range;

/// What gives an address away, lower-cased: searched for along with the forms.
pub(super) const TRIGGERS: [&str; 10] =
    ["://", "www.", "@", ".com/", ".org/", ".io/", ".cn/", ".dev/", ".edu/", ".gov/"];

/// Longest part of an address that is looked at before its trigger.
const LONGEST_LEAD: usize = 80;

/// Longest host name in an e-mail address (RFC 1035).
const LONGEST_HOST: usize = 255;

/// The address around the trigger that ends at `end`, within `stretch` of the text.
pub(super) fn around(
    trigger: &str,
    text: &str,
    stretch: &Range<usize>,
    end: usize,
) -> Option<Range<usize>> {
    let start = end.checked_sub(trigger.len()).filter(|start| *start >= stretch.start)?;
    let found = &text.as_bytes()[start..end];
    if !found.eq_ignore_ascii_case(trigger.as_bytes()) {
        return None;
    }
    let before = &text.as_bytes()[stretch.start..start];
    let behind = &text[end..stretch.end];
    let lead = lead(before);
    match trigger {
        "://" => Some(start - lead..end + reach(behind)),
        "www." => {
            let starts_word = !before.last().is_some_and(u8::is_ascii_alphanumeric);
            let goes_on = behind.starts_with(|c: char| c.is_ascii_alphanumeric());
            (starts_word && goes_on).then(|| start..end + reach(behind))
        }
        "@" => (lead > 0).then(|| host(behind)).flatten().map(|host| start - lead..end + host),
        _ => (lead > 0).then(|| start - lead..end + reach(behind)),
    }
}

/// How many bytes of a scheme, a host or a mailbox stand at the end of `before`.
fn lead(before: &[u8]) -> usize {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+-._%".contains(byte);
    before.iter().rev().take(LONGEST_LEAD).take_while(is_part).count()
}

/// How far a host with a dot goes on; none when there is no such host.
fn host(behind: &str) -> Option<usize> {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-.".contains(byte);
    let len = behind.bytes().take(LONGEST_HOST).take_while(|byte| is_part(&byte)).count();
    let host = behind[..len].trim_end_matches('.');
    host.find('.').filter(|dot| *dot > 0).map(|_| host.len())
}

/// How far an address goes on: to a blank, a quote, or a character that is not ASCII. Those
/// are part of a path only right after `/`, `=` and the like (`/wiki/人工智能`).
fn reach(behind: &str) -> usize {
    let mut before = '/';
    let mut in_path = false;
    for (at, c) in behind.char_indices() {
        let ends = match c {
            '<' | '>' | '"' | '`' => true,
            '!'..='~' => false,
            _ => !(c.is_alphanumeric() && (in_path || (at > 0 && "/=_-#?&%".contains(before)))),
        };
        if ends {
            return at;
        }
        in_path = !c.is_ascii();
        before = c;
    }
    behind.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut from = 0;
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let here = TRIGGERS.iter().find_map(|one| around(one, text, &(0..text.len()), end));
            if let Some(range) = here.filter(|range| range.start >= from) {
                from = range.end;
                found.push(&text[range]);
            }
        }
        found
    }

    #[test]
    fn addresses_reach_to_their_end_and_no_further() {
        let cases: &[(&str, &[&str])] = &[
            ("see https://a.org/AI/x?y=AI, then AI", &["https://a.org/AI/x?y=AI,"]),
            ("见https://a.org的AI", &["https://a.org"]),
            ("见https://a.org/wiki/人工智能，人工智能", &["https://a.org/wiki/人工智能"]),
            ("www.ai.org and www. ai", &["www.ai.org"]),
            ("write to ai@meta.org.", &["ai@meta.org"]),
            ("AI @ work, @AI, a@b", &[]),
            ("github.com/meta/AI x", &["github.com/meta/AI"]),
            (".com/AI", &[]),
            ("：／／AI", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(addresses(text), *expected, "{text}");
        }
    }
}
