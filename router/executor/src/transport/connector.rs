//! How a connection comes about: a name is looked up, TCP connects, and TLS is agreed on where the address says https.

use std::sync::Arc;
use std::time::Duration;

use ::http::{Uri, uri::Scheme};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tower_service::Service;

use super::BoxError;

/// A connection, with or without TLS.
pub(super) type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Opens connections. Cheap to clone.
#[derive(Clone)]
pub(super) struct Connector(HttpsConnector<HttpConnector>);

/// What a connector has to do.
#[derive(Clone, Copy)]
pub(super) struct Wish<'o> {
    pub(super) timeout: Duration,
    /// Offer HTTP/2 in the TLS handshake, and nothing else.
    pub(super) http2: bool,
    /// Certificates in PEM form that are trusted beside the machine's own.
    pub(super) trusted: Option<&'o str>,
}

impl Connector {
    /// A connector for these addresses. The machine's certificates are read only if one of them is https.
    pub(super) fn new<'u>(
        addresses: impl IntoIterator<Item = &'u Uri>,
        wish: Wish<'_>,
    ) -> Result<Self, BoxError> {
        let mut http = HttpConnector::new();
        http.set_nodelay(true);
        http.set_connect_timeout(Some(wish.timeout));
        http.enforce_http(false);
        let needs_tls = addresses
            .into_iter()
            .any(|address| address.scheme() == Some(&Scheme::HTTPS) || address.scheme_str() == Some("wss"));
        let roots = match needs_tls {
            true => trusted(wish.trusted)?,
            false => RootCertStore::empty(),
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let builder = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
        let connector = match wish.http2 {
            true => builder.enable_http2().wrap_connector(http),
            false => builder.enable_http1().wrap_connector(http),
        };
        Ok(Self(connector))
    }

    pub(super) async fn open(&self, address: &Uri) -> Result<Stream, BoxError> {
        self.0.clone().call(address.clone()).await
    }

    /// For hyper's own client.
    pub(super) fn into_inner(self) -> HttpsConnector<HttpConnector> {
        self.0
    }
}

fn trusted(more: Option<&str>) -> Result<RootCertStore, BoxError> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(error = %error, "some of the machine's certificates can't be read");
    }
    roots.add_parsable_certificates(found.certs);
    for certificate in more
        .into_iter()
        .flat_map(|pem| CertificateDer::pem_slice_iter(pem.as_bytes()))
    {
        roots.add(certificate?)?;
    }
    match roots.is_empty() {
        true => Err("this machine has no certificates to know servers by, and none were given".into()),
        false => Ok(roots),
    }
}
