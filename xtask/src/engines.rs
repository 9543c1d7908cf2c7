//! `cargo xtask engines`: PostgreSQL, Redis, Kafka and MongoDB for development and tests, on ports of their own, with
//! everything that they write under target/engines. Through Docker Compose where a container engine runs, otherwise natively.
//! And two programs of others that play Stripe, always natively: stripe-mock, Stripe's own, which knows every published shape and
//! remembers nothing; localstripe, which knows fewer and remembers everything.
//!
//! An engine that this machine doesn't have and can't get is *missing*: that is said, and whoever needs it decides. One that is
//! there and doesn't come up is a failure.

mod compose;
#[cfg(target_os = "linux")]
pub mod fault;
mod health;
mod jars;
mod kafka;
mod localstripe;
mod mongodb;
mod place;
mod postgres;
mod process;
mod redis;
mod session;
mod stripe_mock;

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::run::step;
use place::Place;
pub use session::{Session, guard};

/// What the store can run on, and what it can take for Stripe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Postgres,
    Redis,
    Kafka,
    Mongodb,
    StripeMock,
    Localstripe,
}

impl Engine {
    const ALL: [Self; 6] = [
        Self::Postgres,
        Self::Redis,
        Self::Kafka,
        Self::Mongodb,
        Self::StripeMock,
        Self::Localstripe,
    ];
    /// Those that a container engine would run.
    const IN_CONTAINERS: [Self; 4] = [Self::Postgres, Self::Redis, Self::Kafka, Self::Mongodb];
    const ALWAYS_NATIVE: [Self; 2] = [Self::StripeMock, Self::Localstripe];

    const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Redis => "redis",
            Self::Kafka => "kafka",
            Self::Mongodb => "mongodb",
            Self::StripeMock => "stripe-mock",
            Self::Localstripe => "localstripe",
        }
    }

    /// The variable by which the tests are told where it is.
    const fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "LAVKA_TEST_POSTGRES",
            Self::Redis => "LAVKA_TEST_REDIS",
            Self::Kafka => "LAVKA_TEST_KAFKA",
            Self::Mongodb => "LAVKA_TEST_MONGODB",
            Self::StripeMock => "LAVKA_TEST_STRIPE_MOCK",
            Self::Localstripe => "LAVKA_TEST_LOCALSTRIPE",
        }
    }

    fn url(self, port: u16) -> String {
        match self {
            Self::Postgres => format!("postgres://lavka:lavka@127.0.0.1:{port}/postgres"),
            Self::Redis => format!("redis://127.0.0.1:{port}"),
            Self::Kafka => format!("kafka://127.0.0.1:{port}"),
            Self::Mongodb => format!("mongodb://127.0.0.1:{port}"),
            Self::StripeMock | Self::Localstripe => format!("http://127.0.0.1:{port}"),
        }
    }

    fn healthy(self, port: u16) -> bool {
        match self {
            Self::Postgres => health::postgres(port),
            Self::Redis => health::redis(port),
            Self::Kafka => health::kafka(port),
            Self::Mongodb => health::mongodb(port),
            Self::StripeMock | Self::Localstripe => health::http(port),
        }
    }

    fn start(self, place: &Place, options: Options) -> Result<Start> {
        match self {
            Self::Postgres => postgres::start(place, options),
            Self::Redis => redis::start(place),
            Self::Kafka => kafka::start(place),
            Self::Mongodb => mongodb::start(place),
            Self::StripeMock => stripe_mock::start(place),
            Self::Localstripe => localstripe::start(place),
        }
    }
}

/// How the engines are to be.
#[derive(Clone, Copy, Default)]
pub struct Options {
    /// Whether PostgreSQL waits for the disk: what a measurement needs and a test doesn't.
    pub durable: bool,
}

/// What became of a start.
enum Start {
    /// It runs, or is about to.
    Started,
    /// It can't be had here, and why.
    Missing(String),
}

