//! The keys that sign access tokens (Ed25519).
//!
//! A key is published before it signs, for [`AHEAD`]: every verifier has fetched it by then. After its successor has taken
//! over it stays published until the last token that it signed has expired; then it goes. So the published set holds the
//! current key, and for some time the next or the previous one. The first key of all signs at once: nobody can have
//! fetched anything before.
//!
//! All replicas read the same table, and one of them rotates: within a write transaction, after looking again.

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use ed25519_dalek::SigningKey;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, KeyAlgorithm, OctetKeyPairParameters,
    OctetKeyPairType, PublicKeyUse, ThumbprintHash,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use lavka_kit::clock::Clock;
use lavka_kit::ids::Randomness;
use lavka_kit::sql::Database;
use lavka_kit::tokens::{AccessClaims, Jwks};

use crate::config::Config;
use crate::refusal::Fault;
use crate::store::keys::{self, StoredKey};

/// For how long a key is published before it signs.
pub(crate) const AHEAD: TimeDelta = TimeDelta::hours(1);

/// The keys. Cloning shares them.
#[derive(Clone)]
pub(crate) struct SigningKeys {
    shared: Arc<Shared>,
}

struct Shared {
    database: Database,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    /// After how long another key signs.
    rotate: TimeDelta,
    /// For how long a token is good.
    token: TimeDelta,
    /// The newest first.
    keys: RwLock<Arc<Vec<Key>>>,
}

struct Key {
    kid: String,
    active_from: DateTime<Utc>,
    encoding: EncodingKey,
    jwk: Jwk,
}

impl SigningKeys {
    pub(crate) async fn open(
        database: Database,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
        config: &Config,
    ) -> Result<Self, Fault> {
        let shared = Shared {
            database,
            clock,
            randomness,
            rotate: TimeDelta::days(i64::from(config.signing_key_days.max(1))),
            token: TimeDelta::minutes(i64::from(config.access_token_minutes)),
            keys: RwLock::default(),
        };
        let keys = Self {
            shared: Arc::new(shared),
        };
        keys.rotate().await?;
        Ok(keys)
    }

    /// Makes the next key when it is time, drops keys that nobody needs any more, and reads what other replicas have done.
    pub(crate) async fn rotate(&self) -> Result<(), Fault> {
        let shared = &self.shared;
        let now = shared.clock.now();
        let mut stored = keys::all(shared.database.read()).await?;
        if shared.successor_is_due(&stored, now) || !shared.retired(&stored, now).is_empty() {
            let mut tx = shared.database.write().await?;
            tx.lock_name("signing keys").await?;
            stored = keys::all(&mut *tx).await?;
            if shared.successor_is_due(&stored, now) {
                let active_from = if stored.is_empty() { now } else { now + AHEAD };
                keys::insert(&mut tx, &shared.generate(active_from)?, now).await?;
            }
            for kid in shared.retired(&stored, now) {
                keys::delete(&mut tx, &kid).await?;
            }
            stored = keys::all(&mut *tx).await?;
            tx.commit().await?;
        }
        let keys: Vec<Key> = stored.iter().map(Key::read).collect::<Result<_, Fault>>()?;
        *shared.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }

    /// Signs an access token with the current key.
    pub(crate) fn sign(&self, claims: &AccessClaims) -> Result<String, Fault> {
        let now = self.shared.clock.now();
        let keys = self.keys();
        let current = keys
            .iter()
            .find(|key| key.active_from <= now)
            .ok_or("there is no key to sign with")?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(current.kid.clone());
        Ok(jsonwebtoken::encode(&header, claims, &current.encoding)?)
    }

    /// What verifiers need.
    pub(crate) fn jwks(&self) -> Jwks {
        Jwks {
            keys: self.keys().iter().map(|key| key.jwk.clone()).collect(),
        }
    }

    fn keys(&self) -> Arc<Vec<Key>> {
        self.shared
            .keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Shared {
    fn successor_is_due(&self, keys: &[StoredKey], now: DateTime<Utc>) -> bool {
        keys.first()
            .is_none_or(|newest| newest.active_from + self.rotate - AHEAD <= now)
    }

    /// Keys whose successor has been signing for longer than any of their tokens lives.
    fn retired(&self, keys: &[StoredKey], now: DateTime<Utc>) -> Vec<String> {
        let over = |pair: &[StoredKey]| match pair {
            // A minute more for clocks that disagree.
            [newer, older] if newer.active_from + self.token + TimeDelta::minutes(1) <= now => {
                Some(older.kid.clone())
            }
            _ => None,
        };
        keys.windows(2).filter_map(over).collect()
    }

    fn generate(&self, active_from: DateTime<Utc>) -> Result<StoredKey, Fault> {
        let mut seed = [0; 32];
        self.randomness.fill(&mut seed);
        let kid = jwk_of(&seed)?.common.key_id.unwrap_or_default();
        Ok(StoredKey {
            kid,
            private_key: URL_SAFE_NO_PAD.encode(seed),
            active_from,
        })
    }
}

impl Key {
    fn read(stored: &StoredKey) -> Result<Self, Fault> {
        let seed = URL_SAFE_NO_PAD.decode(&stored.private_key).ok();
        let seed: [u8; 32] = seed
            .and_then(|seed| seed.try_into().ok())
            .ok_or_else(|| format!("table signing_key, kid {}: private_key is not a key", stored.kid))?;
        Ok(Self {
            kid: stored.kid.clone(),
            active_from: stored.active_from,
            encoding: EncodingKey::from_ed_der(&pkcs8(&seed)),
            jwk: jwk_of(&seed)?,
        })
    }
}

/// The private key in the only form that the JWT library takes (RFC 8410, 7): a fixed prefix and the seed.
fn pkcs8(seed: &[u8; 32]) -> Vec<u8> {
    const PREFIX: [u8; 16] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ];
    [PREFIX.as_slice(), seed].concat()
}

/// The public half, named by its thumbprint (RFC 7638).
fn jwk_of(seed: &[u8; 32]) -> Result<Jwk, Fault> {
    let public = SigningKey::from_bytes(seed).verifying_key();
    let mut jwk = Jwk {
        common: CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(KeyAlgorithm::EdDSA),
            ..CommonParameters::default()
        },
        algorithm: AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
            key_type: OctetKeyPairType::OctetKeyPair,
            curve: EllipticCurve::Ed25519,
            x: URL_SAFE_NO_PAD.encode(public.as_bytes()),
        }),
    };
    jwk.common.key_id = Some(jwk.thumbprint(ThumbprintHash::SHA256)?);
    Ok(jwk)
}
