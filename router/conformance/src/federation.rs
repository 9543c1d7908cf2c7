//! Subgraphs over one world, composed, and asked both ways.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex};

use apollo_compiler::ExecutableDocument;
use bytes::Bytes;
use futures_util::StreamExt;
use lavka_executor::{ExecutionRequest, Executor, PieceForm, PreparedPlan, Transport};
use lavka_planner::{PlanOptions, QueryPlan, plan};
use lavka_supergraph::Supergraph;
use serde_json::{Map, Value as Json};

use crate::contexts::Contexts;
use crate::dawdling::Dawdling;
use crate::mock::MockSubgraph;
use crate::monolith::monolith;
use crate::random::Dice;
use crate::subgraph::{InvalidSdl, SubgraphSchema};
use crate::world::World;

/// Subgraphs that share a world.
pub struct Federation {
    /// The composed supergraph.
    pub supergraph: Supergraph,
    sdl: Vec<(String, String)>,
    world: Arc<World>,
    labels: BTreeSet<String>,
    contexts: Contexts,
    subgraphs: BTreeMap<Arc<str>, Arc<MockSubgraph>>,
    executor: Executor,
}

/// Why a case can't be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FederationError {
    /// The data is none.
    #[error("{0}")]
    World(String),
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

/// The answer to one operation in pieces.
#[derive(Debug)]
pub struct InPieces {
    /// What the router answers; one if nothing was deferred.
    pub pieces: Vec<Json>,
    /// What the router answers when it may not defer anything.
    pub in_one: Json,
    /// What one server answers.
    pub whole: Json,
    /// How.
    pub plan: Arc<QueryPlan>,
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
        let sdl = subgraphs
            .iter()
            .map(|(name, sdl)| ((*name).to_owned(), (*sdl).to_owned()))
            .collect();
        let mut federation = Self {
            supergraph,
            sdl,
            world: Arc::new(world),
            // Of all requests: it needs nobody to turn it on.
            labels: BTreeSet::from(["percent(100)".to_owned()]),
            contexts: Contexts::default(),
            subgraphs: BTreeMap::new(),
            executor: Executor::new(HashMap::new()),
        };
        federation.start()?;
        Ok(federation)
    }

    /// Turns on labels of progressive overrides.
    ///
    /// # Errors
    /// None that [`Federation::new`] didn't have.
    pub fn with_labels(mut self, labels: impl IntoIterator<Item = String>) -> Result<Self, FederationError> {
        self.labels.extend(labels);
        self.start()?;
        Ok(self)
    }

    /// The subgraphs by name.
    pub fn subgraphs(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<MockSubgraph>)> {
        self.subgraphs.iter()
    }

    fn start(&mut self) -> Result<(), FederationError> {
        let schemas = self
            .sdl
            .iter()
            .map(|(name, sdl)| Ok((Arc::from(name.as_str()), SubgraphSchema::read(name, sdl)?)))
            .collect::<Result<Vec<(Arc<str>, SubgraphSchema)>, InvalidSdl>>()?;
        let mut abstracts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut lost: HashMap<String, HashSet<(String, String)>> = HashMap::new();
        for (name, schema) in &schemas {
            for (ty, field, argument) in schema.told_by_contexts() {
                self.contexts.add(ty, field, argument);
            }
            for (name, more) in &schema.abstracts {
                abstracts
                    .entry(name.clone())
                    .or_default()
                    .extend(more.iter().cloned());
            }
            for taken in &schema.overrides {
                let is_on = taken
                    .label
                    .as_ref()
                    .is_none_or(|label| self.labels.contains(label));
                let is_there = schemas.iter().any(|(other, _)| **other == *taken.from);
                let loser = if is_on || !is_there { &*taken.from } else { &**name };
                lost.entry(loser.to_owned())
                    .or_default()
                    .insert(taken.field.clone());
            }
        }
        let abstracts = Arc::new(abstracts);
        self.subgraphs = schemas
            .into_iter()
            .map(|(name, schema)| {
                let lost = lost.remove(&*name).unwrap_or_default();
                let mock = MockSubgraph::new(schema, self.world.clone(), abstracts.clone(), lost);
                (name, Arc::new(mock))
            })
            .collect();
        let transports: HashMap<Arc<str>, Arc<dyn Transport>> = self
            .subgraphs
            .iter()
            .map(|(name, mock)| (name.clone(), mock.clone() as Arc<dyn Transport>))
            .collect();
        self.executor = Executor::new(transports);
        Ok(())
    }

    /// Whether an operation may be asked.
    pub fn is_valid(&self, operation: &str) -> bool {
        ExecutableDocument::parse_and_validate(self.supergraph.api_schema(), operation, "operation.graphql")
            .is_ok()
    }

    /// Asks both ways.
    pub async fn ask(&self, operation: &str, variables: Json) -> Result<Answers, FederationError> {
        let Asking {
            plan,
            prepared,
            request,
            whole,
        } = self.prepare(operation, variables, false)?;
        for mock in self.subgraphs.values() {
            mock.take_asked();
        }
        let body = self.executor.execute(&prepared, request).await.body;
        let federated = json(&body);
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

    /// Asks for an answer in pieces, of subgraphs that answer in an order that the seed decides; and one server for a whole one.
    pub async fn ask_in_pieces(
        &self,
        operation: &str,
        variables: Json,
        seed: u64,
    ) -> Result<InPieces, FederationError> {
        let Asking {
            plan,
            prepared,
            request,
            whole,
        } = self.prepare(operation, variables.clone(), true)?;
        let dice = Arc::new(Mutex::new(Dice::new(seed)));
        let transports = self.subgraphs.iter().map(|(name, mock)| {
            let dawdling: Arc<dyn Transport> = Arc::new(Dawdling {
                inner: mock.clone(),
                dice: dice.clone(),
            });
            (name.clone(), dawdling)
        });
        let executor = Executor::new(transports.collect());
        let mut bodies = Vec::new();
        if prepared.is_deferred() {
            let answer = executor
                .execute_in_pieces(&prepared, request, PieceForm::Ids)
                .await;
            bodies.push(answer.first.body);
            if let Some(mut rest) = answer.rest {
                while let Some(body) = rest.next().await {
                    bodies.push(body);
                }
            }
        } else {
            bodies.push(executor.execute(&prepared, request).await.body);
        }
        let in_one = self.ask(operation, variables).await?.federated;
        Ok(InPieces {
            in_one,
            pieces: bodies.iter().map(json).collect(),
            whole,
            plan,
        })
    }

    fn prepare(&self, operation: &str, variables: Json, in_pieces: bool) -> Result<Asking, FederationError> {
        let api = self.supergraph.api_schema();
        let document = ExecutableDocument::parse_and_validate(api, operation, "operation.graphql")
            .map_err(|error| FederationError::Operation(error.errors.to_string()))?;
        let mut variables = match variables {
            Json::Object(variables) => variables,
            _ => Map::new(),
        };
        // Whoever serves a router coerces variables before a plan is run.
        for variable in document
            .operations
            .iter()
            .flat_map(|operation| &operation.variables)
        {
            if let Some(default) = &variable.default_value
                && !variables.contains_key(variable.name.as_str())
                && let Ok(default) = serde_json::from_str(&default.to_string())
            {
                variables.insert(variable.name.to_string(), default);
            }
        }
        let booleans = variables
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.as_bool()?)));
        let options = PlanOptions {
            labels: self.labels.clone(),
            deferral: in_pieces.then(|| booleans.collect()),
            ..PlanOptions::default()
        };
        let plan = plan(&self.supergraph, &document, None, &options)
            .map_err(|error| FederationError::Plan(error.to_string()))?;
        let plan = Arc::new(plan);
        Ok(Asking {
            whole: monolith(&self.world, api, &document, &variables, &self.contexts),
            prepared: Arc::new(PreparedPlan::new(plan.clone())),
            request: ExecutionRequest {
                variables,
                ..ExecutionRequest::default()
            },
            plan,
        })
    }
}

/// An operation that can be asked.
struct Asking {
    plan: Arc<QueryPlan>,
    prepared: Arc<PreparedPlan>,
    request: ExecutionRequest,
    /// What one server answers.
    whole: Json,
}

/// A body, or what is wrong with it.
fn json(body: &Bytes) -> Json {
    serde_json::from_slice(body)
        .unwrap_or_else(|error| Json::from(format!("{error}: {}", String::from_utf8_lossy(body))))
}

fn listed<E: std::fmt::Display>(errors: &[E]) -> String {
    errors.iter().map(E::to_string).collect::<Vec<_>>().join("\n")
}
