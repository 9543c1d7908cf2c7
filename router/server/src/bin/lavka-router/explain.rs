//! `lavka-router explain`: the plan of an operation, without running it.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use apollo_compiler::ExecutableDocument;
use clap::{Args, ValueEnum};
use lavka_planner::{PlanOptions, Viewer, plan};
use lavka_supergraph::Supergraph;

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

    /// Rules about who may see what don't apply: the whole plan is shown.
    fn explain(&self, supergraph: &Supergraph, operation: &str) -> Result<String> {
        let file = self.operation.display().to_string();
        let document = ExecutableDocument::parse_and_validate(supergraph.api_schema(), operation, file)
            .map_err(|invalid| anyhow!("the operation is not valid:\n{}", invalid.errors))?;
        let options = PlanOptions {
            viewer: Viewer::Unrestricted,
            labels: self.labels.iter().cloned().collect(),
            ..PlanOptions::default()
        };
        let planned = plan(supergraph, &document, self.name.as_deref(), &options)?;
        Ok(match self.format {
            Format::Text => planned.to_string(),
            Format::Json => format!("{}\n", serde_json::to_string_pretty(&planned)?),
            Format::Mermaid => planned.to_mermaid(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{Arguments, Command};
    use clap::Parser;
    use lavka_compose::{Subgraph, compose};

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
        explain.explain(&supergraph, "query A { lamp { price } } query B { lamp { id } }")
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
    fn which_of_two_operations_must_be_said() {
        let error = explained(&[]).expect_err("two operations");
        assert_eq!(error.to_string(), "unknown operation: (no name given)");
    }
}
