//! Whose time something takes.

use std::time::Duration;

use anyhow::Result;
use lavka_bench::process::Tree;

/// A process; its children count with it.
#[derive(Clone, Debug)]
pub struct Program {
    pub name: String,
    pub pid: u32,
}

/// What each program has used so far.
pub fn used(programs: &[Program]) -> Result<Vec<Duration>> {
    // Children come and go (PostgreSQL has one a connection), so that they are looked up anew each time.
    programs.iter().map(|it| Tree::of(it.pid)?.cpu()).collect()
}

/// What each has used between two looks. A child that ended meanwhile is lost, with what it had used.
pub fn since(before: &[Duration], now: &[Duration]) -> Vec<Duration> {
    now.iter()
        .zip(before)
        .map(|(now, before)| now.saturating_sub(*before))
        .collect()
}
