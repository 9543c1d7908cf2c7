//! `cargo xtask test`: sets up what the tests need, and runs all of them.

use anyhow::{Context, Result};

use crate::browser;
use crate::coverage::Coverage;
use crate::run::{built, cargo, root, run, run_with, step};
use crate::web;

/// Runs every test. The journey in a browser is run on request; leaving it out is said.
///
/// # Errors
/// With the first part that fails.
pub fn test(with_browser: bool) -> Result<()> {
    let chromium = if !with_browser {
        None
    } else {
        Some(browser::chromium()?)
    };
    web::build()?;
    step("tests of the web client");
    let client = root().join("web-client");
    run(&client, "npm", &["run", "--silent", "test"])?;
    step("tests of the router, the services and the store");
    let coverage = Coverage::begin()?;
    run_with(
        root(),
        &cargo(),
        &["test", "--workspace", "--quiet"],
        &[("LAVKA_COVERAGE", coverage.folder_text()?)],
    )?;
    coverage.judge()?;
    match chromium {
        Some(chromium) => {
            step("the journey in a browser");
            let chromium = chromium.to_str().context("Chromium's path is not UTF-8")?;
            let lavka = built("lavka");
            let lavka = lavka.to_str().context("the path of lavka is not UTF-8")?;
            let env = [("LAVKA_CHROMIUM", chromium), ("LAVKA_BIN", lavka)];
            run_with(&client, "npm", &["run", "--silent", "journey"], &env)?;
        }
        None => step("LEFT OUT: the journey in a browser (add --browser)"),
    }
    step("all tests passed");
    Ok(())
}
