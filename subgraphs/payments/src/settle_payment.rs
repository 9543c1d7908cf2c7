//! Brings a payment on: asks the gateway what our goal needs, and records what it shows.
//!
//! Three steps, any of which may be the last before a crash: note in the database that we are about to ask (with the time
//! until which nobody else does, and when somebody has to if we never come back); ask, outside any transaction; record the
//! answer with its event in one transaction. Whoever comes back asks again under the same idempotency key and gets the same
//! charge, so that nothing is charged twice and nothing is lost.

use chrono::TimeDelta;
use lavka_kit::errors::chain;
use lavka_kit::fault;
use lavka_kit::ids::Id;

use crate::desk::Desk;
use crate::failure::{Failure, codes};
use crate::gateway::{Charge, ChargeName, ChargeRequest, ChargeState, GatewayError, PaymentGateway, Upshot};
use crate::look_back::refunds_in_doubt;
use crate::payment::{Attention, Goal, News, Payment, Status};
use crate::refund::{Cause, refundable};
use crate::store::{OrderRecord, StoreError, Work};

/// A charge that its gateway doesn't know is believed to be gone after so long; before, it may only be late to appear.
pub(crate) const GONE_AFTER: TimeDelta = TimeDelta::hours(6);

impl Desk {
    /// Brings one payment on by one step. Safe to call at any time, any number of times.
    pub async fn settle_payment(&self, id: Id) -> Result<(), StoreError> {
        self.bring_on(id).await.map(drop)
    }

    /// The same; gives why the gateway's answer was of no use, if it was of none.
    pub(crate) async fn bring_on(&self, id: Id) -> Result<Option<String>, StoreError> {
        let Some((payment, order)) = self.prepare(id).await? else {
            return Ok(None);
        };
        let Some(gateway) = self.gateways.get(payment.gateway) else {
            // It was configured when the payment began: the operator took it away with money under way.
            tracing::error!(payment = %id, gateway = payment.gateway.code(), "a payment's gateway is not configured any more");
            if !payment.status.is_live() {
                self.leave(id).await?;
            }
            return Ok(Some("its gateway is not configured".to_owned()));
        };
        if payment.status == Status::Succeeded {
            return self.look_back(&**gateway, &payment).await;
        }
        fault::point("payments: noted").await;
        let answer = self.ask(&**gateway, &payment, &order).await;
        fault::point("payments: asked").await;
        self.record(id, answer).await
    }

    /// An attempt that is over is not looked at after all.
    pub(crate) async fn leave(&self, id: Id) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        if let Some(mut payment) = work.payment(id).await?
            && !payment.status.is_live()
            && !payment.was_told_of_while_asking()
        {
            payment.due_at = None;
            work.save_payment(&payment).await?;
            work.commit().await?;
        }
        Ok(())
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
        // Not due any more: another replica has seen it at the same time, and has it in hand.
        let now = self.clock.now();
        if payment.due_at.is_none_or(|due| due > now) {
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
        let earlier_lives = work
            .payments_of(order.id)
            .await?
            .iter()
            .any(|other| other.attempt < payment.attempt && other.status.is_live());
        if earlier_lives && !payment.sent {
            // Its end wakes this one; the time is for the case that it doesn't.
            payment.due_at = Some(self.after_tries(payment.tries, id));
            work.save_payment(&payment).await?;
            work.commit().await?;
            return Ok(None);
        }
        payment.due_at = Some(self.claim(payment.tries, id));
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
        let (wanted, live) = (payment.is_wanted(), payment.status.is_live());
        let charge = match payment.name() {
            Some(name) if !wanted && live && !payment.capturing => return gateway.cancel(&name).await,
            Some(name) => gateway.fetch(&name).await?,
            None => gateway.create(&self.charge_request(payment, order)).await?,
        };
        if charge.amount != payment.amount {
            // Not ours to capture; what it shows is for a person to look at.
            return Ok(charge);
        }
        let name = ChargeName {
            payment_id: payment.id,
            reference: charge.reference.clone(),
            capture: charge.capture.clone(),
        };
        fault::point("payments: between two questions").await;
        match &charge.state {
            ChargeState::Succeeded | ChargeState::Failed(_) | ChargeState::Cancelled => Ok(charge),
            ChargeState::Authorized if live && self.may_capture(payment).await? => {
                fault::point("payments: capture noted").await;
                match gateway.capture(&name).await? {
                    Charge {
                        state: ChargeState::Declined(failure),
                        ..
                    } => stop(gateway, &name, failure).await,
                    charge => Ok(charge),
                }
            }
            // Open there, and not wanted here (any more): also when it came back to life after it had failed.
            _ if !wanted => gateway.cancel(&name).await,
            ChargeState::Declined(failure) => stop(gateway, &name, failure.clone()).await,
            ChargeState::Processing | ChargeState::ActionRequired { .. } | ChargeState::Authorized => {
                Ok(charge)
            }
        }
    }

