//! Engines that are Java programs: their jars, copied once by Maven, and the Java to run them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};

use super::place;
use crate::install::{find_or_install, on_path};
use crate::run::{root, run, step};

/// The oldest Java that Kafka's broker runs on.
const JAVA: u32 = 17;

/// What a Java program is started with.
pub struct Jars {
    pub java: PathBuf,
    /// Every jar: `FOLDER/*`.
    pub class_path: String,
}

/// The jars that `pom` asks for. They stay in target/engines/jars for the next time.
///
/// # Errors
/// When Maven fails.
pub fn fetch(pom: &str) -> Result<Result<Jars, String>> {
    // Two Mavens at once would download their own plugins over each other.
    static ONE: Mutex<()> = Mutex::new(());
    let Some(java) = find_or_install(java, "openjdk-17-jdk-headless")? else {
        return Ok(Err(format!("Java {JAVA} or newer is not installed")));
    };
    let file = root().join("xtask/engines").join(pom);
    let text = fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?;
    let folder = place::folder()
        .join("jars")
        .join(pom.trim_end_matches(".pom.xml"));
    let jars = Jars {
        java,
        class_path: format!("{}/*", folder.display()),
    };
    // Written last, and with what was asked for: half a download or another version's doesn't count.
    let complete = folder.join("complete");
    if fs::read_to_string(&complete).is_ok_and(|it| it == text) {
        return Ok(Ok(jars));
    }
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    if find_or_install(|| on_path("mvn"), "maven")?.is_none() {
        return Ok(Err("Maven is not installed".to_owned()));
    }
    step(&format!("fetching the jars of {pom}"));
    place::remove(&folder)?;
    let target = format!("-DoutputDirectory={}", folder.display());
    let file = file.display().to_string();
    run(
        root(),
        "mvn",
        &[
            "-B",
            "-q",
            "-ntp",
            "-f",
            &file,
            "dependency:copy-dependencies",
            &target,
        ],
    )?;
    fs::write(&complete, text).with_context(|| format!("write {}", complete.display()))?;
    Ok(Ok(jars))
}

/// A Java with its compiler, new enough.
fn java() -> Option<PathBuf> {
    let home = std::env::var_os("JAVA_HOME").map(|it| PathBuf::from(it).join("bin/java"));
    home.into_iter()
        .chain(on_path("java"))
        .find(|it| version(it).is_some_and(|it| it >= JAVA))
}

fn version(java: &PathBuf) -> Option<u32> {
    // The compiler runs a program from its source.
    let output = Command::new(java)
        .args(["--list-modules"])
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let modules = String::from_utf8_lossy(&output.stdout).into_owned();
    let of = |module: &str| {
        modules
            .lines()
            .find_map(|it| it.strip_prefix(module)?.strip_prefix('@').map(str::to_owned))
    };
    of("jdk.compiler")?;
    of("java.base")?.split(['.', '-', '+']).next()?.parse().ok()
}
