//! From an operation's text to a valid document, with limits checked on the way: tokens while parsing, shape before
//! the costlier validation.

use std::sync::Arc;

use apollo_compiler::executable::Operation;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Node, Schema};

use super::deferral::Deferrals;
use super::limits;
use super::plans::Plans;
use crate::config::Limits;
use crate::refusal::{Fault, Location, Refusal};

/// A client has no use for more errors than this, and a hostile text can have thousands.
const MOST_FAULTS: usize = 20;
/// Nesting that the parser follows: selections, lists and objects together. Below what exhausts a thread's stack.
const PARSER_RECURSION: usize = 200;

/// A parsed and validated text, and what has been planned for it.
pub(crate) struct Document {
    pub executable: Arc<Valid<ExecutableDocument>>,
    pub plans: Plans,
    /// What of it may be answered later.
    pub deferrals: Deferrals,
}

impl Document {
    pub fn parse(schema: &Valid<Schema>, text: &str, limits: &Limits) -> Result<Self, Refusal> {
        let mut parser = Parser::new()
            .token_limit(limits.tokens)
            .recursion_limit(PARSER_RECURSION);
        let parsed = parser.parse_ast(text, "operation.graphql");
        if parser.tokens_reached() > limits.tokens {
            return Err(limits::exceeded(
                limits::Exceeded::Tokens,
                parser.tokens_reached(),
                limits.tokens,
            ));
        }
        if parser.recursion_reached() > PARSER_RECURSION {
            return Err(limits::exceeded(
                limits::Exceeded::Depth,
                parser.recursion_reached(),
                PARSER_RECURSION,
            ));
        }
        let ast = parsed.map_err(|failed| refusal("GRAPHQL_PARSE_FAILED", &failed.errors))?;
        limits::check(&ast, limits)?;
        let executable = ast
            .to_executable_validate(schema)
            .map_err(|failed| refusal("GRAPHQL_VALIDATION_FAILED", &failed.errors))?;
        Ok(Self {
            deferrals: Deferrals::of(&executable),
            executable: Arc::new(executable),
            plans: Plans::default(),
        })
    }

    /// The operation that a request means.
    pub fn operation(&self, name: Option<&str>) -> Result<&Node<Operation>, Refusal> {
        self.executable
            .operations
            .get(name)
            .map_err(|error| Refusal::graphql("OPERATION_RESOLUTION_FAILURE", error.message().to_string()))
    }
}

fn refusal(code: &'static str, errors: &DiagnosticList) -> Refusal {
    let mut faults: Vec<Fault> = Vec::new();
    for diagnostic in errors.iter() {
        let locations = diagnostic
            .line_column_range()
            .map(|range| Location {
                line: range.start.line,
                column: range.start.column,
            })
            .into_iter()
            .collect();
        let fault = Fault::new(code, diagnostic.error.to_string()).at(locations);
        if !faults.contains(&fault) {
            faults.push(fault);
        }
        if faults.len() == MOST_FAULTS {
            break;
        }
    }
    if faults.is_empty() {
        faults.push(Fault::new(code, "the operation is not valid"));
    }
    Refusal::faults(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Document, Refusal> {
        let schema =
            Schema::parse_and_validate("type Query { a(x: Int): Int, q: Query }", "s.graphql").unwrap();
        Document::parse(&schema, text, &Limits::default())
    }

    fn refused(text: &str) -> Refusal {
        parse(text).err().expect("refused")
    }

    #[test]
    fn syntax_and_validation_errors_have_codes_and_places() {
        let refusal = refused("{ a");
        assert_eq!(refusal.code(), "GRAPHQL_PARSE_FAILED");
        assert_eq!(refusal.faults[0].locations, [Location { line: 1, column: 4 }]);

        let refusal = refused("{\n  b\n}");
        assert_eq!(refusal.code(), "GRAPHQL_VALIDATION_FAILED");
        assert_eq!(refusal.faults[0].locations, [Location { line: 2, column: 3 }]);
        assert!(refusal.faults[0].message.contains("`b`"), "{:?}", refusal.faults);
    }

    #[test]
    fn the_operation_is_found_or_its_absence_said() {
        let document = parse("query A { a } query B { a }").unwrap();
        assert_eq!(document.operation(Some("B")).unwrap().name.as_deref(), Some("B"));
        assert_eq!(
            document.operation(None).unwrap_err().code(),
            "OPERATION_RESOLUTION_FAILURE"
        );
        assert_eq!(
            document.operation(Some("C")).unwrap_err().faults[0].message,
            "No operation named 'C'"
        );
    }

    #[test]
    fn hostile_texts_end_in_an_error() {
        assert_eq!(refused(&"{ q ".repeat(100_000)).code(), "MAX_TOKENS_LIMIT");
        assert_eq!(refused(&"{ q ".repeat(3_000)).code(), "MAX_DEPTH_LIMIT");
        assert_eq!(
            refused(&format!("{{ a(x: {}1{}) }}", "[".repeat(900), "]".repeat(900))).code(),
            "MAX_DEPTH_LIMIT"
        );
        assert_eq!(
            refused("query { ...A } fragment A on Query { ...A }").code(),
            "GRAPHQL_VALIDATION_FAILED"
        );
        assert!(refused(&"query { b } ".repeat(1_000)).faults.len() <= MOST_FAULTS);
        assert_eq!(refused("").code(), "GRAPHQL_PARSE_FAILED");
        assert_eq!(refused("type A { b: Int }").code(), "GRAPHQL_VALIDATION_FAILED");
    }
}
