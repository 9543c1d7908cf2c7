//! Staff gives money back: a part, or all that is left.
//!
//! The amount is taken off what is left in the same transaction that checks it, so that two people at once can't give back
//! more than came. The key is remembered in that transaction too; a refusal writes nothing and is not remembered.

use lavka_kit::ids::Id;
use lavka_kit::money::{Decimal, Money};
use lavka_kit::sql;
use sha2::{Digest as _, Sha256};

use crate::desk::Desk;
use crate::payment::Payment;
use crate::refund::{Cause, Refund, RefundStatus, refundable};
use crate::store::{RefundKey, StoreError};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RefundPayment {
    /// Who asks; the scope was checked.
    pub by: Id,
    /// Of which payment.
    pub payment_id: Option<Id>,
    /// How much; all that is left when absent.
    pub amount: Option<Decimal>,
    /// Why.
    pub reason: Option<String>,
    /// The same key and body give the same answer.
    pub idempotency_key: String,
}

/// Why no money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "PaymentErrorCode")]
pub enum Refusal {
    /// There is no such payment.
    PaymentNotFound,
    /// Not an amount of the payment's currency, or not above zero.
    AmountInvalid,
    /// More than is left of what came.
    AmountExceedsCaptured,
    /// No money came, or nothing is left of it.
    NotRefundable,
    /// The key was used for something else.
    IdempotencyKeyReused,
}

impl Desk {
    /// Gives money back, and waits for the gateway's first answer.
    pub async fn refund_payment(&self, input: RefundPayment) -> Result<Result<Payment, Refusal>, StoreError> {
        let (payment, refund) = match sql::retry(|| self.write_refund(&input)).await? {
            Ok(written) => written,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if refund.status == RefundStatus::Pending {
            lavka_kit::fault::point("payments: refund written").await;
            // If this fails or never ends, the worker goes on: the refund is written down.
            if let Err(error) = self.settle_refund(refund.id).await {
                tracing::warn!(refund = %refund.id, error = lavka_kit::errors::chain(&error), "the refund is left to the worker");
            }
        }
        Ok(Ok(payment))
    }

    async fn write_refund(
        &self,
        input: &RefundPayment,
    ) -> Result<Result<(Payment, Refund), Refusal>, StoreError> {
        let Some(payment_id) = input.payment_id else {
            return Ok(Err(Refusal::PaymentNotFound));
        };
        let mut work = self.store.begin().await?;
        let body_hash = input.body_hash(payment_id);
        if let Some(known) = work.refund_key(input.by, &input.idempotency_key).await? {
            if known.body_hash != body_hash {
                return Ok(Err(Refusal::IdempotencyKeyReused));
            }
            let payment = work.payment(payment_id).await?;
            let refund = work.refund(known.refund_id).await?;
            return Ok(payment.zip(refund).ok_or(Refusal::PaymentNotFound));
        }
        let Some(payment) = work.payment(payment_id).await? else {
            return Ok(Err(Refusal::PaymentNotFound));
        };
        let left = refundable(&payment, &work.refunds_of(payment_id).await?);
        let amount = match input.check(left) {
            Ok(amount) => amount,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let now = self.clock.now();
        let refund = Refund {
            id: self.ids.next(),
            payment_id,
            amount,
            reason: input.reason.clone(),
            cause: Cause::Staff(input.by),
            status: RefundStatus::Pending,
            reference: None,
            failure_code: None,
            due_at: Some(now),
            tries: 0,
            created_at: now,
        };
        work.save_refund(&refund).await?;
        let key = RefundKey {
            owner: input.by,
            key: input.idempotency_key.clone(),
            body_hash,
            refund_id: refund.id,
        };
        work.remember_key(&key, now).await?;
        work.commit().await?;
        self.wake();
        Ok(Ok((payment, refund)))
    }
}

impl RefundPayment {
    /// `left` is what can still be given back, in the currency in which it came.
    fn check(&self, left: Money) -> Result<Money, Refusal> {
        let amount = match &self.amount {
            Some(amount) => amount
                .to_money(left.currency)
                .map_err(|_| Refusal::AmountInvalid)?,
            None => left,
        };
        if left.minor <= 0 {
            return Err(Refusal::NotRefundable);
        }
        if amount.minor <= 0 {
            return Err(Refusal::AmountInvalid);
        }
        if amount.minor > left.minor {
            return Err(Refusal::AmountExceedsCaptured);
        }
        Ok(amount)
    }

    fn body_hash(&self, payment_id: Id) -> String {
        // "10" and "10.00" are the same amount.
        let amount = self.amount.as_ref().map(|amount| {
            let text = amount.as_str();
            match text.contains('.') {
                true => text.trim_end_matches('0').trim_end_matches('.'),
                false => text,
            }
        });
        let body = serde_json::json!([payment_id, amount, self.reason]).to_string();
        Sha256::digest(body)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

#[cfg(test)]
mod tests;
