//! PayPal: access tokens, Orders v2, refunds of captures, signed webhooks with their certificates.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use crate::{Answer, Api, Asked, Fault, Server, header};

pub const CLIENT_ID: &str = "app_stand_in";
pub const CLIENT_SECRET: &str = "app_secret_StandInQ7xW";
pub const WEBHOOK_ID: &str = "WH-STAND-IN";

/// The authority under which the stand-in's certificates are issued, as PEM.
pub const AUTHORITY: &str = include_str!("../certificates/root.pem");
const KEY: &[u8] = include_bytes!("../certificates/paypal.key.der");

/// A certificate that can be shown to whoever checks a webhook. All have the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// PayPal's, with the intermediate.
    Good,
    /// Of the same authority, for another name.
    SomebodyElses,
    Expired,
    /// With PayPal's name, by an authority that nobody knows.
    Strangers,
}

impl Certificate {
    const ALL: [Self; 4] = [Self::Good, Self::SomebodyElses, Self::Expired, Self::Strangers];

    /// Its path on the stand-in.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Good => "/v1/notifications/certs/CERT-good",
            Self::SomebodyElses => "/v1/notifications/certs/CERT-somebody-else",
            Self::Expired => "/v1/notifications/certs/CERT-expired",
            Self::Strangers => "/v1/notifications/certs/CERT-strangers",
        }
    }

    /// The chain, as PEM.
    pub const fn pem(self) -> &'static str {
        match self {
            Self::Good => include_str!("../certificates/paypal.pem"),
            Self::SomebodyElses => include_str!("../certificates/somebody-else.pem"),
            Self::Expired => include_str!("../certificates/expired.pem"),
            Self::Strangers => include_str!("../certificates/strangers.pem"),
        }
    }
}

/// PayPal's books.
#[derive(Default)]
pub struct Paypal {
    url: String,
    tokens: Vec<String>,
    orders: BTreeMap<String, Value>,
    /// By request id.
    requests: BTreeMap<String, Answer>,
    /// Orders that can't be fetched any more, although what they captured can.
    forgotten: Vec<String>,
    declines: bool,
    reviews: bool,
    events: Vec<Value>,
    count: u64,
}

impl Server<Paypal> {
    pub async fn paypal() -> Self {
        Self::start(|url| Paypal {
            url: url.to_owned(),
            ..Paypal::default()
        })
        .await
    }

    /// The shopper approves on PayPal's page.
    pub fn approves(&self, order: &str) {
        self.with(|paypal| {
            if let Some(it) = paypal.orders.get_mut(order) {
                it["status"] = json!("APPROVED");
                let it = it.clone();
                paypal.tell("CHECKOUT.ORDER.APPROVED", "checkout-order", it);
            }
        });
    }

    /// What PayPal holds: captured, and given back, as decimals times a hundred.
    pub fn holds(&self) -> (i64, i64) {
        self.with(|paypal| {
            let minor = |amount: &Value| {
                let text = amount["value"].as_str().unwrap_or("0").replace('.', "");
                text.parse::<i64>().unwrap_or(0)
            };
            let sum = |kind: &str| {
                let orders = paypal.orders.values();
                let all = orders
                    .filter_map(|it| it["purchase_units"][0]["payments"][kind].as_array())
                    .flatten();
                all.filter(|it| !matches!(it["status"].as_str(), Some("DECLINED" | "PENDING" | "FAILED")))
                    .map(|it| minor(&it["amount"]))
                    .sum()
            };
            (sum("captures"), sum("refunds"))
        })
    }

    /// The events since the last look, oldest first, as their bodies.
    pub fn events(&self) -> Vec<Vec<u8>> {
        self.with(|paypal| std::mem::take(&mut paypal.events))
            .iter()
            .map(|event| event.to_string().into_bytes())
            .collect()
    }

    /// The headers of a webhook that is sent at this time (RFC 3339).
    pub fn headers(&self, body: &[u8], at: &str, certificate: Certificate) -> Vec<(&'static str, String)> {
        headers(
            body,
            at,
            WEBHOOK_ID,
            &format!("{}{}", self.url, certificate.path()),
        )
    }
}

/// The headers of a webhook whose certificate is at `url`.
///
/// # Panics
/// When the stand-in's key is broken.
pub fn headers(body: &[u8], at: &str, webhook_id: &str, url: &str) -> Vec<(&'static str, String)> {
    let id = format!("transmission-{}", crc32fast::hash(at.as_bytes()));
    let signed = format!("{id}|{at}|{webhook_id}|{}", crc32fast::hash(body));
    vec![
        ("paypal-transmission-id", id),
        ("paypal-transmission-time", at.to_owned()),
        ("paypal-transmission-sig", sign(signed.as_bytes())),
        ("paypal-cert-url", url.to_owned()),
        ("paypal-auth-algo", "SHA256withRSA".to_owned()),
    ]
}

