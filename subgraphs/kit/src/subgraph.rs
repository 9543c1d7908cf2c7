//! Serving a schema: one implementation, called in process by the router of `lavka up` and over HTTP by `serve`.
//!
//! For each request: the bearer token is verified (a bad one is an error, never a silent guest), [`crate::caller::Caller`]
//! and [`crate::caller::RequestHead`] go into the request's data, the schema executes, and the errors are tidied: every one
//! gets an `extensions.code`, and one that came from a Rust error by `?` is logged and hidden.
//!
//! Introspection (`__schema`, `__type`) is for services and for demo mode; `_service { sdl }` is for everybody, since the
//! same text stands in the repository, and a router needs it before it has a token.

mod answers;
mod execute;
mod head;
mod nul;
mod serve;
mod starting;
#[cfg(test)]
mod tests;
mod websocket;

use std::net::IpAddr;
use std::sync::Arc;

use async_graphql::{ObjectType, Schema, SubscriptionType};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::context::Context;
use crate::health::HealthCheck;
use crate::{BoxFuture, BoxStream};

pub use answers::Keeping;
pub use serve::{routes, serve};
pub use starting::Starting;

/// A subgraph, ready to be served.
#[derive(Clone)]
pub struct Subgraph {
    /// Its name in the supergraph.
    pub name: &'static str,
    /// Its schema for composition.
    pub sdl: String,
    /// Answers GraphQL.
    pub service: Arc<dyn GraphqlService>,
    /// Public routes besides GraphQL: keys, pictures, webhooks. Their paths are absolute (`/media/…`).
    pub routes: axum::Router,
    /// What it can't work without.
    pub health: Vec<Arc<dyn HealthCheck>>,
    /// What it counts, each in the text form that Prometheus reads, without the end mark.
    pub metrics: Vec<Arc<dyn Fn() -> String + Send + Sync>>,
}

impl Subgraph {
    /// A subgraph of this schema, without further routes and checks.
    pub fn new<Q, M, S>(name: &'static str, schema: Schema<Q, M, S>, context: &Context) -> Self
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        Self::with_answers(name, schema, context, None)
    }

    /// The same, whose answers to anybody's queries are kept for a moment.
    pub fn with_answers<Q, M, S>(
        name: &'static str,
        schema: Schema<Q, M, S>,
        context: &Context,
        keeping: impl Into<Option<Keeping>>,
    ) -> Self
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        Self {
            name,
            sdl: crate::graphql::federated_sdl(&schema),
            service: Arc::new(execute::SchemaService::new(schema, context, keeping.into())),
            routes: axum::Router::new(),
            health: Vec::new(),
            metrics: Vec::new(),
        }
    }

    /// With these counts too.
    #[must_use]
    pub fn with_metrics(mut self, page: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.metrics.push(Arc::new(page));
        self
    }

    /// With these routes too.
    #[must_use]
    pub fn with_routes(mut self, routes: axum::Router) -> Self {
        self.routes = self.routes.merge(routes);
        self
    }

    /// With this check too.
    #[must_use]
    pub fn with_health(mut self, check: Arc<dyn HealthCheck>) -> Self {
        self.health.push(check);
        self
    }
}

/// The answer to a GraphQL request.
#[derive(Debug, Clone)]
pub struct GraphqlResponse {
    /// 200; 401 for a bad token, 400 for what isn't a GraphQL request: for transports that have a status.
    pub status: StatusCode,
    /// What a resolver wants to tell the client: `set-cookie`.
    pub headers: HeaderMap,
    /// The GraphQL response as JSON.
    pub body: Bytes,
}

/// Answers GraphQL.
pub trait GraphqlService: Send + Sync + 'static {
    /// Answers a query or a mutation. `head` are the request's headers; `peer` is who sent it, if a network was between.
    fn execute(&self, head: HeaderMap, peer: Option<IpAddr>, body: Bytes) -> BoxFuture<'_, GraphqlResponse>;

    /// Starts a subscription: every item is a whole GraphQL response. What can't be started is answered by one response
    /// with errors. (A query or a mutation is answered too, by a stream of one.)
    fn subscribe(
        &self,
        head: HeaderMap,
        peer: Option<IpAddr>,
        body: Bytes,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Bytes>, Bytes>>;
}
