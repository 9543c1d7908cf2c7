//! Sends what is due. As with a payment: note that we try (and when to try again if we never come back), send outside any
//! transaction, record. A crash in between sends again, under the same id: for a mailbox that is one e-mail, for the folder one file.

use std::sync::Arc;
use std::time::Duration;

use lavka_kit::errors::chain;
use lavka_kit::ids::Id;

use crate::channel::{Channel, Delivery, DeliveryStatus, Reason};
use crate::mail::MailError;
use crate::messenger::Messenger;
use crate::notification::Notification;
use crate::store::StoreError;

/// After so many tries a delivery is given up: with the longest wait of a quarter of an hour, after some three hours.
const MOST_TRIES: u32 = 20;
/// The longest sleep: for what another replica made due.
const LONGEST_NAP: Duration = Duration::from_secs(5);

impl Messenger {
    /// Works until it is dropped.
    pub(crate) async fn work(self: Arc<Self>) {
        loop {
            let pause = match self.deliver_due().await {
                Ok(()) => self.nap().await,
                Err(error) => {
                    tracing::error!(error = chain(&error), "can't deliver");
                    Duration::from_secs(1)
                }
            };
            tokio::select! {
                () = self.work_waits.notified() => {}
                () = self.clock.sleep(pause) => {}
            }
        }
    }

    /// Delivers all that is due now.
    pub(crate) async fn deliver_due(&self) -> Result<(), StoreError> {
        loop {
            let due = self.store.due(self.clock.now(), 50).await?;
            if due.is_empty() {
                return Ok(());
            }
            for (notification, channel) in due {
                self.deliver(notification, channel).await?;
            }
        }
    }

    async fn nap(&self) -> Duration {
        let next = self.store.next_due().await.ok().flatten();
        let wait = next.and_then(|next| (next - self.clock.now()).to_std().ok());
        wait.unwrap_or(LONGEST_NAP)
            .clamp(Duration::from_millis(10), LONGEST_NAP)
    }

    /// Makes one delivery that is due. Safe to call at any time, any number of times.
    pub(crate) async fn deliver(&self, id: Id, channel: Channel) -> Result<(), StoreError> {
        let Some((notification, delivery)) = self.note(id, channel).await? else {
            return Ok(());
        };
        let sent = match &delivery.mail {
            Some(mail) => self.mailer.send(id, notification.created_at, mail).await,
            // Sent by a worker that was quicker.
            None => return Ok(()),
        };
        self.record(id, channel, sent).await
    }

    pub(crate) async fn note(
        &self,
        id: Id,
        channel: Channel,
    ) -> Result<Option<(Notification, Delivery)>, StoreError> {
        let mut work = self.store.begin().await?;
        let Some(mut delivery) = work.delivery(id, channel).await? else {
            return Ok(None);
        };
        let Some(notification) = work.notification(id).await? else {
            return Ok(None);
        };
        // Another replica's worker may have found it due at the same time and be sending it.
        let due = delivery.due_at.is_some_and(|at| at <= self.clock.now());
        if delivery.status != DeliveryStatus::Pending || !due {
            return Ok(None);
        }
        delivery.attempts = delivery.attempts.saturating_add(1);
        delivery.due_at = Some(self.after_tries(delivery.attempts));
        work.save_delivery(&delivery).await?;
        work.commit().await?;
        Ok(Some((notification, delivery)))
    }

    async fn record(&self, id: Id, channel: Channel, sent: Result<(), MailError>) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        let Some(mut delivery) = work.delivery(id, channel).await? else {
            return Ok(());
        };
        if delivery.status != DeliveryStatus::Pending {
            return Ok(());
        }
        match sent {
            Ok(()) => {
                delivery.end(DeliveryStatus::Sent, None);
                delivery.sent_at = Some(self.clock.now());
            }
            Err(error @ MailError::Address(_)) => {
                tracing::warn!(notification = %id, error = chain(&error), "an e-mail can't be sent");
                delivery.end(DeliveryStatus::Failed, Some(Reason::AddressInvalid));
            }
            Err(error) => {
                let attempts = delivery.attempts;
                tracing::warn!(notification = %id, attempts, error = chain(&error), "an e-mail was not sent");
                if attempts >= MOST_TRIES {
                    delivery.end(DeliveryStatus::Failed, Some(Reason::SendingFailed));
                } else {
                    delivery.reason = Some(Reason::SendingFailed);
                }
            }
        }
        work.save_delivery(&delivery).await?;
        work.commit().await
    }
}

impl Delivery {
    fn end(&mut self, status: DeliveryStatus, reason: Option<Reason>) {
        self.status = status;
        self.reason = reason;
        self.due_at = None;
        self.mail = None;
    }
}

#[cfg(test)]
mod tests;
