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
use lavka_kit::events::{CloudEvent, EventError, topics};

use crate::messenger::Messenger;
use crate::store::StoreError;

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

impl EventHandler for Messenger {
    fn handle<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            self.hear(event).await.map_err(|error| match error {
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
    /// Takes one event in.
    pub async fn hear(&self, event: &CloudEvent) -> Result<(), HearError> {
        let mut work = self.store.begin().await?;
        if !work.first_time(event.id, self.clock.now()).await? {
            return Ok(());
        }
        match event.topic() {
            Ok(topics::ORDERS) => self.hear_of_order(&mut *work, event).await?,
            Ok(topics::PAYMENTS) => self.hear_of_payment(&mut *work, event).await?,
            Ok(topics::USERS) => self.hear_of_user(&mut *work, event).await?,
            _ => {}
        }
        work.commit().await?;
        self.wake();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
