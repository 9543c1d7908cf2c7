//! Where an engine lives: its port, its folder under target/engines, its log.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::run::root;

/// Ports below those that the system gives to outgoing connections: one that is free stays free while an engine restarts.
const PORTS: std::ops::Range<u16> = 20_000..30_000;

/// Everything of the engines.
pub fn folder() -> PathBuf {
    root().join("target/engines")
}

/// The variables for the tests, a line each.
pub fn env() -> PathBuf {
    folder().join("env")
}

/// One engine's.
pub struct Place {
    pub name: &'static str,
    pub folder: PathBuf,
    pub port: u16,
}

impl Place {
    /// A new folder and a free port.
    pub fn make(name: &'static str) -> Result<Self> {
        let folder = folder().join(name);
        fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
        let port = free_port()?;
        let file = folder.join("port");
        fs::write(&file, port.to_string()).with_context(|| format!("write {}", file.display()))?;
        Ok(Self { name, folder, port })
    }

    /// What was made before.
    pub fn find(name: &'static str) -> Option<Self> {
        let folder = folder().join(name);
        let port = fs::read_to_string(folder.join("port")).ok()?.parse().ok()?;
        Some(Self { name, folder, port })
    }

    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// The last lines that it wrote, for the error that says that it didn't start.
    pub fn end_of_log(&self) -> String {
        let log = fs::read(self.log()).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    pub fn remove(&self) -> Result<()> {
        remove(&self.folder)
    }
}

/// Removes a folder with all that is in it, if it is there.
pub fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// A port that nobody listens on. Two that ask at once get different ones: each goes through the ports from a place of its own.
pub fn free_port() -> Result<u16> {
    use std::sync::atomic::{AtomicU16, Ordering};
    static ASKED: AtomicU16 = AtomicU16::new(0);
    let count = PORTS.end - PORTS.start;
    let from = u16::try_from(std::process::id() % u32::from(count)).unwrap_or(0);
    for _ in 0..count {
        let offset = (u32::from(from) + u32::from(ASKED.fetch_add(1, Ordering::Relaxed))) % u32::from(count);
        let port = PORTS.start + u16::try_from(offset).unwrap_or(0);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port between {} and {} is free", PORTS.start, PORTS.end)
}
