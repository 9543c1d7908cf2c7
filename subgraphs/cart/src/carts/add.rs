//! Put something into a cart. Stock is not asked: checkout does that.

use lavka_kit::caller::Caller;
use lavka_kit::ids::Id;
use lavka_kit::peers::RequestLoaders;

use super::{CartFault, Carts, Outcome, Refused};
use crate::cart::MAX_QUANTITY;
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
        let is_possible = (1..=MAX_QUANTITY).contains(&input.quantity);
        let refused = match is_possible {
            false => Some(Refused::QuantityInvalid),
            true if self.prices.of(loaders, &input.sku).await?.is_none() => Some(Refused::UnknownVariant),
            true => None,
        };
        if let Some(refused) = refused {
            return self.not_added(caller, input.cart, refused).await;
        }
        let id = match (input.cart, caller.user_id()) {
            (Some(Some(id)), _) => id,
            (Some(None), _) => return Ok(Outcome::refused(None, Refused::CartNotFound)),
            (None, Some(user)) => self.of_user(user).await?.id,
            (None, None) => self.of_guest().await?.id,
        };
        let Add { sku, quantity, .. } = input;
        self.change(caller, id, &Change::Add { sku, quantity }).await
    }

    /// The cart as it stays. That it isn't theirs is said before anything else.
    async fn not_added(
        &self,
        caller: &Caller,
        cart: Option<Option<Id>>,
        refused: Refused,
    ) -> Result<Outcome, CartFault> {
        let cart = match (cart, caller.user_id()) {
            (Some(id), _) => match self.find(caller, id).await? {
                None => return Ok(Outcome::refused(None, Refused::CartNotFound)),
                cart => cart,
            },
            (None, Some(user)) => self.store.find_of(user).await?,
            (None, None) => None,
        };
        Ok(Outcome::refused(cart, refused))
    }
}
