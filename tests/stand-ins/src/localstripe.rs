//! localstripe (PyPI) speaks an older Stripe than we: this translates, and adds nothing of its own. What it remembers, decides
//! and sends by webhook is its own.
//!
//! What it lacks, in 1.15.10:
//! - it refuses `automatic_payment_methods`, `description` and `return_url` as unknown;
//! - it confirms only with the payment method that an intent has already: giving it one is a call of its own;
//! - its intents have no `amount_received`, which is its charge's amount;
//! - it has no search and no idempotency keys. The tests of those have our own stand-in.

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::Asked;
use crate::door::Upstream;

type Form = Vec<(String, String)>;

/// What Stripe would answer, by localstripe.
pub(crate) async fn answer(upstream: &Upstream, asked: &Asked) -> (StatusCode, Value) {
    if asked.method != Method::POST {
        return today(upstream.ask(asked).await);
    }
    let mut form: Form = form_urlencoded::parse(&asked.body).into_owned().collect();
    form.retain(|(key, _)| {
        !key.starts_with("automatic_payment_methods") && key != "description" && key != "return_url"
    });
    if let Some(intent) = asked.path.strip_suffix("/confirm") {
        let method = form.iter().position(|(key, _)| key == "payment_method");
        if let Some(method) = method.map(|at| form.remove(at)) {
            let (status, refusal) = upstream.ask(&with(asked, intent, &vec![method])).await;
            if !status.is_success() {
                return (status, refusal);
            }
        }
    }
    today(upstream.ask(&with(asked, &asked.path, &form)).await)
}

fn with(asked: &Asked, path: &str, form: &Form) -> Asked {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    Asked {
        path: path.to_owned(),
        body: Bytes::from(body),
        ..asked.clone()
    }
}

/// An intent in today's words.
fn today((status, mut answer): (StatusCode, Value)) -> (StatusCode, Value) {
    if answer["object"] == "payment_intent" {
        let received = match answer["status"].as_str() {
            Some("succeeded") => answer["latest_charge"]["amount"].clone(),
            _ => json!(0),
        };
        answer["amount_received"] = received;
    }
    (status, answer)
}
