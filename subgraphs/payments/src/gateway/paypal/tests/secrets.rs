//! Whatever PayPal answers, our log knows no secret: with all levels on, those of the libraries too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lavka_kit::testing::Logs;
use lavka_stand_ins::CARD;

use super::*;

/// The id of a PayPal order is what its buttons want, and no secret: who has it can do nothing without the shopper's log-in.
fn is_silent(logs: &Logs, stage: &Stage) {
    let basic = STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"));
    let tokens = stage.paypal.with(|it| it.tokens().to_vec());
    assert!(!tokens.is_empty());
    let mut secrets = vec![CLIENT_SECRET, &basic, "Bearer", "Basic", "A21AA", CARD];
    secrets.extend(tokens.iter().map(String::as_str));
    logs.say_nothing_of(&secrets);
}

#[tokio::test]
async fn a_paid_a_declined_and_a_given_back_payment_leave_no_secret_in_the_log() {
    let logs = Logs::listen();
    let stage = stage().await;
    let (order, id) = stage.begins().await;
    stage.paypal.approves(&id);
    stage.tells().await;
    let payment = stage.scene.payment(order).await;
    stage.scene.gives_back(&payment, Some("290.50"), "part").await;
    stage.scene.cancels(order).await;
    stage.tells().await;
    stage.paypal.with(|it| it.decline(true));
    let (_, id) = stage.begins().await;
    stage.paypal.approves(&id);
    stage.tells().await;
    assert_eq!(stage.paypal.holds(), (129_050, 129_050));
    let told = logs.text();
    assert!(
        told.contains("capture an order") && told.contains("/v1/oauth2/token"),
        "{told}"
    );
    is_silent(&logs, &stage);
}

#[tokio::test]
async fn a_paypal_that_repeats_what_it_was_sent_is_not_repeated_by_us() {
    for fault in [Fault::EchoRefusal, Fault::EchoPage, Fault::EchoInstead] {
        let logs = Logs::listen();
        let stage = stage().await;
        // The token, then the creation.
        stage.paypal.spoil(&[fault]);
        stage.begins_badly().await;
        stage.scene.passes(400).await;
        stage.paypal.spoil(&[fault]);
        stage.begins_badly().await;
        stage.scene.passes(400).await;
        // A look, a capture.
        let (order, id) = stage.begins().await;
        stage.paypal.approves(&id);
        stage.paypal.spoil(&[fault]);
        stage.tells().await;
        stage.scene.passes(400).await;
        let payment = stage.scene.payment(order).await;
        let gateway = stage.scene.desk.gateways.get(Gateway::Paypal).unwrap().clone();
        stage.paypal.spoil(&[fault]);
        let name = payment.name().unwrap();
        let _ = gateway.capture(&name).await;
        // A refund, and what is looked up for it.
        stage.paypal.spoil(&[fault]);
        stage.scene.gives_back(&payment, Some("1.00"), "one").await;
        stage.paypal.spoil(&[fault; 3]);
        stage.scene.passes(400).await;
        stage.paypal.spoil(&[fault; 8]);
        stage.scene.desk.reconcile().await.unwrap();
        assert!(logs.text().contains(&payment.id.to_string()), "{fault:?}");
        is_silent(&logs, &stage);
    }
}

#[tokio::test]
async fn webhooks_leave_no_secret_in_the_log_whoever_sends_them() {
    let logs = Logs::listen();
    let stage = stage().await;
    let (_, id) = stage.begins().await;
    stage.paypal.approves(&id);
    let body = stage.paypal.events().remove(0);
    let echo = format!(r#"{{"id":"WH-1","event_type":["{CLIENT_SECRET} {CARD}"]}}"#);
    for body in [body.as_slice(), echo.as_bytes(), CLIENT_SECRET.as_bytes()] {
        for certificate in [Certificate::Good, Certificate::Expired] {
            let headers = stage.paypal.headers(body, NOON, certificate);
            let signature = headers
                .iter()
                .find(|header| header.0 == "paypal-transmission-sig")
                .unwrap()
                .1
                .clone();
            stage.sends(body, headers).await;
            logs.say_nothing_of(&[&signature]);
        }
    }
    stage.scene.work().await;
    assert!(logs.text().contains("a webhook was turned away"));
    is_silent(&logs, &stage);
}
