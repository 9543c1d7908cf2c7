//! A replica that misses events, and how it finds out.

use std::sync::Mutex;

use futures_util::stream;
use lavka_kit::BoxFuture;
use lavka_kit::bus::{BusError, DeadLetter, EventHandler, Lag};
use lavka_kit::context::Context;
use lavka_kit::tasks::Tasks;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::*;
use crate::testing::{Shop, lamp};

/// A bus whose first listener hears nothing, until its stream ends.
struct Deaf {
    bus: Arc<dyn EventBus>,
    ending: Mutex<Option<oneshot::Receiver<()>>>,
}

impl EventBus for Deaf {
    fn tail<'a>(
        &'a self,
        topic: &'static str,
    ) -> BoxFuture<'a, Result<BoxStream<'static, Arc<CloudEvent>>, BusError>> {
        let Some(end) = self.ending.lock().unwrap().take() else {
            return self.bus.tail(topic);
        };
        let silence = stream::once(end).filter_map(async |_| None).boxed();
        Box::pin(async { Ok(silence) })
    }

    fn publish<'a>(&'a self, events: &'a [CloudEvent]) -> BoxFuture<'a, Result<(), BusError>> {
        self.bus.publish(events)
    }

    fn consume<'a>(
        &'a self,
        group: &'a str,
        topics: &'a [&'static str],
        handler: Arc<dyn EventHandler>,
        tasks: &'a Tasks,
    ) -> BoxFuture<'a, Result<(), BusError>> {
        self.bus.consume(group, topics, handler, tasks)
    }

    fn check(&self) -> BoxFuture<'_, Result<(), BusError>> {
        self.bus.check()
    }

    fn lag(&self) -> BoxFuture<'_, Result<Vec<Lag>, BusError>> {
        self.bus.lag()
    }

    fn dead_letters<'a>(
        &'a self,
        group: &'a str,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<DeadLetter>, BusError>> {
        self.bus.dead_letters(group, limit)
    }

    fn replay<'a>(&'a self, group: &'a str) -> BoxFuture<'a, Result<u64, BusError>> {
        self.bus.replay(group)
    }
}

#[tokio::test]
async fn a_replica_that_missed_events_reads_everything_anew() {
    let shop = Shop::open().await;
    // In a category by whose title no lamp is found.
    let lamp = |sku: &str| {
        let mut lamp = lamp(sku);
        lamp["category"] = "books".into();
        lamp
    };
    let kept = shop.sells(lamp("A")).await;
    let gone = shop.sells(lamp("B")).await;
    let (end, ending) = oneshot::channel();
    let bus = Arc::new(Deaf {
        bus: shop.world.context.bus.clone(),
        ending: Mutex::new(Some(ending)),
    });
    let context = Context {
        bus,
        ..shop.world.context.clone()
    };
    let replica = crate::start(crate::Config::default(), context)
        .await
        .expect("started");
    let seen = async |search: &str| -> Value {
        let query = format!("{{ products(search: \"{search}\") {{ nodes {{ title }} }} }}");
        let answer = shop.world.ask(&replica, None, &query, json!({})).await;
        answer.data()["products"]["nodes"].clone()
    };
    assert_eq!(seen("lamp").await.as_array().map(Vec::len), Some(2));

    let mut lantern = lamp("A");
    lantern["id"] = kept.into();
    lantern["title"] = json!({ "en": "Lantern" });
    shop.sells(lantern).await;
    let delete =
        "mutation($input: DeleteProductInput!) { deleteProduct(input: $input) { userErrors { code } } }";
    shop.staff(delete, json!({ "input": { "id": gone } })).await;
    assert_eq!(seen("lantern").await, json!([]), "it has heard of nothing");
    end.send(()).expect("the replica listens");
    let patience = async {
        while seen("lamp").await != json!([]) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), patience)
        .await
        .expect("the replica catches up");
    assert_eq!(seen("lantern").await, json!([{ "title": "Lantern" }]));
}
