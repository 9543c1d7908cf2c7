//! Carts in Redis: one document a cart, compared and swapped.
//!
//! What a change does is known here and not in Redis ([`Change::apply`]), so that a change is: read the document, apply, and a
//! script that writes the new one if the old one is still there; if not, somebody else was quicker, and it is done again with
//! what they left. Of those who try at once one always succeeds. Steps that concern two carts swap both in one script.
//!
//! Redis Cluster runs a script only on keys of one slot, and any guest's cart may be merged into any account's: so all keys
//! carry one hash tag, `{carts}`. See docs/decisions.md for what that costs.
//!
//! The clients of a cluster send a command again whose connection was lost, whether or not it was done: then the script finds what it has
//! written itself. Every text that is written carries a mark of its own, so that the script can tell that from what somebody else wrote, and
//! says that it is done; to do it once more would double what is added.
//!
//! A guest's cart that nobody has touched for a while expires; an account's never does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::BoxFuture;
use lavka_kit::context::Context;
use lavka_kit::errors::Unavailable;
use lavka_kit::health::HealthCheck;
use lavka_kit::ids::{Id, Ids};
use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::{Cmd, Pipeline, RedisError, RedisFuture, RedisResult, Script, Value};
use serde::{Deserialize, Serialize};

use super::{CartStore, Changed, May, StoreError};
use crate::cart::{Cart, Line, Ordered};
use crate::change::Change;
use crate::config::{Config, RedisUrl};

/// KEYS: what is to be swapped. ARGV: for each what must be there (nothing: no key), then for each the new value, then for each
/// the milliseconds that it is kept (0: for ever). Answers 1 also where it has been done before.
const SWAP: &str = r"
local count = #KEYS
local is_before, is_after = true, true
for i = 1, count do
  local found = redis.call('GET', KEYS[i]) or ''
  is_before = is_before and found == ARGV[i]
  is_after = is_after and found == ARGV[count + i]
end
if is_after then return 1 end
if not is_before then return 0 end
for i = 1, count do
  local kept = tonumber(ARGV[2 * count + i])
  if kept > 0 then
    redis.call('SET', KEYS[i], ARGV[count + i], 'PX', kept)
  else
    redis.call('SET', KEYS[i], ARGV[count + i])
  end
end
return 1
";
/// What lies under our prefix, and in which version: raised when an older program could not read or would spoil what a newer one writes.
const SCHEMA: &str = "lavka carts 1";
/// How long a connection may take, and each step on it with whatever waits for a new connection.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest wait between two tries to reach Redis at the start.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How often a step is tried whose carts others keep changing. Each failure is somebody's success, so that this many mean that
/// something else is wrong.
const TRIES: u32 = 1000;

/// The adapter. Cloning shares it.
#[derive(Clone)]
pub struct RedisCarts {
    connection: Connection,
    swap: Script,
    prefix: String,
    marks: Arc<Marks>,
    /// How long a guest's cart is kept after its last change.
    kept: Duration,
    patience: Duration,
}

/// What tells each text that we write from every other one.
struct Marks {
    process: String,
    next: AtomicU64,
}

impl Marks {
    fn next(&self) -> String {
        format!("{}.{}", self.process, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// One server, or a cluster. Both reconnect by themselves; what was under way then fails.
#[derive(Clone)]
enum Connection {
    Server(ConnectionManager),
    Cluster(ClusterConnection),
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Server(connection) => connection.req_packed_command(command),
            Self::Cluster(connection) => connection.req_packed_command(command),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Server(connection) => connection.req_packed_commands(pipeline, offset, count),
            Self::Cluster(connection) => connection.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Server(connection) => connection.get_db(),
            Self::Cluster(connection) => connection.get_db(),
        }
    }
}

impl Connection {
    async fn to(url: &RedisUrl) -> RedisResult<Self> {
        match url.nodes() {
            [node] => {
                let client = redis::Client::open(node.as_str())?;
                // Once, with its error: the manager would try for many seconds and say nothing.
                let asking = async {
                    let mut connection = client.get_multiplexed_async_connection().await?;
                    redis::cmd("PING").query_async::<()>(&mut connection).await
                };
                tokio::time::timeout(PATIENCE, asking)
                    .await
                    .unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))?;
                let settings = ConnectionManagerConfig::new()
                    .set_connection_timeout(Some(PATIENCE))
                    .set_response_timeout(Some(PATIENCE))
                    .set_max_delay(Duration::from_secs(1));
                Ok(Self::Server(
                    ConnectionManager::new_with_config(client, settings).await?,
                ))
            }
            nodes => {
                let client = ClusterClient::builder(nodes.iter().map(String::as_str))
                    .connection_timeout(PATIENCE)
                    .response_timeout(PATIENCE)
                    .build()?;
                Ok(Self::Cluster(client.get_async_connection().await?))
            }
        }
    }
}

