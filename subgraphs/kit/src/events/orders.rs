//! What orders publishes, on `lavka.orders`.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event_data;
use crate::ids::Id;
use crate::locale::Locale;
use crate::money::Money;

/// A cart became an order. Its first payment attempt is asked for by this event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderPlaced {
    /// The order.
    pub order_id: Id,
    /// What a person reads on the phone: "L-100042".
    pub number: String,
    /// The account; none for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Id>,
    /// The cart that became the order.
    pub cart_id: Id,
    /// Which of the cart's generations was sold.
    pub cart_generation: i32,
    /// The shopper's language.
    pub locale: Locale,
    /// What was bought, at which price.
    pub lines: Vec<PlacedLine>,
    /// Who gets it, and where.
    pub recipient: OrderRecipient,
    /// How it travels.
    pub shipping: OrderShipping,
    /// What is to be paid.
    pub total: Money,
    /// How it is to be paid.
    pub payment_method: PaymentMethod,
    /// The first attempt: 1.
    pub attempt: i32,
    /// A guest's key to the order, for links in messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_key: Option<String>,
}

/// One line of a placed order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlacedLine {
    /// The variant.
    pub sku: String,
    /// What it was called when it was sold.
    pub title: String,
    /// How many.
    pub quantity: i32,
    /// The price of one when it was sold.
    pub unit_price: Money,
}

/// Who gets the order, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderRecipient {
    /// Full name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Where messages about the order go.
    pub email: String,
    /// Street and house.
    pub line1: String,
    /// Flat, floor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// Town.
    pub city: String,
    /// Region or state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// How the order travels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderShipping {
    /// The method's code.
    pub code: String,
    /// What the shopper saw it called.
    pub title: String,
    /// What it cost.
    pub price: Money,
}

/// How an order is to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentMethod {
    /// SANDBOX, STRIPE or PAYPAL.
    pub gateway: String,
    /// What the gateway's client gave, if it gives something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// The shopper tries to pay once more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRequested {
    /// The order.
    pub order_id: Id,
    /// Its number.
    pub number: String,
    /// Which attempt this is: 2 and up.
    pub attempt: i32,
    /// How it is to be paid this time.
    pub payment_method: PaymentMethod,
    /// What is to be paid.
    pub total: Money,
    /// The shopper's language.
    pub locale: Locale,
    /// The account; none for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Id>,
}

/// The order took a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderStatusChanged {
    /// The order.
    pub order_id: Id,
    /// Its number.
    pub number: String,
    /// The status before; none when the order was just placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The status now.
    pub to: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What staff or the shopper said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Since the parcel was handed to delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
    /// The account; none for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Id>,
    /// The shopper's language.
    pub locale: Locale,
    /// Who gets it.
    pub recipient: OrderRecipient,
    /// What it cost.
    pub total: Money,
    /// Which row of the order's history this is, from 0: a live view shows each once and in order.
    pub history_position: i32,
}

/// The order will not be delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderCancelled {
    /// The order.
    pub order_id: Id,
    /// Its number.
    pub number: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether money was taken, or may still be, that has to go back.
    pub refund_required: bool,
    /// The account; none for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Id>,
    /// The shopper's language.
    pub locale: Locale,
}

event_data! {
    OrderPlaced => ORDERS, "lavka.order.placed.v1";
    PaymentRequested => ORDERS, "lavka.order.payment_requested.v1";
    OrderStatusChanged => ORDERS, "lavka.order.status_changed.v1";
    OrderCancelled => ORDERS, "lavka.order.cancelled.v1";
}
