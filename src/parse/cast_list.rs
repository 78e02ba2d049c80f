//! The list of who asks and who answers, at the head of questions and answers: `Q：…` and `A：…`
//! in one paragraph, with names behind them. It reads like two turns, and nobody speaks in it.

use super::blocks::{Raw, Top};
use super::speakers::{PAIRS, key};
use crate::document::Node;

/// It stands among the first blocks.
const REACH: usize = 40;

/// A name with its office is no longer.
const LONGEST: usize = 40;

/// The top that is such a list.
pub(super) fn find(raw: &Raw) -> Option<usize> {
    (0..raw.tops.len().min(REACH)).find(|at| is_list(raw, &raw.tops[*at]))
}

fn is_list(raw: &Raw, top: &Top) -> bool {
    let Node::Paragraph(leaf) = top.node else { return false };
    let from = raw.breaks.partition_point(|at| *at <= leaf.start);
    let [middle, ..] = raw.breaks[from..] else { return false };
    if middle >= leaf.end || raw.breaks.get(from + 1).is_some_and(|next| *next < leaf.end) {
        return false;
    }
    let first = entry(&raw.text[leaf.start as usize..middle as usize]);
    let second = entry(&raw.text[middle as usize..leaf.end as usize]);
    let Some((asks, answers)) = first.zip(second) else { return false };
    PAIRS.contains(&(asks.as_str(), answers.as_str()))
}

/// The folded label of `Q：name`; none where the words are no name.
fn entry(line: &str) -> Option<String> {
    let (label, name) = line.trim().split_once([':', '：'])?;
    let name = name.trim();
    let is_name = (2..=LONGEST).contains(&name.chars().count())
        && !name.contains(['。', '，', '？', '！', '?', '!', ';', '；', '…'])
        && !name.ends_with('.');
    is_name.then(|| key(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_a_list_are_names() {
        assert_eq!(entry("Q：电台主持人 某某"), Some("q".to_owned()));
        assert_eq!(entry("Q: How hot is it?"), None);
        assert_eq!(entry("A: It is hot."), None);
    }
}
