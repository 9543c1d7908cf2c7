//! A shop with documents that nobody can read.

use lavka_kit::sql::{self, Database};
use serde_json::json;

use super::*;
use crate::start::MIGRATIONS;
use crate::testing::{Shop, lamp};

/// Breaks a product and the category of the books, behind the shop's back.
async fn spoil(shop: &Shop, product: &str) {
    let database = Database::open(&shop.world.context, &MIGRATIONS).await.unwrap();
    let mut tx = database.write().await.unwrap();
    sql::query("UPDATE products SET document = '{}' WHERE id = $1")
        .bind(product)
        .execute(&mut *tx)
        .await
        .unwrap();
    sql::query("UPDATE categories SET document = '{}' WHERE slug = 'books'")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    database.close().await;
}

#[tokio::test]
async fn what_can_not_be_read_keeps_no_shop_closed() {
    let shop = Shop::open().await;
    shop.sells(lamp("A-1")).await;
    let broken = shop.sells(lamp("B-1")).await;
    shop.sells(lamp("C-1")).await;
    spoil(&shop, &broken).await;
    let again = crate::start(crate::Config::default(), shop.world.context.clone())
        .await
        .expect("it opens");
    let query = "{ products(first: 10) { totalCount nodes { id } } categories { slug } }";
    let shown = shop.world.ask(&again, None, query, json!({})).await;
    assert_eq!(shown.data()["products"]["totalCount"], 2);
    assert_eq!(shown.data()["categories"], json!([{ "slug": "lamps" }]));
}

/// One of many in a page, and among the products of a category whose title changes.
#[tokio::test]
async fn what_can_not_be_read_spoils_no_page() {
    let shop = Shop::open().await;
    shop.sells(lamp("A-1")).await;
    let broken = shop.sells(lamp("B-1")).await;
    let id: Id = broken.parse().unwrap();
    spoil(&shop, &broken).await;
    // The shop that runs still finds both.
    shop.world.clock.advance(std::time::Duration::from_secs(10));
    let query = "{ products(first: 10) { nodes { id } } }";
    let shown = shop.world.ask(&shop.catalog, None, query, json!({})).await;
    assert_eq!(shown.data()["products"]["nodes"].as_array().unwrap().len(), 1);
    let database = Database::open(&shop.world.context, &MIGRATIONS).await.unwrap();
    let catalog = crate::catalog::Catalog {
        store: std::sync::Arc::new(crate::store::SqliteStore::new(database, None)),
        finder: std::sync::Arc::new(crate::search::Finder::new().unwrap()),
        recent: std::sync::Arc::default(),
        clock: shop.world.context.clock.clone(),
        ids: shop.world.context.ids.clone(),
        currency: shop.world.context.currency,
    };
    catalog.load().await.unwrap();
    let desk = catalog.categories().await.unwrap().named("desk").unwrap().id;
    catalog.category_changed(desk).await.unwrap();
    let read = catalog.readable(Keys::Categories(&[desk])).await.unwrap();
    assert_eq!(read.products.len(), 1);
    let read = catalog.readable(Keys::Ids(&[id])).await.unwrap();
    assert_eq!((read.products.len(), read.unreadable), (0, vec![id]));
    // Who would change it is told.
    assert!(matches!(
        catalog.product(id).await,
        Err(StoreError::Corrupt { .. })
    ));
}
