//! Carts in SQLite: read, apply, write what differs, under the one writer's lock.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::sql::{self, Connection, Database, Transaction};
use sqlx::FromRow;

use super::{CartStore, Changed, May, StoreError};
use crate::cart::{Cart, Line, Ordered};
use crate::change::Change;

/// The adapter.
#[derive(Debug, Clone)]
pub struct SqliteCarts {
    database: Database,
}

impl SqliteCarts {
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[derive(FromRow)]
struct CartRow {
    id: Id,
    owner_id: Option<Id>,
    generation: i32,
    merged_into: Option<Id>,
    updated_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct LineRow {
    sku: String,
    quantity: i32,
    position: i32,
}

impl From<LineRow> for Line {
    fn from(
        LineRow {
            sku,
            quantity,
            position,
        }: LineRow,
    ) -> Self {
        Self {
            sku,
            quantity,
            position,
        }
    }
}

fn failed(doing: &'static str) -> impl Fn(sql::Error) -> StoreError {
    move |source| StoreError {
        doing,
        source: source.into(),
    }
}

#[async_trait]
impl CartStore for SqliteCarts {
    async fn find(&self, id: Id) -> Result<Option<Cart>, StoreError> {
        let doing = failed("read a cart");
        let mut read = self.database.read().acquire().await.map_err(&doing)?;
        load(&mut read, id).await.map_err(doing)
    }

    async fn find_of(&self, owner: Id) -> Result<Option<Cart>, StoreError> {
        let doing = failed("read an account's cart");
        let mut read = self.database.read().acquire().await.map_err(&doing)?;
        load_of(&mut read, owner).await.map_err(doing)
    }

    async fn open(&self, cart: Cart) -> Result<Cart, StoreError> {
        let doing = failed("open a cart");
        let mut tx = self.database.write().await.map_err(&doing)?;
        let opened = open(&mut tx, cart).await.map_err(&doing)?;
        tx.commit().await.map_err(doing)?;
        Ok(opened)
    }

    async fn change(
        &self,
        id: Id,
        may: May<'_>,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<Changed, StoreError> {
        let doing = failed("change a cart");
        let mut tx = self.database.write().await.map_err(&doing)?;
        let found = load(&mut tx, id).await.map_err(&doing)?;
        let Some(before) = found.filter(|cart| cart.merged_into.is_none() && may(cart)) else {
            return Ok(Changed::Absent);
        };
        let mut cart = before.clone();
        if let Err(refusal) = change.apply(&mut cart) {
            return Ok(Changed::Refused(before, refusal));
        }
        save(&mut tx, &before, &mut cart, now).await.map_err(&doing)?;
        tx.commit().await.map_err(doing)?;
        Ok(Changed::Done(cart))
    }

    async fn merge(&self, guest: Id, into: Id, now: DateTime<Utc>) -> Result<Option<Cart>, StoreError> {
        let doing = failed("merge two carts");
        let mut tx = self.database.write().await.map_err(&doing)?;
        let Some(own_before) = load(&mut tx, into).await.map_err(&doing)? else {
            return Ok(None);
        };
        let guest = load(&mut tx, guest).await.map_err(&doing)?;
        let mergeable = |cart: &Cart| cart.owner.is_none() && cart.merged_into.is_none() && cart.id != into;
        let Some(guest_before) = guest.filter(mergeable) else {
            return Ok(Some(own_before));
        };
        let (mut own, mut guest) = (own_before.clone(), guest_before.clone());
        own.absorb(&mut guest);
        save(&mut tx, &guest_before, &mut guest, now)
            .await
            .map_err(&doing)?;
        save(&mut tx, &own_before, &mut own, now).await.map_err(&doing)?;
        tx.commit().await.map_err(doing)?;
        Ok(Some(own))
    }

