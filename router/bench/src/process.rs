//! What a process and its children have used, as Linux tells it.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// Linux counts CPU time in ticks of this length, on every architecture (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// A process with all its descendants, as they were when it was looked up.
#[derive(Clone, Debug)]
pub struct Tree(Vec<u32>);

impl Tree {
    /// The process and whatever it has started.
    pub fn of(root: u32) -> Result<Self> {
        let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
        for entry in fs::read_dir("/proc").context("read /proc: processes can only be measured on Linux")? {
            let name = entry.context("read /proc")?.file_name();
            let Some(pid) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
                continue;
            };
            // A process may end between the listing and the reading.
            if let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat"))
                && let Some(parent) = field(&stat, 4).and_then(|parent| parent.parse().ok())
            {
                children.entry(parent).or_default().push(pid);
            }
        }
        let mut tree = vec![root];
        let mut at = 0;
        while let Some(pid) = tree.get(at) {
            tree.extend(children.get(pid).into_iter().flatten().copied());
            at += 1;
        }
        let tree = Self(tree);
        tree.cpu()?;
        Ok(tree)
    }

    /// CPU time so far, in user and system mode, of all threads.
    pub fn cpu(&self) -> Result<Duration> {
        let mut ticks = 0_u32;
        for pid in &self.0 {
            let path = format!("/proc/{pid}/stat");
            let stat = fs::read_to_string(&path).with_context(|| format!("read {path}: has it ended?"))?;
            for at in [14, 15] {
                let count = field(&stat, at).and_then(|count| count.parse::<u32>().ok());
                ticks += count.with_context(|| format!("{path} has no field {at}"))?;
            }
        }
        Ok(TICK * ticks)
    }

    /// The most memory that was resident at once, in bytes, summed over the processes.
    pub fn peak_memory(&self) -> Result<u64> {
        let mut sum = 0;
        for pid in &self.0 {
            let path = format!("/proc/{pid}/status");
            let status = fs::read_to_string(&path).with_context(|| format!("read {path}: has it ended?"))?;
            let peak = status.lines().find_map(|line| {
                let kib = line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?;
                kib.trim().parse::<u64>().ok()
            });
            sum += peak.with_context(|| format!("{path} has no VmHWM"))? * 1024;
        }
        Ok(sum)
    }
}

/// A field of /proc/PID/stat, counted from 1 as its manual does. The second is the program's name in parentheses, which may hold
/// blanks.
fn field(stat: &str, number: usize) -> Option<&str> {
    let behind_name = &stat[stat.rfind(')')? + 1..];
    behind_name.split_whitespace().nth(number - 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_blanks_and_parentheses_moves_no_field() {
        let stat = "7 (a (b) c) S 3 7 7 0 -1 4194304 100 0 0 0 25 17 0 0 20 0 1 0";
        assert_eq!(field(stat, 4), Some("3"));
        assert_eq!((field(stat, 14), field(stat, 15)), (Some("25"), Some("17")));
    }

    #[test]
    fn this_process_has_used_memory() {
        let tree = Tree::of(std::process::id()).expect("we are running");
        assert!(tree.peak_memory().expect("we are running") > 1 << 20);
    }
}
