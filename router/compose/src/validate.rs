//! What one subgraph says must make sense by itself: its keys, what it requires and provides, what it calls external.

mod access;
mod contexts;
mod defaults;
mod external;
mod field_sets;
mod interface_objects;
mod keys;
mod misplaced;
mod names;
mod overrides;
mod sizes;

use crate::error::CompositionError;
use crate::model::SubgraphModel;

pub(crate) fn validate(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    errors.extend(keys::check(subgraph));
    errors.extend(field_sets::check(subgraph));
    errors.extend(external::check(subgraph));
    errors.extend(overrides::check(subgraph));
    errors.extend(interface_objects::check(subgraph));
    errors.extend(misplaced::check(subgraph));
    errors.extend(access::check(subgraph));
    errors.extend(contexts::check(subgraph));
    errors.extend(sizes::check(subgraph));
    errors.extend(defaults::check(subgraph));
    errors.extend(names::check(subgraph));
    errors
}