/// Signed with the key of all the stand-in's certificates, in Base64.
///
/// # Panics
/// When the stand-in's key is broken.
pub fn sign(message: &[u8]) -> String {
    let key = match RsaKeyPair::from_pkcs8(KEY) {
        Ok(key) => key,
        Err(error) => panic!("the stand-in's key: {error}"),
    };
    let mut signature = vec![0; key.public().modulus_len()];
    if key
        .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
        .is_err()
    {
        panic!("the stand-in can't sign");
    }
    STANDARD.encode(signature)
}

impl Paypal {
    /// Whether the next captures are declined.
    pub fn decline(&mut self, declines: bool) {
        self.declines = declines;
    }

    /// Whether the next captures wait for PayPal's review.
    pub fn review(&mut self, reviews: bool) {
        self.reviews = reviews;
    }

    /// The tokens that it takes.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// Every token that was given is no longer taken.
    pub fn revoke_tokens(&mut self) {
        self.tokens.clear();
    }

    /// Request ids are forgotten, as after some hours.
    pub fn forget_requests(&mut self) {
        self.requests.clear();
    }

    /// An order vanishes, as unapproved ones do.
    pub fn lose(&mut self, order: &str) {
        self.orders.remove(order);
    }

    /// An order can't be fetched any more; what it captured can.
    pub fn forget_order(&mut self, order: &str) {
        self.forgotten.push(order.to_owned());
    }

    /// Somebody gives money back in PayPal's own pages.
    pub fn refund_by_hand(&mut self, order: &str, value: &str) {
        let capture = &self.orders[order]["purchase_units"][0]["payments"]["captures"][0]["id"];
        let capture = capture.as_str().unwrap_or_default().to_owned();
        let amount = json!({ "currency_code": "RUB", "value": value });
        // What is made by hand carries what its capture carries.
        let custom_id = self.orders[order]["purchase_units"][0]["custom_id"].clone();
        self.refund(&capture, &json!({ "amount": amount, "custom_id": custom_id }));
    }

    /// Looks at an order.
    pub fn order(&self, id: &str) -> &Value {
        &self.orders[id]
    }

    fn id(&mut self, prefix: &str) -> String {
        self.count += 1;
        format!("{prefix}{:010}", self.count)
    }

    fn tell(&mut self, kind: &str, resource_type: &str, resource: Value) {
        let id = self.id("WH-EVT-");
        self.events
            .push(json!({ "id": id, "event_version": "1.0", "event_type": kind,
            "resource_type": resource_type, "resource": resource }));
    }

    fn token(&mut self, asked: &Asked, complaints: &mut Vec<String>) -> Answer {
        let basic = format!(
            "Basic {}",
            STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"))
        );
        if header(asked, "authorization") != basic {
            complaints.push("a wrong client id or secret".to_owned());
            return (StatusCode::UNAUTHORIZED, json!({ "error": "invalid_client" }));
        }
        if &*asked.body != b"grant_type=client_credentials" {
            return (
                StatusCode::BAD_REQUEST,
                json!({ "error": "unsupported_grant_type" }),
            );
        }
        let token = self.id("A21AA");
        self.tokens.push(token.clone());
        let granted = json!({ "access_token": token, "token_type": "Bearer", "expires_in": 32_400, "scope": "https://uri.paypal.com/services/payments/payment" });
        (StatusCode::OK, granted)
    }

    fn create(&mut self, body: &Value, complaints: &mut Vec<String>) -> Answer {
        let unit = &body["purchase_units"][0];
        let amount = &unit["amount"];
        if body["intent"] != "CAPTURE" {
            return unprocessable("INVALID_PARAMETER_VALUE");
        }
        let value = amount["value"].as_str().unwrap_or_default();
        let exact = value.split_once('.').is_some_and(|(_, places)| places.len() == 2);
        if !exact || amount["currency_code"].as_str().is_none_or(|it| it.len() != 3) {
            return unprocessable("DECIMAL_PRECISION");
        }
        for (what, is_there) in [
            ("custom_id", unit["custom_id"].is_string()),
            ("invoice_id", unit["invoice_id"].is_string()),
            (
                "return_url",
                body["payment_source"]["paypal"]["experience_context"]["return_url"].is_string(),
            ),
        ] {
            if !is_there {
                complaints.push(format!("an order without {what}"));
            }
        }
        let id = self.id("5O1");
        let order = json!({
            "id": id, "intent": "CAPTURE", "status": "PAYER_ACTION_REQUIRED", "payment_source": { "paypal": {} },
            "purchase_units": [{ "reference_id": "default", "amount": amount, "custom_id": unit["custom_id"], "invoice_id": unit["invoice_id"] }],
            "links": [
                { "href": format!("{}/v2/checkout/orders/{id}", self.url), "rel": "self", "method": "GET" },
                { "href": format!("https://www.paypal.test/checkoutnow?token={id}"), "rel": "payer-action", "method": "GET" },
            ],
        });
        self.orders.insert(id, order.clone());
        (StatusCode::OK, order)
    }

