//! Where the walk starts: the operation's own fields.

use std::collections::BTreeSet;
use std::rc::Rc;

use lavka_supergraph::SubgraphId;

use super::fields::Together;
use super::{Builder, Source, Spot};
use crate::cond::Cond;
use crate::draft::StepId;
use crate::error::PlanError;
use crate::keys::Keys;
use crate::normal::{Field, Selection};
use crate::plan::{OperationKind, Path};

impl<'a> Builder<'a, '_> {
    /// Builds the whole plan.
    pub fn build(&mut self, kind: OperationKind, selection: &Selection) -> Result<(), PlanError> {
        let spot = Spot {
            path: Path::default(),
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
            let wanted = (std::slice::from_ref(field), &mut Together::new());
            let candidates = self.ranked(spot, None, field, candidates, wanted);
            let Some(candidate) = candidates.first() else {
                return Err(unreachable(spot, field));
            };
            let source = match current.take() {
                Some(source) if source.subgraph == candidate.subgraph => source,
                _ => {
                    let before = (0..self.draft.steps.len()).map(StepId).collect();
                    self.root_source(spot, candidate.subgraph, before)
                }
            };
            left_over.extend(self.take(spot, &source, field)?);
            current = Some(source);
        }
        Ok(left_over)
    }

    /// Opens a request for root fields.
    pub(super) fn root_source(
        &mut self,
        spot: &Spot,
        subgraph: SubgraphId,
        depends_on: BTreeSet<StepId>,
    ) -> Source<'a> {
        let step = self.draft.add_step(subgraph, None, depends_on);
        let source = Source {
            step,
            set: self.draft.steps[step.0].set,
            under: None,
            subgraph,
            ty: spot.ty.clone(),
            provided: Self::no_provided(),
            asked: Cond::always(),
        };
        self.register(spot, &source);
        source
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
