//! Stripe's own mock: it knows the shape of everything that the API takes and gives, and remembers nothing.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::place::{self, Place};
use super::{Start, process};
use crate::install::{on_path, yields};
use crate::run::step;

const VERSION: &str = "v0.203.0";

pub fn start(place: &Place) -> Result<Start> {
    let program = match program() {
        Ok(program) => program,
        Err(why) => return Ok(Start::Missing(why)),
    };
    process::start(
        place,
        Command::new(program)
            .args(["-http-addr", &format!("127.0.0.1:{}", place.port)])
            // Or it would answer to any version, by the shapes of its own.
            .arg("-strict-version-check")
            // It wants one; anywhere on this computer.
            .args(["-https-addr", "127.0.0.1:0"]),
    )?;
    Ok(Start::Started)
}

/// Built once by Go, in a folder of this version's.
fn program() -> Result<PathBuf, String> {
    let folder = place::folder()
        .join("programs")
        .join(format!("stripe-mock-{VERSION}"));
    let program = folder.join("stripe-mock");
    if program.is_file() {
        return Ok(program);
    }
    let go = on_path("go").or_else(|| Some(PathBuf::from("/usr/local/go/bin/go")).filter(|it| it.is_file()));
    let Some(go) = go else {
        return Err("Go is not installed".to_owned());
    };
    step(&format!("building stripe-mock {VERSION}"));
    yields(
        Command::new(go)
            .args(["install", &format!("github.com/stripe/stripe-mock@{VERSION}")])
            .env("GOBIN", &folder)
            // Whatever is set for other programs.
            .env("GOFLAGS", "-mod=mod"),
    )?;
    Ok(program)
}
