//! On engines of the test's own, where the other tests have some: `cargo xtask test`.

use std::process::{Command, Stdio};

use super::*;
use crate::engines::place::free_port;
use crate::engines::{Options, Start};

/// An engine that ends with the test.
struct Own {
    engine: Engine,
    place: Place,
    _folder: tempfile::TempDir,
}

impl Own {
    /// `None` where the tests have no such engine.
    fn start(engine: Engine) -> Option<Self> {
        if std::env::var_os(engine.variable()).is_none() {
            eprintln!("SKIPPED: {} is not set (`cargo xtask test`)", engine.variable());
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let own = Self {
            engine,
            place: Place {
                name: engine.name(),
                folder: folder.path().to_owned(),
                port: free_port().unwrap(),
            },
            _folder: folder,
        };
        match engine.start(&own.place, Options { durable: true }).unwrap() {
            Start::Missing(why) => panic!("{why}"),
            Start::Started => own.answers(),
        }
        Some(own)
    }

    fn befalls(&self, fault: Fault) {
        happens_at(fault, self.engine, &self.place).unwrap();
    }

    fn is_healthy(&self) -> bool {
        self.engine.healthy(self.place.port)
    }

    fn answers(&self) {
        let answers = health::answers(|| self.is_healthy(), || process::runs(&self.place));
        assert!(answers, "{}", self.place.end_of_log());
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        process::end(&self.place).unwrap();
        postgres::remove_elsewhere(&self.place).unwrap();
    }
}

fn is_killed_and_comes_back(engine: Engine) {
    let Some(own) = Own::start(engine) else { return };
    own.befalls(Fault::Kill);
    assert!(!own.is_healthy());
    own.befalls(Fault::Start);
    assert!(own.is_healthy());
    assert!(happens_at(Fault::Start, engine, &own.place).is_err(), "it runs");
}

#[test]
fn postgres_is_killed_and_comes_back() {
    is_killed_and_comes_back(Engine::Postgres);
}

#[test]
fn redis_is_killed_and_comes_back() {
    is_killed_and_comes_back(Engine::Redis);
}

#[test]
fn kafka_is_killed_and_comes_back() {
    is_killed_and_comes_back(Engine::Kafka);
}

#[test]
fn mongodb_is_killed_and_comes_back() {
    is_killed_and_comes_back(Engine::Mongodb);
}

/// Whoever has started it may have ended or may not collect it: then its number is still there, and nobody behind it.
#[test]
fn postgres_comes_back_where_nobody_collects_the_killed_one() {
    let Some(own) = Own::start(Engine::Postgres) else {
        return;
    };
    own.befalls(Fault::Kill);
    let file = postgres::data_of(&own.place).unwrap().join("postmaster.pid");
    let noted = fs::read_to_string(&file).unwrap();
    let (_, rest) = noted.split_once('\n').unwrap();
    let mut ends = Command::new("true");
    if crate::install::is_root() {
        postgres::its_user().unwrap().runs(&mut ends);
    }
    let mut remains = ends.stdout(Stdio::piped()).spawn().unwrap();
    // Its output ends when it does.
    std::io::copy(remains.stdout.as_mut().unwrap(), &mut std::io::sink()).unwrap();
    fs::write(&file, format!("{}\n{rest}", remains.id())).unwrap();
    own.befalls(Fault::Start);
    assert!(own.is_healthy());
    remains.wait().unwrap();
}

#[test]
fn what_stands_still_says_nothing_until_it_goes_on() {
    let Some(own) = Own::start(Engine::Redis) else {
        return;
    };
    own.befalls(Fault::Freeze);
    assert!(!own.is_healthy());
    own.befalls(Fault::Thaw);
    assert!(own.is_healthy());
}