/// An engine as it is now.
pub struct State {
    pub engine: Engine,
    /// Where it answers, or why it doesn't.
    pub url: Result<String, String>,
}

impl State {
    /// What a test's environment says of it.
    fn variable(&self) -> Option<(&'static str, &str)> {
        let url = self.url.as_ref().ok()?;
        Some((self.engine.variable(), url))
    }
}

/// Starts what doesn't run yet, waits until all of it answers, and writes target/engines/env.
///
/// # Errors
/// When an engine is there and doesn't come up; then none is left running.
pub fn up(options: Options) -> Result<Vec<State>> {
    let states = look();
    if states.iter().all(|it| it.url.is_ok()) {
        return Ok(states);
    }
    down()?;
    let started = match compose::available() {
        true => compose::up(options).and_then(|mut states| {
            states.extend(natively(&Engine::ALWAYS_NATIVE, options)?);
            Ok(states)
        }),
        false => natively(&Engine::ALL, options),
    };
    if started.is_err() {
        down()?;
    }
    let states = started?;
    let env: String = states
        .iter()
        .filter_map(State::variable)
        .map(|(name, url)| format!("{name}={url}\n"))
        .collect();
    let file = place::env();
    fs::write(&file, env).with_context(|| format!("write {}", file.display()))?;
    Ok(states)
}

fn natively(engines: &[Engine], options: Options) -> Result<Vec<State>> {
    let names: Vec<_> = engines.iter().map(|it| it.name()).collect();
    step(&format!("starting {}", names.join(", ")));
    std::thread::scope(|scope| {
        let starts: Vec<_> = engines
            .iter()
            .map(|engine| scope.spawn(move || one(*engine, options)))
            .collect();
        starts
            .into_iter()
            .map(|it| it.join().unwrap_or_else(|_| bail!("starting an engine panicked")))
            .collect()
    })
}

fn one(engine: Engine, options: Options) -> Result<State> {
    let name = engine.name();
    let place = Place::make(name)?;
    match engine
        .start(&place, options)
        .with_context(|| format!("start {name}"))?
    {
        Start::Missing(why) => {
            place.remove()?;
            Ok(State {
                engine,
                url: Err(why),
            })
        }
        Start::Started => {
            if !health::answers(|| engine.healthy(place.port), || process::runs(&place)) {
                bail!(
                    "{name} doesn't answer on port {}; the end of its log:\n{}",
                    place.port,
                    place.end_of_log()
                );
            }
            Ok(State {
                engine,
                url: Ok(engine.url(place.port)),
            })
        }
    }
}

/// How each engine is now.
pub fn look() -> Vec<State> {
    Engine::ALL
        .into_iter()
        .map(|engine| {
            let url = match Place::find(engine.name()) {
                None => Err("not started".to_owned()),
                Some(place) if engine.healthy(place.port) => Ok(engine.url(place.port)),
                Some(place) => Err(format!("doesn't answer on port {}", place.port)),
            };
            State { engine, url }
        })
        .collect()
}

/// Ends all of them and removes their data.
///
/// # Errors
/// When something can't be ended or removed.
pub fn down() -> Result<()> {
    compose::down()?;
    for engine in Engine::ALL {
        if let Some(place) = Place::find(engine.name()) {
            process::end(&place)?;
            if engine == Engine::Postgres {
                postgres::remove_elsewhere(&place)?;
            }
            place.remove()?;
        }
    }
    let env = place::env();
    if env.exists() {
        fs::remove_file(&env).with_context(|| format!("remove {}", env.display()))?;
    }
    Ok(())
}

/// Prints where each engine is, as the lines of target/engines/env; on standard error what is missing.
pub fn print(states: &[State]) {
    for state in states {
        match &state.url {
            Ok(url) => println!("{}={url}", state.engine.variable()),
            Err(why) => eprintln!("{}: {why}", state.engine.name()),
        }
    }
}
