//! Brings a refund on, in the same three steps as a payment: note, ask, record.

use std::time::Duration;

use chrono::TimeDelta;
use lavka_kit::clock::later;
use lavka_kit::errors::chain;
use lavka_kit::fault;
use lavka_kit::ids::Id;

use crate::desk::Desk;
use crate::failure::codes;
use crate::gateway::{GatewayError, GatewayRefund, GatewayRefundState, RefundRequest};
use crate::payment::{Attention, News, Payment, Status};
use crate::refund::{Refund, RefundStatus, brought, refundable, refunded};
use crate::store::{StoreError, Work};

/// A refund that got no usable answer for so long is shown to staff, and asked for more seldom.
const STUCK_AFTER: TimeDelta = TimeDelta::hours(6);
/// How seldom.
const STUCK_PAUSE: Duration = Duration::from_secs(3600);
/// A refund that a bank works on for so long is shown to staff, too. Ten working days are usual.
const SLOW_AFTER: TimeDelta = TimeDelta::days(14);

impl Desk {
    /// Brings one refund on by one step. Safe to call at any time, any number of times.
    pub async fn settle_refund(&self, id: Id) -> Result<(), StoreError> {
        let Some((refund, payment)) = self.prepare_refund(id).await? else {
            return Ok(());
        };
        let (Some(gateway), Some(charge)) = (self.gateways.get(payment.gateway), payment.name()) else {
            tracing::error!(refund = %id, gateway = payment.gateway.code(), "a refund's gateway is not configured any more");
            return self
                .record_refund(
                    id,
                    Err(GatewayError::NoAnswer {
                        gateway: payment.gateway,
                        doing: "refund a charge",
                        source: NotConfigured.into(),
                    }),
                )
                .await;
        };
        let request = RefundRequest {
            charge,
            refund_id: id,
            amount: refund.amount,
            since: refund.created_at,
        };
        fault::point("payments: refund noted").await;
        let answer = match &refund.reference {
            Some(reference) => gateway.fetch_refund(&request, reference).await,
            None => gateway.refund(&request).await,
        };
        fault::point("payments: refund asked").await;
        self.record_refund(id, answer).await
    }

    async fn prepare_refund(&self, id: Id) -> Result<Option<(Refund, Payment)>, StoreError> {
        let mut work = self.store.begin().await?;
        let Some(mut refund) = work.refund(id).await? else {
            return Ok(None);
        };
        let Some(payment) = work.payment(refund.payment_id).await? else {
            return Ok(None);
        };
        // One that succeeded is due again only where the gateway says that something happened to it.
        let now = self.clock.now();
        if refund.due_at.is_none_or(|due| due > now) || refund.status == RefundStatus::Failed {
            return Ok(None);
        }
        refund.tries = refund.tries.saturating_add(1);
        refund.due_at = Some(self.claim(refund.tries, id));
        work.save_refund(&refund).await?;
        work.commit().await?;
        Ok(Some((refund, payment)))
    }

