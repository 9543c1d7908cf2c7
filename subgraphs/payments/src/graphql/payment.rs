//! `Payment` and `Refund` as clients see them.

use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, Utc};
use lavka_kit::caller::{Scope, caller, locale};
use lavka_kit::money::Money;

use super::loaders::Loaders;
use super::order::Order;
use crate::gateway::Gateway;
use crate::payment::{Attention, Status};
use crate::refund::{self, RefundStatus, refunded};

/// One attempt to pay an order.
pub(crate) struct Payment(pub(super) crate::payment::Payment);

/// How a payment stands, its refunds taken into account.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum PaymentStatus {
    /// The gateway hasn't decided yet.
    Pending,
    /// The shopper has to do something: see `redirectUrl` and `clientSecret`.
    ActionRequired,
    /// The money came.
    Succeeded,
    /// It didn't: see `failureCode`.
    Failed,
    /// All of it went back.
    Refunded,
    /// A part of it went back.
    PartiallyRefunded,
    /// Given up before money came: another attempt took its place, or the order was cancelled.
    Cancelled,
}

#[Object]
impl Payment {
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// What is paid for. Null to whoever may not see the order.
    async fn order(&self) -> Option<Order> {
        let id = self.0.order_id.into();
        Some(Order { id })
    }

    /// How it stands.
    async fn status(&self, ctx: &Context<'_>) -> Result<PaymentStatus> {
        Ok(match self.0.status {
            Status::Pending => PaymentStatus::Pending,
            Status::ActionRequired => PaymentStatus::ActionRequired,
            Status::Failed => PaymentStatus::Failed,
            Status::Cancelled => PaymentStatus::Cancelled,
            Status::Succeeded => match self.back(ctx).await?.minor {
                0 => PaymentStatus::Succeeded,
                back if back >= self.0.amount.minor => PaymentStatus::Refunded,
                _ => PaymentStatus::PartiallyRefunded,
            },
        })
    }

    /// Where it is paid.
    async fn gateway(&self) -> Gateway {
        self.0.gateway
    }

    /// How much.
    async fn amount(&self) -> Money {
        self.0.amount
    }

    /// What has gone back; refunds that the gateway hasn't confirmed yet are not counted.
    async fn refunded_amount(&self, ctx: &Context<'_>) -> Result<Money> {
        self.back(ctx).await
    }

    /// Why it failed, for programs.
    async fn failure_code(&self) -> Option<&str> {
        self.0.failure.as_ref().map(|failure| failure.code.as_str())
    }

    /// Why it failed, for the shopper.
    async fn failure_message(&self, ctx: &Context<'_>) -> Option<String> {
        self.0.failure.as_ref().map(|failure| failure.text(locale(ctx)))
    }

    /// Why a person has to look at it; of several reasons the most urgent, the next one when that is settled. For staff; to
    /// everybody else it is null.
    async fn attention(&self, ctx: &Context<'_>) -> Option<Attention> {
        let is_staff = caller(ctx).has_scope(Scope::ORDERS_MANAGE);
        self.0.attention.first().filter(|_| is_staff)
    }

    /// For the gateway's software in the client, while the shopper has to act: Stripe's client secret, the id of PayPal's order.
    async fn client_secret(&self) -> Option<&str> {
        self.0.client_secret.as_deref()
    }

    /// Where the shopper has to go, while they have to act.
    async fn redirect_url(&self) -> Option<&str> {
        self.0.redirect_url.as_deref()
    }

    /// When the attempt began.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// What went back or is to go back, oldest first.
    async fn refunds(&self, ctx: &Context<'_>) -> Result<Vec<Refund>> {
        Ok(ctx
            .data::<Loaders>()?
            .refunds_of(self.0.id)
            .await?
            .into_iter()
            .map(Refund)
            .collect())
    }
}

impl Payment {
    async fn back(&self, ctx: &Context<'_>) -> Result<Money> {
        Ok(refunded(
            &self.0,
            &ctx.data::<Loaders>()?.refunds_of(self.0.id).await?,
        ))
    }
}

/// Money that goes back.
pub(crate) struct Refund(refund::Refund);

#[Object]
impl Refund {
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// How much.
    async fn amount(&self) -> Money {
        self.0.amount
    }

    /// Why, in the words of whoever wanted it.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// How it stands.
    async fn status(&self) -> RefundStatus {
        self.0.status
    }

    /// When it was wanted.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
