use lavka_kit::money::{Currency, Money};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tower::ServiceExt as _;

use super::*;
use crate::payment::Status;
use crate::scene::{Fault, Scene};

#[tokio::test]
async fn a_webhook_that_comes_twice_is_taken_in_once() {
    let scene = Scene::start().await;
    let order = scene.pays("double_webhook").await;
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
    let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    let counters = &scene.desk.counters;
    assert_eq!(
        (count(&counters.webhooks_kept), count(&counters.webhooks_repeated)),
        (1, 1)
    );
    assert_eq!(scene.told().await, ["succeeded"]);
}

#[tokio::test]
async fn a_webhook_that_comes_before_the_answer_finds_its_payment() {
    let scene = Scene::start().await;
    scene.spoil(&[Fault::AnswerLost]);
    let order = scene.pays("early_webhook").await;
    // The answer was lost, the webhook was there before it: it names the payment by our own id.
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
    assert_eq!(scene.bank_says().await, (129_050, 0));
}

#[tokio::test]
async fn the_sandbox_misbehaves_when_it_is_told_to() {
    for (token, after) in [("lost_answer", 1), ("unavailable", 3)] {
        let scene = Scene::start().await;
        let order = scene.pays(token).await;
        assert_eq!(scene.payment(order).await.status, Status::Pending, "{token}");
        scene.passes(after).await;
        assert_eq!(scene.payment(order).await.status, Status::Succeeded, "{token}");
        assert_eq!(scene.bank_says().await, (129_050, 0), "{token}");
    }
    let scene = Scene::start().await;
    let order = scene.places("late_answer").await;
    let id = scene.payment(order).await.id;
    let desk = scene.desk.clone();
    let settling = tokio::spawn(async move { desk.settle_payment(id).await });
    while scene.bank_says().await.0 == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        scene.payment(order).await.status,
        Status::Pending,
        "charged, and not answered"
    );
    scene.clock.advance(std::time::Duration::from_secs(3));
    settling.await.unwrap().unwrap();
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
}

#[tokio::test]
async fn a_wrong_amount_is_given_back_on_staffs_word_or_when_the_order_ends() {
    let scene = Scene::start().await;
    let order = scene.pays("wrong_amount").await;
    let payment = scene.payment(order).await;
    assert_eq!(
        (payment.status, payment.came),
        (Status::Pending, Some(Money::new(129_051, Currency::Rub)))
    );
    assert!(scene.told().await.is_empty());
    scene.gives_back(&payment, None, "it was too much").await;
    assert_eq!(scene.bank_says().await, (129_051, 129_051));
    assert_eq!(scene.payment(order).await.status, Status::Failed);
    assert_eq!(
        scene.told().await,
        ["refunded", "failed"],
        "the shopper is told, and may try again"
    );

    let dead = scene.pays("wrong_amount").await;
    scene.cancels(dead).await;
    scene.work().await;
    assert_eq!(scene.bank_says().await, (2 * 129_051, 2 * 129_051));
    assert_eq!(scene.payment(dead).await.status, Status::Cancelled);
    // It shows what it has shown, and nobody is called any more.
    assert_eq!(scene.desk.reconcile().await.unwrap().findings, []);
    assert_eq!(scene.payment(dead).await.attention.first(), None);
}

#[tokio::test]
async fn the_routes_are_those_of_the_configured_gateways_and_refuse_what_is_too_large() {
    let scene = Scene::start().await;
    let post = async |path: &str| {
        let request = Request::post(path).body(Body::from("{}")).unwrap();
        crate::webhooks::routes(&scene.desk)
            .oneshot(request)
            .await
            .unwrap()
            .status()
    };
    assert_eq!(post("/webhooks/stripe").await, StatusCode::NOT_FOUND);
    assert_eq!(post("/webhooks/paypal").await, StatusCode::NOT_FOUND);

    let stripe = lavka_stand_ins::Server::stripe(crate::gateway::stripe::API_VERSION).await;
    let config = crate::StripeConfig {
        secret_key: Some(lavka_kit::config::Secret::new("sk".to_owned())),
        webhook_secrets: vec![lavka_kit::config::Secret::new("whsec".to_owned())],
        url: stripe.url.clone(),
        ..crate::StripeConfig::default()
    };
    let scene = Scene::with(|clock| {
        let randomness = std::sync::Arc::new(lavka_kit::ids::SeededRandomness::new(1));
        let patience = crate::gateway::Patience {
            tries: 1,
            wait: std::time::Duration::ZERO,
            timeout: std::time::Duration::from_secs(5),
        };
        let stripe = crate::gateway::stripe::Stripe::new(&config, patience, clock, randomness);
        vec![std::sync::Arc::new(stripe.unwrap().unwrap()) as _]
    })
    .await;
    let post = async |body: Vec<u8>, signature: Option<String>| {
        let mut request = Request::post("/webhooks/stripe");
        if let Some(signature) = signature {
            request = request.header("stripe-signature", signature);
        }
        let request = request.body(Body::from(body)).unwrap();
        crate::webhooks::routes(&scene.desk)
            .oneshot(request)
            .await
            .unwrap()
            .status()
    };
    let body = br#"{"id":"evt_1","type":"x","data":{"object":{}}}"#.to_vec();
    let sign = |body: &[u8]| lavka_stand_ins::stripe::signature(body, 1_768_478_400, "whsec");
    assert_eq!(post(body.clone(), None).await, StatusCode::BAD_REQUEST);
    assert_eq!(
        post(body.clone(), Some(sign(b"other"))).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(post(body.clone(), Some(sign(&body))).await, StatusCode::OK);
    assert_eq!(scene.count("SELECT count(*) FROM webhooks").await, 1);
    // What can't be kept is not thanked for: Stripe sends it again.
    scene.break_row("ALTER TABLE webhooks RENAME TO elsewhere").await;
    let next = br#"{"id":"evt_2","type":"x","data":{"object":{}}}"#.to_vec();
    assert_eq!(
        post(next.clone(), Some(sign(&next))).await,
        StatusCode::SERVICE_UNAVAILABLE
    );
    scene.break_row("ALTER TABLE elsewhere RENAME TO webhooks").await;
    let large = vec![b' '; 257 * 1024];
    assert_eq!(
        post(large.clone(), Some(sign(&large))).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}
