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

/// Starts these and waits until they are healthy.
pub fn up(engines: &[Engine], options: Options) -> Result<Vec<State>> {
    if engines.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = engines.iter().map(|it| it.name()).collect();
    step(&format!("starting {} as containers", names.join(", ")));
    let mut env = vec![(
        "LAVKA_ENGINES_FSYNC".to_owned(),
        if options.durable { "on" } else { "off" }.to_owned(),
    )];
    let mut states = Vec::new();
    for &engine in engines {
        let place = Place::make(engine.name())?;
        env.push((variable(engine), place.port.to_string()));
        std::fs::write(marker(engine), "")?;
        states.push(State {
            engine,
            url: Ok(engine.url(place.port)),
        });
    }
    let up = ["up", "--detach", "--wait", "--quiet-pull", "--no-deps"];
    compose(&[&up[..], &names].concat(), &env)?;
    Ok(states)
}

/// Ends those of them that were started as containers, with their volumes.
pub fn down(engines: &[Engine]) -> Result<()> {
    let contained = |engines: &[Engine]| -> Vec<Engine> {
        let all = engines.iter().copied();
        all.filter(|it| marker(*it).exists()).collect()
    };
    let ending = contained(engines);
    if ending.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = ending.iter().map(|it| it.name()).collect();
    let remove = ["rm", "--stop", "--force", "--volumes"];
    compose(&[&remove[..], &names].concat(), &[])?;
    for engine in ending {
        std::fs::remove_file(marker(engine))?;
    }
    if contained(&Engine::OF_THE_STORE).is_empty() {
        // Their network.
        compose(&["down", "--volumes", "--timeout", "1"], &[])?;
    }
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
    // The file wants all of them, also those of engines that this command doesn't touch.
    let unset = Engine::OF_THE_STORE.map(variable);
    let unset = unset.iter().map(|it| (it.as_str(), "1"));
    let fsync = [("LAVKA_ENGINES_FSYNC", "off")];
    let set = env.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let env: Vec<_> = unset.chain(fsync).chain(set).collect();
    run_with(root(), "docker", &all, &env)
}

/// A name of this clone's own: two may be at work on one machine.
fn project() -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    root().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn variable(engine: Engine) -> String {
    format!("LAVKA_ENGINES_{}", engine.name().to_uppercase())
}

fn marker(engine: Engine) -> PathBuf {
    place::folder().join(engine.name()).join("container")
}
