//! What a subgraph answers while it is starting: it may be waiting for a database. It is alive, not ready, and says what for.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use tower::ServiceExt as _;

use crate::health::{HealthReport, Waiting};

/// The routes of a program that opens its door before it is ready. Cloning shares the door.
#[derive(Clone)]
pub struct Starting {
    waiting: Waiting,
    opened: Arc<OnceLock<Router>>,
}

impl Starting {
    /// Not ready, because of what is waited for.
    pub fn new(waiting: Waiting) -> Self {
        Self {
            waiting,
            opened: Arc::default(),
        }
    }

    /// To be served from the beginning.
    pub fn routes(&self) -> Router {
        Router::new().fallback(answer).with_state(self.clone())
    }

    /// From now on these answer.
    pub fn open(&self, routes: Router) {
        // Only the first call counts: nobody starts twice.
        let _ = self.opened.set(routes);
    }
}

async fn answer(State(starting): State<Starting>, request: Request) -> Response {
    let routes = match starting.opened.get() {
        Some(routes) => routes.clone(),
        None => Router::new()
            .route("/health/live", get(StatusCode::OK))
            .fallback(not_ready)
            .with_state(starting),
    };
    match routes.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn not_ready(State(starting): State<Starting>) -> Response {
    let mut reports = starting.waiting.reports();
    if reports.is_empty() {
        reports.push(HealthReport {
            name: "start".to_owned(),
            problem: Some("starting".to_owned()),
        });
    }
    (StatusCode::SERVICE_UNAVAILABLE, axum::Json(reports)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(routes: Router, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).body(axum::body::Body::empty()).unwrap();
        let response = routes.oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn it_is_alive_and_names_what_it_waits_for_until_it_opens() {
        let waiting = Waiting::default();
        let starting = Starting::new(waiting.clone());
        waiting.say("orders: database", "waiting for PostgreSQL: refused".to_owned());
        assert_eq!(ask(starting.routes(), "/health/live").await.0, StatusCode::OK);
        let (status, body) = ask(starting.routes(), "/health/ready").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            body,
            r#"[{"name":"orders: database","problem":"waiting for PostgreSQL: refused"}]"#
        );
        let routes = starting.routes();
        starting.open(Router::new().route("/health/ready", get("open")));
        assert_eq!(
            ask(routes, "/health/ready").await,
            (StatusCode::OK, "open".to_owned())
        );
    }
}
