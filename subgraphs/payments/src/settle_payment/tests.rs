use lavka_kit::events::payments::{PaymentActionRequired, PaymentRefunded};

use crate::gateway::sandbox::Decision;
use crate::payment::Status;
use crate::scene::{Fault, Scene};

#[tokio::test]
async fn an_answer_that_is_lost_after_the_charge_does_not_charge_again() {
    let scene = Scene::start().await;
    scene.spoil(&[Fault::AnswerLost]);
    let order = scene.pays("ok").await;
    assert_eq!(scene.payment(order).await.status, Status::Pending);
    scene.passes(1).await;
    assert_eq!(scene.calls(), ["create", "create"]);
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
    assert_eq!(scene.bank_says().await, (129_050, 0));
    assert_eq!(scene.told().await, ["succeeded"]);
}

#[tokio::test]
async fn a_gateway_that_is_away_is_asked_ever_more_seldom_until_it_answers() {
    let scene = Scene::start().await;
    scene.spoil(&[Fault::Lost, Fault::Lost]);
    let order = scene.pays("ok").await;
    scene.work().await;
    assert_eq!(scene.calls(), ["create"], "not before a second has passed");
    scene.passes(1).await;
    scene.passes(1).await;
    assert_eq!(scene.calls(), ["create"], "the second wait is longer");
    scene.passes(1).await;
    assert_eq!(scene.calls(), ["create"]);
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
}

#[tokio::test]
async fn a_crash_between_noting_and_recording_is_mended_after_the_restart() {
    let scene = Scene::start().await;
    let order = scene.places("ok").await;
    let payment = scene.payment(order).await;
    // The process died in `ask`: the note is there, the charge too, the answer isn't.
    let (noted, record) = scene.desk.prepare(payment.id).await.unwrap().unwrap();
    let gateway = scene.desk.gateways.get(noted.gateway).unwrap().clone();
    scene.desk.ask(&*gateway, &noted, &record).await.unwrap();
    assert_eq!(scene.payment(order).await.status, Status::Pending);
    scene.passes(4).await;
    assert_eq!(
        scene.payment(order).await.status,
        Status::Pending,
        "it might still answer"
    );
    scene.passes(1).await;
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
    assert_eq!(scene.bank_says().await, (129_050, 0));
}

#[tokio::test]
async fn of_two_workers_at_once_only_one_asks() {
    let scene = Scene::start().await;
    let order = scene.places("ok").await;
    let id = scene.payment(order).await.id;
    let (one, two) = tokio::join!(scene.desk.settle_payment(id), scene.desk.settle_payment(id));
    one.unwrap();
    two.unwrap();
    assert_eq!(scene.calls(), ["create"]);
    assert_eq!(scene.told().await, ["succeeded"]);
    assert_eq!(scene.bank_says().await, (129_050, 0));
}

#[tokio::test]
async fn whoever_has_a_slow_gateway_in_hand_is_waited_for_and_a_look_that_is_asked_for_is_not_put_off() {
    let scene = Scene::start().await;
    let order = scene.places("early_webhook").await;
    let id = scene.payment(order).await.id;
    let (noted, record) = scene.desk.prepare(id).await.unwrap().unwrap();
    // Another replica looks for work while the gateway thinks.
    scene.passes(2).await;
    assert_eq!(scene.calls(), Vec::<&str>::new());
    let gateway = scene.desk.gateways.get(noted.gateway).unwrap().clone();
    scene.spoil(&[Fault::AnswerLost]);
    let answer = scene.desk.ask(&*gateway, &noted, &record).await;
    assert!(answer.is_err());
    // Its webhook has come meanwhile: the lost answer must not make it wait.
    let [webhook] = scene.desk.store.due(scene.desk.clock.now(), 10).await.unwrap()[..] else {
        panic!("the webhook only");
    };
    scene.desk.settle(webhook).await.unwrap();
    scene.desk.record(id, answer).await.unwrap();
    scene.work().await;
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
}

#[tokio::test]
async fn news_that_come_while_the_gateway_answers_are_looked_at_at_once() {
    let scene = Scene::start().await;
    let order = scene.pays("action_required").await;
    scene.clock.advance(std::time::Duration::from_secs(30));
    let payment = scene.payment(order).await;
    let (noted, record) = scene.desk.prepare(payment.id).await.unwrap().unwrap();
    let gateway = scene.desk.gateways.get(noted.gateway).unwrap().clone();
    let answer = scene.desk.ask(&*gateway, &noted, &record).await;
    // The answer was on its way when the shopper approved, and the webhook overtook it.
    scene.decides(&payment, Decision::Approve).await;
    let [webhook] = scene.desk.store.due(scene.desk.clock.now(), 10).await.unwrap()[..] else {
        panic!("the webhook only");
    };
    scene.desk.settle(webhook).await.unwrap();
    scene.desk.record(payment.id, answer).await.unwrap();
    scene.work().await;
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
}

