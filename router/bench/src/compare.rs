//! The comparison: every target under every operation, round after round, so that what disturbs the machine disturbs all alike.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::Uri;
use lavka_bench::OPERATIONS;
use serde_json::{Value as Json, json};

use crate::nginx;
use crate::started::Started;
use lavka_bench::load::{Load, Outcome, ask};
use lavka_bench::process::Tree;

/// What to compare, and how long.
pub struct Comparison {
    pub router: PathBuf,
    pub router_arguments: Vec<String>,
    pub nginx: PathBuf,
    /// Where the subgraphs are played already, if somebody does.
    pub subgraphs: Option<String>,
    pub also: Vec<Other>,
    pub only: Vec<String>,
    pub rounds: usize,
    pub seconds: f64,
    pub connections: usize,
}

/// Something else that answers the same operations.
#[derive(Clone, Debug)]
pub struct Other {
    pub name: String,
    pub url: Uri,
    pub pid: u32,
}

struct Target {
    name: String,
    url: Uri,
    process: Tree,
}

impl Comparison {
    /// Starts what has to be started, runs all rounds and prints a table.
    pub async fn run(&self) -> Result<()> {
        let folder = tempfile::tempdir().context("make a folder for the run")?;
        let mut started = Vec::new();
        let base = match &self.subgraphs {
            Some(address) => format!("http://{address}"),
            None => {
                let this = std::env::current_exe().context("find the own program")?;
                let mut command = std::process::Command::new(this);
                command.args(["subgraphs", "--listen", "127.0.0.1:0"]);
                let mut subgraphs = Started::new("the subgraphs", &mut command)?;
                let base = subgraphs.says("subgraphs at ")?;
                started.push(subgraphs);
                base
            }
        };
        let supergraph = folder.path().join("supergraph.graphql");
        std::fs::write(&supergraph, lavka_bench::supergraph(&base)?).context("write the supergraph")?;

        let mut command = std::process::Command::new(&self.router);
        command
            .arg("--supergraph")
            .arg(&supergraph)
            .args(["--listen", "127.0.0.1:0"])
            .args(&self.router_arguments);
        let mut router = Started::new("lavka-router", &mut command)?;
        let url = router
            .says("GraphQL at ")?
            .parse()
            .context("the router's address")?;
        let mut targets = vec![Target {
            name: "lavka-router".to_owned(),
            url,
            process: Tree::of(router.pid())?,
        }];
        started.push(router);

        let port = free_port()?;
        let upstream = base.trim_start_matches("http://");
        match nginx::start(&self.nginx, folder.path(), port, upstream)? {
            Some(proxy) => {
                let url: Uri = format!("http://127.0.0.1:{port}/")
                    .parse()
                    .context("nginx's address")?;
                wait_for(&url).await?;
                // The workers are there once one has answered.
                ask(&url, Bytes::from_static(br#"{"query":"{__typename}"}"#)).await?;
                targets.push(Target {
                    name: "nginx (proxy)".to_owned(),
                    url,
                    process: Tree::of(proxy.pid())?,
                });
                started.push(proxy);
            }
            None => eprintln!("LEFT OUT: nginx, which is not at {}", self.nginx.display()),
        }
        for other in &self.also {
            targets.push(Target {
                name: other.name.clone(),
                url: other.url.clone(),
                process: Tree::of(other.pid)?,
            });
        }

        let whole: Uri = format!("{base}/whole")
            .parse()
            .context("the subgraphs' address")?;
        for (name, operation) in self.operations() {
            let body = Bytes::from(json!({ "query": operation }).to_string());
            let wanted = ask(&whole, body.clone()).await?;
            self.measure(name, &body, &wanted, &targets).await?;
        }
        for target in &targets {
            let peak = target.process.peak_memory()? as f64 / f64::from(1 << 20);
            println!("peak memory of {}: {peak:.0} MiB", target.name);
        }
        drop(started);
        Ok(())
    }

    fn operations(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        OPERATIONS
            .into_iter()
            .filter(|(name, _)| self.only.is_empty() || self.only.iter().any(|only| only == name))
    }

    async fn measure(&self, name: &str, body: &Bytes, wanted: &Bytes, targets: &[Target]) -> Result<()> {
        println!("\n{name}: {} bytes asked, {} answered", body.len(), wanted.len());
        let mut fit = Vec::new();
        for target in targets {
            match is_right(target, body, wanted).await {
                Ok(()) => fit.push((target, Vec::new())),
                Err(error) => println!("  {:<16} WRONG: {error:#}", target.name),
            }
        }
        for _ in 0..self.rounds {
            for (target, outcomes) in &mut fit {
                let load = Load {
                    url: target.url.clone(),
                    body: body.clone(),
                    connections: self.connections,
                    warm_up: Duration::from_millis(500),
                    duration: Duration::from_secs_f64(self.seconds),
                };
                outcomes.push(load.run(&target.process).await?);
            }
        }
        println!(
            "  {:<16} {:>10} {:>12} {:>7} {:>9} {:>9}",
            "", "requests/s", "per CPU-s", "ratio", "p50 ms", "p99 ms"
        );
        let mut first = None;
        for (target, outcomes) in &fit {
            let of = |figure: &dyn Fn(&Outcome) -> f64| median(outcomes.iter().map(figure).collect());
            let per_cpu_second = of(&|outcome| outcome.per_cpu_second);
            println!(
                "  {:<16} {:>10.0} {:>12.0} {:>7.2} {:>9.2} {:>9.2}",
                target.name,
                of(&|outcome| outcome.per_second),
                per_cpu_second,
                per_cpu_second / *first.get_or_insert(per_cpu_second),
                of(&|outcome| outcome.p50.as_secs_f64() * 1000.0),
                of(&|outcome| outcome.p99.as_secs_f64() * 1000.0),
            );
        }
        Ok(())
    }
}

/// Whoever is measured must answer what is true; order of fields included, since the specification demands it.
async fn is_right(target: &Target, body: &Bytes, wanted: &Bytes) -> Result<()> {
    let answer = ask(&target.url, body.clone()).await?;
    let got: Json = serde_json::from_slice(&answer).context("it is no JSON")?;
    let wanted: Json = serde_json::from_slice(wanted).context("what was wanted is no JSON")?;
    if got["data"] != wanted["data"] || got.get("errors").is_some() {
        bail!("{:.300}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A port that nobody listens on at the moment: nginx can't choose one and say it.
fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").context("find a free port")?;
    Ok(listener.local_addr().context("find a free port")?.port())
}

async fn wait_for(url: &Uri) -> Result<()> {
    let address = url
        .authority()
        .map_or("", |authority| authority.as_str())
        .to_owned();
    let connected = async {
        while tokio::net::TcpStream::connect(&address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), connected)
        .await
        .with_context(|| format!("nobody listens on {address}"))
}
