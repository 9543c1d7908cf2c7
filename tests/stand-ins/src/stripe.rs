//! Stripe: PaymentIntents, refunds, events.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use ring::hmac;
use serde_json::{Value, json};

use crate::{Answer, Api, Asked, Fault, Server, header};

/// The only key that it takes.
pub const SECRET_KEY: &str = "sk_test_51StandInQ7xW";
/// What it signs webhooks with.
pub const WEBHOOK_SECRET: &str = "whsec_StandInQ7xW";

/// What a shopper's card does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    Good,
    Declined,
    /// It wants 3-D Secure.
    Secure,
    /// The bank thinks about it.
    Slow,
}

/// Stripe's books.
#[derive(Default)]
pub struct Stripe {
    version: String,
    intents: BTreeMap<String, Value>,
    refunds: BTreeMap<String, Value>,
    /// By key: the request, and the answer that it got.
    keys: BTreeMap<String, (String, Answer)>,
    events: Vec<Value>,
    refunds_are_slow: bool,
    count: u64,
}

type Form = BTreeMap<String, String>;

impl Server<Stripe> {
    /// A Stripe that wants requests of this version.
    pub async fn stripe(version: &str) -> Self {
        let version = version.to_owned();
        Self::start(|_| Stripe {
            version,
            ..Stripe::default()
        })
        .await
    }

    /// The shopper pays in the client's form.
    pub fn pays(&self, intent: &str, card: Card) {
        self.with(|stripe| stripe.confirm(intent, card));
    }

    /// What Stripe holds: taken, and given back, in minor units.
    pub fn holds(&self) -> (i64, i64) {
        self.with(|stripe| {
            let sum = |all: &BTreeMap<String, Value>, key: &str| {
                all.values().filter_map(|it| it[key].as_i64()).sum::<i64>()
            };
            let back = stripe.refunds.values().filter(|it| it["status"] != "failed");
            (
                sum(&stripe.intents, "amount_received"),
                back.filter_map(|it| it["amount"].as_i64()).sum(),
            )
        })
    }

    /// The events since the last look, oldest first, as their bodies.
    pub fn events(&self) -> Vec<Vec<u8>> {
        self.with(|stripe| std::mem::take(&mut stripe.events))
            .iter()
            .map(|event| event.to_string().into_bytes())
            .collect()
    }
}

/// The header `Stripe-Signature` of a body that is sent at this time.
pub fn signature(body: &[u8], at: i64, secret: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signed = [at.to_string().as_bytes(), b".", body].concat();
    let hex: String = hmac::sign(&key, &signed)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("t={at},v1={hex}")
}

impl Stripe {
    /// Looks at an intent.
    pub fn intent(&self, id: &str) -> &Value {
        &self.intents[id]
    }

    /// All intents.
    pub fn intents(&self) -> Vec<Value> {
        self.intents.values().cloned().collect()
    }

    /// From now on refunds stay pending until [`Stripe::end_refunds`].
    pub fn slow_refunds(&mut self) {
        self.refunds_are_slow = true;
    }

    /// What is pending ends like this: `succeeded`, `failed`. So do those that succeeded, when they fail.
    pub fn end_refunds(&mut self, status: &str) {
        let refunds: Vec<String> = self.refunds.keys().cloned().collect();
        for id in refunds {
            if let Some(refund) = self.refunds.get_mut(&id) {
                refund["status"] = json!(status);
                let refund = refund.clone();
                let kind = if status == "failed" {
                    "refund.failed"
                } else {
                    "refund.updated"
                };
                self.tell(kind, refund);
            }
        }
    }

    /// Somebody gives money back in Stripe's own pages.
    pub fn refund_by_hand(&mut self, intent: &str, amount: i64) {
        let form = Form::from([
            ("payment_intent".to_owned(), intent.to_owned()),
            ("amount".to_owned(), amount.to_string()),
        ]);
        self.refund(&form);
    }

    /// The money comes, but another amount and currency.
    pub fn pay_otherwise(&mut self, intent: &str, amount: i64, currency: &str) {
        if let Some(it) = self.intents.get_mut(intent) {
            it["amount"] = json!(amount);
            it["currency"] = json!(currency);
        }
        self.succeed(intent);
    }

