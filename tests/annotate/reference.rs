//! A slow statement of the matching rules: every form tried at every character of every leaf,
//! over words that are segmented as a whole. It shares no code with the library.

use postil::document::{Document, MarkKind, TextRange};
use postil::glossary::{Case, Glossary, Term};
use unicode_segmentation::UnicodeSegmentation;

/// A character of a leaf with its place; characters without width are left out.
#[derive(Clone, Copy)]
struct Char {
    c: char,
    start: usize,
    end: usize,
}

/// A form: what to look for, whose it is, and whether it is a `not` phrase.
struct Form {
    text: Vec<char>,
    exact: bool,
    term: u32,
    hides: bool,
}

struct Leaf<'d> {
    document: &'d Document,
    range: TextRange,
    chars: Vec<Char>,
    /// Word boundaries of UAX #29, as indices into `chars`.
    words: Vec<usize>,
}

/// Mentions by the rules, for documents without written-out addresses.
pub fn mentions(document: &Document, glossary: &Glossary) -> Vec<(TextRange, u32)> {
    let forms: Vec<Form> =
        glossary.terms.iter().enumerate().flat_map(|(at, term)| forms(at as u32, term)).collect();
    let mut found = Vec::new();
    for block in &document.blocks {
        for range in document.prose_leaves(block) {
            let leaf = Leaf::new(document, range);
            found.extend(choose(leaf.candidates(&forms)));
            found.extend(leaf.explicit(glossary));
        }
    }
    found.sort();
    found
}

fn forms(term: u32, entry: &Term) -> Vec<Form> {
    let spoken = std::iter::once(&entry.term).chain(&entry.aliases).map(|text| (text, false));
    let hidden = entry.not.iter().map(|text| (text, true));
    let mut all = Vec::new();
    for (text, hides) in spoken.chain(hidden) {
        let capital = text.chars().any(char::is_uppercase);
        let exact = capital && entry.case == Case::Auto || entry.case == Case::Exact;
        let form = |text: String| Form { text: text.chars().collect(), exact, term, hides };
        all.push(form(text.clone()));
        let last_word = text.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap();
        if entry.plural && capital && last_word.len() >= 2 {
            all.push(form(format!("{text}s")));
        }
    }
    all
}

/// Leftmost, then longest; a `not` phrase hides its own term to its end.
fn choose(mut candidates: Vec<(usize, usize, u32, bool)>) -> Vec<(TextRange, u32)> {
    candidates
        .sort_by_key(|(start, end, term, hides)| (*start, std::cmp::Reverse(*end), !*hides, *term));
    let (mut chosen, mut taken) = (Vec::new(), 0);
    let mut hidden: Vec<(u32, usize)> = Vec::new();
    for (start, end, term, hides) in candidates {
        if start < taken {
            continue;
        }
        if hides {
            hidden.push((term, end));
        } else if !hidden.iter().any(|(one, until)| *one == term && start < *until) {
            chosen.push((TextRange::new(start, end), term));
            taken = end;
        }
    }
    chosen
}

impl<'d> Leaf<'d> {
    fn new(document: &'d Document, range: TextRange) -> Self {
        let places = document.slice(range).char_indices().map(|(at, c)| {
            let start = range.start as usize + at;
            Char { c, start, end: start + c.len_utf8() }
        });
        let chars: Vec<Char> =
            places.filter(|char| !"\u{200b}\u{200d}\u{feff}\u{ad}".contains(char.c)).collect();
        let text: String = chars.iter().map(|char| char.c).collect();
        let words = text.split_word_bound_indices().map(|(at, _)| text[..at].chars().count());
        let words = words.collect();
        Self { document, range, chars, words }
    }

    fn candidates(&self, forms: &[Form]) -> Vec<(usize, usize, u32, bool)> {
        let mut found = Vec::new();
        for form in forms {
            for from in 0..self.chars.len() {
                let Some(to) = self.spelled(&form.text, form.exact, from) else { continue };
                let range = (self.chars[from].start, self.chars[to - 1].end);
                if self.is_free(range.0, range.1) && self.is_whole(&form.text, from, to) {
                    found.push((range.0, range.1, form.term, form.hides));
                }
            }
        }
        found
    }

