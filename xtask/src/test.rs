//! `cargo xtask test`: sets up what the tests need, and runs all of them.

use anyhow::{Context, Result, bail};

use crate::browser;
use crate::coverage::Coverage;
use crate::engines::{Engine, Session};
use crate::run::{built, cargo, root, run, run_with, step};
use crate::web;

/// The journeys that are made in this shape, too: what crosses services, and what processes can do to each other. (All of them
/// can be: LAVKA_TEST_SHAPE=processes with the engines' variables; it takes long.)
const IN_PROCESSES: [&str; 3] = ["buying::", "paying::", "crashing::"];
/// The journeys in which things befall processes and engines.
const FAULTS: &str = "faults::";
/// Two of them are made by every run, with few checkouts. All of them, with 500 each, take ten minutes and more, most of it in waiting for
/// what is away or stands still: `cargo xtask faults` makes them on request.
const A_PROCESS_IS_KILLED: &str = "faults::whichever_process_is_killed";
const AN_ENGINE_IS_KILLED: &str = "faults::whichever_engine_is_killed";
const CHECKOUTS_IN_SHORT: u32 = 40;

/// Runs every test. The journeys in a browser are left out, which is said, only where there is no browser and none can be
/// installed; not if `browser_required`.
///
/// # Errors
/// With the first part that fails.
pub fn test(browser_required: bool) -> Result<()> {
    let chromium = match browser::chromium() {
        Err(error) if !browser_required => {
            step(&format!("LEAVING OUT a part: {error:#}"));
            None
        }
        found => Some(found?),
    };
    web::build()?;
    step("tests of the web client");
    let client = root().join("web-client");
    run(&client, "npm", &["run", "--silent", "test"])?;
    rust()?;
    match chromium {
        Some(chromium) => {
            step("the journeys in a browser");
            let chromium = chromium.to_str().context("Chromium's path is not UTF-8")?;
            let lavka = built("lavka");
            let lavka = lavka.to_str().context("the path of lavka is not UTF-8")?;
            let env = [("LAVKA_CHROMIUM", chromium), ("LAVKA_BIN", lavka)];
            run_with(&client, "npm", &["run", "--silent", "journey"], &env)?;
        }
        None => step("LEFT OUT: the journeys in a browser, since there is none"),
    }
    step("all tests passed");
    Ok(())
}

/// The journeys of faults, on engines that wait for the disk: what is killed may lose nothing that was answered.
///
/// # Errors
/// When an engine is missing, or something was lost.
pub fn faults(checkouts: u32, only: Option<&str>) -> Result<()> {
    step("building the store and its journeys");
    let store = ["test", "--package", "lavka", "--test", "store", "--quiet"];
    run(root(), &cargo(), &[&store[..], &["--no-run"]].concat())?;
    let engines = Session::durable()?;
    if !engines.are_native() {
        bail!(
            "things befall only engines that run natively on Linux: LAVKA_ENGINES=native, and `cargo xtask engines down` before"
        );
    }
    step("killing and stopping");
    befalls(
        &engines,
        checkouts,
        &[&format!("{FAULTS}{}", only.unwrap_or_default())],
    )
}

/// The journeys of these names, in which things befall the store; what they count is shown.
fn befalls(engines: &Session, checkouts: u32, names: &[&str]) -> Result<()> {
    let program = std::env::current_exe().context("find the own program")?;
    let program = program.to_str().context("the own path is not UTF-8")?;
    let checkouts = checkouts.to_string();
    let more = [
        ("LAVKA_TEST_FAULTS", "1"),
        ("LAVKA_TEST_CHECKOUTS", &*checkouts),
        ("LAVKA_XTASK", program),
    ];
    in_processes(engines, &more, &[&["--nocapture"], names].concat())
}

/// Journeys through the store as several processes on real engines.
fn in_processes(engines: &Session, more: &[(&str, &str)], journeys: &[&str]) -> Result<()> {
    let mut env = engines.variables();
    env.push(("LAVKA_TEST_SHAPE", "processes"));
    env.extend(more);
    // Each store is nine processes.
    let arguments = [
        "test",
        "--package",
        "lavka",
        "--test",
        "store",
        "--quiet",
        "--",
        "--test-threads=1",
    ];
    run_with(root(), &cargo(), &[&arguments[..], journeys].concat(), &env)
}

/// The Rust tests, with the engines that this machine has.
fn rust() -> Result<()> {
    // Built first: engines that wait for a compiler only warm the room.
    step("building the tests of the router, the services and the store");
    run(root(), &cargo(), &["test", "--workspace", "--quiet", "--no-run"])?;
    let engines = Session::begin()?;
    let missing = engines.missing(&Engine::ALL);
    for (engine, why) in &missing {
        step(&format!("LEFT OUT: all tests on {engine}: {why}"));
    }
    if !missing.is_empty() && std::env::var("LAVKA_TEST_ENGINES").as_deref() == Ok("required") {
        bail!("LAVKA_TEST_ENGINES=required, and not every engine is there");
    }
    step("tests of the router, the services and the store");
    let coverage = Coverage::begin()?;
    let mut env = engines.variables();
    env.push(("LAVKA_COVERAGE", coverage.folder_text()?));
    // Without it, a comparison with the other composer is left out where its packages are missing.
    web::install(
        &root().join("router/compose/tests/theguild"),
        "the other composer",
    )?;
    env.push(("LAVKA_THEGUILD", "1"));
    web::install(
        &root().join("router/server/tests/clients"),
        "the clients that others wrote",
    )?;
    env.push(("LAVKA_CLIENTS", "1"));
    run_with(root(), &cargo(), &["test", "--workspace", "--quiet"], &env)?;
    coverage.judge()?;
    if let [(engine, _), ..] = *engines.missing(&Engine::OF_THE_STORE) {
        step(&format!(
            "LEFT OUT: the journeys through the store as several processes, since {engine} is missing"
        ));
        return Ok(());
    }
    step("journeys through the store as several processes on real engines");
    in_processes(&engines, &[], &IN_PROCESSES)?;
    step(
        "processes and engines are killed while people check out (all that can befall them: `cargo xtask faults`)",
    );
    if engines.are_native() {
        return befalls(
            &engines,
            CHECKOUTS_IN_SHORT,
            &[A_PROCESS_IS_KILLED, AN_ENGINE_IS_KILLED],
        );
    }
    step("LEFT OUT: engines are killed only where they run natively on Linux");
    befalls(&engines, CHECKOUTS_IN_SHORT, &[A_PROCESS_IS_KILLED])
}
