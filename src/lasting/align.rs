//! Which unit of an old page is which of the new one.
//!
//! Units with one id are one. They divide the pages into gaps; within a gap the others are
//! aligned in order, so that of many equal texts (`Yeah.`) each finds its own. What is left over
//! may have been moved, or joined to a paragraph that is otherwise the same.

use std::collections::HashMap;
use std::ops::Range;

use super::alike::{LEAST, QUOTE, alike};
use super::places::Unit;

/// Units in one gap are one when they are so alike.
const NEAR: f32 = 0.6;

/// Units from anywhere are one when they are so alike.
const FAR: f32 = 0.75;

/// So many pairs of a gap, or of what is left over, are compared: a text that was written anew from
/// end to end has no old words anyway.
const PAIRS: usize = 250_000;

/// By old unit: the new unit that has its words.
pub(super) fn align(old: &[Unit], new: &[Unit]) -> Vec<Option<usize>> {
    let at: HashMap<&str, usize> =
        new.iter().enumerate().map(|(at, unit)| (unit.id(), at)).collect();
    let mut found: Vec<Option<usize>> = old.iter().map(|unit| at.get(unit.id()).copied()).collect();
    let mut taken = vec![false; new.len()];
    found.iter().flatten().for_each(|to| taken[*to] = true);
    let mut from = (0, 0);
    for (one, other) in in_order(&found).into_iter().chain([(old.len(), new.len())]) {
        if other >= from.1 {
            gap((old, from.0..one), (new, from.1..other), &mut found, &mut taken);
        }
        from = (one + 1, other + 1);
    }
    let (olds, news): (Vec<usize>, Vec<usize>) =
        ((0..old.len()).filter(|at| found[*at].is_none()).collect(), (0..new.len()).collect());
    if olds.len() * news.len() > PAIRS {
        return found;
    }
    for one in olds {
        // What is short is said too often to be looked for everywhere.
        if old[one].letters.len() < 8 {
            continue;
        }
        let scores = news.iter().map(|other| (score(&old[one], &new[*other], false), *other));
        let best = scores.reduce(|best, next| if next.0 > best.0 { next } else { best });
        let near = best.filter(|(score, _)| *score >= FAR).map(|(_, other)| other);
        found[one] = near.or_else(|| holds(&old[one], new));
    }
    found
}

/// The only one that has a unit's beginning word for word, however far in it: paragraphs are joined.
fn holds(old: &Unit, new: &[Unit]) -> Option<usize> {
    let quote: String = old.letters.iter().take(QUOTE).collect();
    let mut holding = (0..new.len()).filter(|at| new[*at].whole.contains(&quote));
    let first = holding.next().filter(|_| old.letters.len() >= LEAST);
    first.filter(|_| holding.next().is_none())
}

/// The longest run of pairs that are in order on both sides.
fn in_order(found: &[Option<usize>]) -> Vec<(usize, usize)> {
    let pairs: Vec<(usize, usize)> =
        found.iter().enumerate().filter_map(|(one, other)| Some((one, (*other)?))).collect();
    // Patience: by length of a run, the pair that ends it lowest; and of each pair the one before.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    for (at, (_, other)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *other);
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() { ends.push(at) } else { ends[length] = at }
    }
    let mut run: Vec<(usize, usize)> =
        std::iter::successors(ends.last().copied(), |at| before[*at]).map(|at| pairs[at]).collect();
    run.reverse();
    run
}

/// Aligns what is between two units that are the same.
fn gap(
    (old, olds): (&[Unit], Range<usize>),
    (new, news): (&[Unit], Range<usize>),
    found: &mut [Option<usize>],
    taken: &mut [bool],
) {
    let olds: Vec<usize> = olds.filter(|at| found[*at].is_none()).collect();
    let news: Vec<usize> = news.filter(|at| !taken[*at]).collect();
    if olds.is_empty() || news.is_empty() || olds.len() * news.len() > PAIRS {
        return;
    }
    let width = news.len() + 1;
    let mut best = vec![0.0_f32; width * (olds.len() + 1)];
    let mut scores = vec![0.0_f32; width * (olds.len() + 1)];
    for (row, one) in olds.iter().enumerate() {
        for (column, other) in news.iter().enumerate() {
            let here = (row + 1) * width + column + 1;
            scores[here] = score(&old[*one], &new[*other], true);
            let both = best[here - width - 1] + scores[here];
            best[here] = best[here - 1].max(best[here - width]).max(both);
        }
    }
    let (mut row, mut column) = (olds.len(), news.len());
    while row > 0 && column > 0 {
        let here = row * width + column;
        if best[here] == best[here - width] {
            row -= 1;
        } else if best[here] == best[here - 1] {
            column -= 1;
        } else {
            (row, column) = (row - 1, column - 1);
            found[olds[row]] = Some(news[column]);
            taken[news[column]] = true;
        }
    }
}

/// How alike two units are; 0 below what counts within a gap.
fn score(old: &Unit, new: &Unit, same_kind: bool) -> f32 {
    if same_kind && old.heading != new.heading || !share_pairs(&old.letters, &new.letters) {
        return 0.0;
    }
    let score = alike(&old.letters, &new.letters);
    if score >= NEAR { score } else { 0.0 }
}

/// Whether two texts have enough pairs of letters in common to be worth a comparison.
fn share_pairs(one: &[char], other: &[char]) -> bool {
    let (shorter, longer) = if one.len() < other.len() { (one, other) } else { (other, one) };
    if shorter.len() < 8 {
        return true;
    }
    let quote = &shorter[..shorter.len().min(60)];
    let mut bits = [0_u64; 64];
    let slot = |pair: &[char]| {
        (pair[0] as u32).wrapping_mul(31).wrapping_add(pair[1] as u32).wrapping_mul(0x9E37_79B1)
            >> 20
    };
    longer.windows(2).map(slot).for_each(|slot| bits[slot as usize / 64] |= 1 << (slot % 64));
    let common =
        quote.windows(2).map(slot).filter(|slot| bits[*slot as usize / 64] >> (slot % 64) & 1 == 1);
    common.count() * 4 >= quote.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: &str, text: &str) -> Unit {
        let mut unit = Unit { ids: vec![id.to_owned()], ..Unit::default() };
        unit.say(text);
        unit
    }

    #[test]
    fn what_was_joined_to_a_long_text_is_found_where_it_stands_once() {
        let long = "Nobody reads the manual before it is too late for that. ".repeat(20);
        let second = "A lamp on the pier went out, and the keeper wrote it down in the book.";
        let old =
            [unit("a", &long), unit("b", second), unit("c", "Quite another text, to the end.")];
        let joined = format!("{long}{second}");
        let new = [unit("a", &joined), unit("c", "Quite another text, to the end.")];
        assert_eq!(align(&old, &new), [Some(0), Some(0), Some(1)]);
        let twice = [unit("a", &joined), unit("d", &format!("{long}And so on. {second}"))];
        assert_eq!(align(&old, &twice), [Some(0), None, None], "it may be the one or the other");
        let gone = [unit("a", &long), unit("c", "Quite another text, to the end.")];
        assert_eq!(align(&old, &gone), [Some(0), None, Some(1)]);
    }
}
