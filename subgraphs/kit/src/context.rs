//! What a service is given at its start.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::bus::EventBus;
use crate::clock::Clock;
use crate::health::Waiting;
use crate::ids::{Ids, Randomness};
use crate::money::Currency;
use crate::peers::Peers;
use crate::sql::{DatabaseUrl, PostgresConfig};
use crate::tasks::Tasks;
use crate::tokens::{ServiceTokens, TokenVerifier};

/// Everything from outside that a service may use. Cloning shares it.
#[derive(Clone)]
pub struct Context {
    /// The service's own name: "orders". Its consumer group, and how it calls itself to its peers.
    pub service: &'static str,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub ids: Arc<dyn Ids>,
    /// Where secrets come from.
    pub randomness: Arc<dyn Randomness>,
    /// Where events go and come from.
    pub bus: Arc<dyn EventBus>,
    /// The other subgraphs.
    pub peers: Peers,
    /// Checks access and service tokens.
    pub verifier: TokenVerifier,
    /// Makes service tokens.
    pub service_tokens: ServiceTokens,
    /// A folder for files of the service's own: a search index, pictures.
    pub data: PathBuf,
    /// Its database.
    pub database: DatabaseUrl,
    /// How to talk to PostgreSQL, where that is where its database is.
    pub postgres: PostgresConfig,
    /// How long it remembers which events it has handled.
    pub remembers: TimeDelta,
    /// What its start waits for.
    pub waiting: Waiting,
    /// What the store sells in.
    pub currency: Currency,
    /// Whether this is a demonstration: demo accounts, /dev pages, introspection of subgraphs.
    pub demo: bool,
    /// Where clients find the store: "http://127.0.0.1:4000". Without a slash at the end.
    pub public_url: String,
    /// What runs in the background.
    pub tasks: Tasks,
}

impl Context {
    /// The same surroundings for another service, with its database where its configuration says, otherwise at
    /// `sqlite:<data>/<name>.db`.
    #[must_use]
    pub fn of_service(&self, name: &'static str, database: Option<&DatabaseUrl>) -> Self {
        let in_a_file = || DatabaseUrl::sqlite(self.data.join(format!("{name}.db")));
        Self {
            service: name,
            peers: self.peers.acting_for(name),
            database: database.cloned().unwrap_or_else(in_a_file),
            ..self.clone()
        }
    }
}
