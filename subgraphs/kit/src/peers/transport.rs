//! How a call reaches a peer.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::BoxFuture;
use crate::locale::Locale;
use crate::subgraph::GraphqlService;
use crate::trace::TRACEPARENT_HEADER;

/// A call on its way.
#[derive(Debug, Clone)]
pub struct PeerRequest {
    /// The caller's service token.
    pub token: String,
    /// The trace that the call belongs to.
    pub traceparent: Option<String>,
    /// The language of the answer.
    pub locale: Option<Locale>,
    /// The GraphQL request as JSON.
    pub body: Bytes,
}

impl PeerRequest {
    /// The headers that carry token and trace.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(locale) = self.locale {
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(locale.pick("ru", "en")));
        }
        if let Ok(mut value) = HeaderValue::try_from(format!("Bearer {}", self.token)) {
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        if let Some(value) = self
            .traceparent
            .as_ref()
            .and_then(|trace| HeaderValue::try_from(trace).ok())
        {
            headers.insert(TRACEPARENT_HEADER, value);
        }
        headers
    }
}

/// The answer didn't come.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// Over HTTP.
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    /// Something answered that the peer is away: a proxy before it, or itself while it starts.
    #[error("it answers {0}")]
    Away(StatusCode),
    /// Anything else; tests use it.
    #[error("{0}")]
    Other(String),
}

/// How a call reaches a peer.
pub trait PeerTransport: Send + Sync + 'static {
    /// Carries a GraphQL request there and its answer back, both JSON.
    fn send(&self, request: PeerRequest) -> BoxFuture<'_, Result<Bytes, TransportError>>;
}

/// A peer in this process.
pub struct InProcessTransport(Arc<dyn GraphqlService>);

impl InProcessTransport {
    /// The peer's service.
    pub fn new(service: Arc<dyn GraphqlService>) -> Self {
        Self(service)
    }
}

impl PeerTransport for InProcessTransport {
    fn send(&self, request: PeerRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        let headers = request.headers();
        Box::pin(async move { Ok(self.0.execute(headers, None, request.body).await.body) })
    }
}

/// A peer behind a URL.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    url: String,
    client: reqwest::Client,
}

impl HttpTransport {
    /// A peer at `http://cart:4003/graphql`, say.
    pub fn new(url: impl Into<String>, client: reqwest::Client) -> Self {
        Self {
            url: url.into(),
            client,
        }
    }
}

impl PeerTransport for HttpTransport {
    fn send(&self, request: PeerRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        Box::pin(async move {
            let call = self
                .client
                .post(&self.url)
                .headers(request.headers())
                .body(request.body);
            let answer = call.send().await?;
            if let StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT =
                answer.status()
            {
                return Err(TransportError::Away(answer.status()));
            }
            // A refused call (401, 400) has its reason in the body, as GraphQL errors.
            Ok(answer.bytes().await?)
        })
    }
}
