//! The store on PostgreSQL: by the URLs in its configuration, and nothing else.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use lavka_kit::testing::TestPlace;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::people::eventually;
use crate::shop::{Shop, get, lavka};

/// A configuration that keeps all four services in this database.
fn configuration(folder: &TempDir, database: &str) -> PathBuf {
    let file = folder.path().join("lavka.toml");
    let section = |service: &str| format!("[{service}]\ndatabase = \"{database}\"\n");
    let text = ["users", "orders", "payments", "notifications"]
        .map(section)
        .concat();
    std::fs::write(&file, text).expect("write the configuration");
    file
}

async fn migrate(config: &Path) -> Output {
    let mut command = Command::new(lavka());
    command
        .args(["migrate", "--config"])
        .arg(config)
        .kill_on_drop(true);
    command.output().await.expect("run lavka")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_sells_on_postgres_and_finds_everything_after_a_crash() {
    let Some(place) = TestPlace::alone_on_postgres().await else {
        return;
    };
    let folder = TempDir::new().expect("a folder");
    let config = configuration(&folder, &place.address());
    let migrated = migrate(&config).await;
    assert!(migrated.status.success(), "{migrated:?}");
    assert_eq!(
        String::from_utf8_lossy(&migrated.stdout)
            .matches("is up to date")
            .count(),
        4,
        "{migrated:?}"
    );

    let mut shop = Shop::unfurnished(&["--config", config.to_str().expect("a path")]).await;
    let mut ann = shop.newcomer("Ann").await;
    let lamp = ann.finds_one().await;
    let before = ann.sees_available(&lamp).await;
    ann.adds(&lamp, 2).await;
    let order = ann.checks_out("ok").await;
    let mut following = ann.follows_order(&order).await;
    following.until("PAID").await;
    shop.kill().await;
    shop.start_again().await;

    let ann = ann.at(&shop.url);
    assert_eq!(ann.looks_at(&order).await["status"], "PAID");
    assert_eq!(ann.sees_available(&lamp).await, before - 2);
    let staff = shop.staff().await;
    let found = staff
        .gets(
            "{ orders(search: \"ann\", status: PAID) { totalCount } }",
            json!({}),
        )
        .await;
    assert_eq!(found["orders"]["totalCount"], 1);
    let letters = eventually(async || {
        let me = ann
            .gets("{ me { notifications { totalCount } } }", json!({}))
            .await;
        me["me"]["notifications"]["totalCount"]
            .as_i64()
            .filter(|count| *count >= 2)
    });
    letters.await;
    for service in ["users", "orders", "payments", "notifications"] {
        assert!(
            !shop.data().join(format!("{service}.db")).exists(),
            "{service} has a file"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_nothing_to_migrate_where_no_database_is_named() {
    let folder = TempDir::new().expect("a folder");
    let config = folder.path().join("lavka.toml");
    std::fs::write(&config, "").expect("write the configuration");
    let refused = migrate(&config).await;
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("no service's `database` is set"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_that_is_none_is_refused_without_its_password() {
    let folder = TempDir::new().expect("a folder");
    for url in ["mysql://lavka:secret@db/lavka", "postgres://lavka:secret@db"] {
        let refused = migrate(&configuration(&folder, url)).await;
        assert!(!refused.status.success());
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("database") && !said.contains("secret"), "{said}");
    }
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address").port()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_whose_database_is_away_is_alive_and_names_what_it_waits_for() {
    let folder = TempDir::new().expect("a folder");
    let config = configuration(
        &folder,
        &format!("postgres://lavka@127.0.0.1:{}/lavka", free_port()),
    );
    let address = format!("127.0.0.1:{}", free_port());
    let mut command = Command::new(lavka());
    command
        .args(["subgraph", "orders", "--listen", &address, "--data"])
        .arg(folder.path())
        .arg("--config")
        .arg(config)
        .env(
            "LAVKA__SERVICE_SECRET",
            "a secret of the tests, 32 bytes at least",
        )
        .env("LAVKA__JWKS_URL", "http://127.0.0.1:1/.well-known/jwks.json")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let mut process = command.spawn().expect("start lavka");
    let report = eventually(async || {
        let answer = get(format!("http://{address}/health/ready")).await.ok()?;
        assert_eq!(answer.status(), 503);
        let reports: Value = answer.json().await.expect("JSON");
        let report = reports[0].clone();
        (report["name"] == "orders: database").then_some(report)
    })
    .await;
    let problem = report["problem"].as_str().unwrap_or_default();
    assert!(problem.starts_with("waiting for PostgreSQL"), "{report}");
    let live = get(format!("http://{address}/health/live"))
        .await
        .expect("an answer");
    assert_eq!(live.status(), 200);
    process.kill().await.expect("end lavka");
}
