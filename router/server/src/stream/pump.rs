//! Moves events from a subscription into a small buffer, until one of the two ends.

use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::mpsc::{self, error::SendTimeoutError};
use tokio::time::{Duration, sleep};
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::Events;
use crate::metrics::Metrics;
use crate::refusal::Refusal;

/// What a body is written from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    Next(Bytes),
    Complete,
}

/// Everything that decides how long a subscription lives.
pub(crate) struct Pump {
    pub buffered: usize,
    /// How long an event may wait for room in the buffer.
    pub patience: Duration,
    /// Until the caller's token runs out.
    pub token_lives: Option<Duration>,
    pub shutdown: CancellationToken,
    pub metrics: Metrics,
}

impl Pump {
    /// Starts pumping. `held` is kept as long as the subscription is open.
    pub fn start(self, mut events: Events, held: impl Send + 'static) -> mpsc::Receiver<Item> {
        let (sender, receiver) = mpsc::channel(self.buffered.max(1));
        tokio::spawn(async move {
            let _held = (held, self.metrics.subscription());
            let token_runs_out = async {
                match self.token_lives {
                    Some(lives) => sleep(lives).await,
                    None => std::future::pending().await,
                }
            };
            tokio::pin!(token_runs_out);
            loop {
                let item = tokio::select! {
                    biased;
                    () = sender.closed() => return,
                    () = self.shutdown.cancelled() => return,
                    () = &mut token_runs_out => {
                        let refusal = Refusal::unauthenticated("the access token has expired");
                        let _ = self.send(&sender, Item::Next(refusal.body())).await;
                        let _ = self.send(&sender, Item::Complete).await;
                        return;
                    }
                    event = events.next() => event.map_or(Item::Complete, Item::Next),
                };
                let last = item == Item::Complete;
                if self.send(&sender, item).await.is_err() || last {
                    return;
                }
            }
        });
        receiver
    }

    async fn send(&self, sender: &mpsc::Sender<Item>, item: Item) -> Result<(), ()> {
        sender.send_timeout(item, self.patience).await.map_err(|error| {
            if matches!(error, SendTimeoutError::Timeout(_)) {
                self.metrics.slow_client();
                info!(
                    "ended a subscription whose client did not read for {:?}",
                    self.patience
                );
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    fn pump() -> Pump {
        Pump {
            buffered: 2,
            patience: Duration::from_secs(10),
            token_lives: None,
            shutdown: CancellationToken::new(),
            metrics: Metrics::new(),
        }
    }

    fn numbers(count: usize) -> Events {
        stream::iter((0..count).map(|number| Bytes::from(number.to_string()))).boxed()
    }

    async fn all(mut items: mpsc::Receiver<Item>) -> Vec<Item> {
        let mut all = Vec::new();
        while let Some(item) = items.recv().await {
            all.push(item);
        }
        all
    }

    #[tokio::test]
    async fn every_event_arrives_and_then_the_end() {
        let items = all(pump().start(numbers(5), ())).await;
        assert_eq!(items.len(), 6);
        assert_eq!(items[5], Item::Complete);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_is_given_up() {
        let (held, released) = tokio::sync::oneshot::channel::<()>();
        let mut items = pump().start(numbers(100), held);
        // The pump lets go of what it held when it ends; until then nobody has read anything.
        let started = tokio::time::Instant::now();
        assert!(released.await.is_err());
        assert_eq!(started.elapsed(), Duration::from_secs(10));
        assert_eq!(items.recv().await, Some(Item::Next("0".into())));
        assert_eq!(items.recv().await, Some(Item::Next("1".into())));
        assert_eq!(
            items.recv().await,
            None,
            "no completion: the client must not believe that it saw everything"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_expired_token_ends_it() {
        let pump = Pump {
            token_lives: Some(Duration::from_secs(60)),
            ..pump()
        };
        let items = all(pump.start(stream::pending().boxed(), ())).await;
        let [Item::Next(last), Item::Complete] = &items[..] else {
            panic!("{items:?}")
        };
        assert!(
            last.ends_with(br#""extensions":{"code":"UNAUTHENTICATED"}}]}"#),
            "{last:?}"
        );
    }

    #[tokio::test]
    async fn a_client_that_left_frees_the_subgraph() {
        let (held, released) = tokio::sync::oneshot::channel::<()>();
        drop(pump().start(stream::pending().boxed(), held));
        assert!(released.await.is_err());
    }
}
