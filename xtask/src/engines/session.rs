//! Engines for the length of one command, however that command ends.
//!
//! A `Drop` is not enough: Ctrl-C or kill -9 runs none. So a second process holds the end of a pipe from the command, and ends
//! the engines when the pipe closes, which the operating system sees to.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use super::place::Place;
use super::{Engine, Options, State, process};

/// While this lives the engines are up; those that were up before stay up.
pub struct Session {
    states: Vec<State>,
    guard: Option<Child>,
}

impl Session {
    /// Starts all of them that can be had.
    ///
    /// # Errors
    /// When one that is there doesn't come up.
    pub fn begin() -> Result<Self> {
        Self::begin_with(&Engine::ALL, Options::default())
    }

    /// Starts what the store runs on, to be measured or killed. Those that are up already were told how by whoever started them:
    /// `engines up --durable`.
    ///
    /// # Errors
    /// As [`Session::begin`], and when one of them is missing.
    pub fn durable() -> Result<Self> {
        let session = Self::begin_with(&Engine::OF_THE_STORE, Options { durable: true })?;
        if let Some((engine, why)) = session.missing(&Engine::OF_THE_STORE).first() {
            bail!("{engine} is needed: {why}");
        }
        Ok(session)
    }

    fn begin_with(engines: &[Engine], options: Options) -> Result<Self> {
        let idle = super::idle(engines);
        let mut session = Self {
            states: Vec::new(),
            guard: match idle.is_empty() {
                true => None,
                false => Some(spawn_guard(&idle)?),
            },
        };
        session.states = super::up(engines, options)?;
        Ok(session)
    }

    /// What the tests are told.
    pub fn variables(&self) -> Vec<(&str, &str)> {
        self.states.iter().filter_map(State::variable).collect()
    }

    /// The engines' processes, where they are processes of this machine: name and number.
    pub fn processes() -> Vec<(&'static str, u32)> {
        Engine::ALL
            .into_iter()
            .filter_map(|it| {
                let place = Place::find(it.name())?;
                Some((it.name(), process::id(&place)?))
            })
            .collect()
    }

    /// Whether `engines fault` can do something to what the store runs on.
    pub fn are_native(&self) -> bool {
        let processes = Self::processes();
        let runs = |engine: Engine| processes.iter().any(|(name, _)| *name == engine.name());
        cfg!(target_os = "linux") && Engine::OF_THE_STORE.into_iter().all(runs)
    }

    /// Which of these engines can't be had here: name and reason.
    pub fn missing(&self, engines: &[Engine]) -> Vec<(&'static str, &str)> {
        self.states
            .iter()
            .filter(|it| engines.contains(&it.engine))
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

fn spawn_guard(engines: &[Engine]) -> Result<Child> {
    let program = std::env::current_exe().context("find the own program")?;
    let mut command = Command::new(program);
    command
        .args(["engines", "guard"])
        .args(engines.iter().map(|it| it.name()))
        .stdin(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().context("start the engines' guard")
}

/// What the second process does, for the engines that the first has started.
///
/// # Errors
/// When the engines can't be ended.
pub fn guard(engines: &[String]) -> Result<()> {
    let engines: Vec<Engine> = engines
        .iter()
        .map(|it| Engine::named(it))
        .collect::<Result<_>>()?;
    let mut rest = Vec::new();
    std::io::stdin()
        .read_to_end(&mut rest)
        .context("wait for the end of the command")?;
    super::down(&engines)
}
