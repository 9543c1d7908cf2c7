//! What happens in the store, as others hear of it: CloudEvents 1.0, structured JSON, one event a message.
//!
//! Consumers ignore attributes and fields that they don't know. A field is never renamed or given a new meaning: a new
//! version of the type is published beside the old one.

pub mod catalog;
pub mod orders;
pub mod payments;
pub mod users;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::ids::{Id, Ids};

/// The topics of the bus.
pub mod topics {
    /// `lavka.order.*`
    pub const ORDERS: &str = "lavka.orders";
    /// `lavka.payment.*`
    pub const PAYMENTS: &str = "lavka.payments";
    /// `lavka.user.*`
    pub const USERS: &str = "lavka.users";
    /// `lavka.catalog.*`
    pub const CATALOG: &str = "lavka.catalog";
    /// `lavka.notification.*`: only for live views; nobody consumes it.
    pub const NOTIFICATIONS: &str = "lavka.notifications";
    /// All of them.
    pub const ALL: [&str; 5] = [ORDERS, PAYMENTS, USERS, CATALOG, NOTIFICATIONS];
}

/// The data of one type of event.
pub trait EventData: Serialize + DeserializeOwned {
    /// `lavka.order.placed.v1`
    const TYPE: &'static str;
    /// Where it is published.
    const TOPIC: &'static str;
}

macro_rules! event_data {
    ($($data:ty => $topic:ident, $name:literal;)*) => {
        $(impl $crate::events::EventData for $data {
            const TYPE: &'static str = $name;
            const TOPIC: &'static str = $crate::events::topics::$topic;
        })*

        /// The JSON Schema of each type's data, by type.
        pub fn schemas() -> Vec<(&'static str, schemars::Schema)> {
            vec![$(($name, schemars::schema_for!($data))),*]
        }
    };
}
pub(crate) use event_data;

/// An event in its envelope (CloudEvents 1.0).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CloudEvent {
    /// Always "1.0".
    pub specversion: String,
    /// Unique; what a consumer remembers.
    pub id: Id,
    /// Who publishes: "/lavka/orders".
    pub source: String,
    /// `lavka.order.placed.v1`
    #[serde(rename = "type")]
    pub kind: String,
    /// Whom it is about: the order's, user's or product's id. Events of one subject keep their order.
    pub subject: Id,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// Always "application/json".
    pub datacontenttype: String,
    /// The trace that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// What happened, by type.
    pub data: serde_json::Value,
}

/// An event that doesn't hold what its type promises, or is of no type of ours.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// The data doesn't fit the type.
    #[error("read the data of event {id} as {expected}")]
    Data {
        /// The event.
        id: Id,
        /// The type that was expected.
        expected: &'static str,
        /// What doesn't fit.
        #[source]
        source: serde_json::Error,
    },
    /// Another type than the one asked for.
    #[error("event {id} is a {found}, not a {expected}")]
    Kind {
        /// The event.
        id: Id,
        /// The type that was expected.
        expected: &'static str,
        /// Its type.
        found: String,
    },
    /// A type that belongs to no topic.
    #[error("events of type {0} belong to no topic")]
    NoTopic(String),
}

impl CloudEvent {
    /// An event that happens now, within the current trace.
    ///
    /// # Errors
    /// When the data can't be written as JSON: a map with keys that aren't strings, say.
    pub fn new<T: EventData>(
        ids: &dyn Ids,
        clock: &dyn Clock,
        subject: Id,
        data: &T,
    ) -> Result<Self, serde_json::Error> {
        // "lavka.orders" is published by the service orders.
        let service = T::TOPIC.strip_prefix("lavka.").unwrap_or(T::TOPIC);
        Ok(Self {
            specversion: "1.0".to_owned(),
            id: ids.next(),
            source: format!("/lavka/{service}"),
            kind: T::TYPE.to_owned(),
            subject,
            time: clock.now(),
            datacontenttype: "application/json".to_owned(),
            traceparent: crate::trace::current(),
            data: serde_json::to_value(data)?,
        })
    }

    /// Whether it is of this type.
    pub fn is<T: EventData>(&self) -> bool {
        self.kind == T::TYPE
    }

    /// Its data, if it is of this type.
    pub fn data<T: EventData>(&self) -> Result<T, EventError> {
        if !self.is::<T>() {
            return Err(EventError::Kind {
                id: self.id,
                expected: T::TYPE,
                found: self.kind.clone(),
            });
        }
        T::deserialize(&self.data).map_err(|source| EventError::Data {
            id: self.id,
            expected: T::TYPE,
            source,
        })
    }

    /// Where it is published: follows from the type.
    pub fn topic(&self) -> Result<&'static str, EventError> {
        let noun = self
            .kind
            .strip_prefix("lavka.")
            .and_then(|rest| rest.split('.').next());
        match noun {
            Some("order") => Ok(topics::ORDERS),
            Some("payment") => Ok(topics::PAYMENTS),
            Some("user") => Ok(topics::USERS),
            Some("catalog") => Ok(topics::CATALOG),
            Some("notification") => Ok(topics::NOTIFICATIONS),
            _ => Err(EventError::NoTopic(self.kind.clone())),
        }
    }
}

/// The JSON Schema of every type's data: what stands under schema/events/.
pub fn schemas() -> Vec<(&'static str, schemars::Schema)> {
    [
        orders::schemas(),
        payments::schemas(),
        users::schemas(),
        catalog::schemas(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::ids::SequentialIds;

    #[test]
    fn an_event_is_a_cloud_event() {
        let (ids, clock) = (SequentialIds::default(), ManualClock::default());
        let data = catalog::ProductDeleted {
            product_id: ids.next(),
        };
        let event = CloudEvent::new(&ids, &clock, data.product_id, &data).unwrap();
        assert_eq!(event.topic().unwrap(), topics::CATALOG);
        insta::assert_json_snapshot!(event);
        assert_eq!(event.data::<catalog::ProductDeleted>().unwrap(), data);
        let error = event.data::<orders::OrderCancelled>().unwrap_err();
        assert!(
            matches!(
                error,
                EventError::Kind {
                    expected: "lavka.order.cancelled.v1",
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn every_type_finds_its_topic() {
        let (ids, clock) = (SequentialIds::default(), ManualClock::default());
        let data = catalog::ProductDeleted {
            product_id: ids.next(),
        };
        let mut event = CloudEvent::new(&ids, &clock, data.product_id, &data).unwrap();
        for (kind, _) in schemas() {
            event.kind = kind.to_owned();
            let topic = event.topic().unwrap();
            assert!(topics::ALL.contains(&topic));
        }
        assert_eq!(schemas().len(), 16);
    }
}
