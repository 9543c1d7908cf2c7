//! `lavka-router conformance`: the conformance kit, against this router or another.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use lavka_conformance::{Case, Judge, Report};
use lavka_executor::{HttpOptions, HttpTransport};
use lavka_router::Router;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::schema;

/// Which router to ask, and how it gets at each case's supergraph.
///
/// Each case is a supergraph of its own: its subgraphs are served on ports of 127.0.0.1, its supergraph is written to --supergraph, and what it asks
/// is asked at --url. A router that reads its supergraph again when the file changes needs no more; any other is started anew for each case by --run.
/// Without --url, this router is asked.
#[derive(Debug, Args)]
pub struct Conformance {
    /// Where the router serves GraphQL.
    #[arg(long, value_name = "URL", requires = "supergraph")]
    url: Option<String>,

    /// Where the router reads its supergraph from: it is written anew for each case.
    #[arg(long, value_name = "FILE", requires = "url")]
    supergraph: Option<PathBuf>,

    /// A command that starts the router. It is started for each case, and ended after it.
    #[arg(long, value_name = "COMMAND", requires = "url")]
    run: Option<String>,

    /// How many seconds the router may take to serve the next supergraph.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    patience: u64,

    /// Only cases with this in their name.
    #[arg(long, value_name = "NAME")]
    case: Option<String>,

    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How the outcome is shown.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A line for each case, and what was wrong.
    Text,
    /// The same for programs.
    Json,
}

impl Conformance {
    pub async fn run(&self) -> Result<()> {
        let reports = self.reports().await?;
        match self.format {
            Format::Text => print!("{}", text(&reports)),
            Format::Json => println!("{}", serde_json::to_string_pretty(&json(&reports))?),
        }
        match reports.iter().map(|report| report.wrong.len()).sum() {
            0_usize => Ok(()),
            wrong => bail!("{wrong} operations were not answered as they must be"),
        }
    }

    async fn reports(&self) -> Result<Vec<Report>> {
        let part = self.case.as_deref().unwrap_or_default();
        let mut reports = Vec::new();
        for case in Case::all()?.iter().filter(|case| case.name.contains(part)) {
            let report = self.report(case).await;
            reports.push(report.with_context(|| format!("case {}", case.name))?);
        }
        if reports.is_empty() {
            bail!("no case has {part:?} in its name");
        }
        Ok(reports)
    }

    async fn report(&self, case: &Case) -> Result<Report> {
        let hosted = case.host().await?;
        let (Some(url), Some(file)) = (&self.url, &self.supergraph) else {
            let own = OwnRouter::start(&hosted.supergraph).await?;
            return Ok(Judge::new(&own.url, Duration::ZERO)?.judge(case).await);
        };
        replace(file, &hosted.supergraph)?;
        let running = self.run.as_deref().map(start).transpose()?;
        let report = Judge::new(url, Duration::from_secs(self.patience))?
            .judge(case)
            .await;
        if let Some(mut running) = running {
            running.kill().await.context("cannot end the router")?;
        }
        Ok(report)
    }
}

/// Written beside and put in its place at once, so that nobody reads a half.
fn replace(file: &Path, supergraph: &str) -> Result<()> {
    let beside = file.with_extension("new");
    std::fs::write(&beside, supergraph)
        .and_then(|()| std::fs::rename(&beside, file))
        .with_context(|| format!("cannot write {}", file.display()))
}

fn start(command: &str) -> Result<Child> {
    let mut words = command.split_whitespace();
    let Some(program) = words.next() else {
        bail!("--run is empty");
    };
    Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot run {command}"))
}

/// This router, served over HTTP until it is dropped.
struct OwnRouter {
    url: String,
    serving: JoinHandle<()>,
}

impl OwnRouter {
    async fn start(supergraph: &str) -> Result<Self> {
        let supergraph = schema::parse(supergraph)?;
        let mut builder = Router::builder();
        for subgraph in supergraph.subgraphs() {
            let url = subgraph.url.clone().unwrap_or_default();
            let transport = HttpTransport::new([url], HttpOptions::default())?;
            builder = builder.transport(&*subgraph.name, Arc::new(transport));
        }
        let routes = builder.supergraph(supergraph).build()?.into_routes();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/graphql", listener.local_addr()?);
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, service).await {
                tracing::warn!(%error, "serving ended");
            }
        });
        Ok(Self { url, serving })
    }
}

impl Drop for OwnRouter {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn text(reports: &[Report]) -> String {
    let mut text = String::new();
    for report in reports {
        let all = report.right + report.wrong.len();
        let mark = if report.wrong.is_empty() { "ok   " } else { "WRONG" };
        let skipped = match report.skipped {
            0 => String::new(),
            some => format!(", {some} skipped"),
        };
        text.push_str(&format!(
            "{mark} {:<24} {:>3} of {all:>3}{skipped}  {}\n",
            report.case, report.right, report.about
        ));
        for (operation, what) in &report.wrong {
            text.push_str(&format!("        {operation}: {what}\n"));
        }
    }
    let cases = reports.iter().filter(|report| report.wrong.is_empty()).count();
    let right: usize = reports.iter().map(|report| report.right).sum();
    let wrong: usize = reports.iter().map(|report| report.wrong.len()).sum();
    text.push_str(&format!(
        "{cases} of {} capabilities, {right} of {} operations\n",
        reports.len(),
        right + wrong
    ));
    text
}

fn json(reports: &[Report]) -> serde_json::Value {
    let reports = reports.iter().map(|report| {
        let wrong = report.wrong.iter();
        let wrong: Vec<_> = wrong
            .map(|(operation, what)| json!({ "operation": operation, "what": what }))
            .collect();
        json!({
            "case": report.case,
            "about": report.about,
            "right": report.right,
            "wrong": wrong,
            "skipped": report.skipped,
        })
    });
    reports.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kit() -> Conformance {
        Conformance {
            url: None,
            supergraph: None,
            run: None,
            patience: 0,
            case: None,
            format: Format::Text,
        }
    }

    #[tokio::test]
    async fn this_router_answers_all_cases_over_http() {
        let reports = kit().reports().await.expect("reports");
        let wrong: Vec<&Report> = reports.iter().filter(|report| !report.wrong.is_empty()).collect();
        assert!(wrong.is_empty(), "{}", text(&reports));
        assert!(
            reports.iter().map(|report| report.right).sum::<usize>() > 100,
            "{}",
            text(&reports)
        );
    }

    /// A router that serves something else fails, and is told so.
    #[tokio::test]
    async fn a_router_without_the_supergraph_is_found_out() {
        let cases = Case::all().expect("cases");
        let hosted = cases[0].host().await.expect("hosted");
        let other = OwnRouter::start(&hosted.supergraph).await.expect("a router");
        let folder = tempfile::tempdir().expect("a folder");
        let kit = Conformance {
            url: Some(other.url.clone()),
            supergraph: Some(folder.path().join("supergraph.graphql")),
            case: Some(cases[1].name.clone()),
            ..kit()
        };
        let reports = kit.reports().await.expect("reports");
        assert_eq!(reports[0].right, 0, "{}", text(&reports));
        assert!(!reports[0].wrong.is_empty());
        let written = std::fs::read_to_string(folder.path().join("supergraph.graphql")).expect("written");
        assert!(written.contains("http://127.0.0.1:"), "{written}");
    }
}
