use std::time::Duration;

use lavka_kit::clock::{Clock as _, later};
use lavka_kit::events::payments::{PaymentActionRequired, PaymentFailed, PaymentRefunded, PaymentSucceeded};
use lavka_kit::ids::Id;
use lavka_kit::money::{Currency, Money};

use crate::kind::Kind;
use crate::scene::{ANN, ORDER, Scene, placed, registered};

fn failed() -> PaymentFailed {
    PaymentFailed {
        order_id: ORDER,
        payment_id: Id::from_u128(5),
        attempt: 1,
        gateway: "SANDBOX".into(),
        amount: Money::new(288_100, Currency::Rub),
        failure_code: "declined".into(),
        failure_message: "The bank declined the payment.".into(),
        may_retry: true,
        at: chrono::DateTime::UNIX_EPOCH,
    }
}

fn refunded(refund: u128, total: bool) -> PaymentRefunded {
    PaymentRefunded {
        order_id: ORDER,
        payment_id: Id::from_u128(5),
        refund_id: Id::from_u128(refund),
        amount: Money::new(10_050, Currency::Rub),
        total,
        refunded_amount: Money::new(10_050, Currency::Rub),
        at: chrono::DateTime::UNIX_EPOCH,
    }
}

async fn kinds(scene: &Scene) -> Vec<Kind> {
    scene.inbox(ANN).await.iter().rev().map(|it| it.kind).collect()
}

#[tokio::test]
async fn each_thing_that_happens_is_told_once() {
    let scene = Scene::start().await;
    scene.ann_registers().await;
    scene.hears(ORDER, &placed(Some(ANN))).await;
    scene.hears(ORDER, &failed()).await;
    for (position, to) in [
        "PAYMENT_FAILED",
        "PENDING_PAYMENT",
        "PAID",
        "ASSEMBLED",
        "HANDED_TO_DELIVERY",
        "DELIVERED",
        "REFUNDED",
    ]
    .into_iter()
    .enumerate()
    {
        scene
            .hears(ORDER, &scene.moved(to, i32::try_from(position).unwrap()))
            .await;
    }
    // Told by the order's step already.
    let succeeded = PaymentSucceeded {
        order_id: ORDER,
        payment_id: Id::from_u128(5),
        attempt: 1,
        gateway: "SANDBOX".into(),
        gateway_reference: "r".into(),
        amount: Money::new(1, Currency::Rub),
        at: chrono::DateTime::UNIX_EPOCH,
        metadata: Default::default(),
    };
    scene.hears(ORDER, &succeeded).await;
    scene.hears(ORDER, &refunded(1, false)).await;
    let told = [
        Kind::Welcome,
        Kind::OrderPlaced,
        Kind::PaymentFailed,
        Kind::PaymentSucceeded,
        Kind::OrderAssembled,
        Kind::OrderHandedToDelivery,
        Kind::OrderDelivered,
        Kind::PaymentRefunded,
    ];
    assert_eq!(kinds(&scene).await, told);
    assert_eq!(scene.mails().await.len(), told.len());
}

#[tokio::test]
async fn what_the_bus_repeats_is_told_once() {
    let scene = Scene::start().await;
    let event = scene.event(ORDER, &placed(Some(ANN)));
    for _ in 0..3 {
        scene.messenger.hear(std::slice::from_ref(&event)).await.unwrap();
    }
    // The same thing under another event id.
    scene.hears(ORDER, &placed(Some(ANN))).await;
    scene.hears(ORDER, &scene.moved("PAID", 1)).await;
    scene.hears(ORDER, &scene.moved("PAID", 1)).await;
    assert_eq!(kinds(&scene).await, [Kind::OrderPlaced, Kind::PaymentSucceeded]);
    assert_eq!(scene.mails().await.len(), 2);
}

#[tokio::test]
async fn what_is_heard_together_is_told_as_if_it_came_one_by_one() {
    let scene = Scene::start().await;
    let late = scene.event(ORDER, &failed());
    let placing = scene.event(ORDER, &placed(Some(ANN)));
    let moving = scene.event(ORDER, &scene.moved("PAID", 1));
    let again = scene.event(ORDER, &scene.moved("PAID", 1));
    let of_ann = scene.event(ANN, &registered());
    let all = [late, placing.clone(), moving, again, placing, of_ann];
    scene.messenger.hear(&all).await.unwrap();
    let told = [
        Kind::OrderPlaced,
        Kind::PaymentFailed,
        Kind::PaymentSucceeded,
        Kind::Welcome,
    ];
    assert_eq!(kinds(&scene).await, told);
    scene.messenger.hear(&all).await.unwrap();
    assert_eq!(scene.mails().await.len(), told.len());
}

