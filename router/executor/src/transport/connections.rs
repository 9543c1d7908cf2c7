//! Kept HTTP/1.1 connections with one address.
//!
//! The usual client runs every connection as a task of its own and passes requests and responses through channels: two wake-ups
//! a request, on whichever core is free. Here the task that asks drives the connection itself, and nobody does while it is idle. That
//! a server closed an idle connection is therefore found out when it is taken up again, before anything is sent.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use ::http::{HeaderValue, Request, Response, Uri, header};
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::{self, Connection, SendRequest};
use tokio::time::Instant;

use super::connector::{Connector, Stream};
use super::{BoxError, receive};

/// A connection that was idle for longer isn't trusted: routers on the way forget them without a word.
const MOST_IDLE: Duration = Duration::from_secs(60);
/// The most idle connections that are kept.
const MOST_KEPT: usize = 512;

/// The connections with one address.
pub(super) struct Connections {
    connector: Connector,
    address: Uri,
    /// The address as a request line has it: without scheme and host.
    target: Uri,
    host: HeaderValue,
    idle: Mutex<VecDeque<Idle>>,
}

struct Idle {
    link: Link,
    since: Instant,
}

/// A connection and its two ends.
struct Link {
    requests: SendRequest<Full<Bytes>>,
    connection: Connection<Stream, Full<Bytes>>,
    has_ended: bool,
}

/// Why there is no response.
#[derive(Debug)]
pub(super) enum Failure {
    /// Nothing of the request was sent.
    Connect(BoxError),
    /// The request may have been taken.
    Broken(BoxError),
    /// The response has more bytes.
    TooLarge,
}

impl Connections {
    pub(super) fn new(connector: Connector, address: Uri) -> Self {
        let target = address.path_and_query().map_or("/", |target| target.as_str());
        let host = address.authority().map_or("", |authority| authority.as_str());
        // Who the user is may stand before the host, and isn't the host's to know by this header.
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        Self {
            target: target.parse().unwrap_or_default(),
            host: HeaderValue::from_str(host).unwrap_or(HeaderValue::from_static("")),
            connector,
            address,
            idle: Mutex::default(),
        }
    }

    /// Sends a request and reads the whole response, up to `limit` bytes.
    pub(super) async fn ask(
        &self,
        mut request: Request<Full<Bytes>>,
        limit: usize,
    ) -> Result<Response<Bytes>, Failure> {
        *request.uri_mut() = self.target.clone();
        request.headers_mut().insert(header::HOST, self.host.clone());
        loop {
            let (mut link, is_fresh) = match self.take_idle() {
                Some(link) => (link, false),
                None => (self.open().await?, true),
            };
            let mut unsent = None;
            let answered = link
                .drive(async |requests| {
                    requests
                        .ready()
                        .await
                        .map_err(|error| Failure::Connect(error.into()))?;
                    let response = requests.try_send_request(request).await.map_err(|mut error| {
                        unsent = error.take_message();
                        match unsent {
                            Some(_) => Failure::Connect(error.into_error().into()),
                            None => Failure::Broken(error.into_error().into()),
                        }
                    })?;
                    let (head, body) = response.into_parts();
                    let body = receive::whole(body, &head.headers, limit).await?;
                    Ok(Response::from_parts(head, body))
                })
                .await;
            match (answered, unsent) {
                // It was closed in the moment in which it was taken up; nobody has seen the request.
                (Err(Failure::Connect(_)), Some(again)) if !is_fresh => request = again,
                (answered, _) => {
                    if answered.is_ok() {
                        self.keep(link);
                    }
                    return answered;
                }
            }
        }
    }

    async fn open(&self) -> Result<Link, Failure> {
        let stream = self
            .connector
            .open(&self.address)
            .await
            .map_err(Failure::Connect)?;
        let (requests, connection) = http1::handshake(stream)
            .await
            .map_err(|error| Failure::Connect(error.into()))?;
        Ok(Link {
            requests,
            connection,
            has_ended: false,
        })
    }

    /// The connection that was used last, of those that are still open: the others may then grow old.
    fn take_idle(&self) -> Option<Link> {
        loop {
            let Idle { mut link, since } = self.idle().pop_back()?;
            if since.elapsed() < MOST_IDLE && link.is_open() {
                return Some(link);
            }
        }
    }

    fn keep(&self, mut link: Link) {
        if !link.is_open() {
            return;
        }
        let now = Instant::now();
        let mut idle = self.idle();
        while idle
            .front()
            .is_some_and(|oldest| idle.len() >= MOST_KEPT || now.duration_since(oldest.since) >= MOST_IDLE)
        {
            idle.pop_front();
        }
        idle.push_back(Idle { link, since: now });
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, VecDeque<Idle>> {
        // The list is whole between any two statements, so a panic elsewhere can't have broken it.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Link {
    /// Lets the connection do its work while `exchange` goes on.
    async fn drive<T>(
        &mut self,
        exchange: impl AsyncFnOnce(&mut SendRequest<Full<Bytes>>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let Self {
            requests,
            connection,
            has_ended,
        } = self;
        let mut exchange = pin!(exchange(requests));
        poll_fn(|context| {
            // Twice, since each of the two may give the other something to do: what is written by the one is sent by the other.
            for _ in 0..2 {
                if let Poll::Ready(done) = exchange.as_mut().poll(context) {
                    return Poll::Ready(done);
                }
                if !*has_ended && Pin::new(&mut *connection).poll(context).is_ready() {
                    *has_ended = true;
                }
            }
            exchange.as_mut().poll(context)
        })
        .await
    }

    fn is_open(&mut self) -> bool {
        if !self.has_ended {
            let mut context = Context::from_waker(std::task::Waker::noop());
            self.has_ended = Pin::new(&mut self.connection).poll(&mut context).is_ready();
        }
        !self.has_ended && self.requests.is_ready()
    }
}
