//! MongoDB plays the scenes of the port; what is its own follows. Every test has a database of its own.

use lavka_kit::clock::SystemClock;
use lavka_kit::events::catalog::{ProductDeleted, ProductSaved};
use lavka_kit::events::{EventData, topics};
use lavka_kit::ids::{Ids as _, OsRandomness, RandomIds};
use lavka_kit::testing::{Engine, TestWorld, Wire};

use super::super::scenes;
use super::*;
use crate::testing::product;

/// A URL with a new database; `None` where there is no MongoDB.
fn url() -> Option<MongoUrl> {
    let url = Engine::Mongodb.url()?;
    let name = RandomIds::new(Arc::new(SystemClock), Arc::new(OsRandomness)).next();
    Some(format!("{url}/test-{name}").parse().expect("a URL"))
}

async fn store() -> Option<MongoStore> {
    Some(MongoStore::open(&url()?).await.expect("opened"))
}

fn event<T: EventData>(world: &TestWorld, data: &T, subject: u128) -> CloudEvent {
    CloudEvent::new(&*world.context.ids, &*world.clock, Id::from_u128(subject), data).expect("an event")
}

fn saved(world: &TestWorld, number: u128, version: i64) -> CloudEvent {
    let data = ProductSaved {
        product_id: Id::from_u128(number),
        slug: String::new(),
        version,
        skus: Vec::new(),
    };
    event(world, &data, number)
}

#[tokio::test]
async fn a_server_that_falls_silent_or_is_gone_is_told_in_time() {
    let Some(direct) = Engine::Mongodb.url() else {
        return;
    };
    let (wire, url) = Wire::to(&direct).await;
    let name = RandomIds::new(Arc::new(SystemClock), Arc::new(OsRandomness)).next();
    let url: MongoUrl = format!("{url}/test-{name}").parse().expect("a URL");
    let mut store = MongoStore::open(&url).await.expect("opened");
    let world = TestWorld::of("catalog").await;
    let write = Write {
        document: product(1, "lamp", &["L-1"]),
        replaces: None,
        event: saved(&world, 1, 1),
    };
    wire.fall_silent();
    store.silence = Duration::from_millis(50);
    let read = store.categories().await.map(drop);
    let written = store.save_products(std::slice::from_ref(&write)).await.map(drop);
    for told in [read, written] {
        let error = told.expect_err("silence");
        assert!(lavka_kit::errors::is_unavailable(&error), "{error:?}");
    }
    // As /health/ready tells it.
    let reports = lavka_kit::health::check_all(&[Arc::new(store.clone())]).await;
    assert_eq!(
        (&*reports[0].name, reports[0].problem.as_deref()),
        ("catalog: MongoDB", Some("no answer in time"))
    );
    wire.flow();
    store.silence = SILENCE;
    store.categories().await.expect("it speaks again");
    let unused = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|it| it.local_addr())
        .expect("an address");
    let options = ClientOptions::parse(format!("mongodb://{unused}/?serverSelectionTimeoutMS=50")).await;
    let gone = Client::with_options(options.expect("options")).expect("a client");
    let products = gone.database("test").collection::<Document>("products");
    let asked = products.find_one(doc! {}).await;
    let error = failed("read products")(asked.expect_err("nobody is there"));
    assert!(lavka_kit::errors::is_unavailable(&error), "{error:?}");
    store.database.drop().await.expect("dropped");
}

#[tokio::test]
async fn mongodb_does_what_a_store_must() {
    let Some(store) = store().await else { return };
    scenes::all(&store).await;
    store.database.drop().await.expect("dropped");
}

/// What a document carries is published in its order and taken out; a tombstone goes with its event.
#[tokio::test]
async fn events_leave_their_documents() {
    use futures_util::StreamExt as _;
    let Some(store) = store().await else { return };
    let world = TestWorld::of("catalog").await;
    let mut heard = world.listen(topics::CATALOG).await;
    let mut expected = Vec::new();
    for number in [1, 2] {
        let first = product(number, &format!("slug-{number}"), &[&format!("sku-{number}")]);
        for version in [1, 2] {
            let write = Write {
                document: Product {
                    version,
                    ..first.clone()
                },
                replaces: (version > 1).then_some(version - 1),
                event: saved(&world, number, version),
            };
            assert_eq!(
                store
                    .save_products(std::slice::from_ref(&write))
                    .await
                    .expect("works"),
                [Outcome::Saved]
            );
            expected.push(write.event);
        }
    }
    let gone = ProductDeleted {
        product_id: Id::from_u128(1),
    };
    let gone = event(&world, &gone, 1);
    assert!(
        store
            .delete_product(Id::from_u128(1), &gone)
            .await
            .expect("works")
    );
    expected.insert(2, gone);
    store.start_relay(&world.context);
    for event in &expected {
        assert_eq!(heard.next().await.as_deref(), Some(event));
    }
    // The relay is done with both when it sleeps again; it writes after it has published.
    let left = async || {
        let all = store.products.find(doc! {}).await.expect("found");
        let all: Vec<Document> = all.try_collect().await.expect("read");
        all.iter()
            .map(|it| it.get_array("outbox").map_or(0, Vec::len))
            .collect::<Vec<_>>()
    };
    while left().await != [0] {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        store
            .products(Keys::Ids(&[Id::from_u128(2)]))
            .await
            .expect("works")[0]
            .version,
        2
    );
    store.database.drop().await.expect("dropped");
}

