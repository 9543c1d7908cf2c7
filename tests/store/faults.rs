//! Processes and engines that are killed, stand still and come back while people check out. Only for the store as several processes on
//! real engines, whose program is told by `cargo xtask faults` and `cargo xtask test`.
//!
//! People behave as an app does that repeats what got no answer, with the same key. Whatever they were told meanwhile must have been an
//! answer, or an error that says that it may be tried again, and within its time. Afterwards every order is PAID once and charged once,
//! the stock adds up, everybody has each letter once, and no event waits or was given up.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::people::{Order, Person, eventually};
use crate::shop::{Shop, client, get};

/// As many shop at the same time, so that there is somebody at it whenever something happens.
const AT_ONCE: usize = 6;
/// Above the router's own limit, which is half a minute.
const PATIENCE: Duration = Duration::from_secs(40);
/// How long somebody repeats what got no answer: longer than anything is away here.
const INSISTENCE: Duration = Duration::from_secs(240);
/// Longer than a service waits for a statement.
const SILENCE: Duration = Duration::from_secs(18);
/// Longer than Kafka waits for a member of a group.
const GIVEN_UP: Duration = Duration::from_secs(8);
/// How long events may go on arriving after the last fault: the longest pauses of an outbox and of a consumer, one after the other,
/// for each of several services on the way, on a machine that has much else to do.
const REST: Duration = Duration::from_secs(120);
/// Who handles events.
const CONSUMERS: [&str; 4] = ["cart", "orders", "payments", "notifications"];
/// More than anybody buys here.
const STOCK: i64 = 100_000;
/// Errors that say that the same request may do in a moment: the store's own, and the router's about a subgraph that it didn't reach.
const PASSING: [&str; 4] = [
    "SERVICE_UNAVAILABLE",
    "SUBREQUEST_HTTP_ERROR",
    "SUBREQUEST_TIMEOUT",
    "REQUEST_TIMEOUT",
];

/// At least so many checkouts; `None` where no such journey is wanted.
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

/// People who buy one thing after another, as guests, as long as things happen and until there are as many orders as wanted.
struct Crowd {
    url: String,
    sku: String,
    wanted: usize,
    begun: AtomicUsize,
    is_over: AtomicBool,
    met: UnboundedSender<Met>,
    told: Mutex<Told>,
}

/// What people were told.
#[derive(Debug, Default)]
struct Told {
    /// How often each of what was no answer.
    codes: BTreeMap<String, usize>,
    /// The longest that somebody waited for whatever it was.
    longest: Duration,
}

impl Crowd {
    async fn buys(&self) -> Vec<(usize, Order)> {
        let people = (0..AT_ONCE).map(|_| async {
            let mut orders = Vec::new();
            while let Some(number) = self.next() {
                orders.push((number, self.insists_on_buying(number).await));
                self.meets(Met::Order);
            }
            orders
        });
        join_all(people).await.concat()
    }

    fn next(&self) -> Option<usize> {
        let number = self.begun.fetch_add(1, Ordering::SeqCst);
        (number < self.wanted || !self.is_over.load(Ordering::SeqCst)).then_some(number)
    }

    fn hears(&self, code: Option<&String>, after: Duration) {
        let mut told = self.told.lock().expect("nobody panicked");
        told.longest = told.longest.max(after);
        if let Some(code) = code {
            *told.codes.entry(code.clone()).or_default() += 1;
        }
    }

    fn meets(&self, what: Met) {
        self.met.send(what).expect("the test waits");
    }

    /// Adds and checks out until there is an order.
    async fn insists_on_buying(&self, number: usize) -> Order {
        let mut guest = Person::new(&self.url);
        let input = json!({ "input": { "sku": self.sku, "quantity": 1 } });
        let add = "mutation($input: AddToCartInput!) { done: addToCart(input: $input) { cart { id } userErrors { code } } }";
        let added = self.insists(&guest, add, &input).await;
        guest.cart = added["cart"]["id"].as_str().map(str::to_owned);
        let mut input = guest.checkout_input("ok", &format!("order {number}, please"));
        input["recipient"]["email"] = address(number).into();
        let input = json!({ "input": input });
        let checkout = "mutation($input: CheckoutInput!) { done: checkout(input: $input) { order { id } orderKey userErrors { code } } }";
        let placed = self.insists(&guest, checkout, &input).await;
        guest.ordered(&placed)
    }

