//! Which script a text is in, and the names of people, who are no terms.

use std::collections::BTreeSet;

use crate::document::Document;

/// Han, Kana without Hiragana (its words are grammar), Hangul: what a headword that is not
/// written in Latin letters consists of.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{3ffff}')
}

/// Marks of full width, such as `，` and `「`.
pub(super) fn is_wide(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3020}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '“' | '”' | '‘' | '’')
}

/// Whether a text has a word that is not written in Latin letters.
pub(super) fn has_cjk(text: &str) -> bool {
    text.chars().any(is_cjk)
}

/// The language of a short text by its letters.
pub(super) fn language(text: &str) -> &'static str {
    let has = |low: char, high: char| text.chars().any(|c| (low..=high).contains(&c));
    if has('\u{3041}', '\u{30ff}') {
        "ja"
    } else if has('\u{ac00}', '\u{d7a3}') {
        "ko"
    } else if has_cjk(text) {
        "zh"
    } else {
        "en"
    }
}

/// For comparing: lower case, without blanks and hyphens, and without the `s` of a plural.
pub(super) fn key(text: &str) -> String {
    let plain = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}' | '\u{2011}');
    let mut key: String = text.chars().filter(plain).flat_map(char::to_lowercase).collect();
    let plural = key.len() > 3 && key.is_ascii() && key.ends_with('s') && !key.ends_with("ss");
    if plural {
        key.pop();
    }
    key
}

/// Characters by which Chinese writes foreign names, mostly.
const SOUNDS: &str = "阿埃艾安奥巴贝比伯布达戴德迪蒂丁杜多恩尔法菲弗福格哈赫亨霍基吉加杰卡凯坎科克肯库拉莱兰劳勒雷里利林琳卢鲁伦罗洛马玛迈曼梅蒙米姆莫默内尼诺帕佩皮普奇琪乔萨塞桑森沙舍史斯索塔泰坦特提汤图托瓦威韦维沃伍西希夏谢辛休雅亚扬耶伊尤约泽扎詹珍朱兹纳娜";

/// Whether a word is somebody's foreign name, written by its sound.
pub(super) fn is_transcribed_name(word: &str) -> bool {
    let all = word.chars().count();
    let sounds = word.chars().filter(|c| SOUNDS.contains(*c)).count();
    word.contains('·') || (all >= 2 && sounds * 10 >= all * 7)
}

/// The commonest Chinese family names.
const FAMILIES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文";

/// Whether a word and its spelling in Latin letters are somebody's name: `宋小明（Xiaoming Song）`.
pub(super) fn is_person(word: &str, latin: &str) -> bool {
    let capital = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.chars().skip(1).all(|c| c.is_ascii_lowercase() || c == '-')
    };
    let words = latin.split(' ').count();
    (2..=4).contains(&word.chars().count())
        && word.starts_with(|c| FAMILIES.contains(c))
        && (2..=3).contains(&words)
        && latin.split(' ').all(capital)
}

/// What the people of a document are called.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Whole names, single words of them, and initials; lower case.
    known: BTreeSet<String>,
}

impl Names {
    pub fn of(document: &Document) -> Self {
        let mut names = Self::default();
        document.speakers.iter().for_each(|speaker| names.learn(&speaker.label));
        for person in &document.front.people {
            names.learn(&person.name);
            person.aliases.iter().for_each(|alias| names.learn(alias));
        }
        names
    }

    fn learn(&mut self, name: &str) {
        let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
        let initials: String = words.iter().filter_map(|word| word.chars().next()).collect();
        for one in words.iter().copied().chain([name, &initials]).filter(|one| !one.is_empty()) {
            self.known.insert(one.to_lowercase());
        }
    }

    /// Whether a word is somebody's name, part of one, or somebody's initials.
    pub fn has(&self, word: &str) -> bool {
        self.known.contains(&word.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_equal_for_what_is_one_word() {
        for (a, b) in
            [("Covenant", "covenants"), ("fine-tuning", "Fine Tuning"), ("大 模型", "大模型")]
        {
            assert_eq!(key(a), key(b));
        }
        assert_ne!(key("GAS"), key("GA"), "three letters have no plural");
        assert_ne!(key("loss"), key("los"));
    }

    #[test]
    fn foreign_names_are_told_from_terms() {
        for name in ["克莱普曼", "杰里米·鲁宾", "马克"] {
            assert!(is_transcribed_name(name), "{name}");
        }
        for term in ["仿真", "限制条款", "智能体", "编解码器化身", "推荐系统", "以太坊"]
        {
            assert!(!is_transcribed_name(term), "{term}");
        }
    }
}
