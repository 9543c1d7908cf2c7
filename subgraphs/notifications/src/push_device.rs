//! A browser or an app that can be sent push messages. Nothing is sent yet (no provider can be configured); the
//! addresses are checked and kept, so that they are there when it is.

use async_graphql::Enum;
use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;

/// A device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushDevice {
    /// Its id.
    pub id: Id,
    /// Whose.
    pub user_id: Id,
    /// Where it is.
    pub address: PushAddress,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
}

/// Where push messages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushAddress {
    /// A browser's subscription (RFC 8030, 8291).
    WebPush {
        /// Where to post.
        endpoint: String,
        /// The browser's public key, base64url.
        p256dh: String,
        /// The shared secret, base64url.
        auth: String,
    },
    /// An app's token at Firebase Cloud Messaging.
    Fcm {
        /// The token.
        token: String,
    },
}

/// Who carries push messages to a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "PushDeviceKind")]
pub enum PushProvider {
    /// The browser's own push service.
    WebPush,
    /// Firebase Cloud Messaging.
    Fcm,
}

/// The most devices that a person has; the oldest make room.
pub const MOST: usize = 20;

impl PushAddress {
    /// A browser's subscription, if it is one: an https endpoint, an uncompressed point on P-256, 16 bytes of secret.
    pub fn web_push(endpoint: &str, p256dh: &str, auth: &str) -> Option<Self> {
        let host = endpoint
            .strip_prefix("https://")
            .filter(|rest| !rest.is_empty() && !rest.starts_with('/'))?;
        let plain = host.bytes().all(|byte| byte.is_ascii_graphic());
        let decode = |text: &str| {
            URL_SAFE_NO_PAD
                .decode(text)
                .or_else(|_| URL_SAFE.decode(text))
                .ok()
        };
        let key = decode(p256dh).filter(|key| key.len() == 65 && key.first() == Some(&4));
        let secret = decode(auth).filter(|secret| secret.len() == 16);
        (plain && endpoint.len() <= 2_048 && key.is_some() && secret.is_some()).then(|| Self::WebPush {
            endpoint: endpoint.to_owned(),
            p256dh: p256dh.to_owned(),
            auth: auth.to_owned(),
        })
    }

    /// An app's token, if it can be one.
    pub fn fcm(token: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-');
        ((20..=4_096).contains(&token.len()) && token.bytes().all(plain)).then(|| Self::Fcm {
            token: token.to_owned(),
        })
    }

    /// Who carries messages there.
    pub const fn provider(&self) -> PushProvider {
        match self {
            Self::WebPush { .. } => PushProvider::WebPush,
            Self::Fcm { .. } => PushProvider::Fcm,
        }
    }

    /// What makes the device one.
    pub fn address(&self) -> &str {
        match self {
            Self::WebPush { endpoint, .. } => endpoint,
            Self::Fcm { token } => token,
        }
    }
}

impl PushProvider {
    /// As SQL writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WebPush => "WEB_PUSH",
            Self::Fcm => "FCM",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_sent_to_is_taken() {
        let key = URL_SAFE_NO_PAD.encode([&[4_u8][..], &[7; 64]].concat());
        let secret = URL_SAFE_NO_PAD.encode([1_u8; 16]);
        let web = |endpoint, key: &str, secret: &str| PushAddress::web_push(endpoint, key, secret).is_some();
        assert!(web("https://push.example/abc", &key, &secret));
        for endpoint in [
            "http://push.example/abc",
            "https://",
            "https:///abc",
            "push",
            "https://a b",
        ] {
            assert!(!web(endpoint, &key, &secret), "{endpoint}");
        }
        assert!(!web("https://push.example/abc", &secret, &secret));
        assert!(!web("https://push.example/abc", &key, "AAAA"));
        assert!(PushAddress::fcm("fG8:APA91b-abc_DEF0123456789").is_some());
        assert_eq!(PushAddress::fcm("short"), None);
        assert_eq!(PushAddress::fcm("with spaces in a long token"), None);
    }
}
