//! Dead letters: `<topic>.dead`, read from its beginning by whoever wants to know.
//!
//! A letter carries its group, and why and when that gave up, in headers; its key and value are those of the record. A record
//! that carries [`REPLAYED`] instead says up to which offset the letters of its group were handed over again. (Not "all before me": what was
//! handed over may have died again before the mark was written.)

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use rdkafka::Message as _;
use rdkafka::config::FromClientConfigAndContext as _;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::BorrowedMessage;
use rdkafka::producer::Producer as _;
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};

use super::ear::Ear;
use super::record::{self, Incoming, ONLY_GROUP, Outgoing, header};
use super::{Names, PATIENCE, Shared, blocking, patiently};
use crate::bus::DeadLetter;
use crate::bus::delivery::Death;
use crate::events::topics;

const GROUP: &str = "lavka-group";
const ERROR: &str = "lavka-error";
const ATTEMPTS: &str = "lavka-attempts";
const AT: &str = "lavka-at";
const REPLAYED: &str = "lavka-replayed";

/// So much of an error is kept, in characters: the letter must find room in a record.
pub(super) const LONGEST_ERROR: usize = 4_096;

/// How far each dead topic was counted, and to what.
#[derive(Default)]
pub(super) struct Graveyard(Mutex<HashMap<&'static str, Counted>>);

#[derive(Default, Clone)]
struct Counted {
    until: i64,
    /// The offsets of each group's open letters.
    letters: HashMap<String, Vec<i64>>,
}

/// The record that keeps a dead letter.
pub(super) fn letter(names: &Names, topic: &str, group: &str, record: &Incoming, death: &Death) -> Outgoing {
    Outgoing {
        topic: names.dead(topic),
        key: record.key.clone(),
        payload: record.payload.clone(),
        headers: vec![
            (GROUP, group.to_owned()),
            (ERROR, death.error.chars().take(LONGEST_ERROR).collect()),
            (ATTEMPTS, death.attempts.to_string()),
            (AT, death.at.to_rfc3339()),
        ],
    }
}

/// In the place of a payload that is too large for a letter: where it was.
pub(super) fn elsewhere(topic: &str, record: &Incoming) -> Vec<u8> {
    let (length, offset) = (record.payload.len(), record.offset);
    format!("{length} bytes, too many to be kept: offset {offset} of {topic}, in the partition of this key")
        .into_bytes()
}

/// How many letters of a group are open on a topic.
pub(super) fn count(shared: &Shared, topic: &'static str, group: &str) -> Result<u64, KafkaError> {
    let graveyard = || shared.graveyard.0.lock().unwrap_or_else(PoisonError::into_inner);
    let mut counted = graveyard().get(topic).cloned().unwrap_or_default();
    let end = end(shared, topic)?;
    if counted.until < end {
        let mut until = end;
        read(shared, topic, counted.until, |message| {
            // Letters that come while we read are read, too.
            until = until.max(message.offset() + 1);
            let Some(of) = header(message, GROUP) else { return };
            let letters = counted.letters.entry(of).or_default();
            match replayed_until(message) {
                Some(offset) => letters.retain(|it| *it > offset),
                None => letters.push(message.offset()),
            }
        })?;
        counted.until = until;
        graveyard().insert(topic, counted.clone());
    }
    Ok(counted.letters.get(group).map_or(0, |it| it.len() as u64))
}

/// An open letter.
struct Open {
    topic: &'static str,
    record: Incoming,
    error: String,
    attempts: u32,
    at: chrono::DateTime<chrono::Utc>,
}

/// The open letters of a group, oldest first.
fn open(shared: &Shared, group: &str) -> Result<Vec<Open>, KafkaError> {
    let mut all = Vec::new();
    for topic in topics::ALL {
        let mut of_topic = Vec::new();
        if end(shared, topic)? > 0 {
            read(shared, topic, 0, |message| {
                if header(message, GROUP).as_deref() != Some(group) {
                } else if let Some(offset) = replayed_until(message) {
                    of_topic.retain(|it: &Open| it.record.offset > offset);
                } else {
                    of_topic.push(open_letter(topic, message));
                }
            })?;
        }
        all.append(&mut of_topic);
    }
    all.sort_by_key(|it| it.at);
    Ok(all)
}

/// What a mark says; `None` for a letter.
fn replayed_until(message: &BorrowedMessage<'_>) -> Option<i64> {
    header(message, REPLAYED)?.parse().ok()
}

fn open_letter(topic: &'static str, message: &BorrowedMessage<'_>) -> Open {
    let text = |name| header(message, name).unwrap_or_default();
    Open {
        topic,
        record: Incoming::new(message),
        error: text(ERROR),
        attempts: text(ATTEMPTS).parse().unwrap_or(0),
        at: text(AT).parse().unwrap_or_default(),
    }
}

/// The newest letters of a group.
pub(super) fn newest(shared: &Shared, group: &str, limit: u32) -> Result<Vec<DeadLetter>, KafkaError> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let letters = open(shared, group)?.into_iter().rev().take(limit);
    Ok(letters
        .map(|it| DeadLetter {
            group: group.to_owned(),
            topic: it.topic.to_owned(),
            event: it
                .record
                .event()
                .unwrap_or_else(|_| record::unreadable(&it.record.payload, &it.record.key)),
            error: it.error,
            attempts: it.attempts,
            at: it.at,
        })
        .collect())
}

