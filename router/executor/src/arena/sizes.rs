//! How big the trees and answers of one plan have been: the next request of the plan makes room for as much at once, instead of growing
//! its vectors step by step and copying them each time.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::Sizes;

/// Room for more elements or bytes isn't made in advance: a plan's one huge answer must not cost every later one its memory.
const MOST: usize = 1 << 18;

/// What the last request of a plan took. Requests that run at once overwrite each other's, which does no harm.
#[derive(Debug, Default)]
pub(crate) struct LastSizes {
    values: AtomicUsize,
    entries: AtomicUsize,
    objects: AtomicUsize,
    lists: AtomicUsize,
    links: AtomicUsize,
    answer: AtomicUsize,
}

impl LastSizes {
    pub(crate) fn tree(&self) -> Sizes {
        Sizes {
            values: room(&self.values),
            entries: room(&self.entries),
            objects: room(&self.objects),
            lists: room(&self.lists),
            links: room(&self.links),
        }
    }

    /// Bytes.
    pub(crate) fn answer(&self) -> usize {
        room(&self.answer)
    }

    pub(crate) fn keep(&self, tree: Sizes, answer: usize) {
        for (kept, new) in [
            (&self.values, tree.values),
            (&self.entries, tree.entries),
            (&self.objects, tree.objects),
            (&self.lists, tree.lists),
            (&self.links, tree.links),
            (&self.answer, answer),
        ] {
            // Written only when it changes, so that the cores don't take the cache line from each other at each request.
            if kept.load(Ordering::Relaxed) != new {
                kept.store(new, Ordering::Relaxed);
            }
        }
    }
}

fn room(last: &AtomicUsize) -> usize {
    let last = last.load(Ordering::Relaxed);
    // A little more: answers of one plan are seldom equally long.
    (last + last / 8).min(MOST)
}
