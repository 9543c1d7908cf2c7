//! Subscriptions over plain HTTP: a response that doesn't end, in one of two framings.
//!
//! Events pass through a small buffer. A client that doesn't read fills it, and is given up after a while: nothing is
//! ever queued without bound. The stream also ends when the caller's token runs out and when the server goes down.

mod framing;
mod pump;

use std::convert::Infallible;

use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream, Stream};
use tokio::sync::mpsc;
use tokio::time::{Duration, MissedTickBehavior, interval};

pub(crate) use framing::Framing;
pub(crate) use pump::{Item, Pump};

/// One whole answer in a framing: what a query gets that was asked for as a stream.
pub(crate) fn single(framing: Framing, response: &Bytes) -> Body {
    let mut bytes = framing.opening().to_vec();
    bytes.extend(framing.next(response));
    bytes.extend(framing.end());
    Body::from(bytes)
}

/// The body of an answer in pieces. It is written as fast as the client reads; what isn't read isn't worked on.
pub(crate) fn pieces(framing: Framing, first: Bytes, rest: Events) -> Body {
    let mut opening = framing.opening().to_vec();
    opening.extend(framing.next(&first));
    let parts = stream::once(std::future::ready(Bytes::from(opening)))
        .chain(rest.map(move |piece| Bytes::from(framing.next(&piece))))
        .chain(stream::once(std::future::ready(Bytes::from_static(
            framing.end(),
        ))));
    Body::from_stream(parts.map(Ok::<_, Infallible>))
}

/// The body of a subscription.
pub(crate) fn body(framing: Framing, items: mpsc::Receiver<Item>, keep_alive: Duration) -> Body {
    Body::from_stream(frames(framing, items, keep_alive))
}

fn frames(
    framing: Framing,
    items: mpsc::Receiver<Item>,
    keep_alive: Duration,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    enum State {
        Opening,
        Open,
        Ended,
    }
    let mut ticks = interval(keep_alive);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    stream::unfold(
        (State::Opening, items, ticks),
        move |(state, mut items, mut ticks)| async move {
            match state {
                State::Opening => {
                    // The first tick is at once; signs of life begin after the opening.
                    ticks.tick().await;
                    Some((
                        Ok(Bytes::from_static(framing.opening())),
                        (State::Open, items, ticks),
                    ))
                }
                State::Open => {
                    let item = tokio::select! {
                        item = items.recv() => item,
                        _ = ticks.tick() => {
                            let sign = Bytes::from_static(framing.sign_of_life());
                            return Some((Ok(sign), (State::Open, items, ticks)));
                        }
                    };
                    match item {
                        Some(Item::Next(response)) => {
                            ticks.reset();
                            Some((Ok(framing.next(&response).into()), (State::Open, items, ticks)))
                        }
                        Some(Item::Complete) => Some((
                            Ok(Bytes::from_static(framing.end())),
                            (State::Ended, items, ticks),
                        )),
                        // The pump gave up: the body ends without saying that the subscription is complete.
                        None => None,
                    }
                }
                State::Ended => None,
            }
        },
    )
}

/// What the executor gives for a subscription.
pub(crate) type Events = BoxStream<'static, Bytes>;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn silence_is_filled_and_the_end_is_said() {
        let (sender, items) = mpsc::channel(4);
        let mut frames = Box::pin(frames(Framing::EventStream, items, Duration::from_secs(12)));
        assert_eq!(frames.next().await.unwrap().unwrap(), ":\n\n");
        let silent_since = tokio::time::Instant::now();
        assert_eq!(frames.next().await.unwrap().unwrap(), ":\n\n");
        assert_eq!(silent_since.elapsed(), Duration::from_secs(12));
        sender
            .send(Item::Next(Bytes::from_static(b"{\"data\":{}}")))
            .await
            .unwrap();
        assert_eq!(
            frames.next().await.unwrap().unwrap(),
            "event: next\ndata: {\"data\":{}}\n\n"
        );
        sender.send(Item::Complete).await.unwrap();
        assert_eq!(
            frames.next().await.unwrap().unwrap(),
            "event: complete\ndata:\n\n"
        );
        assert_eq!(frames.next().await, None);
    }

    #[tokio::test]
    async fn giving_up_does_not_look_like_completion() {
        let (sender, items) = mpsc::channel(4);
        drop(sender);
        let frames: Vec<_> = frames(Framing::Multipart, items, Duration::from_secs(12))
            .collect()
            .await;
        assert_eq!(frames.len(), 1, "only the opening");
    }
}
