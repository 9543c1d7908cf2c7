//! A store of a journey's own: the built program, a free port, a data directory that goes away with it.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{OnceCell, oneshot};

use crate::people::{Person, eventually};
use crate::processes::{self, Processes};

/// Enough for a journey at the most talkative level.
const KEPT_LINES: usize = 500_000;

/// What the programs of a store have written, the newest lines.
pub type Log = Arc<Mutex<VecDeque<String>>>;

/// A running store.
pub struct Shop {
    data: TempDir,
    arguments: Vec<String>,
    running: Running,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    log: Log,
}

/// The two shapes of the store.
enum Running {
    One(Child),
    Several(Box<Processes>),
}

/// The data directory that every journey starts from: that of a store with demo data which was started once.
static FURNISHED: OnceCell<PathBuf> = OnceCell::const_new();

impl Shop {
    /// A store with demo data.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// A store with demo data and further arguments of `lavka up`.
    pub async fn start_with(arguments: &[&str]) -> Self {
        let data = match processes::wanted() {
            true => TempDir::new().expect("make a data directory"),
            false => furnished_copy().await,
        };
        Self::run(data, arguments.iter().map(|&it| it.to_owned()).collect()).await
    }

    /// A store that furnishes itself at its start, since its databases are not in its data directory.
    pub async fn unfurnished(arguments: &[&str]) -> Self {
        let data = TempDir::new().expect("make a data directory");
        Self::run(data, arguments.iter().map(|&it| it.to_owned()).collect()).await
    }

    /// A store with demo data and this configuration.
    pub async fn start_configured(configuration: &str) -> Self {
        let data = furnished_copy().await;
        let file = data.path().join("lavka.toml");
        std::fs::write(&file, configuration).expect("write the configuration");
        let file = file.to_str().expect("a path in UTF-8").to_owned();
        Self::run(data, vec!["--config".to_owned(), file]).await
    }

    /// A store with nothing in it.
    pub async fn empty() -> Self {
        let data = TempDir::new().expect("make a data directory");
        Self::run(data, vec!["--no-demo".to_owned()]).await
    }

    async fn run(data: TempDir, arguments: Vec<String>) -> Self {
        let log = Log::default();
        let (running, url) = match processes::wanted() {
            true => {
                let several = Processes::start(data.path(), &arguments, &log).await;
                let url = several.url();
                (Running::Several(Box::new(several)), url)
            }
            false => {
                let (process, url) = launch(data.path(), &arguments, &log).await;
                (Running::One(process), url)
            }
        };
        Self {
            data,
            arguments,
            running,
            url,
            log,
        }
    }

    /// Kills the program as `kill -9` does.
    pub async fn kill(&mut self) {
        match &mut self.running {
            Running::One(process) => process.kill().await.expect("kill lavka"),
            Running::Several(processes) => processes.kill().await,
        }
    }

    /// Starts the program again on the data that the last one left. The port may be another.
    pub async fn start_again(&mut self) {
        match &mut self.running {
            Running::One(process) => {
                (*process, self.url) = launch(self.data.path(), &self.arguments, &self.log).await;
            }
            Running::Several(processes) => processes.start_all().await,
        }
    }

    /// Its processes, where there are several.
    pub fn processes(&mut self) -> Option<&mut Processes> {
        match &mut self.running {
            Running::One(_) => None,
            Running::Several(processes) => Some(&mut **processes),
        }
    }

    /// Kills the program and starts it again, to die by itself at this place: see `kit::fault`.
    pub async fn start_again_to_die_at(&mut self, place: &str) {
        self.kill().await;
        let place = [("LAVKA_FAULT_POINT".to_owned(), place.to_owned())];
        // Work that the last one left may lead it there before it is open: each such death leaves less of it.
        for _ in 0..10 {
            let arguments = arguments_of(self.data.path(), &self.arguments);
            if let Ok(started) = try_to_start(&arguments, &place, &self.log).await {
                self.running = Running::One(started.0);
                self.url = started.1;
                return;
            }
        }
        panic!("it always dies before it is open:\n{}", self.log());
    }

    /// Waits until every event that was published has been handled by all who want it.
    pub async fn is_quiet(&self) {
        eventually(async || {
            let page = get(format!("{}/metrics", self.url))
                .await
                .ok()?
                .text()
                .await
                .ok()?;
            let mut waiting = page
                .lines()
                .filter(|it| it.starts_with("lavka_bus_waiting{"))
                .peekable();
            waiting.peek()?;
            waiting.all(|it| it.ends_with(" 0")).then_some(())
        })
        .await;
    }

    /// Waits until the program has died by itself.
    pub async fn dies(&mut self) {
        let Running::One(process) = &mut self.running else {
            panic!("only a store of one process dies as a whole");
        };
        let ended = tokio::time::timeout(std::time::Duration::from_secs(30), process.wait()).await;
        let status = ended
            .unwrap_or_else(|_| panic!("it did not come by there:\n{}", self.log()))
            .expect("wait for lavka's end");
        assert_eq!(status.code(), None, "it died of a signal: {}", self.log());
    }

    /// Asks the program to end, as Ctrl-C does, and gives its exit code.
    pub async fn interrupt(&mut self) -> Option<i32> {
        match &mut self.running {
            Running::One(process) => processes::interrupt(process).await,
            Running::Several(processes) => processes.interrupt().await,
        }
    }

    /// Where the store keeps its data.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// What the program has written so far.
    pub fn log(&self) -> String {
        self.log
            .lock()
            .expect("the log")
            .iter()
            .map(|it| format!("{it}\n"))
            .collect()
    }

