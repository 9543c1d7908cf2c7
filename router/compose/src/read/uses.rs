//! What a subgraph itself uses of its fields: in keys, `@requires`, `@provides`, contexts, and because an interface wants them.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;
use apollo_compiler::executable::{Selection, SelectionSet};

use crate::model::{Federation, Shape, TypeModel, Use};

type Uses = Vec<(Name, Name, fn(&mut Use))>;

pub(super) fn mark(types: &mut BTreeMap<Name, TypeModel>, federation: Federation) {
    let mut uses: Uses = Vec::new();
    for ty in types.values() {
        for key in &ty.keys {
            collect(types, &key.fields.selection, |used| used.key = true, &mut uses);
        }
        for field in ty
            .composite()
            .into_iter()
            .flat_map(|composite| composite.fields.values())
        {
            if let Some(set) = &field.requires {
                collect(types, &set.selection, |used| used.required = true, &mut uses);
            }
            for from in field.arguments.values().filter_map(|one| one.context.as_ref()) {
                let named = from.named(types).into_iter();
                uses.extend(named.map(|(ty, field)| -> (Name, Name, fn(&mut Use)) {
                    (ty, field, |used| used.required = true)
                }));
            }
            if let Some(set) = &field.provides {
                collect(types, &set.selection, |used| used.provided = true, &mut uses);
            }
        }
        if let Shape::Object(object) = &ty.shape {
            for interface in object.implements.iter().filter_map(|name| types.get(name)) {
                for field in interface
                    .composite()
                    .into_iter()
                    .flat_map(|composite| composite.fields.keys())
                {
                    uses.push((ty.name.clone(), field.clone(), |used| used.interface = true));
                }
            }
        }
    }
    for (ty, field, set) in uses {
        if let Some(Shape::Object(composite) | Shape::Interface(composite)) =
            types.get_mut(&ty).map(|ty| &mut ty.shape)
            && let Some(field) = composite.fields.get_mut(&field)
        {
            set(&mut field.used);
        }
    }
    settle_external(types, federation);
}

/// Two habits of older subgraphs say `@external` without meaning it: on the key fields of an extended type, and (in Federation 1)
/// on fields that nothing uses.
fn settle_external(types: &mut BTreeMap<Name, TypeModel>, federation: Federation) {
    for ty in types.values_mut() {
        let of_extension: BTreeSet<Name> = ty
            .keys
            .iter()
            .filter(|key| key.extension)
            .flat_map(|key| key.fields.selection.selections.iter())
            .filter_map(|selection| selection.as_field())
            .map(|field| field.name.clone())
            .collect();
        let (Shape::Object(composite) | Shape::Interface(composite)) = &mut ty.shape else {
            continue;
        };
        for field in composite.fields.values_mut().filter(|field| field.external) {
            if of_extension.contains(&field.name) && !field.used.provided {
                field.external = false;
            }
        }
        if federation == Federation::One {
            composite
                .fields
                .retain(|_, field| !field.external || field.used != Use::default());
        }
    }
}

/// Every (type, field) that a field set names, with the implementations of an interface that it goes through.
fn collect(types: &BTreeMap<Name, TypeModel>, set: &SelectionSet, use_: fn(&mut Use), uses: &mut Uses) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                uses.push((set.ty.clone(), field.name.clone(), use_));
                for ty in types.values() {
                    if matches!(&ty.shape, Shape::Object(object) if object.implements.contains(&set.ty)) {
                        uses.push((ty.name.clone(), field.name.clone(), use_));
                    }
                }
                collect(types, &field.selection_set, use_, uses);
            }
            Selection::InlineFragment(fragment) => collect(types, &fragment.selection_set, use_, uses),
            Selection::FragmentSpread(_) => {}
        }
    }
}
