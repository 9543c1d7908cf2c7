//! The engines as containers, where a container engine runs.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Result;

use super::place::{self, Place};
use super::{Engine, Options, State};
use crate::run::{root, run_with, step};

/// Whether containers can be started; `LAVKA_ENGINES=native` says that they shall not.
pub fn available() -> bool {
    std::env::var("LAVKA_ENGINES").as_deref() != Ok("native")
        && ["info", "compose"].into_iter().all(|it| {
            let arguments: &[&str] = if it == "compose" {
                &["compose", "version"]
            } else {
                &["info"]
            };
            Command::new("docker")
                .args(arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|it| it.success())
        })
}

/// Starts all four and waits until they are healthy.
pub fn up(options: Options) -> Result<Vec<State>> {
    step("starting PostgreSQL, Redis, Kafka and MongoDB as containers");
    let mut env = vec![(
        "LAVKA_ENGINES_FSYNC".to_owned(),
        if options.durable { "on" } else { "off" }.to_owned(),
    )];
    let mut states = Vec::new();
    for engine in Engine::IN_CONTAINERS {
        let place = Place::make(engine.name())?;
        env.push((
            format!("LAVKA_ENGINES_{}", engine.name().to_uppercase()),
            place.port.to_string(),
        ));
        states.push(State {
            engine,
            url: Ok(engine.url(place.port)),
        });
    }
    std::fs::write(marker(), "")?;
    compose(&["up", "--detach", "--wait", "--quiet-pull"], &env)?;
    Ok(states)
}

/// Ends them, if they were started as containers, with their volumes.
pub fn down() -> Result<()> {
    if !marker().exists() {
        return Ok(());
    }
    let unset: Vec<_> = Engine::IN_CONTAINERS
        .iter()
        .map(|it| {
            (
                format!("LAVKA_ENGINES_{}", it.name().to_uppercase()),
                "1".to_owned(),
            )
        })
        .chain([("LAVKA_ENGINES_FSYNC".to_owned(), "off".to_owned())])
        .collect();
    compose(&["down", "--volumes", "--timeout", "1"], &unset)?;
    std::fs::remove_file(marker())?;
    Ok(())
}

fn compose(arguments: &[&str], env: &[(String, String)]) -> Result<()> {
    let file = root().join("xtask/engines/compose.yaml").display().to_string();
    let project = format!("lavka-engines-{}", project());
    let all = [
        &[
            "compose",
            "--progress",
            "quiet",
            "--file",
            &file,
            "--project-name",
            &project,
        ],
        arguments,
    ]
    .concat();
    let env: Vec<_> = env
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    run_with(root(), "docker", &all, &env)
}

/// A name of this clone's own: two may be at work on one machine.
fn project() -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    root().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn marker() -> PathBuf {
    place::folder().join("compose")
}
