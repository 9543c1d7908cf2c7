//! `Stripe-Signature: t=1768478400,v1=<hex>,v1=<hex>,v0=…`: HMAC-SHA256 of `t.body` under the endpoint's secret; two `v1` while
//! Stripe rolls a secret, and two secrets on our side.

use chrono::{DateTime, TimeDelta, Utc};
use lavka_kit::config::Secret;
use ring::hmac;

use crate::gateway::notice::BadNotice;

/// Checks one header against all secrets. The comparison takes the same time wherever the signatures differ.
pub(super) fn check(
    header: &str,
    body: &[u8],
    secrets: &[Secret<String>],
    now: DateTime<Utc>,
    tolerance: TimeDelta,
) -> Result<(), BadNotice> {
    let mut timestamp = None;
    let mut signatures = Vec::new();
    for item in header.split(',') {
        match item.trim().split_once('=') {
            Some(("t", value)) => timestamp = Some(value),
            // A malformed one is as good as none; v0 is for test clocks only, and nothing is signed by it.
            Some(("v1", value)) => signatures.extend(from_hex(value)),
            _ => {}
        }
    }
    let timestamp = timestamp.ok_or(BadNotice::NoSignature("no timestamp"))?;
    let signed_at = timestamp
        .parse()
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .ok_or(BadNotice::NoSignature("no readable timestamp"))?;
    if signatures.is_empty() {
        return Err(BadNotice::NoSignature("no v1 signature"));
    }
    let mut signed = Vec::with_capacity(timestamp.len() + 1 + body.len());
    signed.extend_from_slice(timestamp.as_bytes());
    signed.push(b'.');
    signed.extend_from_slice(body);
    let is_ours = secrets.iter().any(|secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        signatures
            .iter()
            .any(|signature| hmac::verify(&key, &signed, signature).is_ok())
    });
    if !is_ours {
        return Err(BadNotice::Foreign);
    }
    // After the signature: a stranger learns nothing of our clock.
    if (now - signed_at).abs() > tolerance {
        return Err(BadNotice::Stale);
    }
    Ok(())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    (0..64)
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;

    fn sign(secret: &str, at: i64, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let signed = [at.to_string().as_bytes(), b".", body].concat();
        hmac::sign(&key, &signed)
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    fn checked(header: &str, body: &[u8]) -> Result<(), BadNotice> {
        let secrets = ["whsec_new", "whsec_old"].map(|secret| Secret::new(secret.to_owned()));
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
        check(header, body, &secrets, now, TimeDelta::seconds(300))
    }

    #[test]
    fn a_signature_under_either_secret_is_good_for_five_minutes() {
        for secret in ["whsec_new", "whsec_old"] {
            for at in [1_000_000, 999_700, 1_000_300] {
                let header = format!("t={at},v1={},v0=00", sign(secret, at, BODY));
                assert_eq!(checked(&header, BODY), Ok(()), "{secret} at {at}");
            }
            for at in [999_699, 1_000_301] {
                let header = format!("t={at},v1={}", sign(secret, at, BODY));
                assert_eq!(checked(&header, BODY), Err(BadNotice::Stale), "{secret} at {at}");
            }
        }
        let two = format!(
            "t=1000000,v1={},v1={}",
            sign("whsec_unknown", 1_000_000, BODY),
            sign("whsec_new", 1_000_000, BODY)
        );
        assert_eq!(checked(&two, BODY), Ok(()), "one of several signatures is enough");
    }

    #[test]
    fn another_secret_body_time_or_scheme_is_foreign() {
        let good = sign("whsec_new", 1_000_000, BODY);
        let foreign = format!("t=1000000,v1={}", sign("whsec_unknown", 1_000_000, BODY));
        assert_eq!(checked(&foreign, BODY), Err(BadNotice::Foreign));
        let header = format!("t=1000000,v1={good}");
        assert_eq!(checked(&header, br#"{"id":"evt_2"}"#), Err(BadNotice::Foreign));
        assert_eq!(
            checked(&format!("t=1000001,v1={good}"), BODY),
            Err(BadNotice::Foreign)
        );
        for (header, what) in [
            (format!("v1={good}"), "no timestamp"),
            (format!("t=x,v1={good}"), "no readable timestamp"),
            (format!("t=1000000,v0={good}"), "no v1 signature"),
            ("t=1000000,v1=zz".to_owned(), "no v1 signature"),
            (format!("t=1000000,v1={}é", &good[..62]), "no v1 signature"),
            (String::new(), "no timestamp"),
        ] {
            assert_eq!(
                checked(&header, BODY),
                Err(BadNotice::NoSignature(what)),
                "{header}"
            );
        }
    }
}