/// A cart as it lies in Redis. Fields are added with a default, never renamed: what lies there may be older.
#[derive(Serialize, Deserialize)]
struct Document {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<Id>,
    generation: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    merged_into: Option<Id>,
    /// Sku, quantity, position.
    #[serde(default)]
    lines: Vec<(String, i32, i32)>,
    updated_at: DateTime<Utc>,
    /// Who wrote this text, and as which of his.
    #[serde(default)]
    mark: String,
    /// What a newer program has added, which an older one that runs beside it must not take away.
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

impl Document {
    fn of(cart: &Cart, mark: String, rest: serde_json::Map<String, serde_json::Value>) -> Self {
        let line = |it: &Line| (it.sku.clone(), it.quantity, it.position);
        Self {
            owner: cart.owner,
            generation: cart.generation,
            merged_into: cart.merged_into,
            lines: cart.lines.iter().map(line).collect(),
            updated_at: cart.updated_at,
            mark,
            rest,
        }
    }

    fn into_cart(self, id: Id) -> Cart {
        let line = |(sku, quantity, position)| Line {
            sku,
            quantity,
            position,
        };
        Cart {
            id,
            owner: self.owner,
            generation: self.generation,
            merged_into: self.merged_into,
            lines: self.lines.into_iter().map(line).collect(),
            updated_at: self.updated_at,
        }
    }
}

/// A cart together with the text that it was read from.
struct Found {
    text: String,
    cart: Cart,
    rest: serde_json::Map<String, serde_json::Value>,
}

/// A key's value before and after.
struct Swap {
    key: String,
    before: String,
    after: String,
    kept: Duration,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Redis(#[from] RedisError),
    #[error("what lies under {key} is no cart")]
    Corrupt {
        key: String,
        #[source]
        source: serde_json::Error,
    },
    #[error("write a cart as JSON")]
    Json(#[from] serde_json::Error),
    #[error("others changed it {TRIES} times meanwhile")]
    Contention,
    #[error(transparent)]
    Away(#[from] Unavailable),
}

fn failed(doing: &'static str) -> impl Fn(Failure) -> StoreError {
    move |failure| StoreError {
        doing,
        source: match failure {
            Failure::Redis(error) if is_away(&error) => Unavailable::new(error).into(),
            Failure::Away(away) => away.into(),
            failure => failure.into(),
        },
    }
}

/// Whether it can't be reached, or is not ready, rather than unwilling.
fn is_away(error: &RedisError) -> bool {
    use redis::{ErrorKind, ServerErrorKind as Server};
    match error.kind() {
        ErrorKind::Io | ErrorKind::ClusterConnectionNotFound => true,
        ErrorKind::Server(kind) => matches!(
            kind,
            Server::BusyLoading
                | Server::MasterDown
                | Server::ClusterDown
                | Server::TryAgain
                | Server::ReadOnly
                | Server::Moved
                | Server::Ask
        ),
        _ => false,
    }
}

/// Why a Redis can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// It isn't there, or not ready.
    #[error("Redis can't be reached")]
    Away(#[source] RedisError),
    #[error("`cart.database` is wrong, or has no such rights: Redis refuses it")]
    Refused(#[source] RedisError),
    #[error(
        "`{key}` in Redis says `{found}` where we would say `{SCHEMA}`: another program's or a newer version's carts are left untouched \
         (`cart.key_prefix` chooses others)"
    )]
    Foreign { key: String, found: String },
}

impl From<RedisError> for ConnectError {
    fn from(error: RedisError) -> Self {
        use redis::{ErrorKind, ServerErrorKind as Server};
        let refused = matches!(
            error.kind(),
            ErrorKind::AuthenticationFailed
                | ErrorKind::InvalidClientConfig
                | ErrorKind::Server(Server::NoPerm)
        ) || matches!(error.code(), Some("NOAUTH" | "WRONGPASS" | "NOPERM"));
        match refused {
            true => Self::Refused(error),
            false => Self::Away(error),
        }
    }
}

impl RedisCarts {
    /// Connects, and makes sure that what lies there is ours.
    ///
    /// # Errors
    /// When the server can't be reached or refuses, or when another program's data are there.
    pub async fn connect(
        url: &RedisUrl,
        prefix: &str,
        kept: Duration,
        ids: &dyn Ids,
    ) -> Result<Self, ConnectError> {
        let carts = Self {
            connection: Connection::to(url).await?,
            swap: Script::new(SWAP),
            prefix: prefix.to_owned(),
            marks: Arc::new(Marks {
                process: ids.next().to_string(),
                next: AtomicU64::new(0),
            }),
            kept,
            patience: PATIENCE,
        };
        let key = format!("{prefix}:{{carts}}:schema");
        let mut connection = carts.connection.clone();
        let claim = async {
            let () = redis::cmd("SET")
                .arg(&key)
                .arg(SCHEMA)
                .arg("NX")
                .query_async(&mut connection)
                .await?;
            redis::cmd("GET")
                .arg(&key)
                .query_async::<String>(&mut connection)
                .await
        };
        let found = tokio::time::timeout(PATIENCE, claim)
            .await
            .unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))?;
        if found != SCHEMA {
            return Err(ConnectError::Foreign { key, found });
        }
        Ok(carts)
    }

