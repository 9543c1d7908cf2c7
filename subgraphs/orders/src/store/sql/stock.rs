//! The stock: one statement a sku, each of which does it or doesn't.

use std::collections::HashMap;

use lavka_kit::sql::{self, Connection, QueryBuilder};

use super::{Pieces, Shortage, StoreError, failed};

pub(super) async fn available(
    db: &mut Connection,
    skus: &[String],
) -> Result<HashMap<String, i32>, StoreError> {
    if skus.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = QueryBuilder::new("SELECT sku, available FROM stock WHERE sku IN ");
    query.push_list(skus);
    let rows: Vec<(String, i32)> = query
        .build_query_as()
        .fetch_all(db)
        .await
        .map_err(failed("read the stock"))?;
    Ok(rows.into_iter().collect())
}

pub(super) async fn hold(db: &mut Connection, pieces: &[Pieces<'_>]) -> Result<Vec<Shortage>, StoreError> {
    let doing = failed("take from the stock");
    let mut short = Vec::new();
    for Pieces { sku, quantity } in pieces {
        let query = "UPDATE stock SET available = available - $2, held = held + $2 \
                     WHERE sku = $1 AND available >= $2";
        let done = sql::query(query)
            .bind(sku)
            .bind(quantity)
            .execute(&mut *db)
            .await
            .map_err(&doing)?;
        if done.rows_affected() == 1 {
            continue;
        }
        let left = sql::query_scalar("SELECT available FROM stock WHERE sku = $1").bind(sku);
        let left: Option<i32> = left.fetch_optional(&mut *db).await.map_err(&doing)?;
        short.push(Shortage {
            sku: (*sku).to_owned(),
            available: left.unwrap_or(0),
        });
    }
    Ok(short)
}

pub(super) async fn put_back(db: &mut Connection, pieces: &[Pieces<'_>]) -> Result<(), StoreError> {
    for Pieces { sku, quantity } in pieces {
        sql::query("UPDATE stock SET available = available + $2, held = held - $2 WHERE sku = $1")
            .bind(sku)
            .bind(quantity)
            .execute(&mut *db)
            .await
            .map_err(failed("put pieces back"))?;
    }
    Ok(())
}

pub(super) async fn take_off_the_shelf(db: &mut Connection, pieces: &[Pieces<'_>]) -> Result<(), StoreError> {
    for Pieces { sku, quantity } in pieces {
        sql::query("UPDATE stock SET held = held - $2 WHERE sku = $1")
            .bind(sku)
            .bind(quantity)
            .execute(&mut *db)
            .await
            .map_err(failed("take pieces off the shelf"))?;
    }
    Ok(())
}

pub(super) async fn set_available(db: &mut Connection, sku: &str, quantity: i32) -> Result<(), StoreError> {
    let query = "INSERT INTO stock (sku, available, held) VALUES ($1, $2, 0) \
                 ON CONFLICT (sku) DO UPDATE SET available = excluded.available";
    let done = sql::query(query).bind(sku).bind(quantity).execute(db).await;
    done.map(drop).map_err(failed("set the stock"))
}
