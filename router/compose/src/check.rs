//! What only shows once everything is merged: interfaces that lost an implementation's field, keys that somebody lacks, hidden things that
//! visible ones need.

mod coordinates;
mod defaults;
mod extensions;
mod inaccessible;
mod interface_objects;
mod interfaces;
mod one_of;
mod transitive;

use lavka_supergraph::Supergraph;

use crate::error::{Code, CompositionError};
use crate::merged::Merged;
use crate::model::{SubgraphModel, places};
use coordinates::Coordinates;

pub(crate) fn check(merged: &Merged, subgraphs: &[SubgraphModel]) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    errors.extend(queries(merged));
    errors.extend(extensions::check(subgraphs));
    errors.extend(interfaces::check(merged, subgraphs));
    errors.extend(interface_objects::check(merged, subgraphs));
    errors.extend(inaccessible::check(merged, subgraphs));
    errors.extend(one_of::check(merged, subgraphs));
    errors.extend(transitive::check(merged, subgraphs));
    errors
}

fn queries(merged: &Merged) -> Option<CompositionError> {
    let query = merged.types.get("Query").and_then(|query| query.composite());
    if query.is_some_and(|query| !query.fields.is_empty()) {
        return None;
    }
    let error = CompositionError::new(Code::NoQueries, "no subgraph has a field on its query root");
    Some(error.hint("a schema needs at least one query: add `type Query { … }` to a subgraph"))
}

/// The supergraph as a router reads it: objects may still promise less than their interfaces do, since each subgraph was valid by itself only.
pub(crate) fn loads(
    supergraph_sdl: &str,
    subgraphs: &[SubgraphModel],
) -> Result<Supergraph, Vec<CompositionError>> {
    let supergraph =
        Supergraph::parse(supergraph_sdl).map_err(|reasons| {
            let coordinates = Coordinates::of(supergraph_sdl);
            let refuse =
                |reason: &lavka_supergraph::SupergraphError| {
                    let place = &reason.place;
                    let position = place.position.and_then(|position| coordinates.at(position));
                    let coordinate = place.coordinate.clone().or(position);
                    let message = match &coordinate {
                        Some(coordinate) => {
                            format!("the merged schema is not valid: {coordinate}: {}", reason.message)
                        }
                        None => format!("the merged schema is not valid: {}", reason.message),
                    };
                    CompositionError::new(Code::InvalidGraphql, message)
                .at_all(coordinate.iter().flat_map(|coordinate| places(subgraphs, coordinate)))
                .hint("the subgraphs are valid by themselves but not together: make the named types agree")
                };
            reasons.iter().map(refuse).collect::<Vec<_>>()
        })?;
    let wrong = defaults::check(&supergraph, subgraphs);
    if wrong.is_empty() {
        Ok(supergraph)
    } else {
        Err(wrong)
    }
}
