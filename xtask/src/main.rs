//! The project's own commands, run as `cargo xtask …`.
//!
//! `up` and `test` are the two that a new machine needs; each sets up what it uses and says what it does.

mod bench;
mod browser;
mod coverage;
mod engines;
mod install;
mod run;
mod schema;
mod test;
mod up;
mod web;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Lavka's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the storefront and the store, and run them with demo data on http://127.0.0.1:4000
    ///
    /// Everything after `up` goes to `lavka up`: `cargo xtask up --listen 127.0.0.1:5000 --no-demo`.
    Up {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Set up what the tests need and run all of them: Rust, web client, the journeys in a browser
    Test {
        /// Fail where there is no browser and none can be installed, instead of leaving its journeys out
        #[arg(long)]
        browser: bool,
    },
    /// Kill and stop each process and each engine in turn while people check out: the journeys of faults, which take long
    Faults {
        /// How many checkouts each journey makes
        #[arg(long, default_value_t = 500)]
        checkouts: u32,
        /// Only the journeys with this in their names
        only: Option<String>,
    },
    /// Write what is generated: schema/, docs/configuration.md, the web client's types
    Schema {
        /// Write nothing; fail, naming the files, if something in the tree is not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Measure: `cargo xtask bench router` runs the router under load, beside nginx and whatever is named by --also; `cargo xtask
    /// bench store` runs the store as a process a service on real engines
    ///
    /// Everything after `bench router` goes to `lavka-bench router`, everything after `bench store` to `lavka-load`; try `--help` there.
    Bench {
        #[arg(value_enum)]
        what: bench::What,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Build the web client and GraphiQL, which `lavka` embeds
    Web,
    /// PostgreSQL, Redis, Kafka, MongoDB and two that play Stripe, for development and tests
    #[command(subcommand)]
    Engines(Engines),
}

#[derive(Subcommand)]
enum Engines {
    /// Start them, print where they are, and write it to target/engines/env
    Up {
        /// Have PostgreSQL wait for the disk, as a measurement needs it
        #[arg(long)]
        durable: bool,
    },
    /// End them and remove their data
    Down,
    /// Print where they are; fails when one doesn't answer
    Status,
    /// Let something befall one of them: what the journeys of faults do
    #[cfg(target_os = "linux")]
    Fault {
        #[arg(value_enum)]
        fault: engines::fault::Fault,
        /// postgres, redis, kafka or mongodb
        engine: String,
    },
    /// End them when standard input ends: what `test` leaves behind in case it is killed
    #[command(hide = true)]
    Guard {
        /// Those that the command has started
        engines: Vec<String>,
    },
}

fn engines(command: &Engines) -> Result<()> {
    let all = engines::Engine::ALL;
    match command {
        Engines::Up { durable } => {
            engines::print(&engines::up(&all, engines::Options { durable: *durable })?);
        }
        Engines::Down => engines::down(&all)?,
        Engines::Status => {
            let states = engines::look(&all);
            engines::print(&states);
            if states.iter().any(|it| it.url.is_err()) {
                bail!("not all engines answer");
            }
        }
        #[cfg(target_os = "linux")]
        Engines::Fault { fault, engine } => engines::fault::happens(*fault, engine)?,
        Engines::Guard { engines } => engines::guard(engines)?,
    }
    Ok(())
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Up { arguments } => up::up(&arguments),
        Command::Test { browser } => test::test(browser),
        Command::Faults { checkouts, only } => test::faults(checkouts, only.as_deref()),
        Command::Schema { check } => schema::schema(check),
        Command::Bench { what, arguments } => bench::bench(what, &arguments),
        Command::Web => web::build(),
        Command::Engines(command) => engines(&command),
    }
}