/// What is no event holds up nothing: it stays in its document, put aside.
#[tokio::test]
async fn what_is_no_event_is_put_aside() {
    use futures_util::StreamExt as _;
    let Some(store) = store().await else { return };
    let world = TestWorld::of("catalog").await;
    let mut heard = world.listen(topics::CATALOG).await;
    let item = doc! { "at": 1_i64, "id": "x", "event": "{}" };
    let broken = doc! { "_id": "1", "slug": "broken", "skus": ["B"], "outbox": [&item] };
    store.products.insert_one(broken).await.expect("inserted");
    let write = Write {
        document: product(2, "good", &["G"]),
        replaces: None,
        event: saved(&world, 2, 1),
    };
    let written = store.save_products(std::slice::from_ref(&write)).await;
    written.expect("works");
    store.start_relay(&world.context);
    assert_eq!(heard.next().await.as_deref(), Some(&write.event));
    let found = store.products.find_one(doc! { "_id": "1" }).await.expect("works");
    let found = found.expect("there");
    assert_eq!(found.get_array("outbox").expect("a list").len(), 0);
    assert_eq!(found.get_array("aside").expect("a list"), &[Bson::Document(item)]);
    store.database.drop().await.expect("dropped");
}

/// Of two replicas' relays one publishes; when it is gone, the other takes over.
#[tokio::test]
async fn one_relay_leads() {
    use futures_util::StreamExt as _;
    let Some(store) = store().await else { return };
    let world = TestWorld::of("catalog").await;
    let mut heard = world.listen(topics::CATALOG).await;
    let first = lavka_kit::tasks::Tasks::new();
    let context = Context {
        tasks: first.clone(),
        ..world.context.clone()
    };
    let save = async |number: u128| {
        let write = Write {
            document: product(number, &format!("slug-{number}"), &[&format!("sku-{number}")]),
            replaces: None,
            event: saved(&world, number, 1),
        };
        store
            .save_products(std::slice::from_ref(&write))
            .await
            .expect("works");
        write.event
    };
    store.start_relay(&context);
    let event = save(1).await;
    assert_eq!(heard.next().await.as_deref(), Some(&event));
    store.start_relay(&world.context);
    assert!(first.shutdown(Duration::from_secs(5)).await);
    let event = save(2).await;
    // The lease of the first has to run out, and the second to look again.
    let (clock, mut next) = (world.clock.clone(), std::pin::pin!(heard.next()));
    let next = loop {
        if let Some(next) = futures_util::FutureExt::now_or_never(next.as_mut()) {
            break next;
        }
        clock.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
    };
    assert_eq!(next.as_deref(), Some(&event));
    store.database.drop().await.expect("dropped");
}

/// A document that an older program wrote lacks what came later, one that can't be read is named.
#[tokio::test]
async fn older_documents_are_read_and_broken_ones_named() {
    let Some(store) = store().await else { return };
    let mut old = written(&product(1, "old", &["A"])).expect("BSON");
    for later in ["attributes", "images", "description"] {
        old.remove(later);
    }
    old.insert("fromTheFuture", 1);
    let id = Id::from_u128(1).to_string();
    let old = doc! { "_id": &id, "slug": "old", "skus": ["A"], "version": 1_i64, "document": old };
    let broken = doc! { "_id": "broken", "slug": "broken", "skus": ["B"], "document": { "id": 7 } };
    for it in [old, broken] {
        store.products.insert_one(it).await.expect("inserted");
    }
    let found = store.products(Keys::Slugs(&["old".into()])).await.expect("works");
    assert_eq!(found, [product(1, "old", &["A"])]);
    let error = store
        .products(Keys::Slugs(&["broken".into()]))
        .await
        .expect_err("broken");
    assert_eq!(error.to_string(), "products.document of row broken can't be read");
    store.database.drop().await.expect("dropped");
}

