//! A second chance for `**` that blanks have led astray.
//!
//! In an export `**` turns bold on and off, wherever it stands. A blank that slipped inside
//! (`** 问：**`, `**问： **`) hides that from the flanking rules: runs stay over, or pair with the
//! wrong neighbour. Where a line holds an even number of `**` and no other stars, they pair left
//! to right; elsewhere those that are left over do. Nothing pairs across lines here, nor between
//! blanks on both sides, as an operator stands (`2 ** 3`).

use super::pair::{Pair, marks};
use super::runs::{Piece, Run, Tokens};
use super::unicode::is_blank;

/// Mends what [`super::pair::pair`] left over or nested.
pub(super) fn chance(line: &mut Tokens, pairs: &mut Vec<Pair>) {
    if line.runs.iter().any(is_loose) || any_nested(&line.runs) {
        toggle_rows(line, pairs);
        pair_loose(line, pairs);
    }
}

/// A run and where it stands: runs with equal `scope` and `row` may pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    scope: usize,
    row: usize,
    run: usize,
}

impl Place {
    fn is_beside(&self, other: &Place) -> bool {
        (self.scope, self.row) == (other.scope, other.row)
    }
}

/// A whole `**` that pairs with nothing.
fn is_loose(run: &Run) -> bool {
    run.len() == 2 && run.closed == 0 && run.opened == 0
}

/// Whether `**` may have opened inside `**`.
fn any_nested(runs: &[Run]) -> bool {
    let opens = runs.iter().filter(|run| run.len() == 2).map(|run| run.opened == 2);
    opens.scan(false, |before, opens| Some(std::mem::replace(before, opens) && opens)).any(|it| it)
}

/// Pairs the `**` of a line anew, left to right, where it holds nothing else.
fn toggle_rows(line: &mut Tokens, pairs: &mut Vec<Pair>) {
    let partners = partners(&line.runs, pairs);
    let places = places(line, &[]);
    let mut again = vec![false; line.runs.len()];
    let mut couples = Vec::new();
    for row in places.chunk_by(Place::is_beside) {
        if toggles(row, &line.runs, &partners) {
            row.iter().for_each(|place| again[place.run] = true);
            couples.extend(row.as_chunks::<2>().0);
        }
    }
    if couples.is_empty() {
        return;
    }
    pairs.retain(|pair| !again[run_at(&line.runs, pair.open.start)]);
    for couple in couples {
        join(couple, line, pairs);
    }
}

/// Whether all runs of a line are `**` that pair among themselves, if at all, and can be read as
/// bold on, bold off.
fn toggles(row: &[Place], runs: &[Run], partners: &[Partner]) -> bool {
    let (couples, odd) = row.as_chunks::<2>();
    let own = |place: &Place| match partners[place.run] {
        Partner::None => true,
        Partner::One(run) => row.binary_search_by_key(&run, |place| place.run).is_ok(),
        Partner::Many => false,
    };
    odd.is_empty()
        && row.iter().all(|place| runs[place.run].len() == 2 && !is_apart(&runs[place.run]))
        && row.iter().all(own)
        && couples
            .iter()
            .any(|[open, close]| runs[open.run].opened != 2 || runs[close.run].closed != 2)
}

/// Whom a run pairs with.
#[derive(Clone, Copy, Debug)]
enum Partner {
    None,
    One(usize),
    Many,
}

fn partners(runs: &[Run], pairs: &[Pair]) -> Vec<Partner> {
    let mut partners = vec![Partner::None; runs.len()];
    for pair in pairs {
        let (open, close) = (run_at(runs, pair.open.start), run_at(runs, pair.close.start));
        for (run, other) in [(open, close), (close, open)] {
            partners[run] = match partners[run] {
                Partner::None => Partner::One(other),
                _ => Partner::Many,
            };
        }
    }
    partners
}

/// The run whose stars stand at `at`.
fn run_at(runs: &[Run], at: usize) -> usize {
    runs.partition_point(|run| run.range.end <= at)
}

/// Pairs what is still loose, left to right, unless both runs stand as operators do.
fn pair_loose(line: &mut Tokens, pairs: &mut Vec<Pair>) {
    let mut places = places(line, pairs);
    places.retain(|place| is_loose(&line.runs[place.run]));
    for row in places.chunk_by(Place::is_beside) {
        let (couples, odd) = row.as_chunks::<2>();
        // Without a blank on an inner side they would have paired already.
        let mended = |[open, close]: &[Place; 2]| {
            !(is_apart(&line.runs[open.run]) && is_apart(&line.runs[close.run]))
        };
        if odd.is_empty() && couples.iter().all(mended) {
            for couple in couples {
                join(*couple, line, pairs);
            }
        }
    }
}

/// Whether blanks stand on both sides.
fn is_apart(run: &Run) -> bool {
    is_blank(run.before) && is_blank(run.after)
}

fn join([open, close]: [Place; 2], line: &mut Tokens, pairs: &mut Vec<Pair>) {
    let spend = |run: &mut Run, closed, opened| {
        (run.closed, run.opened) = (closed, opened);
        run.range.clone()
    };
    let open = spend(&mut line.runs[open.run], 0, 2);
    let close = spend(&mut line.runs[close.run], 2, 0);
    pairs.push(Pair { open, close });
}

/// Where the runs stand, sorted. Links and the like are scopes of their own, and so are `pairs`.
fn places(line: &Tokens, pairs: &[Pair]) -> Vec<Place> {
    let marks = marks(pairs);
    let mut marks = marks.iter().peekable();
    let mut places = Vec::with_capacity(line.runs.len());
    let (mut scopes, mut entered, mut row) = (vec![0], 0, 0);
    for piece in &line.pieces {
        match *piece {
            Piece::Break(_) => row += 1,
            Piece::Open(_) => enter(&mut scopes, &mut entered),
            Piece::Close(_) => {
                scopes.pop();
            }
            Piece::Run(run) => {
                let scope = scopes.last().copied().unwrap_or(0);
                places.push(Place { scope, row, run });
                let end = line.runs[run].range.end;
                while let Some(mark) = marks.next_if(|mark| mark.at < end) {
                    if mark.opens {
                        enter(&mut scopes, &mut entered);
                    } else {
                        scopes.pop();
                    }
                }
            }
            Piece::Event(_) | Piece::Text(_) => {}
        }
    }
    places.sort_unstable();
    places
}

fn enter(scopes: &mut Vec<usize>, entered: &mut usize) {
    *entered += 1;
    scopes.push(*entered);
}
