//! Stripe, by localstripe, which is not ours: it keeps what it was told and sends its own webhooks.

use lavka_kit::testing::Engine;
use lavka_stand_ins::door::{Behind, Door};
use serde_json::{Value, json};

use crate::people::{Order, Person};
use crate::shop::{Shop, client};

const SECRET_KEY: &str = "sk_test_localstripe";
const WEBHOOK_SECRET: &str = "whsec_localstripe";
/// Cards by which Stripe's documentation tells what becomes of a payment.
const GOOD: &str = "4242424242424242";
const DECLINED: &str = "4000000000000341";
const SECURE: &str = "4000002760003184";

struct Stage {
    shop: Shop,
    door: Door,
    stripe: String,
}

/// A store whose Stripe is localstripe; none where there is none, or where the store runs as several processes.
async fn open() -> Option<Stage> {
    let stripe = Engine::Localstripe.url()?;
    if crate::processes::wanted() {
        return None;
    }
    let door = Door::open(Behind::Localstripe, &stripe).await;
    let configuration = format!(
        r#"
        [orders]
        gateways = ["STRIPE"]
        [payments]
        gateways = ["STRIPE"]
        [payments.stripe]
        secret_key = "{SECRET_KEY}"
        publishable_key = "pk_test_localstripe"
        webhook_secrets = ["{WEBHOOK_SECRET}"]
        url = "{}"
        "#,
        door.url,
    );
    let shop = Shop::start_configured(&configuration).await;
    let stage = Stage { shop, door, stripe };
    // One localstripe serves all tests; each webhook has a name.
    let name = stage.shop.url.replace([':', '/', '.'], "_");
    let hook = json!({ "url": format!("{}/webhooks/stripe", stage.shop.url), "secret": WEBHOOK_SECRET, "events": null });
    let told = client()
        .post(format!("{}/_config/webhooks/{name}", stage.stripe))
        .json(&hook)
        .send()
        .await
        .expect("an answer");
    assert_eq!(told.status(), 200);
    Some(stage)
}

impl Stage {
    /// Speaks to localstripe as the shopper's own software does, or as one looks into Stripe's pages.
    async fn stripe(&self, method: &str, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let answer = client()
            .request(method, format!("{}{path}", self.stripe))
            .bearer_auth(SECRET_KEY)
            .form(form)
            .send()
            .await
            .expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json().await.expect("JSON"))
    }

    async fn ordered(&self, ann: &mut Person, token: Option<&str>) -> Order {
        let sku = ann.finds_one().await;
        ann.adds(&sku, 1).await;
        let mut input = ann.checkout_input("ok", &format!("by {token:?}"));
        input["payment"] = json!({ "gateway": "STRIPE", "token": token });
        let payload = ann.sends_checkout(input).await;
        ann.ordered(&payload)
    }

    /// The intent that waits for the shopper.
    async fn intent(&self, ann: &Person, order: &Order) -> String {
        let waiting = ann
            .looks_until(order, |it| it["payment"]["status"] == "ACTION_REQUIRED")
            .await;
        let secret = waiting["payment"]["clientSecret"]
            .as_str()
            .expect("a client secret");
        secret.split_once("_secret").expect("an intent").0.to_owned()
    }

    /// The shopper pays in Stripe's form.
    async fn pays(&self, intent: &str, card: &str) -> u16 {
        let method = [
            ("type", "card"),
            ("card[number]", card),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2030"),
            ("card[cvc]", "123"),
        ];
        let (_, method) = self.stripe("POST", "/v1/payment_methods", &method).await;
        let method = method["id"].as_str().expect("a payment method");
        let path = format!("/v1/payment_intents/{intent}");
        self.stripe("POST", &path, &[("payment_method", method)]).await;
        self.stripe("POST", &format!("{path}/confirm"), &[]).await.0
    }

    async fn sees(&self, intent: &str) -> Value {
        self.stripe("GET", &format!("/v1/payment_intents/{intent}"), &[])
            .await
            .1
    }
}

fn minor(amount: &Value) -> i64 {
    let digits = amount.as_str().expect("an amount").replace('.', "");
    digits.parse().expect("an amount")
}

