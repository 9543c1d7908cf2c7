//! Stripe and PayPal, by their stand-ins: a whole store, from the checkout to the webhook.

use std::collections::HashSet;

use futures_util::future::join_all;
use lavka_stand_ins::paypal::{AUTHORITY, CLIENT_ID, CLIENT_SECRET, Certificate, WEBHOOK_ID};
use lavka_stand_ins::stripe::{Card, SECRET_KEY, WEBHOOK_SECRET, signature};
use lavka_stand_ins::{CARD, Fault, Paypal, Server, Stripe};
use serde_json::{Value, json};

use crate::people::{Order, Person};
use crate::shop::{Shop, client};

/// What the adapter of Stripe is written for.
const STRIPE_VERSION: &str = "2026-08-26.dahlia";

struct Gateways {
    shop: Shop,
    stripe: Server<Stripe>,
    paypal: Server<Paypal>,
    _authorities: tempfile::NamedTempFile,
}

/// A store that takes all gateways; none where it runs as several processes, whose configuration is their own.
async fn open() -> Option<Gateways> {
    open_with("").await
}

/// The same, with more in its configuration.
async fn open_with(more: &str) -> Option<Gateways> {
    if crate::processes::wanted() {
        return None;
    }
    let (stripe, paypal) = (Server::stripe(STRIPE_VERSION).await, Server::paypal().await);
    let authorities = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(authorities.path(), AUTHORITY).expect("write the authority");
    let configuration = format!(
        r#"
        [orders]
        gateways = ["SANDBOX", "STRIPE", "PAYPAL"]
        [payments]
        gateways = ["STRIPE", "PAYPAL", "SANDBOX"]
        [payments.stripe]
        secret_key = "{SECRET_KEY}"
        publishable_key = "pk_test_stand_in"
        webhook_secrets = ["whsec_old", "{WEBHOOK_SECRET}"]
        url = "{}"
        [payments.paypal]
        client_id = "{CLIENT_ID}"
        client_secret = "{CLIENT_SECRET}"
        webhook_id = "{WEBHOOK_ID}"
        url = "{}"
        certificate_authorities = "{}"
        {more}
        "#,
        stripe.url,
        paypal.url,
        authorities.path().display()
    );
    Some(Gateways {
        shop: Shop::start_configured(&configuration).await,
        stripe,
        paypal,
        _authorities: authorities,
    })
}

/// The time of the computer that the store runs on, as it says it itself.
async fn now(shop: &Shop) -> chrono::DateTime<chrono::Utc> {
    let answer = client()
        .get(format!("{}/health/live", shop.url))
        .send()
        .await
        .expect("an answer");
    let date = answer.headers()["date"].to_str().expect("a date");
    chrono::DateTime::parse_from_rfc2822(date)
        .expect("a date")
        .to_utc()
}

impl Gateways {
    async fn orders(&self, gateway: &str) -> (Person, Order) {
        let mut ann = self.shop.newcomer("Ann").await;
        let sku = ann.finds_one().await;
        ann.adds(&sku, 1).await;
        let mut input = ann.checkout_input("ok", "one");
        input["payment"] = json!({ "gateway": gateway });
        let payload = ann.sends_checkout(input).await;
        let order = ann.ordered(&payload);
        (ann, order)
    }

