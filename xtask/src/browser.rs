//! The browser that the journey runs in.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::run::{root, run_with, step};

/// Where Chromium is; installs Debian's on a machine where we may.
///
/// # Errors
/// When there is none and none can be installed, saying what to do.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("LAVKA_CHROMIUM") {
        return Ok(PathBuf::from(path));
    }
    if let Some(path) = find() {
        return Ok(path);
    }
    if is_root() && on_path("apt-get").is_some() {
        step("installing Chromium");
        let quiet = [("DEBIAN_FRONTEND", "noninteractive")];
        run_with(root(), "apt-get", &["update", "-qq"], &quiet)?;
        run_with(
            root(),
            "apt-get",
            &["install", "-y", "-qq", "--no-install-recommends", "chromium"],
            &quiet,
        )?;
        if let Some(path) = find() {
            return Ok(path);
        }
    }
    bail!(
        "the journey in a browser needs Chromium: install it, or name it by LAVKA_CHROMIUM=/path/to/chromium, \
         or leave the journey out by `cargo xtask test` without --browser"
    )
}

fn find() -> Option<PathBuf> {
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ]
    .into_iter()
    .find_map(on_path)
}

fn on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|it| it.join(program))
        .find(|it| it.is_file())
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|it| String::from_utf8_lossy(&it.stdout).trim() == "0")
}
