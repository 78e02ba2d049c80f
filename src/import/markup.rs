//! The markup within a cue: WebVTT's cue text, and what SRT files borrow from HTML and ASS.
//!
//! <https://www.w3.org/TR/webvtt1/#webvtt-cue-text-parsing-rules>, but for one thing: text in
//! angle brackets that is no tag (`<OP_RETURN>`) is words, and stays. Styling goes; the voice
//! is kept.

use pulldown_cmark::{Event, Parser};

use super::cue::Line;

/// Elements that are known to style text or to say whose it is.
const ELEMENTS: &[&str] = &[
    "v", "c", "i", "b", "u", "s", "em", "strong", "ruby", "rt", "lang", "font", "span", "p", "div",
];

/// What stands between `<` and `>`.
enum Tag {
    Voice(String),
    Silent,
    LineBreak,
    Ruby(bool),
}

/// The lines of a cue. `voice` is whom the cue's name already tells; `at` where each line
/// stands in the source.
pub(super) fn lines(cue: &[(usize, &str)], voice: Option<&str>) -> Vec<Line> {
    let mut voice = voice.map(str::to_owned);
    let mut lines = Vec::new();
    for (at, text) in cue {
        let mut rest = *text;
        let mut words = String::new();
        let end = |words: &mut String, voice: &Option<String>, lines: &mut Vec<Line>| {
            let text = folded(words);
            if !text.is_empty() {
                lines.push(Line { voice: voice.clone(), text, at: *at });
            }
            words.clear();
        };
        while let Some(c) = rest.chars().next() {
            let (length, tag) = match c {
                '<' => tag(rest).map_or((0, None), |(length, tag)| (length, Some(tag))),
                '{' if rest.starts_with("{\\") => (rest.find('}').map_or(0, |at| at + 1), None),
                '&' => match entity(rest) {
                    Some((length, character)) => {
                        words.push_str(&character);
                        (length, None)
                    }
                    None => (0, None),
                },
                _ => (0, None),
            };
            if length == 0 {
                words.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            }
            rest = &rest[length..];
            match tag {
                Some(Tag::Voice(name)) => {
                    end(&mut words, &voice, &mut lines);
                    voice = (!name.is_empty()).then_some(name);
                }
                Some(Tag::LineBreak) => end(&mut words, &voice, &mut lines),
                Some(Tag::Ruby(opens)) => words.push(if opens { '(' } else { ')' }),
                Some(Tag::Silent) | None => {}
            }
        }
        end(&mut words, &voice, &mut lines);
    }
    lines
}

/// White space of any kind as one blank, none at the ends; a no-break space is a character.
pub(super) fn folded(text: &str) -> String {
    let blank = |c: char| c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}';
    let words: Vec<&str> = text.split(blank).filter(|word| !word.is_empty()).collect();
    words.join(" ").trim().to_owned()
}

/// A tag at the beginning of a text, with its length; none when it is words.
fn tag(text: &str) -> Option<(usize, Tag)> {
    let close = text.find('>')?;
    let inner = &text[1..close];
    if super::time::read(inner.trim()).is_some() {
        return Some((close + 1, Tag::Silent));
    }
    let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    let name_end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let name = inner[..name_end].to_ascii_lowercase();
    let rest = &inner[name_end..];
    if !rest.is_empty() && !rest.starts_with(|c: char| c.is_whitespace() || c == '.' || c == '/') {
        return None;
    }
    let tag = match (name.as_str(), is_end) {
        ("br", _) => Tag::LineBreak,
        ("v", false) => Tag::Voice(annotation(rest)),
        ("rt", is_end) => Tag::Ruby(!is_end),
        (name, _) if ELEMENTS.contains(&name) => Tag::Silent,
        _ => return None,
    };
    Some((close + 1, tag))
}

/// What follows a tag's name and classes: `.loud Host` is `Host`.
fn annotation(rest: &str) -> String {
    let after_classes = rest.find(char::is_whitespace).map_or("", |at| &rest[at..]);
    let mut name = String::new();
    let mut rest = after_classes;
    while let Some(c) = rest.chars().next() {
        let (length, character) = entity(rest).unwrap_or((c.len_utf8(), c.to_string()));
        name.push_str(&character);
        rest = &rest[length..];
    }
    folded(&name)
}

/// A character reference at the beginning of a text, with its length, as HTML reads it.
pub(super) fn entity(text: &str) -> Option<(usize, String)> {
    let end = text.bytes().take(36).position(|byte| byte == b';')?;
    let name = text.strip_prefix('&')?.get(..end.checked_sub(1)?)?;
    let sound = |c: char| c.is_ascii_alphanumeric() || c == '#';
    if name.is_empty() || !name.chars().all(sound) {
        return None;
    }
    // Markdown has HTML's table of names; letters on both sides keep white space in place.
    let padded = format!("x&{name};x");
    let read: String = Parser::new(&padded)
        .filter_map(|event| match event {
            Event::Text(text) => Some(text.into_string()),
            _ => None,
        })
        .collect();
    let character = read.strip_prefix('x')?.strip_suffix('x')?;
    (read != padded).then(|| (end + 1, character.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Option<String>, String)> {
        lines(&[(0, text)], None).into_iter().map(|line| (line.voice, line.text)).collect()
    }

    fn words(text: &str) -> String {
        read(text).into_iter().map(|(_, words)| words).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn styling_goes_and_words_stay() {
        for (text, expected) in [
            ("<i>so</i> <c.yellow.bg>it</c> is", "so it is"),
            ("hello<00:00:01.500><c> world</c>", "hello world"),
            ("<font color=\"#fff\">loud</font>", "loud"),
            ("{\\an8}up here {not this}", "up here {not this}"),
            ("a < b and <OP_RETURN> c > d", "a < b and <OP_RETURN> c > d"),
            (
                "fish &amp; chips&nbsp;&lt;3 &#x4f60; &bogus; AT&T;",
                "fish & chips\u{a0}<3 你 &bogus; AT&T;",
            ),
            ("one<br/>two", "one|two"),
            ("<ruby>漢<rt>かん</rt></ruby>", "漢(かん)"),
            ("open <i", "open <i"),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn voices_are_kept_apart() {
        let found = read("<v.loud Host>Hello.</v> <v R&amp;D Engineer>Thanks.");
        assert_eq!(
            found,
            [
                (Some("Host".to_owned()), "Hello.".to_owned()),
                (Some("R&D Engineer".to_owned()), "Thanks.".to_owned()),
            ]
        );
    }
}