    fn capture(&mut self, id: &str) -> Answer {
        let Some(order) = self.orders.get(id) else {
            return missing();
        };
        match order["status"].as_str() {
            Some("COMPLETED") => return unprocessable("ORDER_ALREADY_CAPTURED"),
            Some("APPROVED") => {}
            _ => return unprocessable("ORDER_NOT_APPROVED"),
        }
        if self.declines {
            return unprocessable("INSTRUMENT_DECLINED");
        }
        let invoice = order["purchase_units"][0]["invoice_id"].clone();
        let paid =
            |it: &Value| it["status"] == "COMPLETED" && it["purchase_units"][0]["invoice_id"] == invoice;
        if self.orders.values().any(paid) {
            return unprocessable("DUPLICATE_INVOICE_ID");
        }
        let (unit, capture_id) = (order["purchase_units"][0].clone(), self.id("3C6"));
        let status = if self.reviews { "PENDING" } else { "COMPLETED" };
        let capture = json!({ "id": capture_id, "status": status, "amount": unit["amount"], "custom_id": unit["custom_id"],
            "invoice_id": unit["invoice_id"], "final_capture": true });
        if let Some(order) = self.orders.get_mut(id) {
            order["status"] = json!("COMPLETED");
            order["purchase_units"][0]["payments"] = json!({ "captures": [capture] });
        }
        self.tell_of_capture(id);
        // As PayPal does: the answer to a capture has no amount of the unit, only that of the capture.
        let mut answer = self.orders[id].clone();
        if let Some(unit) = answer["purchase_units"][0].as_object_mut() {
            unit.remove("amount");
        }
        (StatusCode::CREATED, answer)
    }

    fn tell_of_capture(&mut self, id: &str) {
        let mut capture = self.orders[id]["purchase_units"][0]["payments"]["captures"][0].clone();
        let kind = match capture["status"].as_str() {
            Some("PENDING") => "PAYMENT.CAPTURE.PENDING",
            Some("DECLINED") => "PAYMENT.CAPTURE.DENIED",
            _ => "PAYMENT.CAPTURE.COMPLETED",
        };
        capture["supplementary_data"] = json!({ "related_ids": { "order_id": id } });
        self.tell(kind, "capture", capture);
    }

    /// A review ends: `COMPLETED` or `DECLINED`.
    pub fn end_review(&mut self, id: &str, status: &str) {
        if let Some(order) = self.orders.get_mut(id) {
            order["purchase_units"][0]["payments"]["captures"][0]["status"] = json!(status);
        }
        self.tell_of_capture(id);
    }

    fn refund(&mut self, capture: &str, body: &Value) -> Answer {
        let found = self
            .orders
            .iter()
            .find(|(_, it)| it["purchase_units"][0]["payments"]["captures"][0]["id"] == capture);
        let Some((order, it)) = found.map(|(id, it)| (id.clone(), it.clone())) else {
            return missing();
        };
        let minor = |amount: &Value| {
            amount["value"]
                .as_str()
                .unwrap_or("0")
                .replace('.', "")
                .parse::<i64>()
                .unwrap_or(0)
        };
        let payments = &it["purchase_units"][0]["payments"];
        let back: i64 = payments["refunds"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| minor(&it["amount"]))
            .sum();
        let left = minor(&payments["captures"][0]["amount"]) - back;
        if left == 0 {
            return unprocessable("CAPTURE_FULLY_REFUNDED");
        }
        if minor(&body["amount"]) > left {
            return unprocessable("REFUND_AMOUNT_EXCEEDED");
        }
        let id = self.id("1JU");
        let refund = json!({ "id": id, "status": "COMPLETED", "amount": body["amount"], "custom_id": body["custom_id"] });
        if let Some(it) = self.orders.get_mut(&order) {
            let payments = &mut it["purchase_units"][0]["payments"];
            let whole = left == minor(&body["amount"]);
            payments["captures"][0]["status"] = json!(if whole { "REFUNDED" } else { "PARTIALLY_REFUNDED" });
            match payments["refunds"].as_array_mut() {
                Some(refunds) => refunds.push(refund.clone()),
                None => payments["refunds"] = json!([refund]),
            }
        }
        let mut told = refund.clone();
        let up = format!("{}/v2/payments/captures/{capture}", self.url);
        told["links"] = json!([{ "href": up, "rel": "up", "method": "GET" }]);
        self.tell("PAYMENT.CAPTURE.REFUNDED", "refund", told);
        (StatusCode::CREATED, refund)
    }

