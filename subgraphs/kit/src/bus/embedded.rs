//! The adapter that needs nothing but a file: a durable log in SQLite.
//!
//! The difficulty is to be quick and idle at once, and right when several processes share the file. So:
//! - every topic has [`log::PARTITIONS`] partitions, chosen by the subject; a group handles one partition's events one
//!   after the other and different partitions at the same time;
//! - who waits for events waits on a channel ([`heads`]) that a publisher in this process moves at once, and a slow poll
//!   moves for what other processes publish. Nothing else touches the file while nothing happens;
//! - of several processes that consume as one group, one works and the others stand by: a lock on a file beside the log
//!   decides, which the operating system releases even on kill -9;
//! - publishing waits for the disk (synchronous FULL); a group's place need not: should a power cut take it back, the
//!   events come again and the inbox absorbs them.

mod consumer;
mod heads;

mod log;
mod tail;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::{BusConfig, BusError, DeadLetter, EventBus, EventHandler, Lag};
use crate::clock::Clock;
use crate::events::CloudEvent;
use crate::tasks::Tasks;
use crate::{BoxFuture, BoxStream};
use heads::Heads;
use log::Log;
use tail::Tails;

/// A durable log in one SQLite file. Cloning shares it.
#[derive(Clone)]
pub struct EmbeddedBus {
    shared: Arc<Shared>,
}

struct Shared {
    config: BusConfig,
    clock: Arc<dyn Clock>,
    log: Log,
    heads: Heads,
    tails: Tails,
    path: PathBuf,
}

impl EmbeddedBus {
    /// Opens the log, or begins one. Its own background work runs in `tasks`.
    pub async fn open(
        path: &Path,
        config: BusConfig,
        clock: Arc<dyn Clock>,
        tasks: &Tasks,
    ) -> Result<Self, BusError> {
        let doing = || format!("open the event log {}", path.display());
        let log = Log::open(path).await.map_err(|source| BusError {
            doing: doing(),
            source,
        })?;
        let start = log.last().await.map_err(failed(doing()))?;
        let shared = Arc::new(Shared {
            config,
            clock,
            log,
            heads: Heads::at(&start),
            tails: Tails::new(),
            path: path.to_owned(),
        });
        tasks.spawn("bus: watch other processes", shared.clone().watch());
        tasks.spawn("bus: forget old events", shared.clone().forget());
        for topic in crate::events::topics::ALL {
            tasks.spawn(format!("bus: tail {topic}"), tail::read(shared.clone(), topic));
        }
        Ok(Self { shared })
    }

    /// Waits until a group has nothing left to handle, dead letters aside: for tests, and for an orderly end.
    pub async fn settled(&self, group: &str) -> Result<(), BusError> {
        let mut progress = self.shared.heads.progress();
        loop {
            progress.mark_unchanged();
            let lag = self.lag().await?;
            if lag
                .iter()
                .filter(|lag| lag.group == group)
                .all(|lag| lag.waiting == 0)
            {
                return Ok(());
            }
            // The sender lives in `self`.
            let _ = progress.changed().await;
        }
    }
}

impl Shared {
    /// Moves the heads for what other processes have published.
    async fn watch(self: Arc<Self>) {
        loop {
            self.clock.sleep(Duration::from_millis(self.config.poll_ms)).await;
            match self.log.heads_after(self.heads.highest()).await {
                Ok(heads) => heads.iter().for_each(|head| self.heads.raise(head)),
                Err(error) => tracing::warn!(
                    error = crate::errors::chain(&error),
                    "the event log can't be read"
                ),
            }
        }
    }

    /// Drops what is old and handled by everybody.
    async fn forget(self: Arc<Self>) {
        loop {
            let before = self.clock.now() - TimeDelta::days(i64::from(self.config.retention_days));
            match self.log.forget(before).await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "old events were dropped from the log"),
                Err(error) => tracing::warn!(
                    error = crate::errors::chain(&error),
                    "old events can't be dropped"
                ),
            }
            self.clock.sleep(Duration::from_secs(3600)).await;
        }
    }
}

fn failed(doing: String) -> impl FnOnce(sqlx::Error) -> BusError {
    move |error| BusError {
        doing,
        source: error.into(),
    }
}

impl EventBus for EmbeddedBus {
    fn publish<'a>(&'a self, events: &'a [CloudEvent]) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async move {
            let shared = &self.shared;
            let doing = format!("publish {} events", events.len());
            let entries = log::entries(events).map_err(|source| BusError {
                doing: doing.clone(),
                source,
            })?;
            let heads = shared
                .log
                .append(&entries, shared.clock.now())
                .await
                .map_err(failed(doing))?;
            heads.iter().for_each(|head| shared.heads.raise(head));
            Ok(())
        })
    }

    fn consume<'a>(
        &'a self,
        group: &'a str,
        topics: &'a [&'static str],
        handler: Arc<dyn EventHandler>,
        tasks: &'a Tasks,
    ) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async move {
            let doing = || format!("join the consumer group {group}");
            self.shared
                .log
                .join(group, topics)
                .await
                .map_err(failed(doing()))?;
            consumer::start(self.shared.clone(), group, topics, handler, tasks);
            Ok(())
        })
    }

    fn tail<'a>(
        &'a self,
        topic: &'static str,
    ) -> BoxFuture<'a, Result<BoxStream<'static, Arc<CloudEvent>>, BusError>> {
        Box::pin(async move {
            tail::listen(&self.shared, topic)
                .await
                .map_err(failed(format!("listen to {topic}")))
        })
    }

    fn check(&self) -> BoxFuture<'_, Result<(), BusError>> {
        Box::pin(async {
            let read = self.shared.log.last().await;
            read.map(drop).map_err(failed("read the event log".to_owned()))
        })
    }

    fn lag(&self) -> BoxFuture<'_, Result<Vec<Lag>, BusError>> {
        Box::pin(async {
            self.shared
                .log
                .lag()
                .await
                .map_err(failed("count what waits".to_owned()))
        })
    }

    fn dead_letters<'a>(
        &'a self,
        group: &'a str,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<DeadLetter>, BusError>> {
        Box::pin(async move {
            self.shared
                .log
                .dead_letters(group, limit)
                .await
                .map_err(failed(format!("list the dead letters of {group}")))
        })
    }

    fn replay<'a>(&'a self, group: &'a str) -> BoxFuture<'a, Result<u64, BusError>> {
        Box::pin(async move {
            let shared = &self.shared;
            let replayed = shared.log.replay(group, shared.clock.now()).await;
            let (count, heads) = replayed.map_err(failed(format!("replay the dead letters of {group}")))?;
            heads.iter().for_each(|head| shared.heads.raise(head));
            Ok(count)
        })
    }
}
