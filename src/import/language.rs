//! The language of a transcript, where it is certain.

/// Fewer letters than this tell nothing.
const LETTERS: usize = 40;

/// What the file says, what its name says, or what only one script can mean; none for text in
/// Latin letters, which could be anything.
pub(super) fn find(said: Option<&str>, stem: &str, words: &str) -> Option<String> {
    let said = said.map(str::trim).filter(|tag| is_tag(tag));
    said.or_else(|| suffix(stem).map(|(_, tag)| tag))
        .map(str::to_owned)
        .or_else(|| by_script(words).map(str::to_owned))
}

/// `talk.zh-Hans` is `talk` in `zh-Hans`.
pub(super) fn suffix(stem: &str) -> Option<(&str, &str)> {
    let (name, tag) = stem.rsplit_once('.')?;
    (!name.is_empty() && is_tag(tag)).then_some((name, tag))
}

/// Two letters, and perhaps a script and a region: three letters are as often part of a name.
fn is_tag(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let main = parts.next().unwrap_or_default();
    let part = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    main.len() == 2 && main.bytes().all(|byte| byte.is_ascii_lowercase()) && parts.all(part)
}

fn by_script(words: &str) -> Option<&'static str> {
    let (mut all, mut han, mut kana, mut hangul) = (0, 0, 0, 0);
    for c in words.chars().filter(|c| c.is_alphabetic()) {
        all += 1;
        match c {
            '\u{3041}'..='\u{30ff}' => kana += 1,
            '\u{ac00}'..='\u{d7a3}' => hangul += 1,
            '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => han += 1,
            _ => {}
        }
    }
    let most = |count: usize| all >= LETTERS && count * 10 >= all * 7;
    match () {
        () if most(hangul) => Some("ko"),
        () if most(han + kana) && kana * 10 >= han + kana => Some("ja"),
        () if most(han) && kana * 50 < han => Some("zh"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain() {
        let chinese = "今天我们聊聊训练大模型的事情。".repeat(4);
        assert_eq!(find(None, "x", &chinese).as_deref(), Some("zh"));
        assert_eq!(find(Some("zh-TW"), "x", &chinese).as_deref(), Some("zh-TW"));
        assert_eq!(find(None, "talk.en", &chinese).as_deref(), Some("en"));
        assert_eq!(
            find(None, "x", &"今日はトレーニングの話をします。".repeat(4)).as_deref(),
            Some("ja")
        );
        assert_eq!(find(None, "x", &"plain words here ".repeat(9)), None);
        assert_eq!(find(None, "ep. 12", "short"), None);
        assert_eq!(suffix("talk.v2"), None);
    }
}
