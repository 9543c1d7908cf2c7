//! Failed log-ins slow the next ones down: per address, whoever tries.
//!
//! The first few failures are free; after that each doubles the wait, up to a quarter of an hour. While an address has to
//! wait, no password is even looked at, the right one neither: otherwise guessing would go on at full speed. A success wipes
//! the slate; so does an hour of rest after the wait.
//!
//! Attempts on one address are made one after the other, so that a hundred guesses at once count as a hundred.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Mutex, MutexGuard};

use crate::config::Config;

/// How an address has failed so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failures {
    pub(crate) count: i64,
    pub(crate) last_at: DateTime<Utc>,
    pub(crate) blocked_until: DateTime<Utc>,
}

/// How long a failure is remembered after its wait is over.
pub(crate) const MEMORY: TimeDelta = TimeDelta::hours(1);

impl Failures {
    /// Whether a try has to wait.
    pub(crate) fn block(self, now: DateTime<Utc>) -> bool {
        now < self.blocked_until
    }

    /// What one more failure makes of it.
    pub(crate) fn one_more(before: Option<Self>, now: DateTime<Utc>, config: &Config) -> Self {
        let remembered = before.filter(|before| now < before.blocked_until.max(before.last_at) + MEMORY);
        let count = remembered.map_or(0, |before| before.count).saturating_add(1);
        let beyond = count - i64::from(config.free_failures);
        let longest = i64::from(config.longest_block_minutes) * 60;
        let seconds = match u32::try_from(beyond) {
            // The failure that uses up the free ones makes the next wait a second.
            Ok(beyond) => 1_i64
                .checked_shl(beyond)
                .filter(|wait| *wait > 0)
                .unwrap_or(longest)
                .min(longest),
            Err(_) => 0,
        };
        Self {
            count,
            last_at: now,
            blocked_until: now + TimeDelta::seconds(seconds),
        }
    }
}

/// One attempt at a time for one address.
pub(crate) struct Turns([Mutex<()>; 64]);

impl Turns {
    pub(crate) fn new() -> Self {
        Self(std::array::from_fn(|_| Mutex::new(())))
    }

    /// Waits for the address's turn. Addresses that share a place wait for each other, which harms nobody.
    pub(crate) async fn of(&self, email_key: &str) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        email_key.hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % 64).unwrap_or(0);
        self.0[place].lock().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_beyond_the_free_ones_doubles_the_wait() {
        let config = Config {
            free_failures: 3,
            longest_block_minutes: 1,
            ..Config::default()
        };
        let now = DateTime::UNIX_EPOCH;
        let mut failures = None;
        let waits: Vec<i64> = (0..12)
            .map(|_| {
                let next = Failures::one_more(failures, now, &config);
                failures = Some(next);
                (next.blocked_until - now).num_seconds()
            })
            .collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    }

    #[test]
    fn an_hour_of_rest_wipes_the_slate() {
        let config = Config::default();
        let now = DateTime::UNIX_EPOCH;
        let many = Failures {
            count: 100,
            last_at: now,
            blocked_until: now + TimeDelta::minutes(15),
        };
        let soon = now + TimeDelta::minutes(74);
        assert_eq!(Failures::one_more(Some(many), soon, &config).count, 101);
        let late = now + TimeDelta::minutes(75);
        assert_eq!(Failures::one_more(Some(many), late, &config).count, 1);
    }
}
