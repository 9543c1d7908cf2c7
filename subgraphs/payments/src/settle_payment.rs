//! Brings a payment on: asks the gateway what our goal needs, and records what it shows.
//!
//! Three steps, any of which may be the last before a crash: note in the database that we are about to ask (with the time
//! when somebody has to look again if we never come back); ask, outside any transaction; record the answer with its event in
//! one transaction. Whoever comes back asks again under the same idempotency key and gets the same charge, so that
//! nothing is charged twice and nothing is lost.

use lavka_kit::ids::Id;

use crate::desk::Desk;
use crate::gateway::{Charge, ChargeRequest, ChargeState, GatewayError, PaymentGateway};
use crate::payment::{Goal, News, Payment, Status};
use crate::refund::Cause;
use crate::store::{OrderRecord, StoreError, Work};

impl Desk {
    /// Brings one payment on by one step. Safe to call at any time, any number of times.
    pub async fn settle_payment(&self, id: Id) -> Result<(), StoreError> {
        let Some((payment, order)) = self.prepare(id).await? else {
            return Ok(());
        };
        let Some(gateway) = self.gateways.get(payment.gateway) else {
            // It was configured when the payment began: the operator took it away with money under way.
            tracing::error!(payment = %id, gateway = payment.gateway.code(), "an open payment's gateway is not configured any more");
            return Ok(());
        };
        let answer = self.ask(&**gateway, &payment, &order).await;
        self.record(id, answer).await
    }

    /// Notes that we are about to ask. `None` when there is nothing to ask.
    pub(crate) async fn prepare(&self, id: Id) -> Result<Option<(Payment, OrderRecord)>, StoreError> {
        let mut work = self.store.begin().await?;
        let Some(mut payment) = work.payment(id).await? else {
            return Ok(None);
        };
        let Some(order) = work.order(payment.order_id).await? else {
            return Ok(None);
        };
        if payment.due_at.is_none() || payment.status == Status::Succeeded {
            return Ok(None);
        }
        if payment.goal == Goal::Cancel && !payment.sent && payment.status.is_live() {
            let news = payment.cancel_unsent();
            self.save(&mut *work, &payment, &order, news).await?;
            work.commit().await?;
            self.wake();
            return Ok(None);
        }
        payment.tries = payment.tries.saturating_add(1);
        payment.due_at = Some(self.after_tries(payment.tries));
        let earlier_lives = work
            .payments_of(order.id)
            .await?
            .iter()
            .any(|other| other.attempt < payment.attempt && other.status.is_live());
        if earlier_lives && !payment.sent {
            // Its end wakes this one; the time just noted is for the case that it doesn't.
            work.save_payment(&payment).await?;
            work.commit().await?;
            return Ok(None);
        }
        payment.sent = true;
        work.save_payment(&payment).await?;
        work.commit().await?;
        Ok(Some((payment, order)))
    }

    /// Asks for what our goal needs.
    pub(crate) async fn ask(
        &self,
        gateway: &dyn PaymentGateway,
        payment: &Payment,
        order: &OrderRecord,
    ) -> Result<Charge, GatewayError> {
        let mut charge = match &payment.reference {
            Some(reference) if payment.goal == Goal::Cancel => return gateway.cancel(reference).await,
            Some(reference) => gateway.fetch(reference).await?,
            None => gateway.create(&self.charge_request(payment, order)).await?,
        };
        match payment.goal {
            Goal::Cancel => charge = gateway.cancel(&charge.reference).await?,
            Goal::Collect if charge.state == ChargeState::Authorized => {
                charge = gateway.capture(&charge.reference).await?;
            }
            Goal::Collect => {}
        }
        Ok(charge)
    }

    fn charge_request(&self, payment: &Payment, order: &OrderRecord) -> ChargeRequest {
        ChargeRequest {
            payment_id: payment.id,
            amount: payment.amount,
            token: payment.token.clone(),
            description: order.number.clone(),
            locale: order.locale,
            return_url: order_url(&self.public_url, order),
        }
    }

    /// Records what the gateway showed, and what follows from it.
    pub(crate) async fn record(
        &self,
        id: Id,
        answer: Result<Charge, GatewayError>,
    ) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        // Read again: the order may have been cancelled while the gateway was answering.
        let Some(mut payment) = work.payment(id).await? else {
            return Ok(());
        };
        let Some(order) = work.order(payment.order_id).await? else {
            return Ok(());
        };
        let news = match answer {
            Ok(charge) if charge.amount != payment.amount => {
                tracing::error!(payment = %id, shown = %charge.amount, ours = %payment.amount,
                    "the gateway shows another amount than ours: not taken as paid");
                return Ok(());
            }
            Ok(charge) => payment.observe(&charge, self.clock.now()),
            Err(GatewayError::Refused { failure, .. })
                if payment.reference.is_none() && payment.status.is_live() =>
            {
                if payment.goal == Goal::Cancel {
                    payment.cancel_unsent()
                } else {
                    payment.fail(failure)
                }
            }
            Err(error) => {
                tracing::warn!(payment = %id, tries = payment.tries, error = lavka_kit::errors::chain(&error),
                    "the gateway gave no usable answer; trying again later");
                return Ok(());
            }
        };
        self.save(&mut *work, &payment, &order, news).await?;
        work.commit().await?;
        self.wake();
        Ok(())
    }

    /// Saves a payment with what follows from its news: events, refunds, and the other attempts of its order.
    async fn save(
        &self,
        work: &mut dyn Work,
        payment: &Payment,
        order: &OrderRecord,
        news: News,
    ) -> Result<(), StoreError> {
        work.save_payment(payment).await?;
        if matches!(news, News::Nothing | News::ActionRequired) {
            return self.announce(work, payment, order, news).await;
        }
        let now = self.clock.now();
        let mut paid_before = false;
        for mut other in work
            .payments_of(order.id)
            .await?
            .into_iter()
            .filter(|other| other.id != payment.id)
        {
            paid_before |= other.status == Status::Succeeded;
            if news == News::Succeeded {
                if other.give_up(now) {
                    work.save_payment(&other).await?;
                }
            } else if other.status.is_live() {
                // It may have waited for this end.
                other.due_at = Some(now);
                other.tries = 0;
                work.save_payment(&other).await?;
            }
        }
        if news == News::Succeeded && paid_before {
            // Not announced: for the order nothing has changed, and its refund must not look like the order's.
            tracing::error!(payment = %payment.id, order = %order.id, "an order was paid twice; the second payment goes back");
            return self.give_back(work, payment, Cause::PaidTwice).await;
        }
        self.announce(work, payment, order, news).await?;
        if news == News::Succeeded && order.ended {
            self.give_back(work, payment, Cause::OrderEnded).await?;
        }
        Ok(())
    }
}

/// Where the shopper finds the order; a guest's link carries the key.
pub(crate) fn order_url(public_url: &str, order: &OrderRecord) -> String {
    let key = order
        .order_key
        .as_deref()
        .map(|key| format!("?key={key}"))
        .unwrap_or_default();
    format!("{}/orders/{}{key}", public_url.trim_end_matches('/'), order.id)
}

#[cfg(test)]
mod tests;
