//! `lavka-router check`: what changes for clients.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use apollo_compiler::Schema;
use apollo_compiler::validation::{DiagnosticList, Valid};
use clap::{Args, ValueEnum};
use lavka_compose::{Change, Guarded, Severity, changes};
use lavka_supergraph::{Supergraph, define_one_of};
use serde_json::{Value as Json, json};

use crate::report::{Format, lines};

/// Tells what changes for clients from one schema to the next
///
/// Both may be supergraphs or clients' schemas. Of supergraphs only what clients see is compared, and who may see it. Breaking: an operation that
/// was valid isn't any more, or its answer has another shape. Dangerous: a client may meet what it didn't know. What is only new isn't
/// told. Ends with 0 when nothing breaks, with 1 when something does, and with 2 when a file can't be read.
#[derive(Debug, Args)]
pub struct Check {
    /// The schema that clients know.
    #[arg(value_name = "OLD")]
    pub old: PathBuf,

    /// The schema that is to take its place.
    #[arg(value_name = "NEW")]
    pub new: PathBuf,

    /// What makes the check fail.
    #[arg(long, value_name = "SEVERITY", default_value = "breaking")]
    pub fail_on: FailOn,

    /// For whom to write.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Breaking changes only.
    Breaking,
    /// Dangerous changes as well.
    Dangerous,
    /// Nothing.
    Never,
}

/// A schema from a file.
enum Given {
    Supergraph(Box<Supergraph>),
    Schema(Box<Valid<Schema>>),
}

impl Given {
    fn api(&self) -> &Schema {
        match self {
            Self::Supergraph(supergraph) => supergraph.api_schema(),
            Self::Schema(schema) => schema,
        }
    }
}

impl Check {
    /// 0 when nothing breaks, 1 when something does.
    pub fn run(&self) -> Result<ExitCode> {
        let (old, new) = (read(&self.old)?, read(&self.new)?);
        let mut found = changes(old.api(), new.api());
        if let (Given::Supergraph(old), Given::Supergraph(new)) = (&old, &new) {
            found.extend(Guarded(old).changes(&Guarded(new)));
            found.sort();
        }
        let count = |severity: Severity| found.iter().filter(|change| change.severity == severity).count();
        let (breaking, dangerous) = (count(Severity::Breaking), count(Severity::Dangerous));
        match self.format {
            Format::Text => {
                for change in &found {
                    println!("{change}");
                }
                let summary = [
                    lines(breaking, "breaking change"),
                    lines(dangerous, "dangerous change"),
                ];
                println!("{}", summary.join(", "));
            }
            Format::Json => {
                let found: Vec<Json> = found.iter().map(change_json).collect();
                println!(
                    "{:#}",
                    json!({"breaking": breaking, "dangerous": dangerous, "changes": found})
                );
            }
        }
        let fails = match self.fail_on {
            FailOn::Breaking => breaking > 0,
            FailOn::Dangerous => breaking + dangerous > 0,
            FailOn::Never => false,
        };
        Ok(if fails {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}

fn change_json(change: &Change) -> Json {
    json!({
        "severity": change.severity.to_string(),
        "kind": change.kind,
        "coordinate": change.coordinate,
        "message": change.message,
    })
}

/// A supergraph tells by the join specification that it is one.
fn read(path: &Path) -> Result<Given> {
    let sdl = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    if sdl.contains("specs.apollo.dev/join/") {
        let supergraph = Supergraph::parse(&sdl).map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(|error| format!("\n  {error}")).collect();
            anyhow!(
                "{} is not a supergraph that can be read:{}",
                path.display(),
                errors.concat()
            )
        })?;
        return Ok(Given::Supergraph(Box::new(supergraph)));
    }
    let wrong = |errors: &DiagnosticList| anyhow!("{} is not a valid schema:\n{errors}", path.display());
    let mut schema = Schema::parse(&sdl, path).map_err(|invalid| wrong(&invalid.errors))?;
    define_one_of(&mut schema);
    let schema = schema.validate().map_err(|invalid| wrong(&invalid.errors))?;
    Ok(Given::Schema(Box::new(schema)))
}
