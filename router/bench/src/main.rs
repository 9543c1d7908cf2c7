//! The router under load: `lavka-bench router` runs `lavka-router` as a process in front of subgraphs that answer from memory, with
//! nginx as a plain proxy and whatever else is named beside it, and prints a table. `cargo xtask bench router` builds and runs it.

mod compare;
mod nginx;
mod started;
mod subgraphs;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tokio::net::TcpListener;

use compare::{Comparison, Other};

#[derive(Parser)]
#[command(about = "The router under load")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compare the router with nginx as a plain proxy, and with what else is named
    Router {
        /// The program `lavka-router`
        #[arg(long, value_name = "FILE")]
        router: PathBuf,
        /// An argument for it; say it again for another
        #[arg(long = "router-argument", value_name = "ARGUMENT", allow_hyphen_values = true)]
        router_arguments: Vec<String>,
        /// The program nginx; left out if it isn't there
        #[arg(long, value_name = "FILE", default_value = "nginx")]
        nginx: PathBuf,
        /// Another router or proxy that answers the same operations: its name, its URL and its process, whose children count too
        #[arg(long, value_name = "NAME=URL,PID", value_parser = other)]
        also: Vec<Other>,
        /// Use the subgraphs of a `lavka-bench subgraphs` that runs already, so that another router can be set up before them
        #[arg(long, value_name = "ADDRESS:PORT")]
        subgraphs: Option<String>,
        /// Measure this operation only (large, medium, small); say it again for another
        #[arg(long, value_name = "OPERATION")]
        only: Vec<String>,
        /// How often every target has its turn; the median counts
        #[arg(long, default_value_t = 5)]
        rounds: usize,
        /// How long a turn takes
        #[arg(long, default_value_t = 3.0)]
        seconds: f64,
        /// Connections that ask at the same time
        #[arg(long, default_value_t = 16)]
        connections: usize,
    },
    /// Play the four subgraphs until ended
    Subgraphs {
        /// Where to listen; port 0 chooses one and prints it
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4200")]
        listen: String,
        /// Write the supergraph here, for another router to load
        #[arg(long, value_name = "FILE")]
        supergraph: Option<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Router {
            router,
            router_arguments,
            nginx,
            also,
            subgraphs,
            only,
            rounds,
            seconds,
            connections,
        } => {
            let comparison = Comparison {
                router,
                router_arguments,
                nginx,
                subgraphs,
                also,
                only,
                rounds: rounds.max(1),
                seconds,
                connections: connections.max(1),
            };
            comparison.run().await
        }
        Command::Subgraphs { listen, supergraph } => {
            let listener = TcpListener::bind(&listen)
                .await
                .with_context(|| format!("listen on {listen}"))?;
            let base = format!(
                "http://{}",
                listener.local_addr().context("find out the own address")?
            );
            let sdl = lavka_bench::supergraph(&base)?;
            if let Some(path) = supergraph {
                std::fs::write(&path, &sdl).with_context(|| format!("write {}", path.display()))?;
            }
            println!("subgraphs at {base}");
            subgraphs::serve(listener, &sdl).await
        }
    }
}

fn other(text: &str) -> Result<Other, String> {
    let parts = text
        .split_once('=')
        .and_then(|(name, rest)| Some((name, rest.rsplit_once(',')?)));
    let Some((name, (url, pid))) = parts else {
        return Err("it must have the form name=URL,pid".to_owned());
    };
    Ok(Other {
        name: name.to_owned(),
        url: url.parse().map_err(|error| format!("{url}: {error}"))?,
        pid: pid.parse().map_err(|error| format!("{pid}: {error}"))?,
    })
}
