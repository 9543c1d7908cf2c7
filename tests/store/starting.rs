//! Starting, ending, and refusing to start.

use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

use serde_json::json;
use tempfile::TempDir;
use tokio::process::Command;

use crate::shop::{Shop, get, lavka};

async fn run(arguments: &[&str], data: &Path) -> Output {
    let mut command = Command::new(lavka());
    command
        .args(["up", "--data"])
        .arg(data)
        .args(arguments)
        .kill_on_drop(true);
    command.output().await.expect("run lavka")
}

/// What a refusal says: one sentence on standard error and an exit code that is not 0.
#[track_caller]
fn refusal(output: &Output) -> String {
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!text.contains("panicked"), "{text}");
    text.lines()
        .rfind(|it| !it.trim().is_empty())
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_finds_the_data_of_the_first() {
    let mut shop = Shop::start().await;
    let ann = shop.newcomer("Ann").await;
    assert_eq!(shop.interrupt().await, Some(0), "Ctrl-C ends it cleanly");
    shop.start_again().await;
    let ann = ann.at(&shop.url);
    let me = ann
        .gets("{ me { email } products(first: 1) { totalCount } }", json!({}))
        .await;
    assert_eq!(
        me["me"]["email"], "ann@example.com",
        "the token is still good, and the account is there"
    );
    assert!(me["products"]["totalCount"].as_i64() >= Some(80));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_demo_data_there_are_no_demo_accounts_and_no_peeking_at_letters() {
    let shop = Shop::empty().await;
    let guest = shop.guest();
    let input = json!({ "email": "staff@lavka.test", "password": "lavka-demo" });
    let refused = guest.does("logIn", "LogInInput", input, "user { id }").await;
    assert_eq!(refused["userErrors"][0]["code"], "BAD_CREDENTIALS");
    assert_eq!(
        guest.gets("{ products { totalCount } }", json!({})).await["products"]["totalCount"],
        0
    );
    assert_eq!(
        get(format!("{}/dev/mail", shop.url))
            .await
            .expect("an answer")
            .status(),
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_up_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let data = TempDir::new().expect("a folder");
    let text = refusal(&run(&["--no-demo", "--listen", &address], data.path()).await);
    assert!(text.contains(&address), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_that_cannot_be_is_named() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("a-file");
    std::fs::write(&file, "not a folder").expect("write a file");
    let text = refusal(&run(&["--no-demo", "--listen", "127.0.0.1:0"], &file).await);
    assert!(text.contains("a-file"), "{text}");

    let foreign = TempDir::new().expect("a folder");
    std::fs::write(
        foreign.path().join("orders.db"),
        "this is somebody's diary, not a database",
    )
    .expect("write a file");
    let text = refusal(&run(&["--no-demo", "--listen", "127.0.0.1:0"], foreign.path()).await);
    assert!(text.contains("orders.db"), "{text}");
    let diary = std::fs::read_to_string(foreign.path().join("orders.db")).expect("the diary");
    assert!(
        diary.starts_with("this is somebody's diary"),
        "and left as it was"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_key_is_named_with_its_place() {
    let data = TempDir::new().expect("a folder");
    let file = data.path().join("lavka.toml");
    for (text, named) in [
        ("[orders]\nunpaid_minuets = 30\n", "unpaid_minuets"),
        ("listne = \"127.0.0.1:4000\"\n", "listne"),
        ("[router.limits]\ndepth = \"deep\"\n", "depth"),
        ("[orders\n", "lavka.toml"),
    ] {
        std::fs::write(&file, text).expect("write the configuration");
        let said = refusal(
            &run(
                &[
                    "--no-demo",
                    "--listen",
                    "127.0.0.1:0",
                    "--config",
                    file.to_str().expect("a path"),
                ],
                data.path(),
            )
            .await,
        );
        assert!(said.contains(named), "{text:?}: {said}");
    }
    let missing = run(&["--config", "/nowhere/lavka.toml"], data.path()).await;
    assert!(refusal(&missing).contains("/nowhere/lavka.toml"));
}
