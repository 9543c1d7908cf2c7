//! Time, passed in. A test moves it by hand and never sleeps.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use tokio::sync::watch;

use crate::BoxFuture;

/// What time it is, and waiting for later.
pub trait Clock: Send + Sync + 'static {
    /// Now, in whole microseconds: what PostgreSQL keeps, so that a time read back equals the time written.
    fn now(&self) -> DateTime<Utc>;

    /// Waits until the clock shows `moment`; at once when it has passed.
    fn sleep_until(&self, moment: DateTime<Utc>) -> BoxFuture<'_, ()>;

    /// Waits for a while.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.sleep_until(later(self.now(), duration))
    }
}

/// `duration` after `moment`; the end of time where that can't be written.
pub fn later(moment: DateTime<Utc>, duration: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(duration)
        .ok()
        .and_then(|delta| moment.checked_add_signed(delta))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the computer is asked for the time"
    )]
    fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }

    fn sleep_until(&self, moment: DateTime<Utc>) -> BoxFuture<'_, ()> {
        let wait = (moment - self.now()).to_std().unwrap_or(Duration::ZERO);
        Box::pin(tokio::time::sleep(wait))
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    now: watch::Sender<DateTime<Utc>>,
    moving: Mutex<()>,
}

impl Default for ManualClock {
    /// Stands at 2026-01-15 12:00 UTC.
    fn default() -> Self {
        Self::at(DateTime::from_timestamp(1_768_478_400, 0).unwrap_or_default())
    }
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            now: watch::Sender::new(now),
            moving: Mutex::new(()),
        }
    }

    /// Moves on, and wakes whoever slept until then.
    pub fn advance(&self, duration: Duration) {
        let _moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        self.now.send_modify(|now| *now = later(*now, duration));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.borrow()
    }

    fn sleep_until(&self, moment: DateTime<Utc>) -> BoxFuture<'_, ()> {
        let mut now = self.now.subscribe();
        Box::pin(async move {
            // The sender lives as long as `self`, which this future borrows.
            let _ = now.wait_for(|now| *now >= moment).await;
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_its_time_has_come_and_not_before() {
        let clock = Arc::new(ManualClock::default());
        let (tx, mut rx) = tokio::sync::oneshot::channel();
        let sleeper = clock.clone();
        let moment = later(clock.now(), Duration::from_secs(10));
        tokio::spawn(async move {
            sleeper.sleep_until(moment).await;
            let _ = tx.send(());
        });
        clock.advance(Duration::from_secs(9));
        tokio::task::yield_now().await;
        assert_eq!(
            rx.try_recv(),
            Err(tokio::sync::oneshot::error::TryRecvError::Empty)
        );
        clock.advance(Duration::from_secs(1));
        assert_eq!(rx.await, Ok(()));
    }

    #[test]
    fn the_system_clock_shows_whole_microseconds() {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000, 0);
    }
}
