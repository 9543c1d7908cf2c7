//! What is generated from the code stands in the tree as it would be generated now.

use std::path::Path;

use tokio::process::Command;

use crate::shop::lavka;

#[tokio::test]
async fn schemas_and_the_configuration_reference_are_those_of_this_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(lavka());
    command.args(["generate", "--check", "--root"]).arg(root);
    let output = command.output().await.expect("run lavka generate --check");
    assert!(
        output.status.success(),
        "write them anew by `cargo xtask schema`: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn a_file_that_is_missing_or_differs_is_named() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(lavka());
    command
        .args(["generate", "--check", "--root"])
        .arg(elsewhere.path());
    let output = command.output().await.expect("run lavka generate --check");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("supergraph.graphql"), "{said}");
}
