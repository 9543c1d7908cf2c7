//! The HTTP transport over TLS. The certificate beside this file is for `localhost` and for these tests only.

use std::sync::Arc;

use http::HeaderMap;
use lavka_executor::{HttpOptions, HttpTransport, SubgraphRequest, Transport, TransportError};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const CERTIFICATE: &str = include_str!("tls/certificate.pem");
const KEY: &str = include_str!("tls/key.pem");

/// Answers one request on one connection, if the handshake comes that far.
async fn server() -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).expect("a key");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions that ring knows")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("they belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        let Ok(mut stream) = acceptor.accept(stream).await else {
            return;
        };
        let mut request = Vec::new();
        while !request.ends_with(b"{x}\"}") {
            stream.read_buf(&mut request).await.expect("a request");
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"data\":{\"x\":1}}";
        stream.write_all(answer).await.expect("a reader");
        stream.shutdown().await.expect("a reader");
    });
    format!("https://localhost:{port}/graphql")
}

fn request() -> SubgraphRequest {
    SubgraphRequest {
        subgraph: "a".into(),
        headers: HeaderMap::new(),
        body: r#"{"query":"{x}"}"#.into(),
        is_repeatable: true,
    }
}

#[tokio::test]
async fn a_subgraph_behind_a_certificate_of_one_s_own_is_asked() {
    let options = HttpOptions {
        trusted_certificates: Some(CERTIFICATE.to_owned()),
        ..HttpOptions::default()
    };
    let transport = HttpTransport::new([server().await], options).expect("an address");
    let answer = transport.fetch(request()).await.expect("an answer");
    assert_eq!(answer.body, r#"{"data":{"x":1}}"#);
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_refused() {
    let options = HttpOptions {
        retries: 0,
        ..HttpOptions::default()
    };
    let transport = match HttpTransport::new([server().await], options) {
        Ok(transport) => transport,
        // A machine without any certificates says so at once.
        Err(error) => {
            assert!(error.reason.contains("no certificates"), "{error}");
            return;
        }
    };
    let error = transport.fetch(request()).await.expect_err("a stranger");
    assert!(matches!(error, TransportError::Unreachable(_)), "{error:?}");
}
