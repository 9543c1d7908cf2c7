//! Where the walk starts: the operation's own fields.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use apollo_compiler::Name;
use lavka_supergraph::SubgraphId;

use super::fields::Together;
use super::paths::PathId;
use super::{Builder, Source, Spot};
use crate::cond::Cond;
use crate::draft::StepId;
use crate::error::PlanError;
use crate::keys::Keys;
use crate::normal::{Field, Selection};
use crate::plan::OperationKind;

impl<'a> Builder<'a, '_> {
    /// Builds the whole plan, part by part where there are several (`parts`: what of the selection belongs to each).
    pub fn build(
        &mut self,
        kind: OperationKind,
        selection: &Selection,
        parts: &[(usize, Selection)],
    ) -> Result<(), PlanError> {
        if parts.is_empty() {
            return self.build_part(kind, selection);
        }
        self.parts.brought_by = vec![BTreeSet::new(); parts.len()];
        for (part, selection) in parts {
            self.touched.clear();
            self.build_part(kind, selection)?;
            self.end_part(*part);
        }
        Ok(())
    }

    /// Notes which steps bring a part, and which are for it alone: nothing asked anything of them before.
    fn end_part(&mut self, part: usize) {
        let draft = &self.draft;
        let asks = |step: &StepId| draft.asks(&draft.steps[step.0]);
        self.parts.of_steps.resize(draft.steps.len(), None);
        // What a part's steps wait for is no later part's, even if nothing asks anything of it yet.
        let mut open: Vec<StepId> = (0..draft.steps.len()).map(StepId).filter(asks).collect();
        while let Some(step) = open.pop() {
            let known = &mut self.parts.of_steps[step.0];
            if known.is_none() {
                *known = Some(part);
                open.extend(&draft.steps[step.0].depends_on);
            }
        }
        self.parts.brought_by[part] = self.touched.iter().copied().filter(asks).collect();
    }

    fn build_part(&mut self, kind: OperationKind, selection: &Selection) -> Result<(), PlanError> {
        let spot = Spot {
            path: PathId::ROOT,
            place: Keys::ROOT,
            ty: selection.ty.clone(),
            typed: false,
        };
        for group in &selection.groups {
            let left = match kind {
                OperationKind::Query => self.fields(&spot, None, &group.fields)?,
                OperationKind::Mutation | OperationKind::Subscription => {
                    self.in_series(&spot, &group.fields)?
                }
            };
            if let Some(left) = left.first() {
                return Err(unreachable(&spot, left));
            }
        }
        Ok(())
    }

    /// Mutations: one field after the other, each complete before the next begins. Neighbours in one subgraph go in one request, which keeps
    /// their order.
    fn in_series(&mut self, spot: &Spot, fields: &[Rc<Field>]) -> Result<Vec<Rc<Field>>, PlanError> {
        let mut current: Option<Source<'a>> = None;
        let mut left_over = Vec::new();
        for field in fields.iter().filter(|field| field.is_fetched()) {
            let candidates = self.candidates(spot, None, field);
            let wanted = (std::slice::from_ref(field), &mut Together::default());
            let candidates = self.ranked(spot, None, field, candidates, wanted);
            let Some(candidate) = candidates.first() else {
                return Err(unreachable(spot, field));
            };
            for other in candidates.iter().skip(1) {
                self.may_move(spot, &field.key, other.subgraph);
            }
            let is_alone = self.takes_others_along(spot, &candidate.ty, candidate.subgraph, field);
            let source = match (self.series.get(&field.key), current.take()) {
                (Some(source), _) => source.clone(),
                (None, Some(source)) if source.subgraph == candidate.subgraph && !is_alone => source,
                _ => {
                    let before = (0..self.draft.steps.len()).map(StepId).collect();
                    self.root_source(spot, candidate.subgraph, before)
                }
            };
            if !is_alone {
                self.register(spot, &source);
            }
            self.series.insert(field.key.clone(), source.clone());
            left_over.extend(self.take(spot, &source, field)?);
            current = (!is_alone).then_some(source);
        }
        Ok(left_over)
    }

    /// Whether a root field that fails makes null of everything that is asked for beside it, although the client may be told null of it alone: it is
    /// never null in the subgraph, and may be in the supergraph since another one says so.
    pub(super) fn takes_others_along(
        &self,
        spot: &Spot,
        ty: &Name,
        subgraph: SubgraphId,
        field: &Field,
    ) -> bool {
        let is_root = spot.path == PathId::ROOT || self.graph.is_query_root(&spot.ty);
        let declared = self.graph.supergraph.field_in(ty, &field.name, subgraph);
        is_root && !field.ty.is_non_null() && declared.is_some_and(|declared| declared.ty.is_non_null())
    }

    /// Opens a request for one root field only.
    pub(super) fn source_alone(
        &mut self,
        spot: &Spot,
        subgraph: SubgraphId,
        field: &Field,
    ) -> Option<Source<'a>> {
        let id = (spot.key(), field.key.clone());
        if let Some(known) = self.alone.get(&id).filter(|known| known.subgraph == subgraph) {
            return Some(known.clone());
        }
        let source = match spot.path {
            PathId::ROOT => self.root_source(spot, subgraph, BTreeSet::new()),
            _ => self.nested_root_source(spot, subgraph, &field.condition)?,
        };
        self.alone.insert(id, source.clone());
        Some(source)
    }

    /// Opens a request for root fields.
    pub(super) fn root_source(
        &mut self,
        spot: &Spot,
        subgraph: SubgraphId,
        depends_on: BTreeSet<StepId>,
    ) -> Source<'a> {
        let step = self.draft.add_step(subgraph, None, depends_on);
        self.rooted(spot, step, Cond::always())
    }

    /// What gives root fields in a request that was opened for them.
    fn rooted(&self, spot: &Spot, step: StepId, asked: Cond) -> Source<'a> {
        let opened = &self.draft.steps[step.0];
        Source {
            step,
            set: opened.set,
            under: None,
            subgraph: opened.subgraph,
            ty: spot.ty.clone(),
            provided: Self::no_provided(),
            asked,
        }
    }
}

