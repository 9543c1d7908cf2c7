//! Whatever Stripe answers, our log knows no secret: with all levels on, those of the libraries too.

use lavka_kit::testing::Logs;
use lavka_stand_ins::CARD;

use super::*;

/// Everything that goes to Stripe or comes from it and that nobody may read in a log.
fn secrets(stripe: &Server<StandIn>) -> Vec<String> {
    let clients = stripe.with(|it| it.intents());
    clients
        .iter()
        .filter_map(|it| it["client_secret"].as_str().map(str::to_owned))
        .chain(
            [
                SECRET_KEY,
                WEBHOOK_SECRET,
                CARD,
                "pm_card_visa",
                "ctoken_visa",
                "Bearer",
                "_secret_",
            ]
            .map(str::to_owned),
        )
        .collect()
}

fn is_silent(logs: &Logs, stripe: &Server<StandIn>) {
    let secrets = secrets(stripe);
    logs.say_nothing_of(&secrets.iter().map(String::as_str).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_paid_a_declined_and_a_given_back_payment_leave_no_secret_in_the_log() {
    let logs = Logs::listen();
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, None).await;
    let payment = scene.payment(order).await;
    stripe.pays(&intent(&payment), Card::Secure);
    tells(&scene, &stripe).await;
    stripe.pays(&intent(&payment), Card::Good);
    tells(&scene, &stripe).await;
    scene.gives_back(&payment, Some("290.50"), "part").await;
    tells(&scene, &stripe).await;
    scene.cancels(order).await;
    scene.work().await;
    for token in [
        "pm_card_visa",
        "ctoken_visa",
        "pm_card_chargeDeclined",
        "pm_nobodys",
    ] {
        scene.pays_at(Gateway::Stripe, Some(token)).await;
    }
    assert_eq!(stripe.holds(), (3 * 129_050, 129_050));
    let told = logs.text();
    assert!(
        told.contains("create a PaymentIntent") && told.contains(&intent(&payment)),
        "{told}"
    );
    is_silent(&logs, &stripe);
}

#[tokio::test]
async fn a_stripe_that_repeats_what_it_was_sent_is_not_repeated_by_us() {
    for fault in [Fault::EchoRefusal, Fault::EchoPage, Fault::EchoInstead] {
        let logs = Logs::listen();
        let (scene, stripe) = stage().await;
        // The creation; the confirmation, with a look behind it.
        stripe.spoil(&[fault]);
        scene.pays_at(Gateway::Stripe, None).await;
        scene.passes(400).await;
        let order = scene.pays_at(Gateway::Stripe, None).await;
        let payment = scene.payment(order).await;
        // A look; a cancellation.
        stripe.spoil(&[fault]);
        tells(&scene, &stripe).await;
        stripe.spoil(&[fault, fault]);
        scene.cancels(order).await;
        scene.passes(400).await;
        scene.passes(400).await;
        assert_eq!(scene.payment(order).await.status, Status::Cancelled, "{fault:?}");
        // A refund, and the search for it.
        let paid = scene.pays_at(Gateway::Stripe, Some("pm_card_visa")).await;
        let paid = scene.payment(paid).await;
        stripe.spoil(&[fault, fault]);
        scene.gives_back(&paid, None, "all").await;
        scene.passes(400).await;
        // A reconciliation.
        stripe.spoil(&[fault; 8]);
        let findings = scene.desk.reconcile().await.unwrap().findings;
        let told: String = findings.iter().map(ToString::to_string).collect();
        for secret in secrets(&stripe) {
            assert!(!told.contains(&secret), "{fault:?}: {told}");
        }
        assert!(logs.text().contains(&payment.id.to_string()), "{fault:?}");
        is_silent(&logs, &stripe);
    }
}

#[tokio::test]
async fn webhooks_leave_no_secret_in_the_log_whoever_sends_them() {
    let logs = Logs::listen();
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, None).await;
    stripe.pays(&intent(&scene.payment(order).await), Card::Good);
    let body = stripe.events().remove(0);
    let echo = format!(r#"{{"id":"evt_x","type":"t","data":{{"object":"{SECRET_KEY} {CARD}"}}}}"#);
    for body in [body.as_slice(), echo.as_bytes(), SECRET_KEY.as_bytes(), b"\xff"] {
        for (at, secret) in [
            (NOON, WEBHOOK_SECRET),
            (NOON, "whsec_Somebody"),
            (NOON - 301, WEBHOOK_SECRET),
        ] {
            let head = signature(body, at, secret);
            let sign = head.split("v1=").nth(1).unwrap().to_owned();
            let mut headers = HeaderMap::new();
            headers.insert("stripe-signature", head.parse().unwrap());
            let _ = scene
                .desk
                .receive_webhook(Gateway::Stripe, &headers, body)
                .await
                .unwrap();
            logs.say_nothing_of(&[&sign, "whsec_"]);
        }
    }
    scene.work().await;
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
    assert!(logs.text().contains("a webhook was turned away"));
    is_silent(&logs, &stripe);
}

#[tokio::test]
async fn a_key_that_stripe_does_not_take_is_not_told_by_its_refusal() {
    let logs = Logs::listen();
    let stripe = Server::stripe(API_VERSION).await;
    let config = StripeConfig {
        secret_key: Some(Secret::new("sk_test_51WrongQ7xW".to_owned())),
        ..config(&stripe.url)
    };
    let scene = Scene::with(|clock| vec![gateway(&config, 1, clock)]).await;
    scene.pays_at(Gateway::Stripe, None).await;
    assert!(logs.text().contains("401"), "{}", logs.text());
    assert!(
        !format!("{config:?}").contains("Q7xW"),
        "nor by the configuration"
    );
    logs.say_nothing_of(&["sk_test_51WrongQ7xW", "Bearer"]);
}
