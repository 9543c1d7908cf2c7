//! `cargo xtask schema`: what is generated from the code, written or compared.

use anyhow::Result;

use crate::run::{cargo, root, run, step};
use crate::web;

/// Writes (or with `check` compares) schema/, docs/configuration.md and the web client's types.
///
/// # Errors
/// When a generator fails, or with `check` a file in the tree is not what would be written.
pub fn schema(check: bool) -> Result<()> {
    step(if check {
        "comparing what is generated"
    } else {
        "writing what is generated"
    });
    let mut arguments = vec!["run", "--quiet", "--package", "lavka", "--", "generate"];
    if check {
        arguments.push("--check");
    }
    run(root(), &cargo(), &arguments)?;
    let client = root().join("web-client");
    web::install(&client, "the storefront")?;
    run(
        &client,
        "npm",
        &["run", "--silent", if check { "codegen:check" } else { "codegen" }],
    )
}
