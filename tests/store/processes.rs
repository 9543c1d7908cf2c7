//! The store as a company runs it: a process a service (orders and notifications twice), the router in front, and real engines
//! below. `cargo xtask test` runs journeys in this shape, too, where the engines are: LAVKA_TEST_SHAPE=processes.
//!
//! Every journey has names of its own in the engines: schemas, a database, key prefixes, topics.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::process::Child;

use crate::people::eventually;
use crate::shop::{Log, get, start_program};

/// What runs, each on a port of its own. Two of a name are replicas.
const SERVICES: [&str; 8] = [
    "users",
    "catalog",
    "cart",
    "orders",
    "orders",
    "payments",
    "notifications",
    "notifications",
];

/// Whether journeys run in this shape.
pub fn wanted() -> bool {
    match std::env::var("LAVKA_TEST_SHAPE").as_deref() {
        Err(_) | Ok("one") => false,
        Ok("processes") => true,
        Ok(other) => panic!("LAVKA_TEST_SHAPE={other}: it is `one` or `processes`"),
    }
}

/// The processes of one store, running or not.
pub struct Processes {
    data: PathBuf,
    environment: Vec<(String, String)>,
    arguments: Vec<String>,
    is_demo: bool,
    services: Vec<Process>,
    router: Process,
    log: Log,
}

struct Process {
    name: &'static str,
    port: u16,
    child: Option<Child>,
}

impl Process {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            port: free_port(),
            child: None,
        }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/graphql", self.port)
    }
}

impl Processes {
    /// A store with nothing in it; with `--no-demo` it stays so.
    pub async fn start(data: &Path, arguments: &[String], log: &Log) -> Self {
        let services: Vec<Process> = SERVICES.into_iter().map(Process::new).collect();
        let router = Process::new("router");
        let mut processes = Self {
            data: data.to_owned(),
            environment: environment(data, &services, &router),
            arguments: arguments
                .iter()
                .filter(|it| *it != "--no-demo")
                .cloned()
                .collect(),
            is_demo: arguments.iter().all(|it| it != "--no-demo"),
            services,
            router,
            log: log.clone(),
        };
        if processes.is_demo {
            processes.furnish().await;
        }
        processes.start_all().await;
        processes
    }

    /// Where clients connect to.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.router.port)
    }

    /// The demo goods come in through a store of one process on the same engines.
    async fn furnish(&self) {
        let data = self.data.join("furnish");
        let mut arguments = vec!["up".to_owned(), "--listen=127.0.0.1:0".to_owned()];
        arguments.push(format!("--data={}", data.display()));
        let (mut process, _) = start_program(&arguments, &self.environment, &self.log).await;
        assert_eq!(interrupt(&mut process).await, Some(0), "lavka ends cleanly");
    }

    /// Starts what doesn't run: services first, since the router asks them for their schemas.
    pub async fn start_all(&mut self) {
        let (shared, log) = (self.shared(), self.log.clone());
        let environment = &self.environment;
        let starts = self
            .services
            .iter_mut()
            .filter(|it| it.child.is_none())
            .map(|it| {
                let mut arguments = vec!["subgraph".to_owned(), it.name.to_owned()];
                arguments.push(format!("--listen=127.0.0.1:{}", it.port));
                arguments.extend(shared.iter().cloned());
                let log = log.clone();
                async move {
                    let (child, _) = start_program(&arguments, environment, &log).await;
                    it.child = Some(child);
                }
            });
        futures_util::future::join_all(starts).await;
        if self.router.child.is_none() {
            let mut arguments = vec!["router".to_owned()];
            arguments.push(format!("--listen=127.0.0.1:{}", self.router.port));
            let named = self
                .services
                .iter()
                .map(|it| format!("--subgraph={}={}", it.name, it.url()));
            arguments.extend(named);
            arguments.extend(self.arguments.iter().cloned());
            self.router.child = Some(start_ready(&arguments, &self.environment, &self.log).await);
        }
    }

    fn shared(&self) -> Vec<String> {
        let mut shared = vec![format!("--data={}", self.data.display())];
        if self.is_demo {
            shared.push("--demo".to_owned());
        }
        shared.extend(self.arguments.iter().cloned());
        shared
    }

    /// Kills everything as `kill -9` does.
    pub async fn kill(&mut self) {
        for process in self.services.iter_mut().chain([&mut self.router]) {
            kill(process).await;
        }
    }

    /// Kills the process at this place of [`Processes::names`].
    pub async fn kill_one(&mut self, at: usize) {
        match self.services.get_mut(at) {
            Some(process) => kill(process).await,
            None => kill(&mut self.router).await,
        }
    }

    /// The process at this place stands still, or goes on: cut off from everybody, with its connections open.
    pub async fn freeze_one(&self, at: usize, is_frozen: bool) {
        let id = self.services[at].child.as_ref().and_then(Child::id);
        signal(id.expect("it runs"), if is_frozen { "-STOP" } else { "-CONT" }).await;
    }

    /// Where the services answer for themselves.
    pub fn service_urls(&self) -> Vec<String> {
        self.services
            .iter()
            .map(|it| format!("http://127.0.0.1:{}", it.port))
            .collect()
    }

    /// What runs, a name each; the router is the last.
    pub fn names(&self) -> Vec<&'static str> {
        self.services
            .iter()
            .chain([&self.router])
            .map(|it| it.name)
            .collect()
    }

    /// Asks all of them to end, and gives the worst exit code.
    pub async fn interrupt(&mut self) -> Option<i32> {
        let mut code = Some(0);
        for process in self.services.iter_mut().chain([&mut self.router]) {
            if let Some(mut child) = process.child.take() {
                match interrupt(&mut child).await {
                    Some(0) => {}
                    other => code = other,
                }
            }
        }
        code
    }
}

