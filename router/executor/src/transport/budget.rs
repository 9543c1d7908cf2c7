//! How many requests may be repeated: at most one for every five that were sent. Where a subgraph is overloaded, repeating everything
//! would double what it can't bear already.

use std::sync::atomic::{AtomicU32, Ordering};

/// What one request adds, in the unit in which a repetition costs [`COST`].
const GAIN: u32 = 1;
const COST: u32 = 5;
/// Repetitions that may be saved up, and that there are to begin with.
const MOST: u32 = 50 * COST;

#[derive(Debug)]
pub(super) struct RetryBudget(AtomicU32);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(MOST))
    }
}

impl RetryBudget {
    /// A request is sent for the first time.
    pub(super) fn deposit(&self) {
        if self.0.load(Ordering::Relaxed) < MOST {
            // Others may add at the same time: a few more than the most do no harm.
            self.0.fetch_add(GAIN, Ordering::Relaxed);
        }
    }

    /// Whether one may be repeated; if so, it is paid for.
    pub(super) fn withdraw(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |saved| {
                saved.checked_sub(COST)
            })
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fifth_request_may_be_repeated_when_the_savings_are_spent() {
        let budget = RetryBudget::default();
        let savings = std::iter::from_fn(|| budget.withdraw().then_some(())).count();
        assert_eq!(savings, 50);
        let repeated = (0..100)
            .filter(|_| {
                budget.deposit();
                budget.withdraw()
            })
            .count();
        assert_eq!(repeated, 20);
    }
}