/// Of two versions that run side by side the older takes nothing away; and what it empties is empty.
#[tokio::test]
async fn what_a_newer_program_has_added_stays() {
    let Some(store) = store().await else { return };
    let world = TestWorld::of("catalog").await;
    let write = |document: Product, replaces: Option<i64>| Write {
        event: saved(&world, 1, document.version),
        replaces,
        document,
    };
    let mut lamp = product(1, "lamp", &["L-1"]);
    lamp.brand = Some("Bright".into());
    store
        .save_products(&[write(lamp.clone(), None)])
        .await
        .expect("works");
    let newer = doc! { "$set": { "document.warranty": 24, "shelf": "B" } };
    store.products.update_one(doc! {}, newer).await.expect("works");
    (lamp.brand, lamp.version) = (None, 2);
    let outcomes = store.save_products(&[write(lamp.clone(), Some(1))]).await;
    assert_eq!(outcomes.expect("works"), [Outcome::Saved]);
    assert_eq!(
        store.products(Keys::Ids(&[lamp.id])).await.expect("works"),
        [lamp]
    );
    let found = store
        .products
        .find_one(doc! {})
        .await
        .expect("works")
        .expect("there");
    let document = found.get_document("document").expect("there");
    assert_eq!(document.get_i32("warranty").expect("a number"), 24);
    assert_eq!(found.get_str("shelf").expect("a text"), "B");
    store.database.drop().await.expect("dropped");
}

async fn refused(url: &MongoUrl) -> String {
    MongoStore::open(url)
        .await
        .map(drop)
        .expect_err("refused")
        .to_string()
}

#[tokio::test]
async fn a_newer_version_s_and_another_program_s_database_are_left_alone() {
    let Some(url) = url() else { return };
    let store = MongoStore::open(&url).await.expect("opened");
    MongoStore::open(&url).await.expect("opened again");
    let markers = store.database.collection::<Document>("lavka");
    let newer = doc! { "$set": { "version": 2_i64 } };
    markers.update_one(doc! {}, newer).await.expect("works");
    assert!(
        refused(&url)
            .await
            .contains("a newer version of this program has written (version 2, we know 1)")
    );
    // Of before there was a marker.
    markers.drop().await.expect("dropped");
    MongoStore::open(&url).await.expect("ours");
    markers.drop().await.expect("dropped");
    let strange = doc! { "_id": 1, "slug": "x", "price": 5 };
    store.products.insert_one(strange).await.expect("inserted");
    assert!(
        refused(&url)
            .await
            .contains("another program's database (its products are none of ours)")
    );
    store.products.drop().await.expect("dropped");
    let invoices = store.database.collection::<Document>("invoices");
    invoices.insert_one(doc! { "total": 1 }).await.expect("inserted");
    assert!(
        refused(&url)
            .await
            .contains("another program's database (it has a collection `invoices`)")
    );
    store.database.drop().await.expect("dropped");
}

/// Not waited for: nobody would come.
#[tokio::test]
async fn a_url_that_can_not_do_is_refused_by_its_key() {
    for (url, told) in [
        (
            "mongodb://u:secret@127.0.0.1:1/shop?w=1",
            "`catalog.database` asks for the write concern Nodes(1)",
        ),
        (
            "mongodb://u:secret@127.0.0.1:1/shop?w=0",
            "`catalog.database` asks for the write concern Nodes(0)",
        ),
        (
            "mongodb://u:secret@127.0.0.1:notaport/shop",
            "`catalog.database` is wrong",
        ),
    ] {
        let url: MongoUrl = url.parse().expect("a scheme");
        let error = MongoStore::open(&url).await.map(drop).expect_err("refused");
        assert!(error.to_string().starts_with(told), "{error}");
        assert!(!lavka_kit::errors::chain(&error).contains("secret"), "{error:?}");
    }
}

/// Many at once: an index, not a look, decides.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_want_a_slug_one_gets_it() {
    let Some(store) = store().await else { return };
    let world = TestWorld::of("catalog").await;
    let tries = (1..=16_u128).map(|number| {
        let write = Write {
            document: product(number, "wanted", &[&format!("sku-{number}")]),
            replaces: None,
            event: saved(&world, number, 1),
        };
        let store = store.clone();
        tokio::spawn(async move { store.save_products(&[write]).await.expect("works").remove(0) })
    });
    let outcomes = futures_util::future::join_all(tries).await;
    let saved = outcomes
        .into_iter()
        .filter(|it| matches!(it, Ok(Outcome::Saved)))
        .count();
    assert_eq!(saved, 1);
    store.database.drop().await.expect("dropped");
}

#[tokio::test]
async fn an_unreachable_server_is_an_error() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("bound");
    let url: MongoUrl = format!("mongodb://{unused}").parse().expect("a URL");
    assert!(MongoStore::open(&url).await.is_err());
}
