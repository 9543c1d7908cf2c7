//! What mutations give.

use async_graphql::{Enum, ID, SimpleObject};
use lavka_kit::locale::Locale;

use super::order::OrderView;
use super::references::Variant;
use super::refusal;
use crate::orders::{Outcome, PlaceRefusal, Placed, SetStockRefusal};

/// The order, or everything that stands in its way.
#[derive(Default, SimpleObject)]
pub struct CheckoutPayload {
    order: Option<OrderView>,
    /// A guest's key to the order, given again when the same idempotencyKey is sent again. Null for a signed-in person.
    order_key: Option<String>,
    user_errors: Vec<CheckoutError>,
}

/// A refusal.
#[derive(SimpleObject)]
pub struct CheckoutError {
    pub code: CheckoutErrorCode,
    /// For the shopper, in the language of `Accept-Language`.
    pub message: String,
    /// Where in the input.
    pub field: Option<Vec<String>>,
    /// What is out of stock, or gone.
    pub sku: Option<ID>,
    /// How many of it are left.
    pub available: Option<i32>,
}

/// Why a cart did not become an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum CheckoutErrorCode {
    /// There is nothing in it.
    CartEmpty,
    /// There is no such cart, or it isn't yours.
    CartNotFound,
    /// It is being ordered right now: read it again in a moment.
    CartBusy,
    /// There are not enough of `sku`: only `available`.
    OutOfStock,
    /// Nobody can order `sku` any more.
    VariantGone,
    /// Something is wrong with the field of the recipient.
    RecipientInvalid,
    /// This method doesn't go to that country.
    ShippingUnavailable,
    /// This store doesn't have that gateway, or it needs a token.
    PaymentMethodInvalid,
    /// This key was sent with something else before.
    IdempotencyKeyReused,
}

/// The order as it is now, and why it isn't as it was wanted.
#[derive(SimpleObject)]
pub struct OrderPayload {
    order: Option<OrderView>,
    user_errors: Vec<OrderError>,
}

/// A refusal.
#[derive(SimpleObject)]
pub struct OrderError {
    pub code: OrderErrorCode,
    /// For the person, in the language of `Accept-Language`.
    pub message: String,
    /// Where in the input.
    pub field: Option<Vec<String>>,
}

/// Why an order did not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum OrderErrorCode {
    /// There is no such order, or it isn't yours.
    OrderNotFound,
    /// This step isn't possible where the order stands.
    StatusConflict,
    /// This store doesn't have that gateway, or it needs a token.
    PaymentMethodInvalid,
    /// A parcel needs a number of 1 to 100 characters.
    TrackingNumberRequired,
    /// This key was sent with something else before.
    IdempotencyKeyReused,
}

/// The variant with its stock, and why it isn't as it was wanted.
#[derive(SimpleObject)]
pub struct VariantPayload {
    variant: Option<Variant>,
    user_errors: Vec<VariantError>,
}

/// A refusal.
#[derive(SimpleObject)]
pub struct VariantError {
    pub code: VariantErrorCode,
    /// For the person, in the language of `Accept-Language`.
    pub message: String,
    /// Where in the input.
    pub field: Option<Vec<String>>,
}

/// Why the stock stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum VariantErrorCode {
    /// Not 0 to 1,000,000.
    QuantityInvalid,
    /// The catalog has no such sku.
    UnknownVariant,
}

impl CheckoutPayload {
    pub fn of(placed: Placed, locale: Locale) -> Self {
        match placed {
            Placed::Order(order) => Self {
                order_key: order.key.clone(),
                order: Some(OrderView::now(*order)),
                user_errors: Vec::new(),
            },
            Placed::Refused(refusals) => {
                let tell = |refusal: PlaceRefusal| refusal::of_checkout(refusal, locale);
                Self {
                    user_errors: refusals.into_iter().map(tell).collect(),
                    ..Self::default()
                }
            }
        }
    }
}

impl OrderPayload {
    pub fn of(outcome: Outcome, locale: Locale) -> Self {
        let user_errors = outcome.refused.map(|refused| refusal::of_order(refused, locale));
        Self {
            order: outcome.order.map(OrderView::now),
            user_errors: user_errors.into_iter().collect(),
        }
    }
}

impl VariantPayload {
    pub fn of(sku: ID, set: Result<(), SetStockRefusal>, locale: Locale) -> Self {
        match set {
            Ok(()) => Self {
                variant: Some(Variant { sku }),
                user_errors: Vec::new(),
            },
            Err(SetStockRefusal::UnknownVariant) => {
                let refused = SetStockRefusal::UnknownVariant;
                Self {
                    variant: None,
                    user_errors: vec![refusal::of_stock(refused, locale)],
                }
            }
            Err(refused) => Self {
                variant: Some(Variant { sku }),
                user_errors: vec![refusal::of_stock(refused, locale)],
            },
        }
    }
}
