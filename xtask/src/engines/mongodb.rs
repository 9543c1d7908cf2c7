//! MongoDB where `mongod` is installed; elsewhere a server that speaks its protocol, for which docs/decisions.md says what only
//! the real one would show.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::place::Place;
use super::{Start, jars, process};
use crate::install::on_path;
use crate::run::root;

pub fn start(place: &Place) -> Result<Start> {
    let data = place.folder.join("data");
    std::fs::create_dir_all(&data).with_context(|| format!("make {}", data.display()))?;
    let port = place.port.to_string();
    if let Some(mongod) = on_path("mongod") {
        process::start(
            place,
            Command::new(mongod)
                .args(["--bind_ip", "127.0.0.1", "--port", &port, "--quiet", "--dbpath"])
                .arg(&data)
                .arg("--nounixsocket"),
        )?;
        return Ok(Start::Started);
    }
    let jars = match jars::fetch("mongodb.pom.xml")? {
        Ok(jars) => jars,
        Err(why) => {
            return Ok(Start::Missing(format!(
                "mongod is not installed, and for what stands in for it: {why}"
            )));
        }
    };
    process::start(
        place,
        Command::new(jars.java)
            .args(["-Xmx256m", "-XX:+UseSerialGC", "-cp", &jars.class_path])
            .arg("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
            .arg(root().join("xtask/engines/Mongod.java"))
            .arg(&port)
            .arg(data.join("store"))
            .current_dir(&place.folder),
    )?;
    Ok(Start::Started)
}
