//! The whole service in its surroundings: events in, files out, and what clients see.

use std::time::Duration;

use futures_util::StreamExt as _;
use lavka_kit::ids::Id;
use lavka_kit::subgraph::Subgraph;
use lavka_kit::testing::TestWorld;
use serde_json::{Value, json};

use crate::Config;
use crate::scene::{ANN, ORDER, placed, registered};

async fn start() -> (TestWorld, Subgraph) {
    let world = TestWorld::of("notifications").await;
    let subgraph = crate::start(Config::default(), world.context.clone())
        .await
        .unwrap();
    (world, subgraph)
}

const INBOX: &str = "query ($keys: [_Any!]!, $first: Int, $after: String) { _entities(representations: $keys) { ... on User {
    unreadNotificationCount
    notifications(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        nodes { id kind title body readAt createdAt order { id }
            deliveries { channel status attempts sentAt error } } }
    notificationPreferences { email sms push quietHours { from to timeZone } kinds { kind email sms push } } } } }";

fn ann() -> Value {
    json!([{ "__typename": "User", "id": ANN }])
}

#[tokio::test]
async fn an_inbox_is_shown_page_by_page_and_live() {
    let (world, subgraph) = start().await;
    let token = world.customer_token(ANN);
    let mut live = world
        .subscribe(
            &subgraph,
            Some(&token),
            "subscription { notificationReceived { kind order { id } } }",
            json!({}),
        )
        .await
        .unwrap();
    // The subscription has to stand before the first event: its stream is polled beside the publishing.
    let (first, ()) = tokio::join!(
        tokio::time::timeout(Duration::from_secs(10), live.next()),
        async {
            tokio::task::yield_now().await;
            world.publish(ORDER, &placed(Some(ANN))).await;
            world.settle("notifications").await;
        }
    );
    let first = first.unwrap().unwrap();
    assert_eq!(
        first["data"]["notificationReceived"],
        json!({ "kind": "ORDER_PLACED", "order": { "id": ORDER } })
    );
    world.publish(ANN, &registered()).await;
    world.settle("notifications").await;
    let answer = world
        .ask(
            &subgraph,
            Some(&token),
            INBOX,
            json!({ "keys": ann(), "first": 1 }),
        )
        .await;
    let user = &answer.data()["_entities"][0];
    assert_eq!(
        (
            &user["unreadNotificationCount"],
            &user["notifications"]["totalCount"]
        ),
        (&json!(2), &json!(2))
    );
    assert_eq!(user["notifications"]["nodes"][0]["kind"], "WELCOME");
    assert_eq!(
        user["notificationPreferences"]["kinds"].as_array().unwrap().len(),
        12
    );
    let after = &user["notifications"]["pageInfo"]["endCursor"];
    let answer = world
        .ask(
            &subgraph,
            Some(&token),
            INBOX,
            json!({ "keys": ann(), "first": 1, "after": after }),
        )
        .await;
    let page = &answer.data()["_entities"][0]["notifications"];
    assert_eq!(
        (&page["nodes"][0]["kind"], &page["pageInfo"]["hasNextPage"]),
        (&json!("ORDER_PLACED"), &json!(false))
    );
    assert_eq!(
        page["nodes"][0]["deliveries"][1]["error"],
        "No provider is configured for this channel."
    );
}

#[tokio::test]
async fn an_inbox_is_its_owners() {
    let (world, subgraph) = start().await;
    let bob = world.customer_token(Id::from_u128(0xb0b));
    let ask = async |token: Option<&str>| world.ask(&subgraph, token, INBOX, json!({ "keys": ann() })).await;
    assert_eq!(ask(None).await.error_code(), "UNAUTHENTICATED");
    assert_eq!(ask(Some(&bob)).await.error_code(), "FORBIDDEN");
    assert_eq!(ask(Some(&world.staff_token())).await.error_code(), "FORBIDDEN");
    let service = world.service_token("users");
    assert_eq!(
        ask(Some(&service)).await.data()["_entities"][0]["unreadNotificationCount"],
        0
    );
    let refused = world
        .subscribe(
            &subgraph,
            None,
            "subscription { notificationReceived { id } }",
            json!({}),
        )
        .await;
    let said = match refused {
        Ok(mut stream) => stream.next().await.unwrap(),
        Err(said) => said,
    };
    assert_eq!(said["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

const READ: &str = "mutation ($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) {
    user { unreadNotificationCount notifications { nodes { readAt } } } userErrors { code field } } }";

#[tokio::test]
async fn reading_is_all_or_nothing() {
    let (world, subgraph) = start().await;
    world.publish(ANN, &registered()).await;
    world.publish(ORDER, &placed(Some(ANN))).await;
    world.settle("notifications").await;
    let token = world.customer_token(ANN);
    let read = async |input: Value| {
        world
            .ask(&subgraph, Some(&token), READ, json!({ "input": input }))
            .await
            .data()["markNotificationsRead"]
            .clone()
    };
    let refused = read(json!({ "ids": ["no-id"] })).await;
    assert_eq!(refused["userErrors"][0]["code"], "NOTIFICATION_NOT_FOUND");
    assert_eq!(refused["user"], Value::Null);
    let done = read(json!({ "all": true })).await;
    assert_eq!(done["user"]["unreadNotificationCount"], 0);
    let nodes = done["user"]["notifications"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.iter().filter(|it| it["readAt"].is_string()).count(), 2);
}

const UPDATE: &str = "mutation ($input: UpdateNotificationPreferencesInput!) { updateNotificationPreferences(input: $input) {
    preferences { email sms quietHours { from to timeZone } kinds { kind email push } } userErrors { code message field } } }";

