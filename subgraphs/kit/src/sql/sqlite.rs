//! Opening a database file: is it ours, is it as old as we think, and what is still missing in it.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use super::open::OpenError;

/// How long a transaction waits for another process's.
pub(crate) const BUSY: Duration = Duration::from_secs(10);

/// Left to itself, a transaction that reads first and writes later fails when another has written in between.
pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";

/// "Lavk" in ASCII, in the file's header, where SQLite keeps a number for the application that owns the file.
const APPLICATION_ID: i64 = 0x4c61_766b;

/// Connections that only read.
const READERS: u32 = 4;

/// A file: one connection that writes, several that read. Cloning shares them.
#[derive(Debug, Clone)]
pub(crate) struct SqliteFile {
    read: SqlitePool,
    write: SqlitePool,
}

impl SqliteFile {
    pub(crate) const fn read(&self) -> &SqlitePool {
        &self.read
    }

    pub(super) const fn writer(&self) -> &SqlitePool {
        &self.write
    }

    pub(crate) async fn write(&self) -> Result<sqlx::Transaction<'static, sqlx::Sqlite>, sqlx::Error> {
        self.write.begin_with(BEGIN).await
    }

    pub(super) async fn close(&self) {
        self.write.close().await;
        self.read.close().await;
    }
}

/// Opens the file, creates it when it isn't there, and brings it up to the newest migration.
pub(crate) async fn open(path: &Path, migrations: &[&'static Migrator]) -> Result<SqliteFile, OpenError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|source| OpenError::Folder {
            path: path.to_owned(),
            source,
        })?;
    }
    let unusable = |source| OpenError::Unusable {
        place: path.display().to_string(),
        source,
    };
    // Looked at before anything is changed in it, also not its journal mode.
    if path.metadata().is_ok_and(|file| file.len() > 0) {
        refuse_foreign(path).await?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY);
    // Only the writer writes it: a reader that opens while a transaction is under way would wait for that one's end.
    let writing = options
        .clone()
        .pragma("application_id", APPLICATION_ID.to_string());
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(writing)
        .await
        .map_err(unusable)?;
    for set in migrations {
        migrate(&write, set, path).await?;
    }
    let read = SqlitePoolOptions::new()
        .max_connections(READERS)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options.pragma("query_only", "ON"))
        .await
        .map_err(unusable)?;
    Ok(SqliteFile { read, write })
}

async fn refuse_foreign(path: &Path) -> Result<(), OpenError> {
    let unusable = |source| OpenError::Unusable {
        place: path.display().to_string(),
        source,
    };
    let look = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(SqliteConnectOptions::new().filename(path).busy_timeout(BUSY))
        .await
        .map_err(unusable)?;
    let id: Result<i64, _> = sqlx::query_scalar("PRAGMA application_id").fetch_one(&look).await;
    let tables: Result<i64, _> = sqlx::query_scalar("SELECT count(*) FROM sqlite_master")
        .fetch_one(&look)
        .await;
    look.close().await;
    // A file that a killed start has left without tables may be taken over.
    if id.map_err(unusable)? == APPLICATION_ID || tables.map_err(unusable)? == 0 {
        Ok(())
    } else {
        Err(OpenError::Foreign {
            place: path.display().to_string(),
        })
    }
}

async fn migrate(pool: &SqlitePool, migrations: &'static Migrator, path: &Path) -> Result<(), OpenError> {
    let done = migrations.run(pool).await;
    done.map_err(|source| OpenError::migrating(&path.display().to_string(), source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Database, DatabaseUrl, is_unique_violation, query, query_scalar};
    use crate::testing::TestDatabase;

    async fn open(path: &Path) -> Result<Database, OpenError> {
        TestDatabase::open(&DatabaseUrl::sqlite(path), "shop", &crate::sql::NO_MIGRATIONS).await
    }

    #[tokio::test]
    async fn a_second_start_finds_the_data_of_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/shop.db");
        let database = open(&path).await.unwrap();
        let mut tx = database.write().await.unwrap();
        let insert = "INSERT INTO inbox (consumer, event_id, received_at) VALUES ('a', 'b', 'c')";
        query(insert).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        database.close().await;
        let database = open(&path).await.unwrap();
        let count: i64 = query_scalar("SELECT count(*) FROM inbox")
            .fetch_one(database.read())
            .await
            .unwrap();
        assert_eq!(count, 1);
        let mut tx = database.write().await.unwrap();
        let error = query(insert).execute(&mut *tx).await.unwrap_err();
        assert!(is_unique_violation(&error), "{error}");
        tx.rollback().await.unwrap();
        let refused = query(insert).execute(database.read()).await.unwrap_err();
        assert!(refused.to_string().contains("readonly"), "{refused}");
    }

    #[tokio::test]
    async fn what_is_not_ours_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("letter.txt");
        std::fs::write(
            &text,
            "Dear Sir or Madam, this is not a database at all, and it is long enough.".repeat(20),
        )
        .unwrap();
        let told = open(&text).await.map(drop).unwrap_err();
        assert!(matches!(told, OpenError::Unusable { .. }), "{told}");

        let foreign = folder.path().join("foreign.db");
        let other = SqlitePool::connect_with(
            SqliteConnectOptions::new()
                .filename(&foreign)
                .create_if_missing(true),
        );
        let other = other.await.unwrap();
        sqlx::query("CREATE TABLE diary (entry TEXT)")
            .execute(&other)
            .await
            .unwrap();
        other.close().await;
        let told = open(&foreign).await.map(drop).unwrap_err();
        assert!(matches!(told, OpenError::Foreign { .. }), "{told}");
        assert!(
            told.to_string()
                .ends_with("foreign.db is another program's database: it is left untouched")
        );
    }

    #[tokio::test]
    async fn what_a_newer_program_wrote_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db");
        let database = open(&path).await.unwrap();
        let mut tx = database.write().await.unwrap();
        query("INSERT INTO _lavka_kit_migrations (version, description, success, checksum, execution_time) VALUES (99, 'x', TRUE, x'00', 0)")
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        database.close().await;
        let told = open(&path).await.map(drop).unwrap_err();
        assert!(
            matches!(&told, OpenError::Version { reason, .. } if reason.contains("99")),
            "{told}"
        );
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let told = open(&folder.path().join("file/shop.db"))
            .await
            .map(drop)
            .unwrap_err();
        assert!(
            told.to_string()
                .contains("can't create the folder of the database"),
            "{told}"
        );
    }

    #[tokio::test]
    async fn writers_take_turns_and_readers_do_not_wait() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db");
        let (one, two) = (open(&path).await.unwrap(), open(&path).await.unwrap());
        let mut tx = one.write().await.unwrap();
        query("INSERT INTO inbox (consumer, event_id, received_at) VALUES ('a', 'b', 'c')")
            .execute(&mut *tx)
            .await
            .unwrap();
        let count = || query_scalar::<i64>("SELECT count(*) FROM inbox").fetch_one(two.read());
        assert_eq!(count().await.unwrap(), 0);
        let waiting = two.clone();
        let second = tokio::spawn(async move { waiting.write().await.map(drop) });
        tx.commit().await.unwrap();
        second.await.unwrap().unwrap();
        assert_eq!(count().await.unwrap(), 1);
    }
}