    /// Notes that the money is about to be taken, unless it isn't wanted any more.
    ///
    /// A request to capture may linger on its way and arrive after everything else; PayPal has no cancellation that would stop
    /// it. So once it was sent, only its own outcome ends the attempt: it is asked again, never given up, and what it
    /// brings for a dead order goes back.
    async fn may_capture(&self, payment: &Payment) -> Result<bool, GatewayError> {
        if payment.capturing {
            return Ok(true);
        }
        let noted = async {
            let mut work = self.store.begin().await?;
            let Some(mut payment) = work.payment(payment.id).await? else {
                return Ok(false);
            };
            if !payment.is_wanted() {
                return Ok(payment.capturing && payment.status.is_live());
            }
            payment.capturing = true;
            work.save_payment(&payment).await?;
            work.commit().await?;
            Ok(true)
        };
        noted.await.map_err(|source: StoreError| GatewayError::NoAnswer {
            gateway: payment.gateway,
            doing: "note that a charge is about to be captured",
            source: source.into(),
        })
    }

    fn charge_request(&self, payment: &Payment, order: &OrderRecord) -> ChargeRequest {
        ChargeRequest {
            payment_id: payment.id,
            order_id: order.id,
            amount: payment.amount,
            token: payment.token.clone(),
            description: order.number.clone(),
            locale: order.locale,
            return_url: order_url(&self.public_url, order),
            wanted: payment.is_wanted(),
            since: payment.created_at,
        }
    }

    /// Records what the gateway showed, and what follows from it.
    pub(crate) async fn record(
        &self,
        id: Id,
        answer: Result<Charge, GatewayError>,
    ) -> Result<Option<String>, StoreError> {
        let mut work = self.store.begin().await?;
        // Read again: the order may have been cancelled while the gateway was answering.
        let Some(mut payment) = work.payment(id).await? else {
            return Ok(None);
        };
        let Some(order) = work.order(payment.order_id).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        let look_anew = payment.was_told_of_while_asking();
        let news = match answer {
            // Of a charge that brought nothing and never will, the amount is of no interest.
            Ok(charge) if charge.amount != payment.amount && charge.state.upshot() != Upshot::Nothing => {
                tracing::error!(payment = %id, shown = %charge.amount, in_currency = %charge.amount.currency, ours = %payment.amount,
                    "the gateway shows another amount than ours: not taken as paid; staff has to look at it");
                payment.learn_names(&charge);
                let came = charge.state == ChargeState::Succeeded;
                payment.disagree(&charge.reference, came.then_some(charge.amount));
                let mut refunds = work.refunds_of(id).await?;
                if !payment.status.is_live() && refundable(&payment, &refunds).minor <= 0 {
                    // It went back: that is dealt with.
                    payment.clear(Attention::AmountDisagrees);
                }
                for refund in refunds_in_doubt(&charge, &mut refunds) {
                    refund.look(now);
                    work.save_refund(refund).await?;
                }
                News::Nothing
            }
            Err(GatewayError::OtherMoney {
                reference,
                upshot: Upshot::Nothing,
                ..
            }) => {
                payment.reference.get_or_insert(reference);
                payment.end_disagreement(codes::REFUSED)
            }
            Err(GatewayError::OtherMoney {
                reference,
                shown,
                upshot,
                ..
            }) => {
                tracing::error!(payment = %id, shown, ours = %payment.amount,
                    "the gateway shows other money than ours: not taken as paid; staff has to look at it");
                payment.disagree(&reference, None);
                match upshot {
                    Upshot::Money => payment.end_strange(),
                    _ => News::Nothing,
                }
            }
            Ok(charge) => payment.observe(&charge, now),
            Err(GatewayError::Unknown { reference, .. }) if now - payment.created_at > GONE_AFTER => {
                tracing::error!(payment = %id, reference, "the gateway doesn't know a charge any more");
                payment.vanish()
            }
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
                let error = chain(&error);
                tracing::warn!(payment = %id, tries = payment.tries, error,
                    "the gateway gave no usable answer; trying again later");
                // Not where it has ended meanwhile, or somebody has asked for a look, which is sooner.
                if payment.due_at.is_some() && !look_anew {
                    payment.due_at = Some(self.after_tries(payment.tries, id));
                    work.save_payment(&payment).await?;
                    work.commit().await?;
                    self.wake();
                }
                return Ok(Some(error));
            }
        };
        if look_anew {
            // What was shown may be older than what we were told of.
            payment.due_at = Some(now);
        }
        self.save(&mut *work, &payment, &order, news).await?;
        // Whoever gave it up wants no money of it, and the next attempt waits for its end.
        if payment.came.is_some() && (order.ended || payment.goal == Goal::Cancel) {
            let cause = if order.ended {
                Cause::OrderEnded
            } else {
                Cause::GivenUp
            };
            self.give_back(&mut *work, &payment, cause).await?;
        }
        work.commit().await?;
        self.wake();
        Ok(None)
    }

    /// Saves a payment with what follows from its news: events, refunds, and the other attempts of its order.
    pub(crate) async fn save(
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

/// Gives up a charge that was declined and is still open: the next attempt must be the only one that can bring money.
async fn stop(
    gateway: &dyn PaymentGateway,
    name: &ChargeName,
    failure: Failure,
) -> Result<Charge, GatewayError> {
    let stopped = gateway.cancel(name).await?;
    Ok(match stopped.state {
        ChargeState::Cancelled => Charge {
            state: ChargeState::Failed(failure),
            ..stopped
        },
        // Another try has brought the money meanwhile, or will be over soon.
        _ => stopped,
    })
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
