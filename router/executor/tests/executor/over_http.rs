//! The HTTP transport against servers that the test writes byte by byte.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use lavka_executor::{
    HttpOptions, HttpTransport, SubgraphRequest, SubgraphResponse, Transport, TransportError,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/graphql", listener.local_addr().expect("an address"));
    (listener, url)
}

/// Reads one request: its head and its body.
async fn read_request(stream: &mut TcpStream) -> (String, String) {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")
                    .map(str::to_owned)
            });
            if length.and_then(|length| length.parse().ok()) == Some(body.len()) {
                return (head.to_owned(), body.to_owned());
            }
        }
        let read = stream.read_buf(&mut bytes).await.expect("a request");
        assert!(read > 0, "the request ended early: {text}");
    }
}

fn response(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn request() -> SubgraphRequest {
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer t"));
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("999"));
    SubgraphRequest {
        subgraph: "a".into(),
        headers,
        body: r#"{"query":"{x}"}"#.into(),
        is_repeatable: true,
    }
}

fn transport(url: &str, options: HttpOptions) -> HttpTransport {
    HttpTransport::new([url], options).expect(url)
}

/// What the transport makes of one answer.
async fn when_answered(answer: String, options: HttpOptions) -> Result<SubgraphResponse, TransportError> {
    let (listener, url) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let request = read_request(&mut stream).await;
        stream.write_all(answer.as_bytes()).await.expect("a reader");
        request
    });
    let result = transport(&url, options).fetch(request()).await;
    server.await.expect("no panic");
    result
}

#[tokio::test]
async fn a_connection_is_kept_and_headers_are_ours_where_they_must_be() {
    let (listener, url) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut heads = Vec::new();
        for _ in 0..2 {
            let (head, body) = read_request(&mut stream).await;
            assert_eq!(body, r#"{"query":"{x}"}"#);
            heads.push(head);
            stream
                .write_all(response("200 OK", r#"{"data":{"x":1}}"#).as_bytes())
                .await
                .expect("a reader");
        }
        heads
    });
    let transport = transport(&url, HttpOptions::default());
    for _ in 0..2 {
        let answer = transport.fetch(request()).await.expect("an answer");
        assert_eq!(&answer.body[..], br#"{"data":{"x":1}}"#);
    }
    let heads = server.await.expect("no panic");
    let mut lines: Vec<&str> = heads[0]
        .lines()
        .filter(|line| !line.starts_with("host:"))
        .collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "POST /graphql HTTP/1.1",
            "accept: application/graphql-response+json, application/json;q=0.9",
            "authorization: Bearer t",
            "content-length: 15",
            "content-type: application/json",
        ]
    );
}

