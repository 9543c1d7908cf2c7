//! Supergraphs, data and operations that nobody thought of.
//!
//! # The difficulty
//! A supergraph made up at random mostly doesn't compose, or composes and can't be answered; and data made up at random makes the router
//! differ from one server for reasons that are nobody's mistake (an entity whose key is null, a required field that failed).
//!
//! # The solution
//! [`model`] makes up *one* graph first and then deals it out to subgraphs by rules that keep every field reachable: the members of an entity hang
//! together by resolvable keys, whatever is required stands before what requires it, a value type without a key is split only where its parents
//! are in all of its subgraphs. [`print`] writes each subgraph's SDL, [`data`] a world that is the same seen from everywhere, and [`operation`]
//! what to ask. All of it comes from one seed: [`Scenario::new`] gives the same for the same. What fails is made small by
//! [`shrink`](crate::shrink) and becomes a case that a person can read.

mod contexts;
mod data;
mod defer;
mod dice;
mod fields;
mod model;
mod operation;
mod print;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use serde_json::Value as Json;

pub use defer::deferring;
pub use operation::operation;

use crate::federation::{Answers, Federation, FederationError};
use crate::world::World;
pub(crate) use dice::Dice;
use model::Model;

/// Subgraphs and what they share: all that a case consists of, but what is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Name and SDL.
    pub subgraphs: BTreeMap<String, String>,
    /// The world's JSON.
    pub world: Json,
    /// The labels of progressive overrides that are on.
    pub labels: Vec<String>,
    /// What is asked.
    pub operation: String,
    /// The values of its variables.
    pub variables: Json,
}

impl Scenario {
    /// Makes one up. The operation is empty: see [`operation`].
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let model = model::model(&mut dice);
        Self::of(&model, &mut dice)
    }

    /// Makes one up in which arguments are taken from contexts.
    pub fn with_contexts(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut model = model::model(&mut dice);
        // A mutation has no query root above it, so that nothing would set the context.
        while model.object("Mutation").is_some() {
            model = model::model(&mut dice);
        }
        contexts::contexts(&mut model, &mut dice);
        Self::of(&model, &mut dice)
    }

    fn of(model: &Model, dice: &mut Dice) -> Self {
        let world = data::world(model, dice);
        let labels = match dice.one_in(2) {
            true => vec!["new".to_owned()],
            false => Vec::new(),
        };
        Self {
            subgraphs: print::subgraphs(model),
            world,
            labels,
            operation: String::new(),
            variables: Json::Null,
        }
    }

    /// Composes it.
    ///
    /// # Errors
    /// Where it isn't a federation.
    pub fn federation(&self) -> Result<Federation, FederationError> {
        let subgraphs: Vec<(&str, &str)> = self
            .subgraphs
            .iter()
            .map(|(name, sdl)| (name.as_str(), sdl.as_str()))
            .collect();
        let world =
            World::new(self.world.clone()).map_err(|error| FederationError::World(error.to_string()))?;
        Federation::new(&subgraphs, world)?.with_labels(self.labels.iter().cloned())
    }

    /// Composes it and asks.
    ///
    /// # Errors
    /// Where it can't be asked at all.
    pub async fn ask(&self) -> Result<Answers, FederationError> {
        self.federation()?
            .ask(&self.operation, self.variables.clone())
            .await
    }
}

impl Display for Scenario {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (name, sdl) in &self.subgraphs {
            writeln!(f, "--- {name}.graphql\n{}", sdl.trim())?;
        }
        let world = serde_json::to_string_pretty(&self.world).unwrap_or_default();
        writeln!(f, "--- world.json\n{world}")?;
        if !self.labels.is_empty() {
            writeln!(f, "--- labels: {}", self.labels.join(", "))?;
        }
        writeln!(
            f,
            "--- operation.graphql\n# {}\n{}",
            self.variables,
            self.operation.trim()
        )
    }
}
