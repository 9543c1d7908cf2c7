//! Subgraphs over one world, composed, and asked both ways.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use lavka_executor::{ExecutionRequest, Executor, PreparedPlan, Transport};
use lavka_planner::{PlanOptions, QueryPlan, plan};
use lavka_supergraph::Supergraph;
use serde_json::{Map, Value as Json};

use crate::mock::MockSubgraph;
use crate::monolith::monolith;
use crate::subgraph::{InvalidSdl, SubgraphSchema};
use crate::world::World;

/// Subgraphs that share a world.
pub struct Federation {
    /// The composed supergraph.
    pub supergraph: Supergraph,
    world: Arc<World>,
    subgraphs: BTreeMap<Arc<str>, Arc<MockSubgraph>>,
    executor: Executor,
}

/// Why a case can't be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FederationError {
    /// A subgraph's SDL can't be run.
    #[error(transparent)]
    Sdl(#[from] InvalidSdl),
    /// The subgraphs don't compose, or the supergraph can't be read.
    #[error("compose: {0}")]
    Compose(String),
    /// The operation isn't valid for the API schema.
    #[error("operation: {0}")]
    Operation(String),
    /// It can't be planned.
    #[error("plan: {0}")]
    Plan(String),
}

/// The answers to one operation.
#[derive(Debug)]
pub struct Answers {
    /// What the router answers from the subgraphs.
    pub federated: Json,
    /// What one server answers.
    pub whole: Json,
    /// How.
    pub plan: Arc<QueryPlan>,
    /// The requests that subgraphs got.
    pub requests: Vec<(Arc<str>, Json)>,
}

impl Federation {
    /// Composes subgraphs (name, SDL) and puts them over a world.
    pub fn new(subgraphs: &[(&str, &str)], world: World) -> Result<Self, FederationError> {
        let inputs: Vec<lavka_compose::Subgraph> = subgraphs
            .iter()
            .map(|(name, sdl)| lavka_compose::Subgraph {
                name: (*name).into(),
                url: None,
                sdl: (*sdl).into(),
            })
            .collect();
        let composition =
            lavka_compose::compose(&inputs).map_err(|errors| FederationError::Compose(listed(&errors)))?;
        Self::with_supergraph(&composition.supergraph_sdl, subgraphs, world)
    }

    /// Puts subgraphs over a world under a supergraph that was composed elsewhere.
    pub fn with_supergraph(
        supergraph_sdl: &str,
        subgraphs: &[(&str, &str)],
        world: World,
    ) -> Result<Self, FederationError> {
        let supergraph =
            Supergraph::parse(supergraph_sdl).map_err(|errors| FederationError::Compose(listed(&errors)))?;
        let world = Arc::new(world);
        let schemas = subgraphs
            .iter()
            .map(|(name, sdl)| Ok((Arc::from(*name), SubgraphSchema::read(name, sdl)?)))
            .collect::<Result<Vec<(Arc<str>, SubgraphSchema)>, InvalidSdl>>()?;
        let mut abstracts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (_, schema) in &schemas {
            for (name, more) in &schema.abstracts {
                abstracts
                    .entry(name.clone())
                    .or_default()
                    .extend(more.iter().cloned());
            }
        }
        let abstracts = Arc::new(abstracts);
        let subgraphs: BTreeMap<Arc<str>, Arc<MockSubgraph>> = schemas
            .into_iter()
            .map(|(name, schema)| {
                (
                    name,
                    Arc::new(MockSubgraph::new(schema, world.clone(), abstracts.clone())),
                )
            })
            .collect();
        let transports: HashMap<Arc<str>, Arc<dyn Transport>> = subgraphs
            .iter()
            .map(|(name, mock)| (name.clone(), mock.clone() as Arc<dyn Transport>))
            .collect();
        Ok(Self {
            supergraph,
            world,
            subgraphs,
            executor: Executor::new(transports),
        })
    }

    /// Asks both ways.
    pub async fn ask(&self, operation: &str, variables: Json) -> Result<Answers, FederationError> {
        let api = self.supergraph.api_schema();
        let document = ExecutableDocument::parse_and_validate(api, operation, "operation.graphql")
            .map_err(|error| FederationError::Operation(error.errors.to_string()))?;
        let plan = plan(&self.supergraph, &document, None, &PlanOptions::default())
            .map_err(|error| FederationError::Plan(error.to_string()))?;
        let plan = Arc::new(plan);
        let variables = match variables {
            Json::Object(variables) => variables,
            _ => Map::new(),
        };
        let whole = monolith(&self.world, api, &document, &variables);
        let prepared = Arc::new(PreparedPlan::new(plan.clone()));
        for mock in self.subgraphs.values() {
            mock.take_asked();
        }
        let request = ExecutionRequest {
            variables,
            ..ExecutionRequest::default()
        };
        let body = self.executor.execute(&prepared, request).await.body;
        let federated = serde_json::from_slice(&body)
            .unwrap_or_else(|error| Json::from(format!("{error}: {}", String::from_utf8_lossy(&body))));
        let asked = |(name, mock): (&Arc<str>, &Arc<MockSubgraph>)| {
            let name = name.clone();
            mock.take_asked()
                .into_iter()
                .map(move |request| (name.clone(), request))
        };
        let requests = self.subgraphs.iter().flat_map(asked).collect();
        Ok(Answers {
            federated,
            whole,
            plan,
            requests,
        })
    }
}

fn listed<E: std::fmt::Display>(errors: &[E]) -> String {
    errors.iter().map(E::to_string).collect::<Vec<_>>().join("\n")
}
