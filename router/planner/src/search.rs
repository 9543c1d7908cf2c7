//! The search for the cheapest plan.
//!
//! Which subgraph gives a field that several could give decides how many requests there are, but its price shows only in the finished plan: a
//! jump is free when the same subgraph is asked in the same wave anyway. So whole plans are built and compared. The first takes what looks best at each
//! field. Then, as long as that makes the plan cheaper: one choice is changed; or all choices that fell on one subgraph are moved elsewhere
//! together, since only that makes its request go away. What can't make it cheaper isn't tried: see [`Choice`]. The bound is the number of fields visited by
//! all of the plans.

use apollo_compiler::collections::{HashMap, IndexMap};
use apollo_compiler::executable::Operation;
use lavka_supergraph::SubgraphId;

use crate::assemble::{Assembled, Price, Requests, group};
use crate::build::{Builder, Choice, ChoiceId};
use crate::error::PlanError;
use crate::graph::Graph;
use crate::keys::Keys;
use crate::normal::Selection;
use crate::options::PlanOptions;
use crate::plan::OperationKind;

type Preferences = HashMap<ChoiceId, SubgraphId>;
type Choices = IndexMap<ChoiceId, Choice>;

/// Everything that a plan is built from.
pub(crate) struct Search<'a, 'g> {
    pub graph: &'g Graph<'a>,
    pub options: &'g PlanOptions,
    pub keys: &'g Keys,
    pub kind: OperationKind,
    pub operation: &'g Operation,
    pub selection: &'g Selection,
    pub parts: &'g [(usize, Selection)],
}

/// One plan, and where it could have gone another way.
struct Attempt {
    requests: Requests,
    price: Price,
    choices: Choices,
    visits: usize,
}

impl Search<'_, '_> {
    /// What no variable of the client begins with.
    fn context_prefix(&self) -> String {
        let mut prefix = "c".to_owned();
        let variables = &self.operation.variables;
        while variables
            .iter()
            .any(|variable| variable.name.starts_with(&prefix))
        {
            prefix.insert(0, '_');
        }
        prefix
    }

    /// The cheapest plan found, and notes about what was not tried.
    pub fn run(&self) -> Result<(Assembled, Vec<String>), PlanError> {
        let mut preferences = Preferences::default();
        let prefix = self.context_prefix();
        let mut best = self.attempt(&preferences, &prefix)?;
        let mut left = self.options.search_budget;
        let mut untried = 0;
        loop {
            // One request is all that it can get down to.
            if best.requests.count() <= 1 {
                untried = 0;
                break;
            }
            let mut better = None;
            for change in changes(&best.choices) {
                let Some(rest) = left.checked_sub(best.visits.max(1)) else {
                    untried += 1;
                    continue;
                };
                left = rest;
                let mut changed = preferences.clone();
                changed.extend(change);
                // What looks possible at a field may turn out not to be.
                let Ok(attempt) = self.attempt(&changed, &prefix) else {
                    continue;
                };
                if attempt.price < best.price {
                    better = Some((attempt, changed));
                    break;
                }
            }
            match better {
                Some((attempt, changed)) => (best, preferences) = (attempt, changed),
                None => break,
            }
        }
        let plan = best.requests.write(self.graph.supergraph, self.operation);
        let notes = match untried {
            0 => Vec::new(),
            some => vec![format!(
                "the search for a cheaper plan ended at its bound of {} visited fields; {some} alternatives were not tried",
                self.options.search_budget
            )],
        };
        Ok((plan, notes))
    }

    fn attempt(&self, preferences: &Preferences, prefix: &str) -> Result<Attempt, PlanError> {
        let mut builder = Builder::new(self.graph, self.options, self.keys.clone(), preferences, prefix);
        builder.build(self.kind, self.selection, self.parts)?;
        let Builder {
            draft,
            parts,
            choices,
            visits,
            ..
        } = builder;
        let requests = group(draft, &parts);
        Ok(Attempt {
            price: requests.price(),
            requests,
            choices,
            visits,
        })
    }
}

/// What to try next: first to leave a subgraph altogether, then to leave it at one place, then single choices.
fn changes(choices: &Choices) -> Vec<Vec<(ChoiceId, SubgraphId)>> {
    let mut together: IndexMap<(SubgraphId, SubgraphId), Vec<(ChoiceId, SubgraphId)>> = IndexMap::default();
    let mut single = Vec::new();
    for (id, Choice { taken, others }) in choices {
        for other in others.iter().filter(|other| *other != taken) {
            together
                .entry((*taken, *other))
                .or_default()
                .push((id.clone(), *other));
            single.push(vec![(id.clone(), *other)]);
        }
    }
    let together = together.into_values().filter(|moves| moves.len() > 1);
    together.chain(single).collect()
}