/// Puts the letters of a group behind everything else on their topics, for that group alone. A crash in the middle does it
/// twice; the inbox absorbs that.
pub(super) async fn replay(shared: &std::sync::Arc<Shared>, group: &str) -> Result<u64, KafkaError> {
    let (reader, name) = (shared.clone(), group.to_owned());
    let letters = blocking(move || patiently(|| open(&reader, &name))).await?;
    let mut again = Vec::with_capacity(letters.len());
    let mut last: BTreeMap<&'static str, i64> = BTreeMap::new();
    for letter in &letters {
        let newest = last.entry(letter.topic).or_insert(letter.record.offset);
        *newest = letter.record.offset.max(*newest);
        again.push(Outgoing {
            topic: shared.names.topic(letter.topic),
            key: letter.record.key.clone(),
            payload: letter.record.payload.clone(),
            headers: vec![(ONLY_GROUP, group.to_owned())],
        });
    }
    let mark = |(topic, offset): (&str, i64)| Outgoing {
        topic: shared.names.dead(topic),
        key: group.as_bytes().to_vec(),
        payload: Vec::new(),
        headers: vec![(GROUP, group.to_owned()), (REPLAYED, offset.to_string())],
    };
    let marks: Vec<Outgoing> = last.into_iter().map(mark).collect();
    shared.publisher.send(&again).await?;
    shared.publisher.send(&marks).await?;
    Ok(again.len() as u64)
}

/// Behind the last record.
fn end(shared: &Shared, topic: &str) -> Result<i64, KafkaError> {
    let producer = shared.publisher.producer();
    let (_, end) = producer
        .client()
        .fetch_watermarks(&shared.names.dead(topic), 0, PATIENCE)?;
    Ok(end)
}

/// Reads a dead topic from an offset to its end.
fn read(
    shared: &Shared,
    topic: &str,
    from: i64,
    mut each: impl FnMut(&BorrowedMessage<'_>),
) -> Result<(), KafkaError> {
    // A group in name only: it is never joined, and commits nothing.
    let mut config = shared.consumer_config(&shared.names.group("readers"));
    config.set("enable.partition.eof", "true");
    let consumer: BaseConsumer<Ear> = BaseConsumer::from_config_and_context(&config, Ear::default())?;
    let mut list = TopicPartitionList::with_capacity(1);
    list.add_partition_offset(&shared.names.dead(topic), 0, Offset::Offset(from))?;
    consumer.assign(&list)?;
    loop {
        match consumer.poll(PATIENCE) {
            Some(Ok(message)) => each(&message),
            Some(Err(KafkaError::PartitionEOF(_))) => return Ok(()),
            Some(Err(error)) => return Err(error),
            None => {
                return Err(KafkaError::MessageConsumption(
                    RDKafkaErrorCode::OperationTimedOut,
                ));
            }
        }
    }
}
