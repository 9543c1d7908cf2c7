//! `cargo xtask bench`: measurements that need whole programs. What one crate does is measured by `cargo bench -p CRATE`.

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::engines::Session;
use crate::run::{built_for_release, cargo, root, run, run_with, step};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// The router over HTTP, in front of subgraphs that answer from memory
    Router,
    /// The store as a process a service, on real engines
    Store,
}

/// Builds what is measured for release, and measures.
///
/// # Errors
/// When something can't be built, or the measurement fails.
pub fn bench(what: What, arguments: &[String]) -> Result<()> {
    match what {
        What::Router => router(arguments),
        What::Store => store(arguments),
    }
}

fn store(arguments: &[String]) -> Result<()> {
    step("building lavka and lavka-load for release (the first time takes a quarter of an hour)");
    let packages = ["--package", "lavka", "--package", "lavka-load", "--bins"];
    run(
        root(),
        &cargo(),
        &[&["build", "--release"], &packages[..]].concat(),
    )?;
    let engines = Session::durable()?;
    if let Some((engine, why)) = engines.missing().first() {
        bail!("{engine} is needed: {why}");
    }
    step("measuring");
    let lavka = built_for_release("lavka");
    let lavka = lavka.to_str().context("the path of lavka is not UTF-8")?;
    let load = built_for_release("lavka-load");
    let load = load.to_str().context("the path of lavka-load is not UTF-8")?;
    let processes = Session::processes();
    let processes: Vec<String> = processes
        .iter()
        .map(|(name, pid)| format!("--engine={name}={pid}"))
        .collect();
    let mut all = vec!["--lavka", lavka];
    all.extend(processes.iter().chain(arguments).map(String::as_str));
    run_with(root(), load, &all, &engines.variables())
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
