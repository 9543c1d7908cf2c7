//! kill -9 of each process in turn while people check out. Only for the store as several processes on real engines.

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use serde_json::json;

use crate::people::{Order, Person, eventually};
use crate::shop::{Shop, client, get};

const SHOPPERS: usize = 60;
/// As many shop at the same time, so that there is somebody at it whenever something is killed.
const AT_ONCE: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn whichever_process_is_killed_amid_checkouts_every_order_is_paid_once() {
    let mut shop = Shop::start().await;
    let Some(names) = shop.processes().map(|it| it.names()) else {
        return;
    };
    let staff = shop.staff().await;
    let sku = staff.finds_one().await;
    let shoppers = join_all((0..SHOPPERS).map(|number| {
        let shop = &shop;
        async move { shop.newcomer(&format!("Shopper{number}")).await }
    }))
    .await;
    staff
        .stocks(&sku, i64::try_from(SHOPPERS).expect("few") + 5)
        .await;

    // They go on trying until they have their order, as an app does that repeats what got no answer, with the same key.
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let buying = stream::iter(&shoppers)
        .map(|shopper| {
            let (told, sku) = (told.clone(), &sku);
            async move {
                let order = insists_on_buying(shopper, sku).await;
                told.send(()).expect("the test waits");
                order
            }
        })
        .buffered(AT_ONCE)
        .collect::<Vec<_>>();
    let processes = shop.processes().expect("several");
    let killing = async {
        for at in 0..names.len() {
            // Between two kills some get through.
            for _ in 0..4 {
                heard.recv().await;
            }
            processes.kill_one(at).await;
            processes.start_all().await;
        }
    };
    let (orders, ()) = tokio::join!(buying, killing);

    for (shopper, order) in shoppers.iter().zip(&orders) {
        let paid = shopper.awaits(order, "PAID").await;
        let history = paid["history"].as_array().expect("a history");
        assert_eq!(
            history.iter().filter(|it| it["status"] == "PAID").count(),
            1,
            "{paid:#}"
        );
        let mine = shopper
            .gets(
                "{ me { orders { totalCount nodes { payments { status } } } } }",
                json!({}),
            )
            .await["me"]["orders"]
            .clone();
        assert_eq!(mine["totalCount"], 1, "one order each: {mine:#}");
        let payments = mine["nodes"][0]["payments"].as_array().expect("payments").clone();
        let charged = payments.iter().filter(|it| it["status"] == "SUCCEEDED").count();
        assert_eq!(charged, 1, "charged once: {payments:?}");
    }
    assert_eq!(shop.guest().sees_available(&sku).await, 5, "the stock adds up");
    nothing_waits(&mut shop).await;
}

/// Adds and checks out until there is an order. Every answer that is none of ours is a clear one that can be tried again.
async fn insists_on_buying(shopper: &Person, sku: &str) -> Order {
    let add = json!({ "query": "mutation($input: AddToCartInput!) { addToCart(input: $input) { cart { id } userErrors { code } } }",
        "variables": { "input": { "sku": sku, "quantity": 1 } } });
    let cart = eventually(async || {
        // A cart that already has the line is as good: the answer to the first try was lost.
        let mine = "{ me { cart { id itemCount } } }";
        let there = send(shopper, &json!({ "query": mine })).await?;
        if there["data"]["me"]["cart"]["itemCount"].as_i64() == Some(1) {
            return there["data"]["me"]["cart"]["id"].as_str().map(str::to_owned);
        }
        let added = send(shopper, &add).await?;
        added["data"]["addToCart"]["cart"]["id"]
            .as_str()
            .map(str::to_owned)
    })
    .await;
    let mut shopper = shopper.at(&shopper.url);
    shopper.cart = Some(cart);
    let query = "mutation($input: CheckoutInput!) { checkout(input: $input) { order { id } orderKey userErrors { code } } }";
    let checkout = json!({ "query": query, "variables": { "input": shopper.checkout_input("ok", "one order, please") } });
    eventually(async || {
        let answer = send(&shopper, &checkout).await?;
        let payload = &answer["data"]["checkout"];
        payload["order"]["id"].as_str().map(|id| Order {
            id: id.to_owned(),
            key: payload["orderKey"].as_str().map(str::to_owned),
        })
    })
    .await
}

/// A request that may fail while something is down; then it ends in time, and there is no answer.
async fn send(shopper: &Person, body: &serde_json::Value) -> Option<serde_json::Value> {
    let request = client()
        .post(format!("{}/graphql", shopper.url))
        .timeout(std::time::Duration::from_secs(30))
        .bearer_auth(shopper.token.as_deref().expect("a token"))
        .json(body);
    match request.send().await {
        Ok(answer) => answer.json().await.ok(),
        Err(error) => {
            assert!(!error.is_timeout(), "every request ends within its time: {error}");
            None
        }
    }
}

/// Each group of each process has handled everything, and given up on nothing.
async fn nothing_waits(shop: &mut Shop) {
    let urls = shop.processes().expect("several").service_urls();
    for url in urls {
        eventually(async || {
            let page = get(format!("{url}/metrics")).await.ok()?.text().await.ok()?;
            let mut counts = page
                .lines()
                .filter(|it| !it.starts_with('#'))
                .filter_map(|it| it.rsplit(' ').next());
            counts.all(|it| it == "0").then_some(())
        })
        .await;
    }
}
