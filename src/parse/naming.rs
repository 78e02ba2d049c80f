//! Ids of blocks, turns and headings, from their words.

use std::collections::HashMap;
use std::ops::Range;

use super::blocks::Raw;
use crate::document::{Block, BlockIndex, Image, Item, Node};
use crate::paths::anchors::{self, Beginning};
use crate::paths::slug;

/// Names the blocks; with how each begins, as far as turns that begin with it begin alike.
pub(super) fn name_blocks(raw: &Raw, blocks: &mut [Block]) -> Vec<Beginning> {
    let texts: Vec<&str> = blocks
        .iter()
        .map(|block| match &block.node {
            Node::Figure { images, caption: None } => images.first().map_or("", image_words),
            _ => &raw.text[block.text.range()],
        })
        .collect();
    let (ids, mut begun) = anchors::assign("p", &texts, &[]);
    for ((block, id), begun) in blocks.iter_mut().zip(ids).zip(&mut begun) {
        block.id = id;
        if matches!(block.node, Node::Figure { .. }) {
            *begun = None; // its words may be none of the text's
        }
    }
    begun
}

/// What stands for a picture without a caption.
fn image_words(image: &Image) -> &str {
    if image.alt.chars().filter(|c| c.is_alphanumeric()).count() > 12 {
        &image.alt
    } else {
        &image.url
    }
}

/// Names turns and headings, from the blocks and how these begin.
pub(super) fn name_items(raw: &Raw, items: &mut [Item], blocks: &[Block], begun: &[Beginning]) {
    let words = |range: &Range<BlockIndex>| {
        let blocks = &blocks[range.start as usize..range.end as usize];
        match (blocks.first(), blocks.last()) {
            (Some(first), Some(last)) => {
                &raw.text[first.text.start as usize..last.text.end as usize]
            }
            _ => "",
        }
    };
    let (texts, begun): (Vec<&str>, Vec<Beginning>) = items
        .iter()
        .filter_map(|item| match item {
            Item::Turn(turn) => {
                let first = turn.blocks.clone().next();
                Some((words(&turn.blocks), first.and_then(|first| begun[first as usize])))
            }
            _ => None,
        })
        .unzip();
    let (ids, _) = anchors::assign("t", &texts, &begun);
    let mut ids = ids.into_iter();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for item in items {
        match item {
            Item::Turn(turn) => turn.id = ids.next().unwrap_or_default(),
            Item::Heading(heading) => {
                let own = std::mem::take(&mut heading.id);
                let words = slug::shorten(&slug::id(&raw.text[heading.text.range()]), 90);
                let id = if own.is_empty() { format!("s-{words}") } else { own };
                let count = seen.entry(id.clone()).or_default();
                *count += 1;
                heading.id = if *count == 1 { id } else { format!("{id}-{count}") };
            }
            Item::Prose(_) => {}
        }
    }
}
