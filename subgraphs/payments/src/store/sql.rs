//! The store in SQLite and in PostgreSQL.

mod rows;
mod work;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::sql::{self, Database, QueryBuilder, Record};

use self::rows::{PaymentRow, RefundRow, select_payments, select_refunds};
use self::work::SqlWork;
use super::{Compared, Due, Store, StoreError, Work};
use crate::payment::Payment;
use crate::refund::Refund;

/// Payments in a database.
pub struct SqlStore {
    database: Database,
}

/// An engine's failure, with what we were doing.
fn engine(doing: &'static str) -> impl FnOnce(sql::Error) -> StoreError {
    move |source| StoreError::Engine {
        doing,
        source: source.into(),
    }
}

impl SqlStore {
    /// On an open database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// The rows that one of `ids` belongs to: `select` ends with IN, `rest` follows the list.
    async fn many<R, T>(
        &self,
        doing: &'static str,
        select: &'static str,
        ids: &[Id],
        rest: &'static str,
    ) -> Result<Vec<T>, StoreError>
    where
        R: Record,
        T: TryFrom<R, Error = StoreError>,
    {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = QueryBuilder::new(select);
        query.push_list(ids).push(rest);
        let rows: Vec<R> = query
            .build_query_as()
            .fetch_all(self.database.read())
            .await
            .map_err(engine(doing))?;
        rows.into_iter().map(T::try_from).collect()
    }

    async fn due_ids(
        &self,
        select: &'static str,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Id>, StoreError> {
        sql::query_scalar(select)
            .bind(now)
            .bind(i64::from(limit))
            .fetch_all(self.database.read())
            .await
            .map_err(engine("read what is due"))
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError> {
        let tx = self
            .database
            .write()
            .await
            .map_err(engine("begin a transaction"))?;
        Ok(Box::new(SqlWork { tx }))
    }

    async fn payment(&self, id: Id) -> Result<Option<Payment>, StoreError> {
        let select = select_payments!("WHERE id IN ");
        Ok(self
            .many::<PaymentRow, _>("read a payment", select, &[id], "")
            .await?
            .pop())
    }

    async fn payments_of_orders(&self, orders: &[Id]) -> Result<Vec<Payment>, StoreError> {
        let select = select_payments!("WHERE order_id IN ");
        let rest = " ORDER BY order_id, attempt";
        self.many::<PaymentRow, _>("read the payments of orders", select, orders, rest)
            .await
    }

    async fn refunds_of_payments(&self, payments: &[Id]) -> Result<Vec<Refund>, StoreError> {
        let select = select_refunds!("WHERE payment_id IN ");
        self.many::<RefundRow, _>("read the refunds of payments", select, payments, " ORDER BY id")
            .await
    }

    async fn due(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Due>, StoreError> {
        let webhooks = "SELECT id FROM webhooks WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
        let payments = "SELECT id FROM payments WHERE due_at <= $1
             ORDER BY CASE WHEN status IN ('PENDING', 'ACTION_REQUIRED') THEN 0 ELSE 1 END, due_at LIMIT $2";
        let refunds = "SELECT id FROM refunds WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
        let webhooks = self
            .due_ids(webhooks, now, limit)
            .await?
            .into_iter()
            .map(Due::Webhook);
        let payments = self
            .due_ids(payments, now, limit)
            .await?
            .into_iter()
            .map(Due::Payment);
        let refunds = self
            .due_ids(refunds, now, limit)
            .await?
            .into_iter()
            .map(Due::Refund);
        Ok(webhooks.chain(payments).chain(refunds).collect())
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let moments: Vec<DateTime<Utc>> = sql::query_scalar(
            "SELECT due_at FROM payments WHERE due_at IS NOT NULL UNION ALL SELECT due_at FROM refunds WHERE due_at IS NOT NULL
             UNION ALL SELECT due_at FROM webhooks WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1",
        )
        .fetch_all(self.database.read())
        .await
        .map_err(engine("read when something becomes due"))?;
        Ok(moments.into_iter().next())
    }

    async fn forget_keys(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let doing = "forget old idempotency keys";
        let delete = "DELETE FROM refund_keys WHERE (owner, key) IN (SELECT owner, key FROM refund_keys WHERE created_at < $1 LIMIT $2)";
        self.database.forget(delete, before).await.map_err(engine(doing))
    }

    async fn forget_webhooks(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let doing = "forget old webhooks";
        let delete = "DELETE FROM webhooks WHERE id IN (SELECT id FROM webhooks WHERE due_at IS NULL AND received_at < $1 LIMIT $2)";
        self.database.forget(delete, before).await.map_err(engine(doing))
    }

    async fn to_reconcile(
        &self,
        which: Compared,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        let (select, by, since) = match which {
            Compared::Due { by, since } => (
                select_payments!(
                    "WHERE sent
                 AND ((compare_at <= $1 AND created_at >= $2) OR status IN ('PENDING', 'ACTION_REQUIRED'))
                 AND id > $3 ORDER BY id LIMIT $4"
                ),
                Some(by),
                since,
            ),
            Compared::Since(since) => (
                select_payments!(
                    "WHERE sent AND (created_at >= $1 OR status IN ('PENDING', 'ACTION_REQUIRED'))
                 AND id > $2 ORDER BY id LIMIT $3"
                ),
                None,
                since,
            ),
        };
        let query = sql::query_as::<PaymentRow>(select);
        let query = match by {
            Some(by) => query.bind(by),
            None => query,
        };
        let rows: Vec<PaymentRow> = query
            .bind(since)
            .bind(after.unwrap_or(Id::from_u128(0)))
            .bind(i64::from(limit))
            .fetch_all(self.database.read())
            .await
            .map_err(engine("read what to reconcile"))?;
        rows.into_iter().map(Payment::try_from).collect()
    }

    async fn take_lease(
        &self,
        name: &'static str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let doing = "take a lease";
        let mut tx = self.database.write().await.map_err(engine(doing))?;
        let done = sql::query(
            "INSERT INTO leases (name, until) VALUES ($1, $3)
             ON CONFLICT (name) DO UPDATE SET until = excluded.until WHERE leases.until <= $2",
        )
        .bind(name)
        .bind(now)
        .bind(until)
        .execute(&mut *tx)
        .await
        .map_err(engine(doing))?;
        tx.commit().await.map_err(engine(doing))?;
        Ok(done.rows_affected() == 1)
    }

    async fn wanting_attention(&self, limit: u32) -> Result<Vec<Payment>, StoreError> {
        let rows: Vec<PaymentRow> = sql::query_as(select_payments!(
            "WHERE attention IS NOT NULL ORDER BY id DESC LIMIT $1"
        ))
        .bind(i64::from(limit))
        .fetch_all(self.database.read())
        .await
        .map_err(engine("read what waits for a person"))?;
        rows.into_iter().map(Payment::try_from).collect()
    }
}