    /// Where the form ends if it stands at `from`.
    fn spelled(&self, form: &[char], exact: bool, from: usize) -> Option<usize> {
        let same = |a: char, b: char| {
            let b = plain(b);
            a == b || !exact && a.to_lowercase().eq(b.to_lowercase())
        };
        let mut at = from;
        let glyphs: Vec<usize> = (0..form.len()).filter(|at| form[*at] != ' ').collect();
        for (nth, here) in glyphs.iter().copied().enumerate() {
            if nth > 0 {
                let gap = at;
                while self.chars.get(at).is_some_and(|char| char.c.is_whitespace()) {
                    at += 1;
                }
                let in_form = here - glyphs[nth - 1] > 1;
                let loose = is_loose(form, glyphs[nth - 1], here);
                let markup = || self.has_seam(gap, self.chars.get(at).map(|char| char.start));
                if at > gap && !in_form && !loose || at == gap && in_form && !loose && !markup() {
                    return None;
                }
            }
            if !same(form[here], self.chars.get(at)?.c) {
                return None;
            }
            at += 1;
        }
        Some(at)
    }

    fn has_seam(&self, index: usize, to: Option<usize>) -> bool {
        let from = self.chars[index - 1].end;
        let to = to.unwrap_or(self.range.end as usize);
        self.document.seams.iter().any(|seam| (from..=to).contains(&(seam.at as usize)))
    }

    /// Whether no barrier is touched, and no escaped character comes first.
    fn is_free(&self, start: usize, end: usize) -> bool {
        self.document.marks.iter().all(|mark| {
            let (from, to) = (mark.range.start as usize, mark.range.end as usize);
            match mark.kind {
                MarkKind::Escaped => from != start,
                MarkKind::Image(_) | MarkKind::Footnote(_) => from <= start || from >= end,
                MarkKind::Code | MarkKind::Link(_) | MarkKind::Term(_) => {
                    to <= start || from >= end
                }
                _ => true,
            }
        })
    }

    fn is_whole(&self, form: &[char], from: usize, to: usize) -> bool {
        let next = self.chars.get(to).map(|char| char.c);
        let hangul = next.is_some_and(|c| ('가'..='힣').contains(&c));
        let clitic = next.is_some_and(|c| c == '\'' || c == '’')
            && self.chars.get(to + 1).is_some_and(|char| char.c == 's')
            && self.is_boundary(to + 2);
        let ends = self.is_boundary(to) || hangul || clitic;
        self.is_boundary(from) && ends && (self.is_forced(to) || self.signs_allow(form, to))
    }

    fn signs_allow(&self, form: &[char], to: usize) -> bool {
        let Some(next) = self.chars.get(to).map(|char| plain(char.c)) else { return true };
        let then = self.chars.get(to + 1).map(|char| plain(char.c));
        let then = then.filter(|_| !self.is_forced(to + 1));
        match form {
            [.., last] if !last.is_alphanumeric() => next != *last && !next.is_ascii_alphabetic(),
            [_] => next != '+' && next != '#',
            _ => next != '+' || then != Some('+'),
        }
    }

    /// Before the character at `index`.
    fn is_boundary(&self, index: usize) -> bool {
        let splits = |at: usize| self.chars.get(at).is_some_and(|char| ":：·".contains(char.c));
        index == 0
            || index >= self.chars.len()
            || self.words.contains(&index)
            || splits(index)
            || splits(index - 1)
            || self.is_forced(index)
    }

    fn is_forced(&self, index: usize) -> bool {
        if index == 0 || index >= self.chars.len() {
            return false;
        }
        let between = self.chars[index - 1].end..=self.chars[index].start;
        let joined = self.document.seams.iter().filter(|seam| seam.join).map(|seam| seam.at);
        let notes = self.document.marks.iter().filter_map(|mark| match mark.kind {
            MarkKind::Image(_) | MarkKind::Footnote(_) => Some(mark.range.start),
            _ => None,
        });
        joined.chain(notes).any(|at| between.contains(&(at as usize)))
    }

    fn explicit(&self, glossary: &Glossary) -> Vec<(TextRange, u32)> {
        let marks = self.document.marks.iter().filter(|mark| self.range.contains(mark.range));
        let named = marks.filter_map(|mark| match &mark.kind {
            MarkKind::Term(name) => Some((mark.range, glossary.find(name)?)),
            _ => None,
        });
        named.collect()
    }
}

fn plain(c: char) -> char {
    match c {
        'Ａ' => 'A',
        'Ｉ' => 'I',
        '’' => '\'',
        _ => c,
    }
}

fn is_loose(form: &[char], left: usize, right: usize) -> bool {
    let han = |c: char| ('一'..='鿿').contains(&c) || ('ァ'..='ヺ').contains(&c);
    let letter = |c: char| c.is_alphabetic() && !han(c);
    let (a, b) = (form[left], form[right]);
    let word = |at: Option<usize>| {
        right - left > 1 || at.and_then(|at| form.get(at)).is_some_and(|c| letter(*c))
    };
    han(a) && (letter(b) || b.is_numeric())
        || han(b) && (letter(a) || a.is_numeric())
        || letter(a) && b.is_numeric() && word(left.checked_sub(1))
        || a.is_numeric() && letter(b) && word(Some(right + 1))
}
