//! All words of a site: those of its own files, and behind them the program's.

use std::collections::BTreeMap;

use super::{Words, main_language, words};

/// The words of a site, by language.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// By tag, in lower case.
    own: BTreeMap<String, Words>,
}

impl Lexicon {
    /// What a site's files say, by their languages' tags.
    pub fn new(own: impl IntoIterator<Item = (String, Words)>) -> Self {
        Self { own: own.into_iter().map(|(tag, words)| (folded(&tag), words)).collect() }
    }

    /// The words for a language tag: the site's for it, or for a wider one (`pt` for `pt-BR`); the
    /// only ones of `zh-Hans` for plain `zh` too; else the program's.
    pub fn words(&self, language: &str) -> &Words {
        let mut tag = folded(language);
        loop {
            if let Some(words) = self.own.get(&tag) {
                return words;
            }
            match tag.rfind('-') {
                Some(at) => tag.truncate(at),
                None => break,
            }
        }
        let plain = folded(language) == tag;
        let mut narrower = self.own.iter().filter(|(own, _)| plain && main_language(own) == tag);
        narrower.next().map_or_else(|| words(language), |(_, words)| words)
    }
}

fn folded(tag: &str) -> String {
    tag.replace('_', "-").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_words_are_taken() {
        let of = |tag: &str| {
            let mut own = words("en").clone();
            own.language = tag.to_owned().into();
            (tag.to_owned(), own)
        };
        let lexicon = Lexicon::new([of("fr"), of("pt-BR"), of("zh-Hant")]);
        for (language, taken) in [
            ("fr", "fr"),
            ("fr-CA", "fr"),
            ("pt_br", "pt-BR"),
            ("pt", "pt-BR"),
            ("pt-PT", "en"),
            ("zh-Hant-TW", "zh-Hant"),
            ("zh-Hans", "zh-Hans"),
            ("de", "en"),
        ] {
            assert_eq!(lexicon.words(language).language, taken, "{language}");
        }
    }
}
