//! Carts in Redis: one document a cart, compared and swapped.
//!
//! What a change does is known here and not in Redis ([`Change::apply`]), so that a change is: read the document, apply, and a
//! script that writes the new one if the old one is still there; if not, somebody else was quicker, and it is done again with
//! what they left. Of those who try at once one always succeeds. Steps that concern two carts swap both in one script.
//!
//! Redis Cluster runs a script only on keys of one slot, and any guest's cart may be merged into any account's: so all keys
//! carry one hash tag, `{carts}`. See docs/decisions.md for what that costs.
//!
//! A guest's cart that nobody has touched for a while expires; an account's never does.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::BoxFuture;
use lavka_kit::context::Context;
use lavka_kit::errors::Unavailable;
use lavka_kit::health::HealthCheck;
use lavka_kit::ids::Id;
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
/// the milliseconds that it is kept (0: for ever).
const SWAP: &str = r"
local count = #KEYS
for i = 1, count do
  if (redis.call('GET', KEYS[i]) or '') ~= ARGV[i] then return 0 end
end
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
    /// How long a guest's cart is kept after its last change.
    kept: Duration,
    patience: Duration,
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
                let settings = ConnectionManagerConfig::new()
                    .set_connection_timeout(Some(PATIENCE))
                    .set_response_timeout(Some(PATIENCE))
                    .set_max_delay(Duration::from_secs(1));
                let client = redis::Client::open(node.as_str())?;
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
}

impl From<&Cart> for Document {
    fn from(cart: &Cart) -> Self {
        let line = |it: &Line| (it.sku.clone(), it.quantity, it.position);
        Self {
            owner: cart.owner,
            generation: cart.generation,
            merged_into: cart.merged_into,
            lines: cart.lines.iter().map(line).collect(),
            updated_at: cart.updated_at,
        }
    }
}

impl Document {
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

impl RedisCarts {
    /// Connects.
    ///
    /// # Errors
    /// When the server can't be reached, or refuses.
    pub async fn connect(url: &RedisUrl, prefix: &str, kept: Duration) -> RedisResult<Self> {
        Ok(Self {
            connection: Connection::to(url).await?,
            swap: Script::new(SWAP),
            prefix: prefix.to_owned(),
            kept,
            patience: PATIENCE,
        })
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
        let document: Document =
            serde_json::from_str(&text).map_err(|source| Failure::Corrupt { key, source })?;
        let cart = document.into_cart(id);
        Ok(Some(Found { text, cart }))
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
        Ok(Some(self.put(before.text.clone(), cart)?))
    }

    fn put(&self, before: String, cart: &Cart) -> Result<Swap, Failure> {
        Ok(Swap {
            key: self.cart_key(cart.id),
            before,
            after: serde_json::to_string(&Document::from(cart))?,
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
        let mut swaps = vec![self.put(String::new(), cart)?];
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

/// Waits for Redis as long as it takes, and says so.
pub async fn connect(url: &RedisUrl, config: &Config, context: &Context) -> RedisCarts {
    const NAME: &str = "cart: Redis";
    let kept = Duration::from_secs(24 * 60 * 60 * u64::from(config.guest_days.max(1)));
    let mut wait = Duration::from_millis(250);
    loop {
        match RedisCarts::connect(url, &config.key_prefix, kept).await {
            Ok(carts) => {
                context.waiting.over(NAME);
                return carts;
            }
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
    use std::sync::Arc;

    use lavka_kit::clock::SystemClock;
    use lavka_kit::ids::{Ids as _, OsRandomness, RandomIds};
    use lavka_kit::testing::{Engine, Wire};

    use super::*;
    use crate::store::contract;

    async fn redis() -> Option<RedisCarts> {
        let url: RedisUrl = Engine::Redis.url()?.parse().unwrap();
        let prefix = RandomIds::new(Arc::new(SystemClock), Arc::new(OsRandomness)).next();
        let kept = Duration::from_secs(3600);
        Some(
            RedisCarts::connect(&url, &format!("test-{prefix}"), kept)
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
        let mut store = RedisCarts::connect(&url.parse().unwrap(), &format!("test-{prefix}"), PATIENCE)
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
        wire.flow();
        store.patience = PATIENCE;
        assert_eq!(
            store.find(Id::from_u128(1)).await.unwrap(),
            Some(cart(1, Some(9)))
        );
    }

    #[tokio::test]
    async fn an_unreachable_server_is_an_error() {
        let unused = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let url: RedisUrl = format!("redis://{unused}").parse().unwrap();
        assert!(RedisCarts::connect(&url, "test", PATIENCE).await.is_err());
    }
}
