//! What can be done to orders and stock.

use async_graphql::{Context, Object, Result};
use lavka_kit::caller::{Scope, caller, locale, require_scope};
use lavka_kit::errors::{fault, invalid};
use lavka_kit::ids::Id;

use super::input::{
    CancelOrderInput, CheckoutInput, FlagOrderInput, HandOrderToDeliveryInput, OrderIdInput,
    RetryPaymentInput, SetStockInput,
};
use super::payload::{CheckoutPayload, OrderPayload, VariantPayload};
use super::{orders, viewer};
use crate::orders::{Cancel, Outcome, Place, RetryPayment};
use crate::store::StoreError;

const LONGEST_KEY: usize = 200;
const LONGEST_REASON: usize = 500;

#[derive(Debug, Clone, Copy)]
pub struct Mutation;

#[Object]
impl Mutation {
    /// Makes an order of a cart and hands its payment over.
    async fn checkout(&self, ctx: &Context<'_>, input: CheckoutInput) -> Result<CheckoutPayload> {
        check_key(&input.idempotency_key)?;
        let place = Place {
            cart: Id::parse(&input.cart_id),
            recipient: input.recipient.into(),
            shipping_method: input.shipping_method,
            gateway: input.payment.gateway,
            token: input.payment.token,
            idempotency_key: input.idempotency_key,
            locale: locale(ctx),
        };
        let placed = orders(ctx)?.place(caller(ctx), place).await.map_err(fault)?;
        Ok(CheckoutPayload::of(placed, locale(ctx)))
    }

    /// Calls an order off, before it is assembled: yours, a guest's with its key, any for staff. A paid one is refunded.
    async fn cancel_order(&self, ctx: &Context<'_>, input: CancelOrderInput) -> Result<OrderPayload> {
        if input
            .reason
            .as_ref()
            .is_some_and(|reason| reason.chars().count() > LONGEST_REASON)
        {
            return Err(invalid(format!(
                "`reason` has at most {LONGEST_REASON} characters"
            )));
        }
        let cancel = Cancel {
            order: Id::parse(&input.order_id),
            reason: input.reason,
        };
        let outcome = orders(ctx)?.cancel(&viewer(ctx, input.order_key), cancel).await;
        answer(ctx, outcome)
    }

    /// Begins another payment: after a failed one, or instead of one that waits for the shopper's action.
    async fn retry_payment(&self, ctx: &Context<'_>, input: RetryPaymentInput) -> Result<OrderPayload> {
        check_key(&input.idempotency_key)?;
        let retry = RetryPayment {
            order: Id::parse(&input.order_id),
            gateway: input.payment.gateway,
            token: input.payment.token,
            idempotency_key: input.idempotency_key,
        };
        let outcome = orders(ctx)?
            .retry_payment(&viewer(ctx, input.order_key), retry)
            .await;
        answer(ctx, outcome)
    }

    /// The parcel is packed.
    #[graphql(requires_scopes = "orders:manage")]
    async fn assemble_order(&self, ctx: &Context<'_>, input: OrderIdInput) -> Result<OrderPayload> {
        require_scope(ctx, Scope::ORDERS_MANAGE)?;
        let outcome = orders(ctx)?.assemble(Id::parse(&input.order_id)).await;
        answer(ctx, outcome)
    }

    /// The parcel is on its way.
    #[graphql(requires_scopes = "orders:manage")]
    async fn hand_order_to_delivery(
        &self,
        ctx: &Context<'_>,
        input: HandOrderToDeliveryInput,
    ) -> Result<OrderPayload> {
        require_scope(ctx, Scope::ORDERS_MANAGE)?;
        let id = Id::parse(&input.order_id);
        let outcome = orders(ctx)?.hand_to_delivery(id, &input.tracking_number).await;
        answer(ctx, outcome)
    }

    /// The parcel has arrived.
    #[graphql(requires_scopes = "orders:manage")]
    async fn deliver_order(&self, ctx: &Context<'_>, input: OrderIdInput) -> Result<OrderPayload> {
        require_scope(ctx, Scope::ORDERS_MANAGE)?;
        let outcome = orders(ctx)?.deliver(Id::parse(&input.order_id)).await;
        answer(ctx, outcome)
    }

    /// A paid order can't be fulfilled: it waits, and goes no further, until somebody refunds it (`refundPayment`, or
    /// `cancelOrder` before it is assembled) or finds a way (`unflagOrder`).
    #[graphql(requires_scopes = "orders:manage")]
    async fn flag_order(&self, ctx: &Context<'_>, input: FlagOrderInput) -> Result<OrderPayload> {
        require_scope(ctx, Scope::ORDERS_MANAGE)?;
        let reason = input.reason.trim();
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            return Err(invalid(format!("`reason` has 1 to {LONGEST_REASON} characters")));
        }
        let outcome = orders(ctx)?.flag(Id::parse(&input.order_id), reason).await;
        answer(ctx, outcome)
    }

    /// A flagged order can be fulfilled after all.
    #[graphql(requires_scopes = "orders:manage")]
    async fn unflag_order(&self, ctx: &Context<'_>, input: OrderIdInput) -> Result<OrderPayload> {
        require_scope(ctx, Scope::ORDERS_MANAGE)?;
        let outcome = orders(ctx)?.unflag(Id::parse(&input.order_id)).await;
        answer(ctx, outcome)
    }

    /// Sets what can be bought from now on; what orders already hold stays beside it.
    #[graphql(requires_scopes = "stock:write")]
    async fn set_stock(&self, ctx: &Context<'_>, input: SetStockInput) -> Result<VariantPayload> {
        require_scope(ctx, Scope::STOCK_WRITE)?;
        let set = orders(ctx)?
            .set_stock(&input.sku, input.quantity)
            .await
            .map_err(fault)?;
        Ok(VariantPayload::of(input.sku, set, locale(ctx)))
    }
}

fn answer(ctx: &Context<'_>, outcome: Result<Outcome, StoreError>) -> Result<OrderPayload> {
    Ok(OrderPayload::of(outcome.map_err(fault)?, locale(ctx)))
}

fn check_key(key: &str) -> Result<()> {
    if key.trim().is_empty() || key.chars().count() > LONGEST_KEY {
        return Err(invalid(format!(
            "`idempotencyKey` has 1 to {LONGEST_KEY} characters"
        )));
    }
    Ok(())
}
