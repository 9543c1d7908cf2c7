//! Refunds that nobody asks for by hand: the order ended, or was paid already.

use crate::desk::Desk;
use crate::payment::Payment;
use crate::refund::{Cause, Refund, RefundStatus, refundable};
use crate::store::{StoreError, Work};

impl Desk {
    /// Gives back all that is left of a payment, in the caller's transaction. Nothing left: nothing done, so it may
    /// be called again. What the gateway has refused once is left to staff, who were called: asked again each hour, it would only
    /// be refused each hour.
    pub(crate) async fn give_back(
        &self,
        work: &mut dyn Work,
        payment: &Payment,
        cause: Cause,
    ) -> Result<(), StoreError> {
        let refunds = work.refunds_of(payment.id).await?;
        let left = refundable(payment, &refunds);
        let refused = |refund: &Refund| refund.cause.is_automatic() && refund.status == RefundStatus::Failed;
        if left.minor <= 0 || refunds.iter().any(refused) {
            return Ok(());
        }
        let now = self.clock.now();
        work.save_refund(&Refund {
            id: self.ids.next(),
            payment_id: payment.id,
            amount: left,
            reason: None,
            cause,
            status: RefundStatus::Pending,
            reference: None,
            failure_code: None,
            due_at: Some(now),
            tries: 0,
            created_at: now,
        })
        .await
    }
}
