//! Where public keys come from: a JSON Web Key Set (RFC 7517) as text.

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

/// Why keys could not be read.
pub type JwksError = Box<dyn Error + Send + Sync>;

/// A place that publishes keys. The router reads it at the first token, when what it read has grown old, and when a
/// token names a key that it hasn't seen.
///
/// A closure that returns a future of the JSON text is a source, too.
pub trait JwksSource: Send + Sync + 'static {
    /// The key set now in force, as JSON: `{"keys": […]}`.
    fn fetch(&self) -> BoxFuture<'_, Result<String, JwksError>>;
}

impl<F, Fut> JwksSource for F
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<String, JwksError>> + Send + 'static,
{
    fn fetch(&self) -> BoxFuture<'_, Result<String, JwksError>> {
        self().boxed()
    }
}

/// Keys that never change while the router runs.
#[derive(Clone, Debug)]
pub struct FixedJwks(String);

impl FixedJwks {
    /// Takes the JSON text of a key set.
    pub fn new(json: impl Into<String>) -> Self {
        Self(json.into())
    }
}

impl JwksSource for FixedJwks {
    fn fetch(&self) -> BoxFuture<'_, Result<String, JwksError>> {
        std::future::ready(Ok(self.0.clone())).boxed()
    }
}

/// A builder of HTTP clients. reqwest is built without cryptography of its own (its default compiles a C library): ring serves,
/// unless whoever embeds the router has chosen something else before.
fn client() -> reqwest::ClientBuilder {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error means that somebody was faster: then there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    reqwest::Client::builder()
}

/// Keys behind a URL such as `http://users:4001/.well-known/jwks.json`.
#[derive(Clone, Debug)]
pub struct UrlJwks {
    url: reqwest::Url,
    client: reqwest::Client,
}

/// A key set is small; whatever is longer isn't one.
const MOST_BYTES: usize = 256 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);

impl UrlJwks {
    /// Reads nothing yet; the error is about the URL's form.
    pub fn new(url: &str) -> Result<Self, JwksError> {
        let url = reqwest::Url::parse(url).map_err(|error| format!("`{url}` is not a URL: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("`{url}`: keys are read by http or https").into());
        }
        let client = client().timeout(PATIENCE).build()?;
        Ok(Self { url, client })
    }
}

impl JwksSource for UrlJwks {
    fn fetch(&self) -> BoxFuture<'_, Result<String, JwksError>> {
        async move {
            let mut response = self
                .client
                .get(self.url.clone())
                .send()
                .await?
                .error_for_status()?;
            let mut body = Vec::new();
            while let Some(chunk) = response.chunk().await? {
                body.extend_from_slice(&chunk);
                if body.len() > MOST_BYTES {
                    return Err(format!("{}: more than {MOST_BYTES} bytes", self.url).into());
                }
            }
            Ok(String::from_utf8(body)?)
        }
        .boxed()
    }
}
