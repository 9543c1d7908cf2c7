//! `cargo xtask bench`: measurements that need whole programs. What one crate does is measured by `cargo bench -p CRATE`.

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::run::{built_for_release, cargo, root, run, step};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// The router over HTTP, in front of subgraphs that answer from memory
    Router,
}

/// Builds what is measured for release, and measures.
///
/// # Errors
/// When something can't be built, or the measurement fails.
pub fn bench(what: What, arguments: &[String]) -> Result<()> {
    match what {
        What::Router => router(arguments),
    }
}

fn router(arguments: &[String]) -> Result<()> {
    step("building lavka-router and lavka-bench for release (the first time takes some minutes)");
    let packages = ["--package", "lavka-router", "--package", "lavka-bench", "--bins"];
    run(
        root(),
        &cargo(),
        &[&["build", "--release"], &packages[..]].concat(),
    )?;
    step("measuring");
    let router = built_for_release("lavka-router");
    let router = router.to_str().context("the path of lavka-router is not UTF-8")?;
    let bench = built_for_release("lavka-bench");
    let bench = bench.to_str().context("the path of lavka-bench is not UTF-8")?;
    let mut all = vec!["router", "--router", router];
    all.extend(arguments.iter().map(String::as_str));
    run(root(), bench, &all)
}
