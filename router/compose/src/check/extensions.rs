//! Federation 1 told owners from extenders; a type that is only extended has no owner.

use std::collections::BTreeSet;

use crate::error::{Code, CompositionError};
use crate::model::{Federation, SubgraphModel};

pub(super) fn check(subgraphs: &[SubgraphModel]) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for subgraph in subgraphs
        .iter()
        .filter(|subgraph| subgraph.federation == Federation::One)
    {
        for ty in subgraph.types.values().filter(|ty| ty.extension) {
            let is_root = matches!(ty.name.as_str(), "Query" | "Mutation" | "Subscription");
            let defined = || {
                let mut parts = subgraphs.iter().filter_map(|other| other.types.get(&ty.name));
                parts.any(|part| !part.extension)
            };
            if is_root || defined() || !seen.insert(&ty.name) {
                continue;
            }
            let message = format!("{} is extended here but defined in no subgraph", ty.name);
            errors.push(
                CompositionError::new(Code::ExtensionWithNoBase, message)
                    .at(subgraph.place(ty.name.as_str(), ty.position))
                    .hint(format!("define `type {}` in the subgraph that owns it", ty.name)),
            );
        }
    }
    errors
}
