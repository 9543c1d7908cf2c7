//! `settleAttention`, for staff.

use async_graphql::{Context, ID, InputObject, Object, Result};
use lavka_kit::caller::{Scope, locale, require_scope};
use lavka_kit::errors::fault;
use lavka_kit::ids::Id;

use super::desk;
use super::payment::Payment;
use super::refund_payment::PaymentPayload;
use crate::payment::Attention;
use crate::refund_payment::Refusal;
use crate::settle_attention::SettleAttention;

/// What can be done about a payment that waits for a person.
#[derive(Default)]
pub(crate) struct AttentionMutation;

/// What was dealt with.
#[derive(InputObject)]
struct SettleAttentionInput {
    /// With which payment.
    payment_id: ID,
    /// What was the matter, as the payment's `attention` said.
    attention: Attention,
}

#[Object]
impl AttentionMutation {
    /// Says that a person has dealt with what a payment waited for, for staff. It isn't told again while it stays as it is; the
    /// payment's next matter shows, if there is one. What isn't waited for changes nothing. With AMOUNT_DISAGREES an attempt that is
    /// still open ends: what came is to be given back before, by `refundPayment` or in the gateway's own pages.
    #[graphql(requires_scopes = "payments:refund")]
    async fn settle_attention(
        &self,
        ctx: &Context<'_>,
        input: SettleAttentionInput,
    ) -> Result<PaymentPayload> {
        let person = require_scope(ctx, Scope::PAYMENTS_REFUND)?;
        let dealt_with = SettleAttention {
            by: person.id,
            payment_id: Id::parse(&input.payment_id),
            attention: input.attention,
        };
        let settled = desk(ctx)?.settle_attention(dealt_with).await.map_err(fault)?;
        Ok(match settled {
            Some(payment) => PaymentPayload::done(Some(Payment(payment))),
            None => PaymentPayload::refused(Refusal::PaymentNotFound, locale(ctx)),
        })
    }
}