    /// One step, with an end: the manager of connections tries several times to get a new one, and whoever asks waits for it.
    async fn ask<T>(&self, step: impl Future<Output = RedisResult<T>>) -> Result<T, Failure> {
        match tokio::time::timeout(self.patience, step).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Unavailable::silent(self.patience).into()),
        }
    }

    fn cart_key(&self, id: Id) -> String {
        format!("{}:{{carts}}:cart:{id}", self.prefix)
    }

    fn owner_key(&self, owner: Id) -> String {
        format!("{}:{{carts}}:owner:{owner}", self.prefix)
    }

    async fn get(&self, key: &str) -> Result<Option<String>, Failure> {
        let mut connection = self.connection.clone();
        self.ask(redis::cmd("GET").arg(key).query_async(&mut connection))
            .await
    }

    async fn load(&self, id: Id) -> Result<Option<Found>, Failure> {
        let key = self.cart_key(id);
        let Some(text) = self.get(&key).await? else {
            return Ok(None);
        };
        let mut document: Document =
            serde_json::from_str(&text).map_err(|source| Failure::Corrupt { key, source })?;
        let rest = std::mem::take(&mut document.rest);
        let cart = document.into_cart(id);
        Ok(Some(Found { text, cart, rest }))
    }

    async fn load_of(&self, owner: Id) -> Result<Option<Found>, Failure> {
        match self.get(&self.owner_key(owner)).await?.map(|it| it.parse()) {
            Some(Ok(id)) => self.load(id).await,
            _ => Ok(None),
        }
    }

    /// The swap that makes `before` into `cart`, and gives it its time; `None` where nothing differs.
    fn replace(&self, before: &Found, cart: &mut Cart, now: DateTime<Utc>) -> Result<Option<Swap>, Failure> {
        if before.cart == *cart {
            return Ok(None);
        }
        cart.updated_at = now;
        Ok(Some(self.put(Some(before), cart)?))
    }

    fn put(&self, before: Option<&Found>, cart: &Cart) -> Result<Swap, Failure> {
        let rest = before.map(|it| it.rest.clone()).unwrap_or_default();
        Ok(Swap {
            key: self.cart_key(cart.id),
            before: before.map(|it| it.text.clone()).unwrap_or_default(),
            after: serde_json::to_string(&Document::of(cart, self.marks.next(), rest))?,
            kept: match cart.owner {
                Some(_) => Duration::ZERO,
                None => self.kept,
            },
        })
    }

    /// Does all of them, or none: false when one isn't any more as it was.
    async fn swap(&self, swaps: &[Swap]) -> Result<bool, Failure> {
        if swaps.is_empty() {
            return Ok(true);
        }
        let mut call = self.swap.prepare_invoke();
        for it in swaps {
            call.key(&it.key);
        }
        for it in swaps {
            call.arg(&it.before);
        }
        for it in swaps {
            call.arg(&it.after);
        }
        for it in swaps {
            call.arg(u64::try_from(it.kept.as_millis()).unwrap_or(u64::MAX));
        }
        let mut connection = self.connection.clone();
        let swapped: i32 = self.ask(call.invoke_async(&mut connection)).await?;
        Ok(swapped == 1)
    }

    async fn open_once(&self, cart: &Cart) -> Result<Option<Cart>, Failure> {
        let mut swaps = vec![self.put(None, cart)?];
        if let Some(owner) = cart.owner {
            if let Some(there) = self.load_of(owner).await? {
                return Ok(Some(there.cart));
            }
            swaps.push(Swap {
                key: self.owner_key(owner),
                before: String::new(),
                after: cart.id.to_string(),
                kept: Duration::ZERO,
            });
        }
        Ok(self.swap(&swaps).await?.then(|| cart.clone()))
    }

    async fn change_once(
        &self,
        id: Id,
        may: May<'_>,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<Option<Changed>, Failure> {
        let found = self.load(id).await?;
        let Some(before) = found.filter(|it| it.cart.merged_into.is_none() && may(&it.cart)) else {
            return Ok(Some(Changed::Absent));
        };
        let mut cart = before.cart.clone();
        if let Err(refusal) = change.apply(&mut cart) {
            return Ok(Some(Changed::Refused(before.cart, refusal)));
        }
        let swap = self.replace(&before, &mut cart, now)?;
        Ok(self.swap(swap.as_slice()).await?.then_some(Changed::Done(cart)))
    }

    async fn merge_once(
        &self,
        guest: Id,
        into: Id,
        now: DateTime<Utc>,
    ) -> Result<Option<Option<Cart>>, Failure> {
        let Some(own_before) = self.load(into).await? else {
            return Ok(Some(None));
        };
        let mergeable =
            |it: &Found| it.cart.owner.is_none() && it.cart.merged_into.is_none() && it.cart.id != into;
        let Some(guest_before) = self.load(guest).await?.filter(mergeable) else {
            return Ok(Some(Some(own_before.cart)));
        };
        let (mut own, mut guest) = (own_before.cart.clone(), guest_before.cart.clone());
        own.absorb(&mut guest);
        let swaps = [
            self.replace(&guest_before, &mut guest, now)?,
            self.replace(&own_before, &mut own, now)?,
        ];
        let swaps: Vec<Swap> = swaps.into_iter().flatten().collect();
        Ok(self.swap(&swaps).await?.then_some(Some(own)))
    }

    async fn take_once(
        &self,
        id: Id,
        generation: i32,
        ordered: &[Ordered],
        now: DateTime<Utc>,
    ) -> Result<Option<Option<Cart>>, Failure> {
        let Some(before) = self.load(id).await? else {
            return Ok(Some(None));
        };
        let mut cart = before.cart.clone();
        if !cart.take_ordered(generation, ordered) {
            return Ok(Some(Some(before.cart)));
        }
        let mut swaps = Vec::from_iter(self.replace(&before, &mut cart, now)?);
        if let Some(target) = cart.merged_into
            && let Some(before) = self.load(target).await?
        {
            let mut target = before.cart.clone();
            target.subtract(ordered);
            swaps.extend(self.replace(&before, &mut target, now)?);
        }
        Ok(self.swap(&swaps).await?.then_some(Some(cart)))
    }
}

