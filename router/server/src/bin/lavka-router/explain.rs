//! `lavka-router explain`: the plan of an operation, without running it.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::Value;
use apollo_compiler::executable::Operation;
use clap::{Args, ValueEnum};
use lavka_planner::{PlanOptions, Viewer, plan};
use lavka_router::deferral;
use lavka_supergraph::Supergraph;
use serde_json::{Map, Value as Json};

use crate::schema;

/// Which operation, over which supergraph.
#[derive(Debug, Args)]
pub struct Explain {
    /// A supergraph in the join specification's form.
    #[arg(long, value_name = "FILE")]
    supergraph: PathBuf,

    /// A document with the operation.
    #[arg(long, value_name = "FILE")]
    operation: PathBuf,

    /// Which of the document's operations, if it has several.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// A label of progressive overrides that is on.
    #[arg(long = "label", value_name = "LABEL")]
    labels: Vec<String>,

    /// Variables, as a JSON object. The boolean ones decide what `@defer` sets apart; one without a value or default counts
    /// as false.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    variables: String,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How a plan is shown.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Lines for people.
    Text,
    /// The plan as the router keeps it.
    Json,
    /// A flowchart, to be drawn by Mermaid.
    Mermaid,
}

impl Explain {
    pub fn run(&self) -> Result<()> {
        let read = |path: &PathBuf| {
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        };
        let supergraph = schema::parse(&read(&self.supergraph)?)?;
        print!("{}", self.explain(&supergraph, &read(&self.operation)?)?);
        Ok(())
    }

    /// Rules about who may see what don't apply: the whole plan is shown. As for a client that takes an answer in pieces, if it has any.
    fn explain(&self, supergraph: &Supergraph, operation: &str) -> Result<String> {
        let file = self.operation.display().to_string();
        let document = ExecutableDocument::parse_and_validate(supergraph.api_schema(), operation, file)
            .map_err(|invalid| anyhow!("the operation is not valid:\n{}", invalid.errors))?;
        let operation = document.operations.get(self.name.as_deref()).ok();
        let deferral = match operation {
            Some(operation) => deferral(&document, operation, &self.values(operation)?),
            // The planner says what is wrong with the name.
            None => None,
        };
        let options = PlanOptions {
            viewer: Viewer::Unrestricted,
            labels: self.labels.iter().cloned().collect(),
            deferral,
            ..PlanOptions::default()
        };
        let planned = plan(supergraph, &document, self.name.as_deref(), &options)?;
        Ok(match self.format {
            Format::Text => planned.to_string(),
            Format::Json => format!("{}\n", serde_json::to_string_pretty(&planned)?),
            Format::Mermaid => planned.to_mermaid(),
        })
    }

    /// The operation's variables, with their defaults.
    fn values(&self, operation: &Operation) -> Result<Map<String, Json>> {
        let mut values: Map<String, Json> =
            serde_json::from_str(&self.variables).context("--variables must be a JSON object")?;
        for variable in &operation.variables {
            if let Some(Value::Boolean(default)) = variable.default_value.as_deref() {
                values
                    .entry(variable.name.as_str())
                    .or_insert(Json::Bool(*default));
            }
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{Arguments, Command};
    use clap::Parser;
    use lavka_compose::{Subgraph, compose};
    use serde_json::json;

    fn explained(more: &[&str]) -> Result<String> {
        let line = ["lavka-router", "explain", "--supergraph", "s", "--operation", "o"];
        let arguments = Arguments::try_parse_from(line.iter().chain(more))?;
        let Some(Command::Explain(explain)) = arguments.command else {
            panic!("{arguments:?}");
        };
        let subgraph = |name: &str, sdl: &str| Subgraph {
            name: name.to_owned(),
            url: None,
            sdl: format!(
                r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) {sdl}"#
            ),
        };
        let composed = compose(&[
            subgraph(
                "lamps",
                r#"type Query { lamp: Lamp } type Lamp @key(fields: "id") { id: ID! }"#,
            ),
            subgraph("prices", r#"type Lamp @key(fields: "id") { id: ID! price: Int }"#),
        ]);
        let composed = composed.map_err(|errors| anyhow!("{errors:?}"))?;
        let supergraph = schema::parse(&composed.supergraph_sdl)?;
        explain.explain(
            &supergraph,
            "query A { lamp { price } } query B { lamp { id } }
            query C($later: Boolean = true) { lamp { id ... @defer(if: $later, label: \"prices\") { price } } }",
        )
    }

    #[test]
    fn as_text() {
        let text = explained(&["--name", "A"]).expect("a plan");
        assert!(text.starts_with("Query\n[0] lamps wave 0\n"), "{text}");
        assert!(text.contains("[1] prices wave 1 after 0\n"), "{text}");
    }

    #[test]
    fn as_json() {
        let text = explained(&["--name", "B", "--format", "json"]).expect("a plan");
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(json["fetches"][0]["subgraph"], "lamps");
    }

    #[test]
    fn as_a_picture() {
        let text = explained(&["--name", "A", "--format", "mermaid"]).expect("a plan");
        assert!(text.starts_with("flowchart TD\n  client([query])\n"), "{text}");
        assert!(text.contains("  f0 --> f1\n"), "{text}");
        assert!(text.ends_with("  f1 --> answer\n"), "{text}");
    }

    #[test]
    fn what_comes_later_as_text() {
        let text = explained(&["--name", "C"]).expect("a plan");
        assert!(
            text.contains("    part 0\n      price: _\nat first after 0\npart 0 of fragments 0 after 0, 1\n"),
            "{text}"
        );
        assert!(
            text.ends_with("fragment 0 below 1 fields called \"prices\"\n"),
            "{text}"
        );
    }

    #[test]
    fn what_comes_later_as_json() {
        let text = explained(&["--name", "C", "--format", "json"]).expect("a plan");
        let json: Json = serde_json::from_str(&text).expect("JSON");
        assert_eq!(json["deferral"]["first"], json!([0]));
        assert_eq!(json["deferral"]["fragments"][0]["label"], "prices");
        assert_eq!(json["deferral"]["parts"][0]["after"], json!([0, 1]));
    }

    #[test]
    fn what_comes_later_as_a_picture() {
        let text = explained(&["--name", "C", "--format", "mermaid"]).expect("a plan");
        assert!(
            text.ends_with(concat!(
                "  answer([at first])\n  f0 --> answer\n",
                "  part0([\"later: prices\"])\n  answer -.-> part0\n  f1 --> part0\n"
            )),
            "{text}"
        );
    }

    #[test]
    fn variables_decide_what_comes_later() {
        let text = explained(&["--name", "C", "--variables", r#"{"later": false}"#]).expect("a plan");
        assert!(!text.contains("fragment"), "{text}");
        let error = explained(&["--name", "C", "--variables", "[]"]).expect_err("no object");
        assert_eq!(error.to_string(), "--variables must be a JSON object");
    }

    #[test]
    fn which_of_several_operations_must_be_said() {
        let error = explained(&[]).expect_err("several operations");
        assert_eq!(error.to_string(), "unknown operation: (no name given)");
    }
}
