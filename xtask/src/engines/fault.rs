//! What befalls an engine: it is killed and comes back, or stands still for a while. For the journeys that look what becomes of the store
//! meanwhile.

use std::fs;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::place::Place;
use super::process::{children, signal};
use super::{Engine, health, postgres, process};

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

/// Does it to the engine of this name.
///
/// # Errors
/// When there is no such engine, or it can't be done to it.
pub fn happens(fault: Fault, name: &str) -> Result<()> {
    let engine = Engine::named(name)?;
    let place = Place::find(engine.name()).with_context(|| format!("{name} was not started natively"))?;
    happens_at(fault, engine, &place)
}

fn happens_at(fault: Fault, engine: Engine, place: &Place) -> Result<()> {
    if fault == Fault::Start {
        return start(engine, place);
    }
    let id = process::id(place).with_context(|| format!("{} doesn't run", place.name))?;
    if fault == Fault::Thaw {
        return signal("CONT", &[vec![id], children(id)?].concat());
    }
    // It stands still before we look for its children, or it would go on having some.
    signal("STOP", &[id])?;
    let all = [vec![id], children(id)?].concat();
    match fault {
        Fault::Freeze => signal("STOP", &all),
        // What stands in for MongoDB writes its file once a second, which MongoDB itself does not wait for: it is asked to end.
        _ if is_stand_in(engine, id)? => {
            signal("TERM", &all)?;
            signal("CONT", &all)?;
            ended(place, &all)
        }
        _ => {
            signal("KILL", &all)?;
            ended(place, &all)
        }
    }
}

fn start(engine: Engine, place: &Place) -> Result<()> {
    if process::runs(place) {
        bail!("{} runs", place.name);
    }
    match engine {
        Engine::Postgres => postgres::start_again(place),
        _ => process::start_again(place, &[]),
    }?;
    if !health::answers(|| engine.healthy(place.port), || process::runs(place)) {
        bail!("{} doesn't come back:\n{}", place.name, place.end_of_log());
    }
    Ok(())
}

fn is_stand_in(engine: Engine, id: u32) -> Result<bool> {
    let line = fs::read_to_string(format!("/proc/{id}/cmdline")).context("look up its arguments")?;
    Ok(engine == Engine::Mongodb && line.split('\0').any(|it| it.ends_with("Mongod.java")))
}

/// Waits until none of them is there any more.
fn ended(place: &Place, all: &[u32]) -> Result<()> {
    for _ in 0..200 {
        if !all.iter().any(|it| process::is_alive(*it)) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    bail!("{} doesn't end", place.name)
}

#[cfg(test)]
mod tests;
