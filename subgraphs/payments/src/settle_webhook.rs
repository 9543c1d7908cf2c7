//! Takes a kept webhook in: it is not believed, it makes us look. What it is about becomes due, in the transaction that ends
//! the webhook; in whatever order webhooks come, and however often, what counts is what the gateway shows then.

use lavka_kit::ids::Id;

use crate::desk::Desk;
use crate::gateway::Gateway;
use crate::gateway::notice::About;
use crate::payment::{Payment, Status};
use crate::refund::RefundStatus;
use crate::store::{Outcome, StoreError, Work};

impl Desk {
    /// Takes one webhook in. Safe to call any number of times.
    pub async fn settle_webhook(&self, id: Id) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        let Some(webhook) = work.webhook(id).await?.filter(|it| it.due_at.is_some()) else {
            return Ok(());
        };
        let notice = self
            .gateways
            .get(webhook.gateway)
            .and_then(|gateway| gateway.read(webhook.body.as_bytes()).ok());
        let outcome = match notice.and_then(|notice| notice.about) {
            None => Outcome::Ignored,
            Some(about) => self.look(&mut *work, webhook.gateway, &about).await?,
        };
        if outcome != Outcome::Looked {
            tracing::info!(
                gateway = webhook.gateway.code(),
                event = webhook.event_id,
                kind = webhook.kind,
                outcome = outcome.code(),
                "a webhook had no effect"
            );
        }
        work.end_webhook(id, outcome).await?;
        work.commit().await?;
        self.wake();
        Ok(())
    }

    /// Somebody said that something happened to a charge of this name.
    #[cfg(test)]
    pub async fn hear_news(&self, gateway: Gateway, reference: &str) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        let about = About {
            reference: Some(reference.to_owned()),
            ..About::default()
        };
        self.look(&mut *work, gateway, &about).await?;
        work.commit().await?;
        self.wake();
        Ok(())
    }

    async fn look(
        &self,
        work: &mut dyn Work,
        gateway: Gateway,
        about: &About,
    ) -> Result<Outcome, StoreError> {
        let now = self.clock.now();
        let refund = match about.refund_id {
            Some(id) => work.refund(id).await?,
            None => None,
        };
        let mut payment = match (&refund, about) {
            (Some(refund), _) => work.payment(refund.payment_id).await?,
            (
                None,
                About {
                    payment_id: Some(id), ..
                },
            ) => work.payment(*id).await?,
            (None, _) => None,
        };
        let names = [&about.reference, &about.capture];
        for name in names.into_iter().flatten() {
            if payment.is_none() {
                payment = work.payment_by_reference(gateway, name).await?;
            }
        }
        // A gateway may speak of its own charges only.
        let Some(mut payment) = payment.filter(|payment| payment.gateway == gateway) else {
            return Ok(Outcome::UnknownReference);
        };
        // Of money that came the only news is that it goes back; our own refunds are looked at by themselves.
        let is_news = payment.status != Status::Succeeded || (about.money_back && refund.is_none());
        let before = payment.clone();
        if is_news {
            payment.look(now);
        }
        if payment != before {
            work.save_payment(&payment).await?;
        }
        self.look_at_refunds(work, &payment, refund.map(|refund| refund.id))
            .await?;
        Ok(Outcome::Looked)
    }

    /// The refunds that are open, and the one that is named even when it seemed to be over.
    async fn look_at_refunds(
        &self,
        work: &mut dyn Work,
        payment: &Payment,
        named: Option<Id>,
    ) -> Result<(), StoreError> {
        for mut refund in work.refunds_of(payment.id).await? {
            let open = match refund.status {
                RefundStatus::Pending => true,
                RefundStatus::Succeeded => named == Some(refund.id),
                RefundStatus::Failed => false,
            };
            if open {
                refund.look(self.clock.now());
                work.save_refund(&refund).await?;
            }
        }
        Ok(())
    }
}
