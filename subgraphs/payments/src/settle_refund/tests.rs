use lavka_kit::clock::Clock as _;

use crate::gateway::{Gateway, PaymentGateway as _, RefundRequest};
use crate::payment::{Attention, Status};
use crate::refund::RefundStatus;
use crate::scene::{Fault, Scene};

#[tokio::test]
async fn a_refund_whose_answer_is_lost_twice_gives_back_once() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    scene.spoil(&[Fault::AnswerLost, Fault::Lost]);
    scene.cancels(order).await;
    scene.work().await;
    scene.passes(1).await;
    scene.passes(2).await;
    assert_eq!(scene.bank_says().await, (129_050, 129_050));
    assert_eq!(scene.told().await, ["succeeded", "refunded"]);
}

#[tokio::test]
async fn a_slow_refund_is_pending_until_the_bank_confirms_it() {
    let scene = Scene::start().await;
    let order = scene.pays("slow").await;
    scene.passes(3).await;
    let payment = scene.payment(order).await;
    scene
        .desk
        .refund_payment(scene.refund_of(&payment, None, "key"))
        .await
        .unwrap()
        .unwrap();
    scene.work().await;
    assert_eq!(scene.refunds(payment.id).await[0].status, RefundStatus::Pending);
    assert_eq!(scene.told().await, ["succeeded"]);
    scene.passes(3).await;
    assert_eq!(scene.refunds(payment.id).await[0].status, RefundStatus::Succeeded);
    assert_eq!(scene.told().await, ["succeeded", "refunded"]);
}

#[tokio::test]
async fn news_of_a_refund_that_come_while_the_gateway_answers_are_looked_at_at_once() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    scene.cancels(order).await;
    let id = scene.refunds(payment.id).await[0].id;
    let (refund, _) = scene.desk.prepare_refund(id).await.unwrap().unwrap();
    let request = RefundRequest {
        charge: payment.name().unwrap(),
        refund_id: id,
        amount: refund.amount,
        since: refund.created_at,
    };
    let answer = scene.bank.refund(&request).await;
    let reference = payment.reference.unwrap();
    scene.desk.hear_news(Gateway::Sandbox, &reference).await.unwrap();
    scene.desk.record_refund(id, answer).await.unwrap();
    let refund = &scene.refunds(payment.id).await[0];
    assert_eq!(
        (refund.status, refund.due_at),
        (RefundStatus::Succeeded, Some(scene.clock.now()))
    );
    scene.work().await;
    assert_eq!(scene.refunds(payment.id).await[0].due_at, None);
}

#[tokio::test]
async fn a_refund_that_the_gateway_refuses_leaves_the_money_refundable() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    scene.spoil(&[Fault::Refused]);
    scene
        .desk
        .refund_payment(scene.refund_of(&payment, None, "one"))
        .await
        .unwrap()
        .unwrap();
    let refund = &scene.refunds(payment.id).await[0];
    assert_eq!(
        (refund.status, refund.failure_code.as_deref()),
        (RefundStatus::Failed, Some("no_such_shop"))
    );
    assert_eq!(scene.told().await, ["succeeded"]);
    scene
        .desk
        .refund_payment(scene.refund_of(&payment, None, "two"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(scene.bank_says().await, (129_050, 129_050));
}

#[tokio::test]
async fn a_refund_that_fails_at_the_bank_is_told_to_nobody_as_done() {
    let scene = Scene::start().await;
    let order = scene.pays("refund_fails").await;
    let payment = scene.payment(order).await;
    scene.cancels(order).await;
    scene.work().await;
    assert_eq!(scene.refunds(payment.id).await[0].status, RefundStatus::Failed);
    assert_eq!(scene.told().await, ["succeeded"]);
}

#[tokio::test]
async fn a_refund_that_gets_no_answer_for_hours_is_shown_to_staff_until_it_ends() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    scene.spoil(&[Fault::Lost, Fault::Lost]);
    scene.gives_back(&payment, None, "all").await;
    assert_eq!(scene.payment(order).await.attention.first(), None);
    scene.passes(7 * 3600).await;
    let shown = scene.payment(order).await.attention.first();
    assert_eq!(shown, Some(Attention::RefundStuck));
    scene.passes(3600).await;
    assert_eq!(scene.payment(order).await.attention.first(), None);
    assert_eq!(scene.bank_says().await, (129_050, 129_050));
    assert_eq!(scene.told().await, ["succeeded", "refunded"]);
}

#[tokio::test]
async fn a_refund_whose_gateway_is_taken_away_is_shown_to_staff() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    scene.cancels(order).await;
    scene.break_row("UPDATE payments SET gateway = 'STRIPE'").await;
    scene.work().await;
    scene.passes(7 * 3600).await;
    let shown = scene.payment(order).await.attention.first();
    assert_eq!(shown, Some(Attention::RefundStuck));
}

#[tokio::test]
async fn what_the_bank_refused_to_give_back_by_itself_is_left_to_staff() {
    let scene = Scene::start().await;
    let order = scene.pays("wrong_amount").await;
    let payment = scene.payment(order).await;
    scene.cancels(order).await;
    scene.spoil(&[Fault::Refused]);
    let refund = scene.refunds(payment.id).await[0].id;
    scene.desk.settle_refund(refund).await.unwrap();
    for _ in 0..3 {
        scene.passes(3600).await;
        scene.desk.reconcile().await.unwrap();
    }
    assert_eq!(scene.refunds(payment.id).await.len(), 1);
    let seen = scene.payment(order).await.attention;
    assert!(seen.has(Attention::RefundFailed), "{seen:?}");
    scene.gives_back(&payment, None, "by staff").await;
    assert_eq!(scene.bank_says().await, (129_051, 129_051));
    let ended = scene.payment(order).await;
    assert_eq!((ended.status, ended.attention.first()), (Status::Cancelled, None));
}
