//! PostgreSQL: its programs from the system's packages, and a cluster of our own. It refuses to run as root, so that root hands
//! it to the system's user `postgres`, together with a folder that this user can reach.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use super::place::{self, Place};
use super::process::{self, User};
use super::{Options, Start};
use crate::install::{find_or_install, is_root, on_path};

pub fn start(place: &Place, options: Options) -> Result<Start> {
    let Some(programs) = find_or_install(programs, "postgresql")? else {
        return Ok(Start::Missing("PostgreSQL is not installed".to_owned()));
    };
    let user = match is_root() {
        true => Some(its_user()?),
        false => None,
    };
    let data = data(place, user)?;
    let password = data.with_extension("password");
    fs::write(&password, "lavka").with_context(|| format!("write {}", password.display()))?;
    let mut init = Command::new(programs.join("initdb"));
    init.arg("--pgdata").arg(&data).arg("--pwfile").arg(&password);
    init.args(["--username=lavka", "--auth=scram-sha-256", "--encoding=UTF8"]);
    init.args(["--locale=C.UTF-8", "--no-sync"]);
    let log = fs::File::create(place.log()).with_context(|| format!("open {}", place.log().display()))?;
    init.stdin(Stdio::null())
        .stdout(log.try_clone().context("share the log")?)
        .stderr(log)
        .current_dir("/");
    if let Some(user) = user {
        user.runs(&mut init);
    }
    let status = init.status().context("run initdb")?;
    if !status.success() {
        bail!("initdb ended with {status}:\n{}", place.end_of_log());
    }
    let fsync = if options.durable { "on" } else { "off" };
    let mut server = Command::new(programs.join("postgres"));
    server.arg("-D").arg(&data).arg("-k").arg(&data);
    server.args(["-h", "127.0.0.1", "-p", &place.port.to_string()]);
    // Room for every test's pools at once.
    for setting in [
        "max_connections=400",
        "shared_buffers=128MB",
        &format!("fsync={fsync}"),
    ] {
        server.args(["-c", setting]);
    }
    server.current_dir("/");
    process::start_as(place, &mut server, user)?;
    Ok(Start::Started)
}

/// The newest version's programs.
fn programs() -> Option<PathBuf> {
    let version = |it: &PathBuf| it.file_name()?.to_str()?.parse::<u32>().ok();
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|it| Some(it.ok()?.path()))
        .collect();
    versions.sort_by_key(version);
    let debian = versions.into_iter().rev().map(|it| it.join("bin"));
    let path = on_path("initdb").and_then(|it| it.parent().map(Path::to_path_buf));
    debian
        .chain(path)
        .find(|it| it.join("initdb").is_file() && it.join("postgres").is_file())
}

/// Whom root becomes.
pub fn its_user() -> Result<User> {
    let ask = |what: &str| -> Result<u32> {
        let output = Command::new("id")
            .args([what, "postgres"])
            .output()
            .context("run `id`")?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        text.parse()
            .context("there is no system user `postgres`, and PostgreSQL doesn't run as root")
    };
    Ok(User {
        id: ask("-u")?,
        group: ask("-g")?,
    })
}

/// Starts it on the data of one that was killed.
///
/// What is left of a killed process keeps its number until its parent collects it, and a server that finds that number in
/// postmaster.pid takes it for a living one and refuses. Taking the file away would take with it the look at who still has the dead
/// one's memory. So the new one is told, as pg_ctl tells it of the shell that it was called from, that this number is no server; it looks
/// at the memory all the same.
#[cfg(target_os = "linux")]
pub fn start_again(place: &Place) -> Result<()> {
    process::start_again(place, &uncollected(place)?)
}

#[cfg(target_os = "linux")]
fn uncollected(place: &Place) -> Result<Vec<(&'static str, String)>> {
    let owner = fs::read_to_string(data_of(place)?.join("postmaster.pid")).unwrap_or_default();
    let owner = owner.lines().next().and_then(|it| it.parse::<u32>().ok());
    let left = owner.filter(|id| Path::new(&format!("/proc/{id}")).exists() && !process::is_alive(*id));
    Ok(left
        .map(|id| ("PG_GRANDPARENT_PID", id.to_string()))
        .into_iter()
        .collect())
}

/// The folder for the data: under target/engines, or, where the other user can't get there (a clone below /root), beside the
/// system's temporary files.
fn data(place: &Place, user: Option<User>) -> Result<PathBuf> {
    let Some(user) = user else {
        return Ok(place.folder.join("data"));
    };
    let mut probe = Command::new("test");
    probe.arg("-x").arg(&place.folder).current_dir("/");
    user.runs(&mut probe);
    let reaches = probe.status().context("run `test`")?;
    let folder = match reaches.success() {
        true => place.folder.join("own"),
        false => elsewhere(place),
    };
    place::remove(&folder)?;
    fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
    #[cfg(unix)]
    std::os::unix::fs::chown(&folder, Some(user.id), Some(user.group))
        .with_context(|| format!("give {} to postgres", folder.display()))?;
    Ok(folder.join("data"))
}

/// Where [`data`] has put it.
#[cfg(target_os = "linux")]
pub fn data_of(place: &Place) -> Result<PathBuf> {
    [place.folder.clone(), place.folder.join("own"), elsewhere(place)]
        .into_iter()
        .map(|it| it.join("data"))
        .find(|it| it.is_dir())
        .with_context(|| format!("{} has no data", place.folder.display()))
}

/// A name that no other clone uses.
fn elsewhere(place: &Place) -> PathBuf {
    std::env::temp_dir().join(format!("lavka-postgres-{}", place.port))
}

/// Removes what stands outside the place.
pub fn remove_elsewhere(place: &Place) -> Result<()> {
    place::remove(&elsewhere(place))
}
