//! A gateway calls: the webhook is authenticated, kept as it came, and only then answered. What it says is taken in later, from
//! the store (`settle_webhook.rs`): a crash behind the answer loses nothing, and one before it makes the gateway call again.

use std::sync::atomic::Ordering;

use axum::http::HeaderMap;

use crate::desk::Desk;
use crate::gateway::Gateway;
use crate::gateway::notice::{BadNotice, Notice};
use crate::gateway::reading::Unreadable;
use crate::store::{StoreError, Webhook};

/// What became of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// It is kept, now or since it came for the first time.
    Kept,
    /// It is not the gateway's, not fresh, or can't be read. Nothing was changed.
    TurnedAway(BadNotice),
    /// This store doesn't take that gateway.
    NoSuchGateway,
}

impl Desk {
    /// Keeps a webhook, if it is the gateway's.
    pub async fn receive_webhook(
        &self,
        gateway: Gateway,
        head: &HeaderMap,
        body: &[u8],
    ) -> Result<Received, StoreError> {
        let Some(adapter) = self.gateways.get(gateway) else {
            return Ok(Received::NoSuchGateway);
        };
        let notice = match adapter.authenticate(head, body).await {
            Ok(notice) => notice,
            Err(bad) => {
                self.counters.turned_away(gateway, &bad);
                tracing::warn!(gateway = gateway.code(), problem = %bad, "a webhook was turned away");
                return Ok(Received::TurnedAway(bad));
            }
        };
        let Ok(body) = std::str::from_utf8(body) else {
            let bad = BadNotice::Unreadable(Unreadable::NOT_UTF8);
            self.counters.turned_away(gateway, &bad);
            return Ok(Received::TurnedAway(bad));
        };
        self.keep_webhook(gateway, &notice, body).await?;
        Ok(Received::Kept)
    }

    /// Keeps a webhook whose sender is known.
    pub(crate) async fn keep_webhook(
        &self,
        gateway: Gateway,
        notice: &Notice,
        body: &str,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let webhook = Webhook {
            id: self.ids.next(),
            gateway,
            event_id: notice.event_id.clone(),
            kind: notice.kind.clone(),
            body: body.to_owned(),
            received_at: now,
            due_at: Some(now),
            outcome: None,
        };
        let mut work = self.store.begin().await?;
        if work.keep_webhook(&webhook).await? {
            work.commit().await?;
            self.counters.webhooks_kept.fetch_add(1, Ordering::Relaxed);
            lavka_kit::fault::point("payments: webhook kept").await;
            self.wake();
        } else {
            self.counters.webhooks_repeated.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
