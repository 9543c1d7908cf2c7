//! Field coverage: which fields of the composed schema the journeys got an answer for. The journeys write it (see
//! tests/store/coverage.rs); here it is judged, once all of them have run.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::run::{root, step};

/// What no journey can reach yet, each with its reason. One that is reached all the same fails, too: it leaves the list.
const PENDING: [&str; 2] = [
    // These refusals concern no field of an input; the contract gives every error one all the same.
    "LogOutError.field",
    "ResendEmailVerificationError.field",
];

/// A run's coverage.
pub struct Coverage {
    folder: PathBuf,
}

impl Coverage {
    /// Forgets the last run's.
    ///
    /// # Errors
    /// When the folder can't be made anew.
    pub fn begin() -> Result<Self> {
        let folder = root().join("target/coverage");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("remove {}", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
        Ok(Self { folder })
    }

    /// Where the journeys write.
    ///
    /// # Errors
    /// When the path is not UTF-8.
    pub fn folder_text(&self) -> Result<&str> {
        self.folder
            .to_str()
            .context("the path of the coverage is not UTF-8")
    }

    /// Prints the share of fields that were answered.
    ///
    /// # Errors
    /// When a field never was, naming it.
    pub fn judge(&self) -> Result<()> {
        let fields = lines(&self.folder.join("fields"))?;
        let answered = lines(&self.folder.join("answered"))?;
        let missed: Vec<&str> = fields.difference(&answered).map(String::as_str).collect();
        step(&format!(
            "field coverage: {} of {} fields of the schema were answered",
            fields.len() - missed.len(),
            fields.len()
        ));
        let unexpected: Vec<&str> = missed
            .iter()
            .copied()
            .filter(|it| !PENDING.contains(it))
            .collect();
        let reached: Vec<&str> = PENDING.into_iter().filter(|it| answered.contains(*it)).collect();
        if fields.is_empty() || !unexpected.is_empty() {
            bail!("never answered in any journey: {}", unexpected.join(", "));
        }
        if !reached.is_empty() {
            bail!(
                "answered now, so to be taken from the list of pending fields: {}",
                reached.join(", ")
            );
        }
        Ok(())
    }
}

fn lines(file: &Path) -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("read {}: did the journeys run?", file.display()))?;
    Ok(text
        .lines()
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect())
}
