//! Text to a GraphQL schema, and its validation.

use apollo_compiler::Schema;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::{DiagnosticList, Valid};

use crate::Subgraph;
use crate::error::{Code, CompositionError, Place, Position};

/// Deep nesting in an SDL is an attack, not a schema.
const RECURSION: usize = 200;

pub(super) fn parse(subgraph: &Subgraph) -> Result<Schema, Vec<CompositionError>> {
    let mut builder = Schema::builder()
        .adopt_orphan_extensions()
        .ignore_builtin_redefinitions();
    let path = format!("{}.graphql", subgraph.name);
    Parser::new()
        .recursion_limit(RECURSION)
        .parse_into_schema_builder(&subgraph.sdl, path, &mut builder);
    builder
        .build()
        .map_err(|invalid| errors(subgraph, &invalid.errors))
}

pub(super) fn validate(subgraph: &Subgraph, schema: Schema) -> Result<Valid<Schema>, Vec<CompositionError>> {
    schema
        .validate()
        .map_err(|invalid| errors(subgraph, &invalid.errors))
}

fn errors(subgraph: &Subgraph, diagnostics: &DiagnosticList) -> Vec<CompositionError> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let position = diagnostic.line_column_range().map(|range| range.start.into());
            let message = diagnostic.error.to_string();
            let error = CompositionError::new(Code::InvalidGraphql, &message).at(Place {
                subgraph: subgraph.name.clone(),
                coordinate: String::new(),
                position,
            });
            if message.contains("cannot find directive") {
                error.hint(
                    "define the directive, or import it with \
                     extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@…\"])",
                )
            } else {
                error
            }
        })
        .collect()
}

impl From<apollo_compiler::parser::LineColumn> for Position {
    fn from(at: apollo_compiler::parser::LineColumn) -> Self {
        Self {
            line: at.line,
            column: at.column,
        }
    }
}
