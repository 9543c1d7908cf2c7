//! Change, remove, clear: what can be done to a cart that is there.

use lavka_kit::caller::Caller;
use lavka_kit::ids::Id;
use lavka_kit::peers::RequestLoaders;

use super::{CartFault, Carts, Outcome, Refused, is_theirs};
use crate::cart::Cart;
use crate::change::Change;
use crate::store::{Changed, StoreError};

impl Carts {
    /// Exactly so many of a sku; 0 removes, also what nobody can order any more.
    pub async fn set_quantity(
        &self,
        caller: &Caller,
        loaders: &RequestLoaders,
        id: Option<Id>,
        sku: String,
        quantity: i32,
    ) -> Result<Outcome, CartFault> {
        let Some(cart) = self.find(caller, id).await? else {
            return Ok(Outcome::refused(None, Refused::CartNotFound));
        };
        if quantity > 0 && self.prices.of(loaders, &sku).await?.is_none() {
            return Ok(Outcome::refused(Some(cart), Refused::UnknownVariant));
        }
        self.change(caller, cart.id, &Change::Set { sku, quantity }).await
    }

    /// None of a sku.
    pub async fn remove(&self, caller: &Caller, id: Option<Id>, sku: String) -> Result<Outcome, CartFault> {
        self.change_theirs(caller, id, &Change::Remove { sku }).await
    }

    /// Nothing at all.
    pub async fn clear(&self, caller: &Caller, id: Option<Id>) -> Result<Outcome, CartFault> {
        self.change_theirs(caller, id, &Change::Clear).await
    }

    async fn change_theirs(
        &self,
        caller: &Caller,
        id: Option<Id>,
        change: &Change,
    ) -> Result<Outcome, CartFault> {
        match id {
            Some(id) => self.change(caller, id, change).await,
            None => Ok(Outcome::refused(None, Refused::CartNotFound)),
        }
    }

    /// The one step that counts: whether the cart is there and theirs is asked in it.
    pub(super) async fn change(
        &self,
        caller: &Caller,
        id: Id,
        change: &Change,
    ) -> Result<Outcome, CartFault> {
        let is_theirs = |cart: &Cart| is_theirs(caller, cart);
        let changed: Result<Changed, StoreError> =
            self.store.change(id, &is_theirs, change, self.clock.now()).await;
        Ok(match changed? {
            Changed::Done(cart) => Outcome::done(cart),
            Changed::Refused(cart, refusal) => Outcome::refused(Some(cart), refusal.into()),
            Changed::Absent => Outcome::refused(None, Refused::CartNotFound),
        })
    }
}
