//! A cart was sold: its lines leave it, and its next generation begins. Asked for by orders at once, and told again by
//! `order.placed`; whichever comes first does it.

use lavka_kit::ids::Id;

use super::Carts;
use crate::cart::{Cart, Ordered};
use crate::store::StoreError;

impl Carts {
    /// The cart afterwards; `None` when there is none of this id.
    pub async fn take_ordered(
        &self,
        id: Id,
        generation: i32,
        ordered: &[Ordered],
    ) -> Result<Option<Cart>, StoreError> {
        self.store
            .take_ordered(id, generation, ordered, self.clock.now())
            .await
    }
}
