//! A cart to begin with: an account's one and only, or a new one for a guest.

use lavka_kit::ids::Id;

use super::Carts;
use crate::cart::Cart;
use crate::store::StoreError;

impl Carts {
    /// The account's cart; opened when it is asked for the first time.
    pub async fn of_user(&self, user: Id) -> Result<Cart, StoreError> {
        match self.store.find_of(user).await? {
            Some(cart) => Ok(cart),
            None => self.store.open(self.blank(Some(user))).await,
        }
    }

    /// A new cart that its id alone opens.
    pub(super) async fn of_guest(&self) -> Result<Cart, StoreError> {
        self.store.open(self.blank(None)).await
    }

    fn blank(&self, owner: Option<Id>) -> Cart {
        Cart::new(Id::unguessable(&*self.randomness), owner, self.clock.now())
    }
}
