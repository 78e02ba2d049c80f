//! Where the transcript ends and the page goes on: end marks (`· FIN ·`), the account's card,
//! what else to read, notes on rights. Below the last label these would be the last speaker's
//! words; they are nobody's.
//!
//! Only what stands behind the last label can close, so words between turns are never touched.

use super::blocks::{Raw, Top};
use super::line;
use crate::document::Node;

/// Paragraphs that close a transcript, without the marks around them.
const WHOLE: &[&str] = &[
    "fin",
    "end",
    "the end",
    "完",
    "全文完",
    "本文完",
    "正文完",
    "更多阅读",
    "延伸阅读",
    "推荐阅读",
    "相关阅读",
    "往期推荐",
    "往期回顾",
    "往期精选",
    "热点视频",
    "阅读原文",
    "公众号",
    "视频号",
    "related reading",
    "further reading",
    "related posts",
];

/// How a paragraph begins that speaks of the page: pictures, layout, rights.
const BEGINS: &[&str] = &[
    "头图来源",
    "题图来源",
    "封面来源",
    "封面图来源",
    "文中配图",
    "排版：",
    "排版:",
    "排版｜",
    "本文为",
    "本文系",
    "本文由",
    "本文首发",
    "本文经",
    "本文来自",
    "未经授权",
    "转载请",
    "转载原创",
    "原创不易",
    "版权声明",
    "点击「在看」",
    "点赞关注",
    "一键三连",
    "跳转到 cubox",
];

/// A card and its title stand so close together.
const CARD: usize = 3;

/// A title or a name that belongs to the closing is no longer.
const LONGEST: usize = 40;

/// From which top on nobody speaks, if the transcript ends before the file does; `last` is the
/// top of the last label.
pub(super) fn find(raw: &Raw, last: usize) -> Option<usize> {
    let behind = last + 1..raw.tops.len();
    let at = behind.clone().find(|at| closes(raw, *at))?;
    // A card's last line closes; its name and what it says of itself stand above.
    let counted = counts_articles(words(raw, &raw.tops[at]));
    let name = (behind.start..at).rev().take(CARD).find(|at| counted && is_card(raw, *at));
    let at = name.unwrap_or(at);
    // Pictures, rules and short titles right before it are part of it.
    let belongs = |at: usize| match &raw.tops[at].node {
        Node::Figure { caption, .. } => caption.is_none(),
        Node::Rule => true,
        Node::Paragraph(_) | Node::Heading(..) => is_card(raw, at),
        _ => false,
    };
    Some((behind.start..at).rev().take_while(|at| belongs(*at)).last().unwrap_or(at))
}

/// Whether a short bold paragraph or a heading is the name on an account's card, which ends with
/// the number of its articles.
pub(super) fn is_card(raw: &Raw, at: usize) -> bool {
    let top = &raw.tops[at];
    let title = match top.node {
        Node::Heading(..) => true,
        Node::Paragraph(leaf) => line::is_bold_throughout(raw, leaf),
        _ => false,
    };
    let below = (at + 1..raw.tops.len()).take(CARD);
    title
        && words(raw, top).chars().count() <= LONGEST
        && below.into_iter().any(|at| counts_articles(words(raw, &raw.tops[at])))
}

fn closes(raw: &Raw, at: usize) -> bool {
    let top = &raw.tops[at];
    if !matches!(top.node, Node::Paragraph(_) | Node::Heading(..)) {
        return false;
    }
    let words = words(raw, top);
    let begun = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    let begins =
        |start: &str| begun.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    let bare = begun.trim_end_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    counts_articles(words)
        || WHOLE.contains(&bare.as_str())
        || BEGINS.iter().any(|start| begins(start))
}

/// `972篇原创内容`: the last line of an account's card.
fn counts_articles(words: &str) -> bool {
    let rest = words.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < words.len() && rest.trim() == "篇原创内容"
}

fn words<'a>(raw: &'a Raw, top: &Top) -> &'a str {
    raw.text[top.text.range()].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_count_their_articles() {
        assert!(counts_articles("972篇原创内容"));
        assert!(!counts_articles("篇原创内容"));
        assert!(!counts_articles("我写了972篇原创内容"));
    }
}
