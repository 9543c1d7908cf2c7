//! What all requests of one router share.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::auth::Authenticator;
use crate::clock::Clock;
use crate::config::Config;
use crate::engine::Engine;
use crate::head::HeaderRules;
use crate::layers::{CsrfCheck, RateLimit};
use crate::metrics::Metrics;

pub(crate) struct Gateway {
    pub config: Arc<Config>,
    pub engine: Engine,
    pub authenticator: Authenticator,
    pub csrf: CsrfCheck,
    pub rate: Option<RateLimit>,
    pub headers: HeaderRules,
    pub metrics: Metrics,
    pub clock: Clock,
    /// A place for each WebSocket connection.
    pub sockets: Arc<Semaphore>,
    /// A place for each SSE or multipart subscription.
    pub streams: Arc<Semaphore>,
    /// Ends sockets and streams, which would otherwise outlive every patience.
    pub shutdown: CancellationToken,
}
