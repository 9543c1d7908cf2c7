//! What older versions of this program have left in the database.

use lavka_kit::ids::Id;
use lavka_kit::money::{Currency, Money};
use lavka_kit::on_both_engines;
use lavka_kit::sql::{self, Database, Dialect, Migrations, Migrator};
use lavka_kit::testing::TestWorld;

use super::{SqlStore, Store as _};
use crate::MIGRATIONS;

on_both_engines! { stage:
    a_payment_of_the_first_version_is_read_and_changed_by_this_one
}

async fn stage(engine: Dialect) -> Option<TestWorld> {
    TestWorld::on(engine, "payments").await
}

/// The tables as the first version laid them.
fn first_version() -> &'static Migrations {
    let first = |all: &Migrator| Migrator::with_migrations(all.iter().take(1).cloned().collect());
    Box::leak(Box::new(Migrations {
        sqlite: first(&MIGRATIONS.sqlite),
        postgres: MIGRATIONS.postgres.as_ref().map(first),
    }))
}

async fn a_payment_of_the_first_version_is_read_and_changed_by_this_one(world: TestWorld) {
    let (order, id) = (Id::from_u128(1), Id::from_u128(2));
    let database = Database::open(&world.context, first_version()).await.unwrap();
    let mut tx = database.write().await.unwrap();
    sql::query("INSERT INTO orders (id, number, locale, ended) VALUES ($1, '1', 'ru', $2)")
        .bind(order)
        .bind(false)
        .execute(&mut *tx)
        .await
        .unwrap();
    sql::query(
        "INSERT INTO payments (id, order_id, attempt, gateway, amount, currency, status, goal, sent, tries, created_at) \
         VALUES ($1, $2, 1, 'SANDBOX', 100, 'RUB', 'PENDING', 'COLLECT', $3, 0, $4)",
    )
    .bind(id)
    .bind(order)
    .bind(true)
    .bind(world.context.clock.now())
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    database.close().await;

    let database = Database::open(&world.context, &MIGRATIONS).await.unwrap();
    let store = SqlStore::new(database);
    let mut work = store.begin().await.unwrap();
    let mut found = work.payment(id).await.unwrap().unwrap();
    assert_eq!((found.came, found.capturing), (None, false));
    found.came = Some(Money::new(99, Currency::Rub));
    work.save_payment(&found).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(store.payment(id).await.unwrap(), Some(found));
}
