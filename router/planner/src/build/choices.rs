//! Where several subgraphs could be asked, and whether asking another one could make the plan cheaper.
//!
//! Most choices are idle: a field that a request gives wholly, and that isn't all that the request is sent for, costs nothing where it is, and moving it
//! saves nothing. Only what is left is worth plans of its own ([`crate::search`]).

use std::sync::Arc;

use apollo_compiler::Name;
use lavka_supergraph::SubgraphId;

use super::fields::Candidate;
use super::{Builder, Spot};
use crate::draft::StepId;
use crate::keys::Place;

/// A point at which several subgraphs could be asked.
pub(crate) type ChoiceId = (Place, Name, Arc<str>);

/// Who was asked, and who might be in a cheaper plan.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub taken: SubgraphId,
    pub others: Vec<SubgraphId>,
}

/// How a field of a spot was had.
pub(super) struct Had {
    pub key: Arc<str>,
    /// Who could be asked, the one that was first.
    pub subgraphs: Vec<SubgraphId>,
    /// The step that gave (the last of) it. None: not all of it could be had.
    pub by: Option<StepId>,
    /// Nobody else gave any of it, nor had anything to be asked for it.
    pub in_one: bool,
}

impl Had {
    /// Whether it keeps a step from going away for whoever moves to another subgraph.
    fn stays(&self, with: StepId, subgraph: SubgraphId) -> bool {
        self.by == Some(with) && !self.subgraphs.contains(&subgraph)
    }
}

impl Builder<'_, '_> {
    /// Remembers that there is a choice, in the order in which the walk comes to them.
    pub(super) fn open_choice(&mut self, spot: &Spot, key: &Arc<str>, candidates: &[Candidate]) {
        if let [first, _, ..] = candidates {
            let taken = first.subgraph;
            let choice = self.choices.entry((spot.place, spot.ty.clone(), key.clone()));
            let choice = choice.or_insert(Choice {
                taken,
                others: Vec::new(),
            });
            choice.taken = taken;
        }
    }

    /// Remembers of the fields of a spot who else might be asked to some use.
    pub(super) fn weigh_choices(&mut self, spot: &Spot, fields: &[Had]) {
        // What is needed for a jump goes with the jump.
        let is_needed_only = !self.recorders.is_empty();
        for (index, field) in fields.iter().enumerate() {
            for subgraph in field.subgraphs.iter().skip(1) {
                let is_idle = field
                    .by
                    .filter(|_| field.in_one && !is_needed_only)
                    .is_some_and(|step| {
                        let beside = fields.iter().enumerate().filter(|(at, _)| *at != index);
                        beside.into_iter().any(|(_, other)| other.stays(step, *subgraph))
                    });
                if !is_idle {
                    self.may_move(spot, &field.key, *subgraph);
                }
            }
        }
    }

    pub(super) fn may_move(&mut self, spot: &Spot, key: &Arc<str>, subgraph: SubgraphId) {
        let id = (spot.place, spot.ty.clone(), key.clone());
        if let Some(choice) = self.choices.get_mut(&id)
            && !choice.others.contains(&subgraph)
        {
            choice.others.push(subgraph);
        }
    }
}
