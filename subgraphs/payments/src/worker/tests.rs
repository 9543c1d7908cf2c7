use super::*;
use crate::scene::Scene;

#[tokio::test]
async fn an_idempotency_key_lives_thirty_days_and_a_webhook_ninety() {
    let scene = Scene::start().await;
    let order = scene.pays("double_webhook").await;
    let payment = scene.payment(order).await;
    let began = scene.desk.clock.now();
    let refund = || scene.refund_of(&payment, Some("1.00"), "key");
    scene.desk.refund_payment(refund()).await.unwrap().unwrap();
    let keys = async || scene.count("SELECT count(*) FROM refund_keys").await;
    let webhooks = async || scene.count("SELECT count(*) FROM webhooks").await;
    let after = |days: u64, seconds: u64| later(began, Duration::from_secs(days * 24 * 3600 + seconds));

    scene.desk.sweep_keys(after(30, 0)).await;
    assert_eq!((keys().await, webhooks().await), (1, 1));
    scene.desk.refund_payment(refund()).await.unwrap().unwrap();
    assert_eq!(
        scene.refunds(payment.id).await.len(),
        1,
        "the same key, the same refund"
    );

    scene.desk.sweep_keys(after(30, 1)).await;
    assert_eq!((keys().await, webhooks().await), (0, 1));
    scene.desk.sweep_keys(after(90, 1)).await;
    assert_eq!(webhooks().await, 0);
}
