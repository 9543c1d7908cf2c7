//! The whole service in its surroundings: events in, events out, and what clients see.

use futures_util::StreamExt as _;
use lavka_kit::context::Context;
use lavka_kit::events::orders::{OrderPlaced, OrderRecipient, OrderShipping, PaymentMethod};
use lavka_kit::events::payments::PaymentSucceeded;
use lavka_kit::events::topics;
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::{Currency, Money};
use lavka_kit::subgraph::Subgraph;
use lavka_kit::tasks::Tasks;
use lavka_kit::testing::TestWorld;
use serde_json::{Value, json};

use crate::Config;

const ANN: Id = Id::from_u128(0xa11);

async fn start() -> (TestWorld, Subgraph) {
    let world = TestWorld::of("payments").await;
    let subgraph = crate::start(Config::default(), world.context.clone())
        .await
        .unwrap();
    (world, subgraph)
}

fn placed(order_id: Id, token: &str) -> OrderPlaced {
    let price = Money::new(129_050, Currency::Rub);
    OrderPlaced {
        order_id,
        number: "L-100042".into(),
        customer_id: Some(ANN),
        cart_id: Id::from_u128(3),
        cart_generation: 1,
        locale: Locale::En,
        lines: Vec::new(),
        recipient: OrderRecipient {
            name: "Ann".into(),
            phone: "+1".into(),
            email: "ann@lavka.test".into(),
            line1: "1 Street".into(),
            line2: None,
            city: "Town".into(),
            region: None,
            postal_code: "1".into(),
            country: "GB".into(),
        },
        shipping: OrderShipping {
            code: "post".into(),
            title: "Post".into(),
            price,
        },
        total: price,
        payment_method: PaymentMethod {
            gateway: "SANDBOX".into(),
            token: Some(token.into()),
        },
        attempt: 1,
        order_key: None,
    }
}

/// Ann orders, and the payment's first event is out.
async fn pays(world: &TestWorld, token: &str) -> Id {
    let order = world.context.ids.next();
    let mut events = world.listen(topics::PAYMENTS).await;
    world.publish(order, &placed(order, token)).await;
    let event = tokio::time::timeout(std::time::Duration::from_secs(10), events.next())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(event.subject, order);
    if token == "ok" {
        assert_eq!(
            event.data::<PaymentSucceeded>().unwrap().amount.to_string(),
            "1290.50"
        );
    }
    order
}

const ORDER: &str = "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Order {
    payment { id status gateway amount { amount currency } refundedAmount { amount } failureCode failureMessage
        clientSecret redirectUrl createdAt refunds { id amount { amount } reason status createdAt } }
    payments { id } } } }";

async fn order(world: &TestWorld, subgraph: &Subgraph, order: Id) -> Value {
    let keys = json!({ "keys": [{ "__typename": "Order", "id": order }] });
    world.ask(subgraph, None, ORDER, keys).await.data()["_entities"][0].clone()
}

#[tokio::test]
async fn an_order_shows_its_payment() {
    let (world, subgraph) = start().await;
    let paid = pays(&world, "ok").await;
    let shown = order(&world, &subgraph, paid).await;
    assert_eq!(shown["payment"]["status"], "SUCCEEDED");
    assert_eq!(
        shown["payment"]["amount"],
        json!({ "amount": "1290.50", "currency": "RUB" })
    );
    assert_eq!(shown["payments"].as_array().unwrap().len(), 1);
    let waits = pays(&world, "action_required").await;
    let shown = order(&world, &subgraph, waits).await;
    assert_eq!(shown["payment"]["status"], "ACTION_REQUIRED");
    let (link, secret) = (
        &shown["payment"]["redirectUrl"],
        &shown["payment"]["clientSecret"],
    );
    assert_eq!(
        *link,
        json!(format!(
            "http://shop.test/sandbox/payments/{}",
            secret.as_str().unwrap()
        ))
    );
    let unknown = order(&world, &subgraph, Id::from_u128(404)).await;
    assert_eq!(unknown, json!({ "payment": null, "payments": [] }));
}