    /// The shopper's bank disputes it.
    pub fn dispute(&mut self, intent: &str) {
        if let Some(it) = self.intents.get_mut(intent) {
            it["metadata"]["stand_in_disputed"] = json!("yes");
        }
        let id = self.id("dp");
        let dispute =
            json!({ "id": id, "object": "dispute", "payment_intent": intent, "status": "needs_response" });
        self.tell("charge.dispute.created", dispute);
    }

    /// Keys are forgotten, as after a day.
    pub fn forget_keys(&mut self) {
        self.keys.clear();
    }

    /// What the bank thought about, it allows.
    pub fn settle(&mut self, intent: &str) {
        self.succeed(intent);
    }

    fn id(&mut self, prefix: &str) -> String {
        self.count += 1;
        format!("{prefix}_standin{:06}", self.count)
    }

    fn tell(&mut self, kind: &str, object: Value) {
        let id = self.id("evt");
        let event = json!({ "id": id, "object": "event", "type": kind, "api_version": self.version, "livemode": false,
            "data": { "object": object } });
        self.events.push(event);
    }

    fn change(&mut self, intent: &str, kind: &str, change: impl FnOnce(&mut Value)) {
        if let Some(it) = self.intents.get_mut(intent) {
            change(it);
            let it = it.clone();
            self.tell(kind, it);
        }
    }

    fn succeed(&mut self, intent: &str) {
        let charge = self.id("ch");
        self.change(intent, "payment_intent.succeeded", |it| {
            it["status"] = json!("succeeded");
            it["amount_received"] = it["amount"].clone();
            it["last_payment_error"] = Value::Null;
            it["next_action"] = Value::Null;
            it["latest_charge"] = json!(charge);
        });
    }

    fn confirm(&mut self, intent: &str, card: Card) {
        let manual = self.intents[intent]["capture_method"] == "manual";
        match card {
            Card::Good if manual => {
                self.change(intent, "payment_intent.amount_capturable_updated", |it| {
                    it["status"] = json!("requires_capture");
                    it["last_payment_error"] = Value::Null;
                });
            }
            Card::Good => self.succeed(intent),
            Card::Declined => self.change(intent, "payment_intent.payment_failed", |it| {
                it["status"] = json!("requires_payment_method");
                it["last_payment_error"] = declined();
            }),
            Card::Secure => {
                let url = format!("https://hooks.stripe.test/3ds/{intent}");
                self.change(intent, "payment_intent.requires_action", |it| {
                    it["status"] = json!("requires_action");
                    it["next_action"] =
                        json!({ "type": "redirect_to_url", "redirect_to_url": { "url": url } });
                });
            }
            Card::Slow => self.change(intent, "payment_intent.processing", |it| {
                it["status"] = json!("processing");
            }),
        }
    }

    fn create(&mut self, form: &Form, complaints: &mut Vec<String>) -> Answer {
        let amount = form.get("amount").and_then(|it| it.parse::<i64>().ok());
        let Some(amount) = amount.filter(|it| *it > 0) else {
            return problem("parameter_invalid_integer", "Invalid integer: amount");
        };
        for (key, wanted) in [("automatic_payment_methods[enabled]", "true")] {
            if form.get(key).map(String::as_str) != Some(wanted) {
                complaints.push(format!("{key} is not {wanted}"));
            }
        }
        if form
            .get("currency")
            .is_none_or(|it| it.len() != 3 || it.to_lowercase() != *it)
        {
            return problem("parameter_invalid", "Invalid currency");
        }
        let id = self.id("pi");
        let intent = json!({
            "id": id, "object": "payment_intent", "amount": amount, "amount_received": 0, "amount_capturable": 0,
            "currency": form["currency"], "status": "requires_payment_method", "client_secret": format!("{id}_secret_Q7xW"),
            "capture_method": form.get("capture_method"), "description": form.get("description"),
            "metadata": metadata(form), "last_payment_error": null, "next_action": null, "latest_charge": null,
            "livemode": false, "created": 1_768_478_400,
        });
        self.intents.insert(id.clone(), intent.clone());
        self.tell("payment_intent.created", intent.clone());
        (StatusCode::OK, intent)
    }