    async fn record_refund(
        &self,
        id: Id,
        answer: Result<GatewayRefund, GatewayError>,
    ) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        let Some(mut refund) = work.refund(id).await? else {
            return Ok(());
        };
        if refund.status == RefundStatus::Failed {
            return Ok(());
        }
        let (before, now) = (refund.status, self.clock.now());
        let look_anew = refund.was_told_of_while_asking();
        match answer {
            Ok(GatewayRefund { reference, state }) => {
                refund.reference = Some(reference);
                match state {
                    // The bank has sent it back, perhaps days later.
                    GatewayRefundState::Failed(failure) => refund.fail(failure.code),
                    _ if before == RefundStatus::Succeeded => refund.due_at = None,
                    GatewayRefundState::Processing { look_again_at } => {
                        refund.due_at = Some(look_again_at);
                        if now - refund.created_at > SLOW_AFTER {
                            self.call_about(&mut *work, &refund).await?;
                        }
                    }
                    GatewayRefundState::Succeeded => refund.end(RefundStatus::Succeeded),
                }
            }
            Err(GatewayError::Refused { failure, .. }) if before == RefundStatus::Pending => {
                refund.fail(failure.code);
            }
            Err(error) => {
                tracing::warn!(refund = %id, tries = refund.tries, error = chain(&error),
                    "the gateway gave no usable answer; trying again later");
                let stuck = before == RefundStatus::Pending && now - refund.created_at > STUCK_AFTER;
                if stuck {
                    self.call_about(&mut *work, &refund).await?;
                }
                if refund.due_at.is_some() && !look_anew {
                    refund.due_at = match error {
                        // It had confirmed it, and says nothing of it any more. Asking again will not help.
                        GatewayError::Unknown { .. } | GatewayError::Refused { .. }
                            if before == RefundStatus::Succeeded =>
                        {
                            self.call_about(&mut *work, &refund).await?;
                            None
                        }
                        _ if stuck => Some(later(now, STUCK_PAUSE)),
                        _ => Some(self.after_tries(refund.tries, id)),
                    };
                    work.save_refund(&refund).await?;
                }
                work.commit().await?;
                self.wake();
                return Ok(());
            }
        }
        if look_anew && refund.status != RefundStatus::Failed {
            // What was shown may be older than what we were told of.
            refund.due_at = Some(now);
        }
        work.save_refund(&refund).await?;
        if refund.status != before {
            self.follow(&mut *work, &refund).await?;
        }
        work.commit().await?;
        self.wake();
        Ok(())
    }

    /// A refund doesn't come to its end: a person should know.
    async fn call_about(&self, work: &mut dyn Work, refund: &Refund) -> Result<(), StoreError> {
        let Some(mut payment) = work.payment(refund.payment_id).await? else {
            return Ok(());
        };
        let before = payment.attention;
        payment.show_staff(Attention::RefundStuck);
        if payment.attention != before {
            tracing::error!(refund = %refund.id, payment = %payment.id, "a refund doesn't come to its end: staff has to look at it");
            work.save_payment(&payment).await?;
        }
        Ok(())
    }

    /// What follows from a refund's end.
    async fn follow(&self, work: &mut dyn Work, refund: &Refund) -> Result<(), StoreError> {
        let Some(mut payment) = work.payment(refund.payment_id).await? else {
            return Ok(());
        };
        let refunds = work.refunds_of(payment.id).await?;
        if refunds
            .iter()
            .all(|refund| refund.status != RefundStatus::Pending)
        {
            payment.clear(Attention::RefundStuck);
        }
        let mut news = News::Nothing;
        if refund.status == RefundStatus::Failed {
            tracing::error!(refund = %refund.id, code = refund.failure_code.as_deref(), "the gateway refused a refund: staff has to look at it");
            payment.call_staff(Attention::RefundFailed);
            // It counted as ours when the two were compared: more went back without us than was seen then.
            if payment.elsewhere > 0 {
                payment.look(self.clock.now());
            }
        } else if refund.status == RefundStatus::Succeeded {
            let back = refunded(&payment, &refunds);
            self.announce_refund(work, &payment, refund, back).await?;
            if refundable(&payment, &refunds).minor <= 0 {
                payment.clear(Attention::RefundFailed);
            }
            if payment.status != Status::Succeeded && back.minor >= brought(&payment).minor {
                // Another amount than ours had come, and was never told as paid.
                news = payment.end_disagreement(codes::AMOUNT_DISAGREES);
            }
        }
        match work.order(payment.order_id).await? {
            Some(order) => self.save(work, &payment, &order, news).await,
            None => work.save_payment(&payment).await,
        }
    }
}

/// The operator took a gateway out of the configuration, with money under way.
#[derive(Debug, thiserror::Error)]
#[error("it is not configured any more")]
struct NotConfigured;

impl Refund {
    fn end(&mut self, status: RefundStatus) {
        self.status = status;
        self.due_at = None;
    }

    fn fail(&mut self, code: String) {
        self.failure_code = Some(code);
        self.end(RefundStatus::Failed);
    }
}

#[cfg(test)]
mod tests;