#[tokio::test]
async fn preferences_change_only_where_they_are_mentioned() {
    let (world, subgraph) = start().await;
    let token = world.customer_token(ANN);
    let update = async |input: Value| {
        let answer = world
            .ask(&subgraph, Some(&token), UPDATE, json!({ "input": input }))
            .await;
        answer.data()["updateNotificationPreferences"].clone()
    };
    let quiet = json!({ "from": "22:00", "to": "08:00", "timeZone": "Europe/Moscow" });
    let done =
        update(json!({ "sms": false, "quietHours": quiet, "kinds": [{ "kind": "WELCOME", "push": false }] }))
            .await;
    assert_eq!(done["preferences"]["quietHours"], quiet);
    let done = update(json!({ "email": false })).await;
    let shown = &done["preferences"];
    assert_eq!(
        (&shown["email"], &shown["sms"], &shown["quietHours"]),
        (&json!(false), &json!(false), &quiet)
    );
    let welcome = shown["kinds"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["kind"] == "WELCOME")
        .unwrap();
    assert_eq!(
        (&welcome["email"], &welcome["push"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        update(json!({ "quietHours": null })).await["preferences"]["quietHours"],
        Value::Null
    );
    for (input, code) in [
        (
            json!({ "quietHours": { "from": "22:00", "to": "22:00", "timeZone": "UTC" } }),
            "TIME_INVALID",
        ),
        (
            json!({ "quietHours": { "from": "22:00", "to": "08:00", "timeZone": "Mars" } }),
            "TIME_ZONE_UNKNOWN",
        ),
        (
            json!({ "kinds": [{ "kind": "PASSWORD_RESET", "email": false }] }),
            "KIND_MANDATORY",
        ),
    ] {
        assert_eq!(update(input).await["userErrors"][0]["code"], code);
    }
}

#[tokio::test]
async fn devices_are_registered_and_removed_by_their_owner() {
    let (world, subgraph) = start().await;
    let (ann, bob) = (
        world.customer_token(ANN),
        world.customer_token(Id::from_u128(0xb0b)),
    );
    let register = "mutation ($input: RegisterPushDeviceInput!) { registerPushDevice(input: $input) { device { id kind createdAt } userErrors { code } } }";
    let remove = "mutation ($input: RemovePushDeviceInput!) { removePushDevice(input: $input) { device { id } userErrors { code } } }";
    let input = json!({ "input": { "fcmToken": "fG8:APA91b-abc_DEF0123456789" } });
    let answer = world.ask(&subgraph, Some(&ann), register, input.clone()).await;
    let id = answer.data()["registerPushDevice"]["device"]["id"].clone();
    let again = world.ask(&subgraph, Some(&ann), register, input).await;
    assert_eq!(again.data()["registerPushDevice"]["device"]["id"], id);
    let bad = world
        .ask(&subgraph, Some(&ann), register, json!({ "input": {} }))
        .await;
    assert_eq!(
        bad.data()["registerPushDevice"]["userErrors"][0]["code"],
        "SUBSCRIPTION_INVALID"
    );
    let input = json!({ "input": { "id": id } });
    let stranger = world.ask(&subgraph, Some(&bob), remove, input.clone()).await;
    assert_eq!(
        stranger.data()["removePushDevice"]["userErrors"][0]["code"],
        "DEVICE_NOT_FOUND"
    );
    let removed = world.ask(&subgraph, Some(&ann), remove, input).await;
    assert_eq!(removed.data()["removePushDevice"]["device"]["id"], id);
}

#[tokio::test]
async fn a_wrong_time_zone_stops_the_start_with_a_sentence() {
    let world = TestWorld::of("notifications").await;
    let config = Config {
        time_zone: "Mars".into(),
        ..Config::default()
    };
    let error = crate::start(config, world.context.clone()).await.err().unwrap();
    assert!(
        error
            .to_string()
            .starts_with("notifications.time_zone is \"Mars\""),
        "{error}"
    );
}

#[tokio::test]
async fn the_schema_is_what_we_think_it_is() {
    let (_world, subgraph) = start().await;
    insta::assert_snapshot!(subgraph.sdl);
}
