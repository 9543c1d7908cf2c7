//! Operations that lead to every field of a schema, each by the shortest way and by some longer ones.

use std::collections::BTreeMap;

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::schema::{ExtendedType, FieldDefinition};

/// How often the same field is led to, by different ways.
const WAYS: usize = 3;
const DEEPEST: usize = 5;

/// One operation for every way.
pub fn operations(schema: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    let definition = &schema.schema_definition;
    for (kind, root) in [("query", &definition.query), ("mutation", &definition.mutation)] {
        let Some(root) = root else { continue };
        let mut ways = vec![(root.name.to_string(), vec![])];
        for _ in 0..DEEPEST {
            let mut further = Vec::new();
            for (ty, way) in ways {
                for field in fields(schema, &ty) {
                    let count = counted.entry(format!("{ty}.{}", field.name)).or_default();
                    *count += 1;
                    if *count > WAYS {
                        continue;
                    }
                    let inner = field.ty.inner_named_type();
                    let mut here: Vec<String> = way.clone();
                    here.push(format!("{}{}", field.name, arguments(field)));
                    let types = concrete(schema, inner);
                    let leaf = if is_composite(schema, inner) {
                        "{ __typename }"
                    } else {
                        ""
                    };
                    found.push(operation(kind, &here, leaf));
                    for ty in types {
                        let mut below = here.clone();
                        if ty != inner.as_str() {
                            below.push(format!("... on {ty}"));
                        }
                        further.push((ty, below));
                    }
                }
            }
            ways = further;
        }
    }
    found
}

fn operation(kind: &str, way: &[String], leaf: &str) -> String {
    let open: String = way.iter().map(|step| format!("{{ {step} ")).collect();
    format!("{kind} {open}{leaf}{}", "}".repeat(way.len()))
}

/// Also an interface that nothing implements: a client may select it, and never gets an object.
fn is_composite(schema: &Schema, ty: &str) -> bool {
    let known = schema.types.get(ty);
    known.is_some_and(|ty| ty.is_object() || ty.is_interface() || ty.is_union())
}

fn fields<'s>(schema: &'s Schema, ty: &str) -> Vec<&'s FieldDefinition> {
    match schema.types.get(ty) {
        Some(ExtendedType::Object(object)) => object.fields.values().map(|field| &*field.node).collect(),
        _ => Vec::new(),
    }
}

fn concrete(schema: &Schema, ty: &str) -> Vec<String> {
    let mut types: Vec<String> = match schema.types.get(ty) {
        Some(ExtendedType::Object(_)) => vec![ty.to_owned()],
        Some(ExtendedType::Union(union)) => union.members.iter().map(|member| member.to_string()).collect(),
        Some(ExtendedType::Interface(_)) => {
            let map = schema.implementers_map();
            map.get(ty)
                .map(|all| all.objects.iter().map(ToString::to_string).collect())
                .unwrap_or_default()
        }
        _ => Vec::new(),
    };
    types.sort();
    types
}

fn arguments(field: &FieldDefinition) -> String {
    let required: Vec<String> = field
        .arguments
        .iter()
        .filter(|argument| argument.is_required())
        .map(|argument| format!("{}: {}", argument.name, value(&argument.ty)))
        .collect();
    if required.is_empty() {
        String::new()
    } else {
        format!("({})", required.join(", "))
    }
}

/// A value of the type, which may be a list of scalars or a scalar.
fn value(ty: &Type) -> &'static str {
    if ty.is_list() {
        return "[]";
    }
    match ty.inner_named_type().as_str() {
        "String" | "ID" => "\"a\"",
        "Boolean" => "true",
        _ => "1",
    }
}
