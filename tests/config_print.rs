//! What a diagnostic looks like: for a person, and for a program.

use postil::diagnostics::{Diagnostic, Severity, print, summary, to_json};
use postil::source::{Source, Span};

fn span_of(source: &Source, text: &str) -> Span {
    let at = source.text().find(text).expect("the text is there");
    Span::new(at, at + text.len())
}

fn complaint(source: &Source, text: &str) -> Diagnostic {
    Diagnostic::error("area/what", source, span_of(source, text), "this is wrong").hint("mend it")
}

#[test]
fn a_place_is_shown_with_its_line_label_related_places_and_help() {
    let source = Source::new("content/谈话.md", "a: 1\n\n标题: b\na: 2\n");
    let diagnostic =
        complaint(&source, "b").label("here").related(&source, Span::new(0, 1), "first");
    let expected = "\
error[area/what]: this is wrong
 --> content/谈话.md:3:5
  |
3 | 标题: b
  |       ^ here
 ::: content/谈话.md:1:1
  |
1 | a: 1
  | - first
  |
  = help: mend it

";
    assert_eq!(print(&[diagnostic], false), expected);
}

#[test]
fn columns_count_characters_also_behind_wide_ones() {
    let source = Source::new("x.md", "黄仁😀勋e\u{301}\u{200b}：x");
    let printed = print(&[complaint(&source, "x")], false);
    assert!(printed.contains("--> x.md:1:9\n"), "{printed}");
}

#[test]
fn a_file_as_a_whole_is_named_by_its_path() {
    let source = Source::new("content/x.md", "text");
    let diagnostic = Diagnostic::new(Severity::Warning, "area/what", &source, None, "too long");
    assert_eq!(print(&[diagnostic], false), "warning[area/what]: too long\n--> content/x.md\n\n");
}

#[test]
fn a_very_long_line_is_cut_around_the_mark() {
    for fill in ["谈话", "ab", "\u{200b}", "\u{0301}"] {
        let source = Source::new("x.md", format!("{0}MARK{0}", fill.repeat(75_000)));
        let printed = print(&[complaint(&source, "MARK")], false);
        assert!(printed.len() < 1_500, "{} bytes", printed.len());
        assert!(printed.contains(&format!("x.md:1:{}\n", 75_000 * fill.chars().count() + 1)));
        assert!(printed.contains("MARK") && printed.contains("^^^^"), "{printed}");
        assert_eq!(printed.matches('…').count(), 2, "{printed}");
        assert!(to_json(&complaint(&source, "MARK")).len() < 2_000);
    }
}

#[test]
fn a_mark_over_several_lines_shows_the_first() {
    let source = Source::new("x.md", "one two\r\nthree\n");
    let printed = print(&[complaint(&source, "two\r\nthree")], false);
    assert!(printed.contains("1 | one two\n  |     ^^^"), "{printed}");
    assert!(!printed.contains("three"), "{printed}");
}

#[test]
fn marks_at_the_end_of_a_line_and_of_the_file_are_shown() {
    let source = Source::new("x.md", "one\ntwo");
    for (at, place) in [(3, "1:4"), (7, "2:4")] {
        let diagnostic =
            Diagnostic::note("area/what", &source, Span::new(at, at), "something is missing");
        let printed = print(&[diagnostic], false);
        assert!(printed.starts_with("note[area/what]") && printed.contains(place), "{printed}");
        assert!(printed.contains("  |    ^"), "{printed}");
    }
}

#[test]
fn nothing_that_is_printed_steers_a_terminal() {
    let bad = "\u{1b}[31mred\u{7}\u{9b}31m\u{202e}\u{2028}\r";
    let source = Source::new(format!("x{bad}.md"), format!("a\t{bad}b {bad}\n"));
    let diagnostic = Diagnostic::error("area/what", &source, span_of(&source, "b "), bad)
        .label(bad)
        .related(&source, Span::new(0, 1), bad)
        .hint(bad);
    let steers = |char: char| char.is_control() || "\u{202e}\u{2028}".contains(char);
    let printed = print(std::slice::from_ref(&diagnostic), false);
    assert!(!printed.replace('\n', "").contains(steers), "{printed:?}");
    let json = to_json(&diagnostic);
    assert!(!json.contains(steers), "{json:?}");
    let read: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(read["message"], bad, "a program gets the words as they are");
    assert_eq!(read["path"], format!("x{bad}.md"));
}

#[test]
fn colour_adds_escape_sequences_and_nothing_else() {
    let source = Source::new("x.md", "标题: b\n");
    let diagnostic =
        complaint(&source, "b").label("here").related(&source, Span::new(0, 6), "first");
    let plain = print(std::slice::from_ref(&diagnostic), false);
    let coloured = print(&[diagnostic], true);
    assert!(coloured.contains("\u{1b}["));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn json_says_all_on_one_line() {
    let source = Source::new("x.md", "标题: b\nnext\n");
    let diagnostic =
        complaint(&source, "b\nne").label("here").related(&source, Span::new(0, 6), "first");
    let expected = serde_json::json!({
        "code": "area/what", "severity": "error", "message": "this is wrong",
        "path": "x.md", "line": 1, "column": 5, "end_line": 2, "end_column": 3,
        "excerpt": "标题: b", "label": "here",
        "related": [{
            "path": "x.md", "line": 1, "column": 1, "end_line": 1, "end_column": 3,
            "excerpt": "标题: b", "label": "first",
        }],
        "hint": "mend it",
    });
    let json = to_json(&diagnostic);
    assert!(!json.contains('\n'));
    assert_eq!(json, expected.to_string());
    let whole = Diagnostic::new(Severity::Note, "area/what", &source, None, "m");
    let read: serde_json::Value = serde_json::from_str(&to_json(&whole)).expect("JSON");
    assert_eq!(
        (&read["line"], &read["hint"], &read["severity"]),
        (&serde_json::Value::Null, &serde_json::Value::Null, &"note".into())
    );
}

#[test]
fn the_summary_counts() {
    let source = Source::new("x.md", "b");
    let error = complaint(&source, "b");
    let warning = Diagnostic { severity: Severity::Warning, ..error.clone() };
    let note = Diagnostic { severity: Severity::Note, ..error.clone() };
    assert_eq!(summary(&[]), "");
    assert_eq!(summary(std::slice::from_ref(&note)), "");
    assert_eq!(summary(std::slice::from_ref(&error)), "1 error");
    assert_eq!(
        summary(&[error.clone(), warning, note, error.clone(), error]),
        "3 errors, 1 warning"
    );
}
