//! Names that a supergraph needs for itself: it is written with definitions of the specifications that it links, and these have prefixes.

use crate::error::{Code, CompositionError};
use crate::model::SubgraphModel;

const RESERVED: &[&str] = &[
    "join",
    "link",
    "core",
    "inaccessible",
    "tag",
    "authenticated",
    "requiresScopes",
    "policy",
    "cost",
    "context",
];

pub(super) fn check(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let types = subgraph.types.values().filter_map(|ty| {
        let (prefix, _) = ty.name.split_once("__")?;
        let prefix = RESERVED.iter().find(|reserved| **reserved == prefix)?;
        let message = format!(
            "{} has the prefix {prefix}__, which in a supergraph is that of the specification {prefix}",
            ty.name
        );
        Some(
            CompositionError::new(Code::InvalidGraphql, message)
                .at(subgraph.place(ty.name.as_str(), ty.position))
                .hint("give the type another name"),
        )
    });
    types.collect()
}
