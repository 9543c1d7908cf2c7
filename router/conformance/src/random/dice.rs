//! Numbers that look random, the same for the same seed on every machine.

/// A splitmix64 generator.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the limit.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % limit).unwrap_or(0)
    }

    pub fn one_in(&mut self, limit: usize) -> bool {
        self.below(limit) == 0
    }

    pub fn pick<T: Clone>(&mut self, items: impl IntoIterator<Item = T>) -> Option<T> {
        let items: Vec<T> = items.into_iter().collect();
        let at = self.below(items.len());
        items.get(at).cloned()
    }

    /// A part of the items, each with a chance of one half, but no fewer than `least`; in their order.
    pub fn some<T: Clone>(&mut self, items: impl IntoIterator<Item = T>, least: usize) -> Vec<T> {
        let items: Vec<T> = items.into_iter().collect();
        let mut chosen: Vec<bool> = items.iter().map(|_| self.one_in(2)).collect();
        while chosen.iter().filter(|yes| **yes).count() < least.min(items.len()) {
            let at = self.below(items.len());
            chosen[at] = true;
        }
        let items = items.into_iter().zip(chosen);
        items.filter(|(_, yes)| *yes).map(|(item, _)| item).collect()
    }
}
