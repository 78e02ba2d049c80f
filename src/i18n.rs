//! The interface's words, by language: English and Simplified Chinese.
//!
//! Navigation speaks the site's language, labels within an article the document's. A language
//! without words of its own takes English. Words are plain text with `{n}` for a number; which
//! plural form holds follows Unicode CLDR for the languages here (English: one, other; Chinese:
//! other). A site's own words, from `content/i18n/`, are in
//! its [`Lexicon`].

mod dates;
mod en;
mod lexicon;
mod names;
mod zh_hans;

pub use dates::date;
pub use lexicon::Lexicon;
pub use names::language_name;

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A word or sentence of the interface.
pub type Word = Cow<'static, str>;

/// A sentence that counts something: `{n}` stands for the number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Counted {
    /// For exactly one; the same as `other` in languages that make no difference.
    pub one: Word,
    /// For every other number.
    pub other: Word,
    /// What parts thousands in its numbers.
    pub thousands: Word,
}

impl Counted {
    /// The sentence for a number, with its thousands separated.
    pub fn of(&self, n: u64) -> String {
        let form = if n == 1 { &self.one } else { &self.other };
        form.replace("{n}", &number(n, &self.thousands))
    }
}

/// What stands in a list of words: most of it counts nothing.
trait Entry {
    fn part_thousands(&mut self, _: &Word) {}
}

impl Entry for Word {}

impl Entry for Roles {}

impl Entry for Counted {
    fn part_thousands(&mut self, thousands: &Word) {
        self.thousands.clone_from(thousands);
    }
}

