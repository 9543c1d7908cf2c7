use lavka_kit::events::payments::PaymentRefunded;
use lavka_kit::ids::Id;

use super::{RefundPayment, Refusal};
use crate::scene::Scene;

async fn refused(scene: &Scene, input: RefundPayment) -> Refusal {
    scene.desk.refund_payment(input).await.unwrap().unwrap_err()
}

#[tokio::test]
async fn parts_go_back_until_nothing_is_left() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    scene
        .desk
        .refund_payment(scene.refund_of(&payment, Some("290.50"), "a"))
        .await
        .unwrap()
        .unwrap();
    let told: PaymentRefunded = scene.last().await;
    assert_eq!(
        (told.total, told.refunded_amount.to_string().as_str()),
        (false, "290.50")
    );
    let more = scene.refund_of(&payment, Some("1000.01"), "b");
    assert_eq!(refused(&scene, more).await, Refusal::AmountExceedsCaptured);
    // A refusal wrote nothing: its key may be tried again, with another amount too.
    scene
        .desk
        .refund_payment(scene.refund_of(&payment, None, "b"))
        .await
        .unwrap()
        .unwrap();
    let told: PaymentRefunded = scene.last().await;
    assert_eq!((told.total, told.amount.to_string().as_str()), (true, "1000.00"));
    assert_eq!(
        refused(&scene, scene.refund_of(&payment, None, "c")).await,
        Refusal::NotRefundable
    );
    assert_eq!(scene.bank_says().await, (129_050, 129_050));
}

#[tokio::test]
async fn amounts_that_are_none_are_refused() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    for amount in ["0", "-1", "0.001", "99999999999999999999"] {
        let input = scene.refund_of(&payment, Some(amount), "key");
        assert_eq!(refused(&scene, input).await, Refusal::AmountInvalid, "{amount}");
    }
}

#[tokio::test]
async fn what_brought_no_money_gives_none_back() {
    let scene = Scene::start().await;
    for token in ["declined", "action_required", "slow"] {
        let order = scene.pays(token).await;
        let input = scene.refund_of(&scene.payment(order).await, None, "key");
        assert_eq!(refused(&scene, input).await, Refusal::NotRefundable, "{token}");
    }
    let order = scene.pays("ok").await;
    let mut input = scene.refund_of(&scene.payment(order).await, None, "key");
    input.payment_id = Some(Id::from_u128(404));
    assert_eq!(refused(&scene, input.clone()).await, Refusal::PaymentNotFound);
    input.payment_id = None;
    assert_eq!(refused(&scene, input).await, Refusal::PaymentNotFound);
}

#[tokio::test]
async fn the_same_key_gives_back_once_and_another_body_is_refused() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    let input = scene.refund_of(&payment, Some("100"), "key");
    for _ in 0..3 {
        scene.desk.refund_payment(input.clone()).await.unwrap().unwrap();
    }
    assert_eq!(scene.bank_says().await, (129_050, 10_000));
    let written_otherwise = scene.refund_of(&payment, Some("100.00"), "key");
    scene
        .desk
        .refund_payment(written_otherwise)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(scene.bank_says().await, (129_050, 10_000));
    let other_amount = scene.refund_of(&payment, Some("100.5"), "key");
    assert_eq!(refused(&scene, other_amount).await, Refusal::IdempotencyKeyReused);
    let other_reason = RefundPayment {
        reason: None,
        ..input.clone()
    };
    assert_eq!(refused(&scene, other_reason).await, Refusal::IdempotencyKeyReused);
    // The key is its owner's: a colleague's equal key is another one.
    let colleague = RefundPayment {
        by: Id::from_u128(8),
        ..input
    };
    scene.desk.refund_payment(colleague).await.unwrap().unwrap();
    assert_eq!(scene.bank_says().await, (129_050, 20_000));
}

#[tokio::test]
async fn keys_are_forgotten_after_their_time() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    scene
        .desk
        .refund_payment(scene.refund_of(&payment, Some("1"), "key"))
        .await
        .unwrap()
        .unwrap();
    let now = lavka_kit::clock::Clock::now(&*scene.clock);
    assert_eq!(scene.desk.store.forget_keys(now).await.unwrap(), 0);
    assert_eq!(
        scene
            .desk
            .store
            .forget_keys(now + chrono::TimeDelta::seconds(1))
            .await
            .unwrap(),
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_never_give_back_more_than_came() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    let mut tries = tokio::task::JoinSet::new();
    for n in 0..12 {
        let (desk, input) = (
            scene.desk.clone(),
            scene.refund_of(&payment, Some("500"), &format!("key {n}")),
        );
        tries.spawn(async move { desk.refund_payment(input).await.unwrap().is_ok() });
    }
    let given = tries.join_all().await.into_iter().filter(|given| *given).count();
    assert_eq!(given, 2);
    assert_eq!(scene.bank_says().await, (129_050, 100_000));
}
