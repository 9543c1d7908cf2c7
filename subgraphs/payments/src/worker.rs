//! The worker: settles what is due, whoever made it due: an event a moment ago, a slow gateway, a crash before the restart.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use lavka_kit::clock::later;
use lavka_kit::errors::chain;
use tokio::task::JoinSet;

use crate::desk::Desk;
use crate::store::{Due, StoreError};

/// How much is settled at the same time.
const AT_ONCE: usize = 16;
/// The longest sleep: for what another replica made due.
const LONGEST_NAP: Duration = Duration::from_secs(5);
/// How long something rests that failed before it could note when to be tried again.
const REST: Duration = Duration::from_secs(2);
/// How long idempotency keys live.
const KEYS_LIVE: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long webhooks are kept: longer than any gateway repeats one.
const WEBHOOKS_LIVE: Duration = Duration::from_secs(90 * 24 * 3600);
/// How often old keys are looked for.
const KEYS_SWEEP: Duration = Duration::from_secs(3600);

impl Desk {
    /// Works until it is dropped.
    pub(crate) async fn work(self: Arc<Self>) {
        let mut running: JoinSet<(Due, Result<(), StoreError>)> = JoinSet::new();
        let mut hands: HashSet<Due> = HashSet::new();
        let mut resting: HashMap<Due, DateTime<Utc>> = HashMap::new();
        let mut sweep_at = self.clock.now();
        loop {
            let now = self.clock.now();
            if now >= sweep_at {
                self.sweep_keys(now).await;
                sweep_at = later(now, KEYS_SWEEP);
            }
            resting.retain(|_, until| *until > now);
            let nap_until = match self.due_now(now).await {
                Ok((due, next)) => {
                    for due in due {
                        if hands.len() < AT_ONCE && !resting.contains_key(&due) && hands.insert(due) {
                            let desk = self.clone();
                            running.spawn(async move { (due, desk.settle(due).await) });
                        }
                    }
                    // Something overdue is in hand or rests: its end wakes us.
                    next.filter(|next| *next > now)
                }
                Err(error) => {
                    tracing::error!(error = chain(&error), "can't read what payments wait for");
                    None
                }
            };
            let longest = later(now, LONGEST_NAP);
            let first_rested = resting.values().min().copied();
            let nap_until = [nap_until, first_rested]
                .into_iter()
                .flatten()
                .fold(longest, DateTime::min);
            tokio::select! {
                () = self.work_waits.notified() => {}
                () = self.clock.sleep_until(nap_until) => {}
                Some(ended) = running.join_next() => match ended {
                    Ok((due, done)) => {
                        hands.remove(&due);
                        if let Err(error) = done {
                            tracing::error!(?due, error = chain(&error), "can't settle");
                            resting.insert(due, later(self.clock.now(), REST));
                        }
                    }
                    // A panic is logged by its hook; which one it was is lost, so all hands are free again:
                    // settling twice at once is harmless.
                    Err(_) => hands.clear(),
                },
            }
        }
    }

    async fn due_now(&self, now: DateTime<Utc>) -> Result<(Vec<Due>, Option<DateTime<Utc>>), StoreError> {
        let due = self.store.due(now, 4 * AT_ONCE as u32).await?;
        Ok((due, self.store.next_due().await?))
    }

    pub(crate) async fn settle(&self, due: Due) -> Result<(), StoreError> {
        match due {
            Due::Payment(id) => self.settle_payment(id).await,
            Due::Refund(id) => self.settle_refund(id).await,
            Due::Webhook(id) => self.settle_webhook(id).await,
        }
    }

    async fn sweep_keys(&self, now: DateTime<Utc>) {
        let before = now - KEYS_LIVE;
        if let Err(error) = self.store.forget_keys(before).await {
            tracing::warn!(error = chain(&error), "can't forget old idempotency keys");
        }
        if let Err(error) = self.store.forget_webhooks(now - WEBHOOKS_LIVE).await {
            tracing::warn!(error = chain(&error), "can't forget old webhooks");
        }
    }
}

#[cfg(test)]
mod tests;
