//! No query that the API makes reads through a whole table, however many orders there are.
//!
//! What is asserted is not a plan that EXPLAIN promises for a text beside the real one: the store's own operations run, with the
//! server's `auto_explain` switched on, which tells the plan of each statement that it has run ([`plans`]). None of them may read one of
//! the great tables from end to end, and then the server says how often it has. 50,000 orders as a rule;
//! `LAVKA_TEST_ORDERS=1000000` makes a million.

mod plans;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use lavka_kit::clock::{Clock as _, ManualClock};
use lavka_kit::health::Waiting;
use lavka_kit::ids::Id;
use lavka_kit::outbox::Outbox;
use lavka_kit::sql::{self, Database, DatabaseUrl, Opening, PostgresConfig};
use lavka_kit::testing::{TestDatabase, TestPlace, TestWorld};

use super::contract::order;
use super::{Filter, OrderStore, Pieces, SqlOrders, UsedKey};
use crate::start::MIGRATIONS;
use crate::state::Status;

/// So many that reading through them would be noticed.
const ORDERS: i64 = 50_000;

/// The tables that grow with what is sold.
const TABLES: [&str; 5] = [
    "orders",
    "order_lines",
    "order_history",
    "stock",
    "idempotency_keys",
];

const FILL: [&str; 6] = [
    "INSERT INTO orders
     SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 100000 + n,
            CASE WHEN n % 3 > 0 THEN ('00000000-0000-7000-9000-' || lpad(to_hex(n / 30), 12, '0'))::uuid END,
            ('00000000-0000-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, NULL, 'ru',
            (ARRAY['PENDING_PAYMENT', 'PAID', 'ASSEMBLED', 'HANDED_TO_DELIVERY', 'DELIVERED', 'DELIVERED', 'DELIVERED',
                   'DELIVERED', 'DELIVERED', 'CANCELLED'])[1 + n % 10],
            1, false, NULL, false, n % 10 < 2, 'RUB', 129000, 39000, 168000, 'COURIER', 'Курьер', 2,
            jsonb_build_object('name', 'Анна ' || md5(n::text), 'phone', '+7921' || (1000000 + n), 'email', md5(n::text) || '@example.com',
                               'line1', 'Арбат 1', 'city', 'Москва', 'postalCode', '119019', 'country', 'RU'),
            NULL,
            'l-' || (100000 + n) || E'\\nанна ' || md5(n::text) || E'\\n' || md5(n::text) || E'@example.com\\n+7921' || (1000000 + n),
            now() - n * interval '1 minute',
            CASE WHEN n % 10 = 0 THEN now() + n * interval '1 minute' END,
            CASE WHEN n % 50 = 1 THEN now() END, CASE WHEN n % 50 = 1 THEN 'упала с полки' END
     FROM generate_series(1, $1) AS n",
    "INSERT INTO order_lines
     SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, position, 'SKU-' || ((n * 7 + position) % 10000),
            'Лампа', 1, 64500
     FROM generate_series(1, $1) AS n, generate_series(0, 1) AS position",
    "INSERT INTO order_history
     SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, position, 'PENDING_PAYMENT', now(), NULL
     FROM generate_series(1, $1) AS n, generate_series(0, 1) AS position",
    "INSERT INTO stock SELECT 'SKU-' || n, 1000, 10 FROM generate_series(0, least($1, 10000)) AS n",
    "INSERT INTO idempotency_keys
     SELECT 'user:' || n, 'checkout', md5(n::text), ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now()
     FROM generate_series(1, $1) AS n",
    "SELECT setval('order_number', 100000 + $1)",
];

/// A million orders are filled in quickly: without a look from each line and each step at its order, which is there, and with the
/// indexes made at the end, since the one by parts of words takes longer for a row the more it holds.
const DO_NOT_LOOK: &str = "SET LOCAL session_replication_role = replica";

const LAY_INDEXES_ASIDE: [&str; 2] = [
    "CREATE TEMPORARY TABLE laid_aside ON COMMIT DROP AS
     SELECT indexrelid::regclass::text AS index, pg_get_indexdef(indexrelid) AS definition
     FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
     WHERE relnamespace = current_schema()::regnamespace AND relname IN ('orders', 'idempotency_keys')
         AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
    "DO $$ DECLARE dropping text; BEGIN
         FOR dropping IN SELECT 'DROP INDEX ' || index FROM laid_aside LOOP EXECUTE dropping; END LOOP;
     END $$",
];

const MAKE_INDEXES: &str = "
    DO $$ DECLARE making text; BEGIN
        SET LOCAL maintenance_work_mem = '256MB';
        FOR making IN SELECT definition FROM laid_aside LOOP EXECUTE making; END LOOP;
    END $$";

/// How often each table was read from end to end.
async fn scans(database: &Database) -> BTreeMap<String, i64> {
    let rows: Vec<(String, i64)> = sql::query_as(
        "SELECT relname::text, seq_scan FROM pg_stat_user_tables WHERE schemaname = current_schema()",
    )
    .fetch_all(database.read())
    .await
    .unwrap();
    let great = |(table, _): &(String, i64)| TABLES.contains(&table.as_str());
    rows.into_iter().filter(great).collect()
}

/// On one thread: what the server says of its plans is heard on the thread that asked.
#[tokio::test]
async fn no_query_reads_through_a_whole_table() {
    // Not beside other tests: as long as one of their transactions is open, VACUUM can't note that a page has nothing to
    // hide, and counting by the index alone looks dear.
    let Some(place) = TestPlace::alone_on_postgres().await else {
        return;
    };
    let world = TestWorld::at(place, "orders").await;
    let open = async || {
        TestDatabase::open(world.database(), "orders", &MIGRATIONS)
            .await
            .unwrap()
    };
    let many: i64 = match std::env::var("LAVKA_TEST_ORDERS") {
        Ok(many) => many.parse().unwrap(),
        Err(_) => ORDERS,
    };
    let filling = patient(world.database()).await;
    fill(&filling, many).await;
    plans::tell(&filling).await;
    filling.close().await;

    // Connections report what they have done when they end.
    let look = open().await;
    let before = scans(&look).await;
    let database = open().await;
    let store = SqlOrders::new(database.clone(), Outbox::start(&world.context, &database));
    let told = {
        let heard = plans::Heard::begin();
        ask_everything(&store, &world, many).await;
        heard.plans()
    };
    world.shutdown().await;
    database.close().await;
    let after = scans(&look).await;
    look.close().await;

    let read = |table: &str| told.iter().filter(|it| it.reads(table)).count();
    for table in TABLES {
        // Seven rounds, and all of them were heard.
        assert!(read(table) >= 7, "{} plans read {table}", read(table));
    }
    let through: Vec<String> = told.iter().filter_map(|it| it.reads_through(&TABLES)).collect();
    assert!(through.is_empty(), "{}", through.join("\n"));
    assert_eq!(before.len(), TABLES.len(), "{before:?}");
    assert_eq!(after, before, "read from end to end: after and before");
}

/// A million takes longer than a statement may as a rule.
async fn patient(url: &DatabaseUrl) -> Database {
    let opening = Opening {
        service: "orders",
        url,
        postgres: &PostgresConfig {
            statement_seconds: 60 * 60,
            ..PostgresConfig::default()
        },
        clock: &ManualClock::default(),
        waiting: &Waiting::default(),
    };
    opening.open(&MIGRATIONS).await.unwrap()
}

async fn fill(database: &Database, many: i64) {
    let mut tx = database.write().await.unwrap();
    // A commit that isn't on the disk yet keeps VACUUM from noting that everybody sees it: then an index alone can't be
    // counted by. Servers for tests are told not to wait for the disk.
    sql::query("SET LOCAL synchronous_commit = on")
        .execute(&mut *tx)
        .await
        .unwrap();
    sql::query(DO_NOT_LOOK).execute(&mut *tx).await.unwrap();
    for statement in LAY_INDEXES_ASIDE {
        sql::query(statement).execute(&mut *tx).await.unwrap();
    }
    for statement in FILL {
        sql::query(statement).bind(many).execute(&mut *tx).await.unwrap();
    }
    sql::query(MAKE_INDEXES).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let mut connection = database.read().acquire().await.unwrap();
    for table in [
        "VACUUM ANALYZE orders",
        "VACUUM ANALYZE order_lines",
        "VACUUM ANALYZE order_history",
        "VACUUM ANALYZE stock",
        "VACUUM ANALYZE idempotency_keys",
    ] {
        sql::query(table).execute(&mut connection).await.unwrap();
    }
}

fn id(group: u128, n: i64) -> Id {
    Id::from_u128(0x0000_0000_0000_7000_0000_0000_0000_0000 | group << 60 | u128::try_from(n).unwrap())
}

/// Each operation of the port, the lists with each of their filters, several times: a statement that is used often gets a
/// plan that fits all values.
async fn ask_everything(store: &SqlOrders, world: &TestWorld, many: i64) {
    let now = world.clock.now();
    let searched = |text: String| Filter {
        search: Some(text),
        ..Filter::default()
    };
    let filters = [
        Filter::default(),
        Filter {
            customer: Some(id(9, 7)),
            ..Filter::default()
        },
        Filter {
            status: Some(Status::Paid),
            ..Filter::default()
        },
        Filter {
            flagged: true,
            ..Filter::default()
        },
        searched(format!("l-{}", 100_000 + many / 2)),
        searched(format!("921{}", 1_000_000 + many / 3)),
        searched("00".to_owned()),
        Filter {
            status: Some(Status::Delivered),
            ..searched("abc".to_owned())
        },
    ];
    for round in 0..7 {
        for filter in &filters {
            let all = store.page(filter, None, 21).await.unwrap();
            assert!(round > 0 || !all.orders.is_empty(), "{filter:?} finds nothing");
            store.page(filter, Some(100_000 + many / 2), 101).await.unwrap();
        }
        let sold = id(8, 1 + round);
        assert!(store.order(sold).await.unwrap().is_some());
        assert!(
            store
                .used_key(&format!("user:{}", 7 + round), "checkout")
                .await
                .unwrap()
                .is_some()
        );
        let skus: Vec<String> = (0..40 + round).map(|n| format!("SKU-{n}")).collect();
        assert_eq!(store.available(&skus).await.unwrap().len(), skus.len());
        store.overdue(now + TimeDelta::days(400), 100).await.unwrap();

        let mut new = order(u8::try_from(round).unwrap());
        let mut work = store.begin().await.unwrap();
        new.number = work.next_number().await.unwrap();
        assert!(work.insert(&new).await.unwrap());
        work.order(sold).await.unwrap().unwrap();
        work.save(&new).await.unwrap();
        let key = UsedKey {
            scope: format!("cart:{round}"),
            key: "k".to_owned(),
            body_hash: "h".to_owned(),
            order: new.id,
        };
        assert!(work.use_key(&key, now).await.unwrap());
        work.used_key(&key.scope, &key.key).await.unwrap();
        work.forget_keys(now - TimeDelta::days(30)).await.unwrap();
        let pieces = [Pieces {
            sku: "SKU-42",
            quantity: 1,
        }];
        assert_eq!(work.hold(&pieces).await.unwrap(), []);
        work.put_back(&pieces).await.unwrap();
        work.take_off_the_shelf(&pieces).await.unwrap();
        work.set_available("SKU-43", 5).await.unwrap();
        work.commit().await.unwrap();
    }
}
