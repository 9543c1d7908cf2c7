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
    pub const ALL: [Self; 6] = [
        Self::Postgres,
        Self::Redis,
        Self::Kafka,
        Self::Mongodb,
        Self::StripeMock,
        Self::Localstripe,
    ];
    /// What the store itself runs on; a container engine would run them.
    pub const OF_THE_STORE: [Self; 4] = [Self::Postgres, Self::Redis, Self::Kafka, Self::Mongodb];

    /// The one of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> Result<Self> {
        let engine = Self::ALL.into_iter().find(|it| it.name() == name);
        engine.with_context(|| format!("there is no engine `{name}`"))
    }

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
    /// As it is now.
    fn of(engine: Engine) -> Self {
        let url = match Place::find(engine.name()) {
            None => Err("not started".to_owned()),
            Some(place) if engine.healthy(place.port) => Ok(engine.url(place.port)),
            Some(place) => Err(format!("doesn't answer on port {}", place.port)),
        };
        Self { engine, url }
    }

    /// What a test's environment says of it.
    fn variable(&self) -> Option<(&'static str, &str)> {
        let url = self.url.as_ref().ok()?;
        Some((self.engine.variable(), url))
    }
}

/// Starts those of them that don't run yet, waits until they answer, and writes target/engines/env.
///
/// # Errors
/// When an engine is there and doesn't come up; then none that was started is left running.
pub fn up(engines: &[Engine], options: Options) -> Result<Vec<State>> {
    let idle = idle(engines);
    if idle.is_empty() {
        return Ok(look(engines));
    }
    // What is left of them from another time.
    end(&idle)?;
    let started = start(&idle, options);
    if started.is_err() {
        end(&idle)?;
    }
    let mut started = started?;
    note(started.iter())?;
    let state = |&engine: &Engine| match started.iter().position(|it| it.engine == engine) {
        Some(at) => started.swap_remove(at),
        None => State::of(engine),
    };
    Ok(engines.iter().map(state).collect())
}

/// Those of them that don't answer.
fn idle(engines: &[Engine]) -> Vec<Engine> {
    let states = look(engines).into_iter();
    states.filter(|it| it.url.is_err()).map(|it| it.engine).collect()
}

fn start(engines: &[Engine], options: Options) -> Result<Vec<State>> {
    let (contained, native): (Vec<Engine>, Vec<Engine>) = match compose::available() {
        true => engines.iter().partition(|it| Engine::OF_THE_STORE.contains(it)),
        false => (Vec::new(), engines.to_vec()),
    };
    let mut states = compose::up(&contained, options)?;
    states.extend(natively(&native, options)?);
    Ok(states)
}

/// Writes target/engines/env: these, and which others answer.
fn note<'s>(started: impl Iterator<Item = &'s State>) -> Result<()> {
    let started: Vec<_> = started.collect();
    let others = Engine::ALL
        .into_iter()
        .filter(|engine| started.iter().all(|it| it.engine != *engine));
    let others: Vec<State> = others.map(State::of).collect();
    let all = started.into_iter().chain(&others);
    let env: String = all
        .filter_map(State::variable)
        .map(|(name, url)| format!("{name}={url}\n"))
        .collect();
    let file = place::env();
    match env.is_empty() {
        true if !file.exists() => Ok(()),
        true => fs::remove_file(&file).with_context(|| format!("remove {}", file.display())),
        false => fs::write(&file, env).with_context(|| format!("write {}", file.display())),
    }
}

fn natively(engines: &[Engine], options: Options) -> Result<Vec<State>> {
    if engines.is_empty() {
        return Ok(Vec::new());
    }
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

/// How each of them is now.
pub fn look(engines: &[Engine]) -> Vec<State> {
    engines.iter().copied().map(State::of).collect()
}

/// Ends these and removes their data.
///
/// # Errors
/// When something can't be ended or removed.
pub fn down(engines: &[Engine]) -> Result<()> {
    end(engines)?;
    note([].iter())
}

fn end(engines: &[Engine]) -> Result<()> {
    compose::down(engines)?;
    for engine in engines {
        if let Some(place) = Place::find(engine.name()) {
            process::end(&place)?;
            if *engine == Engine::Postgres {
                postgres::remove_elsewhere(&place)?;
            }
            place.remove()?;
        }
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
