//! Kafka: one node that is broker and controller, from its published jars.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use super::place::{self, Place};
use super::{Start, jars, process};

/// Any 16 bytes in base64 name a cluster.
const CLUSTER: &str = "bGF2a2EtZW5naW5lcy0wMQ";

pub fn start(place: &Place) -> Result<Start> {
    let jars = match jars::fetch("kafka.pom.xml")? {
        Ok(jars) => jars,
        Err(why) => return Ok(Start::Missing(why)),
    };
    let properties = place.folder.join("server.properties");
    fs::write(&properties, settings(place, place::free_port()?))
        .with_context(|| format!("write {}", properties.display()))?;
    let java = |class: &str, memory: &str| {
        let mut command = Command::new(&jars.java);
        command.args([
            memory,
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-cp",
            &jars.class_path,
        ]);
        command.arg("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        command.arg(class).current_dir(&place.folder);
        command
    };
    let formatted = java("kafka.tools.StorageTool", "-Xmx64m")
        .args(["format", "--cluster-id", CLUSTER, "--config"])
        .arg(&properties)
        .stdin(Stdio::null())
        .output()
        .context("run Kafka's StorageTool")?;
    if !formatted.status.success() {
        bail!(
            "Kafka's StorageTool ended with {}: {}",
            formatted.status,
            String::from_utf8_lossy(&formatted.stderr).trim()
        );
    }
    process::start(place, java("kafka.Kafka", "-Xmx256m").arg(&properties))?;
    Ok(Start::Started)
}

/// One node, so one copy of everything; a group's members don't wait for others that might join; the offsets' 50 partitions,
/// of use to big clusters, would be most of its start.
fn settings(place: &Place, controller: u16) -> String {
    let port = place.port;
    let data = place.folder.join("data");
    format!(
        "process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
inter.broker.listener.name=PLAINTEXT
log.dirs={}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
log.cleaner.dedupe.buffer.size=16777216
",
        data.display()
    )
}
