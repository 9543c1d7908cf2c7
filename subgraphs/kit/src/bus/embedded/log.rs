//! The log's file: its statements, and nothing else.

use std::path::Path;
use std::str::FromStr as _;

use chrono::{DateTime, Utc};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row as _, SqliteConnection};
use tokio::sync::Mutex;

use super::super::delivery::Death;
use super::super::{DeadLetter, Lag};
use super::heads::Head;
use crate::events::{CloudEvent, topics};
use crate::ids::Id;
use crate::sql::{BUSY, Migrator, SqliteFile, open_sqlite};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/bus/sqlite");

/// How many partitions a topic has. Never to be changed for an existing log: a subject would change its partition.
pub(super) const PARTITIONS: u32 = 8;

/// An event on its way into the log.
pub(super) struct Entry {
    topic: &'static str,
    partition: u32,
    id: Id,
    json: String,
}

/// An event in the log.
pub(super) struct Record {
    pub(super) position: i64,
    pub(super) event: CloudEvent,
    pub(super) only_group: Option<String>,
}

pub(super) struct Log {
    database: SqliteFile,
    /// For the groups' places, which need not wait for the disk.
    relaxed: SqlitePool,
    /// Two writers of one process take turns here instead of in SQLite, which would make the second one sleep.
    turn: Mutex<()>,
}

pub(super) fn entries(events: &[CloudEvent]) -> Result<Vec<Entry>, Box<dyn std::error::Error + Send + Sync>> {
    let entry = |event: &CloudEvent| {
        let json = serde_json::to_string(event)?;
        Ok(Entry {
            topic: event.topic()?,
            partition: partition_of(event.subject),
            id: event.id,
            json,
        })
    };
    events.iter().map(entry).collect()
}

/// FNV-1a of the subject: any hash will do that is the same in every version of this program.
pub(super) fn partition_of(subject: Id) -> u32 {
    let hash = subject.to_string().bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash % PARTITIONS
}

