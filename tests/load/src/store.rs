//! The store as a company runs it: a process a service, the router in front, real engines below. In the engines it has names of its
//! own, which stay there until `cargo xtask engines down`.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use http::Uri;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::goods;
use crate::programs::{self, Program};

const SERVICES: [&str; 6] = ["users", "catalog", "cart", "orders", "payments", "notifications"];

/// Where the engines are.
pub struct Engines {
    postgres: String,
    redis: String,
    kafka: String,
    mongodb: String,
}

impl Engines {
    /// As `cargo xtask` tells its children.
    pub fn from_environment() -> Result<Self> {
        let url = |engine: &str| {
            let variable = format!("LAVKA_TEST_{engine}");
            std::env::var(&variable)
                .with_context(|| format!("{variable} must say where it is (`cargo xtask engines up`)"))
        };
        Ok(Self {
            postgres: url("POSTGRES")?,
            redis: url("REDIS")?,
            kafka: url("KAFKA")?,
            mongodb: url("MONGODB")?,
        })
    }
}

/// The store.
pub struct Store {
    lavka: PathBuf,
    data: TempDir,
    environment: Vec<(String, String)>,
    bus: String,
    ports: [u16; SERVICES.len()],
    router: u16,
    running: Vec<Child>,
    programs: Vec<Program>,
    products: usize,
    client: reqwest::Client,
}

impl Store {
    /// Lays the demo's goods and accounts into the engines, and as many products beside them; nothing runs yet.
    pub async fn furnish(lavka: &Path, engines: Engines, products: usize) -> Result<Self> {
        let mut ports = [0; SERVICES.len()];
        for port in &mut ports {
            *port = free_port()?;
        }
        let router = free_port()?;
        let name = format!("load{}", std::process::id());
        let bus = format!("{}/{name}", engines.kafka);
        let data = TempDir::new().context("make a data directory")?;
        let store = Self {
            lavka: lavka.to_owned(),
            data,
            environment: environment(&engines, &name, &bus, &ports, router),
            bus,
            ports,
            router,
            running: Vec::new(),
            programs: Vec::new(),
            products,
            client: lavka_kit::tls::http_client()
                .build()
                .context("make an HTTP client")?,
        };
        store.lay_the_demo().await?;
        if products > 0 {
            store.import().await?;
        }
        Ok(store)
    }

    fn command(&self, arguments: &[String], log: &str) -> Result<Command> {
        let file = self.data.path().join(format!("{log}.log"));
        let log = File::create(&file).with_context(|| format!("make {}", file.display()))?;
        let mut command = Command::new(&self.lavka);
        command
            .args(arguments)
            .arg(format!("--data={}", self.data.path().display()))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stderr(log)
            .kill_on_drop(true);
        Ok(command)
    }

    /// A store of one process on the same engines brings the demo in; then it ends.
    async fn lay_the_demo(&self) -> Result<()> {
        let up = ["up".to_owned(), "--listen=127.0.0.1:0".to_owned()];
        let mut process = self
            .command(&up, "demo")?
            .stdout(Stdio::piped())
            .spawn()
            .context("start lavka")?;
        let output = process.stdout.take().context("lavka's output")?;
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await? {
            if line.contains("http://127.0.0.1:") {
                interrupt(&process).await?;
            }
        }
        let status = process.wait().await?;
        ensure!(
            status.success(),
            "`lavka up` ended with {status}; see its log:\n{}",
            self.log("demo")
        );
        Ok(())
    }

    async fn import(&self) -> Result<()> {
        let file = self.data.path().join("goods.jsonl");
        goods::write(self.products, &file)?;
        let started = Instant::now();
        let import = [
            "catalog".to_owned(),
            "import".to_owned(),
            file.display().to_string(),
        ];
        let status = self
            .command(&import, "import")?
            .stdout(Stdio::null())
            .status()
            .await?;
        ensure!(
            status.success(),
            "the import ended with {status}; see its log:\n{}",
            self.log("import")
        );
        println!(
            "imported {} products in {:.0} s",
            self.products,
            started.elapsed().as_secs_f64()
        );
        Ok(())
    }

