//! Engines for the length of one command, however that command ends.
//!
//! A `Drop` is not enough: Ctrl-C or kill -9 runs none. So a second process holds the end of a pipe from the command, and ends
//! the engines when the pipe closes, which the operating system sees to.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

use super::{Options, State};

/// While this lives the engines are up; those that were up before stay up.
pub struct Session {
    states: Vec<State>,
    guard: Option<Child>,
}

impl Session {
    /// Starts them.
    ///
    /// # Errors
    /// When one that is there doesn't come up.
    pub fn begin() -> Result<Self> {
        let before = super::look();
        if before.iter().all(|it| it.url.is_ok()) {
            return Ok(Self {
                states: before,
                guard: None,
            });
        }
        let mut session = Self {
            states: Vec::new(),
            guard: Some(spawn_guard()?),
        };
        session.states = super::up(Options::default())?;
        Ok(session)
    }

    /// What the tests are told.
    pub fn variables(&self) -> Vec<(&str, &str)> {
        self.states.iter().filter_map(State::variable).collect()
    }

    /// Which engines can't be had here: name and reason.
    pub fn missing(&self) -> Vec<(&'static str, &str)> {
        self.states
            .iter()
            .filter_map(|it| Some((it.engine.name(), it.url.as_ref().err()?.as_str())))
            .collect()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(mut guard) = self.guard.take() {
            drop(guard.stdin.take());
            if let Err(error) = guard.wait() {
                eprintln!("the engines may still run (`cargo xtask engines down`): {error}");
            }
        }
    }
}

fn spawn_guard() -> Result<Child> {
    let program = std::env::current_exe().context("find the own program")?;
    let mut command = Command::new(program);
    command.args(["engines", "guard"]).stdin(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().context("start the engines' guard")
}

/// What the second process does.
///
/// # Errors
/// When the engines can't be ended.
pub fn guard() -> Result<()> {
    let mut rest = Vec::new();
    std::io::stdin()
        .read_to_end(&mut rest)
        .context("wait for the end of the command")?;
    super::down()
}