    /// Sends the same until it is done, and gives what `done` holds then.
    async fn insists(&self, guest: &Person, query: &str, variables: &Value) -> Value {
        let client = client();
        let body = json!({ "query": query, "variables": variables });
        let begun = Instant::now();
        while begun.elapsed() < INSISTENCE {
            let request = client
                .post(format!("{}/graphql", guest.url))
                .timeout(PATIENCE)
                .json(&body);
            let sent = Instant::now();
            let told = match request.send().await {
                Ok(answer) => match answer.json::<Value>().await {
                    Ok(mut answer) => match wrong_with(&answer) {
                        None => Ok(answer["data"]["done"].take()),
                        Some(code) => Err(code),
                    },
                    Err(error) => Err(in_time(&error, "an answer that breaks off")),
                },
                Err(error) => Err(in_time(&error, "no connection")),
            };
            self.hears(told.as_ref().err(), sent.elapsed());
            if let Ok(done) = told {
                return done;
            }
            self.meets(Met::Trouble);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("for {INSISTENCE:?}: {body:#}");
    }
}

fn address(number: usize) -> String {
    format!("guest{number}@example.com")
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
    /// So many have their order from now on.
    async fn orders(&mut self, count: usize) {
        self.forgets();
        for _ in 0..count {
            while self.0.recv().await.expect("they go on") != Met::Order {}
        }
    }

    /// So many have met with trouble from now on, or have an order all the same.
    async fn anything(&mut self, count: usize) {
        self.forgets();
        for _ in 0..count {
            self.0.recv().await.expect("they go on");
        }
    }

    fn forgets(&mut self) {
        while self.0.try_recv().is_ok() {}
    }
}

/// The scene: a crowd buys while `happens`, and then everything is as if nothing had.
async fn nothing_is_lost(count: usize, shop: &mut Shop, happens: impl AsyncFnOnce(&mut Shop, &mut Watch)) {
    let staff = shop.staff().await;
    let sku = staff.finds_one().await;
    staff.stocks(&sku, STOCK).await;
    let all = "{ orders { totalCount } }";
    let before = staff.gets(all, json!({})).await["orders"]["totalCount"].clone();
    let (met, heard) = unbounded_channel();
    let crowd = Crowd {
        url: shop.url.clone(),
        sku: sku.clone(),
        wanted: count,
        begun: AtomicUsize::default(),
        is_over: AtomicBool::default(),
        met,
        told: Mutex::default(),
    };
    let mut watch = Watch(heard);
    let begun = Instant::now();
    let (orders, ()) = tokio::join!(crowd.buys(), async {
        happens(shop, &mut watch).await;
        crowd.is_over.store(true, Ordering::SeqCst);
    });
    println!(
        "{} checkouts in {:.0?}; meanwhile {:.1?}",
        orders.len(),
        begun.elapsed(),
        crowd.told.lock().expect("nobody panicked"),
    );
    assert!(orders.len() >= count);

    nothing_waits(shop).await;
    let guest = shop.guest();
    let looks = orders.iter().map(|(_, order)| is_paid_once(&guest, order));
    let looks: Vec<()> = stream::iter(looks).buffer_unordered(AT_ONCE).collect().await;
    assert_eq!(looks.len(), orders.len());
    let staff = shop.staff().await;
    let after = staff.gets(all, json!({})).await["orders"]["totalCount"].clone();
    let made = after
        .as_u64()
        .zip(before.as_u64())
        .map(|(after, before)| after - before);
    assert_eq!(
        made,
        u64::try_from(orders.len()).ok(),
        "an order each, and no more"
    );
    let sold = i64::try_from(orders.len()).expect("few");
    assert_eq!(
        guest.sees_available(&sku).await,
        STOCK - sold,
        "the stock adds up"
    );
    nothing_waits(shop).await;
    everybody_has_each_letter_once(shop, &orders).await;
}

async fn is_paid_once(guest: &Person, order: &Order) {
    let paid = guest.awaits(order, "PAID").await;
    let history = paid["history"].as_array().expect("a history");
    let times = history.iter().filter(|it| it["status"] == "PAID").count();
    assert_eq!(times, 1, "PAID once: {paid:#}");
    let seen = guest.looks_at(order).await;
    let payments = seen["payments"].as_array().expect("payments");
    let charged = payments.iter().filter(|it| it["status"] == "SUCCEEDED").count();
    assert_eq!(charged, 1, "charged once: {payments:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_process_is_killed_nothing_is_lost() {
    let Some(count) = checkouts() else { return };
    let mut shop = Shop::start().await;
    let names = shop.processes().expect("LAVKA_TEST_SHAPE=processes").names();
    let between = count / (names.len() + 1);
    nothing_is_lost(count, &mut shop, async |shop, watch| {
        let processes = shop.processes().expect("several");
        for (at, name) in names.iter().enumerate() {
            watch.orders(between).await;
            let down = Instant::now();
            processes.kill_one(at).await;
            watch.anything(2 * AT_ONCE).await;
            processes.start_all().await;
            println!("{name} was away for {:.1?}", down.elapsed());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_engine_is_killed_nothing_is_lost() {
    befalls_each_engine("kill", "start", Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_engine_stands_still_nothing_is_lost() {
    befalls_each_engine("freeze", "thaw", SILENCE).await;
}

/// One engine after the other is hit, and mended when everybody has met with it and this has passed.
async fn befalls_each_engine(hit: &str, mend: &str, least: Duration) {
    let Some(count) = checkouts() else { return };
    let mut shop = Shop::start().await;
    let between = count / 5;
    nothing_is_lost(count, &mut shop, async |_, watch| {
        for engine in ["redis", "kafka", "postgres", "mongodb"] {
            watch.orders(between).await;
            let down = Instant::now();
            fault(hit, engine).await;
            watch.anything(2 * AT_ONCE).await;
            while down.elapsed() < least {
                watch.anything(1).await;
            }
            fault(mend, engine).await;
            println!("{engine} was away for {:.1?}", down.elapsed());
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
        for name in ["orders", "notifications"] {
            watch.orders(between / 2).await;
            let down = Instant::now();
            processes.freeze_one(replicas(name), true).await;
            while down.elapsed() < GIVEN_UP {
                watch.orders(1).await;
            }
            watch.orders(between / 2).await;
            processes.freeze_one(replicas(name), false).await;
            println!("a replica of {name} was away for {:.1?}", down.elapsed());
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

/// Each group has handled everything, and given up on nothing.
async fn nothing_waits(shop: &mut Shop) {
    let processes = shop.processes().expect("several");
    let services = processes.names().into_iter().zip(processes.service_urls());
    for (name, url) in services.filter(|(name, _)| CONSUMERS.contains(name)) {
        let begun = Instant::now();
        let mut again = tokio::time::interval(Duration::from_millis(100));
        loop {
            again.tick().await;
            let counts = waiting(&url).await;
            // Those who listen to it are there.
            if !counts.is_empty() && counts.iter().all(|it| it.ends_with(" 0")) {
                break;
            }
            assert!(begun.elapsed() < REST, "{name} doesn't come to rest: {counts:#?}");
        }
    }
}

/// What services count beside (payments, say) only grows.
async fn waiting(url: &str) -> Vec<String> {
    let Ok(page) = get(format!("{url}/metrics")).await else {
        return Vec::new();
    };
    let page = page.text().await.unwrap_or_default();
    let counts = page.lines().filter(|it| it.starts_with("lavka_bus_"));
    counts.map(str::to_owned).collect()
}

/// That the order is placed, and that it is paid.
async fn everybody_has_each_letter_once(shop: &Shop, orders: &[(usize, Order)]) {
    let expected: BTreeMap<String, usize> = orders.iter().map(|(number, _)| (address(*number), 2)).collect();
    let letters = || {
        let mut letters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (to, letter) in shop.all_letters() {
            letters.entry(to).or_default().push(letter);
        }
        letters.retain(|to, _| expected.contains_key(to));
        letters
    };
    eventually(async || {
        let all: usize = letters().values().map(Vec::len).sum();
        (all >= 2 * expected.len()).then_some(())
    })
    .await;
    for (to, mut letters) in letters() {
        letters.sort();
        letters.dedup();
        assert_eq!(letters.len(), 2, "{to}: {letters:#?}");
    }
    let counted: BTreeMap<String, usize> = letters().into_iter().map(|(to, it)| (to, it.len())).collect();
    assert_eq!(counted, expected);
}