/// Starts one and waits until it is ready: it may have an address before its bus answers.
async fn start_ready(arguments: &[String], environment: &[(String, String)], log: &Log) -> Child {
    let (child, url) = start_program(arguments, environment, log).await;
    eventually(async || {
        let answer = get(format!("{url}/health/ready")).await.ok()?;
        answer.status().is_success().then_some(())
    })
    .await;
    child
}

async fn kill(process: &mut Process) {
    if let Some(mut child) = process.child.take() {
        child.kill().await.expect("kill lavka");
    }
}

/// As Ctrl-C does; the exit code.
pub async fn interrupt(process: &mut Child) -> Option<i32> {
    signal(process.id().expect("lavka runs"), "-INT").await;
    process.wait().await.expect("wait for lavka's end").code()
}

async fn signal(id: u32, signal: &str) {
    let told = tokio::process::Command::new("kill")
        .args([signal, &id.to_string()])
        .status()
        .await
        .expect("run kill");
    assert!(told.success());
}

fn environment(data: &Path, services: &[Process], router: &Process) -> Vec<(String, String)> {
    // The data directory's name is this journey's alone.
    let folder = data.file_name().expect("a name").to_string_lossy().to_lowercase();
    let letters = folder.chars().filter(char::is_ascii_alphanumeric);
    let name: String = "j"
        .chars()
        .chain(letters)
        .chain(std::process::id().to_string().chars())
        .collect();
    let engine = |engine: &str| {
        let variable = format!("LAVKA_TEST_{engine}");
        std::env::var(&variable).unwrap_or_else(|_| panic!("LAVKA_TEST_SHAPE=processes needs {variable}"))
    };
    let mut environment = vec![
        (
            "LAVKA__SERVICE_SECRET".to_owned(),
            "a secret for the services of one journey".to_owned(),
        ),
        (
            "LAVKA__PUBLIC_URL".to_owned(),
            format!("http://127.0.0.1:{}", router.port),
        ),
        (
            "LAVKA__BUS__URL".to_owned(),
            format!("{}/{name}", engine("KAFKA")),
        ),
        ("LAVKA__BUS__PARTITIONS".to_owned(), "2".to_owned()),
        (
            "LAVKA__CATALOG__DATABASE".to_owned(),
            format!("{}/{name}", engine("MONGODB")),
        ),
        ("LAVKA__CART__DATABASE".to_owned(), engine("REDIS")),
        ("LAVKA__CART__KEY_PREFIX".to_owned(), name.clone()),
        ("LAVKA__ROUTER__CORS__LOCALHOST".to_owned(), "true".to_owned()),
    ];
    for service in ["users", "orders", "payments", "notifications"] {
        let url = format!("{}?schema={name}_{service}", engine("POSTGRES"));
        environment.push((format!("LAVKA__{}__DATABASE", service.to_uppercase()), url));
    }
    for service in services {
        environment.push((
            format!("LAVKA__PEERS__{}", service.name.to_uppercase()),
            service.url(),
        ));
    }
    let users = services.iter().find(|it| it.name == "users").expect("users");
    let jwks = format!("http://127.0.0.1:{}/.well-known/jwks.json", users.port);
    environment.push(("LAVKA__JWKS_URL".to_owned(), jwks));
    environment
}

/// A port that nobody listens on now. Peers have to be told of each other before any of them has started. It is none of those that the
/// system gives to outgoing connections, so that it is still free when a killed process starts again.
fn free_port() -> u16 {
    static ASKED: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + u16::try_from(std::process::id() % 4_000).expect("a small number");
    loop {
        let port = first + ASKED.fetch_add(1, Ordering::Relaxed) % 6_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
