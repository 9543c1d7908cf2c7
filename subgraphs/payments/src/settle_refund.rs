//! Brings a refund on, in the same three steps as a payment: note, ask, record.

use lavka_kit::ids::Id;

use crate::desk::Desk;
use crate::gateway::{GatewayError, GatewayRefund, GatewayRefundState, RefundRequest};
use crate::payment::Payment;
use crate::refund::{Cause, Refund, RefundStatus, refunded};
use crate::store::StoreError;

impl Desk {
    /// Brings one refund on by one step. Safe to call at any time, any number of times.
    pub async fn settle_refund(&self, id: Id) -> Result<(), StoreError> {
        let Some((refund, payment)) = self.prepare_refund(id).await? else {
            return Ok(());
        };
        let (Some(gateway), Some(charge)) = (self.gateways.get(payment.gateway), payment.reference) else {
            tracing::error!(refund = %id, gateway = payment.gateway.code(), "a refund's gateway is not configured any more");
            return Ok(());
        };
        let request = RefundRequest {
            charge,
            refund_id: id,
            amount: refund.amount,
        };
        let answer = gateway.refund(&request).await;
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
        if refund.status != RefundStatus::Pending {
            return Ok(None);
        }
        refund.tries = refund.tries.saturating_add(1);
        refund.due_at = Some(self.after_tries(refund.tries));
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
        if refund.status != RefundStatus::Pending {
            return Ok(());
        }
        match answer {
            Ok(GatewayRefund { reference, state }) => {
                refund.reference = Some(reference);
                match state {
                    GatewayRefundState::Processing { look_again_at } => refund.due_at = Some(look_again_at),
                    GatewayRefundState::Succeeded => refund.end(RefundStatus::Succeeded),
                    GatewayRefundState::Failed(failure) => refund.fail(failure.code),
                }
            }
            Err(GatewayError::Refused { failure, .. }) => refund.fail(failure.code),
            Err(error) => {
                tracing::warn!(refund = %id, tries = refund.tries, error = lavka_kit::errors::chain(&error),
                    "the gateway gave no usable answer; trying again later");
                return Ok(());
            }
        }
        if refund.status == RefundStatus::Failed {
            tracing::error!(refund = %id, code = refund.failure_code.as_deref(), "the gateway refused a refund: staff has to look at it");
        }
        work.save_refund(&refund).await?;
        if refund.status == RefundStatus::Succeeded
            && refund.cause != Cause::PaidTwice
            && let Some(payment) = work.payment(refund.payment_id).await?
        {
            let back = refunded(&payment, &work.refunds_of(payment.id).await?);
            self.announce_refund(&mut *work, &payment, &refund, back).await?;
        }
        work.commit().await?;
        self.wake();
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
