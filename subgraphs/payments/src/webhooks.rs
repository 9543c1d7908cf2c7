//! `POST /webhooks/stripe` and `POST /webhooks/paypal`.
//!
//! 200 once the webhook is kept (also when it was kept before); 400 for one that isn't the gateway's; 413 for one that is too
//! large to be; 503 when it could be the gateway's and can't be kept or checked now: the gateway calls again.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use lavka_kit::errors::chain;

use crate::desk::Desk;
use crate::gateway::Gateway;
use crate::gateway::notice::BadNotice;
use crate::receive_webhook::Received;

/// Stripe's and PayPal's events have a few kilobytes.
const LARGEST: usize = 256 * 1024;

/// The routes of the gateways that this store takes.
pub fn routes(desk: &Arc<Desk>) -> Router {
    [
        (Gateway::Stripe, "/webhooks/stripe"),
        (Gateway::Paypal, "/webhooks/paypal"),
    ]
    .into_iter()
    .filter(|(gateway, _)| desk.gateways.get(*gateway).is_some())
    .fold(Router::new(), |routes, (gateway, path)| {
        let receive = async move |State(desk): State<Arc<Desk>>, head: HeaderMap, body: Bytes| {
            receive(&desk, gateway, &head, &body).await
        };
        routes.route(path, post(receive))
    })
    .layer(DefaultBodyLimit::max(LARGEST))
    .with_state(desk.clone())
}

async fn receive(desk: &Desk, gateway: Gateway, head: &HeaderMap, body: &[u8]) -> StatusCode {
    match desk.receive_webhook(gateway, head, body).await {
        Ok(Received::Kept) => StatusCode::OK,
        Ok(Received::TurnedAway(BadNotice::CertificateUnreachable(_))) => StatusCode::SERVICE_UNAVAILABLE,
        Ok(Received::TurnedAway(_)) => StatusCode::BAD_REQUEST,
        Ok(Received::NoSuchGateway) => StatusCode::NOT_FOUND,
        Err(error) => {
            tracing::error!(
                gateway = gateway.code(),
                error = chain(&error),
                "a webhook can't be kept"
            );
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
