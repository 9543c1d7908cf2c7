//! The browser that the journey runs in.

use std::path::PathBuf;

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
