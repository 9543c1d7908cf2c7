//! Processes and engines that are killed, stand still and come back while people check out. Only for the store as several processes on
//! real engines, and on request, since each takes minutes: `cargo xtask faults`.
//!
//! People behave as an app does that repeats what got no answer, with the same key. Whatever they were told meanwhile must have been an
//! answer, or an error that says that it may be tried again, and within its time. Afterwards every order is PAID once and charged once,
//! the stock adds up, and no event waits or was given up.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::people::{Order, Person, eventually};
use crate::shop::{Shop, client, get};

/// As many shop at the same time, so that there is somebody at it whenever something happens.
const AT_ONCE: usize = 6;
/// Above the router's own limit, which is half a minute.
const PATIENCE: Duration = Duration::from_secs(40);
/// How often somebody repeats what got no answer.
const TRIES: usize = 400;
/// Errors that say that the same request may do in a moment: the store's own, and the router's about a subgraph that it didn't reach.
const PASSING: [&str; 4] = [
    "SERVICE_UNAVAILABLE",
    "SUBREQUEST_HTTP_ERROR",
    "SUBREQUEST_TIMEOUT",
    "REQUEST_TIMEOUT",
];

/// So many checkouts; `None` where no such journey is wanted.
fn checkouts() -> Option<usize> {
    std::env::var_os("LAVKA_TEST_FAULTS")?;
    let count = std::env::var("LAVKA_TEST_CHECKOUTS").map_or(Ok(60), |it| it.parse());
    Some(count.expect("LAVKA_TEST_CHECKOUTS is a number"))
}

/// What somebody met with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Met {
    Order,
    Trouble,
}

/// People who buy one thing each, as guests, until everybody has an order.
struct Crowd {
    url: String,
    sku: String,
    met: UnboundedSender<Met>,
    /// What they were told that was no answer, and how often.
    told: Mutex<BTreeMap<String, usize>>,
}

impl Crowd {
    async fn buys(&self, count: usize) -> Vec<Order> {
        let buying = stream::iter(0..count).map(|number| async move {
            let order = self.insists_on_buying(number).await;
            self.met.send(Met::Order).expect("the test waits");
            order
        });
        buying.buffer_unordered(AT_ONCE).collect().await
    }

    /// Adds and checks out until there is an order.
    async fn insists_on_buying(&self, number: usize) -> Order {
        let mut guest = Person::new(&self.url);
        let input = json!({ "input": { "sku": self.sku, "quantity": 1 } });
        let add = "mutation($input: AddToCartInput!) { done: addToCart(input: $input) { cart { id } userErrors { code } } }";
        let added = self.insists(&guest, add, &input).await;
        guest.cart = added["cart"]["id"].as_str().map(str::to_owned);
        let input = json!({ "input": guest.checkout_input("ok", &format!("order {number}, please")) });
        let checkout = "mutation($input: CheckoutInput!) { done: checkout(input: $input) { order { id } orderKey userErrors { code } } }";
        let placed = self.insists(&guest, checkout, &input).await;
        guest.ordered(&placed)
    }

