//! What every operation of payments works with.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use lavka_kit::clock::{Clock, later};
use lavka_kit::ids::{Id, Ids};
use tokio::sync::Notify;

use crate::counters::Counters;
use crate::gateway::Gateways;
use crate::store::Store;

/// How long a payment or refund that is being settled is left alone by everybody else. Longer than nearly every call to a gateway
/// takes, and short enough to be waited for after a crash. A call that takes longer may be made twice, which does no harm.
const CLAIM: Duration = Duration::from_secs(5);

/// The desk where all payments are handled: the operations are its methods, one a file.
pub struct Desk {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) gateways: Gateways,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) public_url: String,
    pub(crate) work_waits: Notify,
    pub(crate) counters: Counters,
    /// Tells the outbox relay that there is something to publish.
    pub(crate) published: Box<dyn Fn() + Send + Sync>,
}

impl Desk {
    /// After a commit: the worker and the outbox relay need not wait for their next look.
    pub(crate) fn wake(&self) {
        self.work_waits.notify_one();
        (self.published)();
    }

    /// Until when somebody who begins to settle keeps it to themself.
    pub(crate) fn claim(&self, tries: u32, id: Id) -> DateTime<Utc> {
        self.after_tries(tries, id).max(later(self.clock.now(), CLAIM))
    }

    /// When to try again after so many tries: 1, 2, 4 … seconds, at most five minutes. The longer waits are shorter by up to a quarter, each
    /// by its own share: what a gateway's outage has stopped at the same time must not come back at the same time.
    pub(crate) fn after_tries(&self, tries: u32, id: Id) -> DateTime<Utc> {
        let seconds = (1_u64 << tries.saturating_sub(1).min(9)).min(300);
        let share = u64::from(crc32fast::hash(id.to_string().as_bytes()) % 1_000);
        let early = if seconds < 8 { 0 } else { seconds * share / 4 };
        later(self.clock.now(), Duration::from_millis(seconds * 1_000 - early))
    }
}
