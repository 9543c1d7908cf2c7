//! An order wants to be paid: `order.placed` (attempt 1) and `order.payment_requested` (the next one).
//!
//! Here the intent is written down, nothing more: the gateway is called by the worker (`settle_payment.rs`), which may crash and
//! begin again. An attempt that is still live is given up first, and the new one waits for its end: two live charges
//! for one order must never exist.

use lavka_kit::ids::Id;
use lavka_kit::money::Money;

use crate::desk::Desk;
use crate::failure::{Failure, codes};
use crate::gateway::Gateway;
use crate::payment::{Attentions, Goal, News, Payment, Status};
use crate::reconcile::first_comparison;
use crate::store::{OrderRecord, StoreError};

/// What the event says.
#[derive(Debug, Clone)]
pub struct BeginPayment {
    /// The event, by which it takes effect once.
    pub event_id: Id,
    /// The order, not ended.
    pub order: OrderRecord,
    /// Which attempt, from 1.
    pub attempt: i32,
    /// Who ordered; none for a guest.
    pub customer_id: Option<Id>,
    /// Where to pay.
    pub gateway: Gateway,
    /// What the client chose there.
    pub token: Option<String>,
    /// How much.
    pub amount: Money,
}

impl Desk {
    /// Writes the attempt down.
    pub async fn begin_payment(&self, input: BeginPayment) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        if !work.first_time(input.event_id, self.clock.now()).await? {
            return Ok(());
        }
        let known = work.order(input.order.id).await?;
        let is_new = known.is_none();
        let mut order = match known {
            // What was known stays: that the order ended, and the key, which only `order.placed` tells.
            Some(known) => OrderRecord {
                ended: known.ended,
                order_key: known.order_key.or(input.order.order_key),
                ..input.order
            },
            None => input.order,
        };
        work.save_order(&order).await?;
        if is_new && let Some(written) = work.order(order.id).await? {
            // Nobody could lock what wasn't there: its end may have been written meanwhile.
            order = written;
        }

        let earlier = work.payments_of(order.id).await?;
        if earlier.iter().any(|payment| payment.attempt >= input.attempt) {
            // Told twice under two event ids.
            return work.commit().await;
        }
        let now = self.clock.now();
        let paid = earlier.iter().any(|payment| payment.status == Status::Succeeded);
        for mut payment in earlier {
            if payment.give_up(now) {
                work.save_payment(&payment).await?;
            }
        }

        let mut payment = Payment {
            id: self.ids.next(),
            order_id: order.id,
            attempt: input.attempt,
            customer_id: input.customer_id,
            gateway: input.gateway,
            token: input.token,
            amount: input.amount,
            status: Status::Pending,
            goal: Goal::Collect,
            sent: false,
            capturing: false,
            reference: None,
            client_secret: None,
            redirect_url: None,
            expires_at: None,
            failure: None,
            capture: None,
            attention: Attentions::default(),
            settled: Attentions::default(),
            came: None,
            elsewhere: 0,
            due_at: Some(now),
            tries: 0,
            created_at: now,
            compare_at: first_comparison(now),
        };
        let news = if order.ended || paid {
            payment.cancel_unsent()
        } else if self.gateways.get(input.gateway).is_none() {
            payment.fail(Failure::known(codes::GATEWAY_NOT_CONFIGURED))
        } else {
            News::Nothing
        };
        work.save_payment(&payment).await?;
        self.announce(&mut *work, &payment, &order, news).await?;
        work.commit().await?;
        self.wake();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
