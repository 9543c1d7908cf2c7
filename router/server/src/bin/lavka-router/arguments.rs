//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::check::Check;
use crate::compose::Compose;
use crate::conformance::Conformance;
use crate::explain::Explain;

/// A GraphQL federation router.
///
/// Serves the subgraphs of a composed supergraph (--supergraph), or composes it at start from subgraphs that are running
/// (--subgraph), whose schemas it asks them for or reads from files (--subgraph-sdl).
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// A supergraph in the join specification's form.
    #[arg(long, value_name = "FILE", required_unless_present_any = ["subgraphs", "config"])]
    pub supergraph: Option<PathBuf>,

    /// Where a subgraph is. Say it again with the same name for another replica. With --supergraph it replaces the
    /// address written there.
    #[arg(long = "subgraph", value_name = "NAME=URL", value_parser = Named::parse)]
    pub subgraphs: Vec<Named>,

    /// A subgraph's schema, instead of asking it by `{ _service { sdl } }`.
    #[arg(long = "subgraph-sdl", value_name = "NAME=FILE", value_parser = Named::parse, conflicts_with = "supergraph")]
    pub sdl: Vec<Named>,

    /// Where to listen; port 0 chooses one and prints it.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4000")]
    pub listen: String,

    /// Limits, CORS and the like, in TOML.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Keys that bearer tokens are verified with (a JSON Web Key Set).
    #[arg(long, value_name = "URL")]
    pub jwks: Option<String>,

    /// Operations that clients may name by an id instead of sending their text: JSON, an object of ids and texts, or Apollo's
    /// persisted query manifest. To answer no others, set `persisted.trusted_only` in the configuration.
    #[arg(long, value_name = "FILE")]
    pub trusted_documents: Option<PathBuf>,

    /// Print the supergraph and end.
    #[arg(long)]
    pub print_supergraph: bool,
}

/// What else the program does, instead of serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    Compose(Compose),
    Check(Check),
    /// Shows how an operation would be answered: which requests, to whom, after what.
    Explain(Explain),
    /// Asks a router what the conformance kit asks, and reports capability by capability.
    Conformance(Conformance),
}

/// `name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub value: String,
}

impl Named {
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok(Self {
                name: name.to_owned(),
                value: value.to_owned(),
            }),
            _ => Err("it must have the form name=value".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_schema_must_come_from_somewhere() {
        let error = Arguments::try_parse_from(["lavka-router"])
            .unwrap_err()
            .to_string();
        assert!(error.contains("--supergraph"), "{error}");
        let error = Arguments::try_parse_from(["lavka-router", "--subgraph", "users"])
            .unwrap_err()
            .to_string();
        assert!(error.contains("name=value"), "{error}");
        let url = "users=http://127.0.0.1:4001/graphql?a=b";
        let arguments = Arguments::try_parse_from(["lavka-router", "--subgraph", url]).unwrap();
        assert_eq!(arguments.subgraphs[0].value, "http://127.0.0.1:4001/graphql?a=b");
    }
}
