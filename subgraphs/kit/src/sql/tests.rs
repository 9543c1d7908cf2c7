//! What both engines do alike, and what only PostgreSQL can get wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use tokio::sync::Barrier;

use super::*;
use crate::clock::ManualClock;
use crate::health::Waiting;
use crate::ids::Id;
use crate::on_both_engines;
use crate::testing::{TestDatabase, TestPlace, Wire};

async fn stage(engine: Dialect) -> Option<TestDatabase> {
    TestDatabase::on(engine, "kit", &NO_MIGRATIONS).await
}

on_both_engines! { stage:
    values_come_back_as_they_went
    a_dropped_transaction_never_was
    a_snapshot_sees_one_moment
    a_constraint_is_recognised
    old_rows_go_piece_by_piece_and_young_ones_stay
}

impl TestDatabase {
    async fn lay(&self, sqlite: &'static str, postgres: &'static str) {
        let mut tx = self.write().await.unwrap();
        let create = match self.dialect() {
            Dialect::Sqlite => sqlite,
            Dialect::Postgres => postgres,
        };
        query(create).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A table with one number a key.
    async fn lay_numbers(&self) {
        let create = "CREATE TABLE numbers (key INTEGER PRIMARY KEY, number BIGINT NOT NULL)";
        self.lay(create, create).await;
        let mut tx = self.write().await.unwrap();
        query("INSERT INTO numbers (key, number) VALUES (1, 10), (2, 20)")
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    async fn sum(&self) -> i64 {
        let sum = query_scalar("SELECT CAST(sum(number) AS BIGINT) FROM numbers");
        sum.fetch_one(self.read()).await.unwrap()
    }
}

#[derive(Debug, PartialEq, sqlx::FromRow)]
struct Everything {
    id: Id,
    at: DateTime<Utc>,
    document: Json<serde_json::Value>,
    small: i32,
    big: i64,
    yes: bool,
    text: String,
    no_id: Option<Id>,
    no_at: Option<DateTime<Utc>>,
    no_text: Option<String>,
}

async fn values_come_back_as_they_went(database: TestDatabase) {
    database
        .lay(
            "CREATE TABLE everything (id TEXT, at TEXT, document TEXT, small INTEGER, big INTEGER, yes INTEGER, text TEXT, \
             no_id TEXT, no_at TEXT, no_text TEXT) STRICT",
            "CREATE TABLE everything (id uuid, at timestamptz, document jsonb, small integer, big bigint, yes boolean, \
             text text, no_id uuid, no_at timestamptz, no_text text)",
        )
        .await;
    let went = Everything {
        id: Id::from_u128(7),
        at: DateTime::from_timestamp(1_768_478_400, 123_456_000).unwrap(),
        document: Json(json!({ "слово": ["ё", null, 1.5, { "глубже": true }] })),
        small: -1,
        big: i64::MAX,
        yes: true,
        text: "It's \"quoted\", $1 and ёжик".to_owned(),
        no_id: None,
        no_at: None,
        no_text: None,
    };
    let mut tx = database.write().await.unwrap();
    query("INSERT INTO everything VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(went.id)
        .bind(went.at)
        .bind(&went.document)
        .bind(went.small)
        .bind(went.big)
        .bind(went.yes)
        .bind(&went.text)
        .bind(went.no_id)
        .bind(went.no_at)
        .bind(&went.no_text)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut select = QueryBuilder::new("SELECT * FROM everything WHERE at <= ");
    select
        .push_bind(went.at)
        .push(" AND id IN ")
        .push_list([Id::from_u128(1), Id::from_u128(5), went.id]);
    let came: Vec<Everything> = select.build_query_as().fetch_all(database.read()).await.unwrap();
    assert_eq!(came, [went]);
    let row = query("SELECT big, no_text FROM everything")
        .fetch_one(database.read())
        .await
        .unwrap();
    assert_eq!(row.try_get::<i64>("big").unwrap(), i64::MAX);
    assert_eq!(row.try_get::<Option<String>>("no_text").unwrap(), None);
    let wrong = row.try_get::<DateTime<Utc>>("big").unwrap_err();
    assert!(wrong.to_string().contains("big"), "{wrong}");
}

async fn a_dropped_transaction_never_was(database: TestDatabase) {
    database.lay_numbers().await;
    let mut tx = database.write().await.unwrap();
    query("DELETE FROM numbers").execute(&mut *tx).await.unwrap();
    drop(tx);
    assert_eq!(database.sum().await, 30);
}

async fn a_snapshot_sees_one_moment(database: TestDatabase) {
    database.lay_numbers().await;
    let mut snapshot = database.read().begin().await.unwrap();
    let number = || query_scalar::<i64>("SELECT number FROM numbers WHERE key = 1");
    assert_eq!(number().fetch_one(&mut *snapshot).await.unwrap(), 10);
    let mut tx = database.write().await.unwrap();
    query("UPDATE numbers SET number = 11")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(number().fetch_one(&mut *snapshot).await.unwrap(), 10);
    assert_eq!(number().fetch_one(database.read()).await.unwrap(), 11);
    query("UPDATE numbers SET number = 12")
        .execute(&mut *snapshot)
        .await
        .expect_err("a snapshot is for reading");
}

async fn a_constraint_is_recognised(database: TestDatabase) {
    database.lay_numbers().await;
    let mut tx = database.write().await.unwrap();
    let insert = query("INSERT INTO numbers (key, number) VALUES (1, 1)");
    let error = insert.execute(&mut *tx).await.unwrap_err();
    assert!(is_unique_violation(&error), "{error}");
    assert!(!is_conflict(&error) && !is_unavailable(&error), "{error}");
}

async fn old_rows_go_piece_by_piece_and_young_ones_stay(database: TestDatabase) {
    database
        .lay(
            "CREATE TABLE things (id INTEGER PRIMARY KEY, at TEXT) STRICT",
            "CREATE TABLE things (id integer PRIMARY KEY, at timestamptz)",
        )
        .await;
    let time = |second: i64| DateTime::from_timestamp(1_768_478_400 + second, 0).unwrap();
    let mut tx = database.write().await.unwrap();
    for second in 0..10 {
        let insert = query("INSERT INTO things (id, at) VALUES ($1, $2)")
            .bind(second)
            .bind(time(second));
        insert.execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    let delete = "DELETE FROM things WHERE id IN (SELECT id FROM things WHERE at < $1 LIMIT $2)";
    assert_eq!(database.forget_by(3, delete, time(7)).await.unwrap(), 7);
    assert_eq!(database.forget_by(3, delete, time(7)).await.unwrap(), 0);
    let left = query_scalar::<i32>("SELECT id FROM things ORDER BY id");
    assert_eq!(left.fetch_all(database.read()).await.unwrap(), [7, 8, 9]);
}

#[derive(Debug, thiserror::Error)]
#[error("move a number")]
struct Moving(#[source] Box<dyn std::error::Error + Send + Sync>);

impl From<Error> for Moving {
    fn from(error: Error) -> Self {
        Self(error.into())
    }
}

/// Two works lock two rows in opposite orders: the server ends one of them, which begins again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_ended_for_a_deadlock_begins_again() {
    let Some(database) = stage(Dialect::Postgres).await else {
        return;
    };
    database.lay_numbers().await;
    let (meeting, tries) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
    let moving = async |first: i32, second: i32| {
        let met = AtomicU32::new(0);
        retry(|| async {
            tries.fetch_add(1, Ordering::SeqCst);
            let mut tx = database.write().await?;
            let add = |key: i32| query("UPDATE numbers SET number = number + 1 WHERE key = $1").bind(key);
            add(first).execute(&mut *tx).await?;
            if met.fetch_add(1, Ordering::SeqCst) == 0 {
                // Now each has what the other wants.
                meeting.wait().await;
            }
            add(second).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok::<_, Moving>(())
        })
        .await
    };
    let (one, other) = tokio::join!(moving(1, 2), moving(2, 1));
    one.unwrap();
    other.unwrap();
    assert_eq!(database.sum().await, 34);
    // Whoever begins again may take its first row before the other one wakes: then once more.
    assert!(tries.load(Ordering::SeqCst) >= 3);
}

/// A newer version's migration, while this one runs. Whoever names columns doesn't notice; whoever doesn't begins again, on a connection that
/// has prepared nothing yet.
#[tokio::test]
async fn a_column_that_is_added_beside_us_breaks_nothing() {
    let Some(database) = stage(Dialect::Postgres).await else {
        return;
    };
    database.lay_numbers().await;
    let read = async |statement: &'static str| {
        let mut tx = database.write().await?;
        let rows = query(statement).fetch_all(&mut *tx).await?;
        Ok::<_, Moving>((tx, rows.len()))
    };
    let (named, star) = ("SELECT key, number FROM numbers", "SELECT * FROM numbers");
    // Every connection knows both.
    let mut open = Vec::new();
    for _ in 0..crate::testing::CONNECTIONS {
        open.push(read(star).await.unwrap().0);
        let tx = open.last_mut().unwrap();
        query(named).fetch_all(&mut **tx).await.unwrap();
    }
    drop(open);
    let add = "ALTER TABLE numbers ADD COLUMN more BIGINT";
    database.lay(add, add).await;
    assert_eq!(read(named).await.unwrap().1, 2);
    let (_, found) = retry(|| read(star)).await.unwrap();
    assert_eq!(found, 2);
}

/// See `a_column_that_is_added_beside_us_breaks_nothing`.
#[test]
fn the_services_name_the_columns_that_they_read() {
    fn look(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, found);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let stars = text.lines().filter(|line| {
                    let mut words = line.split([' ', '"', '(']);
                    words.any(|word| matches!(word, "SELECT" | "RETURNING"))
                        && words
                            .next()
                            .is_some_and(|word| word == "*" || word.ends_with(".*"))
                });
                found.extend(stars.map(|line| format!("{}: {}", path.display(), line.trim())));
            }
        }
    }
    let subgraphs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for service in ["users", "catalog", "cart", "orders", "payments", "notifications"] {
        look(&subgraphs.join(service).join("src"), &mut found);
    }
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test]
async fn a_connection_that_is_lost_is_told_and_replaced() {
    let Some(database) = stage(Dialect::Postgres).await else {
        return;
    };
    database.lay_numbers().await;
    let mut tx = database.write().await.unwrap();
    query("DELETE FROM numbers").execute(&mut *tx).await.unwrap();
    let backend = query_scalar::<i32>("SELECT pg_backend_pid()");
    let backend = backend.fetch_one(&mut *tx).await.unwrap();
    let end = query("SELECT pg_terminate_backend($1)").bind(backend);
    end.execute(database.read()).await.unwrap();
    let error = Moving::from(query("SELECT 1").execute(&mut *tx).await.unwrap_err());
    assert!(is_unavailable(&error), "{}", crate::errors::chain(&error));
    drop(tx);
    assert_eq!(database.sum().await, 30);
}

