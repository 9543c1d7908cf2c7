//! The federation router as a server.
//!
//! ```text
//!   HTTP ── layers ──┬── door ──> JSON ─ SSE ─ multipart (stream)
//!                    └── ws ────> graphql-transport-ws ─ graphql-ws
//!                          │
//!                     auth: who is asking            config, head: what travels on
//!                          │
//!                     engine: parse ─ limits ─ validate ─ coerce ─ plan (cached) ─ execute ─ introspect
//! ```
//!
//! [`Router::builder`] makes one out of a [`Supergraph`](lavka_supergraph::Supergraph) and a
//! [`Transport`](lavka_executor::Transport) for each subgraph; [`Router::into_routes`] is what axum serves. The program
//! `lavka-router` is that and a command line.
#![warn(missing_docs)]

mod accept;
mod auth;
mod clock;
pub mod config;
mod door;
mod engine;
mod gateway;
mod graphiql;
mod head;
mod layers;
mod measured;
mod metrics;
mod refusal;
mod request;
mod router;
mod stream;
mod ws;

pub use auth::{FixedJwks, JwksError, JwksSource, UrlJwks};
pub use clock::Clock;
pub use config::Config;
pub use engine::deferral;
pub use metrics::Metrics;
pub use router::{BuildError, Handle, Router, RouterBuilder};
