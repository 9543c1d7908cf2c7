//! `Notification`, its deliveries, and pages of them.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use lavka_kit::caller::locale;

use super::loaders::Loaders;
use crate::channel::{Channel, DeliveryStatus};
use crate::kind::Kind;

lavka_kit::connection!(
    /// A part of an inbox, newest first.
    pub(crate) NotificationConnection, NotificationEdge of Notification
);

/// What happened, told to one person in their language.
pub(crate) struct Notification(pub(super) crate::notification::Notification);

/// An order; the orders service knows it.
#[derive(SimpleObject)]
#[graphql(unresolvable)]
pub(crate) struct Order {
    id: ID,
}

/// A notification by one channel.
#[derive(SimpleObject)]
pub(crate) struct Delivery {
    /// By which way.
    channel: Channel,
    /// How it went.
    status: DeliveryStatus,
    /// How often it was tried.
    attempts: i32,
    /// When it was handed over.
    sent_at: Option<DateTime<Utc>>,
    /// Why it wasn't, or not yet.
    error: Option<&'static str>,
}

#[Object]
impl Notification {
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// What it is about.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// In a few words.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// In a sentence or two.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// The order that it is about.
    async fn order(&self) -> Option<Order> {
        self.0.order_id.map(|id| Order { id: id.into() })
    }

    /// By channel: when it was sent, or why not.
    async fn deliveries(&self, ctx: &Context<'_>) -> Result<Vec<Delivery>> {
        let locale = locale(ctx);
        let rows = ctx.data::<Loaders>()?.deliveries_of(self.0.id).await?;
        Ok(rows
            .into_iter()
            .map(|row| Delivery {
                channel: row.channel,
                status: row.status,
                attempts: i32::try_from(row.attempts).unwrap_or(i32::MAX),
                sent_at: row.sent_at,
                error: row.reason.map(|reason| reason.text(locale)),
            })
            .collect())
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the person saw it.
    async fn read_at(&self) -> Option<DateTime<Utc>> {
        self.0.read_at
    }
}
