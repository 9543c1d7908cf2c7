//! The same world with every hop over a real connection: client, router, subgraphs.

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_query_and_a_mutation_cross_the_network() {
    let world = World::over_http().await;
    let reply = world.post("{ newest { title author { name } } }").send().await;
    assert_eq!(
        reply.text,
        r#"{"data":{"newest":{"title":"Lamps","author":{"name":"Ann"}}}}"#
    );
    let reply = world.post("mutation { signIn }").send().await;
    let cookies: Vec<_> = reply.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["refresh=abc; HttpOnly", "seen=1"]);
}

#[tokio::test]
async fn a_subscription_crosses_the_network_and_ends_there_when_the_client_leaves() {
    let world = World::over_http().await;
    let mut socket = world.socket().await;
    socket.say(json!({"type": "connection_init"})).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    let query = "subscription { ticks { number person { posts { title } } } }";
    socket
        .say(json!({"type": "subscribe", "id": "1", "payload": {"query": query}}))
        .await;
    let tick = json!({"number": 1, "person": {"posts": [{"title": "Lamps"}]}});
    assert_eq!(socket.hear().await["payload"], json!({"data": {"ticks": tick}}));
    drop(socket);
    world.stage.ticks_dropped.notified().await;
}
