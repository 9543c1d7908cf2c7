//! GraphQL over HTTP with kept connections.

use std::sync::Arc;
use std::time::Duration;

use ::http::header::{ACCEPT, CONTENT_TYPE};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header, uri::Scheme};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::Instant;

use super::replicas::{Lease, Replicas};
use super::{SubgraphRequest, SubgraphResponse, Transport, TransportError, ws};
use crate::arena::is_answer;

/// How to speak HTTP with one subgraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpOptions {
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long one request may take, the connection and other replicas included.
    pub timeout: Duration,
    /// The most bytes of a response, and of a subscription's event.
    pub response_bytes: usize,
    /// Speak HTTP/2 at once, without asking: the subgraph must know it.
    pub http2: bool,
    /// Where subscriptions go (`ws://…`), if not to the subgraph's own address.
    pub subscription_url: Option<String>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(2),
            timeout: Duration::from_secs(30),
            response_bytes: 32 << 20,
            http2: false,
            subscription_url: None,
        }
    }
}

/// An address that this transport can't use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{url:?} is no address for a subgraph: {reason}")]
pub struct InvalidUrl {
    /// What was given.
    pub url: String,
    /// Why it can't be used.
    pub reason: &'static str,
}

/// One subgraph over HTTP, on one or several replicas.
pub struct HttpTransport {
    client: Client<HttpConnector, Full<Bytes>>,
    replicas: Replicas,
    options: HttpOptions,
    /// Instead of the replicas.
    subscriptions: Option<Uri>,
}

impl HttpTransport {
    /// Speaks with a subgraph that has these addresses. No connection is made yet.
    pub fn new(
        urls: impl IntoIterator<Item = impl Into<String>>,
        options: HttpOptions,
    ) -> Result<Self, InvalidUrl> {
        let uris: Vec<Uri> = urls
            .into_iter()
            .map(|url| address(url.into(), &Scheme::HTTP))
            .collect::<Result<_, _>>()?;
        if uris.is_empty() {
            return Err(InvalidUrl {
                url: String::new(),
                reason: "a subgraph needs at least one",
            });
        }
        let websocket = Scheme::try_from("ws").unwrap_or(Scheme::HTTP);
        let subscriptions = options
            .subscription_url
            .clone()
            .map(|url| address(url, &websocket))
            .transpose()?;
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(options.connect_timeout));
        let client = Client::builder(TokioExecutor::new())
            .http2_only(options.http2)
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(60))
            .build(connector);
        Ok(Self {
            client,
            replicas: Replicas::new(uris),
            options,
            subscriptions,
        })
    }

    /// Asks one replica after the other until one takes the request. A request that may have been taken is never sent
    /// again: it may be a mutation.
    async fn send(&self, request: SubgraphRequest) -> Result<SubgraphResponse, TransportError> {
        let headers = outgoing(&request.headers);
        let mut tried = Vec::new();
        let mut last = TransportError::Unsupported("the subgraph has no address".into());
        while let Some(replica) = self.replicas.pick(&tried, Instant::now()) {
            tried.push(replica.number());
            let sent = post(replica.uri(), &headers, request.body.clone());
            match self.client.request(sent).await {
                Ok(response) => return self.receive(&replica, response).await,
                Err(error) => {
                    replica.failed(Instant::now());
                    let may_try_another = error.is_connect();
                    last = TransportError::Unreachable(Arc::new(error));
                    if !may_try_another {
                        break;
                    }
                }
            }
        }
        Err(last)
    }

    async fn receive(
        &self,
        replica: &Lease,
        response: ::http::Response<hyper::body::Incoming>,
    ) -> Result<SubgraphResponse, TransportError> {
        let (head, body) = response.into_parts();
        let limit = self.options.response_bytes;
        let body = match Limited::new(body, limit).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => return Err(TransportError::TooLarge { limit }),
            Err(error) => {
                replica.failed(Instant::now());
                return Err(TransportError::Unreachable(error.into()));
            }
        };
        let is_out_of_order = matches!(
            head.status,
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
        );
        match is_out_of_order {
            true => replica.failed(Instant::now()),
            false => replica.works(),
        }
        // GraphQL over HTTP gives errors other statuses too: what counts is whether a GraphQL response came with it.
        if !head.status.is_success() && !is_answer(&body) {
            return Err(TransportError::Status(head.status.as_u16()));
        }
        Ok(SubgraphResponse {
            headers: head.headers,
            body,
        })
    }
}

impl Transport for HttpTransport {
    fn fetch(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<SubgraphResponse, TransportError>> {
        Box::pin(async move {
            tokio::time::timeout(self.options.timeout, self.send(request))
                .await
                .unwrap_or(Err(TransportError::TimedOut))
        })
    }

    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>> {
        Box::pin(async move {
            let limit = self.options.response_bytes;
            if let Some(uri) = &self.subscriptions {
                return ws::open(uri, request, limit).await;
            }
            let mut tried = Vec::new();
            let mut last = TransportError::Unsupported("the subgraph has no address".into());
            while let Some(replica) = self.replicas.pick(&tried, Instant::now()) {
                tried.push(replica.number());
                match ws::open(replica.uri(), request.clone(), limit).await {
                    Err(error @ TransportError::Unreachable(_)) => {
                        replica.failed(Instant::now());
                        last = error;
                    }
                    opened => return opened,
                }
            }
            Err(last)
        })
    }
}

fn address(url: String, wanted: &Scheme) -> Result<Uri, InvalidUrl> {
    let uri = match url.parse::<Uri>() {
        Ok(uri) => uri,
        Err(_) => {
            return Err(InvalidUrl {
                url,
                reason: "it is no URL",
            });
        }
    };
    let reason = match uri.scheme_str() {
        Some("https" | "wss") => "TLS to subgraphs isn't supported yet; put a proxy between, or use http",
        Some(scheme) if scheme != wanted.as_str() => "it begins with the wrong scheme",
        None => "it begins with no scheme, like http://",
        Some(_) if uri.host().is_none_or(str::is_empty) => "it names no host",
        Some(_) => return Ok(uri),
    };
    Err(InvalidUrl { url, reason })
}

/// What belongs to the connection with the client, or is ours to say, isn't forwarded.
pub(super) fn outgoing(headers: &HeaderMap) -> HeaderMap {
    const OURS: [HeaderName; 12] = [
        header::ACCEPT,
        header::ACCEPT_ENCODING,
        header::CONNECTION,
        header::CONTENT_ENCODING,
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
        header::EXPECT,
        header::HOST,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
    ];
    let mut headers = headers.clone();
    for name in OURS {
        headers.remove(name);
    }
    headers
}

fn post(uri: &Uri, headers: &HeaderMap, body: Bytes) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri.clone();
    *request.headers_mut() = headers.clone();
    request
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request.headers_mut().insert(
        ACCEPT,
        HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9"),
    );
    request
}