/// Objects of the query type below something else: whoever has fields of that type can be asked for them, without a key.
impl<'a> Builder<'a, '_> {
    /// How many steps it takes to each subgraph.
    pub(super) fn distances_below(
        &self,
        spot: &Spot,
        sources: &[Source<'a>],
    ) -> BTreeMap<(SubgraphId, Name), usize> {
        let depth = |source: &Source<'a>| self.draft.steps[source.step.0].depth;
        let nearest = sources.iter().map(depth).min().unwrap_or(0);
        let vertices = self.vertices(&spot.ty).into_iter();
        vertices
            .map(|vertex| {
                let own = sources.iter().filter(|source| source.subgraph == vertex.0);
                let distance = own.map(depth).min().unwrap_or(nearest + 1);
                (vertex, distance)
            })
            .collect()
    }

    /// Opens a request for root fields that waits for the objects to be there. None: nothing gives them.
    pub(super) fn nested_root_source(
        &mut self,
        spot: &Spot,
        subgraph: SubgraphId,
        condition: &Cond,
    ) -> Option<Source<'a>> {
        let sources = self.sources_when(spot, condition);
        let giver = sources
            .iter()
            .min_by_key(|source| self.draft.steps[source.step.0].depth)?;
        let mut depends_on = BTreeSet::from([giver.step]);
        if spot.typed {
            depends_on.extend(self.typing(spot.path, condition));
        }
        self.touched.insert(giver.step);
        let step = self.draft.add_step(subgraph, None, depends_on);
        self.draft.steps[step.0].below = Some(self.paths.to(spot));
        Some(self.rooted(spot, step, condition.clone()))
    }
}

/// Names the deepest field that is missing.
fn unreachable(spot: &Spot, field: &Field) -> PlanError {
    let mut path = vec![field.response_key.as_str()];
    let mut coordinate = format!("{}.{}", spot.ty, field.name);
    let mut below = field.inner.as_ref();
    while let Some((group, field)) = below.and_then(|selection| {
        let groups = selection.groups.iter();
        groups
            .flat_map(|group| group.fields.iter().map(move |field| (group, field)))
            .find(|(_, field)| field.is_fetched())
    }) {
        path.push(&field.response_key);
        coordinate = format!(
            "{}.{}",
            group.types.first().map_or("", |ty| ty.as_str()),
            field.name
        );
        below = field.inner.as_ref();
    }
    PlanError::Unreachable {
        coordinate,
        path: path.join("."),
    }
}