/// A machine that is gone closes no connection. What waits for it is told in time, and what comes after finds room in the pool.
#[tokio::test]
async fn a_server_that_falls_silent_is_told_in_time_and_keeps_no_place_in_the_pool() {
    let Some(place) = TestPlace::on(Dialect::Postgres, "shop") else {
        return;
    };
    let DatabaseUrl::Postgres(mut url) = place.url().clone() else {
        panic!("not a server's");
    };
    let (wire, _) = Wire::to(&format!(
        "postgres://{}:{}",
        url.options.get_host(),
        url.options.get_port()
    ))
    .await;
    url.options = url.options.host("127.0.0.1").port(wire.address().port());
    let opening = Opening {
        service: "shop",
        url: &DatabaseUrl::Postgres(url),
        postgres: &PostgresConfig {
            connections: 2,
            ..PostgresConfig::default()
        },
        clock: &ManualClock::default(),
        waiting: &Waiting::default(),
    };
    let database = opening.open(&NO_MIGRATIONS).await.unwrap();
    let mut tx = database.write().await.unwrap();
    wire.fall_silent();
    // With nothing else to do, time passes at once.
    tokio::time::pause();
    let in_transaction = query("SELECT 1").execute(&mut *tx).await.unwrap_err();
    let alone = query("SELECT 1").execute(database.read()).await.unwrap_err();
    for error in [in_transaction, alone] {
        assert!(is_unavailable(&error), "{error}");
    }
    drop(tx);
    // Also what nobody waits for any more.
    let given_up = tokio::time::timeout(
        Duration::from_millis(1),
        query("SELECT 1").execute(database.read()),
    );
    given_up.await.unwrap_err();
    tokio::time::sleep(Duration::from_secs(60)).await;
    tokio::time::resume();
    wire.flow();
    let snapshot = database.read().begin().await.unwrap();
    assert_eq!(
        query("SELECT 1")
            .execute(database.read())
            .await
            .unwrap()
            .rows_affected(),
        1
    );
    drop(snapshot);
}

