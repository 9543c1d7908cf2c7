//! Ids and secrets. Ids are UUIDv7: opaque to clients, but rows written together lie together in an index, and
//! a list sorted by id is sorted by time.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::SeedableRng as _;
use rand::rngs::{StdRng, SysRng};
use rand::{Rng as _, TryRng as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Postgres, Sqlite, Type};
use uuid::Uuid;

use crate::clock::Clock;

/// An id of anything in the store. Written as a hyphenated UUID everywhere: JSON, GraphQL (`ID::from(id)`), SQLite (TEXT);
/// PostgreSQL has a type for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Id(Uuid);

impl Id {
    /// Reads a client's id. `None` for anything that can't be one of ours: to the caller it is the same as an unknown id.
    pub fn parse(id: &ID) -> Option<Self> {
        id.as_str().parse().ok()
    }

    /// An id that nobody can guess (UUIDv4, 122 random bits): for what is known by its id alone, like a guest's cart.
    pub fn unguessable(randomness: &dyn Randomness) -> Self {
        let mut bytes = [0; 16];
        randomness.fill(&mut bytes);
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// The id that always belongs to this text: for rows that must get the same id whenever they are seeded again.
    pub const fn from_u128(value: u128) -> Self {
        Self(Uuid::from_u128(value))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.as_hyphenated(), f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text isn't an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

impl FromStr for Id {
    type Err = NotAnId;

    /// Only the hyphenated lower- or upper-case form of 36 characters; braces, URNs and bare hex are refused so that one
    /// id has one spelling in URLs and keys.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.len() != 36 {
            return Err(NotAnId);
        }
        Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
    }
}

impl Type<Sqlite> for Id {
    fn type_info() -> <Sqlite as Database>::TypeInfo {
        <String as Type<Sqlite>>::type_info()
    }

    fn compatible(ty: &<Sqlite as Database>::TypeInfo) -> bool {
        <String as Type<Sqlite>>::compatible(ty)
    }
}

impl Encode<'_, Sqlite> for Id {
    fn encode_by_ref(
        &self,
        buffer: &mut <Sqlite as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(self.to_string(), buffer)
    }
}

impl<'r> Decode<'r, Sqlite> for Id {
    fn decode(value: <Sqlite as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(<String as Decode<Sqlite>>::decode(value)?.parse::<Self>()?)
    }
}

impl Type<Postgres> for Id {
    fn type_info() -> <Postgres as Database>::TypeInfo {
        <Uuid as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for Id {
    fn encode_by_ref(
        &self,
        buffer: &mut <Postgres as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode_by_ref(&self.0, buffer)
    }
}

impl<'r> Decode<'r, Postgres> for Id {
    fn decode(value: <Postgres as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        <Uuid as Decode<Postgres>>::decode(value).map(Self)
    }
}

/// Where new ids come from.
pub trait Ids: Send + Sync + 'static {
    /// A new id, greater than every id that this source gave before.
    fn next(&self) -> Id;
}

/// UUIDv7 of the clock's time. The twelve bits behind the milliseconds count within one millisecond, so that ids of one
/// process are strictly ascending.
pub struct RandomIds {
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    last: Mutex<(u64, u16)>,
}

impl RandomIds {
    /// Ids of this clock's time.
    pub fn new(clock: Arc<dyn Clock>, randomness: Arc<dyn Randomness>) -> Self {
        Self {
            clock,
            randomness,
            last: Mutex::new((0, 0)),
        }
    }
}

impl Ids for RandomIds {
    fn next(&self) -> Id {
        let now = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or(0);
        let mut bytes = [0; 10];
        self.randomness.fill(&mut bytes);
        let (millis, count) = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last = match *last {
                (millis, count) if millis >= now && count < 0xfff => (millis, count + 1),
                (millis, _) if millis >= now => (millis + 1, 0),
                _ => (now, 0),
            };
            *last
        };
        bytes[..2].copy_from_slice(&count.to_be_bytes());
        Id(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }
}

/// Ids for tests: `00000000-0000-7000-8000-000000000001`, then …2, and so on.
#[derive(Debug, Default)]
pub struct SequentialIds(std::sync::atomic::AtomicU64);

impl Ids for SequentialIds {
    fn next(&self) -> Id {
        let number = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        Id(Uuid::from_u128(
            0x0000_0000_0000_7000_8000_0000_0000_0000 | u128::from(number),
        ))
    }
}

/// Where random bytes come from.
pub trait Randomness: Send + Sync + 'static {
    /// Fills the whole buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandomness;

impl Randomness for OsRandomness {
    /// # Panics
    /// When the operating system has no randomness to give. Going on with predictable secrets would be worse.
    fn fill(&self, buffer: &mut [u8]) {
        if let Err(error) = SysRng.try_fill_bytes(buffer) {
            panic!("the operating system gives no random bytes: {error}");
        }
    }
}

/// The same bytes every time: for tests only.
pub struct SeededRandomness(Mutex<StdRng>);

impl SeededRandomness {
    /// A generator whose whole future follows from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, buffer: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(buffer);
    }
}

/// A secret of 256 random bits in base64url: refresh tokens, order keys, links in e-mails.
pub fn token(randomness: &dyn Randomness) -> String {
    let mut bytes = [0; 32];
    randomness.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn ids_of_one_millisecond_still_ascend() {
        let clock = Arc::new(ManualClock::default());
        let ids = RandomIds::new(clock.clone(), Arc::new(SeededRandomness::new(7)));
        let mut last = ids.next();
        for _ in 0..10_000 {
            let next = ids.next();
            assert!(next > last, "{next} after {last}");
            last = next;
        }
        clock.advance(std::time::Duration::from_secs(60));
        assert!(ids.next() > last);
    }

    #[test]
    fn an_id_has_one_spelling() {
        let id = SequentialIds::default().next();
        assert_eq!(id.to_string(), "00000000-0000-7000-8000-000000000001");
        assert_eq!(Id::parse(&id.into()), Some(id));
        for bad in [
            "",
            "1",
            "{00000000-0000-7000-8000-000000000001}",
            "00000000000070008000000000000001",
        ] {
            assert_eq!(Id::parse(&ID::from(bad)), None, "{bad:?}");
        }
    }

    #[test]
    fn tokens_differ_and_fit_into_a_url() {
        let randomness = SeededRandomness::new(1);
        let (one, two) = (token(&randomness), token(&randomness));
        assert_ne!(one, two);
        assert_eq!(one.len(), 43);
        assert!(
            one.chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        );
    }
}
