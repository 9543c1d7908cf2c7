use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::*;
use crate::auth::jwks::JwksError;

/// An issuer of tokens: its key set, and how often somebody read it.
#[derive(Clone, Default)]
struct Issuer(Arc<Mutex<Published>>);

#[derive(Default)]
struct Published {
    keys: Vec<Value>,
    down: bool,
    reads: usize,
}

impl JwksSource for Issuer {
    fn fetch(&self) -> BoxFuture<'_, Result<String, JwksError>> {
        let mut published = self.0.lock().unwrap();
        published.reads += 1;
        let answer = if published.down {
            Err("connection refused".into())
        } else {
            Ok(json!({"keys": published.keys}).to_string())
        };
        std::future::ready(answer).boxed()
    }
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn token(seed: u8, header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", encoded(header), encoded(claims));
    let signature = URL_SAFE_NO_PAD.encode(key(seed).sign(signed.as_bytes()).to_bytes());
    format!("{signed}.{signature}")
}

impl Issuer {
    fn publishing(seeds: &[u8]) -> Self {
        let issuer = Self::default();
        issuer.publish(seeds);
        issuer
    }

    fn publish(&self, seeds: &[u8]) {
        let jwk = |seed: &u8| {
            let x = URL_SAFE_NO_PAD.encode(key(*seed).verifying_key().as_bytes());
            json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": seed.to_string(), "x": x})
        };
        // What nobody here understands must not spoil the set.
        let strange = json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "…"});
        self.0.lock().unwrap().keys = std::iter::once(strange).chain(seeds.iter().map(jwk)).collect();
    }

    fn token(&self, seed: u8, claims: &Value) -> String {
        token(
            seed,
            &json!({"alg": "EdDSA", "typ": "JWT", "kid": seed.to_string()}),
            claims,
        )
    }

    fn verifier(&self, config: &Tokens, now: &Arc<AtomicU64>) -> TokenVerifier {
        let now = Arc::clone(now);
        TokenVerifier::new(
            Arc::new(self.clone()),
            config,
            Clock::new(move || now.load(Ordering::Relaxed)),
        )
        .unwrap()
    }

    fn reads(&self) -> usize {
        self.0.lock().unwrap().reads
    }
}

fn at(seconds: u64) -> Arc<AtomicU64> {
    Arc::new(AtomicU64::new(seconds))
}

async fn refused(verifier: &TokenVerifier, token: &str) -> String {
    verifier.verify(token).await.unwrap_err().to_string()
}

const INVALID: &str = "the access token is not valid";

#[tokio::test]
async fn a_good_token_says_what_it_grants_and_until_when() {
    let issuer = Issuer::publishing(&[1]);
    let verifier = issuer.verifier(&Tokens::default(), &at(1_000));
    let words = issuer.token(
        1,
        &json!({"sub": "u", "exp": 1_900, "scope": "orders:manage  stock:write"}),
    );
    let identity = verifier.verify(&words).await.unwrap();
    assert_eq!(identity.expires, 1_900);
    assert_eq!(
        identity.scopes.iter().map(String::as_str).collect::<Vec<_>>(),
        ["orders:manage", "stock:write"]
    );
    let list = issuer.token(1, &json!({"exp": 1_900, "scp": ["a", "b"]}));
    assert_eq!(verifier.verify(&list).await.unwrap().scopes.len(), 2);
    assert_eq!(issuer.reads(), 1, "keys are kept");
}

#[tokio::test]
async fn time_is_kept_to_the_second() {
    let issuer = Issuer::publishing(&[1]);
    let now = at(1_899);
    let verifier = issuer.verifier(&Tokens::default(), &now);
    let token = issuer.token(1, &json!({"exp": 1_900}));
    verifier.verify(&token).await.unwrap();
    now.store(1_900, Ordering::Relaxed);
    assert_eq!(refused(&verifier, &token).await, "the access token has expired");
    let early = issuer.token(1, &json!({"exp": 9_000, "nbf": 2_000}));
    assert_eq!(
        refused(&verifier, &early).await,
        "the access token is not valid yet"
    );
    let lenient = issuer.verifier(
        &Tokens {
            leeway_seconds: 100,
            ..Tokens::default()
        },
        &now,
    );
    lenient.verify(&token).await.unwrap();
    lenient.verify(&early).await.unwrap();
}

#[tokio::test]
async fn forgeries_are_refused() {
    let issuer = Issuer::publishing(&[1]);
    let verifier = issuer.verifier(&Tokens::default(), &at(0));
    let claims = json!({"exp": 10});
    let good = issuer.token(1, &claims);
    let (signed, _) = good.rsplit_once('.').unwrap();
    let other_claims = format!(
        "{}.{}.{}",
        good.split('.').next().unwrap(),
        encoded(&json!({"exp": 99})),
        good.rsplit('.').next().unwrap()
    );
    for (what, forged) in [
        ("nonsense", "nonsense".to_owned()),
        ("empty", String::new()),
        ("no signature", format!("{signed}.")),
        (
            "signed by somebody else",
            token(2, &json!({"alg": "EdDSA", "kid": "1"}), &claims),
        ),
        ("changed afterwards", other_claims),
        (
            "alg none",
            format!("{}.{}.", encoded(&json!({"alg": "none"})), encoded(&claims)),
        ),
        (
            "a shared secret",
            token(1, &json!({"alg": "HS256", "kid": "1"}), &claims),
        ),
        ("no expiry", issuer.token(1, &json!({"sub": "u"}))),
        (
            "an expiry that is no number",
            issuer.token(1, &json!({"exp": "10"})),
        ),
        ("longer than any token", "x".repeat(20_000)),
    ] {
        assert_eq!(refused(&verifier, &forged).await, INVALID, "{what}");
    }
}

