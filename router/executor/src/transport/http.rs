//! GraphQL over HTTP with kept connections.

use std::time::Duration;

use ::http::header::{ACCEPT, CONTENT_TYPE};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use http_body_util::Full;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::Instant;

use super::budget::RetryBudget;
use super::connections::{Connections, Failure};
use super::connector::{Connector, Wish};
use super::replicas::{Lease, Replicas};
use super::{SubgraphRequest, SubgraphResponse, Transport, TransportError, receive, ws};
use crate::arena::is_answer;

/// How to speak HTTP with one subgraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpOptions {
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long one request may take, the connection, other replicas and retries included.
    pub timeout: Duration,
    /// The most bytes of a response, and of a subscription's event.
    pub response_bytes: usize,
    /// Speak HTTP/2 at once, without asking: the subgraph must know it.
    pub http2: bool,
    /// How often a request that changes nothing (no mutation) is sent again after a replica failed it.
    pub retries: usize,
    /// Headers that go with every request, instead of the client's own of the same name.
    pub headers: HeaderMap,
    /// Certificates in PEM form that are trusted beside the machine's own, for `https://` addresses.
    pub trusted_certificates: Option<String>,
    /// Where subscriptions go (`ws://…` or `wss://…`), if not to the subgraph's own address.
    pub subscription_url: Option<String>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(2),
            timeout: Duration::from_secs(30),
            response_bytes: 32 << 20,
            http2: false,
            retries: 1,
            headers: HeaderMap::new(),
            trusted_certificates: None,
            subscription_url: None,
        }
    }
}

/// How often an HTTP/2 connection with open requests is asked for a sign of life, and how soon it must come.
const ALIVE_EVERY: Duration = Duration::from_secs(10);
const ALIVE_WITHIN: Duration = Duration::from_secs(5);

/// An address that this transport can't use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{url:?} is no address for a subgraph: {reason}")]
pub struct InvalidUrl {
    /// What was given.
    pub url: String,
    /// Why it can't be used.
    pub reason: String,
}

/// One subgraph over HTTP, on one or several replicas.
pub struct HttpTransport {
    replicas: Replicas,
    client: HttpClient,
    budget: RetryBudget,
    connector: Connector,
    options: HttpOptions,
    /// Instead of the replicas.
    subscriptions: Option<Uri>,
}

enum HttpClient {
    /// HTTP/1.1: for each replica its connections, in the same order.
    Http1(Vec<Connections>),
    /// All requests to a replica share a connection.
    Http2(Box<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>),
}

impl HttpTransport {
    /// Speaks with a subgraph that has these addresses. No connection is made yet.
    pub fn new(
        urls: impl IntoIterator<Item = impl Into<String>>,
        options: HttpOptions,
    ) -> Result<Self, InvalidUrl> {
        let uris: Vec<Uri> = urls
            .into_iter()
            .map(|url| address(url.into(), ["http", "https"]))
            .collect::<Result<_, _>>()?;
        let Some(first) = uris.first() else {
            return Err(InvalidUrl {
                url: String::new(),
                reason: "a subgraph needs at least one".to_owned(),
            });
        };
        let subscriptions = options
            .subscription_url
            .clone()
            .map(|url| address(url, ["ws", "wss"]))
            .transpose()?;
        let wish = Wish {
            timeout: options.connect_timeout,
            http2: options.http2,
            trusted: options.trusted_certificates.as_deref(),
        };
        let connector = |wish| {
            Connector::new(uris.iter().chain(&subscriptions), wish).map_err(|error| InvalidUrl {
                url: first.to_string(),
                reason: format!("TLS can't be used: {error}"),
            })
        };
        let client = match options.http2 {
            true => {
                let client = Client::builder(TokioExecutor::new())
                    .http2_only(true)
                    .pool_timer(TokioTimer::new())
                    // All requests hang on this one connection: one that went dead without a word must be found out.
                    .timer(TokioTimer::new())
                    .http2_keep_alive_interval(ALIVE_EVERY)
                    .http2_keep_alive_timeout(ALIVE_WITHIN)
                    .pool_idle_timeout(Duration::from_secs(60))
                    .build(connector(wish)?.into_inner());
                HttpClient::Http2(Box::new(client))
            }
            false => {
                let connector = connector(wish)?;
                let connections = |uri: &Uri| Connections::new(connector.clone(), uri.clone());
                HttpClient::Http1(uris.iter().map(connections).collect())
            }
        };
        // A WebSocket begins as HTTP/1.1, whatever requests speak.
        let connector = connector(Wish { http2: false, ..wish })?;
        Ok(Self {
            client,
            budget: RetryBudget::default(),
            connector,
            replicas: Replicas::new(uris),
            options,
            subscriptions,
        })
    }

