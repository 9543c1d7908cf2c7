//! The topics: made where they are missing, with as many partitions as the configuration says.

use std::time::Duration;

use rdkafka::admin::{
    AdminClient, AdminOptions, NewTopic, OwnedResourceSpecifier, ResourceSpecifier, TopicReplication,
};
use rdkafka::config::FromClientConfigAndContext as _;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;

use super::ear::Ear;
use super::{PATIENCE, Shared, blocking, client_config};
use crate::errors::chain;
use crate::events::topics;

/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_secs(15);

/// Makes them, waiting for the brokers as long as it takes; and again when somebody finds one missing.
pub(super) async fn keep(shared: std::sync::Arc<Shared>) {
    loop {
        let mut wait = Duration::from_millis(250);
        while let Err(error) = make(&shared).await {
            let (brokers, error) = (&shared.brokers, chain(&error));
            tracing::warn!(brokers, error, ?wait, "Kafka's topics can't be made yet");
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST);
        }
        shared.ready.send_replace(true);
        if let Err(error) = warn_where_thin(&shared).await {
            tracing::debug!(
                error = chain(&error),
                "Kafka doesn't tell how many copies it waits for"
            );
        }
        shared.missing.notified().await;
        shared.ready.send_replace(false);
    }
}

/// Whether the error says that a topic or partition isn't there.
pub(super) fn is_missing(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::UnknownTopicOrPartition
                | RDKafkaErrorCode::UnknownTopic
                | RDKafkaErrorCode::UnknownPartition
        )
    )
}

/// Whether the error is one that passes: leaders are being chosen, or a group's place is being found.
pub(super) fn is_settling(error: &KafkaError) -> bool {
    is_missing(error)
        || matches!(
            error.rdkafka_error_code(),
            Some(
                RDKafkaErrorCode::LeaderNotAvailable
                    | RDKafkaErrorCode::NotLeaderForPartition
                    | RDKafkaErrorCode::NotCoordinator
                    | RDKafkaErrorCode::CoordinatorNotAvailable
                    | RDKafkaErrorCode::CoordinatorLoadInProgress
                    | RDKafkaErrorCode::WaitingForCoordinator
            )
        )
}

async fn make(shared: &Shared) -> Result<(), KafkaError> {
    let config = &shared.config;
    let retention = (u64::from(config.retention_days) * 24 * 60 * 60 * 1000).to_string();
    let partitions = i32::try_from(config.partitions.max(1)).unwrap_or(i32::MAX);
    let copies = match config.replicas {
        // The broker's own setting.
        0 => -1,
        copies => i32::try_from(copies).unwrap_or(i32::MAX),
    };
    let names = topics::ALL.map(|topic| (shared.names.topic(topic), shared.names.dead(topic)));
    let mut new = Vec::new();
    for (live, dead) in &names {
        let live =
            NewTopic::new(live, partitions, TopicReplication::Fixed(copies)).set("retention.ms", &retention);
        // Dead letters wait for somebody to look at them.
        let dead = NewTopic::new(dead, 1, TopicReplication::Fixed(copies)).set("retention.ms", "-1");
        for topic in [live, dead] {
            new.push(match config.replicas {
                0..=2 => topic,
                // With three copies, a record is durable when two have it.
                _ => topic.set("min.insync.replicas", "2"),
            });
        }
    }
    let admin: AdminClient<Ear> =
        AdminClient::from_config_and_context(&client_config(&shared.brokers), Ear::default())?;
    let options = AdminOptions::new()
        .request_timeout(Some(PATIENCE))
        .operation_timeout(Some(PATIENCE));
    let made = admin.create_topics(&new, &options).await;
    // Dropping it waits for its thread.
    tokio::task::spawn_blocking(move || drop(admin));
    for outcome in made? {
        match outcome {
            Ok(topic) => tracing::info!(topic, "made the topic"),
            Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((topic, code)) => {
                tracing::warn!(topic, %code, "the topic can't be made");
                return Err(KafkaError::AdminOp(code));
            }
        }
    }
    for (live, _) in names {
        let found = partition_count(shared, live.clone()).await?;
        if found != partitions.unsigned_abs() as usize {
            tracing::warn!(
                topic = live,
                found,
                configured = partitions,
                "the topic has another number of partitions"
            );
        }
    }
    Ok(())
}

/// Says where a record counts as kept when one of several brokers has it.
async fn warn_where_thin(shared: &Shared) -> Result<(), KafkaError> {
    let thin = thin(shared).await?;
    if !thin.is_empty() && broker_count(shared).await? > 1 {
        tracing::warn!(
            topics = thin.join(", "),
            "min.insync.replicas is 1: Kafka takes an event for kept when one broker has it, and loses it with that broker; with three \
             brokers set it to 2, or `bus.replicas` to 3 before the topics are made"
        );
    }
    Ok(())
}

async fn broker_count(shared: &Shared) -> Result<usize, KafkaError> {
    let producer = shared.publisher.producer();
    blocking(move || {
        use rdkafka::producer::Producer as _;
        Ok(producer.client().fetch_metadata(None, PATIENCE)?.brokers().len())
    })
    .await
}

/// Those of our topics whose records count as kept when one broker has them.
async fn thin(shared: &Shared) -> Result<Vec<String>, KafkaError> {
    let names = topics::ALL.map(|topic| shared.names.topic(topic));
    let topics = names.each_ref().map(|name| ResourceSpecifier::Topic(name));
    let admin: AdminClient<Ear> =
        AdminClient::from_config_and_context(&client_config(&shared.brokers), Ear::default())?;
    let options = AdminOptions::new().request_timeout(Some(PATIENCE));
    let described = admin.describe_configs(&topics, &options).await;
    // Dropping it waits for its thread.
    tokio::task::spawn_blocking(move || drop(admin));
    let mut thin = Vec::new();
    for found in described? {
        let Ok(found) = found else { continue };
        let copies = found.get("min.insync.replicas");
        let is_thin = copies.is_some_and(|it| it.value.as_deref() == Some("1"));
        if let (true, OwnedResourceSpecifier::Topic(topic)) = (is_thin, found.specifier) {
            thin.push(topic);
        }
    }
    Ok(thin)
}

/// How many partitions a topic has; an error while it has none, as a topic that was made a moment ago.
pub(super) async fn partition_count(shared: &Shared, name: String) -> Result<usize, KafkaError> {
    let producer = shared.publisher.producer();
    blocking(move || {
        use rdkafka::producer::Producer as _;
        let metadata = producer.client().fetch_metadata(Some(&name), PATIENCE)?;
        let found = metadata.topics().iter().find(|it| it.name() == name);
        match found.map_or(0, |it| it.partitions().len()) {
            0 => Err(KafkaError::MetadataFetch(
                RDKafkaErrorCode::UnknownTopicOrPartition,
            )),
            count => Ok(count),
        }
    })
    .await
}
