use super::*;
use crate::payment::Status;
use crate::scene::{Fault, Scene};

#[tokio::test]
async fn an_amount_that_disagreed_and_is_dealt_with_ends_the_attempt() {
    let scene = Scene::start().await;
    let order = scene.pays("wrong_amount").await;
    let payment = scene.payment(order).await;
    scene.settles(&payment, Attention::AmountDisagrees).await;
    let ended = scene.payment(order).await;
    assert_eq!((ended.status, ended.attention.first()), (Status::Failed, None));
    assert_eq!(scene.told().await, ["failed"], "the shopper may try again");
    // It shows what it has shown before, and calls nobody.
    assert_eq!(scene.desk.reconcile().await.unwrap().findings, []);
    scene.retries(order, 2, "ok").await;
    scene.work().await;
    assert_eq!(scene.payments(order).await[1].status, Status::Succeeded);
}

#[tokio::test]
async fn an_amount_that_disagrees_before_anybody_has_paid_is_given_up_at_the_gateway() {
    let scene = Scene::start().await;
    scene.spoil(&[Fault::OtherAmount]);
    let order = scene.pays("action_required").await;
    let payment = scene.payment(order).await;
    assert_eq!(payment.attention.first(), Some(Attention::AmountDisagrees));
    scene.settles(&payment, Attention::AmountDisagrees).await;
    assert_eq!(scene.calls(), ["create", "cancel"]);
    let ended = scene.payment(order).await;
    assert_eq!((ended.status, ended.attention.first()), (Status::Cancelled, None));
}

#[tokio::test]
async fn what_nobody_waits_for_changes_nothing() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    scene.settles(&payment, Attention::RefundFailed).await;
    assert_eq!(scene.payment(order).await, payment);
    let unknown = SettleAttention {
        by: Id::from_u128(7),
        payment_id: Some(Id::from_u128(404)),
        attention: Attention::RefundFailed,
    };
    assert_eq!(scene.desk.settle_attention(unknown).await.unwrap(), None);
}
