//! `@join__field`: which subgraph gives which field, and what it needs for it.

use std::sync::Arc;

use apollo_compiler::ast::{Directive, Type};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::executable::{FieldSet, SelectionSet};
use apollo_compiler::schema::{Component, FieldDefinition};
use apollo_compiler::{Name, Node};

use super::directives::{boolean, enum_value, position, string};
use super::{Reader, diagnostics};
use crate::SupergraphError;
use crate::access::Access;
use crate::model::{FieldInSubgraph, FieldModel, Override, SubgraphId, TypeInSubgraph};

impl Reader<'_> {
    pub(super) fn fields(
        &mut self,
        ty: &Name,
        subgraphs: &IndexMap<SubgraphId, TypeInSubgraph>,
        fields: &apollo_compiler::collections::IndexMap<Name, Component<FieldDefinition>>,
    ) -> IndexMap<Name, FieldModel> {
        fields
            .iter()
            .map(|(name, field)| (name.clone(), self.field(ty, subgraphs, field)))
            .collect()
    }

    fn field(
        &mut self,
        parent: &Name,
        subgraphs: &IndexMap<SubgraphId, TypeInSubgraph>,
        field: &FieldDefinition,
    ) -> FieldModel {
        let directives: Vec<&Node<Directive>> = field.directives.iter().collect();
        let joins = self.applied(&directives, "field");
        let mut by_subgraph = IndexMap::default();
        if joins.is_empty() {
            // Nothing said: every subgraph that has the type has the field.
            for graph in subgraphs.keys() {
                by_subgraph.insert(*graph, FieldInSubgraph::plain(field.ty.clone()));
            }
        }
        let coordinate = format!("{parent}.{}", field.name);
        for directive in joins {
            // Said, but no graph: a field that an interface object brought in; no subgraph has it on this very type.
            let Some(value) = enum_value(directive, "graph") else {
                continue;
            };
            let Some(graph) = self.graphs.by_value(value) else {
                self.error(&coordinate, directive, format!("unknown graph {value}"));
                continue;
            };
            if let Some(joined) = self.joined(&coordinate, parent, field, directive) {
                by_subgraph.insert(graph, joined);
            }
        }
        take_over(&mut by_subgraph);
        FieldModel {
            ty: field.ty.clone(),
            access: Access::read(
                &self.features.access,
                directives.iter().map(|directive| &***directive),
            ),
            subgraphs: by_subgraph,
        }
    }

    fn joined(
        &mut self,
        coordinate: &str,
        parent: &Name,
        field: &FieldDefinition,
        directive: &Node<Directive>,
    ) -> Option<FieldInSubgraph> {
        let ty = match string(directive, "type") {
            None => field.ty.clone(),
            Some(text) => match crate::text::parse_type(text) {
                Some(ty) => ty,
                None => {
                    self.error(coordinate, directive, format!("{text:?} is not a type"));
                    return None;
                }
            },
        };
        let requires = string(directive, "requires")
            .and_then(|text| self.field_set(coordinate, directive, parent, text));
        let provides = string(directive, "provides").and_then(|text| {
            let inner = ty.inner_named_type().clone();
            self.field_set(coordinate, directive, &inner, text)
        });
        Some(FieldInSubgraph {
            ty,
            external: boolean(directive, "external", false),
            requires,
            provides,
            overrides: string(directive, "override").map(|from| Override {
                from: self.graphs.by_name(from),
                label: string(directive, "overrideLabel").map(Arc::from),
            }),
            overridden: boolean(directive, "usedOverridden", false),
            context_arguments: self.context_arguments(coordinate, directive),
        })
    }

    /// A field set, checked against the supergraph.
    pub(super) fn field_set(
        &mut self,
        coordinate: &str,
        directive: &Node<Directive>,
        ty: &Name,
        text: &str,
    ) -> Option<SelectionSet> {
        let braced = match crate::braced(text) {
            Ok(braced) => braced,
            Err(reason) => {
                self.error(
                    coordinate,
                    directive,
                    format!("field set {text:?} of {ty}: {reason}"),
                );
                return None;
            }
        };
        match FieldSet::parse_and_validate(self.schema, ty.clone(), braced, "field set") {
            Ok(fields) => Some(fields.into_inner().selection_set),
            Err(invalid) => {
                for error in diagnostics(&invalid.errors) {
                    let message = format!("field set {text:?} of {ty}: {}", error.message);
                    self.error(coordinate, directive, message);
                }
                None
            }
        }
    }

    pub(super) fn error(
        &mut self,
        coordinate: &str,
        directive: &Node<Directive>,
        message: impl Into<String>,
    ) {
        let place = position(self.schema, directive);
        self.errors.push(SupergraphError::at(coordinate, place, message));
    }
}

/// A subgraph that another one overrides without a label no longer gives the field, also where the document forgot to say so.
fn take_over(subgraphs: &mut IndexMap<SubgraphId, FieldInSubgraph>) {
    let losers: Vec<SubgraphId> = subgraphs
        .values()
        .filter_map(|field| field.overrides.as_ref())
        .filter(|taken| taken.label.is_none())
        .filter_map(|taken| taken.from)
        .collect();
    for loser in losers {
        if let Some(field) = subgraphs.get_mut(&loser) {
            field.overridden = true;
        }
    }
}

impl FieldInSubgraph {
    fn plain(ty: Type) -> Self {
        Self {
            ty,
            external: false,
            requires: None,
            provides: None,
            overrides: None,
            overridden: false,
            context_arguments: Vec::new(),
        }
    }
}
