//! `order.cancelled`: no more money for this order, and what came goes back.
//!
//! The event says whether a refund is required, as orders saw it; payments knows better, since the money may have come
//! meanwhile. So both cases are one: stop what is open, give back what is there, and remember that the order has ended,
//! for money that still arrives.

use lavka_kit::ids::Id;

use crate::desk::Desk;
use crate::refund::Cause;
use crate::store::StoreError;

impl Desk {
    /// Ends the order here.
    pub async fn end_order(&self, event_id: Id, order_id: Id) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        if !work.first_time(event_id, self.clock.now()).await? {
            return Ok(());
        }
        // Unknown: orders publishes `placed` first, and the bus keeps an order's events in order.
        let Some(mut order) = work.order(order_id).await? else {
            tracing::warn!(%order_id, "an order was cancelled that was never placed here");
            return work.commit().await;
        };
        order.ended = true;
        work.save_order(&order).await?;
        for mut payment in work.payments_of(order_id).await? {
            if payment.give_up(self.clock.now()) {
                work.save_payment(&payment).await?;
            }
            self.give_back(&mut *work, &payment, Cause::OrderEnded).await?;
        }
        work.commit().await?;
        self.wake();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