    /// Starts all of it, and waits until it is ready.
    pub async fn start(&mut self, engines: &[Program]) -> Result<()> {
        let started = Instant::now();
        for (name, port) in SERVICES.into_iter().zip(self.ports) {
            let arguments = ["subgraph".to_owned(), name.to_owned()];
            self.run(name, port, &arguments, &["--demo".to_owned()])?;
        }
        for port in self.ports {
            self.is_ready(port).await?;
        }
        println!(
            "the services were ready after {:.1} s",
            started.elapsed().as_secs_f64()
        );
        let named = SERVICES
            .into_iter()
            .zip(self.ports)
            .map(|(name, port)| format!("--subgraph={name}=http://127.0.0.1:{port}/graphql"));
        let named: Vec<String> = named.collect();
        let file = self.data.path().join("router.log");
        let mut command = Command::new(&self.lavka);
        command
            .arg("router")
            .arg(format!("--listen=127.0.0.1:{}", self.router))
            .args(named)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&file).with_context(|| format!("make {}", file.display()))?)
            .kill_on_drop(true);
        self.keep("router", command.spawn().context("start the router")?)?;
        self.is_ready(self.router).await?;
        self.programs.extend(engines.iter().cloned());
        Ok(())
    }

    fn run(&mut self, name: &str, port: u16, arguments: &[String], more: &[String]) -> Result<()> {
        let mut command = self.command(arguments, name)?;
        command
            .arg(format!("--listen=127.0.0.1:{port}"))
            .args(more)
            .stdout(Stdio::null());
        let child = command.spawn().with_context(|| format!("start {name}"))?;
        self.keep(name, child)
    }

    fn keep(&mut self, name: &str, child: Child) -> Result<()> {
        let pid = child.id().with_context(|| format!("{name} ended at once"))?;
        self.programs.push(Program {
            name: name.to_owned(),
            pid,
        });
        self.running.push(child);
        Ok(())
    }

    async fn is_ready(&mut self, port: u16) -> Result<()> {
        let until = Instant::now() + Duration::from_secs(120);
        let url = format!("http://127.0.0.1:{port}/health/ready");
        loop {
            if let Ok(answer) = self.client.get(&url).send().await
                && answer.status().is_success()
            {
                return Ok(());
            }
            for (child, program) in self.running.iter_mut().zip(&self.programs) {
                if let Some(status) = child.try_wait()? {
                    let log = std::fs::read_to_string(self.data.path().join(format!("{}.log", program.name)));
                    bail!(
                        "{} ended with {status}:\n{}",
                        program.name,
                        log.unwrap_or_default()
                    );
                }
            }
            if Instant::now() > until {
                bail!("{url} isn't ready after two minutes");
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.data.path().join(format!("{name}.log"))).unwrap_or_default()
    }

    /// Waits until nobody has anything to do any more: events travel, indexes are built.
    pub async fn calms_down(&self) -> Result<()> {
        let until = Instant::now() + Duration::from_secs(600);
        let (mut before, mut calm) = (programs::used(&self.programs)?, 0);
        while calm < 3 {
            if Instant::now() > until {
                bail!("the store is still busy after ten minutes");
            }
            sleep(Duration::from_millis(500)).await;
            let now = programs::used(&self.programs)?;
            let used: Duration = programs::since(&before, &now).iter().sum();
            calm = if used < Duration::from_millis(160) {
                calm + 1
            } else {
                0
            };
            before = now;
        }
        Ok(())
    }

    /// Whose time counts: the services, the router, the engines.
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// How many products there are beside the demo's.
    pub const fn products(&self) -> usize {
        self.products
    }

    /// Where the events travel: a `kafka://` URL.
    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// A folder that goes away with the store.
    pub fn folder(&self) -> &Path {
        self.data.path()
    }

    /// Where the router is: "http://127.0.0.1:4000"
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.router)
    }

    /// Where it answers.
    pub fn graphql(&self) -> Uri {
        let authority = format!("127.0.0.1:{}", self.router);
        Uri::builder()
            .scheme("http")
            .authority(authority)
            .path_and_query("/graphql")
            .build()
            .unwrap_or_default()
    }

    /// Asks once, as a guest, and gives the data.
    pub async fn asks(&self, query: &str, variables: Value) -> Result<Value> {
        self.asks_as(None, query, variables).await
    }

    /// Asks once, and gives the data.
    pub async fn asks_as(&self, token: Option<&str>, query: &str, variables: Value) -> Result<Value> {
        let body = json!({ "query": query, "variables": variables });
        let mut request = self.client.post(self.graphql().to_string()).json(&body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let mut answer: Value = request.send().await?.json().await?;
        ensure!(answer.get("errors").is_none(), "{answer:#}");
        Ok(answer["data"].take())
    }

    /// Sends a form without fields to a page, as a button does.
    pub async fn presses(&self, url: &str) -> Result<()> {
        self.client.post(url).send().await?.error_for_status()?;
        Ok(())
    }

    /// Ends all of it.
    pub async fn end(mut self) -> Result<()> {
        for child in &self.running {
            interrupt(child).await?;
        }
        for child in &mut self.running {
            child.wait().await?;
        }
        Ok(())
    }
}

