//! How far the groups of this process are behind.

use std::sync::{Arc, Weak};

use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::TopicPartitionListElem;
use rdkafka::{Offset, TopicPartitionList};

use super::group::Lanes;
use super::{PATIENCE, Shared, dead};
use crate::bus::Lag;

/// A group that is consumed in this process.
#[derive(Clone)]
pub(super) struct Group {
    name: Arc<str>,
    topics: Arc<[&'static str]>,
    consumer: Weak<BaseConsumer<Lanes>>,
}

impl Group {
    pub(super) fn new(name: &str, topics: &[&'static str], consumer: &Arc<BaseConsumer<Lanes>>) -> Self {
        Self {
            name: name.into(),
            topics: topics.into(),
            consumer: Arc::downgrade(consumer),
        }
    }

    /// How many partitions this process has now, and how many of them are paused.
    #[cfg(test)]
    pub(super) fn share(&self) -> (usize, usize) {
        let consumer = self.consumer.upgrade().unwrap();
        let assigned = consumer.assignment().unwrap().count();
        (assigned, consumer.context().paused())
    }
}

/// Asks the brokers.
pub(super) fn count(shared: &Shared) -> Result<Vec<Lag>, KafkaError> {
    let groups = shared.groups().clone();
    let mut lag = Vec::new();
    for group in groups {
        let Some(consumer) = group.consumer.upgrade() else {
            continue;
        };
        for &topic in &*group.topics {
            lag.push(Lag {
                group: group.name.to_string(),
                topic: topic.to_owned(),
                waiting: waiting(&consumer, &shared.names.topic(topic))?,
                dead: dead::count(shared, topic, &group.name)?,
            });
        }
    }
    Ok(lag)
}

fn waiting(consumer: &BaseConsumer<Lanes>, topic: &str) -> Result<u64, KafkaError> {
    let all = every_partition(consumer, topic)?;
    let ends = at(consumer, &all, Offset::End)?;
    let places = consumer.committed_offsets(all.clone(), PATIENCE)?;
    // Where a group has no place yet it begins with the oldest that there is.
    let starts = match places.elements().iter().any(|it| offset(it).is_none()) {
        true => at(consumer, &all, Offset::Beginning)?,
        false => TopicPartitionList::new(),
    };
    let mut waiting = 0;
    for end in ends.elements() {
        let of = |list: &TopicPartitionList| offset(&list.find_partition(topic, end.partition())?);
        let place = of(&places).or_else(|| of(&starts)).unwrap_or(0);
        let end = offset(&end).unwrap_or(place);
        waiting += u64::try_from(end - place).unwrap_or(0);
    }
    Ok(waiting)
}

/// All partitions of a topic.
pub(super) fn every_partition<C: ConsumerContext>(
    consumer: &BaseConsumer<C>,
    topic: &str,
) -> Result<TopicPartitionList, KafkaError> {
    let metadata = consumer.fetch_metadata(Some(topic), PATIENCE)?;
    let found = metadata.topics().iter().filter(|it| it.name() == topic);
    let mut list = TopicPartitionList::new();
    for partition in found.flat_map(|it| it.partitions()) {
        list.add_partition(topic, partition.id());
    }
    Ok(list)
}

/// The offsets at the end or the beginning. (The protocol asks for them as for a moment, by a number that is none.)
pub(super) fn at<C: ConsumerContext>(
    consumer: &BaseConsumer<C>,
    partitions: &TopicPartitionList,
    place: Offset,
) -> Result<TopicPartitionList, KafkaError> {
    let mut list = partitions.clone();
    list.set_all_offsets(place)?;
    let found = consumer.offsets_for_times(list, PATIENCE)?;
    found
        .elements()
        .iter()
        .try_for_each(TopicPartitionListElem::error)?;
    Ok(found)
}

fn offset(element: &TopicPartitionListElem<'_>) -> Option<i64> {
    match element.offset() {
        Offset::Offset(offset) => Some(offset),
        _ => None,
    }
}
