//! Rows, and what they mean.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::money::{Currency, Money};
use lavka_kit::sql::{self, Connection, Json, QueryAs, QueryBuilder, Rows};
use sqlx::FromRow;

use super::{Filter, StoreError, UsedKey, failed};
use crate::order::{Entry, Flag, Line, Order, Shipping, SoldCart};
use crate::state::Status;

// Statements that read whole rows name their columns. `*` would change its meaning when a newer version's migration adds a column, and
// PostgreSQL refuses to run a prepared statement whose result has changed: every replica that runs meanwhile would fail.
macro_rules! order_columns {
    () => {
        "id, number, customer_id, cart_id, cart_generation, order_key, locale, status, attempt, \
             awaiting_action, paid_by, refund_required, holds_stock, currency, subtotal, shipping_price, \
             total, shipping_code, shipping_title, shipping_days, recipient, tracking_number, flagged_at, \
             flag_reason, placed_at, expires_at"
    };
}
macro_rules! select_orders {
    ($rest:literal) => {
        concat!("SELECT ", order_columns!(), " FROM orders ", $rest)
    };
}

macro_rules! select_order_lines {
    ($rest:literal) => {
        concat!(
            "SELECT order_id, sku, title, quantity, unit_price FROM order_lines ",
            $rest
        )
    };
}

macro_rules! select_order_history {
    ($rest:literal) => {
        concat!("SELECT order_id, status, at, note FROM order_history ", $rest)
    };
}

