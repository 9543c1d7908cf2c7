//! Programs that are started for a while.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// A program that ends when this is dropped.
pub struct Started {
    name: &'static str,
    child: Child,
}

impl Started {
    /// Starts it; what it prints can be read.
    pub fn new(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {name} ({})", command.get_program().display()))?;
        Ok(Self { name, child })
    }

    /// The process's number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What stands behind `mark` in the first line that has it.
    pub fn says(&mut self, mark: &str) -> Result<String> {
        let output = self
            .child
            .stdout
            .take()
            .context("the program's output was taken before")?;
        for line in BufReader::new(output).lines() {
            let line = line.with_context(|| format!("read what {} says", self.name))?;
            if let Some((_, rest)) = line.split_once(mark) {
                return Ok(rest.trim().to_owned());
            }
        }
        bail!("{} ended without saying `{mark}`", self.name);
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // nginx ends its workers when it is told to end; a kill would leave them. What has ended already can't be told.
        let _ = Command::new("kill").arg(self.pid().to_string()).status();
        let _ = self.child.wait();
    }
}