#[tokio::test]
async fn of_what_is_heard_together_nothing_happens_where_one_can_not_be_read() {
    let scene = Scene::start().await;
    let mut broken = scene.event(ORDER, &scene.moved("PAID", 1));
    broken.data = serde_json::json!({ "orderId": 1 });
    let all = [scene.event(ANN, &registered()), broken];
    assert!(matches!(
        scene.messenger.hear(&all).await,
        Err(crate::hear::HearError::Event(_))
    ));
    assert_eq!(kinds(&scene).await, []);
    // By itself it goes.
    scene.messenger.hear(&all[..1]).await.unwrap();
    assert_eq!(kinds(&scene).await, [Kind::Welcome]);
}

#[tokio::test]
async fn a_payment_that_overtakes_its_order_waits_for_it() {
    let scene = Scene::start().await;
    scene.hears(ORDER, &failed()).await;
    scene.hears(ORDER, &refunded(1, true)).await;
    assert_eq!(kinds(&scene).await, []);
    scene.hears(ORDER, &placed(Some(ANN))).await;
    assert_eq!(
        kinds(&scene).await,
        [Kind::OrderPlaced, Kind::PaymentFailed, Kind::PaymentRefunded]
    );
}

#[tokio::test]
async fn a_guest_gets_a_link_with_the_key_and_no_inbox() {
    let scene = Scene::start().await;
    scene.hears(ORDER, &placed(None)).await;
    let [mail] = <[_; 1]>::try_from(scene.mails().await).unwrap();
    assert_eq!(mail.to_address, "parcel@lavka.test");
    let link = format!("http://shop.test/orders/{ORDER}?key=guests-key");
    assert!(
        mail.text.contains(&link) && mail.html.contains("key=guests-key"),
        "{}",
        mail.text
    );
    assert_eq!(scene.inbox(ANN).await, []);
}

#[tokio::test]
async fn an_order_is_told_in_the_language_of_the_account() {
    let scene = Scene::start().await;
    scene.hears(ORDER, &placed(Some(ANN))).await;
    assert_eq!(scene.inbox(ANN).await[0].title, "Order L-100042 is placed");
    scene.ann_registers().await;
    scene.hears(ORDER, &scene.moved("PAID", 1)).await;
    assert_eq!(scene.inbox(ANN).await[0].title, "Заказ L-100042 оплачен");
}

#[tokio::test]
async fn an_action_leads_to_where_it_is_taken() {
    let scene = Scene::start().await;
    scene.hears(ORDER, &placed(Some(ANN))).await;
    scene.mails().await;
    let required = PaymentActionRequired {
        order_id: ORDER,
        payment_id: Id::from_u128(5),
        attempt: 1,
        gateway: "SANDBOX".into(),
        redirect_url: Some("http://shop.test/sandbox/payments/abc".into()),
        expires_at: later(scene.clock.now(), Duration::from_secs(1200)),
        at: scene.clock.now(),
    };
    scene.hears(ORDER, &required).await;
    let mails = scene.mails().await;
    assert!(
        mails[0]
            .text
            .contains("Confirm the payment: http://shop.test/sandbox/payments/abc"),
        "{}",
        mails[0].text
    );
    assert!(
        mails[0].text.contains("15 January 2026, 12:20 (UTC)"),
        "{}",
        mails[0].text
    );
}

#[tokio::test]
async fn a_secret_link_is_in_the_mail_and_nowhere_else() {
    let scene = Scene::start().await;
    scene.hears(ANN, &scene.reset()).await;
    let inbox = scene.inbox(ANN).await;
    assert!(!inbox[0].body.contains("secret-token") && inbox[0].body.contains("ann@lavka.test"));
    let mails = scene.mails().await;
    assert!(
        mails[0]
            .text
            .contains("http://shop.test/reset-password?token=secret-token"),
        "{}",
        mails[0].text
    );
    assert_eq!(
        scene.deliveries(ANN).await[0].mail,
        None,
        "it is dropped once it was sent"
    );
}

#[tokio::test]
async fn an_event_that_can_not_be_read_is_dead_and_leaves_nothing() {
    let scene = Scene::start().await;
    let mut event = scene.event(ANN, &registered());
    event.data = serde_json::json!({ "userId": 7 });
    let error = lavka_kit::bus::EventHandler::handle(&*scene.messenger, &event)
        .await
        .unwrap_err();
    assert!(!error.retry);
    event.data = serde_json::to_value(registered()).unwrap();
    scene.messenger.hear(std::slice::from_ref(&event)).await.unwrap();
    assert_eq!(
        kinds(&scene).await,
        [Kind::Welcome],
        "the failed try did not count as the first"
    );
}
