//! What clients reach beside GraphQL, where the services are processes of their own: pictures, webhooks, keys. Each path belongs to
//! one service, and the router, which is the only door, hands its requests through.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;

/// Paths, and whose they are.
const DOORS: [(&str, &str); 6] = [
    ("/media/{*path}", "catalog"),
    ("/.well-known/jwks.json", "users"),
    ("/webhooks/{*path}", "payments"),
    ("/sandbox/{*path}", "payments"),
    ("/dev/mail", "notifications"),
    ("/dev/mail/{*path}", "notifications"),
];
/// The largest body that is handed through: a webhook's.
const MAX_BODY: usize = 1024 * 1024;
/// What is between two neighbours and goes no further.
const HOP_BY_HOP: [&str; 6] = [
    "connection",
    "host",
    "content-length",
    "transfer-encoding",
    "te",
    "upgrade",
];

struct Service {
    /// Where its replicas are: `http://host:port`.
    origins: Vec<reqwest::Url>,
    turn: AtomicUsize,
    client: reqwest::Client,
}

/// The routes to those services that are there.
///
/// # Errors
/// When there is no HTTP client to be had.
pub fn routes(replicas: &BTreeMap<String, Vec<String>>) -> Result<axum::Router> {
    // Where a service sends somebody to is for them to follow.
    let client = lavka_kit::tls::http_client()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .context("set up an HTTP client")?;
    let mut routes = axum::Router::new();
    for (path, name) in DOORS {
        let Some(urls) = replicas.get(name) else { continue };
        let service = Service {
            origins: urls
                .iter()
                .filter_map(|it| reqwest::Url::parse(it).ok())
                .collect(),
            turn: AtomicUsize::new(0),
            client: client.clone(),
        };
        routes = routes.route(path, any(hand_through).with_state(Arc::new(service)));
    }
    Ok(routes)
}

async fn hand_through(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let turn = service.turn.fetch_add(1, Ordering::Relaxed);
    // A replica that doesn't answer is passed over; one that does has the say.
    for at in 0..service.origins.len() {
        let mut url = service.origins[(turn + at) % service.origins.len()].clone();
        url.set_path(head.uri.path());
        url.set_query(head.uri.query());
        let mut headers = head.headers.clone();
        for name in HOP_BY_HOP {
            headers.remove(name);
        }
        let sent = service
            .client
            .request(head.method.clone(), url)
            .headers(headers)
            .body(body.clone());
        match sent.send().await {
            Ok(answer) => return answered(answer),
            Err(error) if error.is_connect() => continue,
            Err(error) => {
                tracing::warn!(
                    path = head.uri.path(),
                    error = lavka_kit::errors::chain(&error),
                    "no answer"
                );
                break;
            }
        }
    }
    StatusCode::BAD_GATEWAY.into_response()
}

fn answered(answer: reqwest::Response) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    for (name, value) in answer.headers() {
        if !HOP_BY_HOP.contains(&name.as_str()) {
            response.headers_mut().append(name, value.clone());
        }
    }
    *response.body_mut() = Body::from_stream(answer.bytes_stream());
    response
}
