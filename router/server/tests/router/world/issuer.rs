//! Signs tokens, and publishes the key.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub fn key_set() -> String {
    let x = URL_SAFE_NO_PAD.encode(key().verifying_key().as_bytes());
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "k", "x": x}]}).to_string()
}

pub fn token(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({"alg": "EdDSA", "kid": "k"})), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(key().sign(signed.as_bytes()).to_bytes());
    format!("{signed}.{signature}")
}
