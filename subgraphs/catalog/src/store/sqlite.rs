//! The store in SQLite: documents as JSON text; slugs and skus in columns of their own, where the database keeps them unique.

use lavka_kit::sql::{Bind, Connection, Database, QueryBuilder, Row};
use lavka_kit::{BoxFuture, events::CloudEvent, ids::Id, outbox::Outbox, sql};
use serde::{Serialize, de::DeserializeOwned};

use super::{Keys, Outcome, Store, StoreError, Write};
use crate::domain::{Category, Product};

/// As many keys as one statement takes on every engine.
const KEYS_AT_ONCE: usize = 500;

pub struct SqliteStore {
    database: Database,
    outbox: Option<Outbox>,
}

impl SqliteStore {
    /// `outbox` is the relay that publishes this database's events; without one they wait for the next that has.
    pub fn new(database: Database, outbox: Option<Outbox>) -> SqliteStore {
        SqliteStore { database, outbox }
    }

    fn notify(&self) {
        if let Some(outbox) = &self.outbox {
            outbox.notify();
        }
    }

    async fn look_up(&self, keys: Keys<'_>) -> Result<Vec<Product>, StoreError> {
        match keys {
            Keys::Ids(ids) => {
                self.find("SELECT id, document FROM products WHERE id IN ", ids)
                    .await
            }
            Keys::Slugs(slugs) => {
                self.find("SELECT id, document FROM products WHERE slug IN ", slugs)
                    .await
            }
            Keys::Categories(ids) => {
                self.find("SELECT id, document FROM products WHERE category IN ", ids)
                    .await
            }
            Keys::Skus(skus) => {
                // DISTINCT would compare whole documents; a product with two of the skus is dropped by its id.
                let select = "SELECT p.id, p.document FROM products p JOIN skus s ON s.product_id = p.id WHERE s.sku IN ";
                let mut products = self.find(select, skus).await?;
                products.sort_by_key(|product| product.id);
                products.dedup_by_key(|product| product.id);
                Ok(products)
            }
        }
    }

