//! An engine's process: started in a group of its own, so that Ctrl-C in the terminal doesn't reach it, and found again by a file.
//!
//! A process id alone would be a trap: long after a reboot it may be somebody else's. So the time of its start is kept with
//! it where the system tells it.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::place::Place;

/// Starts it, its output going to the log.
pub fn start(place: &Place, command: &mut Command) -> Result<()> {
    let log = fs::File::options()
        .create(true)
        .append(true)
        .open(place.log())
        .with_context(|| format!("open {}", place.log().display()))?;
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let child = command
        .stdin(Stdio::null())
        .stdout(log.try_clone().context("share the log")?)
        .stderr(log)
        .spawn()
        .with_context(|| format!("run {}", command.get_program().display()))?;
    let file = place.folder.join("pid");
    let id = child.id();
    fs::write(&file, format!("{id} {}", started(id).unwrap_or_default()))
        .with_context(|| format!("write {}", file.display()))
}

/// Whether it still runs.
pub fn runs(place: &Place) -> bool {
    id(place).is_some()
}

/// Ends it, at once: its data goes with it.
pub fn end(place: &Place) -> Result<()> {
    let Some(id) = id(place) else { return Ok(()) };
    // PostgreSQL has children and shared memory to clear away; QUIT makes it do so without more ado.
    let signal = if place.name == "postgres" { "QUIT" } else { "KILL" };
    for signal in [signal, "KILL"] {
        Command::new("kill")
            .args(["-s", signal, &id.to_string()])
            .stderr(Stdio::null())
            .status()
            .context("run `kill`")?;
        for _ in 0..100 {
            if !runs(place) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
    bail!("{} (process {id}) can't be ended", place.name)
}

/// The process id, if that process is there and the one that we started.
pub fn id(place: &Place) -> Option<u32> {
    let text = fs::read_to_string(place.folder.join("pid")).ok()?;
    let (id, at) = text.split_once(' ')?;
    let id = id.parse().ok()?;
    (started(id)? == at).then_some(id)
}

/// When a process was started, as text to compare; `None` when there is none, or only its remains that nobody has collected.
#[cfg(target_os = "linux")]
fn started(id: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // Behind the program's name, which may hold anything: state, then among many others the start, the 22nd of all.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    match *fields.first()? {
        "Z" | "X" => None,
        _ => fields.get(19).map(|it| (*it).to_owned()),
    }
}

#[cfg(not(target_os = "linux"))]
fn started(id: u32) -> Option<String> {
    let output = Command::new("ps")
        .args(["-o", "stat=,lstart=", "-p", &id.to_string()])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let (state, at) = text.split_once(char::is_whitespace)?;
    (!state.starts_with('Z')).then(|| at.trim().to_owned())
}
