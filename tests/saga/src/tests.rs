use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use crate::history::{Broken, live};

/// How many histories every run lives through, unless `LAVKA_HISTORIES` says otherwise.
const EVERY_DAY: u64 = 500;

/// Seeds whose histories once broke a promise.
const ONCE_BROKEN: &[u64] = &[30, 248, 1198, 1411, 2230, 30574, 55798];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn tell(broken: &Broken) -> String {
    format!(
        "seed {}: {}\n{}",
        broken.seed,
        broken.what,
        broken
            .steps
            .iter()
            .enumerate()
            .map(|(n, step)| format!("{n:4} {step}\n"))
            .collect::<String>()
    )
}

/// What became of many histories.
#[derive(Default)]
struct Told {
    histories: AtomicU64,
    steps: AtomicU64,
    broken: Mutex<Vec<Broken>>,
}

impl Told {
    /// Lives through one after another, each with the next seed that no other thread has taken.
    fn live(&self, next: &AtomicU64, end: u64) {
        loop {
            let seed = next.fetch_add(1, Relaxed);
            if seed >= end {
                return;
            }
            match live(seed) {
                Ok(lived) => drop(self.steps.fetch_add(lived as u64, Relaxed)),
                Err(broken) => self.broken.lock().unwrap().push(*broken),
            }
            if (self.histories.fetch_add(1, Relaxed) + 1).is_multiple_of(1_000) {
                let count = self.histories.load(Relaxed);
                println!("{count} histories, {} steps", self.steps.load(Relaxed));
            }
        }
    }
}

#[test]
fn whatever_happens_nobody_loses_money() {
    if let Some(seed) = number("LAVKA_SEED") {
        if let Err(broken) = live(seed) {
            panic!("{}", tell(&broken));
        }
        return;
    }
    let (count, first) = (
        number("LAVKA_HISTORIES").unwrap_or(EVERY_DAY),
        number("LAVKA_FIRST_SEED").unwrap_or(0),
    );
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (told, next) = (Told::default(), AtomicU64::new(first));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| told.live(&next, first + count));
        }
    });
    let mut broken = told.broken.into_inner().unwrap();
    broken.sort_by_key(|it| it.seed);
    if let Some(shortest) = broken.iter().min_by_key(|it| it.steps.len()) {
        let all: String = broken
            .iter()
            .map(|it| format!("seed {}: {}\n", it.seed, it.what))
            .collect();
        panic!(
            "{} of {count} histories broke:\n{all}\n{}",
            broken.len(),
            tell(shortest)
        );
    }
    let (lived, steps) = (told.histories.into_inner(), told.steps.into_inner());
    assert_eq!(lived, count);
    assert!(steps > count, "something happened in them: {steps} steps");
    println!(
        "seeds {first} to {}: {lived} histories, {steps} steps",
        first + count - 1
    );
}

#[test]
fn what_once_broke_holds() {
    for seed in ONCE_BROKEN {
        if let Err(broken) = live(*seed) {
            panic!("{}", tell(&broken));
        }
    }
}
