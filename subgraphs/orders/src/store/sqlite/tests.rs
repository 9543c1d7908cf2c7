//! The scenes of the port, on SQLite.

use std::sync::Arc;

use lavka_kit::outbox::Outbox;
use lavka_kit::sql::Database;
use lavka_kit::testing::TestWorld;

use super::SqliteOrders;
use crate::start::MIGRATIONS;
use crate::store::{OrderStore, contract};

async fn orders() -> (Arc<dyn OrderStore>, TestWorld) {
    let world = TestWorld::of("orders").await;
    let database = Database::open(&world.context.database, &MIGRATIONS)
        .await
        .unwrap();
    let outbox = Outbox::start(&world.context, &database);
    (Arc::new(SqliteOrders::new(database, outbox)), world)
}

contract::scenes!(orders);
