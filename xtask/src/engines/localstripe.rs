//! localstripe: it knows less of the API than stripe-mock, and keeps what it was told: charges, cards that are declined,
//! 3-D Secure, refunds; and it sends webhooks.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::place::{self, Place};
use super::{Start, process};
use crate::install::{on_path, yields};
use crate::run::{root, step};

/// With everything that it needs, each in one version.
const PACKAGES: &str = include_str!("../../engines/localstripe.txt");

pub fn start(place: &Place) -> Result<Start> {
    let python = match python() {
        Ok(python) => python,
        Err(why) => return Ok(Start::Missing(why)),
    };
    process::start(
        place,
        Command::new(python)
            .arg(root().join("xtask/engines/play_localstripe.py"))
            .arg(place.port.to_string())
            .current_dir(&place.folder),
    )?;
    Ok(Start::Started)
}

/// A Python that has the packages.
fn python() -> Result<PathBuf, String> {
    let folder = place::folder().join("programs/localstripe");
    let python = folder.join("bin/python");
    // Written last, and with what was asked for: half an installation or another version's doesn't count.
    let complete = folder.join("complete");
    if fs::read_to_string(&complete).is_ok_and(|it| it == PACKAGES) {
        return Ok(python);
    }
    let Some(system) = on_path("python3") else {
        return Err("Python is not installed".to_owned());
    };
    step("installing localstripe");
    place::remove(&folder).map_err(|error| format!("{error:#}"))?;
    yields(Command::new(system).args(["-m", "venv"]).arg(&folder))?;
    yields(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
            ])
            .arg(root().join("xtask/engines/localstripe.txt")),
    )?;
    fs::write(&complete, PACKAGES).map_err(|error| format!("write {}: {error}", complete.display()))?;
    Ok(python)
}
