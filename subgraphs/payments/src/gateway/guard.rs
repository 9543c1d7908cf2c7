//! What stands around every gateway: each call is traced and counted, and one that doesn't answer is let alone for a while.
//!
//! The breaker stands outside of the adapter, so that a call which it stops costs nothing, and inside of the worker, to which a
//! stopped call is one without an answer: it waits in the database and comes again. Webhooks are not stopped: they come to us.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use lavka_kit::clock::{Clock, later};
use lavka_kit::errors::chain;

use super::notice::{BadNotice, Notice};
use super::{
    Charge, ChargeName, ChargeRequest, GatewayDescription, GatewayError, GatewayRefund, PaymentGateway,
    RefundRequest,
};

/// After how many calls without an answer in a row nobody asks any more.
const ENOUGH: u32 = 5;
/// For how long nobody asks then; after it one call may try.
const REST: Duration = Duration::from_secs(15);

/// A gateway behind a breaker.
pub struct Guarded {
    inner: Arc<dyn PaymentGateway>,
    clock: Arc<dyn Clock>,
    breaker: Mutex<Breaker>,
    calls: Calls,
}

/// How often a gateway was asked, and with what success.
#[derive(Debug, Default)]
pub struct Calls {
    /// It answered, whatever it said.
    pub answered: AtomicU64,
    /// It didn't.
    pub unanswered: AtomicU64,
    /// It wasn't asked: the breaker was open.
    pub stopped: AtomicU64,
}

#[derive(Debug, Default)]
struct Breaker {
    failures: u32,
    /// Nobody asks until then.
    open_until: Option<DateTime<Utc>>,
}

/// Nobody asked: it has not answered for a while.
#[derive(Debug, thiserror::Error)]
#[error("it has not answered {ENOUGH} times in a row; it is asked again after a rest")]
struct Resting;

impl Breaker {
    /// Whether a call may go through now. The first after a rest is a trial: the next ones wait for its outcome.
    fn lets_through(&mut self, now: DateTime<Utc>) -> bool {
        match self.open_until {
            Some(until) if until > now => false,
            Some(_) => {
                self.open_until = Some(later(now, REST));
                true
            }
            None => true,
        }
    }

    fn note(&mut self, silence: bool, now: DateTime<Utc>) -> bool {
        if !silence {
            *self = Self::default();
            return false;
        }
        self.failures = self.failures.saturating_add(1);
        let opens = self.failures >= ENOUGH;
        if opens {
            self.open_until = Some(later(now, REST));
        }
        opens
    }
}

impl Guarded {
    /// Guards a gateway.
    pub fn new(inner: Arc<dyn PaymentGateway>, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner,
            clock,
            breaker: Mutex::default(),
            calls: Calls::default(),
        }
    }

    /// What was counted.
    pub const fn calls(&self) -> &Calls {
        &self.calls
    }

    async fn ask<T>(
        &self,
        doing: &'static str,
        about: &str,
        call: impl Future<Output = Result<T, GatewayError>> + Send,
    ) -> Result<T, GatewayError> {
        let gateway = self.inner.describe().gateway;
        let lets_through = {
            let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
            breaker.lets_through(self.clock.now())
        };
        if !lets_through {
            self.calls.stopped.fetch_add(1, Ordering::Relaxed);
            return Err(GatewayError::NoAnswer {
                gateway,
                doing,
                source: Resting.into(),
            });
        }
        let began = self.clock.now();
        let answer = call.await;
        let now = self.clock.now();
        let milliseconds = (now - began).num_milliseconds();
        let silence = answer.as_ref().is_err_and(GatewayError::is_silence);
        let counted = if silence {
            &self.calls.unanswered
        } else {
            &self.calls.answered
        };
        counted.fetch_add(1, Ordering::Relaxed);
        match &answer {
            Ok(_) => tracing::info!(gateway = gateway.code(), about, milliseconds, "{doing}"),
            Err(error) => {
                tracing::info!(
                    gateway = gateway.code(),
                    about,
                    milliseconds,
                    error = chain(error),
                    "{doing}"
                );
            }
        }
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        if breaker.note(silence, now) {
            tracing::warn!(
                gateway = gateway.code(),
                seconds = REST.as_secs(),
                "a gateway does not answer and is let alone for a while"
            );
        }
        answer
    }
}

#[async_trait]
impl PaymentGateway for Guarded {
    fn describe(&self) -> GatewayDescription {
        self.inner.describe()
    }

    async fn create(&self, request: &ChargeRequest) -> Result<Charge, GatewayError> {
        let about = request.payment_id.to_string();
        self.ask("create a charge", &about, self.inner.create(request))
            .await
    }

    async fn capture(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        self.ask("capture a charge", &charge.reference, self.inner.capture(charge))
            .await
    }

    async fn cancel(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        self.ask("cancel a charge", &charge.reference, self.inner.cancel(charge))
            .await
    }

    async fn fetch(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        self.ask("fetch a charge", &charge.reference, self.inner.fetch(charge))
            .await
    }

    async fn refund(&self, request: &RefundRequest) -> Result<GatewayRefund, GatewayError> {
        let about = request.refund_id.to_string();
        self.ask("refund a charge", &about, self.inner.refund(request))
            .await
    }

    async fn fetch_refund(
        &self,
        request: &RefundRequest,
        reference: &str,
    ) -> Result<GatewayRefund, GatewayError> {
        let call = self.inner.fetch_refund(request, reference);
        self.ask("fetch a refund", reference, call).await
    }

    async fn authenticate(&self, head: &HeaderMap, body: &[u8]) -> Result<Notice, BadNotice> {
        self.inner.authenticate(head, body).await
    }

    fn read(&self, body: &[u8]) -> Result<Notice, BadNotice> {
        self.inner.read(body)
    }
}

#[cfg(test)]
mod tests;
