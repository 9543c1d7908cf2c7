//! `order.cancelled`: no more money for this order, and what came goes back.
//!
//! The event says whether a refund is required, as orders saw it; payments knows better, since the money may have come
//! meanwhile. So both cases are one: stop what is open, give back what is there, and remember that the order has ended,
//! for money that still arrives.

use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;

use crate::desk::Desk;
use crate::refund::Cause;
use crate::store::{OrderRecord, StoreError};

/// What the event says.
#[derive(Debug, Clone)]
pub struct EndOrder {
    /// The event, by which it takes effect once.
    pub event_id: Id,
    /// The order.
    pub order_id: Id,
    /// Its number, for people.
    pub number: String,
    /// The shopper's language.
    pub locale: Locale,
}

impl Desk {
    /// Ends the order here.
    pub async fn end_order(&self, input: EndOrder) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        if !work.first_time(input.event_id, self.clock.now()).await? {
            return Ok(());
        }
        let known = work.order(input.order_id).await?;
        if known.is_none() {
            tracing::warn!(order = %input.order_id, "an order was cancelled before it was placed here");
        }
        // Unknown: its `placed` is a dead letter, perhaps, and is replayed one day. Then it must find that the order has ended.
        let order = OrderRecord {
            ended: true,
            ..known.unwrap_or(OrderRecord {
                id: input.order_id,
                number: input.number,
                locale: input.locale,
                order_key: None,
                ended: true,
            })
        };
        work.save_order(&order).await?;
        for mut payment in work.payments_of(order.id).await? {
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