    fn step(&mut self, id: &str, step: &str, form: &Form) -> Answer {
        let Some(intent) = self.intents.get(id) else {
            return missing(id);
        };
        let status = intent["status"].as_str().unwrap_or_default().to_owned();
        let may = match step {
            "confirm" => matches!(&*status, "requires_payment_method" | "requires_confirmation"),
            "capture" => status == "requires_capture",
            _ => matches!(
                &*status,
                "requires_payment_method" | "requires_confirmation" | "requires_action" | "requires_capture"
            ),
        };
        if !may {
            let message =
                format!("You cannot {step} this PaymentIntent because it has a status of {status}.");
            return problem("payment_intent_unexpected_state", &message);
        }
        match step {
            "confirm" => {
                let given = form
                    .get("payment_method")
                    .or_else(|| form.get("confirmation_token"));
                let card = match given.map(String::as_str) {
                    Some("pm_card_visa" | "ctoken_visa") => Card::Good,
                    Some("pm_card_chargeDeclined") => Card::Declined,
                    Some("pm_card_authenticationRequired") => Card::Secure,
                    _ => return problem("resource_missing", "No such PaymentMethod"),
                };
                if form.get("return_url").is_none_or(|it| !it.starts_with("http")) {
                    return problem("parameter_missing", "return_url is missing");
                }
                self.confirm(id, card);
                if card == Card::Declined {
                    let mut error = declined();
                    error["payment_intent"] = self.intents[id].clone();
                    return (StatusCode::PAYMENT_REQUIRED, json!({ "error": error }));
                }
            }
            "capture" => self.succeed(id),
            _ => self.change(id, "payment_intent.canceled", |it| {
                it["status"] = json!("canceled")
            }),
        }
        (StatusCode::OK, self.expanded(id))
    }

    /// An intent with its charge.
    fn expanded(&self, id: &str) -> Value {
        let mut intent = self.intents[id].clone();
        if !intent["latest_charge"].is_null() {
            let refunds = self.refunds.values();
            let of_it = refunds.filter(|it| it["payment_intent"] == id && it["status"] != "failed");
            let refunded: i64 = of_it.filter_map(|it| it["amount"].as_i64()).sum();
            let disputed = intent["metadata"]["stand_in_disputed"] == "yes";
            intent["latest_charge"] = json!({ "id": intent["latest_charge"], "object": "charge", "amount_refunded": refunded,
                "disputed": disputed });
        }
        intent
    }

    fn refund(&mut self, form: &Form) -> Answer {
        let intent = form.get("payment_intent").cloned().unwrap_or_default();
        let amount = form
            .get("amount")
            .and_then(|it| it.parse::<i64>().ok())
            .unwrap_or(0);
        let Some(it) = self.intents.get(&intent) else {
            return missing(&intent);
        };
        let back = self
            .refunds
            .values()
            .filter(|it| it["payment_intent"] == intent && it["status"] != "failed");
        let left = it["amount_received"].as_i64().unwrap_or(0)
            - back.filter_map(|it| it["amount"].as_i64()).sum::<i64>();
        if left == 0 {
            return problem("charge_already_refunded", "Charge has already been refunded.");
        }
        if amount <= 0 || amount > left {
            return problem(
                "amount_too_large",
                "Refund amount is greater than unrefunded amount",
            );
        }
        let currency = it["currency"].clone();
        let id = self.id("re");
        let status = if self.refunds_are_slow {
            "pending"
        } else {
            "succeeded"
        };
        let refund = json!({ "id": id, "object": "refund", "amount": amount, "currency": currency,
            "payment_intent": intent, "status": status, "metadata": metadata(form), "failure_reason": null });
        self.refunds.insert(id, refund.clone());
        self.tell("refund.created", refund.clone());
        (StatusCode::OK, refund)
    }

