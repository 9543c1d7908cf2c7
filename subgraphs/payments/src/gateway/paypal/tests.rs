//! Against the stand-in under tests/stand-ins, through the whole desk.

mod secrets;

use std::sync::Arc;
use std::time::Duration;

use lavka_kit::config::Secret;
use lavka_kit::ids::SeededRandomness;
use lavka_stand_ins::paypal::{AUTHORITY, CLIENT_ID, CLIENT_SECRET, Certificate, WEBHOOK_ID};
use lavka_stand_ins::{Fault, Paypal as StandIn, Server};

use super::*;
use crate::payment::{Attention, Payment, Status};
use crate::receive_webhook::Received;
use crate::scene::{Scene, permutations};

const NOON: &str = "2026-01-15T12:00:00Z";

struct Stage {
    scene: Scene,
    paypal: Server<StandIn>,
    _authorities: tempfile::NamedTempFile,
}

async fn stage() -> Stage {
    let paypal = Server::paypal().await;
    let authorities = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(authorities.path(), AUTHORITY).unwrap();
    let config = PaypalConfig {
        client_id: Some(CLIENT_ID.to_owned()),
        client_secret: Some(Secret::new(CLIENT_SECRET.to_owned())),
        webhook_id: Some(WEBHOOK_ID.to_owned()),
        url: paypal.url.clone(),
        certificate_authorities: Some(authorities.path().to_owned()),
        timeout_seconds: 20,
    };
    let patience = Patience {
        tries: 1,
        wait: Duration::ZERO,
        timeout: Duration::from_secs(20),
    };
    let scene = Scene::with(|clock| {
        let gateway = Paypal::new(&config, patience, clock, Arc::new(SeededRandomness::new(1)));
        vec![Arc::new(gateway.unwrap().unwrap()) as Arc<dyn PaymentGateway>]
    })
    .await;
    Stage {
        scene,
        paypal,
        _authorities: authorities,
    }
}

fn reference(payment: &Payment) -> String {
    payment.reference.clone().unwrap()
}

impl Stage {
    /// An order that waits for the shopper's approval; with PayPal's name for it.
    async fn begins(&self) -> (lavka_kit::ids::Id, String) {
        let order = self.scene.pays_at(Gateway::Paypal, None).await;
        (order, reference(&self.scene.payment(order).await))
    }

    /// The same, where it may come to nothing.
    async fn begins_badly(&self) {
        self.scene.pays_at(Gateway::Paypal, None).await;
    }

