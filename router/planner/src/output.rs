//! From the normal form to the compiled projection.

use std::sync::Arc;

use apollo_compiler::ast::Type;
use apollo_compiler::schema::ExtendedType;

use crate::cond::Cond;
use crate::graph::Graph;
use crate::normal::{Field, Group, Selection};
use crate::plan::{OutputCase, OutputField, OutputSelection, OutputShape, Wrapping};

pub(crate) fn compile(graph: &Graph<'_>, selection: &Selection) -> OutputSelection {
    compile_selection(graph, selection, &Cond::always())
}

fn compile_selection(graph: &Graph<'_>, selection: &Selection, outer: &Cond) -> OutputSelection {
    let is_typed = graph.supergraph.is_abstract(&selection.ty) && graph.types_matter(selection);
    let cases = selection.groups.iter().map(|group| OutputCase {
        types: if is_typed {
            group.types.iter().map(|ty| Arc::from(ty.as_str())).collect()
        } else {
            Vec::new()
        },
        fields: group
            .fields
            .iter()
            .map(|field| compile_field(graph, group, field, outer))
            .collect(),
    });
    OutputSelection {
        cases: cases.collect(),
    }
}

fn compile_field(graph: &Graph<'_>, group: &Group, field: &Field, outer: &Cond) -> OutputField {
    let shape = if field.is_typename() {
        let only = group.types.first().filter(|_| group.types.len() == 1);
        OutputShape::Typename(only.map(|ty| Arc::from(ty.as_str())))
    } else if let Some(inner) = &field.inner {
        OutputShape::Object(compile_selection(graph, inner, &field.condition))
    } else {
        leaf(graph, &field.ty)
    };
    OutputField {
        response_key: Arc::from(field.response_key.as_str()),
        source_key: field.key.clone(),
        shape,
        wrapping: wrapping(&field.ty),
        condition: field.condition.given(outer).to_plan(),
        denied: field.denied,
    }
}

/// An enum's values are listed where some are inaccessible.
fn leaf(graph: &Graph<'_>, ty: &Type) -> OutputShape {
    let name = ty.inner_named_type();
    let values = |schema: &apollo_compiler::Schema| match schema.types.get(name) {
        Some(ExtendedType::Enum(values)) => Some(values.clone()),
        _ => None,
    };
    match (
        values(graph.supergraph.schema()),
        values(graph.supergraph.api_schema()),
    ) {
        (Some(all), Some(public)) if all.values.len() > public.values.len() => OutputShape::Enum(
            public
                .values
                .keys()
                .map(|value| Arc::from(value.as_str()))
                .collect(),
        ),
        _ => OutputShape::Leaf,
    }
}

fn wrapping(mut ty: &Type) -> Wrapping {
    let mut lists = Vec::new();
    loop {
        match ty {
            Type::List(inner) => {
                lists.push(false);
                ty = inner;
            }
            Type::NonNullList(inner) => {
                lists.push(true);
                ty = inner;
            }
            Type::Named(_) => {
                return Wrapping {
                    lists,
                    non_null: false,
                };
            }
            Type::NonNullNamed(_) => {
                return Wrapping {
                    lists,
                    non_null: true,
                };
            }
        }
    }
}