async fn open(
    place: &DatabaseUrl,
    service: &str,
    migrations: &'static Migrations,
) -> Result<Database, OpenError> {
    TestDatabase::open(place, service, migrations).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_replicas_that_start_at_once_one_lays_the_tables() {
    let Some(place) = TestPlace::on(Dialect::Postgres, "shop") else {
        return;
    };
    let starting = (0..4).map(|_| open(place.url(), "shop", &NO_MIGRATIONS));
    for database in futures_util::future::join_all(starting).await {
        let count = query_scalar::<i64>("SELECT count(*) FROM outbox");
        assert_eq!(count.fetch_one(database.unwrap().read()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn another_program_s_schema_another_service_s_and_a_newer_one_are_left_alone() {
    let Some(place) = TestPlace::on(Dialect::Postgres, "shop") else {
        return;
    };
    let database = open(place.url(), "shop", &NO_MIGRATIONS).await.unwrap();
    let told = open(place.url(), "bank", &NO_MIGRATIONS)
        .await
        .map(drop)
        .unwrap_err();
    assert!(
        told.to_string()
            .contains("by another service (its comment says `lavka: shop`): it is left untouched"),
        "{told}"
    );
    let change = async |statement: &'static str| {
        let mut tx = database.write().await.unwrap();
        query(statement).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    };
    change("INSERT INTO _lavka_kit_migrations (version, description, success, checksum, execution_time) VALUES (99, 'x', TRUE, '', 0)").await;
    let told = open(place.url(), "shop", &NO_MIGRATIONS)
        .await
        .map(drop)
        .unwrap_err();
    assert!(
        matches!(&told, OpenError::Version { reason, .. } if reason.contains("99")),
        "{told}"
    );
    change("DO $$ BEGIN EXECUTE format('COMMENT ON SCHEMA %I IS NULL', current_schema()); END $$").await;
    let told = open(place.url(), "shop", &NO_MIGRATIONS)
        .await
        .map(drop)
        .unwrap_err();
    assert!(
        told.to_string()
            .ends_with("is another program's database: it is left untouched"),
        "{told}"
    );
}

/// The server of the tests, under another name.
fn somebody_else(place: &TestPlace, user: &str, database: &str) -> DatabaseUrl {
    let DatabaseUrl::Postgres(url) = place.url() else {
        panic!("not a server's");
    };
    let mut url = url.clone();
    url.options = url.options.username(user).password("wrong").database(database);
    DatabaseUrl::Postgres(url)
}

#[tokio::test]
async fn who_is_not_let_in_is_told_which_key_is_wrong() {
    let Some(place) = TestPlace::on(Dialect::Postgres, "shop") else {
        return;
    };
    for (user, database) in [("nobody_at_all", "postgres"), ("postgres", "no_such_database")] {
        let url = somebody_else(&place, user, database);
        let told = open(&url, "shop", &NO_MIGRATIONS).await.map(drop).unwrap_err();
        assert!(
            told.to_string()
                .starts_with("`shop.database` is wrong, or has no such rights: postgres://"),
            "{told}"
        );
        assert!(!crate::errors::chain(&told).contains("wrong@"), "{told}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_waited_for() {
    // A port that nobody listens on: taken, and let go again.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url: DatabaseUrl = format!("postgres://lavka@127.0.0.1:{port}/lavka")
        .parse()
        .unwrap();
    let (clock, waiting) = (Arc::new(ManualClock::default()), Waiting::default());
    let opening = {
        let (clock, waiting) = (clock.clone(), waiting.clone());
        tokio::spawn(async move {
            let opening = Opening {
                service: "orders",
                url: &url,
                postgres: &PostgresConfig::default(),
                clock: &*clock,
                waiting: &waiting,
            };
            opening.open(&NO_MIGRATIONS).await.map(drop)
        })
    };
    let said = async {
        loop {
            match waiting.reports().pop() {
                Some(report) if report.problem.as_deref() != Some("connecting") => return report,
                _ => tokio::task::yield_now().await,
            }
        }
    };
    let report = tokio::time::timeout(std::time::Duration::from_secs(30), said)
        .await
        .unwrap();
    assert_eq!(report.name, "orders: database");
    let problem = report.problem.unwrap();
    assert!(
        problem.starts_with("waiting for PostgreSQL: can't open the database postgres://127.0.0.1:"),
        "{problem}"
    );
    assert!(!opening.is_finished());
    opening.abort();
}

/// Another replica is at work on the tables, for as long as it takes; whoever waits for it says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_for_another_replica_s_migrations_says_so() {
    let Some(place) = TestPlace::alone_on_postgres().await else {
        return;
    };
    let database = open(place.url(), "first", &NO_MIGRATIONS).await.unwrap();
    let mut other = database.write().await.unwrap();
    let lock = query("SELECT pg_advisory_xact_lock($1)").bind(postgres::MIGRATING);
    lock.execute(&mut *other).await.unwrap();
    let (url, waiting) = (place.url().clone(), Waiting::default());
    let opening = {
        let waiting = waiting.clone();
        tokio::spawn(async move {
            let opening = Opening {
                service: "orders",
                url: &url,
                postgres: &PostgresConfig::default(),
                clock: &crate::clock::SystemClock,
                waiting: &waiting,
            };
            opening.open(&NO_MIGRATIONS).await.map(drop)
        })
    };
    let said = async {
        while !waiting
            .reports()
            .iter()
            .any(|it| it.problem.as_ref().is_some_and(|it| it.contains("lock timeout")))
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), said).await.unwrap();
    assert!(!opening.is_finished());
    other.commit().await.unwrap();
    let opened = tokio::time::timeout(Duration::from_secs(30), opening)
        .await
        .unwrap();
    opened.unwrap().unwrap();
    assert!(waiting.reports().is_empty());
}

#[tokio::test]
async fn a_service_without_tables_for_it_refuses_postgres() {
    static ONLY_SQLITE: Migrations = Migrations {
        sqlite: Migrator::DEFAULT,
        postgres: None,
    };
    let url: DatabaseUrl = "postgres://lavka@127.0.0.1:1/lavka".parse().unwrap();
    let told = open(&url, "cart", &ONLY_SQLITE).await.map(drop).unwrap_err();
    assert_eq!(
        told.to_string(),
        "`cart.database` names PostgreSQL, and cart doesn't run on it"
    );
}
