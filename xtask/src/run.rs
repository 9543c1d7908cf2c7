//! Running other programs, saying which.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

/// The repository's top folder.
pub fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap_or_else(|| Path::new("."))
            .to_path_buf()
    })
}

/// A line that tells the person what happens now.
pub fn step(text: &str) {
    eprintln!("\u{1b}[1m==> {text}\u{1b}[0m");
}

/// Runs a program in `folder`, its output shown as it comes.
///
/// # Errors
/// When the program can't be started or ends with another code than 0.
pub fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    run_with(folder, program, arguments, &[])
}

/// Like [`run`], with environment variables.
///
/// # Errors
/// When the program can't be started or ends with another code than 0.
pub fn run_with(folder: &Path, program: &str, arguments: &[&str], env: &[(&str, &str)]) -> Result<()> {
    let status = status(folder, program, arguments, env)?;
    if !status.success() {
        bail!(
            "`{program} {}` in {} ended with {status}",
            arguments.join(" "),
            folder.display()
        );
    }
    Ok(())
}

/// Like [`run_with`], giving the exit status instead of judging it.
///
/// # Errors
/// When the program can't be started.
pub fn status(folder: &Path, program: &str, arguments: &[&str], env: &[(&str, &str)]) -> Result<ExitStatus> {
    Command::new(program)
        .args(arguments)
        .envs(env.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("start `{program}`: is it installed and on the PATH?"))
}

/// The cargo that runs us.
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Where cargo puts what it builds in the development profile.
pub fn built(program: &str) -> PathBuf {
    built_in("debug", program)
}

/// Where cargo puts what it builds in the release profile.
pub fn built_for_release(program: &str) -> PathBuf {
    built_in("release", program)
}

fn built_in(folder: &str, program: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target
        .join(folder)
        .join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}
