//! What every adapter must do: `scenes::all(&store)` on an empty store, once for each engine.

use lavka_kit::clock::ManualClock;
use lavka_kit::events::{CloudEvent, catalog::ProductDeleted};
use lavka_kit::ids::{Id, Ids as _, RandomIds};
use lavka_kit::locale::Text;
use std::sync::Arc;

use super::{Keys, Outcome, Store, Write};
use crate::domain::{Category, Product};
use crate::testing::product;

pub async fn all(store: &dyn Store) {
    products_are_found_by_every_key(store).await;
    slugs_and_skus_belong_to_one(store).await;
    a_write_names_the_version_that_it_replaces(store).await;
    a_bad_write_does_not_stop_the_others(store).await;
    what_is_deleted_is_gone_with_its_skus(store).await;
    products_come_in_pages(store).await;
    categories_are_guarded_too(store).await;
}

fn event() -> CloudEvent {
    let clock = Arc::new(ManualClock::default());
    // Not repeatable on purpose: an outbox takes an event's id once.
    let ids = RandomIds::new(clock.clone(), Arc::new(lavka_kit::ids::OsRandomness));
    let id = ids.next();
    CloudEvent::new(&ids, &*clock, id, &ProductDeleted { product_id: id }).expect("an event")
}

fn write(document: Product, replaces: Option<i64>) -> Write<Product> {
    Write {
        document,
        replaces,
        event: event(),
    }
}

async fn save(store: &dyn Store, document: Product, replaces: Option<i64>) -> Outcome {
    store
        .save_products(&[write(document, replaces)])
        .await
        .expect("the store works")
        .remove(0)
}

async fn count(store: &dyn Store, keys: Keys<'_>) -> usize {
    store.products(keys).await.expect("the store works").len()
}

async fn products_are_found_by_every_key(store: &dyn Store) {
    let lamp = product(10, "ten", &["T-1", "T-2"]);
    assert_eq!(save(store, lamp.clone(), None).await, Outcome::Saved);
    let found = store
        .products(Keys::Ids(&[lamp.id, Id::from_u128(404)]))
        .await
        .expect("the store works");
    assert_eq!(found, std::slice::from_ref(&lamp));
    assert_eq!(
        count(store, Keys::Slugs(&["ten".into(), "nobody".into()])).await,
        1
    );
    let skus = ["T-1".to_owned(), "T-2".to_owned(), "' OR 1=1 --".to_owned()];
    assert_eq!(
        count(store, Keys::Skus(&skus)).await,
        1,
        "a product with two of the skus comes once"
    );
    assert_eq!(count(store, Keys::Categories(&[lamp.category])).await, 1);
    assert_eq!(count(store, Keys::Ids(&[])).await, 0);
}

async fn slugs_and_skus_belong_to_one(store: &dyn Store) {
    assert_eq!(
        save(store, product(11, "ten", &["T-3"]), None).await,
        Outcome::SlugTaken
    );
    let taken = Outcome::SkuTaken("T-2".into());
    assert_eq!(
        save(store, product(11, "eleven", &["T-3", "T-2"]), None).await,
        taken
    );
    assert_eq!(
        count(store, Keys::Skus(&["T-3".into()])).await,
        0,
        "a refused write leaves nothing"
    );
}

async fn a_write_names_the_version_that_it_replaces(store: &dyn Store) {
    let next = Product {
        version: 2,
        slug: "ten-again".into(),
        ..product(10, "", &["T-2", "T-9"])
    };
    assert_eq!(save(store, next.clone(), Some(7)).await, Outcome::Stale);
    assert_eq!(save(store, next.clone(), None).await, Outcome::Stale);
    assert_eq!(save(store, next.clone(), Some(1)).await, Outcome::Saved);
    assert_eq!(
        count(store, Keys::Slugs(&["ten".into()])).await,
        0,
        "the old slug is free"
    );
    assert_eq!(
        count(store, Keys::Skus(&["T-1".into()])).await,
        0,
        "the old sku is free"
    );
    assert_eq!(
        save(store, product(404, "x", &["X"]), Some(1)).await,
        Outcome::Stale
    );
}

async fn a_bad_write_does_not_stop_the_others(store: &dyn Store) {
    let writes = [
        write(product(20, "twenty", &["B-1"]), None),
        write(product(21, "twenty", &["B-2"]), None),
        write(product(22, "twenty-two", &["B-1"]), None),
        write(product(23, "twenty-three", &["B-3"]), None),
    ];
    let outcomes = store.save_products(&writes).await.expect("the store works");
    let sku = Outcome::SkuTaken("B-1".into());
    assert_eq!(
        outcomes,
        [Outcome::Saved, Outcome::SlugTaken, sku, Outcome::Saved]
    );
}

async fn what_is_deleted_is_gone_with_its_skus(store: &dyn Store) {
    let id = Id::from_u128(20);
    assert!(store.delete_product(id, &event()).await.expect("the store works"));
    assert!(!store.delete_product(id, &event()).await.expect("the store works"));
    assert_eq!(
        save(store, product(24, "twenty", &["B-1"]), None).await,
        Outcome::Saved
    );
}

async fn products_come_in_pages(store: &dyn Store) {
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = store.products_after(after, 2).await.expect("the store works");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        seen.extend(page.into_iter().map(|product| product.id));
    }
    assert_eq!(seen, [10, 23, 24].map(Id::from_u128));
}

async fn categories_are_guarded_too(store: &dyn Store) {
    let lamps = Category {
        id: Id::from_u128(1),
        slug: "lamps".into(),
        title: Text::new("Лампы", "Lamps"),
        parent: None,
        position: 0,
        version: 1,
    };
    let put = async |document: Category, replaces| {
        let write = Write {
            document,
            replaces,
            event: event(),
        };
        store.save_category(&write).await.expect("the store works")
    };
    assert_eq!(put(lamps.clone(), None).await, Outcome::Saved);
    assert_eq!(
        put(
            Category {
                id: Id::from_u128(2),
                ..lamps.clone()
            },
            None
        )
        .await,
        Outcome::SlugTaken
    );
    assert_eq!(
        put(
            Category {
                version: 2,
                ..lamps.clone()
            },
            Some(5)
        )
        .await,
        Outcome::Stale
    );
    assert_eq!(
        put(
            Category {
                version: 2,
                position: 3,
                ..lamps.clone()
            },
            Some(1)
        )
        .await,
        Outcome::Saved
    );
    let all = store.categories().await.expect("the store works");
    assert_eq!(
        all,
        [Category {
            version: 2,
            position: 3,
            ..lamps
        }]
    );
}
