//! What older versions of this program have left in the database.

use lavka_kit::ids::Id;
use lavka_kit::on_both_engines;
use lavka_kit::outbox::Outbox;
use lavka_kit::sql::{self, Database, Dialect, Json, Migrations, Migrator};
use lavka_kit::testing::TestWorld;
use serde_json::json;

use super::contract::order;
use super::{OrderStore as _, SqlOrders};
use crate::start::MIGRATIONS;

on_both_engines! { stage:
    an_order_of_the_first_version_is_read_and_changed_by_this_one
}

async fn stage(engine: Dialect) -> Option<TestWorld> {
    TestWorld::on(engine, "orders").await
}

/// The tables as the first version laid them.
fn first_version() -> &'static Migrations {
    let first = |all: &Migrator| Migrator::with_migrations(all.iter().take(1).cloned().collect());
    Box::leak(Box::new(Migrations {
        sqlite: first(&MIGRATIONS.sqlite),
        postgres: MIGRATIONS.postgres.as_ref().map(first),
    }))
}

async fn an_order_of_the_first_version_is_read_and_changed_by_this_one(world: TestWorld) {
    let database = Database::open(&world.context, first_version()).await.unwrap();
    let expected = order(1);
    let mut tx = database.write().await.unwrap();
    sql::query(
        "INSERT INTO orders (id, number, cart_id, cart_generation, locale, status, attempt, awaiting_action, refund_required, \
         holds_stock, currency, subtotal, shipping_price, total, shipping_code, shipping_title, shipping_days, recipient, search, placed_at) \
         VALUES ($1, 1, $2, 1, 'ru', 'PAID', 1, $3, $3, $4, 'RUB', 300, 50, 350, 'PICKUP', 'Самовывоз', 1, $5, '1', $6)",
    )
    .bind(expected.id)
    .bind(expected.cart.id)
    .bind(false)
    .bind(true)
    // Without what came to be asked for later, and with what is asked for no more.
    .bind(Json(json!({
        "name": "Анна", "phone": "+7 921 555-01-01", "email": "ann@lavka.test", "line1": "Невский пр., 1",
        "city": "Санкт-Петербург", "postalCode": "191025", "country": "RU", "fax": "none",
    })))
    .bind(expected.placed_at)
    .execute(&mut *tx)
    .await
    .unwrap();
    sql::query("INSERT INTO order_lines (order_id, position, sku, title, quantity, unit_price) VALUES ($1, 0, 'lamp', 'Лампа', 3, 100)")
        .bind(expected.id)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    database.close().await;

    let database = Database::open(&world.context, &MIGRATIONS).await.unwrap();
    let outbox = Outbox::start(&world.context, &database);
    let store = SqlOrders::new(database, outbox);
    let mut work = store.begin().await.unwrap();
    let mut found = work.order(expected.id).await.unwrap().unwrap();
    assert_eq!((found.flag.clone(), found.recipient.line2.clone()), (None, None));
    found.tracking_number = Some("RA1".into());
    found.paid_by = Some(Id::from_u128(5));
    work.save(&found).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(store.order(expected.id).await.unwrap(), Some(found));
}
