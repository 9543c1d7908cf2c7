//! What a subgraph calls the directives that reach the supergraph.

use std::collections::BTreeMap;

use apollo_compiler::Schema;
use apollo_compiler::ast::DirectiveList;
use apollo_compiler::schema::ExtendedType;

use super::link::Links;
use crate::error::Position;

/// Federation's directives that stand in the supergraph as well.
const MERGED: &[&str] = &[
    "tag",
    "inaccessible",
    "authenticated",
    "requiresScopes",
    "policy",
    "cost",
    "listSize",
];

/// By published name: what it is called here and where it is linked, of those that are used and were imported.
pub(super) fn names(schema: &Schema, links: &Links) -> BTreeMap<String, (String, Option<Position>)> {
    let mut called = BTreeMap::new();
    let mut note = |name: &str| {
        let published = links.imported_from_federation(name);
        if let Some(published) = published.filter(|published| MERGED.contains(published)) {
            called.insert(published.to_owned(), (name.to_owned(), links.linked_at(name)));
        }
    };
    let mut all = |directives: &DirectiveList| {
        directives.iter().for_each(|directive| note(&directive.name));
    };
    for ty in schema.types.values().filter(|ty| !ty.is_built_in()) {
        match ty {
            ExtendedType::Object(object) => object.fields.values().for_each(|field| {
                all(&field.directives);
                field.arguments.iter().for_each(|one| all(&one.directives));
            }),
            ExtendedType::Interface(interface) => interface.fields.values().for_each(|field| {
                all(&field.directives);
                field.arguments.iter().for_each(|one| all(&one.directives));
            }),
            ExtendedType::Enum(values) => values.values.values().for_each(|value| all(&value.directives)),
            ExtendedType::InputObject(input) => {
                input.fields.values().for_each(|field| all(&field.directives))
            }
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
        }
    }
    for ty in schema.types.values() {
        ty.directives().iter().for_each(|directive| note(&directive.name));
    }
    called
}
