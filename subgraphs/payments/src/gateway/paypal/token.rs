//! PayPal's access token: fetched once, kept until shortly before its end, fetched by one call at a time.

use chrono::{DateTime, Utc};
use lavka_kit::clock::later;
use lavka_kit::config::Secret;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::gateway::GatewayError;
use crate::gateway::wire::Wire;

/// So much earlier than PayPal says a token is taken for expired.
const MARGIN: u64 = 60;

pub(super) struct Tokens {
    client_id: String,
    secret: Secret<String>,
    /// Held while a token is fetched: whoever comes meanwhile gets the same.
    kept: Mutex<Option<Kept>>,
}

#[derive(Clone)]
struct Kept {
    token: Secret<String>,
    until: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: Secret<String>,
    expires_in: u64,
}

impl Tokens {
    pub fn new(client_id: String, secret: Secret<String>) -> Self {
        Self {
            client_id,
            secret,
            kept: Mutex::default(),
        }
    }

    /// A token that is good for now.
    pub async fn get(&self, wire: &Wire) -> Result<Secret<String>, GatewayError> {
        const DOING: &str = "get an access token";
        let mut kept = self.kept.lock().await;
        let now = wire.clock().now();
        if let Some(Kept { token, until }) = &*kept
            && *until > now
        {
            return Ok(token.clone());
        }
        let reply = wire
            .send(DOING, "/v1/oauth2/token", |client, url| {
                client
                    .post(url)
                    .basic_auth(&self.client_id, Some(self.secret.expose()))
                    .form(&[("grant_type", "client_credentials")])
            })
            .await?;
        if !reply.status.is_success() {
            return Err(wire.senseless(DOING, &reply));
        }
        let granted: Granted = wire.read(DOING, &reply)?;
        let lives = std::time::Duration::from_secs(granted.expires_in.saturating_sub(MARGIN));
        let token = granted.access_token.clone();
        *kept = Some(Kept {
            token: granted.access_token,
            until: later(now, lives),
        });
        Ok(token)
    }

    /// PayPal doesn't take this one any more. Where another has taken its place meanwhile, that one stays.
    pub async fn forget(&self, refused: &Secret<String>) {
        let mut kept = self.kept.lock().await;
        if kept
            .as_ref()
            .is_some_and(|it| it.token.expose() == refused.expose())
        {
            *kept = None;
        }
    }
}
