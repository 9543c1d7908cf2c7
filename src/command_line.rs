//! What can be said on the command line. `lavka --help` prints it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// An online store's back end behind a GraphQL federation router.
#[derive(Parser)]
#[command(name = "lavka", version)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run the whole store in one process on embedded engines
    Up(Up),
    /// Run one subgraph: users, catalog, cart, orders, payments or notifications
    Subgraph(Subgraph),
    /// Run the router in front of subgraphs that run elsewhere
    Router(Router),
    /// Bring the databases that the configuration names up to date
    Migrate(Migrate),
    /// Work on the catalogue
    #[command(subcommand)]
    Catalog(Catalog),
    /// Work on payments
    #[command(subcommand)]
    Payments(Payments),
    /// Look at the event bus
    #[command(subcommand)]
    Events(Events),
    /// Give an account its roles: how a new store gets its first administrator
    Roles(Roles),
    /// Write what is generated from the code: schema/ and docs/configuration.md
    #[command(hide = true)]
    Generate(Generate),
}

/// Where the configuration and the data are.
#[derive(Args, Clone)]
pub struct Places {
    /// The configuration file. Every key can also be set by the environment: LAVKA__ORDERS__UNPAID_MINUTES=10
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// The data directory [default: ./data]
    #[arg(long)]
    pub data: Option<PathBuf>,
}

#[derive(Args)]
pub struct Up {
    #[command(flatten)]
    pub places: Places,
    /// The address to listen on; port 0 takes a free one, which is printed [default: 127.0.0.1:4000]
    #[arg(long)]
    pub listen: Option<SocketAddr>,
    /// Begin without demo products, demo accounts and /dev pages
    #[arg(long)]
    pub no_demo: bool,
}

#[derive(Args)]
pub struct Subgraph {
    /// Its name
    pub name: String,
    #[command(flatten)]
    pub places: Places,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// A demonstration: the letters can be read at /dev/mail, and anybody may ask for the schema
    #[arg(long)]
    pub demo: bool,
}

#[derive(Args)]
pub struct Router {
    /// A subgraph and where it is; several replicas of one are named several times: --subgraph users=http://10.0.0.1:4001/graphql
    #[arg(long = "subgraph", value_name = "NAME=URL", required = true)]
    pub subgraphs: Vec<String>,
    /// The configuration file
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// The address to listen on [default: 127.0.0.1:4000]
    #[arg(long)]
    pub listen: Option<SocketAddr>,
}

#[derive(Args)]
pub struct Migrate {
    /// The configuration file
    #[arg(long)]
    pub config: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum Catalog {
    /// Import products, a SaveProductInput in JSON a line; bad lines are named and the good ones stand
    Import {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        places: Places,
    },
}

#[derive(Subcommand)]
pub enum Payments {
    /// Compare payments with what the gateways show, mend what is behind, and print what was done
    Reconcile {
        #[command(flatten)]
        places: Places,
    },
}

#[derive(Subcommand)]
pub enum Events {
    /// List events that could not be handled
    Dead {
        #[command(flatten)]
        places: Places,
    },
    /// Have a group handle its dead letters again
    Replay {
        /// The consumer group: orders, payments, cart, notifications
        group: String,
        #[command(flatten)]
        places: Places,
    },
}

#[derive(Args)]
pub struct Roles {
    /// The account's e-mail address
    pub email: String,
    /// Its roles from now on: customer, staff, admin
    #[arg(required = true)]
    pub roles: Vec<String>,
    #[command(flatten)]
    pub places: Places,
}

#[derive(Args)]
pub struct Generate {
    /// Write nothing; fail, naming the files, where the tree differs from what would be written
    #[arg(long)]
    pub check: bool,
    /// The repository's top folder
    #[arg(long, default_value = ".")]
    pub root: PathBuf,
}
