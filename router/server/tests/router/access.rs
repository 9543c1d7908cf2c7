//! Who may see what: tokens, access rules, cookies from foreign sites, CORS.

use std::sync::atomic::Ordering;

use lavka_router::Config;
use serde_json::json;

use crate::world::{DAWN, World};

#[tokio::test]
async fn a_wrong_or_expired_token_is_never_a_guest() {
    let world = World::new();
    let good = world.token("");
    for header in [
        "Bearer nonsense",
        "Bearer ",
        "Basic YTpi",
        "nonsense",
        &format!("Bearer {good}x"),
    ] {
        for accept in [
            "application/json",
            "application/graphql-response+json",
            "text/event-stream",
        ] {
            let reply = world
                .post("{ hello }")
                .header("authorization", header)
                .accept(accept)
                .send()
                .await;
            assert_eq!(
                (reply.status.as_u16(), &*reply.code()),
                (401, "UNAUTHENTICATED"),
                "{header} {accept}"
            );
        }
    }
    assert_eq!(world.post("{ hello }").bearer(&good).send().await.status, 200);
    world.now.store(DAWN + 600, Ordering::Relaxed);
    let reply = world.post("{ hello }").bearer(&good).send().await;
    assert_eq!(reply.status, 401);
    assert_eq!(
        reply.json()["errors"][0]["message"],
        "the access token has expired"
    );
    assert_eq!(reply.header("www-authenticate"), "Bearer error=\"invalid_token\"");
}

#[tokio::test]
async fn access_rules_of_the_schema_are_enforced_and_the_rest_is_answered() {
    let world = World::new();
    let query = "{ hello me { name salary } }";
    let guest = world.post(query).send().await;
    assert_eq!(guest.status, 200);
    assert_eq!(guest.json()["data"], json!({"hello": "hello world", "me": null}));
    assert_eq!(guest.json()["errors"][0]["path"], json!(["me"]));
    assert_eq!(guest.code(), "UNAUTHENTICATED");

    let person = world.post(query).bearer(&world.token("other")).send().await;
    assert_eq!(
        person.json()["data"]["me"],
        json!({"name": "Ann", "salary": null})
    );
    assert_eq!(person.json()["errors"][0]["path"], json!(["me", "salary"]));
    assert_eq!(person.code(), "UNAUTHORIZED_FIELD_OR_TYPE");

    let staff = world.post(query).bearer(&world.token("hr")).send().await;
    assert_eq!(
        staff.json(),
        json!({"data": {"hello": "hello world", "me": {"name": "Ann", "salary": 100}}})
    );
    // The same text again, now that all three have plans: nobody gets another's.
    assert_eq!(world.post(query).send().await.json()["data"]["me"], json!(null));
    assert_eq!(
        world.post(query).bearer(&world.token("")).send().await.json()["data"]["me"]["salary"],
        json!(null)
    );
    assert!(
        world
            .handle
            .metrics_page()
            .contains(r#"cache_lookups_total{cache="plan",result="hit"} 2"#)
    );
}

#[tokio::test]
async fn policies_hold_for_whom_the_token_names_them() {
    let world = World::new();
    let query = "{ me { debts } }";
    for (policies, debts) in [
        (json!("reader auditor"), json!(5)),
        (json!(["auditor"]), json!(5)),
        (json!(["reader"]), json!(null)),
        (json!(null), json!(null)),
    ] {
        let token = world.token_with_policies(&policies);
        let reply = world.post(query).bearer(&token).send().await;
        assert_eq!(reply.json()["data"]["me"]["debts"], debts, "{policies}");
        let code = if debts.is_null() {
            "UNAUTHORIZED_FIELD_OR_TYPE"
        } else {
            ""
        };
        assert_eq!(reply.code(), code, "{policies}");
    }
}

#[tokio::test]
async fn the_token_goes_on_to_subgraphs() {
    let world = World::new();
    let token = world.token("");
    world.post("{ hello }").bearer(&token).send().await;
    assert_eq!(
        world.stage.headers.lock().unwrap()["authorization"],
        format!("Bearer {token}")
    );
}

#[tokio::test]
async fn a_foreign_site_cannot_use_the_cookie() {
    let world = World::new();
    let forged = world
        .post("mutation { bump }")
        .header("cookie", "refresh=1")
        .header("origin", "https://evil.example");
    let reply = forged.header("sec-fetch-site", "cross-site").send().await;
    assert_eq!((reply.status.as_u16(), &*reply.code()), (403, "CSRF_REFUSED"));
    assert_eq!(world.stage.bumps.load(Ordering::Relaxed), 0);
    let own = world
        .post("mutation { bump }")
        .header("cookie", "refresh=1")
        .header("sec-fetch-site", "same-origin");
    assert_eq!(own.send().await.json(), json!({"data": {"bump": 1}}));
    let without = world
        .post("mutation { bump }")
        .header("origin", "https://evil.example")
        .send()
        .await;
    assert_eq!(
        without.json(),
        json!({"data": {"bump": 2}}),
        "without the cookie there is nothing to forge"
    );
}

#[tokio::test]
async fn configured_origins_may_call_and_read_refusals() {
    let mut config = Config::default();
    config.cors.origins = vec!["https://shop.example".into()];
    let world = World::with(config);
    let preflight = world
        .post("")
        .method("OPTIONS")
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,authorization")
        .send()
        .await;
    assert_eq!(preflight.status, 200);
    assert_eq!(
        preflight.header("access-control-allow-origin"),
        "https://shop.example"
    );
    assert_eq!(
        preflight.header("access-control-allow-headers"),
        "content-type,authorization"
    );
    assert_eq!(preflight.header("access-control-allow-credentials"), "true");
    let refused = world
        .post("{ hello }")
        .header("origin", "https://shop.example")
        .bearer("x")
        .send()
        .await;
    assert_eq!(refused.status, 401);
    assert_eq!(
        refused.header("access-control-allow-origin"),
        "https://shop.example"
    );
    let stranger = world
        .post("{ hello }")
        .header("origin", "https://other.example")
        .send()
        .await;
    assert_eq!(stranger.header("access-control-allow-origin"), "");
}