    /// Asks one replica after the other until one takes the request. A request that may have been taken is sent again only
    /// if it changes nothing, and no more often than the options say.
    async fn send(&self, request: SubgraphRequest) -> Result<SubgraphResponse, TransportError> {
        let mut headers = outgoing(&request.headers);
        for (name, value) in &self.options.headers {
            headers.insert(name, value.clone());
        }
        self.budget.deposit();
        let mut tried = Vec::new();
        let mut repeats_left = match request.is_repeatable {
            true => self.options.retries,
            false => 0,
        };
        loop {
            // When all have been tried there may be repeats left: for one replica as for many.
            let picked = self.replicas.pick(&tried, Instant::now());
            let Some(replica) = picked.or_else(|| self.replicas.pick(&[], Instant::now())) else {
                return Err(TransportError::Unsupported("the subgraph has no address".into()));
            };
            tried.push(replica.number());
            let sent = post(replica.uri(), &headers, request.body.clone());
            let (error, was_sent) = match self.ask(&replica, sent).await {
                Ok(response) => match Self::judge(&replica, response) {
                    Ok(answer) => return Ok(answer),
                    Err(error) => (error, true),
                },
                Err(Failure::TooLarge) => {
                    let limit = self.options.response_bytes;
                    return Err(TransportError::TooLarge { limit });
                }
                Err(Failure::Connect(error)) => (TransportError::Unreachable(error.into()), false),
                Err(Failure::Broken(error)) => (TransportError::Unreachable(error.into()), true),
            };
            if matches!(error, TransportError::Unreachable(_)) {
                replica.failed(Instant::now());
            }
            let has_others = tried.len() < self.replicas.count();
            if was_sent || !has_others {
                if repeats_left == 0 || !is_passing(&error) || !self.budget.withdraw() {
                    return Err(error);
                }
                repeats_left -= 1;
            }
            tracing::debug!(subgraph = &*request.subgraph, error = %error, "trying again");
        }
    }

    async fn ask(&self, replica: &Lease, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Failure> {
        let limit = self.options.response_bytes;
        match &self.client {
            HttpClient::Http1(connections) => match connections.get(replica.number()) {
                Some(connections) => connections.ask(request, limit).await,
                None => Err(Failure::Connect("there is no such replica".into())),
            },
            HttpClient::Http2(client) => {
                let response = client
                    .request(request)
                    .await
                    .map_err(|error| match error.is_connect() {
                        true => Failure::Connect(error.into()),
                        false => Failure::Broken(error.into()),
                    })?;
                let (head, body) = response.into_parts();
                let body = receive::whole(body, &head.headers, limit).await?;
                Ok(Response::from_parts(head, body))
            }
        }
    }

    fn judge(replica: &Lease, response: Response<Bytes>) -> Result<SubgraphResponse, TransportError> {
        let (head, body) = response.into_parts();
        match is_out_of_order(head.status) {
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

/// Whether another replica, or the same one a moment later, may do better.
fn is_passing(error: &TransportError) -> bool {
    match error {
        TransportError::Unreachable(_) => true,
        TransportError::Status(status) => StatusCode::from_u16(*status).is_ok_and(is_out_of_order),
        _ => false,
    }
}

fn is_out_of_order(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    )
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
            let mut request = request;
            for (name, value) in &self.options.headers {
                request.headers.insert(name, value.clone());
            }
            if let Some(uri) = &self.subscriptions {
                return ws::open(&self.connector, uri, request, limit).await;
            }
            let mut tried = Vec::new();
            let mut last = TransportError::Unsupported("the subgraph has no address".into());
            while let Some(replica) = self.replicas.pick(&tried, Instant::now()) {
                tried.push(replica.number());
                match ws::open(&self.connector, replica.uri(), request.clone(), limit).await {
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

fn address(url: String, schemes: [&str; 2]) -> Result<Uri, InvalidUrl> {
    let Ok(uri) = url.parse::<Uri>() else {
        return Err(InvalidUrl {
            url,
            reason: "it is no URL".to_owned(),
        });
    };
    let reason = match uri.scheme_str() {
        Some(scheme) if !schemes.contains(&scheme) => {
            format!("it must begin with {}:// or {}://", schemes[0], schemes[1])
        }
        None => format!("it begins with no scheme, like {}://", schemes[0]),
        Some(_) if uri.host().is_none_or(str::is_empty) => "it names no host".to_owned(),
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