    async fn posts(&self, path: &str, headers: Vec<(&'static str, String)>, body: Vec<u8>) -> u16 {
        let url = format!("{}{path}", self.shop.url);
        let request = client().post(url).body(body);
        let request = headers
            .into_iter()
            .fold(request, |request, (name, value)| request.header(name, value));
        request.send().await.expect("an answer").status().as_u16()
    }

    async fn stripe_tells(&self) {
        let at = now(&self.shop).await.timestamp();
        for body in self.stripe.events() {
            let head = vec![("stripe-signature", signature(&body, at, WEBHOOK_SECRET))];
            assert_eq!(self.posts("/webhooks/stripe", head, body).await, 200);
        }
    }

    /// Tries again by PayPal, and approves there.
    async fn pays_by_paypal(&self, ann: &Person, order: &Order) {
        let retry =
            json!({ "orderId": order.id, "payment": { "gateway": "PAYPAL" }, "idempotencyKey": "by PayPal" });
        ann.does("retryPayment", "RetryPaymentInput", retry, "order { id }")
            .await;
        let waiting = ann
            .looks_until(order, |it| {
                it["payment"]["gateway"] == "PAYPAL" && waits_for_the_shopper(it)
            })
            .await;
        let page = waiting["payment"]["redirectUrl"].as_str().expect("PayPal's page");
        self.paypal
            .approves(page.split_once("token=").expect("an order of PayPal's").1);
        self.paypal_tells().await;
    }

    async fn paypal_tells(&self) {
        let at = now(&self.shop)
            .await
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        for body in self.paypal.events() {
            let head = self.paypal.headers(&body, &at, Certificate::Good);
            assert_eq!(self.posts("/webhooks/paypal", head, body).await, 200);
        }
    }
}

fn waits_for_the_shopper(order: &Value) -> bool {
    order["payment"]["status"] == "ACTION_REQUIRED"
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_paid_by_stripe_and_partly_given_back() {
    let Some(gateways) = open().await else { return };
    let offered = gateways
        .shop
        .guest()
        .gets("{ paymentGateways { gateway publishableKey } }", json!({}))
        .await;
    assert_eq!(
        offered["paymentGateways"],
        json!([
            { "gateway": "STRIPE", "publishableKey": "pk_test_stand_in" },
            { "gateway": "PAYPAL", "publishableKey": CLIENT_ID },
            { "gateway": "SANDBOX", "publishableKey": "pk_sandbox" },
        ])
    );
    gateways.stripe.spoil(&[Fault::AnswerLost, Fault::HtmlPage]);
    let (ann, order) = gateways.orders("STRIPE").await;
    let waiting = ann.looks_until(&order, waits_for_the_shopper).await;
    let secret = waiting["payment"]["clientSecret"]
        .as_str()
        .expect("a client secret");
    let intent = secret.split_once("_secret").expect("an intent").0.to_owned();
    gateways.stripe.pays(&intent, Card::Good);
    gateways.stripe_tells().await;
    let paid = ann.awaits(&order, "PAID").await;
    let due = paid["total"]["amount"]
        .as_str()
        .expect("an amount")
        .replace('.', "");
    assert_eq!(gateways.stripe.holds(), (due.parse().expect("a number"), 0));

    let staff = gateways.shop.staff().await;
    let input =
        json!({ "paymentId": paid["payment"]["id"], "amount": "10.00", "idempotencyKey": "a scratch" });
    staff
        .does("refundPayment", "RefundPaymentInput", input, "payment { id }")
        .await;
    ann.looks_until(&order, |it| it["payment"]["status"] == "PARTIALLY_REFUNDED")
        .await;
    assert_eq!(gateways.stripe.holds().1, 1_000);
    assert_eq!(gateways.stripe.complaints(), Vec::<String>::new());
}

/// The whole program at its most talkative, with all that its libraries have to say: nothing that opens a door is in it.
#[tokio::test(flavor = "multi_thread")]
async fn no_key_token_or_card_is_ever_in_the_log() {
    let Some(mut gateways) = open_with("[log]\nfilter = \"trace\"").await else {
        return;
    };
    // By Stripe: declined, though the first answers repeat what they were asked; then paid by PayPal, and a part given back.
    gateways.stripe.spoil(&[Fault::EchoPage, Fault::EchoInstead]);
    let (ann, order) = gateways.orders("STRIPE").await;
    let waiting = ann.looks_until(&order, waits_for_the_shopper).await;
    let secret = waiting["payment"]["clientSecret"]
        .as_str()
        .expect("a client secret")
        .to_owned();
    let intent = secret.split_once("_secret").expect("an intent").0;
    let strange = vec![("stripe-signature", signature(b"{}", 0, "whsec_SomebodyQ7xW"))];
    assert_eq!(
        gateways.posts("/webhooks/stripe", strange, b"{}".to_vec()).await,
        400
    );
    gateways.stripe.spoil(&[Fault::EchoRefusal]);
    gateways.stripe.pays(intent, Card::Declined);
    gateways.stripe_tells().await;
    ann.awaits(&order, "PAYMENT_FAILED").await;
    gateways.paypal.spoil(&[Fault::EchoPage]);
    gateways.pays_by_paypal(&ann, &order).await;
    let paid = ann.awaits(&order, "PAID").await;
    let staff = gateways.shop.staff().await;
    let input =
        json!({ "paymentId": paid["payment"]["id"], "amount": "10.00", "idempotencyKey": "a scratch" });
    staff
        .does("refundPayment", "RefundPaymentInput", input, "payment { id }")
        .await;
    ann.looks_until(&order, |it| it["payment"]["status"] == "PARTIALLY_REFUNDED")
        .await;
    gateways.shop.interrupt().await;

    let log = gateways.shop.log();
    assert!(
        log.contains("TRACE") && log.contains("capture an order"),
        "it was told a lot"
    );
    let tokens = gateways.paypal.with(|it| it.tokens().to_vec());
    let people = [ann.token.clone(), staff.token.clone()].map(|token| token.expect("a token"));
    let all = [SECRET_KEY, WEBHOOK_SECRET, CLIENT_SECRET, CARD, &secret, "Q7xW"]
        .into_iter()
        .chain(tokens.iter().chain(&people).map(String::as_str));
    let told: Vec<String> = all
        .filter_map(|secret| {
            let line = log.lines().find(|line| line.contains(secret))?;
            let begin: String = line.chars().take(200).collect();
            Some(format!("{secret} stands in: {begin}"))
        })
        .collect();
    assert_eq!(told, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_paid_by_paypal_after_stripe_declined() {
    let Some(gateways) = open().await else { return };
    let (ann, order) = gateways.orders("STRIPE").await;
    let waiting = ann.looks_until(&order, waits_for_the_shopper).await;
    let secret = waiting["payment"]["clientSecret"]
        .as_str()
        .expect("a client secret");
    let intent = secret.split_once("_secret").expect("an intent").0;
    gateways.stripe.pays(intent, Card::Declined);
    gateways.stripe_tells().await;
    ann.awaits(&order, "PAYMENT_FAILED").await;

    gateways.pays_by_paypal(&ann, &order).await;
    ann.awaits(&order, "PAID").await;
    assert_eq!(gateways.stripe.holds(), (0, 0));
    assert!(gateways.paypal.holds().0 > 0);
    assert_eq!(gateways.paypal.complaints(), Vec::<String>::new());

    let cancel = json!({ "orderId": order.id });
    ann.does("cancelOrder", "CancelOrderInput", cancel, "order { id }")
        .await;
    ann.looks_until(&order, |it| it["payment"]["status"] == "REFUNDED")
        .await;
    let (came, back) = gateways.paypal.holds();
    assert_eq!(came, back);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_checkouts_at_once_with_one_key_make_one_order_and_one_charge() {
    let Some(gateways) = open().await else { return };
    let mut ann = gateways.shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    let before = ann.sees_available(&sku).await;
    ann.adds(&sku, 1).await;
    let mut input = ann.checkout_input("ok", "one");
    input["payment"] = json!({ "gateway": "STRIPE", "token": "pm_card_visa" });
    let payloads = join_all((0..50).map(|_| ann.sends_checkout(input.clone()))).await;
    let orders: HashSet<String> = payloads.iter().map(|payload| ann.ordered(payload).id).collect();
    assert_eq!(orders.len(), 1, "{orders:?}");
    let order = ann.ordered(&payloads[0]);
    ann.awaits(&order, "PAID").await;
    let paid = ann.looks_at(&order).await;
    assert_eq!(paid["payments"].as_array().map(Vec::len), Some(1));
    let due = paid["total"]["amount"]
        .as_str()
        .expect("an amount")
        .replace('.', "");
    assert_eq!(gateways.stripe.holds(), (due.parse().expect("a number"), 0));
    assert_eq!(ann.sees_available(&sku).await, before - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_webhooks_change_nothing_and_are_counted() {
    let Some(gateways) = open().await else { return };
    let (ann, order) = gateways.orders("STRIPE").await;
    ann.looks_until(&order, waits_for_the_shopper).await;
    let body = gateways.stripe.events().remove(0);
    let at = now(&gateways.shop).await.timestamp();
    let foreign = vec![("stripe-signature", signature(&body, at, "whsec_somebody"))];
    assert_eq!(
        gateways.posts("/webhooks/stripe", foreign, body.clone()).await,
        400
    );
    let stale = vec![("stripe-signature", signature(&body, at - 3_600, WEBHOOK_SECRET))];
    assert_eq!(gateways.posts("/webhooks/stripe", stale, body.clone()).await, 400);
    assert_eq!(gateways.posts("/webhooks/paypal", Vec::new(), body).await, 400);
    assert_eq!(
        gateways
            .posts("/webhooks/stripe", Vec::new(), vec![b' '; 300 * 1024])
            .await,
        413
    );
    let metrics = client()
        .get(format!("{}/metrics", gateways.shop.url))
        .send()
        .await
        .expect("metrics")
        .text()
        .await
        .expect("metrics");
    for line in [
        "lavka_payments_webhooks_turned_away_total{gateway=\"STRIPE\",reason=\"foreign\"} 1\n",
        "lavka_payments_webhooks_turned_away_total{gateway=\"STRIPE\",reason=\"stale\"} 1\n",
        "lavka_payments_webhooks_turned_away_total{gateway=\"PAYPAL\",reason=\"no_signature\"} 1\n",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_webhook_told_is_mended_by_hand_while_the_store_is_down() {
    let Some(mut gateways) = open().await else { return };
    let (ann, order) = gateways.orders("STRIPE").await;
    let waiting = ann.looks_until(&order, waits_for_the_shopper).await;
    let secret = waiting["payment"]["clientSecret"]
        .as_str()
        .expect("a client secret");
    gateways.shop.kill().await;
    gateways
        .stripe
        .pays(secret.split_once("_secret").expect("an intent").0, Card::Good);
    let reconcile = async || {
        let output = tokio::process::Command::new(crate::shop::lavka())
            .args(["payments", "reconcile", "--data"])
            .arg(gateways.shop.data())
            .arg("--config")
            .arg(gateways.shop.data().join("lavka.toml"))
            .output()
            .await
            .expect("run lavka");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    };
    let told = reconcile().await;
    assert!(
        told.contains("STRIPE): ACTION_REQUIRED here, now SUCCEEDED\n"),
        "{told}"
    );
    assert!(told.ends_with("1 payments were compared, 1 findings\n"), "{told}");
    let told = reconcile().await;
    assert_eq!(told, "1 payments were compared, 0 findings\n");
    gateways.shop.start_again().await;
    ann.at(&gateways.shop.url).awaits(&order, "PAID").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_amount_is_shown_to_staff_and_given_back_on_their_word() {
    let shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("wrong_amount").await;
    let staff = shop.staff().await;
    let query = "{ paymentsWantingAttention { id attention status order { id number } } }";
    let flagged = crate::people::eventually(async || {
        let seen = staff.gets(query, json!({})).await["paymentsWantingAttention"][0].clone();
        (seen["attention"] == "AMOUNT_DISAGREES").then_some(seen)
    })
    .await;
    assert_eq!(
        (&flagged["status"], &flagged["order"]["id"]),
        (&json!("PENDING"), &json!(order.id))
    );
    let hers = ann.asks(query, json!({})).await;
    assert_eq!(hers.code(), "UNAUTHORIZED_FIELD_OR_TYPE", "{:#}", hers.body);
    let input = json!({ "paymentId": flagged["id"], "idempotencyKey": "too much" });
    let done = staff
        .does("refundPayment", "RefundPaymentInput", input, "payment { status }")
        .await;
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
    ann.awaits(&order, "PAYMENT_FAILED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_fails_waits_for_staff_until_they_have_dealt_with_it() {
    let shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("refund_fails").await;
    ann.awaits(&order, "PAID").await;
    let staff = shop.staff().await;
    let payment = ann.looks_at(&order).await["payments"][0]["id"].clone();
    let input = json!({ "paymentId": payment, "idempotencyKey": "in vain" });
    staff
        .does("refundPayment", "RefundPaymentInput", input, "payment { status }")
        .await;
    let query = "{ paymentsWantingAttention { id attention } }";
    let waiting = async || staff.gets(query, json!({})).await["paymentsWantingAttention"].clone();
    assert_eq!(
        waiting().await,
        json!([{ "id": payment, "attention": "REFUND_FAILED" }])
    );
    let input = json!({ "paymentId": payment, "attention": "REFUND_FAILED" });
    let done = staff
        .does(
            "settleAttention",
            "SettleAttentionInput",
            input,
            "payment { attention }",
        )
        .await;
    assert_eq!(done["payment"], json!({ "attention": null }), "{done:#}");
    assert_eq!(waiting().await, json!([]));
}
