//! The project's own commands, run as `cargo xtask …`.
//!
//! `up` and `test` are the two that a new machine needs; each sets up what it uses and says what it does.

mod browser;
mod coverage;
mod run;
mod schema;
mod test;
mod up;
mod web;

use anyhow::Result;
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
    /// Set up what the tests need and run all of them: Rust, web client, the journey in a browser
    Test {
        /// Run the journey in a browser, too
        #[arg(long)]
        browser: bool,
    },
    /// Write what is generated: schema/, docs/configuration.md, the web client's types
    Schema {
        /// Write nothing; fail, naming the files, if something in the tree is not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Build the web client and GraphiQL, which `lavka` embeds
    Web,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Up { arguments } => up::up(&arguments),
        Command::Test { browser } => test::test(browser),
        Command::Schema { check } => schema::schema(check),
        Command::Web => web::build(),
    }
}
