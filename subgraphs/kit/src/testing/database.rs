//! Databases for tests: a file in a temporary folder, or a schema of its own on the PostgreSQL server that
//! `LAVKA_TEST_POSTGRES` names (`cargo xtask engines up` starts one). Both are gone afterwards.

use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use super::engines::Engine;
use crate::clock::ManualClock;
use crate::health::Waiting;
use crate::sql::{Database, DatabaseUrl, Dialect, Migrations, OpenError, Opening, PostgresConfig};

/// Few for each of many tests at once.
pub(crate) const CONNECTIONS: u32 = 8;

/// Which engine tests use that don't say: SQLite, unless `LAVKA_TEST_DATABASE=postgres` asks for all of them on PostgreSQL.
pub fn usual_engine() -> Dialect {
    match std::env::var("LAVKA_TEST_DATABASE").as_deref() {
        Ok("postgres") => Dialect::Postgres,
        _ => Dialect::Sqlite,
    }
}

pub(super) fn settings() -> PostgresConfig {
    PostgresConfig {
        connections: CONNECTIONS,
        ..PostgresConfig::default()
    }
}

/// Where a test's database is. What it made is taken away when this is dropped.
pub struct TestPlace {
    url: DatabaseUrl,
    schema: Option<Schema>,
    _folder: tempfile::TempDir,
}

struct Schema {
    server: String,
    name: String,
    /// In a database of its own, of the same name.
    alone: bool,
}

impl TestPlace {
    /// A new place. `None` where this engine isn't there: [`Engine::url`].
    pub fn on(engine: Dialect, service: &str) -> Option<Self> {
        let folder = match tempfile::tempdir() {
            Ok(folder) => folder,
            Err(error) => panic!("no temporary folder: {error}"),
        };
        let (url, schema) = match engine {
            Dialect::Sqlite => (
                DatabaseUrl::sqlite(folder.path().join(format!("{service}.db"))),
                None,
            ),
            Dialect::Postgres => {
                let schema = Schema::next(false)?;
                (schema.url(), Some(schema))
            }
        };
        Some(Self {
            url,
            schema,
            _folder: folder,
        })
    }

    /// A place on PostgreSQL in a database of its own: for tests in whose way other tests' transactions would be.
    pub async fn alone_on_postgres() -> Option<Self> {
        let schema = Schema::next(true)?;
        let mut place = Self::on(Dialect::Sqlite, "nothing")?;
        let create = AssertSqlSafe(format!("CREATE DATABASE {}", schema.name));
        let created = async { PgConnection::connect(&schema.server).await?.execute(create).await };
        if let Err(error) = created.await {
            panic!("no database: {error}");
        }
        place.url = schema.url();
        place.schema = Some(schema);
        Some(place)
    }

    /// Where, as a configuration would say it.
    pub fn address(&self) -> String {
        match &self.schema {
            None => self.url.to_string(),
            Some(schema) => schema.address(),
        }
    }

    /// Where.
    pub const fn url(&self) -> &DatabaseUrl {
        &self.url
    }
}

impl Drop for TestPlace {
    fn drop(&mut self) {
        let Some(schema) = self.schema.take() else {
            return;
        };
        // Dropping can't wait, and the test's own runtime may be ending: another thread does it.
        let cleaning = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime
                .block_on(take_away(&schema))
                .map_err(std::io::Error::other)
        });
        if !matches!(cleaning.join(), Ok(Ok(()))) {
            eprintln!("a schema was left behind on the test server");
        }
    }
}

async fn take_away(schema: &Schema) -> Result<(), sqlx::Error> {
    let Schema { server, name, alone } = schema;
    let mut connection = PgConnection::connect(server).await?;
    // A transaction that a test has left open would hold us up.
    sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1")
        .bind(format!("lavka {name}"))
        .execute(&mut connection)
        .await?;
    let drop = match alone {
        true => format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        false => format!("DROP SCHEMA IF EXISTS {name} CASCADE"),
    };
    connection.execute(AssertSqlSafe(drop)).await?;
    connection.close().await
}

impl Schema {
    fn next(alone: bool) -> Option<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let server = Engine::Postgres.url()?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        Some(Self { server, name, alone })
    }

    fn address(&self) -> String {
        let (base, options) = self.server.split_once('?').unwrap_or((&self.server, ""));
        if self.alone {
            // Its services keep to the schemas of their names.
            let (server, _) = base.rsplit_once('/').unwrap_or((base, ""));
            return format!("{server}/{}?{options}", self.name);
        }
        format!("{base}?schema={}&{options}", self.name)
    }

    fn url(&self) -> DatabaseUrl {
        match self.address().parse() {
            Ok(url) => url,
            Err(error) => panic!("LAVKA_TEST_POSTGRES: {error}"),
        }
    }
}

/// An open database for a test that needs nothing else of a [`super::TestWorld`].
pub struct TestDatabase {
    database: Database,
    place: TestPlace,
}

impl TestDatabase {
    /// A new database of this service, on the engine that tests usually have.
    pub async fn of(service: &str, migrations: &'static Migrations) -> Self {
        match Self::on(usual_engine(), service, migrations).await {
            Some(database) => database,
            None => panic!("LAVKA_TEST_DATABASE=postgres needs LAVKA_TEST_POSTGRES"),
        }
    }

    /// A new database on this engine, if it is there: [`TestPlace::on`].
    pub async fn on(engine: Dialect, service: &str, migrations: &'static Migrations) -> Option<Self> {
        let place = TestPlace::on(engine, service)?;
        match Self::open(place.url(), service, migrations).await {
            Ok(database) => Some(Self { database, place }),
            Err(error) => panic!("{}", crate::errors::chain(&error)),
        }
    }

    /// Opens a database that the test has a place for.
    pub async fn open(
        url: &DatabaseUrl,
        service: &str,
        migrations: &'static Migrations,
    ) -> Result<Database, OpenError> {
        let opening = Opening {
            service,
            url,
            postgres: &settings(),
            clock: &ManualClock::default(),
            waiting: &Waiting::default(),
        };
        opening.open(migrations).await
    }

    /// Where it is: for a second process's look at it.
    pub const fn url(&self) -> &DatabaseUrl {
        self.place.url()
    }
}

impl std::ops::Deref for TestDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

/// Declares a test on each engine for every scene. `$stage` is an `async fn(Dialect) -> Option<Stage>` that sets up what the
/// scenes, `async fn(Stage)`, are given: `None`, where the engine isn't there, skips the scene. With `in memory $memory`, an
/// `async fn() -> Stage`, the same scenes are played on the store in memory, but for those that are said not to be.
#[macro_export]
macro_rules! on_both_engines {
    ($stage:ident, in memory $memory:ident: $($scene:ident)* $(; not in memory: $($sql:ident)*)?) => {
        $crate::on_both_engines! { $stage: $($scene)* $($($sql)*)? }
        mod in_memory {
            $(#[tokio::test]
            async fn $scene() {
                super::$scene(super::$memory().await).await;
            })*
        }
    };
    ($stage:ident: $($scene:ident)*) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $scene() {
                if let Some(stage) = super::$stage($crate::sql::Dialect::Sqlite).await {
                    super::$scene(stage).await;
                }
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $scene() {
                if let Some(stage) = super::$stage($crate::sql::Dialect::Postgres).await {
                    super::$scene(stage).await;
                }
            })*
        }
    };
}
