use lavka_kit::clock::Clock as _;

use super::*;
use crate::payment::Status;
use crate::scene::{Fault, Scene};

/// Somebody gives 10 roubles back in the bank's own pages.
const BY_HAND: &str = "INSERT INTO sandbox_refunds (reference, idempotency_key, charge_reference, amount, created_at) \
                       SELECT 'by hand', 'by hand', reference, 1000, created_at FROM sandbox_charges";

#[tokio::test]
async fn two_matters_at_once_are_both_told_and_settled_each_by_itself() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    scene.spoil(&[Fault::Refused]);
    scene.gives_back(&payment, Some("100"), "refused").await;
    scene.break_row(BY_HAND).await;
    scene.desk.reconcile().await.unwrap();
    let first = async || scene.payment(order).await.attention.first();
    assert_eq!(first().await, Some(Attention::RefundFailed));
    scene.settles(&payment, Attention::RefundFailed).await;
    assert_eq!(first().await, Some(Attention::RefundedElsewhere));
    scene.settles(&payment, Attention::RefundedElsewhere).await;
    assert_eq!(first().await, None);
    assert_eq!(scene.desk.reconcile().await.unwrap().findings, []);
}

#[tokio::test]
async fn a_refund_that_is_asked_for_while_the_gateway_answers_is_nobody_elses() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    let gateway = scene.desk.gateways.get(payment.gateway).unwrap().clone();
    // The answer has the refund already, which is refused on a second look.
    scene.gives_back(&payment, Some("100"), "ours").await;
    let answer = gateway.fetch(&payment.name().unwrap()).await;
    let before = asked_for(&scene.refunds(payment.id).await);
    scene.break_row("UPDATE refunds SET status = 'FAILED'").await;
    scene.desk.record_back(payment.id, answer, before).await.unwrap();
    assert_eq!(scene.payment(order).await.attention.first(), None);
}

#[tokio::test]
async fn a_gateway_that_is_away_is_asked_again_and_the_payment_stands() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let mut payment = scene.payment(order).await;
    payment.look(scene.clock.now());
    let mut work = scene.desk.store.begin().await.unwrap();
    work.save_payment(&payment).await.unwrap();
    work.commit().await.unwrap();
    scene.spoil(&[Fault::Lost]);
    scene.calls();
    scene.work().await;
    scene.passes(1).await;
    assert_eq!(scene.calls(), ["fetch", "fetch"]);
    let payment = scene.payment(order).await;
    assert_eq!((payment.status, payment.due_at), (Status::Succeeded, None));
}
