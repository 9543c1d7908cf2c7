//! What cart hears on `lavka.orders`. It publishes nothing.

use lavka_kit::BoxFuture;
use lavka_kit::bus::{EventHandler, HandlerError};
use lavka_kit::events::CloudEvent;
use lavka_kit::events::orders::OrderPlaced;

use crate::cart::Ordered;
use crate::carts::Carts;

/// Takes a placed order's lines out, where the call that should have done it was lost. No inbox: the cart's generation
/// tells whether it has happened, on every engine.
impl EventHandler for Carts {
    fn handle<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            if !event.is::<OrderPlaced>() {
                return Ok(());
            }
            let placed: OrderPlaced = event.data()?;
            let ordered: Vec<Ordered> = placed
                .lines
                .into_iter()
                .map(|line| Ordered {
                    sku: line.sku,
                    quantity: line.quantity,
                })
                .collect();
            let taken = self
                .take_ordered(placed.cart_id, placed.cart_generation, &ordered)
                .await;
            taken.map(drop).map_err(HandlerError::retry)
        })
    }
}