    async fn take_ordered(
        &self,
        id: Id,
        generation: i32,
        ordered: &[Ordered],
        now: DateTime<Utc>,
    ) -> Result<Option<Cart>, StoreError> {
        let doing = failed("take an order's lines out of a cart");
        let mut tx = self.database.write().await.map_err(&doing)?;
        let Some(before) = load(&mut tx, id).await.map_err(&doing)? else {
            return Ok(None);
        };
        let mut cart = before.clone();
        if !cart.take_ordered(generation, ordered) {
            return Ok(Some(before));
        }
        save(&mut tx, &before, &mut cart, now).await.map_err(&doing)?;
        if let Some(target) = cart.merged_into
            && let Some(before) = load(&mut tx, target).await.map_err(&doing)?
        {
            let mut target = before.clone();
            target.subtract(ordered);
            save(&mut tx, &before, &mut target, now).await.map_err(&doing)?;
        }
        tx.commit().await.map_err(doing)?;
        Ok(Some(cart))
    }
}

async fn load(db: &mut Connection, id: Id) -> Result<Option<Cart>, sql::Error> {
    let row =
        sql::query_as("SELECT id, owner_id, generation, merged_into, updated_at FROM carts WHERE id = $1");
    let row: Option<CartRow> = row.bind(id).fetch_optional(&mut *db).await?;
    with_lines(db, row).await
}

async fn load_of(db: &mut Connection, owner: Id) -> Result<Option<Cart>, sql::Error> {
    let row = sql::query_as(
        "SELECT id, owner_id, generation, merged_into, updated_at FROM carts WHERE owner_id = $1",
    );
    let row: Option<CartRow> = row.bind(owner).fetch_optional(&mut *db).await?;
    with_lines(db, row).await
}

async fn with_lines(db: &mut Connection, row: Option<CartRow>) -> Result<Option<Cart>, sql::Error> {
    let Some(CartRow {
        id,
        owner_id: owner,
        generation,
        merged_into,
        updated_at,
    }) = row
    else {
        return Ok(None);
    };
    let lines =
        sql::query_as("SELECT sku, quantity, position FROM cart_lines WHERE cart_id = $1 ORDER BY position");
    let lines: Vec<LineRow> = lines.bind(id).fetch_all(db).await?;
    let lines = lines.into_iter().map(Line::from).collect();
    Ok(Some(Cart {
        id,
        owner,
        generation,
        merged_into,
        lines,
        updated_at,
    }))
}

async fn open(tx: &mut Transaction, cart: Cart) -> Result<Cart, sql::Error> {
    let there = match cart.owner {
        Some(owner) => load_of(tx, owner).await?,
        None => None,
    };
    if let Some(there) = there {
        return Ok(there);
    }
    sql::query("INSERT INTO carts (id, owner_id, generation, updated_at) VALUES ($1, $2, $3, $4)")
        .bind(cart.id)
        .bind(cart.owner)
        .bind(cart.generation)
        .bind(cart.updated_at)
        .execute(&mut **tx)
        .await?;
    Ok(cart)
}

async fn save(
    tx: &mut Transaction,
    before: &Cart,
    cart: &mut Cart,
    now: DateTime<Utc>,
) -> Result<(), sql::Error> {
    if before == cart {
        return Ok(());
    }
    cart.updated_at = now;
    sql::query("UPDATE carts SET generation = $2, merged_into = $3, updated_at = $4 WHERE id = $1")
        .bind(cart.id)
        .bind(cart.generation)
        .bind(cart.merged_into)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    for gone in before.lines.iter().filter(|line| cart.line(&line.sku).is_none()) {
        sql::query("DELETE FROM cart_lines WHERE cart_id = $1 AND sku = $2")
            .bind(cart.id)
            .bind(&gone.sku)
            .execute(&mut **tx)
            .await?;
    }
    for line in cart
        .lines
        .iter()
        .filter(|line| before.line(&line.sku) != Some(line))
    {
        sql::query(
            "INSERT INTO cart_lines (cart_id, sku, position, quantity) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (cart_id, sku) DO UPDATE SET position = excluded.position, quantity = excluded.quantity",
        )
        .bind(cart.id)
        .bind(&line.sku)
        .bind(line.position)
        .bind(line.quantity)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lavka_kit::sql::Dialect;
    use lavka_kit::testing::TestDatabase;

    use super::*;
    use crate::start::MIGRATIONS;
    use crate::store::contract;

    async fn carts() -> Option<(Arc<dyn CartStore>, TestDatabase)> {
        let database = TestDatabase::on(Dialect::Sqlite, "cart", &MIGRATIONS)
            .await
            .unwrap();
        Some((Arc::new(SqliteCarts::new(Database::clone(&database))), database))
    }

    contract::scenes!(carts);
}
