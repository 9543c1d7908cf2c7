//! What an argument takes from a context.

use std::collections::BTreeMap;

use apollo_compiler::Name;
use apollo_compiler::ast::Selection;

use super::{Shape, TypeModel};
use crate::error::Position;

/// `@fromContext(field: "$context { selection }")`.
#[derive(Debug, Clone)]
pub(crate) struct FromContext {
    /// None where nothing begins with a `$`.
    pub context: Option<String>,
    /// What follows the name, as it was written.
    pub selection: String,
    /// The same, read; None where it can't be.
    pub parsed: Option<Vec<Selection>>,
    pub position: Option<Position>,
}

impl FromContext {
    /// Every field that is named, by its type, on all of the subgraph's types that set the context.
    pub fn named(&self, types: &BTreeMap<Name, TypeModel>) -> Vec<(Name, Name)> {
        let mut named = Vec::new();
        let setting = types.values().filter(|ty| {
            let context = self.context.as_ref();
            context.is_some_and(|context| ty.contexts.contains(context))
        });
        for ty in setting {
            let selections = self.parsed.as_deref().unwrap_or_default();
            collect(types, ty, selections, &mut named);
        }
        named
    }
}

fn collect(
    types: &BTreeMap<Name, TypeModel>,
    ty: &TypeModel,
    selections: &[Selection],
    named: &mut Vec<(Name, Name)>,
) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let Some(known) = ty.field(&field.name) else {
                    continue;
                };
                named.push((ty.name.clone(), field.name.clone()));
                let others = objects(types, ty).into_iter().filter(|name| **name != ty.name);
                named.extend(others.map(|name| (name.clone(), field.name.clone())));
                if let Some(inner) = types.get(known.ty.inner_named_type()) {
                    collect(types, inner, &field.selection_set, named);
                }
            }
            Selection::InlineFragment(fragment) => {
                let on = fragment.type_condition.as_ref();
                let on = on.map_or(Some(ty), |on| types.get(on));
                if let Some(on) = on.filter(|on| overlap(types, on, ty)) {
                    collect(types, on, &fragment.selection_set, named);
                }
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Whether an object of the subgraph can be of both types.
pub(crate) fn overlap(types: &BTreeMap<Name, TypeModel>, one: &TypeModel, other: &TypeModel) -> bool {
    let others = objects(types, other);
    objects(types, one).iter().any(|name| others.contains(name))
}

/// The object types that a type of the subgraph stands for.
pub(crate) fn objects<'t>(types: &'t BTreeMap<Name, TypeModel>, ty: &'t TypeModel) -> Vec<&'t Name> {
    match &ty.shape {
        Shape::Union { members } => members.iter().collect(),
        Shape::Interface(_) => types
            .values()
            .filter(|one| matches!(&one.shape, Shape::Object(object) if object.implements.contains(&ty.name)))
            .map(|one| &one.name)
            .collect(),
        _ => vec![&ty.name],
    }
}
