//! What befalls an engine: it is killed and comes back, or stands still for a while. For the journeys that look what becomes of the store
//! meanwhile.
//!
//! How to start it again is read from the running process before it is killed, so that what starts is what ran, on the same data.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::place::Place;
use super::{Engine, health, process};

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Fault {
    /// It is killed, with all its children
    Kill,
    /// It comes back on the same data, after a kill
    Start,
    /// It stands still: it keeps its connections, takes new ones, and says nothing
    Freeze,
    /// It goes on
    Thaw,
}

/// Does it.
///
/// # Errors
/// When there is no such engine, or it can't be done to it.
pub fn happens(fault: Fault, name: &str) -> Result<()> {
    let engine = Engine::ALL.into_iter().find(|it| it.name() == name);
    let engine = engine.with_context(|| format!("there is no engine `{name}`"))?;
    let place = Place::find(engine.name()).with_context(|| format!("{name} was not started natively"))?;
    let running = || {
        let id = process::id(&place).with_context(|| format!("{name} doesn't run"))?;
        anyhow::Ok((id, [vec![id], children(id)?].concat()))
    };
    match fault {
        Fault::Start => start(engine, &place),
        Fault::Freeze => signal("STOP", &running()?.1),
        Fault::Thaw => signal("CONT", &running()?.1),
        Fault::Kill => {
            let (id, all) = running()?;
            let file = place.folder.join("again");
            fs::write(&file, how_it_runs(id)?.join("\0"))
                .with_context(|| format!("write {}", file.display()))?;
            // What stands in for MongoDB writes its file once a second, which MongoDB itself does not wait for: it is asked to end.
            let is_stand_in =
                engine == Engine::Mongodb && command_line(id)?.iter().any(|it| it.ends_with("Mongod.java"));
            signal(if is_stand_in { "TERM" } else { "KILL" }, &all)?;
            ended(&place)
        }
    }
}

fn start(engine: Engine, place: &Place) -> Result<()> {
    let file = place.folder.join("again");
    let text = fs::read_to_string(&file).with_context(|| format!("{} was not killed before", place.name))?;
    let how: Vec<&str> = text.split('\0').collect();
    let [user, group, folder, program, arguments @ ..] = how.as_slice() else {
        bail!("{} doesn't say how it ran", file.display());
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .uid(user.parse().context("read its user")?)
        .gid(group.parse().context("read its group")?);
    process::start(place, &mut command)?;
    if !health::answers(|| engine.healthy(place.port), || process::runs(place)) {
        bail!("{} doesn't come back:\n{}", place.name, place.end_of_log());
    }
    Ok(())
}

/// Its user, group, folder, program and arguments, as Linux tells them.
fn how_it_runs(id: u32) -> Result<Vec<String>> {
    let link = |what: &str| -> Result<String> {
        let path =
            fs::read_link(format!("/proc/{id}/{what}")).with_context(|| format!("look up its {what}"))?;
        Ok(path.display().to_string())
    };
    let status = fs::read_to_string(format!("/proc/{id}/status")).context("look up its user")?;
    let number = |what: &str| {
        let line = status.lines().find_map(|it| it.strip_prefix(what));
        let number = line.and_then(|it| it.split_whitespace().next());
        number
            .map(str::to_owned)
            .with_context(|| format!("look up its {what}"))
    };
    let mut how = vec![number("Uid:")?, number("Gid:")?, link("cwd")?, link("exe")?];
    how.extend(command_line(id)?.into_iter().skip(1));
    Ok(how)
}

fn command_line(id: u32) -> Result<Vec<String>> {
    let line = fs::read_to_string(format!("/proc/{id}/cmdline")).context("look up its arguments")?;
    Ok(line.split_terminator('\0').map(str::to_owned).collect())
}

/// PostgreSQL has one for each connection.
fn children(id: u32) -> Result<Vec<u32>> {
    let output = Command::new("ps")
        .args(["-o", "pid=", "--ppid", &id.to_string()])
        .output()
        .context("run `ps`")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.split_whitespace().filter_map(|it| it.parse().ok()).collect())
}

fn signal(signal: &str, processes: &[u32]) -> Result<()> {
    let ids = processes.iter().map(ToString::to_string);
    // A child may have ended by itself meanwhile.
    let told = Command::new("kill").args(["-s", signal]).args(ids).output();
    told.map(drop).context("run `kill`")
}

fn ended(place: &Place) -> Result<()> {
    for _ in 0..200 {
        if !process::runs(place) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    bail!("{} doesn't end", place.name)
}
