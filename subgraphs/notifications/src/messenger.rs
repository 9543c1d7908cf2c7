//! What every operation of notifications works with.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use lavka_kit::clock::{Clock, later};
use lavka_kit::ids::{Id, Ids};
use tokio::sync::Notify;

use crate::mail::Mailer;
use crate::store::Store;
use crate::text::Texts;

/// Who tells people what happened: the operations are its methods, one a file.
pub struct Messenger {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) mailer: Arc<dyn Mailer>,
    pub(crate) texts: Texts,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    /// How times are written for people whose place we don't know.
    pub(crate) zone: Tz,
    pub(crate) public_url: String,
    pub(crate) work_waits: Notify,
    /// Tells the outbox relay that there is something to publish.
    pub(crate) published: Box<dyn Fn() + Send + Sync>,
}

impl Messenger {
    /// After a commit: the delivery worker and the outbox relay need not wait for their next look.
    pub(crate) fn wake(&self) {
        self.work_waits.notify_one();
        (self.published)();
    }

    /// When to try again after so many tries: 1, 2, 4 … seconds, at most fifteen minutes.
    pub(crate) fn after_tries(&self, tries: u32) -> DateTime<Utc> {
        let seconds = 1_u64 << tries.saturating_sub(1).min(10);
        later(self.clock.now(), Duration::from_secs(seconds.min(900)))
    }

    /// Where a person finds their order; a guest's link carries the key.
    pub(crate) fn order_link(&self, order: Id, key: Option<&str>) -> String {
        let key = key.map(|key| format!("?key={key}")).unwrap_or_default();
        format!("{}/orders/{order}{key}", self.public_url)
    }
}
