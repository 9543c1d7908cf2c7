//! Orders and stock in SQLite and in PostgreSQL.

mod rows;
mod stock;

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::events::CloudEvent;
use lavka_kit::ids::Id;
use lavka_kit::inbox::Inbox;
use lavka_kit::outbox::{Outbox, OutboxError};
use lavka_kit::sql::{self, Database, Dialect, QueryBuilder, Transaction};

use super::{Filter, Found, OrderStore, Pieces, Shortage, StoreError, UsedKey, Work};
use crate::order::{Order, SoldCart};
use rows::{KeyRow, OrderRow};

/// The adapter.
#[derive(Clone)]
pub struct SqlOrders {
    database: Database,
    /// Told after each commit.
    outbox: Outbox,
}

impl SqlOrders {
    pub const fn new(database: Database, outbox: Outbox) -> Self {
        Self { database, outbox }
    }

    /// An order's row and its history are read of the same moment: who watches an order is told by its history what he has seen.
    async fn moment(&self) -> Result<Transaction, StoreError> {
        let begun = self.database.read().begin().await;
        begun.map_err(failed("read an order"))
    }
}

fn failed(doing: &'static str) -> impl Fn(sql::Error) -> StoreError {
    move |source| StoreError::Engine {
        doing,
        source: source.into(),
    }
}

#[async_trait]
impl OrderStore for SqlOrders {
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError> {
        let tx = self
            .database
            .write()
            .await
            .map_err(failed("begin a transaction"))?;
        Ok(Box::new(SqlWork {
            tx,
            outbox: self.outbox.clone(),
            saved: Vec::new(),
            events: Vec::new(),
        }))
    }

    async fn order(&self, id: Id) -> Result<Option<Order>, StoreError> {
        let mut read = self.moment().await?;
        rows::order(&mut read, rows::by_id(id)).await
    }

    async fn order_of(&self, cart: SoldCart) -> Result<Option<Order>, StoreError> {
        let mut read = self.moment().await?;
        rows::order(&mut read, rows::by_cart(cart)).await
    }

    async fn used_key(&self, scope: &str, key: &str) -> Result<Option<UsedKey>, StoreError> {
        let mut read = self
            .database
            .read()
            .acquire()
            .await
            .map_err(failed("read an idempotency key"))?;
        rows::used_key(&mut read, scope, key).await
    }

    async fn page(&self, filter: &Filter, before: Option<i64>, limit: i64) -> Result<Found, StoreError> {
        let doing = failed("list orders");
        // One read transaction: the page and its total are of the same moment.
        let mut tx = self.database.read().begin().await.map_err(&doing)?;
        let mut count = QueryBuilder::new("SELECT count(*) FROM ");
        count.push(rows::source(filter)).push(" WHERE 1 = 1");
        rows::narrow(&mut count, filter);
        let total: i64 = count
            .build_query_scalar()
            .fetch_one(&mut *tx)
            .await
            .map_err(&doing)?;
        let mut query = QueryBuilder::new(rows::SELECT);
        query.push(rows::source(filter)).push(" WHERE 1 = 1");
        rows::narrow(&mut query, filter);
        if let Some(before) = before {
            query.push(" AND number < ").push_bind(before);
        }
        query.push(" ORDER BY number DESC LIMIT ").push_bind(limit);
        let found: Vec<OrderRow> = query.build_query_as().fetch_all(&mut *tx).await.map_err(&doing)?;
        Ok(Found {
            orders: rows::complete(&mut tx, found).await?,
            total,
        })
    }

    async fn available(&self, skus: &[String]) -> Result<HashMap<String, i32>, StoreError> {
        let mut read = self
            .database
            .read()
            .acquire()
            .await
            .map_err(failed("read the stock"))?;
        stock::available(&mut read, skus).await
    }

    async fn overdue(&self, now: DateTime<Utc>, limit: i64) -> Result<Vec<Id>, StoreError> {
        let query = "SELECT id FROM orders WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2";
        let query = sql::query_scalar(query).bind(now).bind(limit);
        query
            .fetch_all(self.database.read())
            .await
            .map_err(failed("look for unpaid orders"))
    }

    async fn put_off(&self, id: Id, until: DateTime<Utc>) -> Result<(), StoreError> {
        let doing = failed("put off the end of an order's time");
        let mut tx = self.database.write().await.map_err(&doing)?;
        sql::query("UPDATE orders SET expires_at = $2 WHERE id = $1 AND expires_at IS NOT NULL")
            .bind(id)
            .bind(until)
            .execute(&mut *tx)
            .await
            .map_err(&doing)?;
        tx.commit().await.map_err(&doing)
    }
}

