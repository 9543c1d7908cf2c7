//! What notifications hears, and which of it is told to whom. Each thing that happened is told once:
//!
//! | notification | is told by |
//! |---|---|
//! | ORDER_PLACED | `order.placed` |
//! | PAYMENT_SUCCEEDED | `order.status_changed` to PAID: the shop has taken the money *for this order*; money that came too late is only told as refunded |
//! | PAYMENT_FAILED | `payment.failed`: it knows why |
//! | PAYMENT_ACTION_REQUIRED | `payment.action_required`: it knows where |
//! | ORDER_ASSEMBLED, ORDER_HANDED_TO_DELIVERY, ORDER_DELIVERED, ORDER_CANCELLED | `order.status_changed` |
//! | PAYMENT_REFUNDED | `payment.refunded`: also a part, which changes no status |
//! | WELCOME | `user.registered` |
//! | EMAIL_VERIFICATION, PASSWORD_RESET | `user.email_verification_requested`, `user.password_reset_requested` |
//!
//! Payment events travel on another topic than the order's and may overtake it: they wait in the database until the order is known.

mod orders;
mod payments;
mod users;

use lavka_kit::BoxFuture;
use lavka_kit::bus::{EventHandler, HandlerError};
use lavka_kit::events::payments::PaymentSucceeded;
use lavka_kit::events::{CloudEvent, EventError, topics};
use lavka_kit::ids::Id;
use lavka_kit::trace;

use crate::messenger::Messenger;
use crate::store::{StoreError, Work};

/// The consumer group, and the consumer's name in the inbox.
pub const GROUP: &str = "notifications";
/// What is listened to.
pub const TOPICS: [&str; 3] = [topics::ORDERS, topics::PAYMENTS, topics::USERS];

/// An event could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum HearError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The event can't be read.
    #[error(transparent)]
    Event(#[from] EventError),
    /// The template doesn't fit the facts.
    #[error("put an event into words")]
    Words(#[from] minijinja::Error),
}

/// As many events as one transaction takes.
const TOGETHER: usize = 64;

impl EventHandler for Messenger {
    fn handle<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<(), HandlerError>> {
        self.handle_together(std::slice::from_ref(event))
    }

    fn takes_together(&self) -> usize {
        TOGETHER
    }

    fn handle_together<'a>(&'a self, events: &'a [CloudEvent]) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            self.hear(events).await.map_err(|error| match error {
                HearError::Store(StoreError::Engine { .. }) => HandlerError::retry(error),
                // Neither the event nor the template will be another one next time.
                HearError::Store(StoreError::Corrupt { .. }) | HearError::Event(_) | HearError::Words(_) => {
                    HandlerError::dead(error)
                }
            })
        })
    }
}

impl Messenger {
    /// Takes events in, all of them or none.
    pub async fn hear(&self, events: &[CloudEvent]) -> Result<(), HearError> {
        let events: Vec<&CloudEvent> = events.iter().filter(|event| is_told(event)).collect();
        if events.is_empty() {
            return Ok(());
        }
        let mut work = self.store.begin().await?;
        let ids: Vec<Id> = events.iter().map(|event| event.id).collect();
        let mut new = work.first_times(&ids, self.clock.now()).await?;
        let events: Vec<&CloudEvent> = events.into_iter().filter(|it| new.remove(&it.id)).collect();
        if events.is_empty() {
            return Ok(());
        }
        let of_orders = events
            .iter()
            .filter(|event| matches!(event.topic(), Ok(topics::ORDERS | topics::PAYMENTS)));
        let orders: Vec<Id> = of_orders.map(|event| event.subject).collect();
        if !orders.is_empty() {
            work.look_up_orders(&orders).await?;
        }
        for event in events {
            let heard = self.take_in(&mut *work, event);
            trace::within(event.traceparent.as_deref(), heard).await?;
        }
        work.commit().await?;
        self.wake();
        Ok(())
    }

    async fn take_in(&self, work: &mut dyn Work, event: &CloudEvent) -> Result<(), HearError> {
        match event.topic() {
            Ok(topics::ORDERS) => self.hear_of_order(work, event).await,
            Ok(topics::PAYMENTS) => self.hear_of_payment(work, event).await,
            Ok(topics::USERS) => self.hear_of_user(work, event).await,
            _ => Ok(()),
        }
    }
}

/// Not what the table above leaves out: the most frequent of all, a payment that came, is told by the order.
fn is_told(event: &CloudEvent) -> bool {
    event.topic().is_ok() && !event.is::<PaymentSucceeded>()
}

#[cfg(test)]
mod tests;
