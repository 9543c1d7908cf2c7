//! The figures, as they go into docs/performance.md.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::store::Store;
use crate::traffic::Outcome;

/// What was measured.
pub struct Report {
    machine: String,
    programs: Vec<String>,
    lines: Vec<Line>,
    notes: Vec<String>,
}

struct Line {
    what: String,
    target: &'static str,
    outcome: Outcome,
}

impl Report {
    /// Empty; says of which machine it will be.
    pub fn begin(store: &Store) -> Result<Self> {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").context("read /proc/cpuinfo")?;
        let model = cpuinfo.lines().find_map(|it| it.strip_prefix("model name"));
        let model = model.map_or("", |it| it.trim_start_matches([' ', '\t', ':']));
        let cores = std::thread::available_parallelism().context("count the cores")?;
        let machine = format!("{cores} cores of {model}; everything runs on them, the load, too");
        Ok(Self {
            machine,
            programs: store.programs().iter().map(|it| it.name.clone()).collect(),
            lines: Vec::new(),
            notes: Vec::new(),
        })
    }

    /// A measurement, which is told at once, too.
    pub fn add(&mut self, what: impl Into<String>, target: &'static str, outcome: Outcome) {
        let what = what.into();
        println!("{what}: {}", outcome.in_words());
        self.lines.push(Line {
            what,
            target,
            outcome,
        });
    }

    /// Something beside the figures.
    pub fn note(&mut self, note: String) {
        println!("{note}");
        self.notes.push(note);
    }

    /// Two tables: what came of it, and whose time it took.
    pub fn print(&self) {
        println!("\n{}\n{}\n", self.machine, load());
        println!("| | target | a second | p50 | p99 | worst |\n| --- | --- | --- | --- | --- | --- |");
        for Line {
            what,
            target,
            outcome,
        } in &self.lines
        {
            let [p50, p99, worst] = [outcome.p50, outcome.p99, outcome.worst].map(milliseconds);
            println!(
                "| {what} | {target} | {:.0} | {p50} | {p99} | {worst} |",
                outcome.per_second
            );
        }
        println!(
            "\n| CPU time of one, in ms | all | {} |\n| --- |{}",
            self.programs.join(" | "),
            " --- |".repeat(self.programs.len() + 1)
        );
        for Line { what, outcome, .. } in self.lines.iter().filter(|it| it.outcome.count > 0) {
            let each = |it: &Duration| it.as_secs_f64() * 1e3 / outcome.count as f64;
            let all: f64 = outcome.used.iter().map(each).sum();
            let cells: Vec<String> = outcome.used.iter().map(|it| format!("{:.2}", each(it))).collect();
            println!("| {what} | {all:.2} | {} |", cells.join(" | "));
        }
        for note in &self.notes {
            println!("\n{note}");
        }
    }
}

/// How busy the machine is with anything: figures of a busy one say little.
fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "load average: {}",
        load.split(' ').take(3).collect::<Vec<_>>().join(" ")
    )
}

/// "12.3 ms"
pub fn milliseconds(it: Duration) -> String {
    format!("{:.1} ms", it.as_secs_f64() * 1e3)
}
