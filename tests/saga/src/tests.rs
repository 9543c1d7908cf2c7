use crate::history::{Broken, live};

/// How many histories every run lives through, unless `LAVKA_HISTORIES` says otherwise.
const EVERY_DAY: u64 = 500;

/// Seeds whose histories once broke a promise.
const ONCE_BROKEN: &[u64] = &[30, 248, 1198, 1411, 2230];

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
    let mut steps = 0;
    for seed in first..first + count {
        match live(seed) {
            Ok(lived) => steps += lived,
            Err(broken) => panic!("{}", tell(&broken)),
        }
        if seed % 1_000 == 999 {
            println!("{} histories, {steps} steps", seed + 1 - first);
        }
    }
    assert!(steps as u64 > count, "something happened in them: {steps} steps");
}

#[test]
fn what_once_broke_holds() {
    for seed in ONCE_BROKEN {
        if let Err(broken) = live(*seed) {
            panic!("{}", tell(&broken));
        }
    }
}