#[tokio::test]
async fn a_failure_is_told_in_the_callers_language() {
    let (world, subgraph) = start().await;
    let declined = pays(&world, "declined").await;
    let keys = json!({ "keys": [{ "__typename": "Order", "id": declined }] });
    let answer = world
        .ask_with(&subgraph, None, ORDER, keys, &[("accept-language", "ru")])
        .await;
    let payment = &answer.data()["_entities"][0]["payment"];
    assert_eq!(
        (&payment["failureCode"], &payment["failureMessage"]),
        (&json!("declined"), &json!("Банк отклонил платёж."))
    );
}

#[tokio::test]
async fn a_payment_is_its_owners_staffs_and_the_services() {
    let (world, subgraph) = start().await;
    let paid = pays(&world, "ok").await;
    let id = order(&world, &subgraph, paid).await["payment"]["id"].clone();
    let query = "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Payment { id } } }";
    let keys = json!({ "keys": [{ "__typename": "Payment", "id": id }] });
    let tokens = [
        (Some(world.customer_token(ANN)), true),
        (Some(world.staff_token()), true),
        (Some(world.service_token("orders")), true),
        (Some(world.customer_token(Id::from_u128(0xb0b))), false),
        (None, false),
    ];
    for (token, seen) in tokens {
        let answer = world.ask(&subgraph, token.as_deref(), query, keys.clone()).await;
        assert_eq!(answer.data()["_entities"][0].is_object(), seen, "{token:?}");
    }
}

const REFUND: &str = "mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) {
    payment { status refundedAmount { amount } refunds { reason status amount { amount } } }
    userErrors { code message field } } }";

#[tokio::test]
async fn staff_gives_money_back_and_nobody_else() {
    let (world, subgraph) = start().await;
    let paid = pays(&world, "ok").await;
    let id = order(&world, &subgraph, paid).await["payment"]["id"].clone();
    let input = json!({ "input": { "paymentId": id, "amount": "290.5", "reason": " scratched ", "idempotencyKey": "k" } });
    let answer = world.ask(&subgraph, None, REFUND, input.clone()).await;
    assert_eq!(answer.error_code(), "UNAUTHENTICATED");
    let ann = world.customer_token(ANN);
    assert_eq!(
        world
            .ask(&subgraph, Some(&ann), REFUND, input.clone())
            .await
            .error_code(),
        "FORBIDDEN"
    );
    let staff = world.staff_token();
    let answer = world.ask(&subgraph, Some(&staff), REFUND, input).await;
    let payload = &answer.data()["refundPayment"];
    assert_eq!(payload["payment"]["status"], "PARTIALLY_REFUNDED");
    let refund = json!([{ "reason": "scratched", "status": "SUCCEEDED", "amount": { "amount": "290.50" } }]);
    assert_eq!(payload["payment"]["refunds"], refund);
    let input = json!({ "input": { "paymentId": id, "amount": "1000.01", "idempotencyKey": "l" } });
    let answer = world.ask(&subgraph, Some(&staff), REFUND, input).await;
    let error = &answer.data()["refundPayment"]["userErrors"][0];
    assert_eq!(
        (&error["code"], &error["field"]),
        (&json!("AMOUNT_EXCEEDS_CAPTURED"), &json!(["input", "amount"]))
    );
    let input = json!({ "input": { "paymentId": id, "idempotencyKey": "" } });
    assert_eq!(
        world
            .ask(&subgraph, Some(&staff), REFUND, input)
            .await
            .error_code(),
        "BAD_USER_INPUT"
    );
}

const SETTLE: &str = "mutation ($input: SettleAttentionInput!) { settleAttention(input: $input) {
    payment { attention } userErrors { code field } } }";

