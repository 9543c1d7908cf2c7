//! Clients that others wrote understand our `@defer`: what is there first is shown before the rest has been answered, and then all of it.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::world::World;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// False where their packages aren't installed (`npm ci` in tests/clients), unless `LAVKA_CLIENTS` demands them, as `cargo xtask test` does.
fn are_installed() -> bool {
    let are = folder().join("node_modules/@apollo").exists();
    if !are {
        eprintln!(
            "LEFT OUT: run `npm ci` in router/server/tests/clients to ask by clients that others wrote"
        );
    }
    are || std::env::var_os("LAVKA_CLIENTS").is_some()
}

async fn understands(client: &str) {
    if !are_installed() {
        return;
    }
    let world = World::new();
    let url = format!("http://{}/graphql", world.listen().await);
    let query = r#"{ newest { title } ... @defer(label: "later") { slow } }"#;
    let mut page = Command::new("node")
        .args(["deferring.mjs", client, &url, query])
        .current_dir(folder())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("Node starts");
    let mut shown = BufReader::new(page.stdout.take().expect("its output")).lines();
    let mut next = async || -> Value {
        let line = shown.next_line().await.expect("readable").expect("another state");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    };
    assert_eq!(next().await, json!({"newest": {"title": "Lamps"}}));
    // Only now does the slow subgraph answer.
    world.stage.waiting.notified().await;
    world.stage.patience.notify_one();
    assert_eq!(next().await, json!({"newest": {"title": "Lamps"}, "slow": true}));
    assert!(page.wait().await.expect("it ends").success());
}

#[tokio::test]
async fn apollo_client_understands_the_current_proposal() {
    understands("apollo, current proposal").await;
}

#[tokio::test]
async fn apollo_client_understands_the_form_of_2022() {
    understands("apollo, form of 2022").await;
}

#[tokio::test]
async fn urql_understands_it() {
    understands("urql").await;
}
