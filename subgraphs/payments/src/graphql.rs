//! The schema of payments.

mod loaders;
mod order;
mod payment;
mod refund_payment;
mod settle_attention;

use std::sync::Arc;

use async_graphql::{Context, EmptySubscription, ID, MergedObject, Object, Result, Schema, SimpleObject};
use lavka_kit::caller::{Scope, caller, require_scope};
use lavka_kit::errors::fault;
use lavka_kit::ids::Id;

use self::loaders::Loaders;
use self::order::Order;
use self::payment::Payment;
use self::refund_payment::RefundMutation;
use self::settle_attention::AttentionMutation;
use crate::desk::Desk;
use crate::gateway::Gateway;

pub(crate) type PaymentsSchema = Schema<Query, Mutation, EmptySubscription>;

/// The schema, at this desk.
pub(crate) fn schema(desk: Arc<Desk>) -> PaymentsSchema {
    lavka_kit::graphql::schema(Query, Mutation::default(), EmptySubscription)
        .data(Loaders::new(desk.store.clone()))
        .data(desk)
        .finish()
}

fn desk<'a>(ctx: &Context<'a>) -> Result<&'a Arc<Desk>> {
    ctx.data::<Arc<Desk>>()
}

// What can be done. A doc comment would be the schema's description of all services' mutations.
#[derive(MergedObject, Default)]
pub(crate) struct Mutation(RefundMutation, AttentionMutation);

/// What can be asked.
pub(crate) struct Query;

/// A payment gateway that this store takes, with what a client needs to start.
#[derive(SimpleObject)]
struct PaymentGatewayInfo {
    /// What `checkout` and `retryPayment` call it.
    gateway: Gateway,
    /// The key that the gateway's software in a client wants; it is no secret. Stripe's publishable key, PayPal's client id.
    publishable_key: Option<String>,
    /// What may be sent as `token`, where that is a short list: the sandbox's make-believe cards.
    tokens: Vec<&'static str>,
}

#[Object]
impl Query {
    /// The gateways that this store takes, in the order in which to offer them.
    async fn payment_gateways(&self, ctx: &Context<'_>) -> Result<Vec<PaymentGatewayInfo>> {
        let described = desk(ctx)?.gateways.describe().into_iter();
        Ok(described
            .map(|it| PaymentGatewayInfo {
                gateway: it.gateway,
                publishable_key: it.publishable_key,
                tokens: it.tokens,
            })
            .collect())
    }

    /// The payments that wait for a person, the newest first, at most 100: what their `attention` says was seen, and nothing was
    /// decided. For staff.
    #[graphql(requires_scopes = "payments:refund")]
    async fn payments_wanting_attention(&self, ctx: &Context<'_>) -> Result<Vec<Payment>> {
        require_scope(ctx, Scope::PAYMENTS_REFUND)?;
        let found = desk(ctx)?.store.wanting_attention(100).await.map_err(fault)?;
        Ok(found.into_iter().map(Payment).collect())
    }

    /// A payment: its owner's, staff's and the services'. To anybody else it isn't there.
    #[graphql(entity)]
    async fn find_payment_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Payment>> {
        let Some(id) = Id::parse(&id) else { return Ok(None) };
        let payment = desk(ctx)?.store.payment(id).await.map_err(fault)?;
        let caller = caller(ctx);
        let may_see = |payment: &crate::payment::Payment| match payment.customer_id {
            Some(owner) => caller.may_see(owner, Scope::ORDERS_MANAGE),
            None => caller.is_service() || caller.has_scope(Scope::ORDERS_MANAGE),
        };
        Ok(payment.filter(may_see).map(Payment))
    }

    /// An order's payments. Whoever got the order from the orders service may see them.
    #[graphql(entity)]
    async fn find_order_by_id(&self, id: ID) -> Order {
        Order { id }
    }
}

#[cfg(test)]
mod tests;
