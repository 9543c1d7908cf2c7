//! The HTTP transport over HTTP/2, against hyper's server.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use lavka_executor::{HttpOptions, HttpTransport, SubgraphRequest, Transport, TransportError};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::sync::Barrier;

/// A subgraph that speaks HTTP/2 without TLS.
struct Subgraph {
    url: String,
    connections: Arc<AtomicUsize>,
}

impl Subgraph {
    /// Answers each request with this body, once so many of them are there.
    async fn start(body: &'static str, at_once: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/graphql", listener.local_addr().expect("an address"));
        let connections = Arc::new(AtomicUsize::new(0));
        let (count, barrier) = (connections.clone(), Arc::new(Barrier::new(at_once)));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                count.fetch_add(1, Ordering::Relaxed);
                let barrier = barrier.clone();
                let answer = service_fn(move |request: Request<Incoming>| {
                    let barrier = barrier.clone();
                    async move {
                        assert_eq!(request.version(), Version::HTTP_2);
                        assert_eq!(request.headers()["content-type"], "application/json");
                        assert!(!request.headers().contains_key("connection"));
                        let sent = request.into_body().collect().await.expect("a body").to_bytes();
                        assert_eq!(sent, r#"{"query":"{x}"}"#);
                        barrier.wait().await;
                        Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(body.as_bytes()))))
                    }
                });
                let serving =
                    http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), answer);
                tokio::spawn(serving);
            }
        });
        Self { url, connections }
    }

    fn transport(&self, options: HttpOptions) -> HttpTransport {
        HttpTransport::new([self.url.as_str()], options).expect("an address")
    }
}

fn http2() -> HttpOptions {
    HttpOptions {
        http2: true,
        ..HttpOptions::default()
    }
}

fn request() -> SubgraphRequest {
    let mut headers = HeaderMap::new();
    headers.insert(http::header::CONNECTION, http::HeaderValue::from_static("close"));
    SubgraphRequest {
        subgraph: "a".into(),
        headers,
        body: r#"{"query":"{x}"}"#.into(),
        is_repeatable: true,
    }
}

/// None of the three is answered before all are there.
#[tokio::test]
async fn requests_share_one_connection_at_the_same_time() {
    let subgraph = Subgraph::start(r#"{"data":{"x":1}}"#, 3).await;
    let transport = subgraph.transport(http2());
    let first = transport.fetch(request());
    let (one, two, three) = tokio::join!(first, transport.fetch(request()), transport.fetch(request()));
    for answer in [one, two, three] {
        assert_eq!(answer.expect("an answer").body, r#"{"data":{"x":1}}"#);
    }
    assert_eq!(subgraph.connections.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_refused() {
    let subgraph = Subgraph::start(r#"{"data":{"x":"far too long"}}"#, 1).await;
    let transport = subgraph.transport(HttpOptions {
        response_bytes: 10,
        ..http2()
    });
    let answer = transport.fetch(request()).await;
    assert!(
        matches!(answer, Err(TransportError::TooLarge { limit: 10 })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_subgraph_that_knows_only_http_1_is_an_error_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/graphql", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move {
        // As servers of HTTP/1.1 do with what they can't read: they close.
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut preface = [0; 24];
        stream.read_exact(&mut preface).await.expect("a preface");
        assert_eq!(&preface, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    });
    let options = HttpOptions {
        retries: 0,
        ..http2()
    };
    let answer = HttpTransport::new([url], options)
        .expect("an address")
        .fetch(request())
        .await;
    assert!(
        matches!(answer, Err(TransportError::Unreachable(_))),
        "{answer:?}"
    );
    server.await.expect("no panic");
}

#[tokio::test]
async fn nobody_there_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/graphql", listener.local_addr().expect("an address"));
    drop(listener);
    let answer = HttpTransport::new([url], http2())
        .expect("an address")
        .fetch(request())
        .await;
    assert!(
        matches!(answer, Err(TransportError::Unreachable(_))),
        "{answer:?}"
    );
}
