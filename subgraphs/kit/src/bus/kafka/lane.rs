//! A partition's events, one after the other; where many wait, and the handler can, several together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rdkafka::types::RDKafkaErrorCode;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::places::Places;
use super::record::Incoming;
use super::{Shared, TROUBLE, dead};
use crate::bus::delivery::{Death, Delivery};
use crate::bus::turns::Turns;
use crate::errors::chain;
use crate::tasks::Tasks;

/// What a lane works with.
#[derive(Clone)]
pub(super) struct Work {
    pub(super) shared: Arc<Shared>,
    pub(super) delivery: Arc<Delivery>,
    pub(super) places: Arc<Places>,
    pub(super) turns: Arc<Turns>,
}

/// The polling thread's end of a lane. Dropping it drops what the lane is doing, wherever that is.
pub(super) struct Lane {
    records: UnboundedSender<Incoming>,
    waiting: Arc<AtomicUsize>,
    tasks: Tasks,
    pub(super) is_paused: bool,
}

impl Lane {
    pub(super) fn open(work: Work, topic: &'static str, partition: i32, tasks: &Tasks) -> Self {
        let (sender, records) = unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let tasks = tasks.child();
        let name = format!("bus: {} {topic}/{partition}", work.delivery.group);
        tasks.spawn(name, work.run(topic, partition, records, waiting.clone()));
        Self {
            records: sender,
            waiting,
            tasks,
            is_paused: false,
        }
    }

    /// Hands it a record; how many it has to do now.
    pub(super) fn add(&self, record: Incoming) -> usize {
        // Counted before it is there: the lane may be done with it before this ends.
        let waiting = self.waiting.fetch_add(1, Ordering::Relaxed) + 1;
        // Err means that the end has begun.
        let _ = self.records.send(record);
        waiting
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.tasks.cancel();
    }
}

impl Work {
    async fn run(
        self,
        topic: &'static str,
        partition: i32,
        mut records: UnboundedReceiver<Incoming>,
        waiting: Arc<AtomicUsize>,
    ) {
        // Gone with this lane: places that it has set and that nobody has committed are another's to set.
        let lane = Arc::new(());
        let place = (topic, partition);
        let most = self.delivery.handler.takes_together();
        while let Some(first) = records.recv().await {
            let mut run = vec![first];
            while run.len() < most
                && let Ok(record) = records.try_recv()
            {
                run.push(record);
            }
            if most > 1 && self.together(&run).await {
                self.places.set(place, run[run.len() - 1].offset + 1, &lane);
            } else {
                for record in &run {
                    if self.is_for_us(record)
                        && let Err(death) = self.handle(record).await
                    {
                        self.bury(topic, record, &death).await;
                    }
                    self.places.set(place, record.offset + 1, &lane);
                }
            }
            waiting.fetch_sub(run.len(), Ordering::Relaxed);
        }
    }

    /// Not those that are replayed for another group.
    fn is_for_us(&self, record: &Incoming) -> bool {
        record
            .only_group
            .as_deref()
            .is_none_or(|it| *it == *self.delivery.group)
    }

    /// In the group's next turn. False when each has to be handled by itself.
    async fn together(&self, run: &[Incoming]) -> bool {
        let events = run.iter().filter(|it| self.is_for_us(it)).map(Incoming::event);
        match events.collect::<Result<Vec<_>, _>>() {
            Ok(events) => events.is_empty() || self.turns.take(events).await,
            // One of them is none.
            Err(_) => false,
        }
    }

    async fn handle(&self, record: &Incoming) -> Result<(), Death> {
        match record.event() {
            Ok(event) => self.delivery.deliver(&event).await,
            Err(error) => {
                let (group, error) = (&*self.delivery.group, chain(&error));
                tracing::error!(group, error, "a record is no event and is given up");
                Err(self.delivery.death(format!("read the record: {error}"), 1))
            }
        }
    }

    /// A dead letter is kept, whatever it takes: the place must not move before.
    async fn bury(&self, topic: &'static str, record: &Incoming, death: &Death) {
        let mut letter = [dead::letter(
            &self.shared.names,
            topic,
            &self.delivery.group,
            record,
            death,
        )];
        while let Err(error) = self.shared.publisher.send(&letter).await {
            let (group, offset) = (&*self.delivery.group, record.offset);
            if error.rdkafka_error_code() == Some(RDKafkaErrorCode::MessageSizeTooLarge)
                && letter[0].payload.len() > dead::LONGEST_ERROR
            {
                // It would not fit tomorrow either. The record lies in its topic as long as that keeps it.
                tracing::error!(
                    group,
                    topic,
                    offset,
                    "a dead letter is too large to be kept: it says where the record was"
                );
                letter[0].payload = dead::elsewhere(topic, record);
                continue;
            }
            let error = chain(&error);
            tracing::error!(group, topic, error, "a dead letter can't be kept, trying again");
            tokio::time::sleep(TROUBLE).await;
        }
    }
}