macro_rules! word_list {
    ($($(#[$doc:meta])* $name:ident: $kind:ty,)*) => {
        /// All words of one language; templates see them as `ui` and `words`.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub struct Words {
            $($(#[$doc])* pub $name: $kind,)*
        }

        impl Words {
            /// Gives all sentences that count the language's way of parting thousands.
            pub fn separate_thousands(&mut self) {
                let thousands = self.thousands.clone();
                $(self.$name.part_thousands(&thousands);)*
            }
        }
    };
}

word_list! {
    /// Its own language, a BCP 47 tag.
    language: Word,
    /// Skip link.
    skip: Word,
    /// Label of the site's navigation.
    navigation: Word,
    /// The list of transcripts.
    transcripts: Word,
    /// The glossary.
    glossary: Word,
    /// The speakers.
    speakers: Word,
    /// Table of contents.
    contents: Word,
    /// Label of the switch between colour schemes.
    scheme: Word,
    /// Colour scheme: as the system says.
    scheme_system: Word,
    /// Colour scheme: light.
    scheme_light: Word,
    /// Colour scheme: dark.
    scheme_dark: Word,
    /// Label of the switch between sizes of the text.
    size: Word,
    /// Size of the text: as the browser says.
    size_normal: Word,
    /// Size of the text: a step larger.
    size_large: Word,
    /// Size of the text: two steps larger.
    size_largest: Word,
    /// The way back to where a reader left off; `{place}` is a time or some words.
    resume: Word,
    /// To the turn of the same speaker above.
    turn_before: Word,
    /// To the turn of the same speaker below.
    turn_after: Word,
    /// What stands before a time from which the recording is played.
    play_from: Word,
    /// Label of a turn's link.
    permalink: Word,
    /// Label of a section's link.
    section_link: Word,
    /// Said when something was copied.
    copied: Word,
    /// Copies a citation.
    copy: Word,
    /// Label of the terms that someone says most.
    most_said: Word,
    /// Copies words that are selected, with who says them.
    copy_quote: Word,
    /// Copies a link to words that are selected.
    copy_link: Word,
    /// Label of a link to the source's line.
    edit: Word,
    /// Closes a card.
    close: Word,
    /// Reading time.
    minutes: Counted,
    /// Number of turns.
    turns: Counted,
    /// Number of transcripts.
    transcripts_count: Counted,
    /// Number of terms.
    terms_count: Counted,
    /// Number of speakers.
    speakers_count: Counted,
    /// All places where a term is spoken.
    all_places: Counted,
    /// Leads from the newest transcripts of a year to all of them.
    all_transcripts: Counted,
    /// Speakers that are not listed.
    more_speakers: Counted,
    /// Terms that are not listed.
    more_terms: Counted,
    /// Turns that are not listed.
    more_turns: Counted,
    /// A term that nobody has spoken yet.
    never_spoken: Word,
    /// Not to be published yet.
    draft: Word,
    /// Who published it.
    publisher: Word,
    /// The original's link.
    original: Word,
    /// The day of retrieval.
    retrieved: Word,
    /// The day of the last change.
    updated: Word,
    /// The licence.
    licence: Word,
    /// The recording.
    recording: Word,
    /// The topics.
    tags: Word,
    /// The series.
    series: Word,
    /// All transcripts by year.
    archive: Word,
    /// The search page.
    search: Word,
    /// Label of the field.
    search_for: Word,
    /// The search page without JavaScript.
    search_noscript: Word,
    /// The index cannot be loaded.
    search_failed: Word,
    /// Opens the filters.
    narrow: Word,
    /// A filter that leaves everything.
    all: Word,
    /// A speaker, as a filter.
    speaker: Word,
    /// A tag, as a filter.
    tag: Word,
    /// A year, as a filter.
    year: Word,
    /// The order of hits.
    order: Word,
    /// Those with the most hits first.
    order_best: Word,
    /// The newest first.
    order_newest: Word,
    /// How many passages have the words.
    hits: Counted,
    /// Before all of them are checked; `{n}`.
    hits_most: Word,
    /// While it is not known how many there are; `{n}`.
    hits_least: Word,
    /// There is none.
    hits_none: Word,
    /// Stands before the number where the words are only found apart.
    hits_apart: Word,
    /// Shows more hits.
    more_hits: Word,
    /// Stands before other forms of a term that can be searched for.
    also_written: Word,
    /// Nothing was found with a filter: what there is without; `{hits}`.
    search_unfiltered: Word,
    /// Nothing was found: stands before its words, each of which can be searched for.
    search_alone: Word,
    /// Nothing was found: stands before the site's lists.
    search_else: Word,
    /// Link to the feed.
    feed: Word,
    /// Mentions that nobody speaks, or nobody whose name is known.
    unnamed: Word,
    /// Transcripts without a date.
    undated: Word,
    /// How long the recording is.
    duration: Word,
    /// Further reading.
    resources: Word,
    /// What was corrected.
    corrections: Word,
    /// Who transcribed.
    transcript_by: Word,
    /// Who translated.
    translation_by: Word,
    /// The source stops in the middle.
    breaks_off: Word,
    /// Heading of the definitions.
    terms_on_page: Word,
    /// As of a date; `{date}`.
    as_of: Word,
    /// Heading of the footnotes.
    notes: Word,
    /// Label of a footnote's way back.
    back_to_text: Word,
    /// What stands before the words that somebody says, in plain text; `{who}`.
    spoken_by: Word,
    /// Label of the transcript's other forms.
    other_forms: Word,
    /// The form that is plain text.
    plain_text: Word,
    /// Heading of the citation.
    cite: Word,
    /// The older neighbour.
    previous: Word,
    /// The newer neighbour.
    next: Word,
    /// Label of the neighbours.
    neighbours: Word,
    /// To newer entries of a list.
    newer: Word,
    /// To older entries of a list.
    older: Word,
    /// Label of a list's pages.
    pages: Word,
    /// `Page {n}`.
    page_number: Word,
    /// A home page without transcripts.
    empty_home: Word,
    /// Other forms of a term, other labels of a speaker.
    also: Word,
    /// The same text in other languages.
    also_in: Word,
    side_by_side: Word,
    alone: Word,
    no_counterpart: Word,
    out_of_step: Word,
    /// Label of the folders above a page.
    folders: Word,
    /// What a collection says of itself.
    about: Word,
    /// Sources.
    sources: Word,
    /// See also.
    see: Word,
    /// Terms that refer to this one.
    seen_from: Word,
    /// A term's category.
    category: Word,
    /// Where a term is said first.
    first_said: Word,
    /// How often each speaker says a term.
    by_speaker: Word,
    /// How often a term is said in each year.
    by_year: Word,
    /// Heading of the mentions.
    mentions: Word,
    /// What the switch between marked terms is for.
    marked: Word,
    /// Marked terms: the first in each part, as the page has it.
    marked_near: Word,
    /// Marked terms: all.
    marked_all: Word,
    /// Marked terms: none.
    marked_none: Word,
    /// Terms that begin with a Han character.
    han: Word,
    /// Terms that begin with none of these.
    other: Word,
    /// Someone's own page elsewhere.
    homepage: Word,
    /// Title of the page that is shown for a missing one.
    not_found: Word,
    /// What it says.
    not_found_text: Word,
    /// Back home.
    to_home: Word,
    /// What stands between two names.
    list_separator: Word,
    /// What parts thousands in numbers.
    thousands: Word,
    /// A day: `{day}`, `{month}`, `{year}`.
    date_day: Word,
    /// A month: `{month}`, `{year}`.
    date_month: Word,
    /// A year: `{year}`.
    date_year: Word,
    /// The twelve months, as they stand in dates, with blanks between them.
    months: Word,
    /// A citation's beginning; `{who}`.
    cite_who: Word,
    /// Its title; `{title}`.
    cite_title: Word,
    /// Each further part; `{part}`.
    cite_part: Word,
    /// What stands before the link.
    cite_end: Word,
    /// Known roles, as front matter and `speakers.yaml` write them.
    roles: Roles,
}

/// Shown names of the roles that are known; others are shown as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Roles {
    /// `host`.
    pub host: Word,
    /// `guest`.
    pub guest: Word,
    /// `speaker`.
    pub speaker: Word,
    /// `author`.
    pub author: Word,
    /// `moderator`.
    pub moderator: Word,
    /// `interviewer`.
    pub interviewer: Word,
    /// `audience`.
    pub audience: Word,
}

impl Words {
    /// How a role is shown.
    pub fn role<'a>(&'a self, role: &'a str) -> &'a str {
        match role.to_ascii_lowercase().as_str() {
            "host" => &self.roles.host,
            "guest" => &self.roles.guest,
            "speaker" => &self.roles.speaker,
            "author" => &self.roles.author,
            "moderator" => &self.roles.moderator,
            "interviewer" => &self.roles.interviewer,
            "audience" => &self.roles.audience,
            _ => role,
        }
    }
}

/// The languages that have words of their own.
pub static LANGUAGES: [&Words; 2] = [&en::WORDS, &zh_hans::WORDS];

/// The words for a language tag: by its main language, else English.
pub fn words(language: &str) -> &'static Words {
    match main_language(language).as_str() {
        "zh" => &zh_hans::WORDS,
        "ja" => &JAPANESE,
        _ => &en::WORDS,
    }
}

/// English, with dates as they are written in Japanese.
static JAPANESE: LazyLock<Words> = LazyLock::new(|| {
    let Words { date_day, date_month, date_year, months, .. } = zh_hans::WORDS.clone();
    Words { date_day, date_month, date_year, months, ..en::WORDS.clone() }
});

/// `zh` of `zh-Hans-CN`, in lower case.
pub fn main_language(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase()
}

/// A number with its thousands separated.
pub fn number(n: u64, thousands: &str) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push_str(thousands);
        }
        out.push(digit);
    }
    out
}

