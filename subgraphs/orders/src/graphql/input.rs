//! What mutations take.

use async_graphql::{ID, InputObject};
use lavka_kit::events::orders::OrderRecipient;

use crate::payment_method::Gateway;

/// A cart to be ordered.
#[derive(InputObject)]
pub struct CheckoutInput {
    pub cart_id: ID,
    pub recipient: RecipientInput,
    /// The code of one of `shippingMethods` for the recipient's country.
    pub shipping_method: String,
    pub payment: PaymentMethodInput,
    /// 1 to 200 characters. Send the same one again when no answer came: it makes one order.
    pub idempotency_key: String,
}

/// Who gets it, and where.
#[derive(InputObject)]
pub struct RecipientInput {
    pub name: String,
    pub phone: String,
    pub email: String,
    pub line1: String,
    pub line2: Option<String>,
    pub city: String,
    pub region: Option<String>,
    pub postal_code: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

impl From<RecipientInput> for OrderRecipient {
    fn from(input: RecipientInput) -> Self {
        let RecipientInput {
            name,
            phone,
            email,
            line1,
            line2,
            city,
            region,
            postal_code,
            country,
        } = input;
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

/// How it is to be paid.
#[derive(InputObject)]
pub struct PaymentMethodInput {
    pub gateway: Gateway,
    /// What the gateway's client gave. The sandbox knows "ok", "declined", "slow" and "action_required".
    pub token: Option<String>,
}

/// An order.
#[derive(InputObject)]
pub struct OrderIdInput {
    pub order_id: ID,
}

/// A paid order that can't be fulfilled.
#[derive(InputObject)]
pub struct FlagOrderInput {
    pub order_id: ID,
    /// Why, for whoever decides: 1 to 500 characters. The shopper doesn't see it.
    pub reason: String,
}

/// An order to be called off.
#[derive(InputObject)]
pub struct CancelOrderInput {
    pub order_id: ID,
    /// At most 500 characters.
    pub reason: Option<String>,
    /// A guest's key, from the checkout.
    pub order_key: Option<String>,
}

/// An order to be paid once more.
#[derive(InputObject)]
pub struct RetryPaymentInput {
    pub order_id: ID,
    pub payment: PaymentMethodInput,
    /// 1 to 200 characters. Send the same one again when no answer came: it makes one attempt.
    pub idempotency_key: String,
    /// A guest's key, from the checkout.
    pub order_key: Option<String>,
}

/// A parcel that is on its way.
#[derive(InputObject)]
pub struct HandOrderToDeliveryInput {
    pub order_id: ID,
    pub tracking_number: String,
}

/// What was counted.
#[derive(InputObject)]
pub struct SetStockInput {
    pub sku: ID,
    /// 0 to 1,000,000: what can be bought from now on. What orders already hold stays beside it.
    pub quantity: i32,
}
