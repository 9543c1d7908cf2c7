//! What librdkafka has to say, in our log. It says the same thing at every attempt to connect: once is enough.

use std::sync::{Mutex, PoisonError};

use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::KafkaError;

/// Listens to one client.
#[derive(Default)]
pub(super) struct Ear {
    last: Mutex<String>,
}

impl Ear {
    /// Logs a complaint, unless it is the last one again.
    pub(super) fn hear(&self, error: &KafkaError, reason: &str) {
        let said = format!("{error}: {reason}");
        // Ports and times of the same complaint differ; what it is about stands before them.
        let gist: String = said.chars().take_while(|it| !it.is_ascii_digit()).collect();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != gist {
            tracing::warn!(said, "Kafka");
            *last = gist;
        }
    }

    /// All is well again: the next complaint is news.
    pub(super) fn well(&self) {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl ClientContext for Ear {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.hear(&error, reason);
    }
}

impl ConsumerContext for Ear {}

/// The library's own log. Its errors come as errors, too.
pub(super) fn log(level: RDKafkaLogLevel, facility: &str, message: &str) {
    match level {
        RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical => {
            tracing::error!(facility, message, "librdkafka");
        }
        _ => tracing::debug!(facility, message, "librdkafka"),
    }
}
