//! Events as Kafka's records: CloudEvents in structured mode, and what we write beside them into headers.

use rdkafka::Message as _;
use rdkafka::message::{BorrowedMessage, Header, Headers as _, OwnedHeaders};

use super::Names;
use crate::events::CloudEvent;
use crate::ids::Id;

/// Marks a record that is meant for one group: a replayed dead letter.
pub(super) const ONLY_GROUP: &str = "lavka-only-group";
const CONTENT_TYPE: (&str, &str) = ("content-type", "application/cloudevents+json; charset=UTF-8");

/// A record on its way.
pub(super) struct Outgoing {
    /// Its name in Kafka.
    pub(super) topic: String,
    pub(super) key: Vec<u8>,
    pub(super) payload: Vec<u8>,
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Outgoing {
    pub(super) fn headers(&self) -> OwnedHeaders {
        let (key, value) = CONTENT_TYPE;
        let first = OwnedHeaders::new().insert(Header {
            key,
            value: Some(value),
        });
        self.headers.iter().fold(first, |headers, (key, value)| {
            headers.insert(Header {
                key,
                value: Some(value),
            })
        })
    }
}

/// All of them, or why one of them can't be.
pub(super) fn outgoing(
    events: &[CloudEvent],
    names: &Names,
) -> Result<Vec<Outgoing>, Box<dyn std::error::Error + Send + Sync>> {
    let one = |event: &CloudEvent| {
        Ok(Outgoing {
            topic: names.topic(event.topic()?),
            key: event.subject.to_string().into_bytes(),
            payload: serde_json::to_vec(event)?,
            headers: Vec::new(),
        })
    };
    events.iter().map(one).collect()
}

/// A record as it came.
pub(super) struct Incoming {
    pub(super) offset: i64,
    pub(super) key: Vec<u8>,
    pub(super) payload: Vec<u8>,
    pub(super) only_group: Option<String>,
}

impl Incoming {
    pub(super) fn new(message: &BorrowedMessage<'_>) -> Self {
        Self {
            offset: message.offset(),
            key: message.key().unwrap_or_default().to_vec(),
            payload: message.payload().unwrap_or_default().to_vec(),
            only_group: header(message, ONLY_GROUP),
        }
    }

    pub(super) fn event(&self) -> Result<CloudEvent, serde_json::Error> {
        serde_json::from_slice(&self.payload)
    }
}

/// A header's text.
pub(super) fn header(message: &BorrowedMessage<'_>, name: &str) -> Option<String> {
    let headers = message.headers()?;
    let found = headers.iter().find(|it| it.key == name)?;
    Some(String::from_utf8_lossy(found.value?).into_owned())
}

/// How something that is no event of ours is shown in a list of events.
pub(super) fn unreadable(payload: &[u8], key: &[u8]) -> CloudEvent {
    let nobody = Id::from_u128(0);
    CloudEvent {
        specversion: "1.0".to_owned(),
        id: nobody,
        source: String::new(),
        kind: "unreadable".to_owned(),
        subject: std::str::from_utf8(key)
            .ok()
            .and_then(|it| it.parse().ok())
            .unwrap_or(nobody),
        time: chrono::DateTime::UNIX_EPOCH,
        datacontenttype: "text/plain".to_owned(),
        traceparent: None,
        data: String::from_utf8_lossy(payload).into_owned().into(),
    }
}
