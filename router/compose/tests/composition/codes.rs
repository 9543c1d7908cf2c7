//! Every published code that this composer can give is given in some test: a snapshot has it. Snapshots that no test refers to fail the run, so one that
//! is there was given.

use std::collections::BTreeSet;
use std::path::Path;

use lavka_compose::{Code, HintCode};

/// The beginnings of all lines of all snapshots, up to a colon.
fn heads() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/composition/snapshots");
    let mut heads = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("snapshots").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a snapshot's text");
        let lines = text.lines().filter_map(|line| line.split_once(": "));
        heads.extend(lines.map(|(head, _)| head.to_owned()));
    }
    heads
}

#[test]
fn every_code_of_an_error_is_given() {
    let heads = heads();
    let lacking: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| !heads.contains(*code))
        .collect();
    assert!(lacking.is_empty(), "in no snapshot: {lacking:?}");
}

#[test]
fn every_code_of_a_hint_is_given() {
    let heads = heads();
    let lacking: Vec<&str> = HintCode::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| !heads.contains(&format!("hint {code}")))
        .collect();
    assert!(lacking.is_empty(), "in no snapshot: {lacking:?}");
}
