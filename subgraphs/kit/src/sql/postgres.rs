//! Opening a database on a PostgreSQL server: one schema a service, so that one database does for all of them.
//!
//! Several replicas start at once: each takes an advisory lock of the whole database before it looks, so that one of them
//! lays the tables and the others find them laid. (Of the whole database, since what a migration makes may belong to all of
//! it: an extension.) A server that isn't there is waited for; one that refuses us is not.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::Deserialize;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection as _, Error, Executor as _};

use super::failure::is_unavailable;
use super::lent::Lent;
use super::open::{OpenError, Opening};
use super::url::PostgresUrl;
use crate::errors::chain;

/// The section `[postgres]`: how services talk to their servers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PostgresConfig {
    /// The most connections that a service holds, each replica for itself.
    pub connections: u32,
    /// How long a request waits for a free connection, in seconds.
    pub acquire_seconds: u32,
    /// How long a statement may take, in seconds; the server ends it then. Migrations take as long as they take.
    pub statement_seconds: u32,
    /// How long a transaction may lie open with nothing going on in it, in seconds. Above the time that the event bus
    /// is given to take a batch: the outbox is locked that long.
    pub idle_transaction_seconds: u32,
}

impl Default for PostgresConfig {
    fn default() -> Self {
        Self {
            connections: 16,
            acquire_seconds: 5,
            statement_seconds: 10,
            idle_transaction_seconds: 60,
        }
    }
}

/// "Lavk" in ASCII, then "migr": the advisory lock that a start holds while it looks at the schema.
pub(super) const MIGRATING: i64 = 0x4c61_766b_6d69_6772;

/// The comment on a schema of ours, before the service's name.
const OURS: &str = "lavka: ";

/// The longest wait between two looks for a server that isn't there.
const LONGEST_BACKOFF: Duration = Duration::from_secs(10);

/// How long a start waits for a lock before it says so and tries again: another replica may be laying the tables, or somebody's transaction
/// may hold one that a migration wants.
const LOCK_MILLISECONDS: &str = "2000";

/// How long a server may take to answer a knock.
const KNOCK: Duration = Duration::from_secs(10);

/// How much longer than a statement may take its answer is waited for: the server ends it first, if it is there.
const GRACE: Duration = Duration::from_secs(5);

/// A connection that lay idle this long is looked at before it is used: the server may have been restarted meanwhile.
const IDLE: Duration = Duration::from_secs(1);

/// A server that is used. Cloning shares its connections.
#[derive(Debug, Clone)]
pub struct Server {
    pool: PgPool,
    /// How long to wait for an answer.
    patience: Duration,
    change: SchemaChange,
}

/// When the schema was last found changed beside us, by a newer version's migration: connections that are older have prepared statements
/// that may not run any more.
#[derive(Debug, Clone, Default)]
pub(super) struct SchemaChange(Arc<Mutex<Option<Instant>>>);

impl SchemaChange {
    pub(super) fn happened(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        tracing::info!("the database's schema has changed: its connections are replaced");
    }

    /// Whether a connection of this age knew the schema as it was.
    fn is_younger_than(&self, age: Duration) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|at| at.elapsed() < age)
    }
}