    fn route(&mut self, asked: &Asked, complaints: &mut Vec<String>) -> Answer {
        let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
        let form: Form = form_urlencoded::parse(if asked.method == Method::GET {
            query.as_bytes()
        } else {
            &asked.body
        })
        .into_owned()
        .collect();
        let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
        match (asked.method.as_str(), parts.as_slice()) {
            ("POST", ["payment_intents"]) => self.create(&form, complaints),
            ("GET", ["payment_intents", "search"]) => {
                let wanted = form.get("query").cloned().unwrap_or_default();
                let found: Vec<_> = self
                    .intents
                    .values()
                    .filter(|it| {
                        let id = it["metadata"]["payment_id"].as_str().unwrap_or_default();
                        wanted == format!("metadata['payment_id']:'{id}'")
                    })
                    .cloned()
                    .collect();
                (
                    StatusCode::OK,
                    json!({ "object": "search_result", "data": found }),
                )
            }
            ("GET", ["payment_intents", id]) if self.intents.contains_key(*id) => {
                (StatusCode::OK, self.expanded(id))
            }
            ("POST", ["payment_intents", id, step @ ("confirm" | "capture" | "cancel")]) => {
                self.step(id, step, &form)
            }
            ("POST", ["refunds"]) => self.refund(&form),
            ("GET", ["refunds"]) => {
                let intent = form.get("payment_intent").cloned().unwrap_or_default();
                let found: Vec<_> = self
                    .refunds
                    .values()
                    .filter(|it| it["payment_intent"] == intent)
                    .cloned()
                    .collect();
                (StatusCode::OK, json!({ "object": "list", "data": found }))
            }
            ("GET", ["refunds", id]) if self.refunds.contains_key(*id) => {
                (StatusCode::OK, self.refunds[*id].clone())
            }
            _ => missing(path),
        }
    }
}

impl Api for Stripe {
    fn answer(&mut self, asked: &Asked, complaints: &mut Vec<String>) -> (Answer, bool) {
        if header(asked, "authorization") != format!("Bearer {SECRET_KEY}") {
            complaints.push("a wrong key".to_owned());
            let error = json!({ "error": { "type": "invalid_request_error", "message": "Invalid API Key provided" } });
            return ((StatusCode::UNAUTHORIZED, error), false);
        }
        if header(asked, "stripe-version") != self.version {
            complaints.push(format!("version {:?}", header(asked, "stripe-version")));
        }
        let key = header(asked, "idempotency-key").to_owned();
        let moves_money = asked.method == Method::POST
            && (asked.path.ends_with("/payment_intents")
                || asked.path.ends_with("/refunds")
                || asked.path.ends_with("/confirm"));
        if moves_money && key.is_empty() {
            complaints.push(format!("{} without an idempotency key", asked.path));
        }
        if key.is_empty() {
            return (self.route(asked, complaints), false);
        }
        let request = format!("{} {}", asked.path, String::from_utf8_lossy(&asked.body));
        match self.keys.get(&key) {
            Some((before, answer)) if *before == request => (answer.clone(), true),
            Some(_) => {
                let error = json!({ "error": { "type": "idempotency_error",
                    "message": "Keys for idempotent requests can only be used with the same parameters" } });
                ((StatusCode::BAD_REQUEST, error), false)
            }
            None => {
                let answer = self.route(asked, complaints);
                self.keys.insert(key, (request, answer.clone()));
                (answer, false)
            }
        }
    }

    fn falsify(answer: &mut Value, fault: Fault) {
        match fault {
            Fault::OtherCurrency => answer["currency"] = json!("gbp"),
            _ => {
                for key in ["amount", "amount_received"] {
                    let more = answer[key].as_i64().unwrap_or(0) + 1;
                    answer[key] = json!(more);
                }
            }
        }
    }
}

fn metadata(form: &Form) -> Value {
    let of = |key: &str| {
        key.strip_prefix("metadata[")?
            .strip_suffix(']')
            .map(str::to_owned)
    };
    form.iter()
        .filter_map(|(key, value)| Some((of(key)?, json!(value))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn declined() -> Value {
    json!({ "type": "card_error", "code": "card_declined", "decline_code": "generic_decline", "message": "Your card was declined." })
}

fn problem(code: &str, message: &str) -> Answer {
    let error = json!({ "error": { "type": "invalid_request_error", "code": code, "message": message } });
    (StatusCode::BAD_REQUEST, error)
}

fn missing(what: &str) -> Answer {
    let error = json!({ "error": { "type": "invalid_request_error", "code": "resource_missing", "message": format!("No such thing: {what}") } });
    (StatusCode::NOT_FOUND, error)
}
