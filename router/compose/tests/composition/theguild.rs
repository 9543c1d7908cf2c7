//! The other composer, in a process of Node's.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lavka_compose::Subgraph;
use serde_json::{Value as Json, json};

pub struct TheGuild {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// What it says of a set of subgraphs.
#[derive(Debug)]
pub enum Verdict {
    Composes(String),
    /// Codes with messages.
    Refuses(Vec<(String, String)>),
    /// It threw something: no verdict.
    Broke(String),
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/theguild")
}

impl TheGuild {
    /// None where its packages aren't installed (`npm ci` in tests/theguild), unless `LAVKA_THEGUILD` demands them, as `cargo xtask test` does.
    pub fn start() -> Option<Self> {
        let is_installed = folder().join("node_modules/@theguild").exists();
        if !is_installed && std::env::var_os("LAVKA_THEGUILD").is_none() {
            eprintln!(
                "LEFT OUT: run `npm ci` in router/compose/tests/theguild to compare with another composer"
            );
            return None;
        }
        let mut process = Command::new("node")
            .arg("compose.mjs")
            .current_dir(folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node starts");
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().expect("its output"));
        Some(Self {
            process,
            input,
            output,
        })
    }

    pub fn compose(&mut self, subgraphs: &[Subgraph]) -> Verdict {
        let subgraphs: Vec<Json> = subgraphs
            .iter()
            .map(|one| json!({"name": one.name, "url": one.url.as_deref().unwrap_or_default(), "sdl": one.sdl}))
            .collect();
        let answer = self.ask(&Json::from(subgraphs));
        if let Some(supergraph) = answer["supergraph"].as_str() {
            return Verdict::Composes(supergraph.to_owned());
        }
        if let Some(why) = answer["broke"].as_str() {
            return Verdict::Broke(why.to_owned());
        }
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let errors = answer["errors"].as_array().cloned().unwrap_or_default();
        Verdict::Refuses(
            errors
                .iter()
                .map(|error| (text(&error["code"]), text(&error["message"])))
                .collect(),
        )
    }

    /// The schema that a router on @graphql-tools/federation would serve for a supergraph, or why it serves none.
    pub fn load(&mut self, supergraph: &str) -> Result<String, String> {
        let answer = self.ask(&json!({ "supergraph": supergraph }));
        match answer["api"].as_str() {
            Some(api) => Ok(api.to_owned()),
            None => Err(answer["broke"].as_str().unwrap_or_default().to_owned()),
        }
    }

    fn ask(&mut self, question: &Json) -> Json {
        let input = self.input.as_mut().expect("its input");
        writeln!(input, "{question}").expect("it reads");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }
}

impl Drop for TheGuild {
    fn drop(&mut self) {
        // Without input it ends by itself.
        drop(self.input.take());
        let _ = self.process.wait();
    }
}
