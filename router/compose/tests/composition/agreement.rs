//! Ours and an independent composer, on the same subgraphs.

use std::path::Path;

use lavka_compose::{Subgraph, compose};

use super::facts::facts;
use super::fixtures::seeds;
use super::random;
use super::theguild::{TheGuild, Verdict};

/// What the two say differently of a set of subgraphs.
fn difference(theirs: &mut TheGuild, subgraphs: &[Subgraph]) -> Option<String> {
    let ours = compose(subgraphs);
    let theirs = theirs.compose(subgraphs);
    match (ours, theirs) {
        (Ok(ours), Verdict::Composes(theirs)) => {
            let our_facts = facts(&ours.supergraph_sdl).unwrap_or_else(|why| panic!("{why}"));
            let their_facts = match facts(&theirs) {
                Ok(facts) => facts,
                Err(why) => return Some(format!("theirs doesn't load: {why}\n{theirs}")),
            };
            let only = |one: &super::facts::Facts, other: &super::facts::Facts| {
                one.difference(other).cloned().collect::<Vec<_>>()
            };
            let (ours, theirs) = (only(&our_facts, &their_facts), only(&their_facts, &our_facts));
            (!ours.is_empty() || !theirs.is_empty()).then(|| {
                format!("only ours:\n    {}\n  only theirs:\n    {}", ours.join("\n    "), theirs.join("\n    "))
            })
        }
        (Err(_), Verdict::Refuses(_)) => None,
        (Ok(_), Verdict::Refuses(errors)) => {
            let errors: Vec<String> = errors.iter().map(|(code, message)| format!("{code}: {message}")).collect();
            Some(format!("composes here, and there not:\n    {}", errors.join("\n    ")))
        }
        (Err(errors), Verdict::Composes(_)) => {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Some(format!("composes there, and here not:\n    {}", errors.join("\n    ")))
        }
        (_, Verdict::Broke(why)) => Some(format!("theirs broke: {why}")),
    }
}

#[test]
fn random_sets_compose_alike() {
    let Some(mut theirs) = TheGuild::start() else { return };
    let mut failures = Vec::new();
    for seed in seeds() {
        if let Some(difference) = difference(&mut theirs, &random::subgraphs(seed)) {
            let subgraphs = random::subgraphs(seed);
            let texts: Vec<&str> = subgraphs.iter().map(|one| one.sdl.as_str()).collect();
            failures.push(format!("seed {seed}: {difference}\n{}", texts.join("\n")));
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn the_kits_fixtures_compose_alike() {
    let Some(mut theirs) = TheGuild::start() else { return };
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/cases");
    let mut failures = Vec::new();
    let mut count = 0;
    for case in std::fs::read_dir(cases).expect("the kit").flatten() {
        let subgraphs = super::fixtures::of_folder(&case.path());
        if subgraphs.is_empty() {
            continue;
        }
        count += 1;
        if let Some(difference) = difference(&mut theirs, &subgraphs) {
            failures.push(format!("{}: {difference}", case.path().display()));
        }
    }
    assert!(count > 5, "only {count} fixtures found");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
