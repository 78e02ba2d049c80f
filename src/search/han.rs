//! Traditional characters as the simplified ones that they are written as today, so that both
//! find each other: `語` is `语`, `後` is `后`.
//!
//! One character for one: what a word means decides nothing here, so `乾` (qián too) is `干` like
//! `幹`, and a few more passages are found than a translator would name. The table is OpenCC's.

use std::sync::LazyLock;

use hanconv::RawDictionary;

use super::index::number;

/// The first and the last character that the table is asked for; rarer ones stay what they are.
const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9fff;

/// For each character the simplified one, or itself.
static SIMPLIFIED: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let mut table: Box<[u16]> = (FIRST as u16..=LAST as u16).collect();
    for (traditional, simplified) in pairs() {
        table[traditional as usize - FIRST as usize] = simplified as u32 as u16;
    }
    table
});

/// OpenCC's first choice for each character.
fn pairs() -> impl Iterator<Item = (char, char)> {
    const TABLE: &str = RawDictionary::TSCharacters.text();
    let of_row = |row: &str| {
        let mut columns = row.split(['\t', ' ']);
        let only = |text: Option<&str>| {
            let mut chars = text?.chars();
            let known = chars.next().filter(|c| (FIRST..=LAST).contains(&u32::from(*c)))?;
            chars.next().is_none().then_some(known)
        };
        Some((only(columns.next())?, only(columns.next())?))
    };
    TABLE.lines().filter_map(of_row).filter(|(one, other)| one != other)
}

/// The simplified character, or the same where there is none.
pub(super) fn simplified(c: char) -> char {
    let at = u32::from(c).wrapping_sub(FIRST) as usize;
    let found = SIMPLIFIED.get(at).and_then(|found| char::from_u32(u32::from(*found)));
    found.unwrap_or(c)
}

/// All that a browser has to know of the table to search in texts with these keys: for each
/// traditional character the gap from the one before, in letters, and the simplified one.
pub(super) fn needed<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    let mut used = vec![false; (LAST - FIRST + 1) as usize];
    for c in keys.flat_map(str::chars) {
        if let Some(used) = used.get_mut(u32::from(c).wrapping_sub(FIRST) as usize) {
            *used = true;
        }
    }
    let is_used = |(_, simplified): &(char, char)| used[*simplified as usize - FIRST as usize];
    let mut told: Vec<(char, char)> = pairs().filter(is_used).collect();
    told.sort_unstable();
    let (mut all, mut next) = (String::new(), FIRST);
    for (traditional, simplified) in told {
        let mut gap = Vec::new();
        number(&mut gap, u32::from(traditional) - next);
        next = u32::from(traditional) + 1;
        all.extend(gap.into_iter().map(char::from));
        all.push(simplified);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_for_one() {
        for (text, expected) in [
            ("漢語", "汉语"),
            ("機器學習", "机器学习"),
            ("後來", "后来"),
            ("大模型", "大模型"),
            ("気が", "気が"),
            ("a〇", "a〇"),
        ] {
            assert_eq!(text.chars().map(simplified).collect::<String>(), expected);
        }
    }

    #[test]
    fn what_is_simplified_stays_so() {
        let twice: Vec<(char, char)> =
            pairs().filter(|(_, one)| simplified(*one) != *one).collect();
        // 苧 is a simplified character, and a traditional one of another word.
        assert_eq!(twice, [('薴', '苧')]);
        assert!(pairs().count() > 2500);
    }

    #[test]
    fn a_browser_is_told_of_characters_that_occur() {
        assert_eq!(needed(["open", "ai"].into_iter()), "");
        let told = needed(["语", "a 后"].into_iter());
        let simplified: String = told.chars().filter(|c| !c.is_ascii()).collect();
        // 後 and 语's 語, in the order of the traditional ones.
        assert_eq!(simplified, "后语");
    }
}
