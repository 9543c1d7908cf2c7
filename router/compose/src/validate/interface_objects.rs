//! `@interfaceObject`, as far as one subgraph can get it wrong alone.

use crate::error::{Code, CompositionError};
use crate::model::SubgraphModel;

pub(super) fn check(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    subgraph
        .types
        .values()
        .filter(|ty| ty.interface_object && ty.keys.is_empty())
        .map(|ty| {
            let message = format!("{} is an @interfaceObject without @key", ty.name);
            CompositionError::new(Code::InterfaceObjectUsageError, message)
                .at(subgraph.place(ty.name.as_str(), ty.position))
                .hint(format!("give {} a key that the interface has elsewhere", ty.name))
        })
        .collect()
}
