//! From the normal form to the compiled projection.

use std::sync::Arc;

use apollo_compiler::ast::Type;
use apollo_compiler::schema::ExtendedType;

use crate::cond::Cond;
use crate::deferral::Settled;
use crate::graph::Graph;
use crate::normal::{Field, Group, Selection};
use crate::plan::{OutputCase, OutputField, OutputPart, OutputSelection, OutputShape, Scalar, Wrapping};

/// Fields that stand at several places (under conditions that exclude each other) are written once for each, up to `most` fields more.
pub(crate) fn compile(
    graph: &Graph<'_>,
    selection: &Selection,
    settled: &Settled,
    most: usize,
) -> OutputSelection {
    let mut compiler = Compiler {
        graph,
        settled,
        left: most,
    };
    compiler.selection(selection, (&Cond::always(), None))
}

struct Compiler<'a, 'g> {
    graph: &'g Graph<'a>,
    settled: &'g Settled,
    left: usize,
}

/// Where a selection stands: what is known to hold there, and the part of the answer.
type Within<'c> = (&'c Cond, Option<usize>);

impl Compiler<'_, '_> {
    fn selection(&mut self, selection: &Selection, (outer, part): Within<'_>) -> OutputSelection {
        let is_typed = self.graph.supergraph.is_abstract(&selection.ty) && self.graph.types_matter(selection);
        let mut cases = Vec::new();
        for group in &selection.groups {
            let types = if is_typed { group.types.as_slice() } else { &[] };
            let mut case = OutputCase {
                types: types.iter().map(|ty| Arc::from(ty.as_str())).collect(),
                ..OutputCase::default()
            };
            for (of, field) in self.fields(group, outer) {
                let Some(of) = of.filter(|_| of != part) else {
                    case.fields.push(field);
                    continue;
                };
                match case.later.iter_mut().find(|known| known.part == of) {
                    Some(known) => known.fields.push(field),
                    None => case.later.push(OutputPart {
                        part: of,
                        fields: vec![field],
                    }),
                }
            }
            cases.push(case);
        }
        OutputSelection { cases }
    }

    /// With the part that each belongs to.
    fn fields(&mut self, group: &Group, outer: &Cond) -> Vec<(Option<usize>, OutputField)> {
        let more = group.shown.len().saturating_sub(group.fields.len());
        let price = match more {
            0 => 0,
            _ => group
                .shown
                .iter()
                .map(|(index, _)| 1 + group.fields[*index].weight())
                .sum(),
        };
        if let Some(left) = self.left.checked_sub(price) {
            self.left = left;
            let shown = group.shown.iter();
            return shown
                .map(|(index, when)| self.field(group, &group.fields[*index], when, outer))
                .collect();
        }
        // Each once, where its first selection stands.
        group
            .fields
            .iter()
            .map(|field| self.field(group, field, &field.condition, outer))
            .collect()
    }

    fn field(
        &mut self,
        group: &Group,
        field: &Field,
        when: &Cond,
        outer: &Cond,
    ) -> (Option<usize>, OutputField) {
        let part = self.settled.part(field.part);
        let shape = if field.is_typename() {
            let only = group.types.first().filter(|_| group.types.len() == 1);
            OutputShape::Typename(only.map(|ty| Arc::from(ty.as_str())))
        } else if let Some(inner) = &field.inner {
            OutputShape::Object(self.selection(inner, (when, part)))
        } else {
            leaf(self.graph, &field.ty)
        };
        let field = OutputField {
            response_key: Arc::from(field.response_key.as_str()),
            source_key: field.key.clone(),
            shape,
            wrapping: wrapping(&field.ty),
            condition: when.given(outer).to_plan(),
            denied: field.denied,
        };
        (part, field)
    }
}

/// Of an enum, the values that clients know.
fn leaf(graph: &Graph<'_>, ty: &Type) -> OutputShape {
    let name = ty.inner_named_type();
    match graph.supergraph.api_schema().types.get(name) {
        Some(ExtendedType::Enum(public)) => OutputShape::Enum(
            public
                .values
                .keys()
                .map(|value| Arc::from(value.as_str()))
                .collect(),
        ),
        _ => match name.as_str() {
            "Int" => OutputShape::Scalar(Scalar::Int),
            "Float" => OutputShape::Scalar(Scalar::Float),
            "String" => OutputShape::Scalar(Scalar::String),
            "Boolean" => OutputShape::Scalar(Scalar::Boolean),
            "ID" => OutputShape::Scalar(Scalar::Id),
            _ => OutputShape::Leaf,
        },
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
