//! How soon somebody who watches sees that their order was paid: from the moment that the payment's event bears, which payments writes
//! with its own change, to the message on the WebSocket. Between them are payments' outbox, Kafka, orders' transaction, its
//! outbox, Kafka again, the tail in orders, and the router, which asks payments for what the subscription selects.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, Utc};
use futures_util::{SinkExt as _, StreamExt as _};
use lavka_kit::bus::{self, BusConfig};
use lavka_kit::clock::{Clock as _, SystemClock};
use lavka_kit::events::topics;
use lavka_kit::tasks::Tasks;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::buying::{self, Ordered};
use crate::programs;
use crate::report::Report;
use crate::store::Store;
use crate::traffic::Outcome;

const FOLLOW: &str = "subscription Follow($id: ID!, $key: String) { orderUpdated(id: $id, orderKey: $key) { id number status history { status at } payment { status redirectUrl } } }";
const WATCHERS: usize = 200;
/// So many pay at the same time.
const AT_ONCE: usize = 8;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// 200 orders, each watched, which are paid one after the other on eight lanes.
pub async fn measure(store: &Store, report: &mut Report) -> Result<()> {
    let tasks = Tasks::new();
    let config = BusConfig {
        url: Some(store.bus().parse().context("read the bus's URL")?),
        ..BusConfig::default()
    };
    let bus = bus::open(config, store.folder(), Arc::new(SystemClock), &tasks).await?;
    let mut events = bus.tail(topics::PAYMENTS).await?;

    let mut orders = Vec::new();
    let connection = &mut lavka_bench::load::Connection::open(&store.graphql()).await?;
    for cart in buying::fill(store, WATCHERS).await?.iter().take(WATCHERS) {
        let answer = connection
            .ask(&store.graphql(), buying::checkout(cart, "action_required"))
            .await?;
        orders.push(buying::ordered(&answer)?);
    }
    store.calms_down().await?;
    let mut watchers = Vec::new();
    for order in orders {
        watchers.push(watch(store, order).await?);
    }

    let (started, before) = (Instant::now(), programs::used(store.programs())?);
    let mut lanes = JoinSet::new();
    let mut seen: HashMap<String, DateTime<Utc>> = HashMap::new();
    for (order, page, socket) in watchers {
        if lanes.len() >= AT_ONCE {
            let (order, at) = lanes.join_next().await.context("a lane")???;
            seen.insert(order, at);
        }
        store.presses(&format!("{page}/approve")).await?;
        lanes.spawn(async move { paid(socket).await.map(|at| (order, at)) });
    }
    while let Some(lane) = lanes.join_next().await {
        let (order, at) = lane??;
        seen.insert(order, at);
    }
    let took = started.elapsed();
    let used = programs::since(&before, &programs::used(store.programs())?);

    let mut waits = Vec::new();
    while waits.len() < seen.len() {
        let heard = tokio::time::timeout(Duration::from_secs(10), events.next()).await;
        let event = heard
            .context("the tail lacks events")?
            .context("the tail ended")?;
        if event.kind.starts_with("lavka.payment.succeeded")
            && let Some(at) = seen.get(&event.subject.to_string())
        {
            waits.push((*at - event.time).to_std().unwrap_or_default());
        }
    }
    let outcome = Outcome::of(waits, took, used)?;
    report.add("payment event to WebSocket", "p99 150 ms", outcome);
    tasks.shutdown(Duration::from_secs(5)).await;
    Ok(())
}

/// Subscribes, and waits until the bank's page is known.
async fn watch(store: &Store, order: Ordered) -> Result<(String, String, Socket)> {
    let mut request = format!("{}/graphql", store.url().replacen("http", "ws", 1)).into_client_request()?;
    let protocol = "graphql-transport-ws".parse().context("a header")?;
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = connect_async(request).await.context("open a WebSocket")?;
    let variables = json!({ "id": order.id, "key": order.key });
    for message in [
        json!({ "type": "connection_init" }),
        json!({ "id": "1", "type": "subscribe", "payload": { "query": FOLLOW, "variables": variables } }),
    ] {
        socket.send(Message::text(message.to_string())).await?;
    }
    loop {
        let update = next(&mut socket).await?;
        if let Some(page) = update["payment"]["redirectUrl"].as_str() {
            return Ok((order.id, page.to_owned(), socket));
        }
    }
}

/// When it was seen.
async fn paid(mut socket: Socket) -> Result<DateTime<Utc>> {
    while next(&mut socket).await?["status"] != "PAID" {}
    Ok(SystemClock.now())
}

/// The order as the next message shows it.
async fn next(socket: &mut Socket) -> Result<Value> {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(30), socket.next());
        let message = message.await.context("nothing is told")?;
        match message.context("the WebSocket was closed")?? {
            Message::Text(text) => {
                let mut message: Value = serde_json::from_str(&text)?;
                match message["type"].as_str() {
                    Some("next") if message["payload"].get("errors").is_none() => {
                        return Ok(message["payload"]["data"]["orderUpdated"].take());
                    }
                    Some("ping") => socket.send(Message::text(r#"{"type":"pong"}"#)).await?,
                    Some("connection_ack") => {}
                    _ => bail!("not an update: {message}"),
                }
            }
            Message::Close(frame) => bail!("the WebSocket was closed: {frame:?}"),
            _ => {}
        }
    }
}