/// As Ctrl-C does.
async fn interrupt(child: &Child) -> Result<()> {
    if let Some(id) = child.id() {
        Command::new("kill")
            .args(["-INT", &id.to_string()])
            .status()
            .await?;
    }
    Ok(())
}

fn free_port() -> Result<u16> {
    // Below those that the system gives to outgoing connections.
    let first = 10_000 + u16::try_from(std::process::id() % 4_000)?;
    static_ports(first)
}

fn static_ports(first: u16) -> Result<u16> {
    use std::sync::atomic::{AtomicU16, Ordering};
    static ASKED: AtomicU16 = AtomicU16::new(0);
    for _ in 0..1_000 {
        let port = first + ASKED.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port behind {first} is free")
}

fn environment(
    engines: &Engines,
    name: &str,
    bus: &str,
    ports: &[u16; SERVICES.len()],
    router: u16,
) -> Vec<(String, String)> {
    let mut environment = vec![
        (
            "SERVICE_SECRET".to_owned(),
            "a secret for the services under load".to_owned(),
        ),
        ("PUBLIC_URL".to_owned(), format!("http://127.0.0.1:{router}")),
        ("BUS__URL".to_owned(), bus.to_owned()),
        ("BUS__REPLICAS".to_owned(), "1".to_owned()),
        (
            "CATALOG__DATABASE".to_owned(),
            format!("{}/{name}", engines.mongodb),
        ),
        ("CART__DATABASE".to_owned(), engines.redis.clone()),
        ("CART__KEY_PREFIX".to_owned(), name.to_owned()),
        ("LOG__FILTER".to_owned(), "warn".to_owned()),
    ];
    for service in ["users", "orders", "payments", "notifications"] {
        let url = format!("{}?schema={name}_{service}", engines.postgres);
        environment.push((format!("{}__DATABASE", service.to_uppercase()), url));
    }
    for (service, port) in SERVICES.into_iter().zip(ports) {
        let url = format!("http://127.0.0.1:{port}");
        if service == "users" {
            environment.push(("JWKS_URL".to_owned(), format!("{url}/.well-known/jwks.json")));
        }
        environment.push((
            format!("PEERS__{}", service.to_uppercase()),
            format!("{url}/graphql"),
        ));
    }
    environment
        .into_iter()
        .map(|(name, value)| (format!("LAVKA__{name}"), value))
        .collect()
}
