//! The browser that the journeys run in.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::install::{find_or_install, on_path};

/// Where Chromium is; installs Debian's on a machine where we may.
///
/// # Errors
/// When there is none and none can be installed, saying what to do.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("LAVKA_CHROMIUM") {
        return Ok(PathBuf::from(path));
    }
    if let Some(path) = find_or_install(find, "chromium")? {
        return Ok(path);
    }
    bail!(
        "the journeys in a browser need Chromium: install it, or name it by LAVKA_CHROMIUM=/path/to/chromium, \
         or leave the journeys out by `cargo xtask test` without --browser"
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
    .filter_map(on_path)
    .find(|it| starts(it))
}

/// Ubuntu's `chromium-browser` is a script that only says where to get one.
fn starts(chromium: &Path) -> bool {
    Command::new(chromium)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|it| it.success())
}
