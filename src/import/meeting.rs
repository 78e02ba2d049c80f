//! What meeting tools export: a name and a time alone on a line, the words below.
//!
//! ```text
//! 发言人1   0:00:02
//! 大家好。
//! ```

use super::cue::Turn;
use super::{labels, markup, time};

/// A line that names a speaker and a time.
fn heading(line: &str) -> Option<(&str, u64)> {
    let line = line.trim();
    let line = line.strip_suffix([':', '：']).unwrap_or(line).trim_end();
    let at = line.rfind(|c: char| c.is_whitespace() || "([（".contains(c))?;
    let (name, clock) = line.split_at(at);
    let clock = clock.trim_matches(|c: char| c.is_whitespace() || "()[]（）".contains(c));
    let name = name.trim().trim_end_matches(['(', '[', '（', ':', '：']).trim();
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let time = time::read(clock)?;
    labels::is_label(name).then_some((name, time))
}

/// Reads a text; none when it is no such export: fewer than two headings, or no words below.
/// The first turn has no speaker where words stand above the first heading.
pub(super) fn read(text: &str) -> Option<Vec<Turn>> {
    let lines: Vec<&str> = text.lines().collect();
    let headings = lines.iter().filter(|line| heading(line).is_some()).count();
    let spoken = lines.windows(2).filter(|pair| {
        heading(pair[0]).is_some() && !pair[1].trim().is_empty() && heading(pair[1]).is_none()
    });
    // A list of chapters has no words below its lines. Some tools leave a blank line between.
    let loose = lines.windows(3).filter(|three| {
        heading(three[0]).is_some()
            && three[1].trim().is_empty()
            && !three[2].trim().is_empty()
            && heading(three[2]).is_none()
    });
    if headings < 2 || (spoken.count() + loose.count()) * 3 < headings * 2 {
        return None;
    }
    Some(turns(&lines))
}

fn turns(lines: &[&str]) -> Vec<Turn> {
    let mut turns = vec![Turn { speaker: None, start: None, paragraphs: Vec::new() }];
    let mut is_open = false;
    for line in lines {
        if let Some((name, time)) = heading(line) {
            let speaker = Some(markup::folded(name));
            turns.push(Turn { speaker, start: Some(time), paragraphs: Vec::new() });
            is_open = false;
            continue;
        }
        let text = markup::folded(line);
        let Some(turn) = turns.last_mut() else { continue };
        match turn.paragraphs.last_mut() {
            _ if text.is_empty() => is_open = false,
            Some(paragraph) if is_open => {
                paragraph.push('\n');
                paragraph.push_str(&text);
            }
            _ => {
                turn.paragraphs.push(text);
                is_open = true;
            }
        }
    }
    turns.retain(|turn| turn.speaker.is_some() || !turn.paragraphs.is_empty());
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_meeting_tools() {
        for (line, found) in [
            ("发言人1   0:00:02", Some(("发言人1", 2000))),
            ("Host\t00:02", Some(("Host", 2000))),
            ("Host (00:02):", Some(("Host", 2000))),
            ("主持人（00:02）：", Some(("主持人", 2000))),
            ("[Host] 00:00:02", Some(("Host", 2000))),
            ("Host: 00:02", Some(("Host", 2000))),
            ("we met at 10:30", Some(("we met at", 630_000))),
            ("Host", None),
            ("00:02", None),
            ("Well, no, it was 10:30 or so", None),
        ] {
            assert_eq!(heading(line), found, "{line}");
        }
    }

    #[test]
    fn a_list_of_chapters_is_no_meeting() {
        assert_eq!(read("Opening 0:00\nMiddle 1:00\nEnd 2:00\n"), None);
        assert_eq!(read("Host 0:00\nHello.\n"), None);
        let turns = read("Weekly\n\nHost 0:00\nHello.\n\nMore.\nGuest 0:05\n\nHi.\n").unwrap();
        assert_eq!(turns.len(), 3);
        assert_eq!(turns[1].paragraphs, ["Hello.", "More."]);
        assert_eq!(turns[2].speaker.as_deref(), Some("Guest"));
    }
}
