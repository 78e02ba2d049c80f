//! What languages call themselves, for links from one language to another (Unicode CLDR).
//! A language that is not here is called by its tag.

use std::borrow::Cow;

/// By tag, sorted.
const NAMES: [(&str, &str); 69] = [
    ("ar", "العربية"),
    ("bg", "Български"),
    ("bn", "বাংলা"),
    ("ca", "Català"),
    ("cmn", "中文"),
    ("cs", "Čeština"),
    ("cy", "Cymraeg"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("eo", "Esperanto"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("eu", "Euskara"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fil", "Filipino"),
    ("fr", "Français"),
    ("ga", "Gaeilge"),
    ("gl", "Galego"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("hy", "Հայերեն"),
    ("id", "Bahasa Indonesia"),
    ("is", "Íslenska"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ka", "ქართული"),
    ("kk", "Қазақ тілі"),
    ("ko", "한국어"),
    ("la", "Latina"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("mk", "Македонски"),
    ("ml", "മലയാളം"),
    ("mn", "Монгол"),
    ("mr", "मराठी"),
    ("ms", "Bahasa Melayu"),
    ("nb", "Norsk bokmål"),
    ("nl", "Nederlands"),
    ("nn", "Norsk nynorsk"),
    ("no", "Norsk"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sq", "Shqip"),
    ("sr", "Српски"),
    ("sv", "Svenska"),
    ("sw", "Kiswahili"),
    ("ta", "தமிழ்"),
    ("te", "తెలుగు"),
    ("th", "ไทย"),
    ("tl", "Tagalog"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("uz", "Oʻzbekcha"),
    ("vi", "Tiếng Việt"),
    ("yue", "粵語"),
    ("zh", "中文"),
    ("zh-Hans", "简体中文"),
    ("zh-Hant", "繁體中文"),
];

/// A language's own name for itself: `中文` of `zh`, `Português (BR)` of `pt-BR`.
pub fn language_name(tag: &str) -> Cow<'_, str> {
    let found = |tag: &str| {
        let at = NAMES.binary_search_by_key(&tag, |(known, _)| known).ok()?;
        Some(NAMES[at].1)
    };
    if let Some(name) = found(tag) {
        return Cow::Borrowed(name);
    }
    let Some((less, rest)) = tag.rsplit_once('-') else { return Cow::Borrowed(tag) };
    match found(less).or_else(|| found(less.split('-').next().unwrap_or(less))) {
        Some(name) => Cow::Owned(format!("{name} ({rest})")),
        None => Cow::Borrowed(tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_found() {
        assert!(NAMES.is_sorted_by_key(|(tag, _)| *tag));
        let cases = [
            ("zh", "中文"),
            ("zh-Hant", "繁體中文"),
            ("zh-Hant-TW", "繁體中文 (TW)"),
            ("zh-TW", "中文 (TW)"),
            ("pt-BR", "Português (BR)"),
            ("sr-Latn-RS", "Српски (RS)"),
            ("gsw", "gsw"),
        ];
        for (tag, name) in cases {
            assert_eq!(language_name(tag), name);
        }
    }
}
