//! Stripe and PayPal for tests, on a free port of this computer.
//!
//! Built from the published APIs: they keep state, are exact about what they are sent (keys, headers, amounts; whatever is wrong
//! is answered as the real ones do, and [`Server::complaints`] tells a test of it), sign their webhooks, and misbehave when told
//! to: see [`Fault`]. Others play Stripe too, stripe-mock and localstripe; a test goes to them through a [`Door`](door::Door).

pub mod door;
mod localstripe;
pub mod paypal;
pub mod stripe;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use paypal::Paypal;
pub use stripe::Stripe;

/// What goes wrong with the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It does what it is asked, and the connection breaks before the answer is through.
    AnswerLost,
    /// It does nothing and answers 500.
    Error,
    /// It does nothing; a proxy in front of it answers with a page, status 502.
    HtmlPage,
    /// It does what it is asked, and answers with a page, status 200.
    HtmlInstead,
    /// Too many requests.
    Busy,
    /// It answers with one more than it was asked for.
    OtherAmount,
    /// It answers in a currency that nobody asked for.
    OtherCurrency,
    /// It does nothing and refuses, and every word of its refusal is the request as it came, its head too.
    EchoRefusal,
    /// It does nothing; the request as it came stands on a proxy's page, status 502.
    EchoPage,
    /// It does nothing; status 200, and the request as it came where numbers and names should be.
    EchoInstead,
}

/// One request, as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: Method,
    /// With its query.
    pub path: String,
    pub head: HeaderMap,
    pub body: Bytes,
}

/// What both stand-ins have.
#[derive(Default)]
pub struct Log {
    faults: VecDeque<Fault>,
    asked: Vec<Asked>,
    complaints: Vec<String>,
}

/// A running stand-in. It ends when this is dropped.
pub struct Server<S> {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    pub state: Arc<Mutex<S>>,
    log: Arc<Mutex<Log>>,
    task: JoinHandle<()>,
}

/// A JSON answer.
pub type Answer = (StatusCode, Value);

/// What a gateway answers to a request.
pub trait Api: Send + 'static {
    /// The answer; whether it only repeats an earlier one.
    fn answer(&mut self, asked: &Asked, complaints: &mut Vec<String>) -> (Answer, bool);
    /// An answer that isn't JSON: a certificate.
    fn text(&self, _path: &str) -> Option<String> {
        None
    }
    /// Tampers with an answer.
    fn falsify(answer: &mut Value, fault: Fault);
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<S: Api> Server<S> {
    /// Starts on a free port. `make` gets the address.
    ///
    /// # Panics
    /// When this computer has no free port.
    pub async fn start(make: impl FnOnce(&str) -> S) -> Self {
        let listener = match TcpListener::bind("127.0.0.1:0").await {
            Ok(listener) => listener,
            Err(error) => panic!("a free port: {error}"),
        };
        let url = match listener.local_addr() {
            Ok(address) => format!("http://{address}"),
            Err(error) => panic!("an address: {error}"),
        };
        let state = Arc::new(Mutex::new(make(&url)));
        let log = Arc::new(Mutex::new(Log::default()));
        let (its_state, its_log) = (state.clone(), log.clone());
        let routes = axum::Router::new().fallback(move |request: Request<Body>| {
            let (state, log) = (its_state.clone(), its_log.clone());
            async move { serve(&state, &log, request).await }
        });
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                eprintln!("a stand-in ended: {error}");
            }
        });
        Self {
            url,
            state,
            log,
            task,
        }
    }

    /// The next requests go wrong like this.
    pub fn spoil(&self, faults: &[Fault]) {
        lock(&self.log).faults.extend(faults);
    }

    /// What it was asked since the last look: "POST /v1/refunds".
    pub fn asked(&self) -> Vec<String> {
        let asked = std::mem::take(&mut lock(&self.log).asked);
        asked
            .iter()
            .map(|asked| format!("{} {}", asked.method, asked.path))
            .collect()
    }

    /// The requests since the last look, whole.
    pub fn requests(&self) -> Vec<Asked> {
        std::mem::take(&mut lock(&self.log).asked)
    }

    /// What was wrong with the requests so far.
    pub fn complaints(&self) -> Vec<String> {
        lock(&self.log).complaints.clone()
    }

    /// Looks at the state, or changes it.
    pub fn with<T>(&self, look: impl FnOnce(&mut S) -> T) -> T {
        look(&mut lock(&self.state))
    }
}

