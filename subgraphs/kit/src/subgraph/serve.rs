//! A subgraph over HTTP, for `lavka subgraph NAME`: `POST /graphql`, subscriptions over WebSocket on the same path,
//! `/health/live`, `/health/ready`, and the subgraph's own routes.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Extension;
use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use tokio::net::TcpListener;

use super::{Subgraph, websocket};
use crate::health;

/// The largest body that is read. An import of products goes through here; the router has its own limit for clients.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// Serves until `shutdown` resolves; open requests are finished then.
pub async fn serve(
    subgraph: Subgraph,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = routes(subgraph).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(shutdown)
        .await
}

/// The routes alone.
pub fn routes(subgraph: Subgraph) -> Router {
    let public = subgraph.routes.clone();
    Router::new()
        .route("/graphql", any(graphql))
        .route("/health/live", get(StatusCode::OK))
        .route("/health/ready", get(ready))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Arc::new(subgraph))
        .merge(public)
}

async fn graphql(
    State(subgraph): State<Arc<Subgraph>>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    method: Method,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let peer = peer.map(|Extension(ConnectInfo(address))| address.ip());
    if let Ok(upgrade) = upgrade {
        let service = subgraph.service.clone();
        return upgrade
            .protocols([websocket::PROTOCOL])
            .on_upgrade(move |socket| websocket::run(socket, service, headers, peer));
    }
    if method != Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, [("allow", "POST")]).into_response();
    }
    let answer = subgraph.service.execute(headers, peer, body).await;
    let mut response = (answer.status, answer.body).into_response();
    response.headers_mut().extend(answer.headers);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

async fn ready(State(subgraph): State<Arc<Subgraph>>) -> Response {
    let reports = health::check_all(&subgraph.health).await;
    let status = if reports.iter().all(|report| report.problem.is_none()) {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, axum::Json(reports)).into_response()
}
