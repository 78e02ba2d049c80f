//! Which characters are Chinese, Japanese or Korean, for the questions that parsing asks.

/// Han, Kana and Bopomofo letters.
pub(crate) fn is_ideographic(c: char) -> bool {
    // The question is asked of every character: two ranges answer it for most.
    if c < '\u{2e80}' || ('\u{4e00}'..='\u{9fff}').contains(&c) {
        return c >= '\u{2e80}';
    }
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}'
        | '\u{3038}'..='\u{303b}' | '\u{3041}'..='\u{30ff}' | '\u{3105}'..='\u{312f}'
        | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Hangul letters.
pub(crate) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}')
}

/// Marks of full width: `，` `。` `「` and the like.
pub(crate) fn is_wide_mark(c: char) -> bool {
    matches!(c,
        '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{303d}'
        | '\u{fe10}'..='\u{fe1f}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

/// Whether a line that ends, and one that begins, with such a character are joined without a
/// blank. Not Hangul: Korean writes blanks between words.
pub(crate) fn joins_lines(c: char) -> bool {
    is_ideographic(c) || is_wide_mark(c)
}
