//! `lavka-router compose`: files in, a supergraph out.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use lavka_compose::{Subgraph, compose};
use serde_json::{Value as Json, json};

use crate::arguments::Named;
use crate::report::{Format, Sources, lines};

/// Composes subgraphs' schemas into a supergraph
///
/// The supergraph goes to --output, or to standard output; hints and errors go to standard error. With --format json, one JSON object on standard
/// output says everything. Ends with 0 when the subgraphs compose, with 1 when they don't, and with 2 when a file can't be read or written.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  lavka-router compose --subgraph users=users.graphql --subgraph orders=orders.graphql -o supergraph.graphql")]
pub struct Compose {
    /// A subgraph's name, and the file with its schema. Say it for each subgraph.
    #[arg(long = "subgraph", value_name = "NAME=FILE", value_parser = Named::parse, required = true)]
    pub subgraphs: Vec<Named>,

    /// Where a subgraph is served, to be written into the supergraph.
    #[arg(long = "url", value_name = "NAME=URL", value_parser = Named::parse)]
    pub urls: Vec<Named>,

    /// Where to write the supergraph. What is there stays when the subgraphs don't compose.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// For whom to write.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

impl Compose {
    /// 0 when the subgraphs compose, 1 when they don't.
    pub fn run(&self) -> Result<ExitCode> {
        let (subgraphs, sources) = read(self)?;
        let result = compose(&subgraphs);
        if let (Ok(composition), Some(path)) = (&result, &self.output) {
            std::fs::write(path, &composition.supergraph_sdl)
                .with_context(|| format!("cannot write the supergraph to {}", path.display()))?;
        }
        let shown = self.output.is_none();
        match (&result, self.format) {
            (Ok(composition), Format::Text) => {
                for hint in &composition.hints {
                    eprintln!("{}", sources.hint(hint));
                }
                if shown {
                    print!("{}", composition.supergraph_sdl);
                }
            }
            (Ok(composition), Format::Json) => {
                let supergraph = shown.then_some(composition.supergraph_sdl.as_str());
                let hints: Vec<Json> = composition
                    .hints
                    .iter()
                    .map(|hint| sources.hint_json(hint))
                    .collect();
                print(&json!({"success": true, "supergraph": supergraph, "errors": [], "hints": hints}));
            }
            (Err(errors), Format::Text) => {
                for error in errors {
                    eprintln!("{}", sources.error(error));
                }
                eprintln!("the subgraphs don't compose: {}", lines(errors.len(), "error"));
            }
            (Err(errors), Format::Json) => {
                let errors: Vec<Json> = errors.iter().map(|error| sources.error_json(error)).collect();
                print(&json!({"success": false, "supergraph": null, "errors": errors, "hints": []}));
            }
        }
        Ok(if result.is_ok() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

fn print(report: &Json) {
    println!("{report:#}");
}

fn read(arguments: &Compose) -> Result<(Vec<Subgraph>, Sources)> {
    let mut subgraphs = Vec::new();
    let mut files = BTreeMap::new();
    for named in &arguments.subgraphs {
        let sdl = std::fs::read_to_string(&named.value).with_context(|| {
            format!(
                "cannot read the schema of subgraph `{}` from {}",
                named.name, named.value
            )
        })?;
        files.insert(named.name.clone(), (named.value.clone(), sdl.clone()));
        let url = arguments.urls.iter().find(|url| url.name == named.name);
        subgraphs.push(Subgraph {
            name: named.name.clone(),
            url: url.map(|url| url.value.clone()),
            sdl,
        });
    }
    let is_known = |name: &str| arguments.subgraphs.iter().any(|named| named.name == name);
    if let Some(unknown) = arguments.urls.iter().find(|url| !is_known(&url.name)) {
        bail!(
            "--url {name}=…: there is no --subgraph {name}=FILE",
            name = unknown.name
        );
    }
    Ok((subgraphs, Sources(files)))
}
