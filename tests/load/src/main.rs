//! The store under load: `lavka-load` starts it as a process a service on the engines that it is told of, fills it, asks what
//! shoppers ask, and prints how many got an answer a second, how long they waited, and which process's time it took. `cargo xtask
//! bench store` builds and runs it.

mod adding;
mod buying;
mod goods;
mod looking;
mod programs;
mod report;
mod store;
mod traffic;
mod watching;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Parser;

use programs::Program;
use report::Report;
use store::{Engines, Store};
use traffic::Pace;

#[derive(Parser)]
#[command(about = "The store under load")]
struct Arguments {
    /// The program `lavka`
    #[arg(long, value_name = "FILE")]
    lavka: PathBuf,
    /// An engine's process, whose time counts too: its name and its number; say it again for another
    #[arg(long = "engine", value_name = "NAME=PID", value_parser = engine)]
    engines: Vec<Program>,
    /// How many products the catalogue gets beside the demo's
    #[arg(long, default_value_t = 100_000)]
    products: usize,
    /// How long each measurement takes
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Measure this only (listing, search, adding, buying, watching); say it again for another
    #[arg(long, value_name = "WHAT")]
    only: Vec<String>,
    /// Shoppers that ask at the same time
    #[arg(long, default_value_t = 32)]
    shoppers: usize,
    /// Checkouts a second in the second half of `buying`, where waiting is measured
    #[arg(long, default_value_t = 300.0)]
    checkouts: f64,
    /// Keep the store running after the last measurement, until Ctrl-C: to look into it
    #[arg(long)]
    stay: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let chosen = |what: &str| arguments.only.is_empty() || arguments.only.iter().any(|it| it == what);
    let engines = Engines::from_environment()?;
    let mut store = Store::furnish(&arguments.lavka, engines, arguments.products).await?;
    store.start(&arguments.engines).await?;
    store.calms_down().await?;

    let mut report = Report::begin(&store)?;
    let pace = Pace {
        shoppers: arguments.shoppers.max(1),
        seconds: Duration::from_secs_f64(arguments.seconds),
    };
    if chosen("listing") {
        looking::listing(&store, pace, &mut report).await?;
    }
    if chosen("search") {
        looking::search(&store, pace, &mut report).await?;
    }
    if chosen("adding") || chosen("buying") || chosen("watching") {
        goods::stock(&store).await?;
    }
    if chosen("adding") {
        adding::measure(&store, pace, &mut report).await?;
    }
    if chosen("watching") {
        watching::measure(&store, &mut report).await?;
    }
    if chosen("buying") {
        buying::measure(&store, pace, arguments.checkouts, &mut report).await?;
    }
    report.print();
    if arguments.stay {
        println!("the store stays at {} until Ctrl-C", store.url());
        tokio::signal::ctrl_c().await?;
    }
    store.end().await
}

fn engine(text: &str) -> Result<Program> {
    match text.split_once('=') {
        Some((name, pid)) => Ok(Program {
            name: name.to_owned(),
            pid: pid.parse()?,
        }),
        None => bail!("it must have the form name=pid"),
    }
}
