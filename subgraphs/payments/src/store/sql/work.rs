//! One writing transaction. What it reads it has for itself until its end: the row of an order is the lock of all that
//! belongs to the order, payments and refunds, and whatever is asked for, that row is locked first. So nobody waits in a
//! circle, and nothing is decided by what another transaction is about to change.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::events::CloudEvent;
use lavka_kit::ids::Id;
use lavka_kit::inbox::Inbox;
use lavka_kit::outbox::Outbox;
use lavka_kit::sql::{self, Dialect, QueryScalar, Transaction};

use super::engine;
use super::rows::{
    OrderRow, PaymentRow, RefundRow, WebhookRow, select_orders, select_payments, select_refunds,
    select_webhooks,
};
use crate::events::GROUP;
use crate::gateway::Gateway;
use crate::payment::Payment;
use crate::refund::{Cause, Refund};
use crate::store::{OrderRecord, Outcome, RefundKey, StoreError, Webhook, Work};

pub(super) struct SqlWork {
    pub(super) tx: Transaction,
}

/// The order of a payment, of the payment that a gateway calls so, of a refund.
const OF_PAYMENT: &str = "SELECT id FROM orders WHERE id = (SELECT order_id FROM payments WHERE id = $1)";
const OF_REFERENCE: &str = "SELECT id FROM orders WHERE id = (SELECT order_id FROM payments WHERE gateway = $1 AND (reference = $2 OR capture = $2))";
const OF_REFUND: &str = "SELECT id FROM orders WHERE id = \
                         (SELECT order_id FROM payments p JOIN refunds r ON r.payment_id = p.id WHERE r.id = $1)";

impl SqlWork {
    /// Takes an order's row for ourselves. In a statement of its own: what the next one reads is what the last holder has left.
    async fn lock(&mut self, order: QueryScalar<Id>) -> Result<(), StoreError> {
        if self.tx.dialect() == Dialect::Sqlite {
            // A writing transaction has the whole file for itself.
            return Ok(());
        }
        let locked = order.for_update().fetch_optional(&mut *self.tx).await;
        locked.map(drop).map_err(engine("lock an order"))
    }
}

#[async_trait]
impl Work for SqlWork {
    async fn first_time(&mut self, event: Id, now: DateTime<Utc>) -> Result<bool, StoreError> {
        Inbox::first_time(&mut self.tx, GROUP, event, now)
            .await
            .map_err(engine("look into the inbox"))
    }

    async fn order(&mut self, id: Id) -> Result<Option<OrderRecord>, StoreError> {
        let row: Option<OrderRow> = sql::query_as(select_orders!("WHERE id = $1"))
            .bind(id)
            .for_update()
            .fetch_optional(&mut *self.tx)
            .await
            .map_err(engine("read an order's record"))?;
        row.map(OrderRecord::try_from).transpose()
    }

    async fn save_order(&mut self, order: &OrderRecord) -> Result<(), StoreError> {
        sql::query(
            "INSERT INTO orders (id, number, locale, order_key, ended) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (id) DO UPDATE SET number = excluded.number, locale = excluded.locale,
                 order_key = coalesce(excluded.order_key, orders.order_key), ended = orders.ended OR excluded.ended",
        )
        .bind(order.id)
        .bind(&order.number)
        .bind(order.locale.code())
        .bind(&order.order_key)
        .bind(order.ended)
        .execute(&mut *self.tx)
        .await
        .map_err(engine("write an order's record"))?;
        Ok(())
    }

    async fn payment(&mut self, id: Id) -> Result<Option<Payment>, StoreError> {
        self.lock(sql::query_scalar(OF_PAYMENT).bind(id)).await?;
        let row: Option<PaymentRow> = sql::query_as(select_payments!("WHERE id = $1"))
            .bind(id)
            .fetch_optional(&mut *self.tx)
            .await
            .map_err(engine("read a payment"))?;
        row.map(Payment::try_from).transpose()
    }

