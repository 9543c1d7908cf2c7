//! What the six subgraphs share, one module a concern. A service reads from top to bottom:
//!
//! 1. [`config`], [`telemetry`]: a strict configuration, and logs;
//! 2. [`context`]: everything a service is given at its start: [`clock`], [`ids`], the event [`bus`], its [`peers`], where its data lies;
//! 3. [`sql`]: the database, SQLite or PostgreSQL, in one text;
//! 4. [`graphql`], [`caller`], [`errors`], [`money`], [`locale`]: the schema's common vocabulary, and who is asking;
//! 5. [`subgraph`]: one implementation of serving, in process and over HTTP;
//! 6. [`events`], [`outbox`], [`inbox`], [`bus`]: what happened, published at least once and taking effect once;
//! 7. [`health`], [`tasks`]: what runs in the background and how it feels.
//!
//! Time, randomness and ids are passed in: only this crate may ask the operating system for them.

#![warn(missing_docs)]

pub mod bus;
pub mod caller;
pub mod clock;
pub mod config;
pub mod context;
pub mod errors;
pub mod events;
pub mod fault;
pub mod graphql;
pub mod health;
pub mod ids;
pub mod inbox;
pub mod left_out;
pub mod locale;
pub mod money;
pub mod outbox;
pub mod peers;
pub mod sql;
pub mod subgraph;
pub mod tasks;
pub mod telemetry;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tls;
pub mod tokens;
pub mod trace;

/// A boxed future that can move between threads: what the object-safe traits of the kit return.
pub type BoxFuture<'a, T> = futures_util::future::BoxFuture<'a, T>;
/// A boxed stream that can move between threads.
pub type BoxStream<'a, T> = futures_util::stream::BoxStream<'a, T>;
/// What a service gives up starting with: it already says what was being done; the cause is its `source()`.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;