/// The words of both forms are the same.
const fn same(text: &'static str) -> Counted {
    Counted { one: w(text), other: w(text), thousands: w(",") }
}

/// One form for one, another for all other numbers.
const fn plural(one: &'static str, other: &'static str) -> Counted {
    Counted { one: w(one), other: w(other), thousands: w(",") }
}

/// A word that is known when the program is built.
const fn w(text: &'static str) -> Word {
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_plurals() {
        assert_eq!(number(7, ","), "7");
        assert_eq!(number(1234, ","), "1,234");
        assert_eq!(number(1_234_567, ","), "1,234,567");
        assert_eq!(words("en").turns.of(1), "1 turn");
        assert_eq!(words("en-GB").turns.of(1200), "1,200 turns");
        assert_eq!(words("zh-Hans").turns.of(34), "34 段发言");
    }

    #[test]
    fn a_language_without_words_takes_english() {
        assert_eq!(words("fr").language, "en");
        assert_eq!(words("zh").language, "zh-Hans");
        assert_eq!(words("zh_CN").language, "zh-Hans");
    }

    #[test]
    fn roles_are_translated_and_unknown_ones_kept() {
        assert_eq!(words("zh-Hans").role("Host"), "主持");
        assert_eq!(words("zh-Hans").role("速记"), "速记");
    }
}
