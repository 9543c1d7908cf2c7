//! A store of a journey's own: the built program, a free port, a data directory that goes away with it.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{OnceCell, oneshot};

use crate::people::Person;

/// A running store.
pub struct Shop {
    data: TempDir,
    arguments: Vec<String>,
    process: Child,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    log: Arc<Mutex<VecDeque<String>>>,
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
        let data = furnished_copy().await;
        Self::run(data, arguments.iter().map(|&it| it.to_owned()).collect()).await
    }

    /// A store with nothing in it.
    pub async fn empty() -> Self {
        let data = TempDir::new().expect("make a data directory");
        Self::run(data, vec!["--no-demo".to_owned()]).await
    }

    async fn run(data: TempDir, arguments: Vec<String>) -> Self {
        let (process, url, log) = launch(data.path(), &arguments).await;
        Self {
            data,
            arguments,
            process,
            url,
            log,
        }
    }

    /// Kills the program as `kill -9` does.
    pub async fn kill(&mut self) {
        self.process.start_kill().expect("kill lavka");
        self.process.wait().await.expect("wait for lavka's end");
    }

    /// Starts the program again on the data that the last one left. The port is another.
    pub async fn start_again(&mut self) {
        let (process, url, log) = launch(self.data.path(), &self.arguments).await;
        (self.process, self.url, self.log) = (process, url, log);
    }

    /// Asks the program to end, as Ctrl-C does, and gives its exit code.
    pub async fn interrupt(&mut self) -> Option<i32> {
        let id = self.process.id().expect("lavka runs").to_string();
        let told = Command::new("kill")
            .args(["-INT", &id])
            .status()
            .await
            .expect("run kill");
        assert!(told.success());
        self.process.wait().await.expect("wait for lavka's end").code()
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

async fn launch(data: &Path, arguments: &[String]) -> (Child, String, Arc<Mutex<VecDeque<String>>>) {
    let mut process = Command::new(lavka())
        .args(["up", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("start lavka");
    let log = Arc::new(Mutex::new(VecDeque::new()));
    let (found, address) = oneshot::channel();
    let found = Arc::new(Mutex::new(Some(found)));
    let stdout = process.stdout.take().expect("lavka's output");
    let stderr = process.stderr.take().expect("lavka's output");
    let readers = [
        tokio::spawn(read(BufReader::new(stdout), Arc::clone(&log), Arc::clone(&found))),
        tokio::spawn(read(BufReader::new(stderr), Arc::clone(&log), Arc::clone(&found))),
    ];
    drop(found);
    let Ok(url) = address.await else {
        for reader in readers {
            reader.await.expect("read lavka's output");
        }
        let status = process.wait().await.expect("wait for lavka's end");
        panic!(
            "lavka ended with {status} before it was ready:\n{:#?}",
            log.lock().expect("the log")
        );
    };
    let ready = get(format!("{url}/health/ready"))
        .await
        .expect("ask for readiness");
    assert_eq!(
        ready.status(),
        200,
        "an address is printed once the store is ready"
    );
    (process, url, log)
}

async fn read(
    lines: impl tokio::io::AsyncBufRead + Unpin,
    log: Arc<Mutex<VecDeque<String>>>,
    found: Arc<Mutex<Option<oneshot::Sender<String>>>>,
) {
    let mut lines = lines.lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(at) = line.find("http://127.0.0.1:") {
            let url: String = line[at..]
                .chars()
                .take_while(|it| !it.is_whitespace() && *it != '\u{1b}')
                .collect();
            if let Some(found) = found.lock().expect("the sender").take() {
                let _ = found.send(url.trim_end_matches('/').to_owned());
            }
        }
        let mut log = log.lock().expect("the log");
        if log.len() > 400 {
            log.pop_front();
        }
        log.push_back(line);
    }
    // The sender goes away with the last reader, which tells `launch` that no address will come.
    drop(found);
}