#[tokio::test(flavor = "multi_thread")]
async fn localstripes_webhook_pays_an_order_and_its_books_say_what_ours_do() {
    let Some(stage) = open().await else { return };
    let mut ann = stage.shop.newcomer("Ann").await;
    let order = stage.ordered(&mut ann, None).await;
    let intent = stage.intent(&ann, &order).await;
    let before = stage.sees(&intent).await;
    assert_eq!(before["status"], "requires_payment_method", "{before:#}");
    assert_eq!(stage.pays(&intent, GOOD).await, 200);
    let paid = ann.awaits(&order, "PAID").await;
    let total = minor(&paid["total"]["amount"]);
    let charge = &stage.sees(&intent).await["latest_charge"];
    assert_eq!(
        (&charge["amount"], &charge["captured"]),
        (&json!(total), &json!(true))
    );

    let staff = stage.shop.staff().await;
    for (amount, key, back) in [(Some("10.00"), "a scratch", 1_000), (None, "the rest", total)] {
        let input = json!({ "paymentId": paid["payment"]["id"], "amount": amount, "idempotencyKey": key });
        let done = staff
            .does("refundPayment", "RefundPaymentInput", input, "payment { id }")
            .await;
        assert_eq!(done["userErrors"], json!([]), "{done:#}");
        let shown = ann
            .looks_until(&order, |it| {
                minor(&it["payment"]["refundedAmount"]["amount"]) == back
            })
            .await;
        let status = if back == total {
            "REFUNDED"
        } else {
            "PARTIALLY_REFUNDED"
        };
        assert_eq!(shown["payment"]["status"], status, "{shown:#}");
        let charge = &stage.sees(&intent).await["latest_charge"];
        assert_eq!(charge["amount_refunded"], back, "{charge:#}");
    }
    ann.awaits(&order, "REFUNDED").await;
    let refused: Vec<_> = stage
        .door
        .passed()
        .into_iter()
        .filter(|call| !call.ends_with(" 200"))
        .collect();
    assert_eq!(refused, Vec::<String>::new(), "localstripe took all that we sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_localstripe_declines_leaves_nothing_open_and_the_next_one_pays_by_3d_secure() {
    let Some(stage) = open().await else { return };
    let mut ann = stage.shop.newcomer("Ann").await;
    let order = stage.ordered(&mut ann, None).await;
    let first = stage.intent(&ann, &order).await;
    assert_eq!(stage.pays(&first, DECLINED).await, 402);
    ann.awaits(&order, "PAYMENT_FAILED").await;
    assert_eq!(stage.sees(&first).await["status"], "canceled");

    let retry = json!({ "orderId": order.id, "payment": { "gateway": "STRIPE" }, "idempotencyKey": "again" });
    ann.does("retryPayment", "RetryPaymentInput", retry, "order { id }")
        .await;
    let second = stage.intent(&ann, &order).await;
    assert_ne!(first, second);
    assert_eq!(stage.pays(&second, SECURE).await, 200);
    let asked = stage.sees(&second).await;
    assert_eq!(asked["status"], "requires_action", "{asked:#}");
    let secret = asked["client_secret"].as_str().expect("a client secret");
    let path = format!("/v1/payment_intents/{second}/_authenticate");
    let (status, _) = stage
        .stripe("POST", &path, &[("client_secret", secret), ("success", "true")])
        .await;
    assert_eq!(status, 200);
    ann.awaits(&order, "PAID").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_client_sends_along_is_confirmed_and_a_cancelled_order_leaves_no_open_intent() {
    let Some(stage) = open().await else { return };
    let mut ann = stage.shop.newcomer("Ann").await;
    let order = stage.ordered(&mut ann, Some("pm_card_visa")).await;
    ann.awaits(&order, "PAID").await;

    let unpaid = stage.ordered(&mut ann, None).await;
    let intent = stage.intent(&ann, &unpaid).await;
    ann.does(
        "cancelOrder",
        "CancelOrderInput",
        json!({ "orderId": unpaid.id }),
        "order { id }",
    )
    .await;
    ann.looks_until(&unpaid, |it| it["payment"]["status"] == "CANCELLED")
        .await;
    assert_eq!(stage.sees(&intent).await["status"], "canceled");
}