    async fn find<K>(&self, select: &'static str, keys: &[K]) -> Result<Vec<Product>, StoreError>
    where
        K: Clone + Bind + Send + Sync,
    {
        let mut products = Vec::with_capacity(keys.len());
        for keys in keys.chunks(KEYS_AT_ONCE) {
            let mut query = QueryBuilder::new(select);
            query.push_list(keys);
            let rows = query
                .build()
                .fetch_all(self.database.read())
                .await
                .map_err(failed("read products"))?;
            for row in rows {
                products.push(document("products", &row)?);
            }
        }
        Ok(products)
    }

    async fn page(&self, after: Option<Id>, limit: u32) -> Result<Vec<Product>, StoreError> {
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let rows = sql::query("SELECT id, document FROM products WHERE id > $1 ORDER BY id LIMIT $2")
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(self.database.read())
            .await
            .map_err(failed("read a page of products"))?;
        rows.iter().map(|row| document("products", row)).collect()
    }

    async fn save_all(&self, writes: &[Write<Product>]) -> Result<Vec<Outcome>, StoreError> {
        let doing = "save products";
        let mut transaction = self.database.write().await.map_err(failed(doing))?;
        let mut outcomes = Vec::with_capacity(writes.len());
        for write in writes {
            let outcome = save(&mut transaction, write).await.map_err(failed(doing))?;
            if outcome == Outcome::Saved {
                Outbox::add(&mut transaction, &write.event)
                    .await
                    .map_err(failed(doing))?;
            }
            outcomes.push(outcome);
        }
        transaction.commit().await.map_err(failed(doing))?;
        self.notify();
        Ok(outcomes)
    }

    async fn delete(&self, id: Id, event: &CloudEvent) -> Result<bool, StoreError> {
        let doing = "delete a product";
        let mut transaction = self.database.write().await.map_err(failed(doing))?;
        let deleted = sql::query("DELETE FROM products WHERE id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await
            .map_err(failed(doing))?;
        if deleted.rows_affected() == 0 {
            return Ok(false);
        }
        Outbox::add(&mut transaction, event)
            .await
            .map_err(failed(doing))?;
        transaction.commit().await.map_err(failed(doing))?;
        self.notify();
        Ok(true)
    }

    async fn put_category(&self, write: &Write<Category>) -> Result<Outcome, StoreError> {
        let doing = "save a category";
        let category = &write.document;
        let mut transaction = self.database.write().await.map_err(failed(doing))?;
        let namesake: Option<Id> =
            sql::query_scalar("SELECT id FROM categories WHERE slug = $1 AND id <> $2")
                .bind(&category.slug)
                .bind(category.id)
                .fetch_optional(&mut *transaction)
                .await
                .map_err(failed(doing))?;
        if namesake.is_some() {
            return Ok(Outcome::SlugTaken);
        }
        let json = json(category).map_err(failed(doing))?;
        let written = match write.replaces {
            None => sql::query(
                "INSERT INTO categories (id, slug, version, document) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            )
            .bind(category.id)
            .bind(&category.slug)
            .bind(category.version)
            .bind(json),
            Some(version) => {
                sql::query("UPDATE categories SET slug = $1, version = $2, document = $3 WHERE id = $4 AND version = $5")
                    .bind(&category.slug)
                    .bind(category.version)
                    .bind(json)
                    .bind(category.id)
                    .bind(version)
            }
        };
        let written = written.execute(&mut *transaction).await.map_err(failed(doing))?;
        if written.rows_affected() == 0 {
            return Ok(Outcome::Stale);
        }
        Outbox::add(&mut transaction, &write.event)
            .await
            .map_err(failed(doing))?;
        transaction.commit().await.map_err(failed(doing))?;
        self.notify();
        Ok(Outcome::Saved)
    }
}

/// One product within the transaction. It looks before it writes, which is enough: nobody else writes meanwhile. So a write that
/// can't be done leaves nothing behind, and the others go on in the same transaction.
async fn save(transaction: &mut Connection, write: &Write<Product>) -> Result<Outcome, sql::Error> {
    let product = &write.document;
    let known: Option<i64> = sql::query_scalar("SELECT version FROM products WHERE id = $1")
        .bind(product.id)
        .fetch_optional(&mut *transaction)
        .await?;
    if known != write.replaces {
        return Ok(Outcome::Stale);
    }
    let namesake: Option<Id> = sql::query_scalar("SELECT id FROM products WHERE slug = $1 AND id <> $2")
        .bind(&product.slug)
        .bind(product.id)
        .fetch_optional(&mut *transaction)
        .await?;
    if namesake.is_some() {
        return Ok(Outcome::SlugTaken);
    }
    for variant in &product.variants {
        let owner: Option<Id> =
            sql::query_scalar("SELECT product_id FROM skus WHERE sku = $1 AND product_id <> $2")
                .bind(&variant.sku)
                .bind(product.id)
                .fetch_optional(&mut *transaction)
                .await?;
        if owner.is_some() {
            return Ok(Outcome::SkuTaken(variant.sku.clone()));
        }
    }
    let json = json(product).map_err(|error| sql::Error::Encode(Box::new(error)))?;
    sql::query(
        "INSERT INTO products (id, slug, category, version, document) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, category = excluded.category, \
         version = excluded.version, document = excluded.document",
    )
    .bind(product.id)
    .bind(&product.slug)
    .bind(product.category)
    .bind(product.version)
    .bind(json)
    .execute(&mut *transaction)
    .await?;
    sql::query("DELETE FROM skus WHERE product_id = $1")
        .bind(product.id)
        .execute(&mut *transaction)
        .await?;
    for variant in &product.variants {
        sql::query("INSERT INTO skus (sku, product_id) VALUES ($1, $2)")
            .bind(&variant.sku)
            .bind(product.id)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(Outcome::Saved)
}

fn json(document: &impl Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string(document)
}

fn document<T: DeserializeOwned>(table: &'static str, row: &Row) -> Result<T, StoreError> {
    let text: String = row.try_get("document").map_err(failed("read a document"))?;
    serde_json::from_str(&text).map_err(|source| StoreError::Corrupt {
        table,
        column: "document",
        row: row.try_get("id").unwrap_or_default(),
        source,
    })
}

fn failed<E>(doing: &'static str) -> impl FnOnce(E) -> StoreError
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    move |source| StoreError::Failed {
        doing,
        source: source.into(),
    }
}

impl Store for SqliteStore {
    fn products<'a>(&'a self, keys: Keys<'a>) -> BoxFuture<'a, Result<Vec<Product>, StoreError>> {
        Box::pin(self.look_up(keys))
    }

    fn products_after(
        &self,
        after: Option<Id>,
        limit: u32,
    ) -> BoxFuture<'_, Result<Vec<Product>, StoreError>> {
        Box::pin(self.page(after, limit))
    }

    fn save_products<'a>(
        &'a self,
        writes: &'a [Write<Product>],
    ) -> BoxFuture<'a, Result<Vec<Outcome>, StoreError>> {
        Box::pin(self.save_all(writes))
    }

    fn delete_product<'a>(
        &'a self,
        id: Id,
        event: &'a CloudEvent,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(self.delete(id, event))
    }

    fn categories(&self) -> BoxFuture<'_, Result<Vec<Category>, StoreError>> {
        Box::pin(async {
            let rows = sql::query("SELECT id, document FROM categories")
                .fetch_all(self.database.read())
                .await
                .map_err(failed("read the categories"))?;
            super::readable(rows.iter().map(|row| document("categories", row)))
        })
    }

    fn save_category<'a>(&'a self, write: &'a Write<Category>) -> BoxFuture<'a, Result<Outcome, StoreError>> {
        Box::pin(self.put_category(write))
    }
}

#[cfg(test)]
mod tests {
    use lavka_kit::testing::TestWorld;

    use super::super::scenes;
    use super::*;
    use crate::testing::product;

    async fn database(world: &TestWorld) -> Database {
        Database::open(&world.context, &crate::start::MIGRATIONS)
            .await
            .expect("a database")
    }

    #[tokio::test]
    async fn sqlite_does_what_a_store_must() {
        let world = TestWorld::of("catalog").await;
        scenes::all(&SqliteStore::new(database(&world).await, None)).await;
    }

    #[tokio::test]
    async fn a_row_that_cannot_be_read_is_named() {
        let world = TestWorld::of("catalog").await;
        let database = database(&world).await;
        let mut transaction = database.write().await.expect("a transaction");
        sql::query(
            "INSERT INTO products (id, slug, category, version, document) VALUES ($1, 's', 'c', 1, '{}')",
        )
        .bind(product(7, "", &[]).id)
        .execute(&mut *transaction)
        .await
        .expect("inserted");
        transaction.commit().await.expect("committed");
        let error = SqliteStore::new(database, None)
            .products(Keys::Slugs(&["s".into()]))
            .await
            .expect_err("corrupt");
        assert_eq!(
            error.to_string(),
            "products.document of row 00000000-0000-0000-0000-000000000007 can't be read"
        );
    }
}
