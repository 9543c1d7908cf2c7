//! How requests reach subgraphs: a port with two adapters, HTTP here and in-process in whoever embeds the router.

mod budget;
mod connections;
mod connector;
mod http;
mod receive;
mod replicas;
mod ws;

use std::sync::Arc;

use ::http::HeaderMap;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

pub use self::http::{HttpOptions, HttpTransport, InvalidUrl};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A way to ask one subgraph.
pub trait Transport: Send + Sync + 'static {
    /// One request, one response. Dropping the future cancels the request.
    fn fetch(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<SubgraphResponse, TransportError>>;

    /// A subscription: every item is a whole GraphQL response, as JSON. Dropping the stream ends the subscription at the
    /// subgraph.
    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>;
}

/// What a subgraph is asked.
#[derive(Clone, Debug)]
pub struct SubgraphRequest {
    /// The subgraph's name.
    pub subgraph: Arc<str>,
    /// The headers to forward.
    pub headers: HeaderMap,
    /// The GraphQL request as JSON: `query`, `operationName`, `variables`.
    pub body: Bytes,
    /// Whether it changes nothing, so that it may be sent again when it is unclear whether it was taken: everything but a
    /// mutation.
    pub is_repeatable: bool,
}

/// What a subgraph answered.
#[derive(Clone, Debug, Default)]
pub struct SubgraphResponse {
    /// Its response headers.
    pub headers: HeaderMap,
    /// The GraphQL response as JSON.
    pub body: Bytes,
}

/// Why a subgraph gave no answer. The texts are shown to clients, so that they name no address.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TransportError {
    /// The subgraph couldn't be reached, or the connection broke.
    #[error("the subgraph can't be reached")]
    Unreachable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// It answered with this HTTP status and no GraphQL response.
    #[error("the subgraph answered with HTTP status {0}")]
    Status(u16),
    /// Its answer is larger than allowed.
    #[error("the subgraph's answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// It didn't answer in time.
    #[error("the subgraph didn't answer in time")]
    TimedOut,
    /// It refused the subscription, or broke graphql-transport-ws.
    #[error("the subgraph ended the subscription: {0}")]
    Subscription(Arc<str>),
    /// This transport can't do what was asked.
    #[error("{0}")]
    Unsupported(Arc<str>),
}

impl TransportError {
    /// The value of `extensions.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) | Self::Status(_) => "SUBREQUEST_HTTP_ERROR",
            Self::TooLarge { .. } => "SUBREQUEST_RESPONSE_TOO_LARGE",
            Self::TimedOut => "SUBREQUEST_TIMEOUT",
            Self::Subscription(_) => "SUBREQUEST_WEBSOCKET_ERROR",
            Self::Unsupported(_) => "SUBREQUEST_UNSUPPORTED",
        }
    }
}
