//! Fields that are on their way from one subgraph to another.

use lavka_router::Config;
use serde_json::json;

use crate::world::World;

const QUERY: &str = "{ person(id: \"ann\") { motto mood hobby } }";

#[tokio::test]
async fn a_share_of_the_requests_is_answered_by_the_new_subgraph() {
    let reply = World::new().post(QUERY).send().await;
    assert_eq!(
        reply.json()["data"]["person"],
        json!({"motto": "of posts", "mood": "of people", "hobby": "of people"})
    );
}

#[tokio::test]
async fn a_label_is_on_where_the_configuration_says_so() {
    let mut config = Config::default();
    // One that the schema doesn't know does no harm: fields arrive, and their labels go.
    config.overrides.labels = vec!["hobbies".to_owned(), "long gone".to_owned()];
    let world = World::with(config);
    let reply = world.post(QUERY).send().await;
    assert_eq!(
        reply.json()["data"]["person"],
        json!({"motto": "of posts", "mood": "of people", "hobby": "of posts"})
    );
    world.post(QUERY).send().await;
    let page = world.handle.metrics_page();
    assert!(
        page.contains(r#"cache_lookups_total{cache="plan",result="hit"} 1"#),
        "{page}"
    );
}
