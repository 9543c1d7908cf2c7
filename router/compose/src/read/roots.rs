//! The root types: called Query, Mutation and Subscription in every supergraph, whatever a subgraph calls them.

use apollo_compiler::ast::{OperationType, Type};
use apollo_compiler::{Name, Schema, name};

use super::directives::position;
use crate::Subgraph;
use crate::error::{Code, CompositionError, Place};

/// A subgraph's names for the roots.
#[derive(Debug)]
pub(super) struct Roots(Vec<(Name, Name)>);

pub(super) fn read(subgraph: &Subgraph, schema: &Schema) -> Result<Roots, Vec<CompositionError>> {
    let mut roots = Vec::new();
    let mut errors = Vec::new();
    let usual = [
        (OperationType::Query, name!("Query"), Code::RootQueryUsed),
        (OperationType::Mutation, name!("Mutation"), Code::RootMutationUsed),
        (
            OperationType::Subscription,
            name!("Subscription"),
            Code::RootSubscriptionUsed,
        ),
    ];
    for (operation, usual, code) in usual {
        let Some(root) = schema.root_operation(operation) else {
            continue;
        };
        if *root != usual
            && let Some(other) = schema.types.get(&usual)
        {
            let message = format!("{usual} is a type of its own, while the {operation} root is {root}");
            errors.push(
                CompositionError::new(code, message)
                    .at(Place {
                        subgraph: subgraph.name.clone(),
                        coordinate: usual.to_string(),
                        position: position(schema, other.location()),
                    })
                    .hint(format!(
                        "rename the type {usual}: the supergraph calls its {operation} root so"
                    )),
            );
        }
        roots.push((root.clone(), usual));
    }
    if errors.is_empty() {
        Ok(Roots(roots))
    } else {
        Err(errors)
    }
}

impl Roots {
    /// The supergraph's name for a type.
    pub fn rename(&self, name: &Name) -> Name {
        self.0
            .iter()
            .find(|(local, _)| local == name)
            .map_or_else(|| name.clone(), |(_, usual)| usual.clone())
    }

    pub fn rename_in(&self, ty: &Type) -> Type {
        match ty {
            Type::Named(name) => Type::Named(self.rename(name)),
            Type::NonNullNamed(name) => Type::NonNullNamed(self.rename(name)),
            Type::List(item) => Type::List(Box::new(self.rename_in(item))),
            Type::NonNullList(item) => Type::NonNullList(Box::new(self.rename_in(item))),
        }
    }

    pub fn is_root(&self, name: &Name) -> bool {
        self.0.iter().any(|(local, _)| local == name)
    }
}
