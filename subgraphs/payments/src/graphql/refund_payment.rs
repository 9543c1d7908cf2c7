//! `refundPayment`, for staff.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use lavka_kit::caller::{Scope, locale, require_scope};
use lavka_kit::errors::{fault, invalid};
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::Decimal;

use super::desk;
use super::payment::Payment;
use crate::refund_payment::{RefundPayment, Refusal};

/// The longest key and the longest reason, in characters.
const LONGEST_KEY: usize = 255;
const LONGEST_REASON: usize = 500;

/// What can be done about money that came.
#[derive(Default)]
pub(crate) struct RefundMutation;

/// Which money goes back.
#[derive(InputObject)]
struct RefundPaymentInput {
    /// Of which payment.
    payment_id: ID,
    /// How much, in the payment's currency; all that is left when absent.
    amount: Option<Decimal>,
    /// Why: shown to the shopper. At most 500 characters.
    reason: Option<String>,
    /// The same key with the same input gives money back once; 1 to 255 characters, remembered for 30 days.
    idempotency_key: String,
}

/// What became of it.
#[derive(SimpleObject)]
pub(crate) struct PaymentPayload {
    /// The payment, as it stands now.
    payment: Option<Payment>,
    /// Why nothing was done.
    user_errors: Vec<PaymentError>,
}

/// Why nothing was done.
#[derive(SimpleObject)]
pub(crate) struct PaymentError {
    /// For programs.
    code: Refusal,
    /// For people.
    message: String,
    /// Where in the input.
    field: Option<Vec<String>>,
}

#[Object]
impl RefundMutation {
    /// Gives money back, for staff. A whole refund before the order is assembled gives its stock back too.
    #[graphql(requires_scopes = "payments:refund")]
    async fn refund_payment(&self, ctx: &Context<'_>, input: RefundPaymentInput) -> Result<PaymentPayload> {
        let person = require_scope(ctx, Scope::PAYMENTS_REFUND)?;
        let key_length = input.idempotency_key.chars().count();
        if key_length == 0 || key_length > LONGEST_KEY {
            return Err(invalid(format!(
                "`idempotencyKey` must have 1 to {LONGEST_KEY} characters"
            )));
        }
        let reason = input
            .reason
            .map(|reason| reason.trim().to_owned())
            .filter(|reason| !reason.is_empty());
        if reason
            .as_ref()
            .is_some_and(|reason| reason.chars().count() > LONGEST_REASON)
        {
            return Err(invalid(format!(
                "`reason` may have at most {LONGEST_REASON} characters"
            )));
        }
        let wanted = RefundPayment {
            by: person.id,
            payment_id: Id::parse(&input.payment_id),
            amount: input.amount,
            reason,
            idempotency_key: input.idempotency_key,
        };
        let desk = desk(ctx)?;
        Ok(match desk.refund_payment(wanted).await.map_err(fault)? {
            Ok(payment) => {
                // As it stands after the gateway's answer.
                let payment = desk.store.payment(payment.id).await.map_err(fault)?;
                PaymentPayload::done(payment.map(Payment))
            }
            Err(refusal) => PaymentPayload::refused(refusal, locale(ctx)),
        })
    }
}

impl PaymentPayload {
    pub(super) const fn done(payment: Option<Payment>) -> Self {
        Self {
            payment,
            user_errors: Vec::new(),
        }
    }

    pub(super) fn refused(refusal: Refusal, locale: Locale) -> Self {
        Self {
            payment: None,
            user_errors: vec![PaymentError::of(refusal, locale)],
        }
    }
}

impl PaymentError {
    fn of(refusal: Refusal, locale: Locale) -> Self {
        let (field, ru, en) = match refusal {
            Refusal::PaymentNotFound => ("paymentId", "Такого платежа нет.", "There is no such payment."),
            Refusal::AmountInvalid => (
                "amount",
                "Укажите сумму больше нуля в валюте платежа.",
                "Enter an amount above zero in the payment's currency.",
            ),
            Refusal::AmountExceedsCaptured => (
                "amount",
                "Сумма больше той, что осталась от полученных денег.",
                "The amount is more than what is left of the money received.",
            ),
            Refusal::NotRefundable => (
                "paymentId",
                "По этому платежу возвращать нечего.",
                "There is nothing to give back from this payment.",
            ),
            Refusal::IdempotencyKeyReused => (
                "idempotencyKey",
                "Этот ключ уже использован для другого возврата.",
                "This key was already used for another refund.",
            ),
        };
        let field = Some(vec!["input".to_owned(), field.to_owned()]);
        Self {
            code: refusal,
            message: locale.pick(ru, en).to_owned(),
            field,
        }
    }
}