impl Server {
    pub(super) async fn lend(&self) -> Result<Lent, Error> {
        let connection = self.pool.acquire().await?;
        Ok(Lent::new(connection, self.patience, self.change.clone()))
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

pub(super) async fn open(
    opening: &Opening<'_>,
    url: &PostgresUrl,
    migrations: &[&'static Migrator],
) -> Result<Server, OpenError> {
    let schema = url.schema.as_deref().unwrap_or(opening.service);
    let options = url
        .options
        .clone()
        .application_name(&format!("lavka {schema}"))
        .options([("search_path", schema)]);
    let server = Opened {
        opening,
        place: format!("{url} (schema {schema})"),
        schema,
    };
    server.wait_until_ready(&options, migrations).await?;
    let config = opening.postgres;
    let milliseconds = |seconds: u32| (u64::from(seconds) * 1_000).to_string();
    let options = options.options([
        ("statement_timeout", milliseconds(config.statement_seconds)),
        (
            "idle_in_transaction_session_timeout",
            milliseconds(config.idle_transaction_seconds),
        ),
    ]);
    let change = SchemaChange::default();
    let known = change.clone();
    let pool = PgPoolOptions::new()
        .max_connections(config.connections.max(1))
        .acquire_timeout(Duration::from_secs(config.acquire_seconds.into()))
        .test_before_acquire(false)
        .before_acquire(move |connection, about| {
            let is_outdated = known.is_younger_than(about.age);
            Box::pin(async move {
                Ok(!is_outdated
                    && (about.idle_for < IDLE
                        || tokio::time::timeout(KNOCK, connection.ping())
                            .await
                            .is_ok_and(|done| done.is_ok())))
            })
        })
        .connect_lazy_with(options);
    Ok(Server {
        pool,
        patience: Duration::from_secs(config.statement_seconds.into()) + GRACE,
        change,
    })
}

struct Opened<'a> {
    opening: &'a Opening<'a>,
    place: String,
    schema: &'a str,
}

impl Opened<'_> {
    /// Lays the tables, as soon as there is a server.
    async fn wait_until_ready(
        &self,
        options: &PgConnectOptions,
        migrations: &[&'static Migrator],
    ) -> Result<(), OpenError> {
        let name = format!("{}: database", self.opening.service);
        self.opening.waiting.say(&name, "connecting".to_owned());
        let options = options.clone().options([("lock_timeout", LOCK_MILLISECONDS)]);
        let mut failures = 0_u32;
        loop {
            let error = match self.prepare(&options, migrations).await {
                Ok(()) => {
                    self.opening.waiting.over(&name);
                    return Ok(());
                }
                Err(error @ OpenError::Refused { .. }) => return Err(error),
                Err(error) if is_unavailable(&error) => error,
                Err(error) => return Err(error),
            };
            let wait = Duration::from_millis(250).saturating_mul(1 << failures.min(6));
            failures = failures.saturating_add(1);
            let why = chain(&error);
            tracing::warn!(
                service = self.opening.service,
                place = self.place,
                why,
                "waiting for PostgreSQL"
            );
            self.opening
                .waiting
                .say(&name, format!("waiting for PostgreSQL: {why}"));
            self.opening.clock.sleep(wait.min(LONGEST_BACKOFF)).await;
        }
    }

    async fn prepare(
        &self,
        options: &PgConnectOptions,
        migrations: &[&'static Migrator],
    ) -> Result<(), OpenError> {
        let mut connection = self.connect(options).await?;
        let done = self.lay_tables(&mut connection, migrations).await;
        // It also gives the lock back.
        let _ = connection.close().await;
        done
    }

    async fn connect(&self, options: &PgConnectOptions) -> Result<PgConnection, OpenError> {
        let connecting = tokio::time::timeout(KNOCK, PgConnection::connect_with(options));
        let source = match connecting.await {
            Ok(Ok(connection)) => return Ok(connection),
            Ok(Err(error)) => error,
            Err(_) => Error::Io(std::io::ErrorKind::TimedOut.into()),
        };
        Err(match source {
            // A name that is too long, a certificate that doesn't fit: waiting won't mend it.
            source @ (Error::Configuration(_) | Error::Tls(_)) => self.refused(source),
            source if is_unavailable(&source) => self.unusable(source),
            source @ Error::Database(_) => self.refused(source),
            source => self.unusable(source),
        })
    }

    async fn lay_tables(
        &self,
        connection: &mut PgConnection,
        migrations: &[&'static Migrator],
    ) -> Result<(), OpenError> {
        let failed = |source| self.unusable(source);
        sqlx::query("SELECT pg_advisory_lock($1)")
            .bind(MIGRATING)
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
        self.take_schema(connection).await?;
        for set in migrations {
            set.run_direct(None, &mut *connection, false)
                .await
                .map_err(|source| OpenError::migrating(&self.place, source))?;
        }
        Ok(())
    }

    /// Makes the schema, or makes sure that it is this service's.
    async fn take_schema(&self, connection: &mut PgConnection) -> Result<(), OpenError> {
        let failed = |source: Error| match source.as_database_error().and_then(|error| error.code()) {
            // insufficient_privilege
            Some(code) if code == "42501" => self.refused(source),
            _ => self.unusable(source),
        };
        let schema = self.schema;
        let found: Option<(Option<String>, bool)> = sqlx::query_as(
            "SELECT obj_description(oid, 'pg_namespace'), EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid) \
             FROM pg_namespace n WHERE nspname = $1",
        )
        .bind(schema)
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?;
        let ours = format!("{OURS}{}", self.opening.service);
        match found {
            Some((Some(comment), _)) if comment == ours => return Ok(()),
            Some((Some(comment), _)) if comment.starts_with(OURS) => {
                return Err(OpenError::Version {
                    place: self.place.clone(),
                    reason: format!("its comment says `{comment}`"),
                });
            }
            Some((_, true)) => {
                return Err(OpenError::Foreign {
                    place: self.place.clone(),
                });
            }
            // An operator has made it for us.
            Some((_, false)) => {}
            None => {
                let create = AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
                connection.execute(create).await.map_err(failed)?;
            }
        }
        // A schema's name has no quotes in it, and neither has a service's.
        let comment = AssertSqlSafe(format!("COMMENT ON SCHEMA {schema} IS '{ours}'"));
        connection.execute(comment).await.map_err(failed)?;
        Ok(())
    }

    fn refused(&self, source: Error) -> OpenError {
        OpenError::Refused {
            key: self.opening.key(),
            place: self.place.clone(),
            source,
        }
    }

    fn unusable(&self, source: Error) -> OpenError {
        OpenError::Unusable {
            place: self.place.clone(),
            source,
        }
    }
}
