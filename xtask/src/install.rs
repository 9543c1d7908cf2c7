//! Programs that the tests need: found, or installed from the system's packages where we may.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::Result;

use crate::run::{root, run_with, step};

/// Looks for a program; when it isn't there and we are root on a Debian, installs `package` and looks again.
///
/// # Errors
/// When the packages can't be installed.
pub fn find_or_install<T>(find: impl Fn() -> Option<T>, package: &str) -> Result<Option<T>> {
    // One at a time: the package manager lets nobody else in while it works.
    static ONE: Mutex<()> = Mutex::new(());
    if let Some(found) = find() {
        return Ok(Some(found));
    }
    if !is_root() || on_path("apt-get").is_none() {
        return Ok(None);
    }
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = find() {
        return Ok(Some(found));
    }
    step(&format!("installing {package}"));
    let quiet = [("DEBIAN_FRONTEND", "noninteractive")];
    let wait = "-oDPkg::Lock::Timeout=300";
    run_with(root(), "apt-get", &[wait, "update", "-qq"], &quiet)?;
    run_with(
        root(),
        "apt-get",
        &[wait, "install", "-y", "-qq", "--no-install-recommends", package],
        &quiet,
    )?;
    Ok(find())
}

/// Where a program is that can be called by its name.
pub fn on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|it| it.join(program))
        .find(|it| it.is_file())
}

/// Runs what fetches or builds a program for the tests.
///
/// # Errors
/// When it fails, in its own words: a machine without the network, say, has to do without that program.
pub fn yields(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().display().to_string();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{name} can't be run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.trim().lines().collect();
    let end = lines[lines.len().saturating_sub(5)..].join("; ");
    Err(format!("{name} ended with {}: {end}", output.status))
}

pub fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|it| String::from_utf8_lossy(&it.stdout).trim() == "0")
}
