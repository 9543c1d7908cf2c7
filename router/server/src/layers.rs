//! What every request passes on its way in and every response on its way out, outermost first. A layer stands where
//! it stands because of its neighbours; the comments say why.

mod body;
mod csrf;
mod origins;
mod rate;

use std::any::Any;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::error_handling::HandleErrorLayer;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::{BoxError, Router};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tokio::sync::Semaphore;
use tokio::time::{Duration, Instant};
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::load_shed::LoadShedLayer;
use tower::timeout::TimeoutLayer;
use tower::{ServiceBuilder, timeout};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate};
use tower_http::compression::{CompressionLayer, DefaultPredicate};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::decompression::RequestDecompressionLayer;
use tracing::error;

use crate::accept::{Accept, Media};
use crate::door::refused;
use crate::gateway::Gateway;
use crate::graphiql;
use crate::head::Head;
use crate::refusal::Refusal;

pub(crate) use body::read as read_body;
pub(crate) use csrf::CsrfCheck;
pub(crate) use origins::Origins;
pub(crate) use rate::RateLimit;

/// Wraps the GraphQL route.
pub(crate) fn wrap(
    routes: Router,
    gateway: &Arc<Gateway>,
    origins: &Origins,
    permits: Arc<Semaphore>,
) -> Router {
    let patience = Duration::from_secs(gateway.config.limits.request_seconds);
    let outer = ServiceBuilder::new()
        // Counts everything, also what the layers below refuse.
        .layer(from_fn_with_state(Arc::clone(gateway), observe))
        // As far out as can be, so that a panic in any layer becomes an answer; inside the counter, to be counted.
        .layer(CatchPanicLayer::custom(panicked))
        // Before anything that may refuse: without these headers a browser hides the refusal from its script.
        .layer(cors(origins))
        // On the way out this is the last that sees the body; streams must not wait in its window.
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("multipart/mixed"))),
        )
        // Turns the errors of the layers below into answers.
        .layer(HandleErrorLayer::new(given_up))
        // Refuses at once what the limit below has no place for, instead of queueing it.
        .layer(LoadShedLayer::new())
        // The same permits that operations over WebSocket take.
        .layer(GlobalConcurrencyLimitLayer::with_semaphore(permits))
        // Inside the limit: its clock runs for requests that are being worked on. Includes reading the body.
        .layer(TimeoutLayer::new(patience))
        // Before the body is read and measured: the limit is for what comes out of the gzip.
        .layer(RequestDecompressionLayer::new().pass_through_unaccepted(true));
    // Two calls, since decompression changes the body's type and a route takes any.
    routes
        .layer(from_fn_with_state(Arc::clone(gateway), admit))
        .layer(outer)
}

async fn observe(State(gateway): State<Arc<Gateway>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let response = next.run(request).await;
    gateway
        .metrics
        .http(response.status().as_u16(), started.elapsed());
    response
}

#[expect(clippy::needless_pass_by_value, reason = "the layer calls it so")]
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let what = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    error!(panic = what, "a request panicked");
    refused(&Refusal::internal(), Media::Json)
}

async fn given_up(error: BoxError) -> Response {
    let refusal = if error.is::<tower::load_shed::error::Overloaded>() {
        Refusal::overloaded()
    } else if error.is::<timeout::error::Elapsed>() {
        Refusal::timeout()
    } else {
        error!(%error, "a layer failed");
        Refusal::internal()
    };
    refused(&refusal, Media::Json)
}

/// What is asked of a request's head before anything of its body is. One layer for all four, since each layer costs every request an
/// allocation or two.
async fn admit(State(gateway): State<Arc<Gateway>>, mut request: Request, next: Next) -> Response {
    // A browser's address bar wants a page, which needs neither token nor protection.
    if let Some(page) = graphiql::page_for_browsers(&gateway, &request) {
        return page;
    }
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip());
    match head(&gateway, peer, request.method(), request.headers()).await {
        // Whoever gets to the door has a head.
        Ok(head) => {
            request.extensions_mut().insert(head);
            next.run(request).await
        }
        Err(refusal) => {
            let media = Accept::of(request.headers()).best(&[Media::Json, Media::GraphqlResponse]);
            refused(&refusal, media.unwrap_or(Media::Json))
        }
    }
}

async fn head(
    gateway: &Gateway,
    peer: Option<IpAddr>,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Head, Refusal> {
    // Both are cheap, and come before the token is verified.
    gateway.csrf.check(method, headers)?;
    let client = match &gateway.rate {
        Some(rate) => {
            let client = rate.client(peer, headers);
            rate.check(client)?;
            client
        }
        None => None,
    };
    Ok(Head {
        caller: gateway.authenticator.identify(headers).await?,
        forward: gateway.headers.forward(headers, peer),
        client,
    })
}

fn cors(origins: &Origins) -> CorsLayer {
    if origins.is_empty() {
        return CorsLayer::new();
    }
    let origins = origins.clone();
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin: &HeaderValue, _| {
            origins.allow(origin)
        }))
        .allow_methods([Method::GET, Method::POST])
        // Cookies rule out wildcards, so the client's own list is mirrored: which headers matter is decided elsewhere.
        .allow_headers(tower_http::cors::AllowHeaders::mirror_request())
        .allow_credentials(true)
        .expose_headers([HeaderName::from_static("traceparent"), header::RETRY_AFTER])
        .max_age(Duration::from_secs(3600))
}