#[tokio::test]
async fn issuer_and_audience_count_when_configured() {
    let issuer = Issuer::publishing(&[1]);
    let config = Tokens {
        issuers: vec!["lavka".into()],
        audiences: vec!["lavka".into()],
        ..Tokens::default()
    };
    let verifier = issuer.verifier(&config, &at(0));
    verifier
        .verify(&issuer.token(1, &json!({"exp": 10, "iss": "lavka", "aud": "lavka"})))
        .await
        .unwrap();
    for claims in [
        json!({"exp": 10}),
        json!({"exp": 10, "iss": "lavka"}),
        json!({"exp": 10, "iss": "other", "aud": "lavka"}),
        json!({"exp": 10, "iss": "lavka", "aud": "other"}),
    ] {
        assert_eq!(
            refused(&verifier, &issuer.token(1, &claims)).await,
            INVALID,
            "{claims}"
        );
    }
    let lenient = issuer.verifier(&Tokens::default(), &at(0));
    lenient
        .verify(&issuer.token(1, &json!({"exp": 10, "iss": "any", "aud": "any"})))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_token_without_key_id_is_served_while_there_is_one_key() {
    let issuer = Issuer::publishing(&[1]);
    let anonymous = token(1, &json!({"alg": "EdDSA"}), &json!({"exp": 10}));
    issuer
        .verifier(&Tokens::default(), &at(0))
        .verify(&anonymous)
        .await
        .unwrap();
    issuer.publish(&[1, 2]);
    assert_eq!(
        refused(&issuer.verifier(&Tokens::default(), &at(0)), &anonymous).await,
        INVALID
    );
}

#[tokio::test(start_paused = true)]
async fn a_new_key_is_found_at_once_and_a_forged_id_does_not_hammer() {
    let issuer = Issuer::publishing(&[1]);
    let verifier = issuer.verifier(&Tokens::default(), &at(0));
    let claims = json!({"exp": 10});
    verifier.verify(&issuer.token(1, &claims)).await.unwrap();
    tokio::time::advance(Duration::from_secs(2)).await;
    issuer.publish(&[1, 2]);
    verifier.verify(&issuer.token(2, &claims)).await.unwrap();
    assert_eq!(issuer.reads(), 2);
    for _ in 0..50 {
        assert_eq!(refused(&verifier, &issuer.token(77, &claims)).await, INVALID);
    }
    assert_eq!(issuer.reads(), 2, "within the cool-down nobody reads again");
}

#[tokio::test(start_paused = true)]
async fn a_key_taken_back_stops_counting_and_an_outage_does_not() {
    let issuer = Issuer::publishing(&[1, 2]);
    let verifier = issuer.verifier(
        &Tokens {
            keys_seconds: 60,
            ..Tokens::default()
        },
        &at(0),
    );
    let token = issuer.token(1, &json!({"exp": 10}));
    verifier.verify(&token).await.unwrap();
    issuer.0.lock().unwrap().down = true;
    tokio::time::advance(Duration::from_secs(61)).await;
    verifier.verify(&token).await.unwrap();
    issuer.0.lock().unwrap().down = false;
    issuer.publish(&[2]);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(refused(&verifier, &token).await, INVALID);
}

#[tokio::test]
async fn without_any_keys_it_is_our_fault_and_not_the_clients() {
    let issuer = Issuer::publishing(&[1]);
    issuer.0.lock().unwrap().down = true;
    let verifier = issuer.verifier(&Tokens::default(), &at(0));
    let error = verifier
        .verify(&issuer.token(1, &json!({"exp": 10})))
        .await
        .unwrap_err();
    let refusal = Refusal::from(error);
    assert_eq!(
        (refusal.status.as_u16(), refusal.code()),
        (503, "AUTHENTICATION_UNAVAILABLE")
    );
}

#[test]
fn impossible_algorithms_are_named() {
    let verifier = |names: &[&str]| {
        let algorithms = names.iter().map(|&name| name.to_owned()).collect();
        let config = Tokens {
            algorithms,
            ..Tokens::default()
        };
        TokenVerifier::new(Arc::new(Issuer::default()), &config, Clock::new(|| 0)).err()
    };
    assert_eq!(verifier(&["EdDSA", "RS256", "ES256"]), None);
    assert!(verifier(&[]).unwrap().contains("is empty"));
    assert!(
        verifier(&["ROT13"])
            .unwrap()
            .contains("`ROT13` is not a known algorithm")
    );
    assert!(verifier(&["HS256"]).unwrap().contains("shared secret"));
}
