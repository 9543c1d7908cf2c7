//! Put something into a cart. Stock is not asked: checkout does that.

use lavka_kit::caller::Caller;
use lavka_kit::ids::Id;
use lavka_kit::peers::RequestLoaders;

use super::{CartFault, Carts, Outcome, Refused};
use crate::cart::MAX_QUANTITY;
use crate::catalog;
use crate::change::Change;

/// What a shopper wants.
#[derive(Debug, Clone)]
pub struct Add {
    /// `None`: the signed-in person's cart, or a new guest's. `Some(None)`: an id that can't be one of ours.
    pub cart: Option<Option<Id>>,
    pub sku: String,
    pub quantity: i32,
}

impl Carts {
    /// Adds, or says why not. A refused addition opens no cart.
    pub async fn add(
        &self,
        caller: &Caller,
        loaders: &RequestLoaders,
        input: Add,
    ) -> Result<Outcome, CartFault> {
        let cart = match (input.cart, caller.user_id()) {
            (Some(id), _) => match self.find(caller, id).await? {
                None => return Ok(Outcome::refused(None, Refused::CartNotFound)),
                cart => cart,
            },
            (None, Some(user)) => self.store.find_of(user).await?,
            (None, None) => None,
        };
        if !(1..=MAX_QUANTITY).contains(&input.quantity) {
            return Ok(Outcome::refused(cart, Refused::QuantityInvalid));
        }
        if catalog::price(&self.peers, loaders, &input.sku).await?.is_none() {
            return Ok(Outcome::refused(cart, Refused::UnknownVariant));
        }
        let id = match (cart, caller.user_id()) {
            (Some(cart), _) => cart.id,
            (None, Some(user)) => self.of_user(user).await?.id,
            (None, None) => self.of_guest().await?.id,
        };
        self.change(
            id,
            &Change::Add {
                sku: input.sku,
                quantity: input.quantity,
            },
        )
        .await
    }
}