    async fn payment_by_reference(
        &mut self,
        gateway: Gateway,
        reference: &str,
    ) -> Result<Option<Payment>, StoreError> {
        let of_reference = sql::query_scalar(OF_REFERENCE);
        self.lock(of_reference.bind(gateway.code()).bind(reference))
            .await?;
        let row: Option<PaymentRow> = sql::query_as(select_payments!(
            "WHERE gateway = $1 AND (reference = $2 OR capture = $2)"
        ))
        .bind(gateway.code())
        .bind(reference)
        .fetch_optional(&mut *self.tx)
        .await
        .map_err(engine("find a payment by its reference"))?;
        row.map(Payment::try_from).transpose()
    }

    async fn payments_of(&mut self, order: Id) -> Result<Vec<Payment>, StoreError> {
        self.lock(sql::query_scalar("SELECT id FROM orders WHERE id = $1").bind(order))
            .await?;
        let rows: Vec<PaymentRow> = sql::query_as(select_payments!("WHERE order_id = $1 ORDER BY attempt"))
            .bind(order)
            .fetch_all(&mut *self.tx)
            .await
            .map_err(engine("read an order's payments"))?;
        rows.into_iter().map(Payment::try_from).collect()
    }

    async fn save_payment(&mut self, payment: &Payment) -> Result<(), StoreError> {
        let failure = payment.failure.as_ref();
        sql::query(
            "INSERT INTO payments (id, order_id, attempt, customer_id, gateway, token, amount, currency, created_at,
                 status, goal, sent, reference, client_secret, redirect_url, expires_at, failure_code, failure_message,
                 due_at, tries, attention, came, capturing, came_currency, capture, settled, elsewhere, compare_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                 $24, $25, $26, $27, $28)
             ON CONFLICT (id) DO UPDATE SET status = excluded.status, goal = excluded.goal, sent = excluded.sent,
                 reference = excluded.reference, client_secret = excluded.client_secret,
                 redirect_url = excluded.redirect_url, expires_at = excluded.expires_at,
                 failure_code = excluded.failure_code, failure_message = excluded.failure_message,
                 due_at = excluded.due_at, tries = excluded.tries, attention = excluded.attention,
                 came = excluded.came, capturing = excluded.capturing, came_currency = excluded.came_currency,
                 capture = excluded.capture, settled = excluded.settled, elsewhere = excluded.elsewhere,
                 compare_at = excluded.compare_at",
        )
        .bind(payment.id)
        .bind(payment.order_id)
        .bind(i64::from(payment.attempt))
        .bind(payment.customer_id)
        .bind(payment.gateway.code())
        .bind(&payment.token)
        .bind(payment.amount.minor)
        .bind(payment.amount.currency.code())
        .bind(payment.created_at)
        .bind(payment.status.code())
        .bind(payment.goal.code())
        .bind(payment.sent)
        .bind(&payment.reference)
        .bind(&payment.client_secret)
        .bind(&payment.redirect_url)
        .bind(payment.expires_at)
        .bind(failure.map(|failure| &failure.code))
        .bind(failure.and_then(|failure| failure.message.as_ref()))
        .bind(payment.due_at)
        .bind(i64::from(payment.tries))
        .bind(payment.attention.code())
        .bind(payment.came.map(|came| came.minor))
        .bind(payment.capturing)
        .bind(payment.came.map(|came| came.currency.code()))
        .bind(&payment.capture)
        .bind(payment.settled.code())
        .bind(payment.elsewhere)
        .bind(payment.compare_at)
        .execute(&mut *self.tx)
        .await
        .map_err(engine("write a payment"))?;
        Ok(())
    }

    async fn refund(&mut self, id: Id) -> Result<Option<Refund>, StoreError> {
        self.lock(sql::query_scalar(OF_REFUND).bind(id)).await?;
        let row: Option<RefundRow> = sql::query_as(select_refunds!("WHERE id = $1"))
            .bind(id)
            .fetch_optional(&mut *self.tx)
            .await
            .map_err(engine("read a refund"))?;
        row.map(Refund::try_from).transpose()
    }

    async fn refunds_of(&mut self, payment: Id) -> Result<Vec<Refund>, StoreError> {
        self.lock(sql::query_scalar(OF_PAYMENT).bind(payment)).await?;
        let rows: Vec<RefundRow> = sql::query_as(select_refunds!("WHERE payment_id = $1 ORDER BY id"))
            .bind(payment)
            .fetch_all(&mut *self.tx)
            .await
            .map_err(engine("read a payment's refunds"))?;
        rows.into_iter().map(Refund::try_from).collect()
    }

    async fn save_refund(&mut self, refund: &Refund) -> Result<(), StoreError> {
        let requested_by = match refund.cause {
            Cause::Staff(person) => Some(person),
            Cause::OrderEnded | Cause::PaidTwice | Cause::GivenUp => None,
        };
        sql::query(
            "INSERT INTO refunds (id, payment_id, amount, currency, reason, cause, requested_by, created_at, status,
                 reference, failure_code, due_at, tries)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (id) DO UPDATE SET status = excluded.status, reference = excluded.reference,
                 failure_code = excluded.failure_code, due_at = excluded.due_at, tries = excluded.tries",
        )
        .bind(refund.id)
        .bind(refund.payment_id)
        .bind(refund.amount.minor)
        .bind(refund.amount.currency.code())
        .bind(&refund.reason)
        .bind(refund.cause.code())
        .bind(requested_by)
        .bind(refund.created_at)
        .bind(refund.status.code())
        .bind(&refund.reference)
        .bind(&refund.failure_code)
        .bind(refund.due_at)
        .bind(i64::from(refund.tries))
        .execute(&mut *self.tx)
        .await
        .map_err(engine("write a refund"))?;
        Ok(())
    }

    async fn refund_key(&mut self, owner: Id, key: &str) -> Result<Option<RefundKey>, StoreError> {
        let doing = "look up an idempotency key";
        let name = format!("refund key {owner} {key}");
        self.tx.lock_name(&name).await.map_err(engine(doing))?;
        let row: Option<(String, Id)> =
            sql::query_as("SELECT body_hash, refund_id FROM refund_keys WHERE owner = $1 AND key = $2")
                .bind(owner)
                .bind(key)
                .fetch_optional(&mut *self.tx)
                .await
                .map_err(engine(doing))?;
        let key = key.to_owned();
        Ok(row.map(|(body_hash, refund_id)| RefundKey {
            owner,
            key,
            body_hash,
            refund_id,
        }))
    }

    async fn remember_key(&mut self, key: &RefundKey, now: DateTime<Utc>) -> Result<(), StoreError> {
        sql::query(
            "INSERT INTO refund_keys (owner, key, body_hash, refund_id, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(key.owner)
        .bind(&key.key)
        .bind(&key.body_hash)
        .bind(key.refund_id)
        .bind(now)
        .execute(&mut *self.tx)
        .await
        .map_err(engine("remember an idempotency key"))?;
        Ok(())
    }

    async fn keep_webhook(&mut self, webhook: &Webhook) -> Result<bool, StoreError> {
        let done = sql::query(
            "INSERT INTO webhooks (id, gateway, event_id, kind, body, received_at, due_at, outcome)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (gateway, event_id) DO NOTHING",
        )
        .bind(webhook.id)
        .bind(webhook.gateway.code())
        .bind(&webhook.event_id)
        .bind(&webhook.kind)
        .bind(&webhook.body)
        .bind(webhook.received_at)
        .bind(webhook.due_at)
        .bind(webhook.outcome.map(Outcome::code))
        .execute(&mut *self.tx)
        .await
        .map_err(engine("keep a webhook"))?;
        Ok(done.rows_affected() == 1)
    }

    async fn webhook(&mut self, id: Id) -> Result<Option<Webhook>, StoreError> {
        let row: Option<WebhookRow> = sql::query_as(select_webhooks!("WHERE id = $1"))
            .bind(id)
            .fetch_optional(&mut *self.tx)
            .await
            .map_err(engine("read a webhook"))?;
        row.map(Webhook::try_from).transpose()
    }

    async fn end_webhook(&mut self, id: Id, outcome: Outcome) -> Result<(), StoreError> {
        sql::query("UPDATE webhooks SET due_at = NULL, outcome = $2 WHERE id = $1")
            .bind(id)
            .bind(outcome.code())
            .execute(&mut *self.tx)
            .await
            .map_err(engine("end a webhook"))?;
        Ok(())
    }

    async fn announce(&mut self, event: &CloudEvent) -> Result<(), StoreError> {
        Outbox::add(&mut self.tx, event)
            .await
            .map_err(|error| StoreError::Engine {
                doing: "add an event to the outbox",
                source: error.into(),
            })
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.tx.commit().await.map_err(engine("commit"))
    }
}
