//! Where the public keys come from.

use std::time::Duration;

use crate::BoxFuture;

/// A set of public keys (RFC 7517).
pub type Jwks = jsonwebtoken::jwk::JwkSet;

/// The keys could not be had.
#[derive(Debug, thiserror::Error)]
#[error("get the public keys from {place}")]
pub struct JwksError {
    /// Where we looked.
    pub place: String,
    /// Why it failed.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Where the users service's public keys come from.
pub trait JwksSource: Send + Sync + 'static {
    /// The keys that are good now.
    fn keys(&self) -> BoxFuture<'_, Result<Jwks, JwksError>>;

    /// How long to wait between two askings because of unknown key ids: anybody can make those up.
    fn patience(&self) -> Duration {
        Duration::from_secs(10)
    }
}

struct Closure<F>(F);

impl<F> JwksSource for Closure<F>
where
    F: Fn() -> BoxFuture<'static, Result<Jwks, JwksError>> + Send + Sync + 'static,
{
    fn keys(&self) -> BoxFuture<'_, Result<Jwks, JwksError>> {
        (self.0)()
    }

    fn patience(&self) -> Duration {
        Duration::ZERO
    }
}

/// Keys that are found in this process: asked for whenever a key id is unknown.
pub fn jwks_from<F>(keys: F) -> std::sync::Arc<dyn JwksSource>
where
    F: Fn() -> BoxFuture<'static, Result<Jwks, JwksError>> + Send + Sync + 'static,
{
    std::sync::Arc::new(Closure(keys))
}

/// Keys behind a URL.
#[derive(Debug, Clone)]
pub struct HttpJwks {
    url: String,
    client: reqwest::Client,
}

impl HttpJwks {
    /// Keys at `http://users:4001/.well-known/jwks.json`, say.
    pub fn new(url: impl Into<String>, client: reqwest::Client) -> Self {
        Self {
            url: url.into(),
            client,
        }
    }
}

impl JwksSource for HttpJwks {
    fn keys(&self) -> BoxFuture<'_, Result<Jwks, JwksError>> {
        Box::pin(async {
            let request = self.client.get(&self.url).timeout(Duration::from_secs(5));
            let answer = async { request.send().await?.error_for_status()?.json().await };
            answer.await.map_err(|error: reqwest::Error| JwksError {
                place: self.url.clone(),
                source: error.without_url().into(),
            })
        })
    }
}
