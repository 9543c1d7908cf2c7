//! An order as clients see it: as it is, or as it stood at a moment of its history.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use lavka_kit::caller::{Scope, caller};
use lavka_kit::connection;
use lavka_kit::errors::fault;
use lavka_kit::events::orders::OrderRecipient;
use lavka_kit::money::Money;

use super::references::{User, Variant};
use crate::order::{Entry, Flag, Line, Order, Shipping};
use crate::state::Status;
use crate::watch::Moment;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum OrderStatus {
    /// Its money is on the way, or waits for the shopper's action.
    PendingPayment,
    /// The last attempt to pay failed; another one is possible until the order expires.
    PaymentFailed,
    /// Its money is here.
    Paid,
    /// Its parcel is packed.
    Assembled,
    /// Its parcel is on the way.
    HandedToDelivery,
    /// Its parcel has arrived.
    Delivered,
    /// Called off, or not paid in time.
    Cancelled,
    /// All its money went back, though it was not cancelled.
    Refunded,
}

impl From<Status> for OrderStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::PendingPayment => Self::PendingPayment,
            Status::PaymentFailed => Self::PaymentFailed,
            Status::Paid => Self::Paid,
            Status::Assembled => Self::Assembled,
            Status::HandedToDelivery => Self::HandedToDelivery,
            Status::Delivered => Self::Delivered,
            Status::Cancelled => Self::Cancelled,
            Status::Refunded => Self::Refunded,
        }
    }
}

impl From<OrderStatus> for Status {
    fn from(status: OrderStatus) -> Self {
        match status {
            OrderStatus::PendingPayment => Self::PendingPayment,
            OrderStatus::PaymentFailed => Self::PaymentFailed,
            OrderStatus::Paid => Self::Paid,
            OrderStatus::Assembled => Self::Assembled,
            OrderStatus::HandedToDelivery => Self::HandedToDelivery,
            OrderStatus::Delivered => Self::Delivered,
            OrderStatus::Cancelled => Self::Cancelled,
            OrderStatus::Refunded => Self::Refunded,
        }
    }
}

/// An order.
pub struct OrderView(Moment);

connection!(
    /// Orders, newest first.
    pub OrderConnection, OrderEdge of OrderView
);

impl OrderView {
    /// As it is.
    pub fn now(order: Order) -> Self {
        Self(Moment {
            position: order.position(),
            order: Arc::new(order),
        })
    }

    /// As it stood.
    pub const fn at(moment: Moment) -> Self {
        Self(moment)
    }

    /// Its history until then.
    fn until(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.0.order.history.iter().take(self.0.position + 1)
    }
}

#[Object(name = "Order")]
impl OrderView {
    async fn id(&self) -> ID {
        self.0.order.id.into()
    }

    /// What a person reads on the phone: "L-100042".
    async fn number(&self) -> String {
        self.0.order.display_number()
    }

    /// In a subscription: as of the change that is told.
    async fn status(&self) -> OrderStatus {
        self.until()
            .next_back()
            .map_or(self.0.order.status, |entry| entry.status)
            .into()
    }

    /// Every step from the first one on.
    async fn history(&self) -> Vec<OrderStatusChange> {
        self.until().map(OrderStatusChange::of).collect()
    }

    /// What was bought, at the price of that day.
    async fn lines(&self) -> Result<Vec<OrderLine>> {
        self.0.order.lines.iter().map(OrderLine::of).collect()
    }

    async fn recipient(&self) -> Recipient {
        Recipient::of(&self.0.order.recipient)
    }

    async fn shipping_method(&self) -> ShippingMethod {
        ShippingMethod::of(&self.0.order.shipping)
    }

    /// The lines together.
    async fn subtotal(&self) -> Money {
        self.0.order.subtotal
    }

    /// What the delivery cost.
    async fn shipping(&self) -> Money {
        self.0.order.shipping.price
    }

    /// What is to be paid, or was.
    async fn total(&self) -> Money {
        self.0.order.total
    }

    /// Since it was handed to delivery.
    async fn tracking_number(&self) -> Option<&str> {
        let handed = self.until().any(|entry| entry.status == Status::HandedToDelivery);
        self.0.order.tracking_number.as_deref().filter(|_| handed)
    }

    /// Who bought it; null for a guest's order.
    async fn customer(&self) -> Option<User> {
        self.0.order.customer.map(|id| User { id: id.into() })
    }

    async fn placed_at(&self) -> DateTime<Utc> {
        self.0.order.placed_at
    }

    /// It is paid and can't be fulfilled: it waits for somebody to refund it, or to find a way. For staff; to everybody else it
    /// is null.
    async fn flag(&self, ctx: &Context<'_>) -> Option<OrderFlag> {
        let is_staff = caller(ctx).has_scope(Scope::ORDERS_MANAGE);
        self.0.order.flag.as_ref().filter(|_| is_staff).map(OrderFlag::of)
    }
}

/// Why a paid order waits for a person.
#[derive(SimpleObject)]
pub struct OrderFlag {
    /// In the words of whoever found it out.
    reason: String,
    at: DateTime<Utc>,
}

impl OrderFlag {
    fn of(flag: &Flag) -> Self {
        Self {
            reason: flag.reason.clone(),
            at: flag.at,
        }
    }
}

/// One step of an order's way.
#[derive(SimpleObject)]
pub struct OrderStatusChange {
    status: OrderStatus,
    at: DateTime<Utc>,
    /// Why a payment failed, or an order was cancelled.
    note: Option<String>,
}

impl OrderStatusChange {
    fn of(entry: &Entry) -> Self {
        Self {
            status: entry.status.into(),
            at: entry.at,
            note: entry.note.clone(),
        }
    }
}

/// So many of one variant, at the price of that day.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct OrderLine {
    sku: ID,
    /// What it was called then, in the shopper's language.
    title: String,
    quantity: i32,
    unit_price: Money,
    subtotal: Money,
}

impl OrderLine {
    fn of(line: &Line) -> Result<Self> {
        Ok(Self {
            sku: ID::from(&line.sku),
            title: line.title.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            subtotal: line.subtotal().map_err(fault)?,
        })
    }
}

#[ComplexObject]
impl OrderLine {
    /// The variant as it is now; null when the catalog no longer has it.
    async fn variant(&self, _ctx: &Context<'_>) -> Option<Variant> {
        Some(Variant {
            sku: self.sku.clone(),
        })
    }
}

/// Who gets it, and where.
#[derive(SimpleObject)]
pub struct Recipient {
    name: String,
    phone: String,
    email: String,
    line1: String,
    line2: Option<String>,
    city: String,
    region: Option<String>,
    postal_code: String,
    /// ISO 3166-1 alpha-2.
    country: String,
}

impl Recipient {
    fn of(recipient: &OrderRecipient) -> Self {
        let OrderRecipient {
            name,
            phone,
            email,
            line1,
            line2,
            city,
            region,
            postal_code,
            country,
        } = recipient.clone();
        Self {
            name,
            phone,
            email,
            line1,
            line2,
            city,
            region,
            postal_code,
            country,
        }
    }
}

/// How an order travels.
#[derive(SimpleObject)]
pub struct ShippingMethod {
    /// What `checkout` calls it.
    code: String,
    title: String,
    price: Money,
    estimated_days: i32,
}

impl ShippingMethod {
    pub fn of(shipping: &Shipping) -> Self {
        let Shipping {
            code,
            title,
            price,
            estimated_days,
        } = shipping.clone();
        Self {
            code,
            title,
            price,
            estimated_days,
        }
    }
}
