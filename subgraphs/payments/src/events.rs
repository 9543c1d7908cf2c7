//! What payments hears on `lavka.orders`, and what it says on `lavka.payments`.

use std::collections::BTreeMap;

use lavka_kit::BoxFuture;
use lavka_kit::bus::{EventHandler, HandlerError};
use lavka_kit::events::orders::{OrderCancelled, OrderPlaced, PaymentRequested};
use lavka_kit::events::payments::{
    PaymentActionRequired, PaymentCancelled, PaymentFailed, PaymentRefunded, PaymentSucceeded,
};
use lavka_kit::events::{CloudEvent, EventData};
use lavka_kit::ids::Id;
use lavka_kit::money::Money;

use crate::begin_payment::BeginPayment;
use crate::desk::Desk;
use crate::end_order::EndOrder;
use crate::failure::{Failure, codes};
use crate::gateway::Gateway;
use crate::payment::{News, Payment};
use crate::refund::{Refund, brought};
use crate::store::{OrderRecord, StoreError, Work};

/// The consumer group, and the consumer's name in the inbox.
pub const GROUP: &str = "payments";

impl EventHandler for Desk {
    fn handle<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let done = if event.is::<OrderPlaced>() {
                self.begin_payment(BeginPayment::of_placed(event.id, event.data()?)?)
                    .await
            } else if event.is::<PaymentRequested>() {
                self.begin_payment(BeginPayment::of_requested(event.id, event.data()?)?)
                    .await
            } else if event.is::<OrderCancelled>() {
                self.end_order(EndOrder::of(event.id, event.data()?)).await
            } else {
                Ok(())
            };
            done.map_err(HandlerError::retry)
        })
    }
}

/// An event names a gateway that this version has never heard of.
#[derive(Debug, thiserror::Error)]
#[error("order {order}: {gateway:?} is no payment gateway")]
struct NoSuchGateway {
    order: Id,
    gateway: String,
}

impl BeginPayment {
    fn of_placed(event_id: Id, placed: OrderPlaced) -> Result<Self, HandlerError> {
        Ok(Self {
            event_id,
            attempt: placed.attempt,
            customer_id: placed.customer_id,
            gateway: gateway(placed.order_id, placed.payment_method.gateway)?,
            token: placed.payment_method.token,
            amount: placed.total,
            order: OrderRecord {
                id: placed.order_id,
                number: placed.number,
                locale: placed.locale,
                order_key: placed.order_key,
                ended: false,
            },
        })
    }

    fn of_requested(event_id: Id, requested: PaymentRequested) -> Result<Self, HandlerError> {
        Ok(Self {
            event_id,
            attempt: requested.attempt,
            customer_id: requested.customer_id,
            gateway: gateway(requested.order_id, requested.payment_method.gateway)?,
            token: requested.payment_method.token,
            amount: requested.total,
            order: OrderRecord {
                id: requested.order_id,
                number: requested.number,
                locale: requested.locale,
                order_key: None,
                ended: false,
            },
        })
    }
}

impl EndOrder {
    fn of(event_id: Id, cancelled: OrderCancelled) -> Self {
        Self {
            event_id,
            order_id: cancelled.order_id,
            number: cancelled.number,
            locale: cancelled.locale,
        }
    }
}

fn gateway(order: Id, code: String) -> Result<Gateway, HandlerError> {
    Gateway::from_code(&code).ok_or_else(|| HandlerError::dead(NoSuchGateway { order, gateway: code }))
}

impl Desk {
    /// Publishes what became of a payment, in the transaction that wrote it.
    pub(crate) async fn announce(
        &self,
        work: &mut dyn Work,
        payment: &Payment,
        order: &OrderRecord,
        news: News,
    ) -> Result<(), StoreError> {
        let (order_id, payment_id, attempt) = (payment.order_id, payment.id, payment.attempt);
        let (gateway, at) = (payment.gateway.code().to_owned(), self.clock.now());
        match news {
            News::Nothing => Ok(()),
            News::Succeeded => {
                let succeeded = PaymentSucceeded {
                    order_id,
                    payment_id,
                    attempt,
                    gateway,
                    gateway_reference: payment.reference.clone().unwrap_or_default(),
                    amount: payment.amount,
                    at,
                    metadata: BTreeMap::from([("orderNumber".to_owned(), order.number.clone())]),
                };
                self.publish(work, order_id, &succeeded).await
            }
            News::Failed => {
                let unnamed = Failure::known(codes::REFUSED);
                let failure = payment.failure.as_ref().unwrap_or(&unnamed);
                let failed = PaymentFailed {
                    order_id,
                    payment_id,
                    attempt,
                    gateway,
                    amount: payment.amount,
                    failure_code: failure.code.clone(),
                    failure_message: failure.text(order.locale),
                    // Every refusal is of this means of payment, not of the order: another one may work.
                    may_retry: true,
                    at,
                };
                self.publish(work, order_id, &failed).await
            }
            News::ActionRequired => {
                let required = PaymentActionRequired {
                    order_id,
                    payment_id,
                    attempt,
                    gateway,
                    redirect_url: payment.redirect_url.clone(),
                    expires_at: payment.expires_at.unwrap_or(at),
                    at,
                };
                self.publish(work, order_id, &required).await
            }
            News::Cancelled => {
                self.publish(
                    work,
                    order_id,
                    &PaymentCancelled {
                        order_id,
                        payment_id,
                        attempt,
                        at,
                    },
                )
                .await
            }
        }
    }

    /// Publishes that money went back.
    pub(crate) async fn announce_refund(
        &self,
        work: &mut dyn Work,
        payment: &Payment,
        refund: &Refund,
        refunded_amount: Money,
    ) -> Result<(), StoreError> {
        let refunded = PaymentRefunded {
            order_id: payment.order_id,
            payment_id: payment.id,
            refund_id: refund.id,
            amount: refund.amount,
            total: refunded_amount.minor >= brought(payment).minor,
            refunded_amount,
            at: self.clock.now(),
        };
        self.publish(work, payment.order_id, &refunded).await
    }

    async fn publish<T: EventData + Sync>(
        &self,
        work: &mut dyn Work,
        subject: Id,
        data: &T,
    ) -> Result<(), StoreError> {
        let event =
            CloudEvent::new(&*self.ids, &*self.clock, subject, data).map_err(|error| StoreError::Engine {
                doing: "write an event as JSON",
                source: error.into(),
            })?;
        work.announce(&event).await
    }
}