#[tokio::test]
async fn an_http_error_counts_only_when_no_graphql_response_came_with_it() {
    let body = r#"{"errors":[{"message":"who are you?","extensions":{"code":"UNAUTHENTICATED"}}]}"#;
    let answer = when_answered(response("401 Unauthorized", body), HttpOptions::default())
        .await
        .expect("a response");
    assert_eq!(answer.body, body);
    for body in ["<html>", "{}", r#"{"message":"no"}"#] {
        let error = when_answered(response("500 Oops", body), HttpOptions::default())
            .await
            .expect_err(body);
        assert!(matches!(error, TransportError::Status(500)), "{error:?}");
        assert_eq!(error.code(), "SUBREQUEST_HTTP_ERROR");
    }
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    let options = HttpOptions {
        response_bytes: 100,
        ..HttpOptions::default()
    };
    let chunk = format!("40\r\n{}\r\n", "x".repeat(64));
    let answer = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}",
        chunk.repeat(100)
    );
    let error = when_answered(answer, options).await.expect_err("too large");
    assert!(
        matches!(error, TransportError::TooLarge { limit: 100 }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_not_even_read() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 104857600\r\n\r\n{\"data\":".to_owned();
    let error = when_answered(answer, HttpOptions::default())
        .await
        .expect_err("too large");
    let limit = HttpOptions::default().response_bytes;
    assert!(
        matches!(error, TransportError::TooLarge { limit: told } if told == limit),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_body_that_does_not_end_in_time_is_given_up() {
    let (listener, url) = listen().await;
    let options = HttpOptions {
        timeout: Duration::from_millis(50),
        ..HttpOptions::default()
    };
    let transport = transport(&url, options);
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_request(&mut stream).await;
        let begun = "HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{\"data\":";
        stream.write_all(begun.as_bytes()).await.expect("a reader");
        // The rest never comes; whoever waited for it hangs up.
        stream.read_u8().await
    });
    let error = transport.fetch(request()).await.expect_err("it never ends");
    assert!(matches!(error, TransportError::TimedOut), "{error:?}");
    let hung_up = server.await.expect("no panic").expect_err("nothing more is sent");
    assert_eq!(hung_up.kind(), std::io::ErrorKind::UnexpectedEof);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"data\":{}}".to_owned();
    let options = HttpOptions {
        retries: 0,
        ..HttpOptions::default()
    };
    let error = when_answered(answer, options)
        .await
        .expect_err("it is half an answer");
    assert!(matches!(error, TransportError::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let (listener, url) = listen().await;
    let transport = transport(
        &url,
        HttpOptions {
            timeout: Duration::from_millis(50),
            ..HttpOptions::default()
        },
    );
    let error = transport.fetch(request()).await.expect_err("nobody answers");
    assert!(matches!(error, TransportError::TimedOut), "{error:?}");
    drop(listener);
}

#[tokio::test]
async fn a_connection_that_breaks_is_an_error_and_the_request_is_not_repeated() {
    let (listener, url) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_request(&mut stream).await;
        drop(stream);
        listener
    });
    let mutation = SubgraphRequest {
        is_repeatable: false,
        ..request()
    };
    let error = transport(&url, HttpOptions::default())
        .fetch(mutation)
        .await
        .expect_err("it broke");
    assert!(matches!(error, TransportError::Unreachable(_)), "{error:?}");
    let listener = server.await.expect("no panic");
    let again = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(again.is_err(), "a mutation must not be sent twice");
}

/// Answers each connection's first request: with these bytes, or by breaking the connection.
async fn answers_in_turn(listener: TcpListener, answers: Vec<Option<String>>) {
    for answer in answers {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_request(&mut stream).await;
        if let Some(answer) = answer {
            stream.write_all(answer.as_bytes()).await.expect("a reader");
        }
    }
}

#[tokio::test]
async fn a_query_is_sent_once_more_when_the_connection_breaks_or_the_subgraph_is_away_for_a_moment() {
    let unavailable = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned();
    let good = response("200 OK", r#"{"data":{"x":1}}"#);
    for first in [None, Some(unavailable)] {
        let (listener, url) = listen().await;
        let server = tokio::spawn(answers_in_turn(listener, vec![first.clone(), Some(good.clone())]));
        let answer = transport(&url, HttpOptions::default()).fetch(request()).await;
        assert_eq!(
            answer.expect("the second time works").body,
            r#"{"data":{"x":1}}"#,
            "{first:?}"
        );
        server.await.expect("no panic");
    }
    let (listener, url) = listen().await;
    let server = tokio::spawn(answers_in_turn(listener, vec![None, None]));
    let error = transport(&url, HttpOptions::default())
        .fetch(request())
        .await
        .expect_err("twice is enough");
    assert!(matches!(error, TransportError::Unreachable(_)), "{error:?}");
    server.await.expect("no panic");
}

/// A mutation may be sent again, too, when nobody can have seen it: the connection was closed while it was idle.
#[tokio::test]
async fn a_connection_that_was_closed_while_idle_is_replaced() {
    let (listener, url) = listen().await;
    let good = response("200 OK", r#"{"data":{"x":1}}"#);
    let server = tokio::spawn(answers_in_turn(listener, vec![Some(good.clone()), Some(good)]));
    let transport = transport(&url, HttpOptions::default());
    for _ in 0..2 {
        let mutation = SubgraphRequest {
            is_repeatable: false,
            ..request()
        };
        assert_eq!(
            transport.fetch(mutation).await.expect("an answer").body,
            r#"{"data":{"x":1}}"#
        );
        // The server closes; its goodbye has arrived before the next request is sent.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }
    server.await.expect("no panic");
}

#[tokio::test]
async fn configured_headers_go_along_instead_of_the_client_s() {
    let (listener, url) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let (head, _) = read_request(&mut stream).await;
        stream
            .write_all(response("200 OK", r#"{"data":null}"#).as_bytes())
            .await
            .expect("a reader");
        head
    });
    let mut headers = HeaderMap::new();
    headers.insert(
        header::AUTHORIZATION,
        HeaderValue::from_static("Bearer of-the-router"),
    );
    let options = HttpOptions {
        headers,
        ..HttpOptions::default()
    };
    transport(&url, options)
        .fetch(request())
        .await
        .expect("an answer");
    let head = server.await.expect("no panic");
    let told: Vec<&str> = head
        .lines()
        .filter(|line| line.starts_with("authorization"))
        .collect();
    assert_eq!(told, ["authorization: Bearer of-the-router"]);
}

#[tokio::test]
async fn when_a_replica_is_down_another_takes_the_request() {
    let (gone, gone_url) = listen().await;
    drop(gone);
    let (listener, url) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        for _ in 0..4 {
            read_request(&mut stream).await;
            stream
                .write_all(response("200 OK", r#"{"data":null}"#).as_bytes())
                .await
                .expect("a reader");
        }
    });
    let transport = HttpTransport::new([gone_url.clone(), url], HttpOptions::default()).expect("two URLs");
    for _ in 0..4 {
        assert_eq!(
            transport.fetch(request()).await.expect("the other answers").body,
            r#"{"data":null}"#
        );
    }
    server.await.expect("no panic");
    let error = transport_to(&gone_url)
        .fetch(request())
        .await
        .expect_err("nobody is left");
    assert!(matches!(error, TransportError::Unreachable(_)), "{error:?}");
}

fn transport_to(url: &str) -> HttpTransport {
    transport(url, HttpOptions::default())
}

#[test]
fn addresses_that_can_not_be_used_are_refused_with_their_reason() {
    for (url, reason) in [
        ("users:4001/graphql", "it is no URL"),
        ("/graphql", "it begins with no scheme, like http://"),
        ("ftp://users/", "it must begin with http:// or https://"),
        ("http://a b/", "it is no URL"),
    ] {
        let error = HttpTransport::new([url], HttpOptions::default())
            .err()
            .expect(url);
        assert_eq!((error.url.as_str(), error.reason.as_str()), (url, reason));
    }
    let none = HttpTransport::new([""; 0], HttpOptions::default())
        .err()
        .expect("no URL");
    assert_eq!(none.reason, "a subgraph needs at least one");
    let wrong = HttpOptions {
        subscription_url: Some("http://a/".into()),
        ..HttpOptions::default()
    };
    let error = HttpTransport::new(["http://a/"], wrong)
        .err()
        .expect("ws is wanted");
    assert_eq!(error.reason, "it must begin with ws:// or wss://");
}
