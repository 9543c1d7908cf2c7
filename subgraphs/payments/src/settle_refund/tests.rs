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