    /// Somebody who is not signed in.
    pub fn guest(&self) -> Person {
        Person::new(&self.url)
    }

    /// The demo shopper, signed in.
    pub async fn shopper(&self) -> Person {
        self.person("shopper@lavka.test").await
    }

    /// The demo member of staff, signed in.
    pub async fn staff(&self) -> Person {
        self.person("staff@lavka.test").await
    }

    /// The demo administrator, signed in.
    pub async fn admin(&self) -> Person {
        self.person("admin@lavka.test").await
    }

    async fn person(&self, email: &str) -> Person {
        let mut person = self.guest();
        person.logs_in(email, "lavka-demo").await;
        person
    }

    /// Somebody who has just registered, with an address of their own.
    pub async fn newcomer(&self, name: &str) -> Person {
        let mut person = self.guest();
        person
            .registers(&format!("{}@example.com", name.to_lowercase()), name)
            .await;
        person
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- what lavka wrote:\n{}---", self.log());
        }
    }
}

async fn furnished_copy() -> TempDir {
    let furnished = FURNISHED
        .get_or_init(|| async {
            let data = TempDir::new().expect("make a data directory");
            let mut shop = Shop::run(data, Vec::new()).await;
            assert_eq!(
                shop.interrupt().await,
                Some(0),
                "lavka ends cleanly: {}",
                shop.log()
            );
            // A static is never dropped: it stands where cargo keeps what tests leave behind, and takes the last run's place.
            let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("furnished");
            if copy.exists() {
                std::fs::remove_dir_all(&copy).expect("remove the last run's data directory");
            }
            std::fs::create_dir(&copy).expect("make a data directory");
            copy_folder(shop.data.path(), &copy);
            copy
        })
        .await;
    let copy = TempDir::new().expect("make a data directory");
    copy_folder(furnished, copy.path());
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("read the data directory") {
        let entry = entry.expect("read the data directory");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a file's type").is_dir() {
            std::fs::create_dir(&target).expect("make a folder");
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copy a file");
        }
    }
}

/// An HTTP client of nobody in particular.
pub fn client() -> reqwest::Client {
    lavka_kit::tls::http_client().build().expect("a client")
}

/// Gets a page as anybody would.
pub async fn get(url: impl reqwest::IntoUrl) -> reqwest::Result<reqwest::Response> {
    client().get(url).send().await
}

/// The program under test.
pub fn lavka() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_lavka"))
}

fn arguments_of(data: &Path, more: &[String]) -> Vec<String> {
    let mut all = ["up", "--listen", "127.0.0.1:0", "--data"]
        .map(str::to_owned)
        .to_vec();
    all.push(data.to_str().expect("a path").to_owned());
    all.extend(more.iter().cloned());
    all
}

async fn launch(data: &Path, arguments: &[String], log: &Log) -> (Child, String) {
    let (process, url) = start_program(&arguments_of(data, arguments), &[], log).await;
    let ready = get(format!("{url}/health/ready"))
        .await
        .expect("ask for readiness");
    assert_eq!(
        ready.status(),
        200,
        "an address is printed once the store is ready: {}",
        ready.text().await.unwrap_or_default()
    );
    (process, url)
}

/// Starts the program and waits until it says where it is.
pub async fn start_program(
    arguments: &[String],
    environment: &[(String, String)],
    log: &Log,
) -> (Child, String) {
    let started = try_to_start(arguments, environment, log).await;
    started.unwrap_or_else(|why| panic!("{why}"))
}

/// Like [`start_program`]; or how it ended before it said that.
async fn try_to_start(
    arguments: &[String],
    environment: &[(String, String)],
    log: &Log,
) -> Result<(Child, String), String> {
    let mut process = Command::new(lavka())
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("start lavka");
    let (found, address) = oneshot::channel();
    let found = Arc::new(Mutex::new(Some(found)));
    // Addresses of others may be written to the log.
    let stdout = process.stdout.take().expect("lavka's output");
    let stderr = process.stderr.take().expect("lavka's output");
    let readers = [
        tokio::spawn(read(
            BufReader::new(stdout),
            Arc::clone(log),
            Some(Arc::clone(&found)),
        )),
        tokio::spawn(read(BufReader::new(stderr), Arc::clone(log), None)),
    ];
    drop(found);
    let Ok(url) = address.await else {
        for reader in readers {
            reader.await.expect("read lavka's output");
        }
        let status = process.wait().await.expect("wait for lavka's end");
        // Let go at once: who panics over this wants to read it.
        let written = log.lock().expect("the log").clone();
        return Err(format!(
            "`lavka {}` ended with {status} before it was ready:\n{written:#?}",
            arguments.join(" ")
        ));
    };
    Ok((process, url))
}

async fn read(
    lines: impl tokio::io::AsyncBufRead + Unpin,
    log: Log,
    found: Option<Arc<Mutex<Option<oneshot::Sender<String>>>>>,
) {
    let mut lines = lines.lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(found) = &found
            && let Some(at) = line.find("http://127.0.0.1:")
        {
            let url: String = line[at..]
                .chars()
                .take_while(|it| !it.is_whitespace() && *it != '\u{1b}')
                .collect();
            if let Some(found) = found.lock().expect("the sender").take() {
                let url = url.trim_end_matches('/').trim_end_matches("/graphql");
                let _ = found.send(url.to_owned());
            }
        }
        let mut log = log.lock().expect("the log");
        if log.len() > KEPT_LINES {
            log.pop_front();
        }
        log.push_back(line);
    }
    // The sender goes away with its reader, which tells `try_to_start` that no address will come.
    drop(found);
}
