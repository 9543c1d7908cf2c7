//! Why a database can't be opened, and how a service's is: which engine, which migrations.

use std::path::PathBuf;
use std::sync::LazyLock;

use sqlx::migrate::{MigrateError, Migrator};

use super::{Database, DatabaseUrl, Engine, PostgresConfig, postgres, sqlite};
use crate::clock::Clock;
use crate::health::Waiting;

/// A service's tables, for each engine that it runs on.
pub struct Migrations {
    /// The steps for SQLite.
    pub sqlite: Migrator,
    /// The steps for PostgreSQL, for the services that scale on it.
    pub postgres: Option<Migrator>,
}

/// `outbox` and `inbox`, in every service's database. Versions of their own, in a table of their own.
static KIT: LazyLock<Migrations> = LazyLock::new(|| {
    let named = |mut migrator: Migrator| {
        migrator.dangerous_set_table_name("_lavka_kit_migrations");
        migrator
    };
    Migrations {
        sqlite: named(sqlx::migrate!("../../migrations/kit/sqlite")),
        postgres: Some(named(sqlx::migrate!("../../migrations/kit/postgres"))),
    }
});

/// Why a database can't be opened. Each is one sentence that names the place.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder can't be made or written.
    #[error("can't create the folder of the database {}", path.display())]
    Folder {
        /// The database file.
        path: PathBuf,
        /// The operating system's word.
        #[source]
        source: std::io::Error,
    },
    /// Not a SQLite file, not readable, not writable; a server that breaks off.
    #[error("can't open the database {place}")]
    Unusable {
        /// The file or the server.
        place: String,
        /// The engine's word.
        #[source]
        source: sqlx::Error,
    },
    /// The server is there, and doesn't let us in: the name, the password, or the database is wrong.
    #[error("`{key}` is wrong, or has no such rights: {place} refuses it")]
    Refused {
        /// The key of the configuration.
        key: String,
        /// The server.
        place: String,
        /// Its word.
        #[source]
        source: sqlx::Error,
    },
    /// Another program's.
    #[error("{place} is another program's database: it is left untouched")]
    Foreign {
        /// The file, or the server and the schema.
        place: String,
    },
    /// A newer version, or another service, has written it.
    #[error(
        "{place} was written by another version of this program, or by another service ({reason}): it is left untouched"
    )]
    Version {
        /// The file, or the server and the schema.
        place: String,
        /// Which migration doesn't fit.
        reason: String,
    },
    /// A migration failed.
    #[error("can't bring the database {place} up to date")]
    Migrate {
        /// The file, or the server and the schema.
        place: String,
        /// What failed.
        #[source]
        source: MigrateError,
    },
    /// The service has no tables for this engine.
    #[error("`{key}` names PostgreSQL, and {service} doesn't run on it")]
    NotOnPostgres {
        /// The key of the configuration.
        key: String,
        /// The service.
        service: String,
    },
}

impl OpenError {
    pub(super) fn migrating(place: &str, source: MigrateError) -> Self {
        let place = place.to_owned();
        match source {
            MigrateError::VersionMissing(_)
            | MigrateError::VersionMismatch(_)
            | MigrateError::VersionTooNew(..)
            | MigrateError::VersionTooOld(..) => Self::Version {
                place,
                reason: source.to_string(),
            },
            source => Self::Migrate { place, source },
        }
    }
}

/// Whose database is opened, and where it is.
pub struct Opening<'a> {
    /// The service: the name of its section, and of its schema unless the URL names another.
    pub service: &'a str,
    /// Where.
    pub url: &'a DatabaseUrl,
    /// How to talk to a server.
    pub postgres: &'a PostgresConfig,
    /// For the pauses between two looks for a server that isn't there.
    pub clock: &'a dyn Clock,
    /// Told while it isn't there.
    pub waiting: &'a Waiting,
}

impl Opening<'_> {
    /// The key of the configuration that says where.
    pub(super) fn key(&self) -> String {
        format!("{}.database", self.service)
    }

    /// [`Database::open`].
    pub async fn open(&self, migrations: &'static Migrations) -> Result<Database, OpenError> {
        let engine = match self.url {
            DatabaseUrl::Sqlite(path) => {
                Engine::Sqlite(sqlite::open(path, &[&KIT.sqlite, &migrations.sqlite]).await?)
            }
            DatabaseUrl::Postgres(url) => {
                let (Some(kit), Some(own)) = (&KIT.postgres, &migrations.postgres) else {
                    return Err(OpenError::NotOnPostgres {
                        key: self.key(),
                        service: self.service.to_owned(),
                    });
                };
                Engine::Postgres(postgres::open(self, url, &[kit, own]).await?)
            }
        };
        Ok(Database { engine })
    }
}
