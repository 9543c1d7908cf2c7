use lavka_kit::events::payments::PaymentRefunded;
use lavka_kit::ids::Id;

use crate::gateway::sandbox::Decision;
use crate::payment::Status;
use crate::scene::{Fault, Scene};

#[tokio::test]
async fn the_money_of_a_cancelled_order_goes_back() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    scene.cancels(order).await;
    scene.work().await;
    assert_eq!(scene.bank_says().await, (129_050, 129_050));
    assert_eq!(scene.told().await, ["succeeded", "refunded"]);
    let told: PaymentRefunded = scene.last().await;
    assert!(told.total);
    assert_eq!(told.refunded_amount.to_string(), "1290.50");
    // Told again, nothing goes back twice.
    scene.cancels(order).await;
    scene.work().await;
    assert_eq!(scene.bank_says().await, (129_050, 129_050));
}

#[tokio::test]
async fn what_was_given_back_already_is_not_given_back_again() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    let part = scene.refund_of(&payment, Some("90.50"), "part");
    scene.desk.refund_payment(part).await.unwrap().unwrap();
    scene.cancels(order).await;
    scene.work().await;
    assert_eq!(scene.bank_says().await, (129_050, 129_050));
    let told: PaymentRefunded = scene.last().await;
    assert_eq!((told.amount.to_string().as_str(), told.total), ("1200.00", true));
}

#[tokio::test]
async fn an_open_payment_of_a_cancelled_order_is_stopped() {
    let scene = Scene::start().await;
    let order = scene.pays("action_required").await;
    let payment = scene.payment(order).await;
    scene.cancels(order).await;
    scene.work().await;
    assert_eq!(scene.payment(order).await.status, Status::Cancelled);
    assert_eq!(scene.told().await, ["action_required", "cancelled"]);
    // The shopper comes too late to the page.
    let key = payment.client_secret.unwrap();
    scene.bank.decide(&key, Decision::Approve).await.unwrap();
    scene.passes(3600).await;
    assert_eq!(scene.bank_says().await, (0, 0));
}

#[tokio::test]
async fn a_payment_that_was_never_sent_is_stopped_without_a_call() {
    let scene = Scene::start().await;
    let order = scene.places("ok").await;
    scene.cancels(order).await;
    scene.work().await;
    assert!(scene.calls().is_empty());
    assert_eq!(scene.told().await, ["cancelled"]);
}

#[tokio::test]
async fn money_that_came_behind_a_lost_answer_is_found_and_goes_back() {
    let scene = Scene::start().await;
    scene.spoil(&[Fault::AnswerLost]);
    let order = scene.pays("ok").await;
    scene.cancels(order).await;
    scene.work().await;
    assert_eq!(scene.bank_says().await, (129_050, 129_050));
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
    assert_eq!(scene.told().await, ["succeeded", "refunded"]);
}

#[tokio::test]
async fn an_order_cancelled_while_the_gateway_answers_is_refunded() {
    let scene = Scene::start().await;
    let order = scene.places("ok").await;
    let id = scene.payment(order).await.id;
    let (noted, record) = scene.desk.prepare(id).await.unwrap().unwrap();
    let gateway = scene.desk.gateways.get(noted.gateway).unwrap().clone();
    let answer = scene.desk.ask(&*gateway, &noted, &record).await;
    scene.cancels(order).await;
    scene.desk.record(id, answer).await.unwrap();
    scene.work().await;
    assert_eq!(scene.bank_says().await, (129_050, 129_050));
}

#[tokio::test]
async fn a_late_attempt_of_a_cancelled_order_is_not_begun() {
    let scene = Scene::start().await;
    let order = scene.pays("declined").await;
    scene.cancels(order).await;
    scene.retries(order, 2, "ok").await;
    scene.work().await;
    assert_eq!(scene.bank_says().await, (0, 0));
    assert_eq!(scene.told().await, ["failed", "cancelled"]);
}

#[tokio::test]
async fn an_order_that_is_placed_here_only_after_its_end_is_never_charged() {
    let scene = Scene::start().await;
    let order = Id::from_u128(404);
    scene.cancels(order).await;
    scene.work().await;
    assert!(scene.told().await.is_empty());
    // Its `placed` was a dead letter, and is replayed.
    scene.retries(order, 1, "ok").await;
    scene.work().await;
    assert_eq!(scene.bank_says().await, (0, 0));
    assert_eq!(scene.told().await, ["cancelled"]);
}