    fn find_refund(&self, id: &str) -> Answer {
        let orders = self.orders.values();
        let refunds = orders
            .filter_map(|it| it["purchase_units"][0]["payments"]["refunds"].as_array())
            .flatten();
        match refunds.into_iter().find(|it| it["id"] == id) {
            Some(refund) => (StatusCode::OK, refund.clone()),
            None => missing(),
        }
    }
}

impl Api for Paypal {
    fn answer(&mut self, asked: &Asked, complaints: &mut Vec<String>) -> (Answer, bool) {
        if asked.path == "/v1/oauth2/token" {
            return (self.token(asked, complaints), false);
        }
        let token = header(asked, "authorization")
            .trim_start_matches("Bearer ")
            .to_owned();
        if !self.tokens.contains(&token) {
            return (
                (StatusCode::UNAUTHORIZED, json!({ "error": "invalid_token" })),
                false,
            );
        }
        let request_id = header(asked, "paypal-request-id").to_owned();
        if asked.method == "POST" {
            if request_id.is_empty() {
                complaints.push(format!("{} without PayPal-Request-Id", asked.path));
            }
            if header(asked, "content-type") != "application/json" {
                complaints.push(format!("{} is not JSON", asked.path));
            }
            if let Some(answer) = self.requests.get(&request_id) {
                return (answer.clone(), false);
            }
        }
        let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
        let parts: Vec<&str> = asked.path.trim_start_matches("/v2/").split('/').collect();
        let answer = match (asked.method.as_str(), parts.as_slice()) {
            ("POST", ["checkout", "orders"]) => self.create(&body, complaints),
            ("GET", ["checkout", "orders", id]) => match self.orders.get(*id) {
                Some(order) if !self.forgotten.iter().any(|it| it == id) => (StatusCode::OK, order.clone()),
                _ => missing(),
            },
            ("GET", ["payments", "captures", id]) => {
                let captures = self
                    .orders
                    .values()
                    .map(|it| &it["purchase_units"][0]["payments"]["captures"][0]);
                match captures.into_iter().find(|it| it["id"] == *id) {
                    Some(capture) => (StatusCode::OK, capture.clone()),
                    None => missing(),
                }
            }
            ("POST", ["checkout", "orders", id, "capture"]) => self.capture(id),
            ("POST", ["payments", "captures", id, "refund"]) => self.refund(id, &body),
            ("GET", ["payments", "refunds", id]) => self.find_refund(id),
            _ => missing(),
        };
        if asked.method == "POST" && answer.0.is_success() {
            self.requests.insert(request_id, answer.clone());
        }
        (answer, false)
    }

    fn text(&self, path: &str) -> Option<String> {
        Certificate::ALL
            .into_iter()
            .find(|certificate| certificate.path() == path)
            .map(|certificate| certificate.pem().to_owned())
    }

    fn falsify(answer: &mut Value, fault: Fault) {
        let unit = &mut answer["purchase_units"][0];
        let captured = unit["payments"]["captures"][0].is_object();
        let amount = if captured {
            &mut unit["payments"]["captures"][0]["amount"]
        } else {
            &mut unit["amount"]
        };
        match fault {
            Fault::OtherCurrency => amount["currency_code"] = json!("GBP"),
            _ => amount["value"] = json!("1.00"),
        }
    }
}

fn unprocessable(issue: &str) -> Answer {
    let body = json!({ "name": "UNPROCESSABLE_ENTITY", "message": "The requested action could not be performed",
        "debug_id": "stand-in", "details": [{ "issue": issue }] });
    (StatusCode::UNPROCESSABLE_ENTITY, body)
}

fn missing() -> Answer {
    let body = json!({ "name": "RESOURCE_NOT_FOUND", "message": "The specified resource does not exist.",
        "debug_id": "stand-in", "details": [{ "issue": "INVALID_RESOURCE_ID" }] });
    (StatusCode::NOT_FOUND, body)
}
