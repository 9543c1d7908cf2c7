//! Load on one URL: a number of connections, each of which asks again as soon as it has its answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::{Request, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::process::Tree;

/// What is asked, and how hard.
#[derive(Clone)]
pub struct Load {
    pub url: Uri,
    /// The GraphQL request as JSON.
    pub body: Bytes,
    pub connections: usize,
    /// How long the load runs before anything is counted.
    pub warm_up: Duration,
    pub duration: Duration,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub per_second: f64,
    /// Requests for each second of CPU time that the answering process used.
    pub per_cpu_second: f64,
    pub p50: Duration,
    pub p99: Duration,
}

/// Asks once.
pub async fn ask(url: &Uri, body: Bytes) -> Result<Bytes> {
    Connection::open(url).await?.ask(url, body).await
}

impl Load {
    /// Runs the load and looks at `process` meanwhile. Every answer must have as many bytes as the first.
    pub async fn run(&self, process: &Tree) -> Result<Outcome> {
        let wanted = ask(&self.url, self.body.clone()).await?.len();
        let counts = Arc::new(AtomicBool::new(false));
        let is_over = Arc::new(AtomicBool::new(false));
        let mut workers = JoinSet::new();
        for _ in 0..self.connections {
            let (load, counts, is_over) = (self.clone(), counts.clone(), is_over.clone());
            workers.spawn(async move { load.work(wanted, &counts, &is_over).await });
        }
        tokio::time::sleep(self.warm_up).await;
        let (started, cpu) = (Instant::now(), process.cpu()?);
        counts.store(true, Ordering::Relaxed);
        tokio::time::sleep(self.duration).await;
        is_over.store(true, Ordering::Relaxed);
        let (took, cpu) = (started.elapsed(), process.cpu()?.saturating_sub(cpu));
        let mut latencies = Vec::new();
        while let Some(worker) = workers.join_next().await {
            latencies.append(&mut worker.context("a worker of the load broke")??);
        }
        latencies.sort_unstable();
        let count = latencies.len() as f64;
        let at = |share: f64| latencies.get((count * share) as usize).copied();
        let (Some(p50), Some(p99)) = (at(0.5), at(0.99)) else {
            bail!("{} answered nothing in {:?}", self.url, self.duration);
        };
        Ok(Outcome {
            per_second: count / took.as_secs_f64(),
            per_cpu_second: count / cpu.as_secs_f64(),
            p50,
            p99,
        })
    }

    async fn work(&self, wanted: usize, counts: &AtomicBool, is_over: &AtomicBool) -> Result<Vec<Duration>> {
        let mut connection = Connection::open(&self.url).await?;
        let mut latencies = Vec::new();
        loop {
            let started = Instant::now();
            let answer = connection.ask(&self.url, self.body.clone()).await?;
            // What isn't over in time isn't counted: neither is what had begun before counting did.
            if is_over.load(Ordering::Relaxed) {
                return Ok(latencies);
            }
            if answer.len() != wanted {
                let text = String::from_utf8_lossy(&answer);
                bail!(
                    "{} answered {} bytes instead of {wanted}: {:.300}",
                    self.url,
                    answer.len(),
                    text
                );
            }
            if counts.load(Ordering::Relaxed) {
                latencies.push(started.elapsed());
            }
        }
    }
}

/// A connection that is kept: one request after the other.
pub struct Connection(SendRequest<Full<Bytes>>);

impl Connection {
    /// Connects to the URL's host.
    pub async fn open(url: &Uri) -> Result<Self> {
        let authority = url.authority().with_context(|| format!("{url} names no host"))?;
        let address = format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(80));
        let stream = TcpStream::connect(&address)
            .await
            .with_context(|| format!("connect to {address}"))?;
        stream.set_nodelay(true).context("set TCP_NODELAY")?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .context("begin HTTP")?;
        tokio::spawn(connection);
        Ok(Self(sender))
    }

    /// Sends a GraphQL request as JSON, and gives the body of the answer, which must be a good one.
    pub async fn ask(&mut self, url: &Uri, body: Bytes) -> Result<Bytes> {
        let request = Request::post(url.path_and_query().map_or("/", |path| path.as_str()))
            .header(
                header::HOST,
                url.authority().map_or("", |authority| authority.as_str()),
            )
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .body(Full::new(body))
            .context("write the request")?;
        self.0.ready().await.context("wait for the connection")?;
        let response = self
            .0
            .send_request(request)
            .await
            .with_context(|| format!("ask {url}"))?;
        let status = response.status();
        let body = response
            .into_body()
            .collect()
            .await
            .with_context(|| format!("read from {url}"))?
            .to_bytes();
        if !status.is_success() {
            bail!("{url} answered {status}: {:.500}", String::from_utf8_lossy(&body));
        }
        Ok(body)
    }
}
