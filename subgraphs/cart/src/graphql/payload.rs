//! What mutations take and give.

use async_graphql::{Enum, ID, InputObject, SimpleObject};
use lavka_kit::locale::Locale;

use super::cart::CartView;
use crate::carts::{Outcome, Refused};

/// What to put into which cart.
#[derive(InputObject)]
pub struct AddToCartInput {
    /// None: the signed-in person's cart, or a new cart for a guest.
    pub cart_id: Option<ID>,
    pub sku: ID,
    /// 1 to 999, together with what is there.
    pub quantity: i32,
}

/// How many there should be.
#[derive(InputObject)]
pub struct SetCartLineQuantityInput {
    pub cart_id: ID,
    pub sku: ID,
    /// 0 removes the line.
    pub quantity: i32,
}

/// What to take out.
#[derive(InputObject)]
pub struct RemoveFromCartInput {
    pub cart_id: ID,
    pub sku: ID,
}

/// Which cart to empty.
#[derive(InputObject)]
pub struct ClearCartInput {
    pub cart_id: ID,
}

/// So many of a sku became an order.
#[derive(InputObject)]
#[graphql(inaccessible)]
pub struct OrderedLineInput {
    pub sku: ID,
    pub quantity: i32,
}

/// The cart as it is now, and why it isn't as it was wanted.
#[derive(SimpleObject)]
pub struct CartPayload {
    cart: Option<CartView>,
    user_errors: Vec<CartError>,
}

/// A refusal.
#[derive(SimpleObject)]
pub struct CartError {
    code: CartErrorCode,
    /// For the shopper, in the language of `Accept-Language`.
    message: String,
    /// Where in the input.
    field: Option<Vec<String>>,
}

/// Why a cart was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum CartErrorCode {
    /// Nobody can order this sku.
    UnknownVariant,
    /// Not 1 to 999 of a sku.
    QuantityInvalid,
    /// There is no such cart, or it isn't yours.
    CartNotFound,
    /// A cart holds 100 lines.
    CartFull,
}

impl CartPayload {
    pub fn of(outcome: Outcome, locale: Locale) -> Self {
        let user_errors = outcome
            .refused
            .map(|refused| CartError::of(refused, locale))
            .into_iter()
            .collect();
        Self {
            cart: outcome.cart.map(CartView::new),
            user_errors,
        }
    }
}

impl CartError {
    fn of(refused: Refused, locale: Locale) -> Self {
        let (code, field, ru, en) = match refused {
            Refused::UnknownVariant => (
                CartErrorCode::UnknownVariant,
                "sku",
                "Такого товара нет в продаже",
                "This item is not for sale",
            ),
            Refused::QuantityInvalid => (
                CartErrorCode::QuantityInvalid,
                "quantity",
                "Одного товара может быть от 1 до 999 штук",
                "There can be 1 to 999 of an item",
            ),
            Refused::CartNotFound => (
                CartErrorCode::CartNotFound,
                "cartId",
                "Такой корзины нет",
                "There is no such cart",
            ),
            Refused::CartFull => (
                CartErrorCode::CartFull,
                "sku",
                "В корзине уже 100 разных товаров: больше не поместится",
                "The cart holds 100 different items already",
            ),
        };
        let field = Some(vec!["input".to_owned(), field.to_owned()]);
        Self {
            code,
            message: locale.pick(ru, en).to_owned(),
            field,
        }
    }
}
