//! A language at the end of a file's name: `talk.zh.md` beside `talk.md`.
//!
//! A name is full of dots and two-letter words (`intro.ml`, `to-do.it`), so a suffix that is also
//! a word or an abbreviation is told apart from one that is nothing else; who decides about the
//! first kind is `site`, which knows the files beside it. Tags: BCP 47 (RFC 5646), language,
//! script and region only.

/// A file's name, without `.md`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suffix<'a> {
    /// The name without the suffix.
    pub base: &'a str,
    /// The tag as written.
    pub tag: &'a str,
    /// Whether it is nothing but a language; else a word or a name could be meant.
    pub sure: bool,
}

/// Codes that are no word, name or common abbreviation: these need no second witness.
const SURE: &str = "ar bg bn ca cs de en es et eu fa fi fr gl hi hr hu hy ja ka kk ko lt lv mk nb nl nn pl \
     pt ro ru sk sl sq sr sv sw th tr ur uz vi yue zh";

/// The other codes of ISO 639-1, and some of three letters that whole sites are written in.
const POSSIBLE: &str = "aa ab ae af ak am an as av ay az ba be bh bi bm bo br bs ce ch co cr cu cv cy da dv dz \
     ee el eo ff fj fo fy ga gd gn gu gv ha he ho ht hz ia id ie ig ii ik io is it iu jv kg ki kj \
     kl km kn kr ks ku kv kw ky la lb lg li ln lo lu mg mh mi ml mn mr ms mt my na nd ne ng no nr \
     nv ny oc oj om or os pa pi ps qu rm rn rw sa sc sd se sg si sm sn so ss st su ta te tg ti tk \
     tl tn to ts tt tw ty ug uk ve vo wa wo xh yi yo za zu ast ceb ckb cmn fil gsw hak haw nan wuu";

/// The language suffix of a file's name, if it has one that may be meant so.
pub fn suffix(stem: &str) -> Option<Suffix<'_>> {
    let (base, tag) = stem.rsplit_once('.')?;
    let mut parts = tag.split(['-', '_']);
    let main = parts.next()?;
    let lower = main.to_ascii_lowercase();
    let known = |list: &str| list.split(' ').any(|code| code == lower);
    let sure = known(SURE);
    let one_case = main == lower || main == main.to_ascii_uppercase();
    if base.trim_matches(['.', ' ']).is_empty() || !one_case || !(sure || known(POSSIBLE)) {
        return None;
    }
    let (mut script, mut region) = (false, false);
    for part in parts {
        let letters = part.bytes().all(|byte| byte.is_ascii_alphabetic());
        match part.len() {
            4 if letters && !script && !region => script = true,
            2 if letters && !region => region = true,
            3 if part.bytes().all(|byte| byte.is_ascii_digit()) && !region => region = true,
            _ => return None,
        }
    }
    let sure = (sure && main == lower) || script || region;
    Some(Suffix { base, tag, sure })
}

/// A tag in its usual spelling: `zh_hant_tw` is `zh-Hant-TW`.
pub fn normal(tag: &str) -> String {
    let mut out = String::with_capacity(tag.len());
    for (at, part) in tag.split(['-', '_']).enumerate() {
        let lower = part.to_ascii_lowercase();
        if at > 0 {
            out.push('-');
        }
        match part.len() {
            2 if at > 0 => out.push_str(&lower.to_ascii_uppercase()),
            4 if at > 0 => {
                out.push_str(&lower[..1].to_ascii_uppercase());
                out.push_str(&lower[1..]);
            }
            _ => out.push_str(&lower),
        }
    }
    out
}

/// Whether two tags are of one language, whatever the script and the region.
pub fn same_language(one: &str, other: &str) -> bool {
    let main = |tag: &str| tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase();
    main(one) == main(other)
}

/// Whether two tags may well mean the same: `zh` and `zh-Hans`, `en` and `en-GB`; not `zh` and
/// `zh-Hant`, nor `en-US` and `en-GB`.
pub fn same_text(one: &str, other: &str) -> bool {
    let has_parts = |tag: &str| tag.contains(['-', '_']);
    let traditional = |tag: &str| {
        let tag = tag.to_ascii_lowercase();
        ["hant", "tw", "hk", "mo"].iter().any(|part| tag.ends_with(&format!("-{part}")))
    };
    one.eq_ignore_ascii_case(other)
        || same_language(one, other)
            && (!has_parts(one) || !has_parts(other))
            && traditional(one) == traditional(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_may_mean_the_same() {
        for (one, other, same) in [
            ("zh", "zh-Hans", true),
            ("en-GB", "en", true),
            ("zh", "ZH", true),
            ("zh", "zh-Hant", false),
            ("zh-TW", "zh", false),
            ("en-US", "en-GB", false),
            ("zh", "en", false),
        ] {
            assert_eq!(same_text(one, other), same, "{one} and {other}");
        }
    }

    #[test]
    fn a_suffix_is_a_plausible_tag() {
        let cases = [
            ("talk.zh", Some(("talk", "zh", true))),
            ("talk.zh-Hant", Some(("talk", "zh-Hant", true))),
            ("talk.pt_BR", Some(("talk", "pt_BR", true))),
            ("a.b.es", Some(("a.b", "es", true))),
            ("talk.es-419", Some(("talk", "es-419", true))),
            ("intro.ml", Some(("intro", "ml", false))),
            ("talk.ZH", Some(("talk", "ZH", false))),
            ("no.it-IT", Some(("no", "it-IT", true))),
            ("J.Lo", None),
            ("Dr. No", None),
            ("talk.v2", None),
            ("talk.xx", None),
            ("talk.zh-", None),
            ("talk.zh-Hant-Hans", None),
            (".zh", None),
            ("zh", None),
            ("2024.10", None),
        ];
        for (stem, expected) in cases {
            let found = suffix(stem).map(|found| (found.base, found.tag, found.sure));
            assert_eq!(found, expected, "{stem}");
        }
    }

    #[test]
    fn tags_have_one_spelling() {
        for (written, tag) in [("zh_hant_tw", "zh-Hant-TW"), ("EN", "en"), ("es-419", "es-419")] {
            assert_eq!(normal(written), tag);
        }
        assert!(same_language("zh-Hans", "zh_TW") && !same_language("en", "eo"));
    }
}
