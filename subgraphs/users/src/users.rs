//! What every operation of the service has at hand.

use std::sync::Arc;

use lavka_kit::clock::Clock;
use lavka_kit::ids::{Ids, Randomness};
use lavka_kit::outbox::Outbox;
use lavka_kit::peers::Peers;
use lavka_kit::sql::Database;
use lavka_kit::tasks::Tasks;

use crate::config::Config;
use crate::password::Passwords;
use crate::signing_keys::SigningKeys;
use crate::throttle::Turns;

/// The accounts of the store. Cloning shares them. Each operation is a method, in a file of its own.
#[derive(Clone)]
pub struct Users {
    pub(crate) config: Arc<Config>,
    pub(crate) database: Database,
    pub(crate) outbox: Outbox,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) peers: Peers,
    pub(crate) tasks: Tasks,
    pub(crate) keys: SigningKeys,
    pub(crate) passwords: Passwords,
    pub(crate) turns: Arc<Turns>,
    /// Whether browsers may send the refresh cookie over HTTPS only.
    pub(crate) secure: bool,
}