#[tokio::test]
async fn staff_says_what_it_has_dealt_with_and_nobody_else() {
    let (world, subgraph) = start().await;
    let paid = pays(&world, "refund_fails").await;
    let id = order(&world, &subgraph, paid).await["payment"]["id"].clone();
    let staff = world.staff_token();
    let input = json!({ "input": { "paymentId": id, "idempotencyKey": "k" } });
    world.ask(&subgraph, Some(&staff), REFUND, input).await.data();
    let input = json!({ "input": { "paymentId": id, "attention": "REFUND_FAILED" } });
    let answer = world.ask(&subgraph, None, SETTLE, input.clone()).await;
    assert_eq!(answer.error_code(), "UNAUTHENTICATED");
    let ann = world.customer_token(ANN);
    let answer = world.ask(&subgraph, Some(&ann), SETTLE, input.clone()).await;
    assert_eq!(answer.error_code(), "FORBIDDEN");
    let waiting = "{ paymentsWantingAttention { attention } }";
    let answer = world.ask(&subgraph, Some(&staff), waiting, json!({})).await;
    let failed = json!([{ "attention": "REFUND_FAILED" }]);
    assert_eq!(answer.data()["paymentsWantingAttention"], failed);
    let answer = world.ask(&subgraph, Some(&staff), SETTLE, input).await;
    assert_eq!(
        answer.data()["settleAttention"]["payment"],
        json!({ "attention": null })
    );
    let answer = world.ask(&subgraph, Some(&staff), waiting, json!({})).await;
    assert_eq!(answer.data()["paymentsWantingAttention"], json!([]));
    let input = json!({ "input": { "paymentId": "unknown", "attention": "DISPUTED" } });
    let answer = world.ask(&subgraph, Some(&staff), SETTLE, input).await;
    assert_eq!(
        answer.data()["settleAttention"]["userErrors"],
        json!([{ "code": "PAYMENT_NOT_FOUND", "field": ["input", "paymentId"] }])
    );
}

#[tokio::test]
async fn clients_learn_which_gateways_there_are() {
    let (world, subgraph) = start().await;
    let answer = world
        .ask(
            &subgraph,
            None,
            "{ paymentGateways { gateway publishableKey tokens } }",
            json!({}),
        )
        .await;
    assert_eq!(
        answer.data()["paymentGateways"],
        json!([{ "gateway": "SANDBOX", "publishableKey": "pk_sandbox", "tokens": ["ok", "declined", "slow", "action_required"] }])
    );
}

#[tokio::test]
async fn a_payment_survives_a_restart_wherever_it_stood_and_is_told_once() {
    let world = TestWorld::of("payments").await;
    let mut events = world.listen(topics::PAYMENTS).await;
    let first = Context {
        tasks: Tasks::new(),
        ..world.context.clone()
    };
    crate::start(Config::default(), first.clone()).await.unwrap();
    let order = world.context.ids.next();
    world.publish(order, &placed(order, "ok")).await;
    world.settle("payments").await;
    // Somewhere between the intent and its publication: the worker is not waited for.
    assert!(first.tasks.shutdown(std::time::Duration::from_secs(10)).await);

    world.clock.advance(std::time::Duration::from_secs(60));
    let subgraph = crate::start(Config::default(), world.context.clone())
        .await
        .unwrap();
    let event = tokio::time::timeout(std::time::Duration::from_secs(10), events.next())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(event.data::<PaymentSucceeded>().unwrap().order_id, order);
    let shown = self::order(&world, &subgraph, order).await;
    assert_eq!(
        (
            &shown["payment"]["status"],
            shown["payments"].as_array().unwrap().len()
        ),
        (&json!("SUCCEEDED"), 1)
    );
}

#[tokio::test]
async fn the_schema_is_what_we_think_it_is() {
    let (_world, subgraph) = start().await;
    insta::assert_snapshot!(subgraph.sdl);
}
