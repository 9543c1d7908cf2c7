//! Where types stand: in what comes in, in what goes out, or both.

use std::collections::HashSet;

use apollo_compiler::Name;

use crate::model::{Shape, SubgraphModel};

/// The types that stand somewhere.
#[derive(Debug, Default)]
pub(super) struct TypeUses {
    pub input: HashSet<Name>,
    pub output: HashSet<Name>,
}

pub(super) fn count(subgraphs: &[SubgraphModel]) -> TypeUses {
    let mut uses = TypeUses::default();
    for ty in subgraphs.iter().flat_map(|subgraph| subgraph.types.values()) {
        match &ty.shape {
            Shape::Object(composite) | Shape::Interface(composite) => {
                for field in composite.fields.values() {
                    uses.output.insert(field.ty.inner_named_type().clone());
                    let arguments = field.arguments.values();
                    uses.input
                        .extend(arguments.map(|argument| argument.ty.inner_named_type().clone()));
                }
            }
            Shape::Input { fields } => {
                uses.input
                    .extend(fields.values().map(|field| field.ty.inner_named_type().clone()));
            }
            _ => {}
        }
    }
    uses
}