#[derive(FromRow)]
pub(super) struct OrderRow {
    id: Id,
    number: i64,
    customer_id: Option<Id>,
    cart_id: Id,
    cart_generation: i32,
    order_key: Option<String>,
    locale: String,
    status: String,
    attempt: i32,
    awaiting_action: bool,
    paid_by: Option<Id>,
    refund_required: bool,
    holds_stock: bool,
    currency: String,
    subtotal: i64,
    shipping_price: i64,
    total: i64,
    shipping_code: String,
    shipping_title: String,
    shipping_days: i32,
    recipient: Json<serde_json::Value>,
    tracking_number: Option<String>,
    flagged_at: Option<DateTime<Utc>>,
    flag_reason: Option<String>,
    placed_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct LineRow {
    order_id: Id,
    sku: String,
    title: String,
    quantity: i32,
    unit_price: i64,
}

#[derive(FromRow)]
struct EntryRow {
    order_id: Id,
    status: String,
    at: DateTime<Utc>,
    note: Option<String>,
}

#[derive(FromRow)]
pub(super) struct KeyRow {
    pub scope: String,
    pub key: String,
    pub body_hash: String,
    pub order_id: Id,
}

impl From<UsedKey> for KeyRow {
    fn from(
        UsedKey {
            scope,
            key,
            body_hash,
            order,
        }: UsedKey,
    ) -> Self {
        Self {
            scope,
            key,
            body_hash,
            order_id: order,
        }
    }
}

impl From<KeyRow> for UsedKey {
    fn from(
        KeyRow {
            scope,
            key,
            body_hash,
            order_id,
        }: KeyRow,
    ) -> Self {
        Self {
            scope,
            key,
            body_hash,
            order: order_id,
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is none that we know")]
struct Unknown(String);

fn corrupt(
    table: &'static str,
    column: &'static str,
    row: Id,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> StoreError {
    StoreError::Corrupt {
        table,
        column,
        row: format!("order {row}"),
        source: source.into(),
    }
}

pub(super) fn by_id(id: Id) -> QueryAs<OrderRow> {
    sql::query_as(select_orders!("WHERE id = $1")).bind(id)
}

pub(super) fn by_cart(cart: SoldCart) -> QueryAs<OrderRow> {
    sql::query_as(select_orders!("WHERE cart_id = $1 AND cart_generation = $2"))
        .bind(cart.id)
        .bind(cart.generation)
}

/// Locked in the order of their ids, where they are locked.
pub(super) fn by_ids(ids: &[Id]) -> QueryAs<OrderRow> {
    let mut query = QueryBuilder::new(select_orders!("WHERE id IN "));
    query.push_list(ids).push(" ORDER BY id");
    query.build_query_as()
}

pub(super) async fn order(db: &mut Connection, row: QueryAs<OrderRow>) -> Result<Option<Order>, StoreError> {
    let row = row
        .fetch_optional(&mut *db)
        .await
        .map_err(failed("read an order"))?;
    Ok(complete(db, row.into_iter().collect()).await?.pop())
}

/// The orders of these rows, in their order, with lines and history.
pub(super) async fn complete(db: &mut Connection, rows: Vec<OrderRow>) -> Result<Vec<Order>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let doing = failed("read orders");
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let mut query = QueryBuilder::new(select_order_lines!("WHERE order_id IN "));
    query.push_list(ids.clone()).push(" ORDER BY order_id, position");
    let found: Vec<LineRow> = query.build_query_as().fetch_all(&mut *db).await.map_err(&doing)?;
    let mut lines: HashMap<Id, Vec<LineRow>> = HashMap::new();
    for line in found {
        lines.entry(line.order_id).or_default().push(line);
    }
    let mut query = QueryBuilder::new(select_order_history!("WHERE order_id IN "));
    query.push_list(ids.clone()).push(" ORDER BY order_id, position");
    let found: Vec<EntryRow> = query.build_query_as().fetch_all(db).await.map_err(&doing)?;
    let mut history: HashMap<Id, Vec<Entry>> = HashMap::new();
    for EntryRow {
        order_id,
        status,
        at,
        note,
    } in found
    {
        let status = status_of("order_history", order_id, status)?;
        history
            .entry(order_id)
            .or_default()
            .push(Entry { status, at, note });
    }
    let assembled = rows.into_iter().map(|row| {
        let (lines, history) = (lines.remove(&row.id), history.remove(&row.id));
        assemble(row, lines.unwrap_or_default(), history.unwrap_or_default())
    });
    assembled.collect()
}

fn status_of(table: &'static str, row: Id, code: String) -> Result<Status, StoreError> {
    Status::from_code(&code).ok_or_else(|| corrupt(table, "status", row, Unknown(code)))
}

fn assemble(row: OrderRow, lines: Vec<LineRow>, history: Vec<Entry>) -> Result<Order, StoreError> {
    let id = row.id;
    let currency = Currency::from_code(&row.currency)
        .ok_or_else(|| corrupt("orders", "currency", id, Unknown(row.currency)))?;
    let money = |minor| Money::new(minor, currency);
    let recipient = serde_json::from_value(row.recipient.0);
    let line = |LineRow {
                    sku,
                    title,
                    quantity,
                    unit_price,
                    ..
                }| {
        let unit_price = money(unit_price);
        Line {
            sku,
            title,
            quantity,
            unit_price,
        }
    };
    Ok(Order {
        id,
        number: row.number,
        customer: row.customer_id,
        cart: SoldCart {
            id: row.cart_id,
            generation: row.cart_generation,
        },
        key: row.order_key,
        locale: row
            .locale
            .parse()
            .map_err(|error| corrupt("orders", "locale", id, error))?,
        lines: lines.into_iter().map(line).collect(),
        recipient: recipient.map_err(|error| corrupt("orders", "recipient", id, error))?,
        shipping: Shipping {
            code: row.shipping_code,
            title: row.shipping_title,
            price: money(row.shipping_price),
            estimated_days: row.shipping_days,
        },
        subtotal: money(row.subtotal),
        total: money(row.total),
        placed_at: row.placed_at,
        status: status_of("orders", id, row.status)?,
        attempt: row.attempt,
        awaiting_action: row.awaiting_action,
        paid_by: row.paid_by,
        refund_required: row.refund_required,
        holds_stock: row.holds_stock,
        tracking_number: row.tracking_number,
        flag: row
            .flagged_at
            .zip(row.flag_reason)
            .map(|(at, reason)| Flag { reason, at }),
        expires_at: row.expires_at,
        history,
    })
}

pub(super) async fn used_key(
    db: &mut Connection,
    scope: &str,
    key: &str,
) -> Result<Option<UsedKey>, StoreError> {
    let query = "SELECT scope, key, body_hash, order_id FROM idempotency_keys WHERE scope = $1 AND key = $2";
    let query = sql::query_as(query).bind(scope).bind(key);
    let row: Option<KeyRow> = query
        .fetch_optional(db)
        .await
        .map_err(failed("read an idempotency key"))?;
    Ok(row.map(UsedKey::from))
}

/// The beginning of a list, before its [`source`].
pub(super) const SELECT: &str = concat!("SELECT ", order_columns!(), " FROM ");

/// What a list is chosen from. A search for one or two characters finds something on nearly every page and no index helps
/// it: it looks at the newest orders only.
pub(super) fn source(filter: &Filter) -> &'static str {
    match &filter.search {
        Some(search) if search.chars().count() < 3 && filter.customer.is_none() => {
            concat!(
                "(SELECT ",
                order_columns!(),
                ", search FROM orders ORDER BY number DESC LIMIT 10000) AS orders"
            )
        }
        _ => "orders",
    }
}

/// Adds the filter's conditions to a query that has a WHERE.
pub(super) fn narrow(query: &mut QueryBuilder, filter: &Filter) {
    if let Some(customer) = filter.customer {
        query.push(" AND customer_id = ").push_bind(customer);
    }
    if let Some(status) = filter.status {
        query.push(" AND status = ").push_bind(status.code());
    }
    if filter.flagged {
        query.push(" AND flagged_at IS NOT NULL");
    }
    if let Some(search) = &filter.search {
        let literal = search
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        query
            .push(" AND search LIKE ")
            .push_bind(format!("%{literal}%"))
            .push(" ESCAPE '\\'");
    }
}

pub(super) async fn insert(db: &mut Connection, order: &Order) -> Result<bool, StoreError> {
    let doing = failed("write an order");
    let done = sql::query(
        "INSERT INTO orders (id, number, customer_id, cart_id, cart_generation, order_key, locale, status, attempt, \
         awaiting_action, paid_by, refund_required, holds_stock, currency, subtotal, shipping_price, total, \
         shipping_code, shipping_title, shipping_days, recipient, tracking_number, search, placed_at, expires_at, \
         flagged_at, flag_reason) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
         $22, $23, $24, $25, $26, $27) ON CONFLICT (cart_id, cart_generation) DO NOTHING",
    )
    .bind(order.id)
    .bind(order.number)
    .bind(order.customer)
    .bind(order.cart.id)
    .bind(order.cart.generation)
    .bind(&order.key)
    .bind(order.locale.code())
    .bind(order.status.code())
    .bind(order.attempt)
    .bind(order.awaiting_action)
    .bind(order.paid_by)
    .bind(order.refund_required)
    .bind(order.holds_stock)
    .bind(order.total.currency.code())
    .bind(order.subtotal.minor)
    .bind(order.shipping.price.minor)
    .bind(order.total.minor)
    .bind(&order.shipping.code)
    .bind(&order.shipping.title)
    .bind(order.shipping.estimated_days)
    .bind(Json(&order.recipient))
    .bind(&order.tracking_number)
    .bind(crate::search::text_of(order))
    .bind(order.placed_at)
    .bind(order.expires_at)
    .bind(order.flag.as_ref().map(|flag| flag.at))
    .bind(order.flag.as_ref().map(|flag| &flag.reason))
    .execute(&mut *db)
    .await
    .map_err(&doing)?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    let mut lines =
        Rows::new("INSERT INTO order_lines (order_id, position, sku, title, quantity, unit_price) VALUES ");
    for (position, line) in (0_i32..).zip(&order.lines) {
        lines
            .row()
            .bind(order.id)
            .bind(position)
            .bind(&line.sku)
            .bind(&line.title)
            .bind(line.quantity)
            .bind(line.unit_price.minor);
    }
    lines.execute(&mut *db).await.map_err(&doing)?;
    write_history(db, std::slice::from_ref(order)).await?;
    Ok(true)
}

/// Each of them once.
pub(super) async fn save(db: &mut Connection, orders: &[Order]) -> Result<(), StoreError> {
    let mut changes = Rows::new(
        "UPDATE orders SET status = changed.column2, attempt = changed.column3, awaiting_action = changed.column4, \
         paid_by = changed.column5, refund_required = changed.column6, holds_stock = changed.column7, tracking_number = changed.column8, \
         expires_at = changed.column9, flagged_at = changed.column10, flag_reason = changed.column11 FROM (VALUES ",
    )
    .then(") AS changed WHERE id = changed.column1");
    for order in orders {
        changes
            .row()
            .bind(order.id)
            .bind(order.status.code())
            .bind(order.attempt)
            .bind(order.awaiting_action)
            .bind(order.paid_by)
            .bind(order.refund_required)
            .bind(order.holds_stock)
            .bind(&order.tracking_number)
            .bind(order.expires_at)
            .bind(order.flag.as_ref().map(|flag| flag.at))
            .bind(order.flag.as_ref().map(|flag| &flag.reason));
    }
    changes.execute(&mut *db).await.map_err(failed("write orders"))?;
    write_history(db, orders).await
}

/// What is there already stays: a history only grows.
async fn write_history(db: &mut Connection, orders: &[Order]) -> Result<(), StoreError> {
    let mut entries = Rows::new("INSERT INTO order_history (order_id, position, status, at, note) VALUES ")
        .then(" ON CONFLICT (order_id, position) DO NOTHING");
    for order in orders {
        for (position, entry) in (0_i32..).zip(&order.history) {
            entries
                .row()
                .bind(order.id)
                .bind(position)
                .bind(entry.status.code())
                .bind(entry.at)
                .bind(&entry.note);
        }
    }
    let written = entries.execute(db).await;
    written.map(drop).map_err(failed("write the orders' history"))
}
