//! What payments tells of an order, each told once.
//!
//! Money that came counts, whichever attempt brought it. Everything else counts only for the current attempt: news of an older one
//! come late and must not harm its successor.

use std::collections::HashMap;

use lavka_kit::ids::Id;
use lavka_kit::money::Money;
use lavka_kit::trace;

use super::Orders;
use crate::order::Order;
use crate::state::{Status, Step};
use crate::store::{StoreError, Work};

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    Succeeded {
        payment: Id,
        amount: Money,
    },
    Failed {
        attempt: i32,
        message: Option<String>,
    },
    ActionRequired {
        attempt: i32,
    },
    /// All that this payment brought went back.
    Refunded {
        payment: Id,
    },
}

/// News of an order, by an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub event: Id,
    pub order: Id,
    pub news: News,
    /// The trace that the event belongs to.
    pub traceparent: Option<String>,
}

impl Orders {
    /// Takes the news in, in one unit of work with the memory that they were heard.
    pub async fn hear_payments(&self, heard: Vec<Heard>) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        let events: Vec<Id> = heard.iter().map(|it| it.event).collect();
        let mut new = work.first_times(&events, self.clock.now()).await?;
        let heard: Vec<Heard> = heard.into_iter().filter(|it| new.remove(&it.event)).collect();
        if heard.is_empty() {
            return Ok(());
        }
        let ids: Vec<Id> = heard.iter().map(|it| it.order).collect();
        let mut orders: HashMap<Id, Order> = HashMap::new();
        for order in work.orders(&ids).await? {
            orders.insert(order.id, order);
        }
        for Heard {
            event,
            order: id,
            news,
            traceparent,
        } in heard
        {
            // What was done before in this work is read anew.
            let order = match orders.remove(&id) {
                Some(order) => Some(order),
                None => work.order(id).await?,
            };
            match order {
                Some(order) => {
                    trace::within(traceparent.as_deref(), self.take_in(&mut *work, order, news)).await?;
                }
                // Without the news: a gateway's own words may be in it.
                None => {
                    tracing::warn!(order = %id, %event, "payments speaks of an order that isn't here");
                }
            }
        }
        work.commit().await
    }

    async fn take_in(&self, work: &mut dyn Work, mut order: Order, news: News) -> Result<(), StoreError> {
        let current = |attempt| order.attempt == attempt && order.status == Status::PendingPayment;
        let (step, note) = match news {
            News::Succeeded { payment, amount } => {
                return self.money_came(work, order, payment, amount).await;
            }
            News::Failed { attempt, message } if current(attempt) => (Step::FailPayment, message),
            News::ActionRequired { attempt } if current(attempt) => (Step::AwaitAction, None),
            News::Refunded { payment } if order.paid_by == Some(payment) => (Step::Refund, None),
            News::Failed { .. } | News::ActionRequired { .. } | News::Refunded { .. } => return Ok(()),
        };
        // What isn't possible any more is no news: a refund of a cancelled order, an action that is awaited already.
        let _no_news = self.take(work, &mut order, step, note).await?;
        Ok(())
    }

    async fn money_came(
        &self,
        work: &mut dyn Work,
        mut order: Order,
        payment: Id,
        amount: Money,
    ) -> Result<(), StoreError> {
        if amount != order.total {
            tracing::error!(order = %order.id, %payment, came = %amount, due = %order.total, "another amount came than is due: not taken as paid");
            return Ok(());
        }
        let paid_before = order.paid_by.replace(payment);
        if self.take(work, &mut order, Step::Pay, None).await?.is_ok() {
            return Ok(());
        }
        if order.status == Status::Cancelled && !order.refund_required {
            // It came for an order that is dead: it has to go back.
            order.refund_required = true;
            work.save(&order).await?;
            let reason = order.history.last().and_then(|entry| entry.note.clone());
            return self.publish(work, &order, &order.cancelled(reason)).await;
        }
        tracing::warn!(order = %order.id, %payment, ?paid_before, "money came for an order that needs none");
        Ok(())
    }
}
