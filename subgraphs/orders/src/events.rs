//! What orders publishes on `lavka.orders`, and what it hears on `lavka.payments`.

use lavka_kit::BoxFuture;
use lavka_kit::bus::{EventHandler, HandlerError};
use lavka_kit::events::CloudEvent;
use lavka_kit::events::orders::{
    OrderCancelled, OrderPlaced, OrderShipping, OrderStatusChanged, PaymentMethod, PaymentRequested,
    PlacedLine,
};
use lavka_kit::events::payments::{
    PaymentActionRequired, PaymentCancelled, PaymentFailed, PaymentRefunded, PaymentSucceeded,
};
use lavka_kit::ids::Id;

use crate::order::Order;
use crate::orders::{Heard, News, Orders};
use crate::state::Status;

impl Order {
    /// It was placed.
    pub fn placed(&self, payment_method: PaymentMethod) -> OrderPlaced {
        let line = |line: &crate::order::Line| PlacedLine {
            sku: line.sku.clone(),
            title: line.title.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
        };
        OrderPlaced {
            order_id: self.id,
            number: self.display_number(),
            customer_id: self.customer,
            cart_id: self.cart.id,
            cart_generation: self.cart.generation,
            locale: self.locale,
            lines: self.lines.iter().map(line).collect(),
            recipient: self.recipient.clone(),
            shipping: OrderShipping {
                code: self.shipping.code.clone(),
                title: self.shipping.title.clone(),
                price: self.shipping.price,
            },
            total: self.total,
            payment_method,
            attempt: self.attempt,
            order_key: self.key.clone(),
        }
    }

    /// Its last step.
    pub fn changed(&self, from: Status) -> OrderStatusChanged {
        let last = self.history.last();
        OrderStatusChanged {
            order_id: self.id,
            number: self.display_number(),
            from: Some(from.code().to_owned()),
            to: self.status.code().to_owned(),
            at: last.map_or(self.placed_at, |entry| entry.at),
            note: last.and_then(|entry| entry.note.clone()),
            tracking_number: self.tracking_number.clone(),
            customer_id: self.customer,
            locale: self.locale,
            recipient: self.recipient.clone(),
            total: self.total,
            history_position: i32::try_from(self.position()).unwrap_or(i32::MAX),
        }
    }

    /// It was cancelled, or money came for it that has to go back.
    pub fn cancelled(&self, reason: Option<String>) -> OrderCancelled {
        OrderCancelled {
            order_id: self.id,
            number: self.display_number(),
            reason,
            refund_required: self.refund_required,
            customer_id: self.customer,
            locale: self.locale,
        }
    }

    /// Its next payment attempt is wanted.
    pub fn payment_requested(&self, payment_method: PaymentMethod) -> PaymentRequested {
        PaymentRequested {
            order_id: self.id,
            number: self.display_number(),
            attempt: self.attempt,
            payment_method,
            total: self.total,
            locale: self.locale,
            customer_id: self.customer,
        }
    }
}

/// What an event of payments tells of which order; none where it tells us nothing.
fn read(event: &CloudEvent) -> Result<Option<(Id, News)>, HandlerError> {
    Ok(if event.is::<PaymentSucceeded>() {
        let data: PaymentSucceeded = event.data()?;
        Some((
            data.order_id,
            News::Succeeded {
                payment: data.payment_id,
                amount: data.amount,
            },
        ))
    } else if event.is::<PaymentFailed>() {
        let data: PaymentFailed = event.data()?;
        Some((
            data.order_id,
            News::Failed {
                attempt: data.attempt,
                message: Some(data.failure_message),
            },
        ))
    } else if event.is::<PaymentCancelled>() {
        // The current attempt came to nothing: the shopper may try again.
        let data: PaymentCancelled = event.data()?;
        Some((
            data.order_id,
            News::Failed {
                attempt: data.attempt,
                message: None,
            },
        ))
    } else if event.is::<PaymentActionRequired>() {
        let data: PaymentActionRequired = event.data()?;
        Some((
            data.order_id,
            News::ActionRequired {
                attempt: data.attempt,
            },
        ))
    } else if event.is::<PaymentRefunded>() {
        let data: PaymentRefunded = event.data()?;
        data.total.then_some((
            data.order_id,
            News::Refunded {
                payment: data.payment_id,
            },
        ))
    } else {
        None
    })
}

/// As many events as one unit of work takes.
const TOGETHER: usize = 64;

impl EventHandler for Orders {
    fn handle<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<(), HandlerError>> {
        self.handle_together(std::slice::from_ref(event))
    }

    fn takes_together(&self) -> usize {
        TOGETHER
    }

    fn handle_together<'a>(&'a self, events: &'a [CloudEvent]) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let mut heard = Vec::with_capacity(events.len());
            for event in events {
                if let Some((order, news)) = read(event)? {
                    heard.push(Heard {
                        event: event.id,
                        order,
                        news,
                        traceparent: event.traceparent.clone(),
                    });
                }
            }
            if heard.is_empty() {
                return Ok(());
            }
            self.hear_payments(heard).await.map_err(HandlerError::retry)
        })
    }
}
