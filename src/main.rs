//! `lavka`: the whole store as one program, or one of its parts.

mod assembly;
mod bus_metrics;
mod catalog;
mod command_line;
mod config;
mod demo;
#[cfg(test)]
mod deployment;
mod doors;
mod events;
mod generate;
mod graph;
mod migrate;
mod payments;
mod roles;
mod router;
mod storefront;
mod subgraph;
mod transport;
mod up;

use std::process::ExitCode;

use clap::Parser as _;
use command_line::{Arguments, Command};

/// As in `lavka-router`, and measured there: see docs/decisions.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    lavka_kit::tls::use_ring();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&anyhow::Error::new(error).context("start the runtime")),
    };
    let done = runtime.block_on(async {
        match arguments.command {
            Command::Up(options) => up::up(options).await,
            Command::Subgraph(options) => subgraph::run(options).await,
            Command::Router(options) => router::run(options).await,
            Command::Migrate(options) => migrate::run(options).await,
            Command::Catalog(command) => catalog::run(command).await,
            Command::Payments(command) => payments::run(command).await,
            Command::Events(command) => events::run(command).await,
            Command::Roles(options) => roles::run(options).await,
            Command::Generate(options) => generate::run(options).await,
        }
    });
    // What still blocks a thread (a file being written, say) doesn't keep us from ending.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&error),
    }
}

/// One sentence on standard error: what we were doing, and why it failed.
fn refuse(error: &anyhow::Error) -> ExitCode {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // Some causes repeat what the error above them already says.
        if !said.ends_with(&cause) {
            if !said.is_empty() {
                said.push_str(": ");
            }
            said.push_str(&cause);
        }
    }
    eprintln!("lavka: {}", said.replace('\n', " "));
    ExitCode::FAILURE
}
