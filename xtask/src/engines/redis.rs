//! Redis: its server from the system's packages.

use std::process::Command;

use anyhow::Result;

use super::place::Place;
use super::{Start, process};
use crate::install::{find_or_install, on_path};

pub fn start(place: &Place) -> Result<Start> {
    let Some(server) = find_or_install(
        || on_path("redis-server").or_else(|| on_path("valkey-server")),
        "redis-server",
    )?
    else {
        return Ok(Start::Missing("redis-server is not installed".to_owned()));
    };
    // Every change is in its file before a second has passed: a cart outlives a restart.
    process::start(
        place,
        Command::new(server)
            .args(["--bind", "127.0.0.1", "--port", &place.port.to_string()])
            .args(["--appendonly", "yes", "--save", "", "--loglevel", "warning"])
            .current_dir(&place.folder),
    )?;
    Ok(Start::Started)
}
