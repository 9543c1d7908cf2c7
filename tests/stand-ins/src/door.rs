//! A door in front of a program that plays Stripe and is not ours: everything goes through it, and it tells what did.

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::{Asked, localstripe, lock};

/// What is behind the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// Stripe's own mock: nothing is changed on the way.
    StripeMock,
    /// localstripe: what it doesn't know yet is translated.
    Localstripe,
}

/// An open door. It closes when this is dropped.
pub struct Door {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    passed: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

/// The way to the program behind.
#[derive(Clone)]
pub(crate) struct Upstream {
    /// Without a slash at the end.
    base: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Door {
    /// Opens on a free port.
    ///
    /// # Panics
    /// When this computer has no free port.
    pub async fn open(behind: Behind, base: &str) -> Self {
        let listener = match TcpListener::bind("127.0.0.1:0").await {
            Ok(listener) => listener,
            Err(error) => panic!("a free port: {error}"),
        };
        let url = match listener.local_addr() {
            Ok(address) => format!("http://{address}"),
            Err(error) => panic!("an address: {error}"),
        };
        let upstream = Upstream {
            base: base.trim_end_matches('/').to_owned(),
            client: Client::builder(TokioExecutor::new()).build_http(),
        };
        let passed = Arc::<Mutex<Vec<String>>>::default();
        let its_passed = passed.clone();
        let routes = axum::Router::new().fallback(move |request: Request<Body>| {
            let (upstream, passed) = (upstream.clone(), its_passed.clone());
            async move { pass(behind, &upstream, &passed, request).await }
        });
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                eprintln!("a door ended: {error}");
            }
        });
        Self { url, passed, task }
    }

    /// What went through since the last look, and how it was answered: "POST /v1/refunds 200".
    pub fn passed(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.passed))
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(
    behind: Behind,
    upstream: &Upstream,
    passed: &Mutex<Vec<String>>,
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asked = Asked {
        method: parts.method,
        path: parts
            .uri
            .path_and_query()
            .map(ToString::to_string)
            .unwrap_or_default(),
        head: parts.headers,
        body: axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default(),
    };
    let (status, answer) = match behind {
        Behind::StripeMock => upstream.ask(&asked).await,
        Behind::Localstripe => localstripe::answer(upstream, &asked).await,
    };
    let path = asked.path.split('?').next().unwrap_or_default();
    lock(passed).push(format!("{} {path} {}", asked.method, status.as_u16()));
    let mut response = Response::new(Body::from(answer.to_string()));
    *response.status_mut() = status;
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

impl Upstream {
    /// Asks the program behind. What it doesn't answer, or not in JSON, is 502.
    pub async fn ask(&self, asked: &Asked) -> (StatusCode, Value) {
        let answer = self
            .send(&asked.method, &asked.path, &asked.head, asked.body.clone())
            .await;
        match answer {
            Ok(answer) => answer,
            Err(error) => (StatusCode::BAD_GATEWAY, Value::String(error)),
        }
    }

    async fn send(
        &self,
        method: &Method,
        path: &str,
        head: &HeaderMap,
        body: Bytes,
    ) -> Result<(StatusCode, Value), String> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        for (name, value) in head {
            // The new body has a length and the new connection a host of its own.
            if !matches!(
                *name,
                header::HOST | header::CONTENT_LENGTH | header::TRANSFER_ENCODING
            ) {
                request = request.header(name, value);
            }
        }
        let request = request.body(Full::new(body)).map_err(|error| error.to_string())?;
        let answer = self
            .client
            .request(request)
            .await
            .map_err(|error| error.to_string())?;
        let status = answer.status();
        let body = answer
            .into_body()
            .collect()
            .await
            .map_err(|error| error.to_string())?;
        let answer = serde_json::from_slice(&body.to_bytes()).map_err(|error| error.to_string())?;
        Ok((status, answer))
    }
}
