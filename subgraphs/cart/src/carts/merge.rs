//! A guest signed in: what their cart held comes into the account's. Asked for by users; safe to ask for again.

use lavka_kit::ids::Id;

use super::Carts;
use crate::cart::Cart;
use crate::store::StoreError;

impl Carts {
    /// The account's cart after the merge. A cart that isn't a guest's, or isn't there (any more), changes nothing.
    pub async fn merge(&self, guest: Option<Id>, user: Id) -> Result<Cart, StoreError> {
        let own = self.of_user(user).await?;
        match guest {
            Some(guest) => Ok(self
                .store
                .merge(guest, own.id, self.clock.now())
                .await?
                .unwrap_or(own)),
            None => Ok(own),
        }
    }
}
