//! What is malformed, hostile, forged or huge gets a clear answer, and the store stays up.

use serde_json::{Value, json};

use crate::shop::{Shop, client};
use crate::socket;

async fn post(shop: &Shop, body: String) -> (u16, Value) {
    let client = client();
    let request = client
        .post(format!("{}/graphql", shop.url))
        .header("content-type", "application/json")
        .body(body);
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("an answer in JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_requests_are_refused_by_name() {
    let shop = Shop::start().await;
    let cases = [
        ("{\"query\": \"{ me".to_owned(), "BAD_REQUEST"),
        (json!({ "query": "{ me { id " }).to_string(), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "{ nonsense }" }).to_string(), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "{ me { nonsense } }" }).to_string(), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "query($first: Int) { products(first: $first) { totalCount } }", "variables": { "first": "many" } }).to_string(), "BAD_USER_INPUT"),
    ];
    for (body, code) in cases {
        let (status, answer) = post(&shop, body.clone()).await;
        assert!((200..500).contains(&status), "{status}");
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], code,
            "{body}: {answer:#}"
        );
    }
    let (_, answer) = post(&shop, json!({ "query": "{ me { nonsense } }" }).to_string()).await;
    let said = answer["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .any(|it| it["message"].to_string().contains("nonsense"));
    assert!(said, "{answer:#}");
    assert!(
        answer["errors"][0]["locations"][0]["line"].is_number(),
        "{answer:#}"
    );
    let (_, answer) = post(&shop, json!({ "query": "query($first: Int) { products(first: $first) { totalCount } }", "variables": { "first": "many" } }).to_string()).await;
    assert!(
        answer["errors"][0]["message"]
            .as_str()
            .is_some_and(|it| it.contains("first")),
        "{answer:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_wide_and_huge_operations_are_refused() {
    let shop = Shop::start().await;
    let deep = format!(
        "{{ products {{ nodes {{ {} id {} }} }} }}",
        "variants { product { ".repeat(60),
        "} }".repeat(60)
    );
    let wide = format!(
        "{{ {} }}",
        (0..3000)
            .map(|it| format!("a{it}: categories {{ id }} "))
            .collect::<String>()
    );
    for query in [deep, wide] {
        let (status, answer) = post(&shop, json!({ "query": query }).to_string()).await;
        assert!((400..500).contains(&status) || status == 200, "{status}");
        assert!(
            answer["errors"][0]["extensions"]["code"].is_string(),
            "{answer:#}"
        );
        assert_eq!(
            answer.get("data").cloned().unwrap_or_default(),
            Value::Null,
            "nothing of it was run"
        );
    }
    let huge =
        json!({ "query": format!("{{ categories {{ id }} }} # {}", "x".repeat(20 << 20)) }).to_string();
    let client = client();
    let sent = client
        .post(format!("{}/graphql", shop.url))
        .header("content-type", "application/json")
        .body(huge)
        .send()
        .await;
    // The store may close the connection before all of it was sent; if it answered, it said why.
    if let Ok(answer) = sent {
        assert_eq!(answer.status(), 413);
    }
    assert_eq!(
        post(&shop, json!({ "query": "{ categories { id } }" }).to_string())
            .await
            .0,
        200,
        "it stays up"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_token_is_never_a_silent_guest() {
    let shop = Shop::start().await;
    let shopper = shop.shopper().await;
    let good = shopper.token.clone().expect("a token");
    let mut forged = good.clone();
    let last = forged.pop().expect("a character");
    let before = forged.pop().expect("a character");
    forged.push(if before == 'A' { 'B' } else { 'A' });
    forged.push(last);
    let unsigned = format!(
        "{}.{}.",
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0",
        good.split('.').nth(1).expect("claims")
    );
    for token in [forged.as_str(), unsigned.as_str(), "nonsense"] {
        let mut person = shop.guest();
        person.token = Some(token.to_owned());
        let answer = person.asks("{ categories { id } }", json!({})).await;
        assert_eq!(
            (answer.status, answer.code()),
            (401, "UNAUTHENTICATED"),
            "{:#}",
            answer.body
        );
        let mut socket = socket::connect(&shop.url, Some(token)).await;
        assert_eq!(socket::receive(&mut socket).await, Err(4403));
    }
    let guest = shop.guest().asks("{ me { id } }", json!({})).await;
    assert_eq!(guest.body["data"]["me"], Value::Null, "who is nobody has no `me`");
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_go_by_get_and_mutations_do_not() {
    let shop = Shop::start().await;
    let get = async |query: &str| {
        let url = reqwest::Url::parse_with_params(&format!("{}/graphql", shop.url), [("query", query)])
            .expect("a URL");
        client()
            .get(url)
            .header("accept", "application/json")
            .send()
            .await
            .expect("an answer")
    };
    assert_eq!(get("{ categories { id } }").await.status(), 200);
    assert_eq!(
        get("mutation { logOut(input: {}) { userErrors { message } } }")
            .await
            .status(),
        405
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gets_graphiql_and_the_storefront() {
    let shop = Shop::start().await;
    let client = client();
    for path in ["/graphql", "/", "/products/any-lamp"] {
        let answer = client
            .get(format!("{}{path}", shop.url))
            .header("accept", "text/html,*/*;q=0.8")
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        assert!(
            answer.headers()["content-type"]
                .to_str()
                .is_ok_and(|it| it.starts_with("text/html")),
            "{path}"
        );
    }
    for path in ["/health/live", "/health/ready", "/metrics"] {
        assert_eq!(
            client
                .get(format!("{}{path}", shop.url))
                .send()
                .await
                .expect("an answer")
                .status(),
            200,
            "{path}"
        );
    }
    assert_eq!(
        client
            .get(format!("{}/assets/none.js", shop.url))
            .send()
            .await
            .expect("an answer")
            .status(),
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_stream_tells_the_order_too() {
    let shop = Shop::start().await;
    let mut ann = shop.guest();
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("ok").await;
    let query = "subscription($id: ID!, $key: String) { orderUpdated(id: $id, orderKey: $key) { id status payment { status } lines { variant { title } } } }";
    let body = json!({ "query": query, "variables": { "id": order.id, "key": order.key } });
    let client = client();
    let mut answer = client
        .post(format!("{}/graphql", shop.url))
        .header("accept", "text/event-stream")
        .json(&body)
        .send()
        .await
        .expect("a stream");
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .is_ok_and(|it| it.starts_with("text/event-stream"))
    );
    let mut text = String::new();
    while !text.contains("\"PAID\"") {
        let chunk = answer
            .chunk()
            .await
            .expect("the stream goes on")
            .expect("it doesn't end before the order is paid");
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    assert!(text.contains("event: next"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn introspection_and_a_schema_without_internals() {
    let shop = Shop::start().await;
    let schema = shop
        .guest()
        .gets(
            "{ __schema { types { name fields(includeDeprecated: true) { name } } } }",
            json!({}),
        )
        .await
        .to_string();
    for internal in [
        "_entities",
        "_service",
        "takeOrderedLines",
        "mergeCart",
        "join__",
        "orderable",
    ] {
        assert!(!schema.contains(internal), "{internal} is not for clients");
    }
    assert!(schema.contains("orderUpdated"));
}
