//! A request to the routes, without a network.

use axum::body::Body;
use form_urlencoded::Serializer;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// A client that goes over the network.
pub fn network_client() -> reqwest::Client {
    // Already there is fine, too: tests run side by side.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().build().unwrap()
}

pub struct Request {
    routes: axum::Router,
    request: http::Request<Body>,
}

/// What came back, whole.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Request {
    pub fn post(routes: axum::Router, body: &str) -> Self {
        let request = http::Request::post("/graphql")
            .body(Body::from(body.to_owned()))
            .unwrap();
        Self { routes, request }.header("content-type", "application/json")
    }

    pub fn get(routes: axum::Router, parameters: &[(&str, &str)]) -> Self {
        let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
        let request = http::Request::get(format!("/graphql?{query}"))
            .body(Body::empty())
            .unwrap();
        Self { routes, request }
    }

    pub fn method(mut self, method: &str) -> Self {
        *self.request.method_mut() = method.parse().unwrap();
        self
    }

    pub fn path(mut self, path: &str) -> Self {
        *self.request.uri_mut() = path.parse().unwrap();
        self
    }

    pub fn body(mut self, body: Vec<u8>) -> Self {
        *self.request.body_mut() = Body::from(body);
        self
    }

    /// Replaces the header; an empty value takes it away.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if value.is_empty() {
            self.request.headers_mut().remove(name);
        } else {
            self.request.headers_mut().insert(name, value.parse().unwrap());
        }
        self
    }

    pub fn accept(self, value: &str) -> Self {
        self.header("accept", value)
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub async fn send(self) -> Reply {
        let response = self.routes.oneshot(self.request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).expect("an answer in UTF-8"),
        }
    }
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of the first error.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
