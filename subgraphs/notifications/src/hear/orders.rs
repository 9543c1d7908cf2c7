//! What is heard of orders.

use lavka_kit::events::CloudEvent;
use lavka_kit::events::orders::{OrderPlaced, OrderStatusChanged};
use lavka_kit::ids::Id;
use serde_json::json;

use super::HearError;
use crate::kind::Kind;
use crate::messenger::Messenger;
use crate::notification::{OrderContact, Recipient};
use crate::store::{StoreError, Work};
use crate::tell::Happening;

impl Messenger {
    pub(super) async fn hear_of_order(
        &self,
        work: &mut dyn Work,
        event: &CloudEvent,
    ) -> Result<(), HearError> {
        if event.is::<OrderPlaced>() {
            self.order_placed(work, event.data()?).await
        } else if event.is::<OrderStatusChanged>() {
            self.order_moved(work, event.data()?).await
        } else {
            Ok(())
        }
    }

    async fn order_placed(&self, work: &mut dyn Work, placed: OrderPlaced) -> Result<(), HearError> {
        let order = OrderContact {
            id: placed.order_id,
            number: placed.number,
            customer_id: placed.customer_id,
            locale: placed.locale,
            name: placed.recipient.name,
            email: placed.recipient.email,
            phone: placed.recipient.phone,
            order_key: placed.order_key,
            total: placed.total,
        };
        work.save_order(&order).await?;
        let lines: Vec<_> = placed
            .lines
            .iter()
            .map(|line| {
                let sum = line.unit_price.times(line.quantity.into()).unwrap_or(line.unit_price);
                json!({ "title": line.title, "quantity": line.quantity, "unitPrice": line.unit_price, "sum": sum })
            })
            .collect();
        let happening = Happening {
            cause: format!("order {} placed", order.id),
            kind: Kind::OrderPlaced,
            order_id: Some(order.id),
            to: self.recipient_of(work, &order).await?,
            link: self.order_link(order.id, order.order_key.as_deref()),
            facts: json!({
                "number": order.number,
                "total": order.total,
                "lines": lines,
                "shipping": { "title": placed.shipping.title, "price": placed.shipping.price },
            }),
        };
        self.tell(work, happening).await?;
        for event in work.take_waiting(order.id).await? {
            self.hear_of_payment(work, &event).await?;
        }
        Ok(())
    }

    async fn order_moved(&self, work: &mut dyn Work, moved: OrderStatusChanged) -> Result<(), HearError> {
        let kind = match moved.to.as_str() {
            "PAID" => Kind::PaymentSucceeded,
            "ASSEMBLED" => Kind::OrderAssembled,
            "HANDED_TO_DELIVERY" => Kind::OrderHandedToDelivery,
            "DELIVERED" => Kind::OrderDelivered,
            "CANCELLED" => Kind::OrderCancelled,
            // PENDING_PAYMENT, PAYMENT_FAILED and REFUNDED are told by the payment's own events.
            _ => return Ok(()),
        };
        // Written by `order.placed`, which comes first; the event itself has all that is needed but a guest's key.
        let key = work
            .order(moved.order_id)
            .await?
            .and_then(|order| order.order_key);
        let link = self.order_link(moved.order_id, key.as_deref());
        let order = OrderContact {
            id: moved.order_id,
            number: moved.number,
            customer_id: moved.customer_id,
            locale: moved.locale,
            name: moved.recipient.name,
            email: moved.recipient.email,
            phone: moved.recipient.phone,
            order_key: key,
            total: moved.total,
        };
        let happening = Happening {
            cause: format!("order {} step {}", order.id, moved.history_position),
            kind,
            order_id: Some(order.id),
            to: self.recipient_of(work, &order).await?,
            link,
            facts: json!({
                "number": order.number,
                "total": order.total,
                "tracking": moved.tracking_number,
                "note": moved.note,
            }),
        };
        self.tell(work, happening).await
    }

    /// Who is told of an order: whoever gets it, at the address given for it; in the language of their account, if they have one.
    pub(super) async fn recipient_of(
        &self,
        work: &mut dyn Work,
        order: &OrderContact,
    ) -> Result<Recipient, StoreError> {
        let account: Option<Id> = order.customer_id;
        let contact = match account {
            Some(user) => work.contact(user).await?,
            None => None,
        };
        Ok(Recipient {
            user_id: account,
            name: order.name.clone(),
            email: order.email.clone(),
            phone: Some(order.phone.clone()).filter(|phone| !phone.is_empty()),
            locale: contact.map_or(order.locale, |contact| contact.locale),
        })
    }
}
