//! `lavka catalog import FILE`: products by the thousand, into the catalogue's own store.

use std::fs::File;
use std::io::BufReader;

use anyhow::{Context as _, Result, anyhow, bail};
use lavka_catalog::Existing;

use crate::assembly::{self, Surroundings};
use crate::command_line::Catalog;
use crate::config::Config;

/// Imports a file. The good lines stand, the bad ones are named.
///
/// # Errors
/// When the file can't be read, or a line was refused.
pub async fn run(command: Catalog) -> Result<()> {
    let Catalog::Import { file, places } = command;
    let mut config = Config::read(places.config.as_deref())?;
    config.data = places.data.unwrap_or(config.data);
    lavka_kit::telemetry::init(&config.log)?;
    let reader = File::open(&file).with_context(|| format!("read {}", file.display()))?;
    let Surroundings { context, .. } = Surroundings::prepare(&config, String::new(), false).await?;
    let report = lavka_catalog::import_products(
        &config.catalog,
        &assembly::of(&context, &config, "catalog"),
        BufReader::new(reader),
        Existing::Update,
    )
    .await;
    let report = report
        .map_err(|error| anyhow!(error))
        .with_context(|| format!("import {}", file.display()))?;
    context.tasks.shutdown(std::time::Duration::from_secs(5)).await;
    for failure in &report.failed {
        eprintln!("{}, line {}: {}", file.display(), failure.line, failure.message);
    }
    println!("imported {}, refused {}", report.imported, report.failed.len());
    if !report.failed.is_empty() {
        bail!("{} lines of {} were refused", report.failed.len(), file.display());
    }
    Ok(())
}
