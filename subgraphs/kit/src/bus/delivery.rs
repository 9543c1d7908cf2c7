//! Handing one event to its handler until that is done or given up: the policy of every adapter.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;

use super::{BusConfig, EventHandler, HandlerError};
use crate::clock::Clock;
use crate::errors::{chain, is_unavailable};
use crate::events::CloudEvent;
use crate::trace;

/// Why an event is given up.
pub(super) struct Death {
    pub(super) error: String,
    pub(super) attempts: u32,
    pub(super) at: DateTime<Utc>,
}

/// One group's way of handling.
pub(super) struct Delivery {
    pub(super) group: Arc<str>,
    pub(super) handler: Arc<dyn EventHandler>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) config: BusConfig,
}

impl Delivery {
    /// Tries until it succeeds, or the tries are used up, or the handler says that trying is pointless. A try for which something was
    /// away (a database, a peer) says nothing of the event and uses up none: however long that lasts, no event is set aside for it.
    pub(super) async fn deliver(&self, event: &CloudEvent) -> Result<(), Death> {
        let (mut attempts, mut used) = (0_u32, 0);
        loop {
            attempts = attempts.saturating_add(1);
            let failure = match self.attempt(event).await {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            };
            used += u32::from(!is_unavailable(&*failure.source));
            let error = chain(&*failure.source);
            let (group, id, kind) = (&*self.group, event.id, &event.kind);
            if !failure.retry || used >= self.config.attempts {
                tracing::error!(group, %id, kind, attempts, error, "an event is given up");
                return Err(self.death(error, attempts));
            }
            tracing::warn!(group, %id, kind, attempts, error, "an event failed and is tried again");
            self.clock.sleep(self.backoff(attempts)).await;
        }
    }

    /// Tries several at once, once (an embedded bus hands them over one by one). False when nothing came of it: each has to be delivered by itself.
    #[cfg(feature = "kafka")]
    pub(super) async fn deliver_together(&self, events: &[CloudEvent]) -> bool {
        let work = self.handler.handle_together(events);
        let failure = match AssertUnwindSafe(work).catch_unwind().await {
            Ok(Ok(())) => return true,
            Ok(Err(failure)) => chain(&*failure.source),
            Err(_) => "the handler panicked".to_owned(),
        };
        let (group, events) = (&*self.group, events.len());
        tracing::info!(
            group,
            events,
            failure,
            "what doesn't go together is tried one by one"
        );
        false
    }

    pub(super) fn death(&self, error: String, attempts: u32) -> Death {
        Death {
            error,
            attempts,
            at: self.clock.now(),
        }
    }

    async fn attempt(&self, event: &CloudEvent) -> Result<(), HandlerError> {
        let work = trace::within(event.traceparent.as_deref(), self.handler.handle(event));
        match AssertUnwindSafe(work).catch_unwind().await {
            Ok(outcome) => outcome,
            Err(_) => Err(HandlerError::retry("the handler panicked")),
        }
    }

    /// How long to wait after this many failures.
    fn backoff(&self, failures: u32) -> Duration {
        let config = &self.config;
        let doubled = config
            .backoff_ms
            .saturating_mul(1 << failures.saturating_sub(1).min(30));
        Duration::from_millis(doubled.min(config.longest_backoff_ms))
    }
}
