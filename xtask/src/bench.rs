//! `cargo xtask bench`: measurements that need whole programs. What one crate does is measured by `cargo bench -p CRATE`.

use anyhow::{Context, Result};
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
    build(["lavka", "lavka-load"], "a quarter of an hour")?;
    let engines = Session::durable()?;
    step("measuring");
    let (lavka, load) = (program("lavka")?, program("lavka-load")?);
    let processes = Session::processes();
    let processes: Vec<String> = processes
        .iter()
        .map(|(name, pid)| format!("--engine={name}={pid}"))
        .collect();
    let mut all = vec!["--lavka", &*lavka];
    all.extend(processes.iter().chain(arguments).map(String::as_str));
    run_with(root(), &load, &all, &engines.variables())
}

fn router(arguments: &[String]) -> Result<()> {
    build(["lavka-router", "lavka-bench"], "some minutes")?;
    step("measuring");
    let (router, bench) = (program("lavka-router")?, program("lavka-bench")?);
    let mut all = vec!["router", "--router", &*router];
    all.extend(arguments.iter().map(String::as_str));
    run(root(), &bench, &all)
}

fn build([measured, measuring]: [&str; 2], takes: &str) -> Result<()> {
    step(&format!(
        "building {measured} and {measuring} for release (the first time takes {takes})"
    ));
    let packages = ["--package", measured, "--package", measuring, "--bins"];
    run(
        root(),
        &cargo(),
        &[&["build", "--release"], &packages[..]].concat(),
    )
}

fn program(name: &str) -> Result<String> {
    let path = built_for_release(name);
    let path = path.to_str();
    Ok(path
        .with_context(|| format!("the path of {name} is not UTF-8"))?
        .to_owned())
}