impl<S> Drop for Server<S> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A card that stands in echoes.
pub const CARD: &str = "4242424242424242";

const PAGE: &str = "<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>";

async fn serve<S: Api>(state: &Mutex<S>, log: &Mutex<Log>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let path = parts
        .uri
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_default();
    if let Some(text) = lock(state).text(&path) {
        return text.into_response();
    }
    let asked = Asked {
        method: parts.method,
        path,
        head: parts.headers,
        body,
    };
    let fault = {
        let mut log = lock(log);
        log.asked.push(asked.clone());
        log.faults.pop_front()
    };
    let html = [("content-type", "text/html")];
    match fault {
        Some(Fault::Error) => {
            let body = axum::Json(
                serde_json::json!({ "error": { "type": "api_error" }, "name": "INTERNAL_SERVER_ERROR" }),
            );
            return (StatusCode::INTERNAL_SERVER_ERROR, body).into_response();
        }
        Some(Fault::HtmlPage) => return (StatusCode::BAD_GATEWAY, html, PAGE).into_response(),
        Some(fault @ (Fault::EchoRefusal | Fault::EchoPage | Fault::EchoInstead)) => {
            return echo(&asked, fault);
        }
        Some(Fault::Busy) => return (StatusCode::TOO_MANY_REQUESTS, axum::Json(Value::Null)).into_response(),
        _ => {}
    }
    let ((status, mut answer), replayed) = {
        let mut complaints = Vec::new();
        let answered = lock(state).answer(&asked, &mut complaints);
        lock(log).complaints.extend(complaints);
        answered
    };
    match fault {
        Some(Fault::AnswerLost) => {
            let broken = futures_util::stream::iter([
                Ok(Bytes::from_static(b"{")),
                Err(std::io::Error::other("the line is cut")),
            ]);
            return (status, Body::from_stream(broken)).into_response();
        }
        Some(Fault::HtmlInstead) => return (StatusCode::OK, html, PAGE).into_response(),
        Some(fault) => S::falsify(&mut answer, fault),
        None => {}
    }
    let mut response = (status, axum::Json(answer)).into_response();
    if replayed {
        let yes = axum::http::HeaderValue::from_static("true");
        response.headers_mut().insert("idempotent-replayed", yes);
    }
    response
}

/// What gateways do in their worst moments: they repeat what they were sent, and a card that they know of.
fn echo(asked: &Asked, fault: Fault) -> Response {
    let body = String::from_utf8_lossy(&asked.body);
    let all = format!(
        "{} {} {:?} {body} card[number]={CARD}",
        asked.method,
        asked.path,
        plainly(&asked.head)
    );
    match fault {
        Fault::EchoPage => (StatusCode::BAD_GATEWAY, [("content-type", "text/html")], all).into_response(),
        Fault::EchoInstead => {
            let answer = serde_json::json!({ "id": all, "status": all, "currency": all, "amount": all, "access_token": [all],
                "expires_in": all, "data": all, "purchase_units": all });
            (StatusCode::OK, axum::Json(answer)).into_response()
        }
        _ => {
            let error = serde_json::json!({ "type": all, "code": all, "message": all });
            let answer = serde_json::json!({ "error": error, "name": all, "message": all, "details": [{ "issue": all }] });
            (StatusCode::BAD_REQUEST, axum::Json(answer)).into_response()
        }
    }
}

/// Headers as they are on the wire, without what `Debug` hides.
fn plainly(head: &HeaderMap) -> Vec<(String, String)> {
    head.iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}

pub(crate) fn header<'a>(asked: &'a Asked, name: &str) -> &'a str {
    asked
        .head
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
