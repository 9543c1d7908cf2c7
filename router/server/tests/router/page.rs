//! What a browser's address bar gets.

use lavka_router::Config;

use crate::world::World;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

#[tokio::test]
async fn a_browser_gets_a_page_and_a_program_does_not() {
    let world = World::new();
    let page = world
        .get(&[])
        .accept(BROWSER)
        .header("sec-fetch-site", "cross-site")
        .send()
        .await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text.starts_with("<!doctype html>"), "{}", page.text);
    assert_eq!(
        world.get(&[("query", "{ hello }")]).send().await.text,
        r#"{"data":{"hello":"hello world"}}"#
    );
    assert_eq!(
        world.get(&[]).path("/graphql/assets/nope.js").send().await.status,
        404
    );
    assert_eq!(
        world
            .get(&[])
            .path("/graphql/assets/..%2f..%2fCargo.toml")
            .send()
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn the_page_can_be_switched_off() {
    let mut config = Config::default();
    config.graphiql.enabled = false;
    let reply = World::with(config).get(&[]).accept(BROWSER).send().await;
    assert_eq!(reply.status, 400);
}
