//! What can't be published, today or tomorrow: it is put aside in a table of its own (`outbox_aside`), said, and what stands behind it goes on.
//! See docs/operating.md for how it comes back.

use super::Waiting;
use crate::errors::chain;
use crate::events::CloudEvent;
use crate::sql::{self, Connection};

/// The largest event, in bytes: a record of Kafka's takes a million by default, with its headers.
const LARGEST: usize = 900_000;

/// What a relay has found, sorted.
pub(super) struct Sorted {
    pub(super) events: Vec<CloudEvent>,
    pub(super) aside: Vec<Aside>,
}

/// An event that can't be published, and why.
pub(super) struct Aside {
    position: i64,
    event: String,
    reason: String,
}

pub(super) fn sort(waiting: Vec<Waiting>) -> Sorted {
    let (mut events, mut aside) = (Vec::with_capacity(waiting.len()), Vec::new());
    for Waiting { position, event } in waiting {
        let reason = match serde_json::from_str(&event) {
            _ if event.len() > LARGEST => format!("{} bytes are more than the bus takes", event.len()),
            Ok(event) => {
                events.push(event);
                continue;
            }
            Err(error) => format!("it can't be read: {}", chain(&error)),
        };
        aside.push(Aside {
            position,
            event,
            reason,
        });
    }
    Sorted { events, aside }
}

/// Keeps them, in the transaction that takes them out of the outbox.
pub(super) async fn keep(tx: &mut Connection, service: &str, aside: Vec<Aside>) -> Result<(), sql::Error> {
    for Aside {
        position,
        event,
        reason,
    } in aside
    {
        tracing::error!(
            service,
            position,
            reason,
            "an event can't be published and is put aside"
        );
        sql::query("INSERT INTO outbox_aside (position, event, reason) VALUES ($1, $2, $3)")
            .bind(position)
            .bind(event)
            .bind(reason)
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}