impl Log {
    pub(super) async fn open(path: &Path) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let database = open_sqlite(path, &[&MIGRATIONS]).await?;
        let options = SqliteConnectOptions::from_str("sqlite:")?
            .filename(path)
            .busy_timeout(BUSY)
            .synchronous(SqliteSynchronous::Normal);
        let relaxed = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        Ok(Self {
            database,
            relaxed,
            turn: Mutex::new(()),
        })
    }

    /// Appends all or none. An event that is there already stays where it is.
    pub(super) async fn append(
        &self,
        entries: &[Entry],
        now: DateTime<Utc>,
    ) -> Result<Vec<Head>, sqlx::Error> {
        let _turn = self.turn.lock().await;
        let mut tx = self.database.write().await?;
        let mut heads = Vec::new();
        for entry in entries {
            let position = insert(&mut tx, entry, None, now).await?;
            heads.extend(position.map(|position| Head {
                topic: entry.topic,
                partition: entry.partition,
                position,
            }));
        }
        tx.commit().await?;
        Ok(heads)
    }

    /// The newest position of every partition that has one.
    pub(super) async fn last(&self) -> Result<Vec<Head>, sqlx::Error> {
        self.heads_after(0).await
    }

    /// The newest position of every partition that has one beyond `position`.
    pub(super) async fn heads_after(&self, position: i64) -> Result<Vec<Head>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT topic, partition, max(position) AS position FROM log WHERE position > $1 GROUP BY topic, partition",
        )
        .bind(position)
        .fetch_all(self.database.read())
        .await?;
        let head = |row: &sqlx::sqlite::SqliteRow| {
            let topic: String = row.try_get("topic")?;
            // A topic that a newer program has added has no consumers here.
            let Some(topic) = topics::ALL.into_iter().find(|known| *known == topic) else {
                return Ok(None);
            };
            Ok(Some(Head {
                topic,
                partition: row.try_get("partition")?,
                position: row.try_get("position")?,
            }))
        };
        rows.iter().filter_map(|row| head(row).transpose()).collect()
    }

    /// Makes the group known on these topics, at their beginning unless it has come further.
    pub(super) async fn join(&self, group: &str, topics: &[&'static str]) -> Result<(), sqlx::Error> {
        let _turn = self.turn.lock().await;
        let mut tx = self.database.write().await?;
        for topic in topics {
            for partition in 0..PARTITIONS {
                sqlx::query(
                    "INSERT INTO place (consumer_group, topic, partition, position) VALUES ($1, $2, $3, 0) \
                     ON CONFLICT DO NOTHING",
                )
                .bind(group)
                .bind(topic)
                .bind(partition)
                .execute(&mut *tx)
                .await?;
            }
        }
        tx.commit().await
    }

    /// The last position that the group has handled.
    pub(super) async fn place(&self, group: &str, topic: &str, partition: u32) -> Result<i64, sqlx::Error> {
        let place: Option<i64> = sqlx::query_scalar(
            "SELECT position FROM place WHERE consumer_group = $1 AND topic = $2 AND partition = $3",
        )
        .bind(group)
        .bind(topic)
        .bind(partition)
        .fetch_optional(self.database.read())
        .await?;
        Ok(place.unwrap_or(0))
    }

    /// What follows `position` in a partition, at most `limit`.
    pub(super) async fn read(
        &self,
        topic: &str,
        partition: u32,
        position: i64,
        limit: u32,
    ) -> Result<Vec<Record>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT position, event, only_group FROM log WHERE topic = $1 AND partition = $2 AND position > $3 \
             ORDER BY position LIMIT $4",
        )
        .bind(topic)
        .bind(partition)
        .bind(position)
        .bind(limit)
        .fetch_all(self.database.read())
        .await?;
        rows.iter().map(record).collect()
    }

    /// What follows `position` in a whole topic, without what is for one group only.
    pub(super) async fn read_topic(
        &self,
        topic: &str,
        position: i64,
        limit: u32,
    ) -> Result<Vec<Record>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT position, event, only_group FROM log WHERE topic = $1 AND position > $2 AND only_group IS NULL \
             ORDER BY position LIMIT $3",
        )
        .bind(topic)
        .bind(position)
        .bind(limit)
        .fetch_all(self.database.read())
        .await?;
        rows.iter().map(record).collect()
    }

    /// The group has handled everything up to `position`, or gives up on the event that lies there.
    pub(super) async fn advance(
        &self,
        group: &str,
        topic: &str,
        partition: u32,
        position: i64,
        death: Option<&Death>,
    ) -> Result<(), sqlx::Error> {
        let _turn = self.turn.lock().await;
        let mut tx = self.relaxed.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(death) = death {
            sqlx::query(
                "INSERT INTO dead_letter (consumer_group, topic, partition, event_id, event, error, attempts, died_at) \
                 SELECT $1, topic, partition, event_id, event, $2, $3, $4 FROM log WHERE position = $5",
            )
            .bind(group)
            .bind(&death.error)
            .bind(death.attempts)
            .bind(death.at)
            .bind(position)
            .execute(&mut *tx)
            .await?;
        }
        sqlx::query(
            "UPDATE place SET position = $4 WHERE consumer_group = $1 AND topic = $2 AND partition = $3",
        )
        .bind(group)
        .bind(topic)
        .bind(partition)
        .bind(position)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    pub(super) async fn lag(&self) -> Result<Vec<Lag>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT p.consumer_group, p.topic, \
                    sum((SELECT count(*) FROM log l WHERE l.topic = p.topic AND l.partition = p.partition \
                         AND l.position > p.position \
                         AND (l.only_group IS NULL OR l.only_group = p.consumer_group))) AS waiting, \
                    (SELECT count(*) FROM dead_letter d \
                     WHERE d.consumer_group = p.consumer_group AND d.topic = p.topic) AS dead \
             FROM place p GROUP BY p.consumer_group, p.topic ORDER BY p.consumer_group, p.topic",
        )
        .fetch_all(self.database.read())
        .await?;
        let lag = |row: &sqlx::sqlite::SqliteRow| {
            Ok(Lag {
                group: row.try_get("consumer_group")?,
                topic: row.try_get("topic")?,
                waiting: row.try_get::<i64, _>("waiting")?.unsigned_abs(),
                dead: row.try_get::<i64, _>("dead")?.unsigned_abs(),
            })
        };
        rows.iter().map(lag).collect()
    }

    pub(super) async fn dead_letters(&self, group: &str, limit: u32) -> Result<Vec<DeadLetter>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT consumer_group, topic, event, error, attempts, died_at FROM dead_letter \
             WHERE consumer_group = $1 ORDER BY number DESC LIMIT $2",
        )
        .bind(group)
        .bind(limit)
        .fetch_all(self.database.read())
        .await?;
        let letter = |row: &sqlx::sqlite::SqliteRow| {
            Ok(DeadLetter {
                group: row.try_get("consumer_group")?,
                topic: row.try_get("topic")?,
                event: event_of(row)?,
                error: row.try_get("error")?,
                attempts: row.try_get("attempts")?,
                at: row.try_get("died_at")?,
            })
        };
        rows.iter().map(letter).collect()
    }

    /// Puts the dead letters of a group behind everything else, oldest first, for that group alone.
    pub(super) async fn replay(
        &self,
        group: &str,
        now: DateTime<Utc>,
    ) -> Result<(u64, Vec<Head>), sqlx::Error> {
        let _turn = self.turn.lock().await;
        let mut tx = self.database.write().await?;
        let rows = sqlx::query(
            "SELECT topic, partition, event_id, event FROM dead_letter WHERE consumer_group = $1 ORDER BY number",
        )
        .bind(group)
        .fetch_all(&mut *tx)
        .await?;
        let (mut count, mut heads) = (0, Vec::new());
        for row in rows {
            let topic: String = row.try_get("topic")?;
            let Some(topic) = topics::ALL.into_iter().find(|known| *known == topic) else {
                continue;
            };
            let entry = Entry {
                topic,
                partition: row.try_get("partition")?,
                id: row.try_get("event_id")?,
                json: row.try_get("event")?,
            };
            let position = insert(&mut tx, &entry, Some(group), now).await?;
            heads.extend(position.map(|position| Head {
                topic,
                partition: entry.partition,
                position,
            }));
            count += 1;
        }
        sqlx::query("DELETE FROM dead_letter WHERE consumer_group = $1")
            .bind(group)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok((count, heads))
    }

    /// Drops what was published before `moment` and is handled by every group that reads its topic.
    pub(super) async fn forget(&self, moment: DateTime<Utc>) -> Result<u64, sqlx::Error> {
        let _turn = self.turn.lock().await;
        let mut tx = self.database.write().await?;
        let done = sqlx::query(
            "DELETE FROM log WHERE published_at < $1 AND NOT EXISTS (SELECT 1 FROM place p \
             WHERE p.topic = log.topic AND p.partition = log.partition AND p.position < log.position)",
        )
        .bind(moment)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}

/// The new row's position; none when the event is there already.
async fn insert(
    tx: &mut SqliteConnection,
    entry: &Entry,
    only_group: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "INSERT INTO log (topic, partition, event_id, event, only_group, published_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING position",
    )
    .bind(entry.topic)
    .bind(entry.partition)
    .bind(entry.id)
    .bind(&entry.json)
    .bind(only_group)
    .bind(now)
    .fetch_optional(tx)
    .await
}

fn record(row: &sqlx::sqlite::SqliteRow) -> Result<Record, sqlx::Error> {
    Ok(Record {
        position: row.try_get("position")?,
        event: event_of(row)?,
        only_group: row.try_get("only_group")?,
    })
}

fn event_of(row: &sqlx::sqlite::SqliteRow) -> Result<CloudEvent, sqlx::Error> {
    let json: &str = row.try_get("event")?;
    serde_json::from_str(json).map_err(|error| sqlx::Error::ColumnDecode {
        index: "event".to_owned(),
        source: error.into(),
    })
}
