//! Events of many partitions, handled together.
//!
//! A transaction costs about as much as the two or three statements in it, so that a busy store would spend most of its time on beginning and
//! committing. Each partition's lane hands in what waits for it, and waits; one turn at a time takes whatever the lanes have handed in
//! meanwhile. So a single event on an idle day is handled at once, and the more there is to do, the more goes together.
//!
//! A turn that fails has had no effect, and its lanes do their events one by one, each with its own tries: a poison message ends in the
//! dead letters alone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use super::delivery::Delivery;
use crate::events::CloudEvent;

/// Turns begin this far apart, so that more comes together; the first after a pause begins at once. The computer's time: it is about
/// the engine's load, which no test's clock moves.
const PACE: Duration = Duration::from_millis(8);

/// The turns of one group.
#[derive(Default)]
pub(super) struct Turns {
    waiting: Mutex<Vec<Run>>,
    bell: Notify,
}

/// What one lane has handed in. Who is gone has lost the partition: its events are another's now.
struct Run {
    events: Vec<CloudEvent>,
    done: oneshot::Sender<bool>,
}

impl Turns {
    /// Has these handled together with whatever else waits. False when each has to be handled by itself.
    pub(super) async fn take(&self, events: Vec<CloudEvent>) -> bool {
        let (done, over) = oneshot::channel();
        self.waiting().push(Run { events, done });
        self.bell.notify_one();
        over.await.unwrap_or(false)
    }

    /// Holds turns until it is dropped.
    pub(super) async fn hold(self: Arc<Self>, delivery: Arc<Delivery>) {
        let most = delivery.handler.takes_together();
        loop {
            self.bell.notified().await;
            loop {
                let runs = self.next(most);
                if runs.is_empty() {
                    break;
                }
                let began = Instant::now();
                let (mut events, mut dones) = (Vec::new(), Vec::with_capacity(runs.len()));
                for mut run in runs {
                    events.append(&mut run.events);
                    dones.push(run.done);
                }
                // Stable: a subject's events keep their order, and transactions that meet lock in the same order.
                events.sort_by_key(|event| event.subject);
                let together = delivery.deliver_together(&events).await;
                for done in dones {
                    // Err means that the lane has been taken down meanwhile.
                    let _ = done.send(together);
                }
                tokio::time::sleep_until(began + PACE).await;
            }
        }
    }

    /// Whole runs, as many as fit; at least one.
    fn next(&self, most: usize) -> Vec<Run> {
        let mut waiting = self.waiting();
        waiting.retain(|run| !run.done.is_closed());
        let mut count = 0;
        let fit = waiting.iter().take_while(|run| {
            let fits = count == 0 || count + run.events.len() <= most;
            count += run.events.len();
            fits
        });
        let fit = fit.count();
        waiting.drain(..fit).collect()
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Run>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

    use super::*;
    use crate::BoxFuture;
    use crate::bus::contract::cancelled;
    use crate::bus::{BusConfig, EventHandler, HandlerError};
    use crate::clock::ManualClock;
    use crate::ids::{Id, SequentialIds};

    /// Tells what it gets together, and waits each time until it may go on, and whether it fails.
    struct Slow {
        told: UnboundedSender<Vec<Id>>,
        fates: tokio::sync::Mutex<UnboundedReceiver<bool>>,
    }

    impl EventHandler for Slow {
        fn handle<'a>(&'a self, _: &'a CloudEvent) -> BoxFuture<'a, Result<(), HandlerError>> {
            Box::pin(async { Ok(()) })
        }

        fn takes_together(&self) -> usize {
            4
        }

        fn handle_together<'a>(
            &'a self,
            events: &'a [CloudEvent],
        ) -> BoxFuture<'a, Result<(), HandlerError>> {
            Box::pin(async move {
                let _ = self.told.send(events.iter().map(|event| event.subject).collect());
                match self.fates.lock().await.recv().await {
                    Some(true) => Ok(()),
                    _ => Err(HandlerError::retry("as planned")),
                }
            })
        }
    }

    struct Stage {
        turns: Arc<Turns>,
        told: UnboundedReceiver<Vec<Id>>,
        fate: UnboundedSender<bool>,
        ids: SequentialIds,
    }

    impl Stage {
        fn open() -> Self {
            let (tell, told) = unbounded_channel();
            let (fate, fates) = unbounded_channel();
            let handler = Slow {
                told: tell,
                fates: tokio::sync::Mutex::new(fates),
            };
            let delivery = Arc::new(Delivery {
                group: "a".into(),
                handler: Arc::new(handler),
                clock: Arc::new(ManualClock::default()),
                config: BusConfig::default(),
            });
            let turns = Arc::new(Turns::default());
            tokio::spawn(turns.clone().hold(delivery));
            Self {
                turns,
                told,
                fate,
                ids: SequentialIds::default(),
            }
        }

        /// A lane hands in events of these subjects.
        fn lane(&self, subjects: &[u128]) -> tokio::task::JoinHandle<bool> {
            let events = subjects.iter().map(|subject| cancelled(&self.ids, *subject, 1));
            let (turns, events) = (self.turns.clone(), events.collect());
            tokio::spawn(async move { turns.take(events).await })
        }

        async fn hears(&mut self) -> Vec<Id> {
            self.told.recv().await.expect("a turn")
        }
    }

    fn those(subjects: &[u128]) -> Vec<Id> {
        subjects.iter().copied().map(Id::from_u128).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_during_a_turn_goes_together_with_the_next() {
        let mut stage = Stage::open();
        let first = stage.lane(&[5]);
        assert_eq!(
            stage.hears().await,
            those(&[5]),
            "alone, since nothing else waits"
        );
        let (second, third) = (stage.lane(&[3, 1]), stage.lane(&[2]));
        tokio::task::yield_now().await;
        stage.fate.send(true).unwrap();
        assert_eq!(
            stage.hears().await,
            those(&[1, 2, 3]),
            "in the order of their locks"
        );
        stage.fate.send(true).unwrap();
        assert!(first.await.unwrap() && second.await.unwrap() && third.await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_takes_no_more_than_the_handler_does_and_fails_as_a_whole() {
        let mut stage = Stage::open();
        let first = stage.lane(&[9]);
        stage.hears().await;
        let others = [stage.lane(&[1, 2, 3]), stage.lane(&[4, 5]), stage.lane(&[6])];
        tokio::task::yield_now().await;
        stage.fate.send(true).unwrap();
        assert_eq!(stage.hears().await, those(&[1, 2, 3]));
        stage.fate.send(false).unwrap();
        assert_eq!(stage.hears().await, those(&[4, 5, 6]));
        stage.fate.send(true).unwrap();
        assert!(first.await.unwrap());
        let done: HashSet<(usize, bool)> = futures_util::future::join_all(others)
            .await
            .into_iter()
            .map(Result::unwrap)
            .enumerate()
            .collect();
        assert_eq!(done, HashSet::from([(0, false), (1, true), (2, true)]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_lane_that_is_gone_has_nothing_done_for_it() {
        let mut stage = Stage::open();
        let first = stage.lane(&[1]);
        stage.hears().await;
        let gone = stage.lane(&[2]);
        tokio::task::yield_now().await;
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());
        let third = stage.lane(&[3]);
        tokio::task::yield_now().await;
        stage.fate.send(true).unwrap();
        assert_eq!(stage.hears().await, those(&[3]));
        stage.fate.send(true).unwrap();
        assert!(first.await.unwrap() && third.await.unwrap());
    }
}
