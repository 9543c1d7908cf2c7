//! `cargo xtask up`: from a clone to a running store.

use anyhow::{Context, Result};

use crate::run::{built, cargo, root, run, step};
use crate::web;

/// Builds everything and runs `lavka up` with `arguments` until it ends.
///
/// # Errors
/// When a part can't be built, or `lavka` ends with an error.
pub fn up(arguments: &[String]) -> Result<()> {
    web::build()?;
    step("building lavka (the first time takes some minutes)");
    // Without the adapters of Kafka, Redis and MongoDB, which this store doesn't use: see docs/decisions.md.
    run(
        root(),
        &cargo(),
        &[
            "build",
            "--package",
            "lavka",
            "--bin",
            "lavka",
            "--no-default-features",
        ],
    )?;
    step("starting lavka");
    let mut command = std::process::Command::new(built("lavka"));
    command.arg("up").args(arguments).current_dir(root());
    replace(command)
}

/// Becomes `lavka`, so that Ctrl-C and signals reach it and nothing else.
#[cfg(unix)]
fn replace(mut command: std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).context("start lavka")
}

#[cfg(not(unix))]
fn replace(mut command: std::process::Command) -> Result<()> {
    let status = command.status().context("start lavka")?;
    if !status.success() {
        anyhow::bail!("lavka ended with {status}");
    }
    Ok(())
}
