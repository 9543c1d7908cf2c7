//! What is heard of payments.

use lavka_kit::events::CloudEvent;
use lavka_kit::events::payments::{PaymentActionRequired, PaymentFailed, PaymentRefunded};
use serde_json::{Value, json};

use super::HearError;
use crate::kind::Kind;
use crate::messenger::Messenger;
use crate::store::Work;
use crate::tell::Happening;

impl Messenger {
    pub(super) async fn hear_of_payment(
        &self,
        work: &mut dyn Work,
        event: &CloudEvent,
    ) -> Result<(), HearError> {
        let (order_id, cause, kind, link, mut facts) = if event.is::<PaymentFailed>() {
            let failed: PaymentFailed = event.data()?;
            let facts = json!({ "reason": failed.failure_message });
            (
                failed.order_id,
                format!("payment {} failed", failed.payment_id),
                Kind::PaymentFailed,
                None,
                facts,
            )
        } else if event.is::<PaymentActionRequired>() {
            let required: PaymentActionRequired = event.data()?;
            let cause = format!("payment {} needs action", required.payment_id);
            let facts = json!({ "expires": required.expires_at });
            (
                required.order_id,
                cause,
                Kind::PaymentActionRequired,
                required.redirect_url,
                facts,
            )
        } else if event.is::<PaymentRefunded>() {
            let refunded: PaymentRefunded = event.data()?;
            let whole = refunded.amount == refunded.refunded_amount && refunded.total;
            let facts = json!({ "amount": refunded.amount, "whole": whole });
            (
                refunded.order_id,
                format!("refund {}", refunded.refund_id),
                Kind::PaymentRefunded,
                None,
                facts,
            )
        } else {
            return Ok(());
        };
        let Some(order) = work.order(order_id).await? else {
            return Ok(work.keep_waiting(order_id, event).await?);
        };
        if let Value::Object(facts) = &mut facts {
            facts.insert("number".to_owned(), json!(order.number));
            facts.insert("total".to_owned(), json!(order.total));
        }
        let happening = Happening {
            cause,
            kind,
            order_id: Some(order_id),
            to: self.recipient_of(work, &order).await?,
            link: link.unwrap_or_else(|| self.order_link(order_id, order.order_key.as_deref())),
            facts,
        };
        self.tell(work, happening).await
    }
}