struct SqlWork {
    tx: Transaction,
    outbox: Outbox,
    /// What waits to be written with the next of its kind, at the latest by the commit.
    saved: Vec<Order>,
    events: Vec<CloudEvent>,
}

impl SqlWork {
    /// Writes the orders that wait.
    async fn write_saved(&mut self) -> Result<(), StoreError> {
        let saved = std::mem::take(&mut self.saved);
        rows::save(&mut self.tx, &saved).await
    }
}

#[async_trait]
impl Work for SqlWork {
    async fn order(&mut self, id: Id) -> Result<Option<Order>, StoreError> {
        Ok(self.orders(&[id]).await?.pop())
    }

    async fn orders(&mut self, ids: &[Id]) -> Result<Vec<Order>, StoreError> {
        self.write_saved().await?;
        let found = rows::by_ids(ids).for_update();
        let found = found.fetch_all(&mut *self.tx).await;
        rows::complete(&mut self.tx, found.map_err(failed("read orders"))?).await
    }

    async fn used_key(&mut self, scope: &str, key: &str) -> Result<Option<UsedKey>, StoreError> {
        rows::used_key(&mut self.tx, scope, key).await
    }

    async fn use_key(&mut self, key: &UsedKey, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let KeyRow {
            scope,
            key,
            body_hash,
            order_id,
        } = KeyRow::from(key.clone());
        let query = "INSERT INTO idempotency_keys (scope, key, body_hash, order_id, created_at) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (scope, key) DO NOTHING";
        let query = sql::query(query)
            .bind(scope)
            .bind(key)
            .bind(body_hash)
            .bind(order_id)
            .bind(now);
        let done = query
            .execute(&mut *self.tx)
            .await
            .map_err(failed("write an idempotency key"))?;
        Ok(done.rows_affected() == 1)
    }

    async fn forget_keys(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let query = sql::query(
            "DELETE FROM idempotency_keys WHERE (scope, key) IN \
             (SELECT scope, key FROM idempotency_keys WHERE created_at < $1 LIMIT 10000)",
        )
        .bind(before);
        let done = query
            .execute(&mut *self.tx)
            .await
            .map_err(failed("forget old idempotency keys"))?;
        Ok(done.rows_affected())
    }

    async fn next_number(&mut self) -> Result<i64, StoreError> {
        let query = match self.tx.dialect() {
            Dialect::Sqlite => sql::query_scalar("SELECT COALESCE(MAX(number), 100000) + 1 FROM orders"),
            // Two that are placed at once would read the same maximum.
            Dialect::Postgres => sql::query_scalar("SELECT nextval('order_number')"),
        };
        query
            .fetch_one(&mut *self.tx)
            .await
            .map_err(failed("number an order"))
    }

    async fn insert(&mut self, order: &Order) -> Result<bool, StoreError> {
        rows::insert(&mut self.tx, order).await
    }

    async fn save(&mut self, order: &Order) -> Result<(), StoreError> {
        // One statement writes an order once.
        if self.saved.iter().any(|saved| saved.id == order.id) {
            self.write_saved().await?;
        }
        self.saved.push(order.clone());
        Ok(())
    }

    async fn hold(&mut self, pieces: &[Pieces<'_>]) -> Result<Vec<Shortage>, StoreError> {
        stock::hold(&mut self.tx, pieces).await
    }

    async fn put_back(&mut self, pieces: &[Pieces<'_>]) -> Result<(), StoreError> {
        stock::put_back(&mut self.tx, pieces).await
    }

    async fn take_off_the_shelf(&mut self, pieces: &[Pieces<'_>]) -> Result<(), StoreError> {
        stock::take_off_the_shelf(&mut self.tx, pieces).await
    }

    async fn set_available(&mut self, sku: &str, quantity: i32) -> Result<(), StoreError> {
        stock::set_available(&mut self.tx, sku, quantity).await
    }

    async fn first_times(&mut self, events: &[Id], now: DateTime<Utc>) -> Result<HashSet<Id>, StoreError> {
        let seen = Inbox::first_times(&mut self.tx, "orders", events.iter().copied(), now).await;
        seen.map_err(failed("look events up in the inbox"))
    }

    async fn publish(&mut self, event: &CloudEvent) -> Result<(), StoreError> {
        self.events.push(event.clone());
        Ok(())
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        self.write_saved().await?;
        let doing = "save events in the outbox";
        Outbox::add_all(&mut self.tx, &self.events)
            .await
            .map_err(|error| match error {
                OutboxError::Sql(source) => failed(doing)(source),
                error @ OutboxError::Json(_) => StoreError::Engine {
                    doing,
                    source: error.into(),
                },
            })?;
        self.tx.commit().await.map_err(failed("commit"))?;
        if !self.events.is_empty() {
            self.outbox.notify();
        }
        Ok(())
    }
}
