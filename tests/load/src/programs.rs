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
    programs.iter().map(used_by).collect()
}

fn used_by(program: &Program) -> Result<Duration> {
    // Children come and go (PostgreSQL has one a connection), so that they are looked up anew each time; one may go while it is looked at.
    let look = || Tree::of(program.pid)?.cpu();
    look().or_else(|_| look()).or_else(|_| look())
}

/// What each has used between two looks. A child that ended meanwhile is lost, with what it had used.
pub fn since(before: &[Duration], now: &[Duration]) -> Vec<Duration> {
    now.iter()
        .zip(before)
        .map(|(now, before)| now.saturating_sub(*before))
        .collect()
}
