//! An engine's process: started in a group of its own, so that Ctrl-C in the terminal doesn't reach it, and found again by a file.
//!
//! A process id alone would be a trap: long after a reboot it may be somebody else's. So the time of its start is kept with
//! it where the system tells it.
//!
//! How it was started is kept, too, since what was killed is started again by another program than the first. (The process itself
//! doesn't tell: Redis writes a title over its arguments.)

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::place::Place;

/// Between the parts of how it was started: neither a path nor an argument has it.
const BETWEEN: &str = "\0";

/// Whom root becomes, for an engine that refuses to run as root.
#[derive(Clone, Copy)]
pub struct User {
    pub id: u32,
    pub group: u32,
}

impl User {
    /// Has the command run as this user.
    pub fn runs(self, command: &mut Command) {
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            command.uid(self.id).gid(self.group);
        }
    }
}

/// Starts it, its output going to the log.
pub fn start(place: &Place, command: &mut Command) -> Result<()> {
    start_as(place, command, None)
}

/// Starts it as another user. Nothing but what is asked of the command here is there when it starts again: no variables.
pub fn start_as(place: &Place, command: &mut Command, user: Option<User>) -> Result<()> {
    let text = |it: &std::ffi::OsStr| it.to_str().map(str::to_owned).context("an argument is not UTF-8");
    let folder = command.get_current_dir().unwrap_or(&place.folder).to_owned();
    let number = |it: fn(User) -> u32| user.map(it).as_ref().map(ToString::to_string).unwrap_or_default();
    let mut how = vec![
        number(|it| it.id),
        number(|it| it.group),
        text(folder.as_os_str())?,
    ];
    how.push(text(command.get_program())?);
    for argument in command.get_args() {
        how.push(text(argument)?);
    }
    let file = place.folder.join("how");
    fs::write(&file, how.join(BETWEEN)).with_context(|| format!("write {}", file.display()))?;
    if let Some(user) = user {
        user.runs(command);
    }
    spawn(place, command.current_dir(folder))
}

/// Starts it once more, as it was started first; these variables tell it what has become of the first.
pub fn start_again(place: &Place, variables: &[(&str, String)]) -> Result<()> {
    let file = place.folder.join("how");
    let text = fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?;
    let how: Vec<&str> = text.split(BETWEEN).collect();
    let [user, group, folder, program, arguments @ ..] = how.as_slice() else {
        bail!("{} doesn't say how it was started", file.display());
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .envs(variables.iter().map(|(name, value)| (name, value)));
    if !user.is_empty() {
        let user = User {
            id: user.parse().context("read its user")?,
            group: group.parse().context("read its group")?,
        };
        user.runs(&mut command);
    }
    spawn(place, &mut command)
}

/// Whether a process is there and runs, whoever started it.
pub fn is_alive(id: u32) -> bool {
    started(id).is_some()
}

fn spawn(place: &Place, command: &mut Command) -> Result<()> {
    let log = fs::File::options()
        .create(true)
        .append(true)
        .open(place.log())
        .with_context(|| format!("open {}", place.log().display()))?;
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(log.try_clone().context("share the log")?)
        .stderr(log)
        .spawn()
        .with_context(|| format!("run {}", command.get_program().display()))?;
    let file = place.folder.join("pid");
    let id = child.id();
    fs::write(&file, format!("{id} {}", started(id).unwrap_or_default()))
        .with_context(|| format!("write {}", file.display()))?;
    // As long as we live it is collected when it has ended; otherwise what is left of it would bear its number until we end.
    thread::spawn(move || child.wait());
    Ok(())
}

/// Whether it still runs.
pub fn runs(place: &Place) -> bool {
    id(place).is_some()
}

/// Ends it, at once: its data goes with it.
pub fn end(place: &Place) -> Result<()> {
    let Some(id) = id(place) else { return Ok(()) };
    // What stands still hears nothing else.
    signal("CONT", &[vec![id], children(id)?].concat())?;
    // PostgreSQL has children and shared memory to clear away; QUIT makes it do so without more ado.
    let first = if place.name == "postgres" { "QUIT" } else { "KILL" };
    for name in [first, "KILL"] {
        signal(name, &[id])?;
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

/// PostgreSQL has one for each connection.
pub fn children(id: u32) -> Result<Vec<u32>> {
    let output = Command::new("ps")
        .args(["-A", "-o", "ppid=,pid="])
        .output()
        .context("run `ps`")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers = text.lines().filter_map(|it| {
        let (parent, child) = it.trim().split_once(char::is_whitespace)?;
        Some((parent.parse::<u32>().ok()?, child.trim().parse().ok()?))
    });
    Ok(numbers
        .filter_map(|(parent, child)| (parent == id).then_some(child))
        .collect())
}

/// Sends a signal to each of them. One that has ended meanwhile doesn't matter.
pub fn signal(name: &str, processes: &[u32]) -> Result<()> {
    let ids = processes.iter().map(ToString::to_string);
    let told = Command::new("kill").args(["-s", name]).args(ids).output();
    told.map(drop).context("run `kill`")
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