    async fn sends(&self, body: &[u8], headers: Vec<(&'static str, String)>) -> Received {
        let mut head = HeaderMap::new();
        for (name, value) in headers {
            head.insert(name, value.parse().unwrap());
        }
        self.scene
            .desk
            .receive_webhook(Gateway::Paypal, &head, body)
            .await
            .unwrap()
    }

    /// Every event so far is sent, and taken in.
    async fn tells(&self) {
        for body in self.paypal.events() {
            let headers = self.paypal.headers(&body, NOON, Certificate::Good);
            assert_eq!(self.sends(&body, headers).await, Received::Kept);
        }
        self.scene.work().await;
    }
}

#[tokio::test]
async fn the_shopper_approves_on_paypals_page_and_we_capture() {
    let stage = stage().await;
    let (order, id) = stage.begins().await;
    let payment = stage.scene.payment(order).await;
    assert_eq!(payment.status, Status::ActionRequired);
    assert_eq!(
        payment.redirect_url,
        Some(format!("https://www.paypal.test/checkoutnow?token={id}"))
    );
    assert_eq!(payment.client_secret, Some(id.clone()));
    let made = stage.paypal.with(|it| it.order(&id).clone());
    let unit = &made["purchase_units"][0];
    assert_eq!(
        unit["amount"],
        json!({ "currency_code": "RUB", "value": "1290.50" })
    );
    assert_eq!(unit["custom_id"], payment.id.to_string());
    assert_eq!(unit["invoice_id"], order.to_string());

    stage.paypal.approves(&id);
    stage.tells().await;
    assert_eq!(stage.scene.payment(order).await.status, Status::Succeeded);
    assert_eq!(stage.paypal.holds(), (129_050, 0));
    assert_eq!(stage.scene.told().await, ["action_required", "succeeded"]);
    assert_eq!(stage.paypal.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn one_token_serves_until_it_is_not_taken_any_more() {
    let stage = stage().await;
    let tokens = |asked: Vec<String>| asked.iter().filter(|it| it.ends_with("/token")).count();
    stage.begins().await;
    stage.begins().await;
    assert_eq!(tokens(stage.paypal.asked()), 1);
    stage.paypal.with(StandIn::revoke_tokens);
    stage.begins().await;
    assert_eq!(tokens(stage.paypal.asked()), 1);
    stage.scene.clock.advance(Duration::from_secs(9 * 3600));
    stage.begins().await;
    assert_eq!(tokens(stage.paypal.asked()), 1, "it has expired");
}

#[tokio::test]
async fn a_capture_whose_answer_is_lost_is_found_out_and_takes_the_money_once() {
    for fault in [
        Fault::AnswerLost,
        Fault::Error,
        Fault::HtmlPage,
        Fault::HtmlInstead,
        Fault::Busy,
    ] {
        let stage = stage().await;
        let (order, id) = stage.begins().await;
        stage.paypal.approves(&id);
        stage.scene.clock.advance(Duration::from_secs(60));
        let payment = stage.scene.payment(order).await;
        // The question passes, the capture goes wrong.
        stage.paypal.spoil(&[Fault::Busy]);
        stage.scene.desk.settle_payment(payment.id).await.unwrap();
        stage.scene.clock.advance(Duration::from_secs(60));
        let name = payment.name().unwrap();
        let gateway = stage.scene.desk.gateways.get(Gateway::Paypal).unwrap().clone();
        gateway.fetch(&name).await.unwrap();
        stage.paypal.spoil(&[fault]);
        gateway.capture(&name).await.unwrap_err();
        stage.scene.work().await;
        assert_eq!(
            stage.scene.payment(order).await.status,
            Status::Succeeded,
            "{fault:?}"
        );
        assert_eq!(stage.paypal.holds(), (129_050, 0), "{fault:?}");
    }
}

#[tokio::test]
async fn a_declined_capture_ends_the_attempt_and_another_gateway_may_take_its_place() {
    let stage = stage().await;
    let (order, id) = stage.begins().await;
    stage.paypal.with(|it| it.decline(true));
    stage.paypal.approves(&id);
    stage.tells().await;
    let payment = stage.scene.payment(order).await;
    assert_eq!(
        (payment.status, payment.failure.unwrap().code.as_str()),
        (Status::Failed, "declined")
    );
    stage.scene.retries(order, 2, "ok").await;
    stage.scene.work().await;
    assert_eq!(stage.scene.payments(order).await[1].status, Status::Succeeded);

    // The shopper goes back to PayPal's page, where the order is still open, and approves it with another card.
    stage.paypal.with(|it| it.decline(false));
    stage.paypal.approves(&id);
    stage.tells().await;
    stage.scene.passes(3600).await;
    assert_eq!(
        stage.paypal.holds(),
        (0, 0),
        "an attempt that has ended is never captured"
    );
    assert_eq!(stage.scene.bank_says().await, (129_050, 0));
}

#[tokio::test]
async fn what_is_given_up_is_never_captured_and_what_is_captured_never_given_up() {
    let stage = stage().await;
    let (order, id) = stage.begins().await;
    stage.paypal.approves(&id);
    stage.scene.cancels(order).await;
    stage.tells().await;
    assert_eq!(stage.scene.payment(order).await.status, Status::Cancelled);
    assert_eq!(stage.paypal.holds(), (0, 0));

    // The request to capture is on its way, its answer lost, when the order is cancelled: only its outcome counts.
    let (order, id) = stage.begins().await;
    stage.paypal.approves(&id);
    stage.scene.clock.advance(Duration::from_secs(60));
    let payment = stage.scene.payment(order).await;
    let (payment, record) = stage.scene.desk.prepare(payment.id).await.unwrap().unwrap();
    let gateway = stage.scene.desk.gateways.get(Gateway::Paypal).unwrap().clone();
    stage.scene.desk.ask(&*gateway, &payment, &record).await.unwrap();
    stage.scene.cancels(order).await;
    stage.scene.work().await;
    assert_eq!(stage.paypal.holds(), (129_050, 129_050), "it came, and went back");
}

/// Whatever order the events of one payment come in, three times each; the refund is told of before the capture, too.
#[tokio::test]
async fn all_permutations_of_a_payments_webhooks_tripled_end_alike() {
    for permutation in permutations(4) {
        let stage = stage().await;
        let (order, id) = stage.begins().await;
        stage.paypal.approves(&id);
        // What PayPal tells of all that will happen, before we have heard of any of it.
        let mut events = stage.paypal.events();
        let gateway = stage.scene.desk.gateways.get(Gateway::Paypal).unwrap().clone();
        let payment = stage.scene.payment(order).await;
        let name = payment.name().unwrap();
        gateway.capture(&name).await.unwrap();
        stage.paypal.with(|it| it.refund_by_hand(&id, "90.50"));
        events.extend(stage.paypal.events());
        events
            .push(br#"{"id":"WH-novelty","event_type":"SOMETHING.NEW","resource_type":"novelty"}"#.to_vec());
        assert_eq!(events.len(), 4, "approved, captured, refunded, and a novelty");
        for at in permutation {
            for _ in 0..3 {
                let headers = stage.paypal.headers(&events[at], NOON, Certificate::Good);
                assert_eq!(stage.sends(&events[at], headers).await, Received::Kept);
            }
            stage.scene.work().await;
        }
        let payment = stage.scene.payment(order).await;
        assert_eq!(payment.status, Status::Succeeded);
        assert_eq!(stage.paypal.holds(), (129_050, 9_050));
        assert_eq!(stage.scene.told().await, ["action_required", "succeeded"]);
        stage.scene.desk.reconcile().await.unwrap();
        assert_eq!(
            stage.scene.payment(order).await.attention.first(),
            Some(Attention::RefundedElsewhere)
        );
    }
}

#[tokio::test]
async fn a_capture_under_review_is_pending_until_paypal_decides() {
    for (decision, status) in [("COMPLETED", Status::Succeeded), ("DECLINED", Status::Failed)] {
        let stage = stage().await;
        stage.paypal.with(|it| it.review(true));
        let (order, id) = stage.begins().await;
        stage.paypal.approves(&id);
        stage.tells().await;
        assert_eq!(stage.scene.payment(order).await.status, Status::Pending);
        stage.paypal.with(|it| it.end_review(&id, decision));
        stage.tells().await;
        assert_eq!(stage.scene.payment(order).await.status, status);
    }
}

#[tokio::test]
async fn money_goes_back_in_parts_and_a_lost_answer_gives_back_once() {
    let stage = stage().await;
    let (order, id) = stage.begins().await;
    stage.paypal.approves(&id);
    stage.tells().await;
    let payment = stage.scene.payment(order).await;
    stage.scene.gives_back(&payment, Some("290.50"), "one").await;
    // PayPal has forgotten the request's id, and its answer was lost: it is found by ours.
    stage.paypal.with(StandIn::forget_requests);
    stage.scene.gives_back(&payment, Some("100.00"), "two").await;
    stage.paypal.with(StandIn::forget_requests);
    stage.scene.gives_back(&payment, None, "the rest").await;
    stage.tells().await;
    assert_eq!(stage.paypal.holds(), (129_050, 129_050));
    assert_eq!(
        stage.scene.told().await,
        ["action_required", "succeeded", "refunded", "refunded", "refunded"]
    );
    assert_eq!(stage.paypal.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn an_order_that_vanished_at_paypal_ends_and_calls_staff() {
    let stage = stage().await;
    let (order, id) = stage.begins().await;
    stage.paypal.with(|it| it.lose(&id));
    stage.scene.passes(3600).await;
    assert_eq!(
        stage.scene.payment(order).await.status,
        Status::ActionRequired,
        "it may only be late"
    );
    stage.scene.passes(6 * 3600).await;
    let payment = stage.scene.payment(order).await;
    assert_eq!(
        (payment.status, payment.attention.first()),
        (Status::Failed, Some(Attention::UnknownAtGateway))
    );
}

#[tokio::test]
async fn an_order_that_nobody_approved_may_vanish_and_calls_nobody() {
    let stage = stage().await;
    let (order, id) = stage.begins().await;
    stage.scene.cancels(order).await;
    stage.scene.work().await;
    stage.paypal.with(|it| it.lose(&id));
    stage.scene.passes(7 * 3600).await;
    let done = stage.scene.desk.reconcile().await.unwrap();
    assert_eq!((done.looked_at, done.findings), (1, Vec::new()));
    let payment = stage.scene.payment(order).await;
    assert_eq!(
        (payment.status, payment.attention.first()),
        (Status::Cancelled, None)
    );
}

#[tokio::test]
async fn another_amount_or_currency_is_flagged_and_never_captured() {
    for fault in [Fault::OtherAmount, Fault::OtherCurrency] {
        let stage = stage().await;
        let (order, id) = stage.begins().await;
        stage.paypal.approves(&id);
        stage.paypal.spoil(&[fault]);
        stage.tells().await;
        let payment = stage.scene.payment(order).await;
        assert_eq!(
            payment.attention.first(),
            Some(Attention::AmountDisagrees),
            "{fault:?}"
        );
        assert_eq!(stage.paypal.holds(), (0, 0), "{fault:?}");
    }
}

#[tokio::test]
async fn only_a_webhook_that_paypal_signed_just_now_is_kept() {
    let stage = stage().await;
    let (_, id) = stage.begins().await;
    stage.paypal.approves(&id);
    let body = stage.paypal.events().remove(0);
    let good = || stage.paypal.headers(&body, NOON, Certificate::Good);
    let with = |name: &'static str, value: &str| {
        let mut headers = good();
        for header in headers.iter_mut().filter(|header| header.0 == name) {
            header.1 = value.to_owned();
        }
        headers
    };
    let at = |time: &str, certificate| stage.paypal.headers(&body, time, certificate);
    let elsewhere = |url: &str| lavka_stand_ins::paypal::headers(&body, NOON, WEBHOOK_ID, url);
    let cases = [
        (Vec::new(), "no_signature"),
        (with("paypal-auth-algo", "MD5withRSA"), "no_signature"),
        (with("paypal-transmission-sig", "???"), "no_signature"),
        (with("paypal-transmission-sig", "AAAA"), "foreign"),
        (with("paypal-transmission-id", "another"), "foreign"),
        (
            with("paypal-transmission-time", "2026-01-15T12:00:01Z"),
            "foreign",
        ),
        (
            lavka_stand_ins::paypal::headers(
                &body,
                NOON,
                "WH-ANOTHER",
                &format!("{}{}", stage.paypal.url, Certificate::Good.path()),
            ),
            "foreign",
        ),
        (at("2026-01-10T12:00:00Z", Certificate::Good), "stale"),
        (at("2026-01-15T12:06:00Z", Certificate::Good), "stale"),
        (at(NOON, Certificate::SomebodyElses), "certificate"),
        (at(NOON, Certificate::Expired), "certificate"),
        (at(NOON, Certificate::Strangers), "certificate"),
        (
            elsewhere("https://evil.test/v1/notifications/certs/CERT-good"),
            "certificate",
        ),
        (
            elsewhere("https://api.paypal.com.evil.test/v1/notifications/certs/x"),
            "certificate",
        ),
        (
            elsewhere("https://api.paypal.com@evil.test/v1/notifications/certs/x"),
            "certificate",
        ),
        (
            elsewhere("http://api.paypal.com/v1/notifications/certs/x"),
            "certificate",
        ),
        (
            elsewhere("https://api.paypal.com:8443/v1/notifications/certs/x"),
            "certificate",
        ),
        (
            elsewhere(&format!("{}/v1/other", stage.paypal.url)),
            "certificate",
        ),
        (
            elsewhere(&format!("{}{}?one", stage.paypal.url, Certificate::Good.path())),
            "certificate",
        ),
        (
            elsewhere(&format!("{}/v1/notifications/certs/unknown", stage.paypal.url)),
            "certificate",
        ),
        (
            elsewhere(&format!("{}/v1/notifications/certs/unknown", stage.paypal.url)),
            "certificate",
        ),
    ];
    for (headers, why) in cases {
        let told = format!("{headers:?}");
        let received = stage.sends(&body, headers).await;
        assert!(
            matches!(&received, Received::TurnedAway(bad) if bad.code() == why),
            "{received:?} of {told}"
        );
    }
    let asked = stage.paypal.asked();
    let unknown = asked.iter().filter(|it| it.contains("certs/unknown")).count();
    assert_eq!(unknown, 1, "what isn't there isn't asked for again: {asked:?}");
    let mut tampered = body.clone();
    tampered.push(b' ');
    let received = stage.sends(&tampered, good()).await;
    assert_eq!(
        received,
        Received::TurnedAway(BadNotice::Foreign),
        "the body is part of what is signed"
    );
    assert_eq!(stage.sends(&body, good()).await, Received::Kept);
    assert_eq!(stage.sends(&body, good()).await, Received::Kept, "kept before");
    assert_eq!(
        stage
            .scene
            .desk
            .counters
            .turned_away_for(Gateway::Paypal, "foreign"),
        5
    );
}

#[tokio::test]
async fn what_was_captured_goes_back_also_when_paypal_has_forgotten_the_order() {
    let stage = stage().await;
    let (order, id) = stage.begins().await;
    stage.paypal.approves(&id);
    stage.tells().await;
    let payment = stage.scene.payment(order).await;
    stage.paypal.with(|it| it.forget_order(&id));
    stage.scene.clock.advance(Duration::from_secs(30 * 24 * 3600));
    stage.scene.gives_back(&payment, Some("90.50"), "a part").await;
    assert_eq!(stage.paypal.holds(), (129_050, 9_050));
    assert_eq!(stage.scene.desk.reconcile().await.unwrap().findings, []);
    stage.scene.gives_back(&payment, None, "the rest").await;
    assert_eq!(stage.paypal.holds(), (129_050, 129_050));
    assert_eq!(stage.scene.desk.reconcile().await.unwrap().findings, []);
    assert_eq!(stage.paypal.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn what_a_refund_or_a_dispute_is_about_is_found_by_the_capture() {
    let stage = stage().await;
    let (order, id) = stage.begins().await;
    stage.paypal.approves(&id);
    stage.tells().await;
    stage.paypal.with(|it| it.refund_by_hand(&id, "90.50"));
    let told = String::from_utf8(stage.paypal.events().pop().unwrap()).unwrap();
    // As PayPal writes them where a capture has no `custom_id`.
    let payment = stage.scene.payment(order).await;
    let body = told.replace(&payment.id.to_string(), "").into_bytes();
    let headers = stage.paypal.headers(&body, NOON, Certificate::Good);
    assert_eq!(stage.sends(&body, headers).await, Received::Kept);
    stage.scene.work().await;
    let seen = stage.scene.payment(order).await;
    assert_eq!(
        (seen.attention.first(), seen.elsewhere),
        (Some(Attention::RefundedElsewhere), 9_050)
    );
    stage.paypal.asked();
    let dispute = json!({ "id": "WH-dispute", "event_type": "CUSTOMER.DISPUTE.CREATED", "resource_type": "dispute",
        "resource": { "dispute_id": "PP-D-1", "disputed_transactions": [{ "seller_transaction_id": seen.capture }] } });
    let body = dispute.to_string().into_bytes();
    let headers = stage.paypal.headers(&body, NOON, Certificate::Good);
    assert_eq!(stage.sends(&body, headers).await, Received::Kept);
    stage.scene.work().await;
    assert_eq!(stage.paypal.asked(), [format!("GET /v2/checkout/orders/{id}")]);
}
