//! The fields of an object: who gives which.

use std::cmp::Reverse;
use std::rc::Rc;

use apollo_compiler::Name;
use apollo_compiler::collections::HashMap;
use lavka_supergraph::SubgraphId;

use super::choices::{ChoiceId, Had};
use super::contexts::Above;
use super::{Builder, Source, Spot};
use crate::draft::StepId;
use crate::error::PlanError;
use crate::normal::Field;

/// Which step gave a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    step: StepId,
    /// No step was opened for anything below it.
    without_jumps: bool,
}

/// Somebody who gives a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub subgraph: SubgraphId,
    /// What it takes the object for: its type, or an interface that it knows as an object.
    pub ty: Name,
    /// The source at hand gives it.
    pub home: bool,
    /// It needs fields of others for it.
    pub demands: bool,
}

/// How much of all that is wanted at a spot somebody gives alone; counted once.
pub(super) type Together = HashMap<(SubgraphId, Name), usize>;

impl<'a> Builder<'a, '_> {
    /// Selects the fields wherever they can be had; what can't be had at all comes back.
    pub(super) fn fields(
        &mut self,
        spot: &Spot,
        home: Option<&Source<'a>>,
        fields: &[Rc<Field>],
    ) -> Result<Vec<Rc<Field>>, PlanError> {
        if let Some(home) = home {
            self.register(spot, home);
        }
        let mut elsewhere: Vec<(Rc<Field>, Vec<Candidate>)> = Vec::new();
        for field in fields.iter().filter(|field| field.is_fetched()) {
            self.visit()?;
            let mut candidates = self.candidates(spot, home, field);
            if candidates.first().is_some_and(|first| first.home)
                && let Some(home) = home
            {
                candidates.remove(0);
                if let Some(left) = self.take(spot, home, field)? {
                    elsewhere.push((left, candidates));
                }
            } else {
                elsewhere.push((field.clone(), candidates));
            }
        }
        let wanted: Vec<Rc<Field>> = elsewhere.iter().map(|(field, _)| field.clone()).collect();
        let mut together = Together::default();
        let mut left_over = Vec::new();
        let mut had = Vec::new();
        for (field, candidates) in elsewhere {
            let candidates = self.ranked(spot, home, &field, candidates, (&wanted, &mut together));
            had.push(self.first_of(spot, home, field, candidates, &mut left_over)?);
        }
        self.weigh_choices(spot, &had);
        Ok(left_over)
    }

    /// Asks one after the other until nothing is left to ask for.
    fn first_of(
        &mut self,
        spot: &Spot,
        home: Option<&Source<'a>>,
        mut field: Rc<Field>,
        candidates: Vec<Candidate>,
        left_over: &mut Vec<Rc<Field>>,
    ) -> Result<Had, PlanError> {
        let mut had = Had {
            key: field.key.clone(),
            subgraphs: candidates.iter().map(|one| one.subgraph).collect(),
            by: None,
            in_one: false,
        };
        for (number, candidate) in candidates.iter().enumerate() {
            let before = field.weight();
            let left = match home {
                Some(home) if candidate.home => self.take(spot, home, &field)?,
                _ => self.ask(spot, home, candidate, &field)?,
            };
            let after = left.as_ref().map_or(0, |left| left.weight());
            if after < before {
                self.settled
                    .entry((spot.key(), field.key.clone()))
                    .or_insert(candidate.subgraph);
            }
            let Some(left) = left else {
                had.by = self.taken.map(|taken| taken.step);
                had.in_one = number == 0
                    && !candidate.demands
                    && self.taken.is_some_and(|taken| taken.without_jumps)
                    && self.gives(candidate, &field) == before;
                return Ok(had);
            };
            field = left;
        }
        left_over.push(field);
        Ok(had)
    }

    /// Everybody who gives the field, the source at hand first.
    pub(super) fn candidates(
        &mut self,
        spot: &Spot,
        home: Option<&Source<'a>>,
        field: &Field,
    ) -> Vec<Candidate> {
        let mut found = Vec::new();
        let at_home = home.and_then(|home| {
            let declared = self
                .graph
                .given(&home.ty, &field.name, home.subgraph, &home.provided)?;
            (!declared.is_demanding()).then_some((home, declared))
        });
        if let Some((home, declared)) = at_home {
            found.push(Candidate {
                subgraph: home.subgraph,
                ty: home.ty.clone(),
                home: true,
                demands: false,
            });
            let inner_ty = declared.ty.inner_named_type();
            let all_here = field
                .inner
                .as_ref()
                .is_none_or(|inner| self.graph.coverage(inner, inner_ty, home.subgraph) == inner.weight());
            // Nobody can do better than the request that is sent anyway.
            if all_here {
                return found;
            }
        }
        let nothing = Self::no_provided();
        let is_interface = self.graph.supergraph.is_abstract(&spot.ty);
        for (subgraph, ty) in self.vertices(&spot.ty) {
            let at_home = found
                .first()
                .is_some_and(|first| first.subgraph == subgraph && first.ty == ty);
            let Some(declared) = self.graph.given(&ty, &field.name, subgraph, &nothing) else {
                continue;
            };
            let serves = !is_interface
                || self.graph.is_interface_object(&ty, subgraph)
                || self
                    .graph
                    .serves_all(&ty, &field.name, subgraph, self.graph.possible(&ty, subgraph));
            if at_home || !serves {
                continue;
            }
            found.push(Candidate {
                subgraph,
                ty,
                home: false,
                demands: declared.is_demanding(),
            });
        }
        self.prefer(spot, field, &mut found);
        found
    }

    /// Puts first what this plan is to prefer, and what gave the field before.
    fn prefer(&mut self, spot: &Spot, field: &Field, candidates: &mut [Candidate]) {
        let id: ChoiceId = (spot.place, spot.ty.clone(), field.key.clone());
        let settled = self.settled.get(&(spot.key(), field.key.clone())).copied();
        let preferred = self.preferred.get(&id).copied();
        candidates.sort_by_key(|one| {
            (
                settled != Some(one.subgraph),
                preferred != Some(one.subgraph),
                !one.home,
            )
        });
    }

    /// The order in which to ask: who gives all of it, who is asked anyway, who is near, who gives most.
    pub(super) fn ranked(
        &mut self,
        spot: &Spot,
        home: Option<&Source<'a>>,
        field: &Field,
        mut candidates: Vec<Candidate>,
        (wanted, together): (&[Rc<Field>], &mut Together),
    ) -> Vec<Candidate> {
        if candidates.len() <= 1 {
            return candidates;
        }
        let near = self.distances(spot, &field.condition, &candidates);
        if home.is_some() {
            candidates.retain(|one| one.home || near.contains_key(&(one.subgraph, one.ty.clone())));
        }
        let sources = self.sources(spot);
        candidates.sort_by_cached_key(|one| {
            let given = |field: &Field| self.gives(one, field);
            let missing = field.weight().saturating_sub(given(field));
            let opened = sources
                .iter()
                .any(|source| source.subgraph == one.subgraph && source.ty == one.ty);
            let distance = near.get(&(one.subgraph, one.ty.clone())).copied().unwrap_or(0);
            let together = together
                .entry((one.subgraph, one.ty.clone()))
                .or_insert_with(|| wanted.iter().map(|field| given(field)).sum());
            (
                missing > 0,
                one.demands,
                !opened,
                distance,
                missing,
                Reverse(*together),
                one.subgraph,
            )
        });
        self.prefer(spot, field, &mut candidates);
        self.open_choice(spot, &field.key, &candidates);
        candidates
    }

    /// How much of a field somebody gives alone.
    fn gives(&self, candidate: &Candidate, field: &Field) -> usize {
        let nothing = Self::no_provided();
        let Some(declared) = self
            .graph
            .given(&candidate.ty, &field.name, candidate.subgraph, &nothing)
        else {
            return 0;
        };
        let inner_ty = declared.ty.inner_named_type();
        field.inner.as_ref().map_or(1, |inner| {
            self.graph.coverage(inner, inner_ty, candidate.subgraph)
        })
    }

    /// Asks somebody who isn't the source at hand.
    fn ask(
        &mut self,
        spot: &Spot,
        home: Option<&Source<'a>>,
        candidate: &Candidate,
        field: &Rc<Field>,
    ) -> Result<Option<Rc<Field>>, PlanError> {
        let source = if candidate.demands {
            self.source_with_needs(spot, home, candidate, field)?
        } else if self.takes_others_along(spot, &candidate.ty, candidate.subgraph, field) {
            self.source_alone(spot, candidate.subgraph, field)
        } else {
            self.source(spot, candidate.subgraph, &candidate.ty, &field.condition)?
        };
        match source {
            Some(source) => self.take(spot, &source, field),
            None => Ok(Some(field.clone())),
        }
    }

    /// Selects a field from a source that gives it. What the source can't give of its objects, nor anybody from there, comes back.
    pub(super) fn take(
        &mut self,
        spot: &Spot,
        source: &Source<'a>,
        field: &Rc<Field>,
    ) -> Result<Option<Rc<Field>>, PlanError> {
        self.visit()?;
        let Some(declared) = self
            .graph
            .supergraph
            .field_in(&source.ty, &field.name, source.subgraph)
        else {
            return Ok(Some(field.clone()));
        };
        let Some(told) = self.with_contexts(source.step, declared, field) else {
            return Ok(Some(field.clone()));
        };
        self.record(source.step);
        let set = self.draft.select(source.set, &source.under, &told);
        let mut taken = Taken {
            step: source.step,
            without_jumps: true,
        };
        let (Some(inner), Some(set)) = (&field.inner, set) else {
            self.taken = Some(taken);
            return Ok(None);
        };
        let below = Source {
            step: source.step,
            set,
            under: None,
            subgraph: source.subgraph,
            ty: declared.ty.inner_named_type().clone(),
            provided: self
                .graph
                .provided_below(&source.ty, &field.name, source.subgraph, &source.provided),
            asked: source.asked.clone(),
        };
        let height = self.above.len();
        if self.graph.supergraph.has_contexts() {
            self.above.push(Above {
                spot: spot.clone(),
                source: source.clone(),
            });
        }
        let before = self.draft.steps.len();
        let path = self.paths.below(spot, &field.key);
        let left = self.object(path, inner, &below);
        self.above.truncate(height);
        let left = left?;
        taken.without_jumps = self.draft.steps.len() == before;
        self.taken = Some(taken);
        let useful = left.as_ref().is_none_or(|left| left.weight() < inner.weight());
        if useful && inner.weight() == 0 || left.is_none() {
            self.draft.keep(source.set, &source.under, &field.key);
        }
        Ok(left.map(|left| field.with_inner(left)))
    }
}
