//! The producer, renewed when it has come to its end.
//!
//! An idempotent producer refuses to go on where it can't tell any more what the broker has: after a record that timed out,
//! say. That is right, since otherwise a later event could stand before an earlier one. A new one begins where the outbox does.

use std::sync::{Mutex, PoisonError};

use rdkafka::ClientConfig;
use rdkafka::config::FromClientConfigAndContext as _;
use rdkafka::error::KafkaError;
use rdkafka::producer::{FutureProducer, FutureRecord, Producer as _};

use super::ear::Ear;
use super::record::Outgoing;

pub(super) struct Publisher {
    config: ClientConfig,
    current: Mutex<FutureProducer<Ear>>,
}

impl Publisher {
    pub(super) fn new(config: ClientConfig) -> Result<Self, KafkaError> {
        let current = Mutex::new(FutureProducer::from_config_and_context(&config, Ear::default())?);
        Ok(Self { config, current })
    }

    pub(super) fn producer(&self) -> FutureProducer<Ear> {
        self.current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Sends all in their order, and waits until every one is durable. After an error some may be.
    pub(super) async fn send(&self, records: &[Outgoing]) -> Result<(), KafkaError> {
        let producer = self.producer();
        let (mut deliveries, mut failure) = (Vec::with_capacity(records.len()), None);
        for record in records {
            let outgoing = FutureRecord::to(&record.topic)
                .key(&record.key)
                .payload(&record.payload)
                .headers(record.headers());
            match producer.send_result(outgoing) {
                Ok(delivery) => deliveries.push(delivery),
                Err((error, _)) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        for delivery in deliveries {
            match delivery.await {
                Ok(Ok(_)) => {}
                Ok(Err((error, _))) => failure = failure.or(Some(error)),
                Err(_) => failure = failure.or(Some(KafkaError::Canceled)),
            }
        }
        let Some(error) = failure else { return Ok(()) };
        if let Some((code, reason)) = producer.client().fatal_error() {
            tracing::warn!(%code, reason, "the Kafka producer has come to its end and is renewed");
            self.renew(producer)?;
        }
        Err(error)
    }

    /// Puts a new one in the place of `ended`, unless somebody has already.
    fn renew(&self, ended: FutureProducer<Ear>) -> Result<(), KafkaError> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.client().native_ptr() == ended.client().native_ptr() {
            let before = std::mem::replace(
                &mut *current,
                FutureProducer::from_config_and_context(&self.config, Ear::default())?,
            );
            // Dropping one waits for its thread.
            tokio::task::spawn_blocking(move || drop((before, ended)));
        }
        Ok(())
    }
}