#[tokio::test]
async fn a_slow_payment_succeeds_by_the_clock() {
    let scene = Scene::start().await;
    let order = scene.pays("slow").await;
    assert_eq!(scene.payment(order).await.status, Status::Pending);
    scene.passes(2).await;
    assert_eq!(scene.payment(order).await.status, Status::Pending);
    scene.passes(1).await;
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
}

#[tokio::test]
async fn the_shopper_approves_and_the_promised_money_is_captured() {
    let scene = Scene::start().await;
    let order = scene.pays("action_required").await;
    let payment = scene.payment(order).await;
    assert_eq!(payment.status, Status::ActionRequired);
    let told: PaymentActionRequired = scene.last().await;
    let link = told.redirect_url.unwrap();
    assert!(
        link.starts_with("http://shop.test/sandbox/payments/") && link.len() > 70,
        "{link}"
    );
    scene.calls();
    scene.decides(&payment, Decision::Approve).await;
    scene.work().await;
    assert_eq!(scene.calls(), ["fetch", "capture"]);
    let payment = scene.payment(order).await;
    assert_eq!((payment.status, payment.redirect_url), (Status::Succeeded, None));
    assert_eq!(scene.told().await, ["action_required", "succeeded"]);
}

#[tokio::test]
async fn a_decision_whose_news_is_lost_is_found_by_looking() {
    let scene = Scene::start().await;
    let order = scene.pays("action_required").await;
    let key = scene.payment(order).await.client_secret.unwrap();
    scene.bank.decide(&key, Decision::Approve).await.unwrap().unwrap();
    scene.passes(30).await;
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
}

#[tokio::test]
async fn an_action_that_is_declined_or_never_taken_fails_the_payment() {
    let scene = Scene::start().await;
    let declined = scene.pays("action_required").await;
    let ignored = scene.pays("action_required").await;
    scene
        .decides(&scene.payment(declined).await, Decision::Decline)
        .await;
    scene.passes(20 * 60).await;
    let code = async |order| scene.payment(order).await.failure.unwrap().code;
    assert_eq!(code(declined).await, "rejected_by_shopper");
    assert_eq!(code(ignored).await, "action_expired");
    assert_eq!(
        scene.told().await,
        ["action_required", "action_required", "failed", "failed"]
    );
}

#[tokio::test]
async fn a_gateway_that_refuses_the_charge_itself_fails_the_payment() {
    let scene = Scene::start().await;
    scene.spoil(&[Fault::Refused]);
    let order = scene.pays("ok").await;
    assert_eq!(scene.payment(order).await.failure.unwrap().code, "no_such_shop");
    assert_eq!(scene.told().await, ["failed"]);
}

#[tokio::test]
async fn another_amount_than_ours_is_never_taken_as_paid() {
    let scene = Scene::start().await;
    scene.spoil(&[Fault::OtherAmount]);
    let order = scene.pays("ok").await;
    assert_eq!(scene.payment(order).await.status, Status::Pending);
    assert!(scene.told().await.is_empty());
}

#[tokio::test]
async fn news_of_a_charge_that_is_not_ours_or_is_settled_changes_nothing() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    scene.calls();
    scene
        .desk
        .hear_news(payment.gateway, "sandbox_unknown")
        .await
        .unwrap();
    scene
        .desk
        .hear_news(payment.gateway, payment.reference.as_ref().unwrap())
        .await
        .unwrap();
    scene.work().await;
    assert!(scene.calls().is_empty());
    assert_eq!(scene.payment(order).await, payment);
}

#[tokio::test]
async fn news_of_a_failed_charge_is_looked_at_once_and_told_no_more() {
    let scene = Scene::start().await;
    let order = scene.pays("declined").await;
    let payment = scene.payment(order).await;
    scene.calls();
    scene
        .desk
        .hear_news(payment.gateway, payment.reference.as_ref().unwrap())
        .await
        .unwrap();
    scene.work().await;
    scene.passes(3600).await;
    assert_eq!(scene.calls(), ["fetch"]);
    assert_eq!(scene.told().await, ["failed"]);
}

#[tokio::test]
async fn what_a_bank_takes_a_second_time_goes_back_and_the_shopper_is_told() {
    let scene = Scene::start().await;
    let order = scene.pays("action_required").await;
    let first = scene.payment(order).await;
    scene.retries(order, 2, "ok").await;
    scene.work().await;
    // The first attempt was given up, and the bank takes its money all the same.
    scene
        .break_row("UPDATE sandbox_charges SET state = 'SUCCEEDED'")
        .await;
    let reference = first.reference.unwrap();
    scene.desk.hear_news(first.gateway, &reference).await.unwrap();
    scene.work().await;
    assert_eq!(scene.bank_says().await, (258_100, 129_050));
    assert_eq!(
        scene.told().await,
        ["action_required", "cancelled", "succeeded", "refunded"]
    );
    // It is the second payment's, not the one that pays the order.
    let told: PaymentRefunded = scene.last().await;
    assert_eq!(told.payment_id, first.id);
}
