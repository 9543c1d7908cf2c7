//! The parts that Node builds: the storefront and GraphiQL. Both are embedded into `lavka`.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::run::{root, run, step};

/// The npm projects, and what each builds.
const PROJECTS: [(&str, &str); 2] = [
    ("web-client", "the storefront"),
    ("router/server/graphiql", "GraphiQL"),
];

/// Node's oldest major version that the projects' tools accept.
const NODE: u32 = 20;

/// Builds both, unless what is there is newer than its sources.
///
/// # Errors
/// When Node is missing or too old, or npm fails.
pub fn build() -> Result<()> {
    check_node()?;
    for (folder, name) in PROJECTS {
        let folder = root().join(folder);
        install(&folder, name)?;
        let sources = newest(
            &folder,
            &["node_modules", "dist", "test-results", "playwright-report"],
        )?
        .max(modified(&root().join("schema/api.graphql")));
        let marker = folder.join("dist/index.html");
        let marker = if marker.exists() {
            marker
        } else {
            folder.join("dist")
        };
        if modified(&marker) < sources {
            step(&format!("building {name}"));
            run(&folder, "npm", &["run", "--silent", "build"])?;
        }
    }
    Ok(())
}

/// Installs the packages that a project's lock file names, unless they are there.
///
/// # Errors
/// When npm fails.
pub fn install(folder: &Path, name: &str) -> Result<()> {
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed < modified(&folder.join("package-lock.json")) || installed == SystemTime::UNIX_EPOCH {
        step(&format!("installing the packages of {name}"));
        run(
            folder,
            "npm",
            &["ci", "--no-audit", "--no-fund", "--loglevel=error"],
        )?;
    }
    Ok(())
}

fn check_node() -> Result<()> {
    let output = std::process::Command::new("node")
        .arg("--version")
        .output()
        .context("start `node`: the storefront is built by Node 20 or newer, see https://nodejs.org")?;
    let version = String::from_utf8_lossy(&output.stdout);
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|it| it.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE => Ok(()),
        _ => bail!(
            "Node {NODE} or newer is needed, and `node --version` says {}",
            version.trim()
        ),
    }
}

/// When a file was last written; long ago when it is not there.
fn modified(path: &Path) -> SystemTime {
    fs::metadata(path)
        .and_then(|it| it.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

/// When the newest file below a folder was written.
fn newest(folder: &Path, except: &[&str]) -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        let entry = entry?;
        if except.iter().any(|it| entry.file_name() == *it) {
            continue;
        }
        newest = newest.max(if entry.file_type()?.is_dir() {
            self::newest(&entry.path(), except)?
        } else {
            modified(&entry.path())
        });
    }
    Ok(newest)
}