    /// Sends the same until it is done, and gives what `done` holds then.
    async fn insists(&self, guest: &Person, query: &str, variables: &Value) -> Value {
        let client = client();
        let body = json!({ "query": query, "variables": variables });
        for _ in 0..TRIES {
            let request = client
                .post(format!("{}/graphql", guest.url))
                .timeout(PATIENCE)
                .json(&body);
            let told = match request.send().await {
                Ok(answer) => match answer.json::<Value>().await {
                    Ok(mut answer) => match wrong_with(&answer) {
                        None => return answer["data"]["done"].take(),
                        Some(code) => code,
                    },
                    Err(error) => in_time(&error, "an answer that breaks off"),
                },
                Err(error) => in_time(&error, "no connection"),
            };
            *self
                .told
                .lock()
                .expect("nobody panicked")
                .entry(told)
                .or_default() += 1;
            self.met.send(Met::Trouble).expect("the test waits");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{TRIES} times: {body:#}");
    }
}

/// What stands in the way: the code of the error, or of a refusal that ends by itself.
fn wrong_with(answer: &Value) -> Option<String> {
    let code = |it: &Value| it.as_str().map(str::to_owned);
    if let Some(error) = answer["errors"].get(0) {
        let told = code(&error["extensions"]["code"]).unwrap_or_default();
        assert!(
            PASSING.contains(&told.as_str()),
            "not to be tried again: {answer:#}"
        );
        return Some(told);
    }
    let refusal = code(&answer["data"]["done"]["userErrors"][0]["code"])?;
    assert_eq!(refusal, "CART_BUSY", "{answer:#}");
    Some(refusal)
}

fn in_time(error: &reqwest::Error, told: &str) -> String {
    assert!(!error.is_timeout(), "every request ends within its time: {error}");
    told.to_owned()
}

/// What happens meanwhile goes on as people go on.
struct Watch(UnboundedReceiver<Met>);

impl Watch {
    /// So many more have their order.
    async fn orders(&mut self, count: usize) {
        for _ in 0..count {
            while self.0.recv().await.expect("they go on") != Met::Order {}
        }
    }

    /// So many have met with trouble, or have an order all the same.
    async fn anything(&mut self, count: usize) {
        for _ in 0..count {
            self.0.recv().await.expect("they go on");
        }
    }
}

/// The scene: a crowd buys while `happens`, and then everything is as if nothing had.
async fn nothing_is_lost(count: usize, shop: &mut Shop, happens: impl AsyncFnOnce(&mut Shop, &mut Watch)) {
    let staff = shop.staff().await;
    let sku = staff.finds_one().await;
    staff.stocks(&sku, i64::try_from(count).expect("few") + 5).await;
    let all = "{ orders { totalCount } }";
    let before = staff.gets(all, json!({})).await["orders"]["totalCount"].clone();
    let (met, heard) = unbounded_channel();
    let crowd = Crowd {
        url: shop.url.clone(),
        sku: sku.clone(),
        met,
        told: Mutex::default(),
    };
    let mut watch = Watch(heard);
    let (orders, ()) = tokio::join!(crowd.buys(count), happens(shop, &mut watch));
    println!("{count} checkouts; meanwhile people were told {:?}", crowd.told);

    let guest = shop.guest();
    for order in &orders {
        let paid = guest.awaits(order, "PAID").await;
        let history = paid["history"].as_array().expect("a history");
        let times = history.iter().filter(|it| it["status"] == "PAID").count();
        assert_eq!(times, 1, "PAID once: {paid:#}");
        let seen = guest.looks_at(order).await;
        let payments = seen["payments"].as_array().expect("payments");
        let charged = payments.iter().filter(|it| it["status"] == "SUCCEEDED").count();
        assert_eq!(charged, 1, "charged once: {payments:?}");
    }
    let staff = shop.staff().await;
    let after = staff.gets(all, json!({})).await["orders"]["totalCount"].clone();
    let made = after
        .as_u64()
        .zip(before.as_u64())
        .map(|(after, before)| after - before);
    assert_eq!(made, u64::try_from(count).ok(), "an order each, and no more");
    assert_eq!(guest.sees_available(&sku).await, 5, "the stock adds up");
    nothing_waits(shop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_process_is_killed_nothing_is_lost() {
    let Some(count) = checkouts() else { return };
    let mut shop = Shop::start().await;
    let names = shop.processes().expect("LAVKA_TEST_SHAPE=processes").names();
    let between = count / (names.len() + 1);
    nothing_is_lost(count, &mut shop, async |shop, watch| {
        let processes = shop.processes().expect("several");
        for at in 0..names.len() {
            watch.orders(between).await;
            processes.kill_one(at).await;
            watch.anything(2 * AT_ONCE).await;
            processes.start_all().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_engine_is_killed_nothing_is_lost() {
    befalls_each_engine("kill", "start", 4 * AT_ONCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_engine_stands_still_nothing_is_lost() {
    befalls_each_engine("freeze", "thaw", AT_ONCE).await;
}

/// One engine after the other is hit, and mended when so many have met with it.
async fn befalls_each_engine(hit: &str, mend: &str, met: usize) {
    let Some(count) = checkouts() else { return };
    let mut shop = Shop::start().await;
    let between = count / 5;
    nothing_is_lost(count, &mut shop, async |_, watch| {
        for engine in ["redis", "kafka", "postgres", "mongodb"] {
            watch.orders(between).await;
            fault(hit, engine).await;
            watch.anything(met).await;
            fault(mend, engine).await;
        }
    })
    .await;
}

/// One of two replicas of orders and of notifications stands still, longer than Kafka waits for it, and goes on where it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_cut_off_loses_nothing() {
    let Some(count) = checkouts() else { return };
    let mut shop = Shop::start().await;
    let names = shop.processes().expect("LAVKA_TEST_SHAPE=processes").names();
    let replicas = |name: &str| names.iter().position(|it| *it == name).expect("it runs");
    let between = count / 3;
    nothing_is_lost(count, &mut shop, async |shop, watch| {
        let processes = shop.processes().expect("several");
        for at in [replicas("orders"), replicas("notifications")] {
            watch.orders(between / 2).await;
            processes.freeze_one(at, true).await;
            watch.orders(between / 2).await;
            processes.freeze_one(at, false).await;
        }
    })
    .await;
}

/// Lets something befall an engine, by the program that started it.
async fn fault(fault: &str, engine: &str) {
    let xtask = std::env::var("LAVKA_XTASK").expect("LAVKA_XTASK is the program of `cargo xtask`");
    let done = tokio::process::Command::new(xtask)
        .args(["engines", "fault", fault, engine])
        .status()
        .await
        .expect("run xtask");
    assert!(done.success(), "{fault} {engine}");
}

/// Each group of each process has handled everything, and given up on nothing.
async fn nothing_waits(shop: &mut Shop) {
    let urls = shop.processes().expect("several").service_urls();
    for url in urls {
        eventually(async || {
            let page = get(format!("{url}/metrics")).await.ok()?.text().await.ok()?;
            // What services count beside (payments, say) only grows.
            let mut counts = page.lines().filter(|it| it.starts_with("lavka_bus_"));
            counts.all(|it| it.ends_with(" 0")).then_some(())
        })
        .await;
    }
}
