use lavka_kit::events::payments::{PaymentFailed, PaymentSucceeded};

use crate::gateway::Gateway;
use crate::gateway::sandbox::Decision;
use crate::payment::Status;
use crate::scene::Scene;

#[tokio::test]
async fn a_placed_order_is_paid_and_orders_hears_of_it() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    let payment = scene.payment(order).await;
    assert_eq!(payment.status, Status::Succeeded);
    assert_eq!(scene.told().await, ["succeeded"]);
    let told: PaymentSucceeded = scene.last().await;
    assert_eq!(
        (told.order_id, told.payment_id, told.attempt),
        (order, payment.id, 1)
    );
    assert_eq!(told.amount.to_string(), "1290.50");
    assert_eq!(told.metadata["orderNumber"], "L-100042");
}

#[tokio::test]
async fn an_event_that_comes_twice_charges_once() {
    let scene = Scene::start().await;
    let order = lavka_kit::ids::Id::from_u128(1);
    let asking = scene.asking(order, 1, "ok");
    scene.desk.begin_payment(asking.clone()).await.unwrap();
    scene.desk.begin_payment(asking).await.unwrap();
    scene.work().await;
    // Under another event id too.
    scene
        .desk
        .begin_payment(scene.asking(order, 1, "ok"))
        .await
        .unwrap();
    scene.work().await;
    assert_eq!(scene.bank_says().await, (129_050, 0));
    assert_eq!(scene.told().await, ["succeeded"]);
}

#[tokio::test]
async fn a_refused_payment_says_why_in_the_orders_language() {
    let scene = Scene::start().await;
    for (token, code) in [
        ("declined", "declined"),
        ("stolen", "unknown_token"),
        ("", "unknown_token"),
    ] {
        let order = scene.pays(token).await;
        assert_eq!(scene.payment(order).await.status, Status::Failed, "{token}");
        let told: PaymentFailed = scene.last().await;
        assert_eq!(
            (told.order_id, told.failure_code.as_str()),
            (order, code),
            "{token}"
        );
        assert!(told.may_retry);
    }
    scene.pays("declined").await;
    assert_eq!(
        scene.last::<PaymentFailed>().await.failure_message,
        "Банк отклонил платёж."
    );
    assert_eq!(scene.bank_says().await, (0, 0));
}

#[tokio::test]
async fn a_gateway_that_the_store_does_not_take_fails_the_payment_and_not_the_consumer() {
    let scene = Scene::start().await;
    let order = lavka_kit::ids::Id::from_u128(1);
    let mut asking = scene.asking(order, 1, "ok");
    asking.gateway = Gateway::Stripe;
    scene.desk.begin_payment(asking).await.unwrap();
    assert_eq!(
        scene.last::<PaymentFailed>().await.failure_code,
        "gateway_not_configured"
    );
    assert!(scene.calls().is_empty());
}

#[tokio::test]
async fn after_a_decline_another_attempt_may_succeed() {
    let scene = Scene::start().await;
    let order = scene.pays("declined").await;
    scene.retries(order, 2, "ok").await;
    scene.work().await;
    let statuses: Vec<_> = scene
        .payments(order)
        .await
        .iter()
        .map(|payment| payment.status)
        .collect();
    assert_eq!(statuses, [Status::Failed, Status::Succeeded]);
    assert_eq!(scene.told().await, ["failed", "succeeded"]);
}

#[tokio::test]
async fn a_new_attempt_waits_until_the_open_one_is_stopped() {
    let scene = Scene::start().await;
    let order = scene.pays("action_required").await;
    scene.calls();
    scene.retries(order, 2, "ok").await;
    scene.work().await;
    assert_eq!(scene.calls(), ["cancel", "create"]);
    let statuses: Vec<_> = scene
        .payments(order)
        .await
        .iter()
        .map(|payment| payment.status)
        .collect();
    assert_eq!(statuses, [Status::Cancelled, Status::Succeeded]);
    assert_eq!(scene.told().await, ["action_required", "cancelled", "succeeded"]);
    assert_eq!(scene.bank_says().await, (129_050, 0));
}

#[tokio::test]
async fn an_open_attempt_that_was_paid_meanwhile_makes_the_new_one_needless() {
    let scene = Scene::start().await;
    let order = scene.pays("slow").await;
    // The bank settles it; we haven't looked since.
    scene.clock.advance(std::time::Duration::from_secs(60));
    scene.retries(order, 2, "ok").await;
    scene.work().await;
    let statuses: Vec<_> = scene
        .payments(order)
        .await
        .iter()
        .map(|payment| payment.status)
        .collect();
    assert_eq!(statuses, [Status::Succeeded, Status::Cancelled]);
    assert_eq!(scene.told().await, ["succeeded", "cancelled"]);
    assert_eq!(scene.bank_says().await, (129_050, 0));
}

#[tokio::test]
async fn a_paid_order_asks_for_no_second_payment() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    scene.retries(order, 2, "ok").await;
    scene.work().await;
    assert_eq!(scene.bank_says().await, (129_050, 0));
    assert_eq!(scene.told().await, ["succeeded", "cancelled"]);
}

#[tokio::test]
async fn a_promise_that_is_taken_back_by_a_new_attempt_is_not_captured() {
    let scene = Scene::start().await;
    let order = scene.pays("action_required").await;
    let payment = scene.payment(order).await;
    scene.retries(order, 2, "declined").await;
    scene.decides(&payment, Decision::Approve).await;
    scene.work().await;
    let statuses: Vec<_> = scene
        .payments(order)
        .await
        .iter()
        .map(|payment| payment.status)
        .collect();
    assert_eq!(statuses, [Status::Cancelled, Status::Failed]);
    assert_eq!(scene.bank_says().await, (0, 0));
}
