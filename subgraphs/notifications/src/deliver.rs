//! Sends what is due. As with a payment: note that we try (and when to try again if we never come back), send outside any
//! transaction, record. A crash in between sends again, under the same id: for a mailbox that is one e-mail, for the folder one file.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use lavka_kit::errors::chain;
use lavka_kit::ids::Id;
use tokio_stream::StreamExt as _;

use crate::channel::{Channel, Delivery, DeliveryStatus, Reason};
use crate::mail::MailError;
use crate::messenger::Messenger;
use crate::notification::Notification;
use crate::store::StoreError;

/// After so many tries a delivery is given up: with the longest wait of a quarter of an hour, after some three hours.
const MOST_TRIES: u32 = 20;
/// How many are noted, sent and recorded together. All of them are on their way at once: what was noted must not wait until it is
/// due again.
const AT_ONCE: usize = 32;
/// How long answers gather before they are recorded. The computer's time: no test's clock moves a mailer.
const GATHERING: Duration = Duration::from_millis(20);
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
            let noted = self.note_due().await?;
            if noted.is_empty() {
                return Ok(());
            }
            let sending: FuturesUnordered<_> = noted
                .iter()
                .map(|(notification, delivery)| self.send(notification, delivery))
                .collect();
            // Who is quick is not kept waiting by who is slow.
            let mut sent = pin!(sending.chunks_timeout(AT_ONCE, GATHERING));
            while let Some(some) = sent.next().await {
                self.record(some).await?;
            }
        }
    }

    async fn nap(&self) -> Duration {
        let next = self.store.next_due().await.ok().flatten();
        let wait = next.and_then(|next| (next - self.clock.now()).to_std().ok());
        wait.unwrap_or(LONGEST_NAP)
            .clamp(Duration::from_millis(10), LONGEST_NAP)
    }

    /// Notes of what is due that it is tried now: whoever else looks leaves it alone for a while.
    pub(crate) async fn note_due(&self) -> Result<Vec<(Notification, Delivery)>, StoreError> {
        let mut work = self.store.begin().await?;
        let mut due = work.due(self.clock.now(), AT_ONCE as u32).await?;
        if due.is_empty() {
            // What can't be read has been put off.
            work.commit().await?;
            return Ok(due);
        }
        for (_, delivery) in &mut due {
            delivery.attempts = delivery.attempts.saturating_add(1);
            delivery.due_at = Some(self.after_tries(delivery.attempts));
        }
        let noted: Vec<Delivery> = due.iter().map(|(_, delivery)| delivery.clone()).collect();
        work.save_deliveries(&noted).await?;
        work.commit().await?;
        Ok(due)
    }

    async fn send(&self, notification: &Notification, delivery: &Delivery) -> Sent {
        let outcome = match &delivery.mail {
            Some(mail) => {
                self.mailer
                    .send(notification.id, notification.created_at, mail)
                    .await
            }
            None => Err(MailError::Sending("there is no message to send".into())),
        };
        Sent {
            notification: notification.id,
            channel: delivery.channel,
            outcome,
        }
    }

    async fn record(&self, sent: Vec<Sent>) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        let ids: Vec<Id> = sent.iter().map(|it| it.notification).collect();
        let mut deliveries = work.deliveries(&ids).await?;
        let mut changed = Vec::with_capacity(sent.len());
        for it in sent {
            let is_its = |delivery: &Delivery| {
                delivery.notification_id == it.notification && delivery.channel == it.channel
            };
            let Some(at) = deliveries.iter().position(is_its) else {
                continue;
            };
            let mut delivery = deliveries.swap_remove(at);
            // Not what a worker that was quicker has recorded.
            if delivery.status == DeliveryStatus::Pending {
                self.end(&mut delivery, it.outcome);
                changed.push(delivery);
            }
        }
        work.save_deliveries(&changed).await?;
        work.commit().await
    }

    fn end(&self, delivery: &mut Delivery, outcome: Result<(), MailError>) {
        let id = delivery.notification_id;
        match outcome {
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
    }
}

/// What came of a try.
struct Sent {
    notification: Id,
    channel: Channel,
    outcome: Result<(), MailError>,
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
