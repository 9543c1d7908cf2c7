//! A subgraph that answers from a world.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use apollo_compiler::ExecutableDocument;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};
use http::HeaderMap;
use lavka_executor::{SubgraphRequest, SubgraphResponse, Transport, TransportError};
use serde_json::{Map, Value as Json};

use crate::contexts::Contexts;
use crate::monolith::{refusal, run};
use crate::resolve::View;
use crate::subgraph::SubgraphSchema;
use crate::world::World;

/// One subgraph over a world. It refuses what its schema doesn't have, answers no external field, and checks that it is
/// given what its fields require.
#[derive(Debug)]
pub struct MockSubgraph {
    schema: SubgraphSchema,
    world: Arc<World>,
    abstracts: Arc<BTreeMap<String, BTreeSet<String>>>,
    lost: HashSet<(String, String)>,
    asked: Mutex<Vec<Json>>,
}

impl MockSubgraph {
    pub(crate) fn new(
        schema: SubgraphSchema,
        world: Arc<World>,
        abstracts: Arc<BTreeMap<String, BTreeSet<String>>>,
        lost: HashSet<(String, String)>,
    ) -> Self {
        Self {
            schema,
            world,
            abstracts,
            lost,
            asked: Mutex::default(),
        }
    }

    /// Answers a GraphQL request, both as JSON.
    pub fn answer(&self, request: &[u8]) -> Json {
        let Ok(request) = serde_json::from_slice::<Json>(request) else {
            return refusal("the request is no JSON".to_owned());
        };
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request.clone());
        let query = request["query"].as_str().unwrap_or_default();
        let document =
            match ExecutableDocument::parse_and_validate(&self.schema.schema, query, "request.graphql") {
                Ok(document) => document,
                Err(error) => return refusal(format!("{query}: {}", error.errors)),
            };
        let none = Map::new();
        let variables = request["variables"].as_object().unwrap_or(&none);
        let view = View {
            world: &self.world,
            subgraph: Some(&self.schema),
            abstracts: &self.abstracts,
            lost: &self.lost,
            contexts: &Contexts::default(),
        };
        run(
            view,
            &self.schema.schema,
            &document,
            request["operationName"].as_str(),
            variables,
        )
    }

    /// Takes the requests that have come so far.
    pub fn take_asked(&self) -> Vec<Json> {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Transport for MockSubgraph {
    fn fetch(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<SubgraphResponse, TransportError>> {
        let body = self.answer(&request.body).to_string().into();
        Box::pin(async move {
            Ok(SubgraphResponse {
                headers: HeaderMap::new(),
                body,
            })
        })
    }

    /// One event: what the world has at the subscription's field.
    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>> {
        let body: Bytes = self.answer(&request.body).to_string().into();
        Box::pin(async move { Ok(stream::iter([Ok(body)]).boxed()) })
    }
}
