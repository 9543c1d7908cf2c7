//! Brings a refund on, in the same three steps as a payment: note, ask, record.

use lavka_kit::errors::chain;
use lavka_kit::fault;
use lavka_kit::ids::Id;

use crate::desk::Desk;
use crate::gateway::{GatewayError, GatewayRefund, GatewayRefundState, RefundRequest};
use crate::payment::{Attention, Payment, Status};
use crate::refund::{Cause, Refund, RefundStatus, refundable, refunded};
use crate::store::{StoreError, Work};

impl Desk {
    /// Brings one refund on by one step. Safe to call at any time, any number of times.
    pub async fn settle_refund(&self, id: Id) -> Result<(), StoreError> {
        let Some((refund, payment)) = self.prepare_refund(id).await? else {
            return Ok(());
        };
        let (Some(gateway), Some(charge)) = (self.gateways.get(payment.gateway), payment.name()) else {
            tracing::error!(refund = %id, gateway = payment.gateway.code(), "a refund's gateway is not configured any more");
            return Ok(());
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
        refund.due_at = Some(self.claim(refund.tries));
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
        let before = refund.status;
        match answer {
            Ok(GatewayRefund { reference, state }) => {
                refund.reference = Some(reference);
                match state {
                    // The bank has sent it back, perhaps days later.
                    GatewayRefundState::Failed(failure) => refund.fail(failure.code),
                    _ if before == RefundStatus::Succeeded => refund.due_at = None,
                    GatewayRefundState::Processing { look_again_at } => refund.due_at = Some(look_again_at),
                    GatewayRefundState::Succeeded => refund.end(RefundStatus::Succeeded),
                }
            }
            Err(GatewayError::Refused { failure, .. }) if before == RefundStatus::Pending => {
                refund.fail(failure.code);
            }
            Err(error) => {
                tracing::warn!(refund = %id, tries = refund.tries, error = chain(&error),
                    "the gateway gave no usable answer; trying again later");
                if refund.due_at.is_some() && refund.tries > 0 {
                    refund.due_at = Some(self.after_tries(refund.tries));
                    work.save_refund(&refund).await?;
                    work.commit().await?;
                    self.wake();
                }
                return Ok(());
            }
        }
        work.save_refund(&refund).await?;
        if refund.status != before {
            self.follow(&mut *work, &refund).await?;
        }
        work.commit().await?;
        self.wake();
        Ok(())
    }

    /// What follows from a refund's end.
    async fn follow(&self, work: &mut dyn Work, refund: &Refund) -> Result<(), StoreError> {
        let Some(mut payment) = work.payment(refund.payment_id).await? else {
            return Ok(());
        };
        let refunds = work.refunds_of(payment.id).await?;
        if refund.status == RefundStatus::Failed {
            tracing::error!(refund = %refund.id, code = refund.failure_code.as_deref(), "the gateway refused a refund: staff has to look at it");
            payment.attention = payment.attention.or(Some(Attention::RefundFailed));
            return work.save_payment(&payment).await;
        }
        if refund.status != RefundStatus::Succeeded {
            return Ok(());
        }
        let back = refunded(&payment, &refunds);
        if payment.status == Status::Succeeded {
            if payment.attention == Some(Attention::RefundFailed) && refundable(&payment, &refunds) == 0 {
                payment.attention = None;
                work.save_payment(&payment).await?;
            }
            if refund.cause != Cause::PaidTwice {
                self.announce_refund(work, &payment, refund, back).await?;
            }
        } else if payment.came.is_some_and(|came| back.minor >= came)
            && let Some(order) = work.order(payment.order_id).await?
        {
            // Another amount than ours had come, and was never told as paid.
            let news = payment.end_disagreement();
            self.save(work, &payment, &order, news).await?;
        }
        Ok(())
    }
}

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
