//! Who may give a field that another subgraph gives too.

use apollo_compiler::Name;

use super::overrides::Standing;
use super::{Merger, Part};
use crate::error::{Code, CompositionError};
use crate::model::{Field, Shape, TypeModel};

impl Merger<'_> {
    pub(super) fn sharing(
        &mut self,
        owner: &Name,
        coordinate: &str,
        of_type: &[Part<'_, TypeModel>],
        parts: &[Part<'_, Field>],
        standings: &[Standing],
    ) {
        // An interface promises fields; only objects give them.
        let gives_nothing = |graph: usize| {
            of_type
                .iter()
                .any(|(other, ty)| *other == graph && matches!(ty.shape, Shape::Interface(_)))
        };
        let givers: Vec<&Part<'_, Field>> = parts
            .iter()
            .zip(standings)
            .filter(|((graph, field), standing)| {
                !standing.is_gone() && (!field.external || field.used.provided) && !gives_nothing(*graph)
            })
            .map(|(part, _)| part)
            .collect();
        // A label moves a field gradually: both give it meanwhile, which is the point of it.
        let moving: Vec<&str> = givers
            .iter()
            .filter_map(|(_, field)| field.overrides.as_ref())
            .filter(|taken| taken.label.is_some())
            .map(|taken| taken.from.as_str())
            .collect();
        let givers: Vec<_> = givers
            .into_iter()
            .filter(|(graph, _)| !moving.contains(&self.subgraphs[*graph].name.as_str()))
            .collect();
        if givers.len() < 2 {
            return;
        }
        let is_shareable = |field: &Field| field.shareable || field.used.key || field.used.provided;
        let unshared: Vec<_> = givers
            .iter()
            .filter(|(_, field)| owner == "Subscription" || !is_shareable(field))
            .collect();
        if unshared.is_empty() {
            return;
        }
        let places: Vec<_> = givers
            .iter()
            .map(|(graph, field)| self.place(*graph, coordinate, field.position))
            .collect();
        let who = self.names(givers.iter().map(|(graph, _)| *graph));
        let not = self.names(unshared.iter().map(|(graph, _)| *graph));
        let message = if owner == "Subscription" {
            format!("{coordinate} is given by {who}; a subscription comes from one subgraph")
        } else {
            format!("{coordinate} is given by {who}, but it isn't @shareable in {not}")
        };
        let hint = if owner == "Subscription" {
            "keep it in one subgraph".to_owned()
        } else {
            format!(
                "add @shareable to it in {not} if all give the same value; otherwise mark it @external where it is somebody else's, or move it with @override"
            )
        };
        self.error(
            CompositionError::new(Code::InvalidFieldSharing, message)
                .at_all(places)
                .hint(hint),
        );
    }
}
