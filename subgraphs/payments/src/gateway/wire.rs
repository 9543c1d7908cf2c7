//! HTTP to a gateway: one timeout a try, repeated with jitter where a second try can do no harm, and nothing of it in a log
//! but the path and the status.
//!
//! Every call that the adapters make may be repeated: reads, calls under an idempotency key, and steps that the gateway takes
//! once by itself (a cancelled charge can't be cancelled again). So what is repeated here is decided by the answer alone: no
//! answer, 409 (the same key is being worked on), 429, 5xx; not before `Retry-After`. Longer waits are the worker's, which
//! remembers them in the database.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use bytes::Bytes;
use lavka_kit::clock::Clock;
use lavka_kit::ids::Randomness;
use reqwest::{Client, RequestBuilder};
use serde::de::DeserializeOwned;

use super::reading::{self, Unreadable};
use super::{Gateway, GatewayError};

/// The largest answer that is read.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// The longest wait that is waited for here because the gateway asks for it.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// How often and after what waits a call is repeated before the worker is told that there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How many tries altogether.
    pub tries: u32,
    /// The longest wait before the second try; it doubles with each.
    pub wait: Duration,
    /// How long one try may take.
    pub timeout: Duration,
}

/// The wire to one gateway.
pub(super) struct Wire {
    gateway: Gateway,
    client: Client,
    /// Without a slash at the end.
    base: String,
    patience: Patience,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
}

/// What came back, whole.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: StatusCode,
    /// Whether the gateway says that it only repeats what it answered before.
    pub replayed: bool,
    /// How long the gateway wants to be let alone.
    retry_after: Option<Duration>,
    body: Bytes,
}

/// An answer that isn't what the gateway's documentation promises; a proxy's HTML page, say.
#[derive(Debug, thiserror::Error)]
#[error("status {status}, {length} bytes that are not what the gateway answers with")]
struct NotAnAnswer {
    status: StatusCode,
    length: usize,
    #[source]
    source: Option<Unreadable>,
}

#[derive(Debug, thiserror::Error)]
#[error("an answer of more than {LONGEST_ANSWER} bytes")]
struct TooLong;

#[derive(Debug, thiserror::Error)]
#[error("status {0}")]
struct Unwell(StatusCode);

impl Wire {
    pub fn new(
        gateway: Gateway,
        base: &str,
        patience: Patience,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, reqwest::Error> {
        let client = lavka_kit::tls::http_client()
            .timeout(patience.timeout)
            .connect_timeout(patience.timeout.min(Duration::from_secs(5)))
            // A gateway's API redirects nobody; a key must not follow somebody else's redirect.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("lavka/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            gateway,
            client,
            base: base.trim_end_matches('/').to_owned(),
            patience,
            clock,
            randomness,
        })
    }

    pub const fn client(&self) -> &Client {
        &self.client
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Sends what `build` makes of the address, as often as it takes or is allowed.
    pub async fn send(
        &self,
        doing: &'static str,
        path: &str,
        build: impl Fn(&Client, String) -> RequestBuilder + Send + Sync,
    ) -> Result<Reply, GatewayError> {
        let mut wait = self.patience.wait;
        let mut tries = 1;
        loop {
            let request = build(&self.client, format!("{}{path}", self.base));
            let mut asked_to_wait = Duration::ZERO;
            let problem = match receive(request).await {
                Ok(reply) if !is_unwell(reply.status) => {
                    tracing::debug!(
                        gateway = self.gateway.code(),
                        path,
                        status = reply.status.as_u16(),
                        tries,
                        "{doing}"
                    );
                    return Ok(reply);
                }
                Ok(reply) => {
                    asked_to_wait = reply.retry_after.unwrap_or_default();
                    Unwell(reply.status).into()
                }
                Err(problem) => problem,
            };
            tracing::debug!(gateway = self.gateway.code(), path, tries, problem = %problem, "{doing}");
            if tries >= self.patience.tries || asked_to_wait > LONGEST_WAIT {
                return Err(self.no_answer(doing, problem));
            }
            self.clock.sleep(asked_to_wait + self.jitter(wait)).await;
            tries += 1;
            wait = wait.saturating_mul(2);
        }
    }

    /// Between nothing and `longest`: what failed at the same time must not come back at the same time.
    fn jitter(&self, longest: Duration) -> Duration {
        let mut byte = [0; 2];
        self.randomness.fill(&mut byte);
        longest.mul_f64(f64::from(u16::from_be_bytes(byte)) / f64::from(u16::MAX))
    }

    pub fn no_answer(&self, doing: &'static str, source: Box<dyn StdError + Send + Sync>) -> GatewayError {
        GatewayError::NoAnswer {
            gateway: self.gateway,
            doing,
            source,
        }
    }

    /// Reads an answer.
    pub fn read<T: DeserializeOwned>(&self, doing: &'static str, reply: &Reply) -> Result<T, GatewayError> {
        reading::read(&reply.body).map_err(|source| {
            let source = NotAnAnswer {
                status: reply.status,
                length: reply.body.len(),
                source: Some(source),
            };
            self.no_answer(doing, source.into())
        })
    }

    /// An answer with a status that makes no sense of what was asked.
    pub fn senseless(&self, doing: &'static str, reply: &Reply) -> GatewayError {
        let source = NotAnAnswer {
            status: reply.status,
            length: reply.body.len(),
            source: None,
        };
        self.no_answer(doing, source.into())
    }
}

async fn receive(request: RequestBuilder) -> Result<Reply, Box<dyn StdError + Send + Sync>> {
    // Without its URL: one day somebody puts something into a query that should not be logged.
    let mut answer = request.send().await.map_err(reqwest::Error::without_url)?;
    let (status, replayed) = (
        answer.status(),
        answer.headers().contains_key("idempotent-replayed"),
    );
    // The other form of it, a date, is nothing that payment gateways send.
    let retry_after = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|seconds| seconds.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(TooLong.into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply {
        status,
        replayed,
        retry_after,
        body: body.into(),
    })
}

fn is_unwell(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS)
}

#[cfg(test)]
mod tests;