/// Tries until nobody was quicker.
async fn insist<T, F>(doing: &'static str, step: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<Option<T>, Failure>>,
{
    for _ in 0..TRIES {
        if let Some(done) = step().await.map_err(failed(doing))? {
            return Ok(done);
        }
    }
    Err(failed(doing)(Failure::Contention))
}

/// Waits for Redis as long as it takes, and says so. One that refuses us isn't waited for.
pub async fn connect(url: &RedisUrl, config: &Config, context: &Context) -> Result<RedisCarts, ConnectError> {
    const NAME: &str = "cart: Redis";
    let kept = Duration::from_secs(24 * 60 * 60 * u64::from(config.guest_days.max(1)));
    let mut wait = Duration::from_millis(250);
    context.waiting.say(NAME, "connecting".to_owned());
    loop {
        match RedisCarts::connect(url, &config.key_prefix, kept, &*context.ids).await {
            Ok(carts) => {
                context.waiting.over(NAME);
                return Ok(carts);
            }
            Err(error @ (ConnectError::Refused(_) | ConnectError::Foreign { .. })) => return Err(error),
            Err(error) => {
                let error = lavka_kit::errors::chain(&error);
                tracing::warn!(error, ?wait, "cart: Redis can't be reached, trying again");
                context.waiting.say(NAME, error);
            }
        }
        context.clock.sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

#[async_trait]
impl CartStore for RedisCarts {
    async fn find(&self, id: Id) -> Result<Option<Cart>, StoreError> {
        let found = self.load(id).await.map_err(failed("read a cart"))?;
        Ok(found.map(|it| it.cart))
    }

    async fn find_of(&self, owner: Id) -> Result<Option<Cart>, StoreError> {
        let found = self
            .load_of(owner)
            .await
            .map_err(failed("read an account's cart"))?;
        Ok(found.map(|it| it.cart))
    }

    async fn open(&self, cart: Cart) -> Result<Cart, StoreError> {
        insist("open a cart", || self.open_once(&cart)).await
    }

    async fn change(
        &self,
        id: Id,
        may: May<'_>,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<Changed, StoreError> {
        insist("change a cart", || self.change_once(id, may, change, now)).await
    }

    async fn merge(&self, guest: Id, into: Id, now: DateTime<Utc>) -> Result<Option<Cart>, StoreError> {
        insist("merge two carts", || self.merge_once(guest, into, now)).await
    }

    async fn take_ordered(
        &self,
        id: Id,
        generation: i32,
        ordered: &[Ordered],
        now: DateTime<Utc>,
    ) -> Result<Option<Cart>, StoreError> {
        let doing = "take an order's lines out of a cart";
        insist(doing, || self.take_once(id, generation, ordered, now)).await
    }
}

impl HealthCheck for RedisCarts {
    fn name(&self) -> &str {
        "cart: Redis"
    }

    fn check(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async {
            let mut connection = self.connection.clone();
            let asked: RedisResult<()> = redis::cmd("PING").query_async(&mut connection).await;
            asked.map_err(|error| error.to_string())
        })
    }
}

#[cfg(test)]
mod tests {
    use lavka_kit::clock::SystemClock;
    use lavka_kit::ids::{OsRandomness, RandomIds};
    use lavka_kit::testing::{Engine, Wire};

    use super::*;
    use crate::store::contract;

    fn ids() -> RandomIds {
        RandomIds::new(Arc::new(SystemClock), Arc::new(OsRandomness))
    }

    async fn redis() -> Option<RedisCarts> {
        let url: RedisUrl = Engine::Redis.url()?.parse().unwrap();
        let prefix = ids().next();
        let kept = Duration::from_secs(3600);
        Some(
            RedisCarts::connect(&url, &format!("test-{prefix}"), kept, &ids())
                .await
                .unwrap(),
        )
    }

    async fn carts() -> Option<(Arc<dyn CartStore>, ())> {
        Some((Arc::new(redis().await?), ()))
    }

    contract::scenes!(carts);

    fn cart(n: u128, owner: Option<u128>) -> Cart {
        Cart::new(Id::from_u128(n), owner.map(Id::from_u128), DateTime::UNIX_EPOCH)
    }

    async fn milliseconds_left(store: &RedisCarts, n: u128) -> i64 {
        let mut connection = store.connection.clone();
        let key = store.cart_key(Id::from_u128(n));
        redis::cmd("PTTL")
            .arg(key)
            .query_async(&mut connection)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_guests_cart_expires_from_its_last_change_and_an_accounts_does_not() {
        let Some(store) = redis().await else { return };
        store.open(cart(1, None)).await.unwrap();
        store.open(cart(2, Some(9))).await.unwrap();
        assert_eq!(milliseconds_left(&store, 2).await, -1);
        let mut connection = store.connection.clone();
        let key = store.cart_key(Id::from_u128(1));
        let _: () = redis::cmd("PEXPIRE")
            .arg(key)
            .arg(60_000)
            .query_async(&mut connection)
            .await
            .unwrap();
        let add = Change::Add {
            sku: "lamp".into(),
            quantity: 1,
        };
        for n in [1, 2] {
            store
                .change(Id::from_u128(n), &|_| true, &add, DateTime::UNIX_EPOCH)
                .await
                .unwrap();
        }
        assert!(milliseconds_left(&store, 1).await > 3_500_000);
        assert_eq!(milliseconds_left(&store, 2).await, -1);
    }

    #[tokio::test]
    async fn what_is_no_cart_is_an_error_that_names_the_key() {
        let Some(store) = redis().await else { return };
        let mut connection = store.connection.clone();
        let key = store.cart_key(Id::from_u128(1));
        let _: () = redis::cmd("SET")
            .arg(&key)
            .arg("[]")
            .query_async(&mut connection)
            .await
            .unwrap();
        let error = store.find(Id::from_u128(1)).await.unwrap_err();
        let told = lavka_kit::errors::chain(&error);
        assert!(
            told.starts_with(&format!("read a cart: what lies under {key} is no cart")),
            "{told}"
        );
    }

    /// The connection is lost behind the script's work and before its answer; the cluster's client sends it again.
    #[tokio::test]
    async fn a_change_that_is_sent_again_is_done_once() {
        let Some(store) = redis().await else { return };
        store.open(cart(1, None)).await.unwrap();
        let before = store.load(Id::from_u128(1)).await.unwrap().unwrap();
        let mut after = before.cart.clone();
        let add = Change::Add {
            sku: "lamp".into(),
            quantity: 2,
        };
        add.apply(&mut after).unwrap();
        let swap = store.put(Some(&before), &after).unwrap();
        let twin = store.put(Some(&before), &after).unwrap();
        let swaps = std::slice::from_ref(&swap);
        assert!(store.swap(swaps).await.unwrap());
        assert!(store.swap(swaps).await.unwrap(), "it is done");
        // Somebody else who has thought of the same at the same moment has to think again.
        assert!(!store.swap(&[twin]).await.unwrap());
        let found = store.find(Id::from_u128(1)).await.unwrap();
        assert_eq!(found, Some(after));
    }

    /// Of two versions that run side by side the older takes nothing away.
    #[tokio::test]
    async fn what_a_newer_program_has_added_stays() {
        let Some(store) = redis().await else { return };
        let mut connection = store.connection.clone();
        let key = store.cart_key(Id::from_u128(1));
        let newer = r#"{"generation":1,"updated_at":"1970-01-01T00:00:00Z","gift":{"for":"Ann"}}"#;
        let _: () = redis::cmd("SET")
            .arg(&key)
            .arg(newer)
            .query_async(&mut connection)
            .await
            .unwrap();
        let add = Change::Add {
            sku: "lamp".into(),
            quantity: 1,
        };
        store
            .change(Id::from_u128(1), &|_| true, &add, DateTime::UNIX_EPOCH)
            .await
            .unwrap();
        let text: String = redis::cmd("GET")
            .arg(&key)
            .query_async(&mut connection)
            .await
            .unwrap();
        let written: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(written["gift"], serde_json::json!({ "for": "Ann" }));
        assert_eq!(written["lines"][0][0], "lamp");
    }

    /// A cluster runs a script on keys of one slot alone, and chooses it by what stands in braces.
    #[tokio::test]
    async fn all_keys_are_of_one_slot() {
        let Some(store) = redis().await else { return };
        for key in [
            store.cart_key(Id::from_u128(1)),
            store.owner_key(Id::from_u128(2)),
        ] {
            let (_, behind) = key.split_once('{').unwrap();
            assert_eq!(behind.split_once('}').unwrap().0, "carts", "{key}");
        }
    }

    #[tokio::test]
    async fn a_document_of_an_older_shape_is_read() {
        let Some(store) = redis().await else { return };
        let mut connection = store.connection.clone();
        let key = store.cart_key(Id::from_u128(1));
        let old = r#"{"generation":3,"updated_at":"1970-01-01T00:00:00Z","colour":"red"}"#;
        let _: () = redis::cmd("SET")
            .arg(&key)
            .arg(old)
            .query_async(&mut connection)
            .await
            .unwrap();
        let expected = Cart {
            generation: 3,
            ..cart(1, None)
        };
        assert_eq!(store.find(Id::from_u128(1)).await.unwrap(), Some(expected));
    }

    fn is_unavailable<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> bool {
        lavka_kit::errors::is_unavailable(&answer.unwrap_err())
    }

    #[tokio::test]
    async fn a_server_that_falls_silent_is_told_in_time() {
        let Some(url) = Engine::Redis.url() else { return };
        let (wire, url) = Wire::to(&url).await;
        let prefix = RandomIds::new(Arc::new(SystemClock), Arc::new(OsRandomness)).next();
        let mut store =
            RedisCarts::connect(&url.parse().unwrap(), &format!("test-{prefix}"), PATIENCE, &ids())
                .await
                .unwrap();
        store.open(cart(1, Some(9))).await.unwrap();
        wire.fall_silent();
        store.patience = Duration::from_millis(50);
        let add = Change::Add {
            sku: "lamp".into(),
            quantity: 1,
        };
        assert!(is_unavailable(store.find(Id::from_u128(1)).await));
        assert!(is_unavailable(
            store
                .change(Id::from_u128(1), &|_| true, &add, DateTime::UNIX_EPOCH)
                .await
        ));
        // As /health/ready tells it.
        let reports = lavka_kit::health::check_all(&[Arc::new(store.clone())]).await;
        assert_eq!(
            (&*reports[0].name, reports[0].problem.as_deref()),
            ("cart: Redis", Some("no answer in time"))
        );
        wire.flow();
        store.patience = PATIENCE;
        assert_eq!(
            store.find(Id::from_u128(1)).await.unwrap(),
            Some(cart(1, Some(9)))
        );
    }

    #[tokio::test]
    async fn carts_of_another_version_are_left_alone() {
        let Some(store) = redis().await else { return };
        let mut connection = store.connection.clone();
        let key = format!("{}:{{carts}}:schema", store.prefix);
        let _: () = redis::cmd("SET")
            .arg(&key)
            .arg("lavka carts 2")
            .query_async(&mut connection)
            .await
            .unwrap();
        let url: RedisUrl = Engine::Redis.url().unwrap().parse().unwrap();
        let again = RedisCarts::connect(&url, &store.prefix, PATIENCE, &ids()).await;
        let told = again.map(drop).unwrap_err().to_string();
        assert!(
            told.starts_with(&format!(
                "`{key}` in Redis says `lavka carts 2` where we would say `lavka carts 1`"
            )),
            "{told}"
        );
    }

    #[tokio::test]
    async fn who_is_not_let_in_is_told_which_key_is_wrong() {
        let Some(url) = Engine::Redis.url() else { return };
        let url = url.replace("redis://", "redis://nobody:secret@").parse().unwrap();
        let refused = RedisCarts::connect(&url, "test", PATIENCE, &ids()).await;
        let error = refused.map(drop).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`cart.database` is wrong, or has no such rights: Redis refuses it"
        );
        assert!(!lavka_kit::errors::chain(&error).contains("secret"));
    }

    /// From the first moment on: a Redis that says nothing takes seconds to be given up.
    #[tokio::test]
    async fn what_is_waited_for_is_said_before_the_first_try() {
        let world = lavka_kit::testing::TestWorld::of("cart").await;
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: RedisUrl = format!("redis://{}", silent.local_addr().unwrap())
            .parse()
            .unwrap();
        let config = Config::default();
        let mut connecting = std::pin::pin!(connect(&url, &config, &world.context));
        tokio::select! {
            biased;
            _ = &mut connecting => panic!("it can't be there"),
            () = std::future::ready(()) => {}
        }
        let reports = world.context.waiting.reports();
        assert_eq!(
            (&*reports[0].name, reports[0].problem.as_deref()),
            ("cart: Redis", Some("connecting"))
        );
    }

    #[tokio::test]
    async fn an_unreachable_server_is_an_error() {
        let unused = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let url: RedisUrl = format!("redis://{unused}").parse().unwrap();
        assert!(RedisCarts::connect(&url, "test", PATIENCE, &ids()).await.is_err());
    }
}
