//! `lavka generate`: the files of the repository that are written from the code, so that they can't drift from it:
//! schema/ and docs/configuration.md.

mod configuration;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::assembly::{self, Surroundings};
use crate::command_line;
use crate::config::Config;
use crate::graph;

/// Writes the files, or with `--check` compares them.
///
/// # Errors
/// With `--check`, when a file differs, is missing, or shouldn't be there.
pub async fn run(options: command_line::Generate) -> Result<()> {
    let files = files().await?;
    let stale = stale(&options.root, &files)?;
    if options.check {
        if !stale.is_empty() {
            bail!(
                "not as generated: {}; `cargo xtask schema` writes them",
                stale.join(", ")
            );
        }
        return Ok(());
    }
    for (path, text) in &files {
        let path = options.root.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
        }
        std::fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
    }
    for path in stale
        .iter()
        .filter(|it| !files.contains_key(Path::new(it.as_str())))
    {
        std::fs::remove_file(options.root.join(path)).with_context(|| format!("remove {path}"))?;
    }
    Ok(())
}

/// Every generated file by its path in the repository.
async fn files() -> Result<BTreeMap<PathBuf, String>> {
    let data = tempfile::tempdir().context("make a data directory")?;
    let config = Config {
        data: data.path().to_owned(),
        ..Config::default()
    };
    let Surroundings { context, .. } = Surroundings::prepare(&config, String::new(), false).await?;
    let store = assembly::start_all(&config, &context).await?;
    let graph = graph::compose_graph(&graph::inputs(&store.subgraphs))?;

    let mut files = BTreeMap::new();
    for subgraph in &store.subgraphs {
        files.insert(
            PathBuf::from(format!("schema/{}.graphql", subgraph.name)),
            ended(&subgraph.sdl),
        );
    }
    files.insert(
        "schema/api.graphql".into(),
        ended(&graph.supergraph.api_schema().to_string()),
    );
    files.insert("schema/supergraph.graphql".into(), ended(&graph.sdl));
    use lavka_kit::events::{catalog, orders, payments, users};
    for (name, schema) in [
        orders::schemas(),
        payments::schemas(),
        users::schemas(),
        catalog::schemas(),
    ]
    .concat()
    {
        files.insert(
            format!("schema/events/{name}.json").into(),
            ended(&serde_json::to_string_pretty(&schema)?),
        );
    }
    files.insert("docs/configuration.md".into(), configuration::page());
    context.tasks.shutdown(Duration::from_secs(5)).await;
    Ok(files)
}

/// The paths where the tree is not as generated: other text, missing, or left over from something that is gone.
fn stale(root: &Path, files: &BTreeMap<PathBuf, String>) -> Result<Vec<String>> {
    let differs =
        |path: &Path, text: &str| std::fs::read_to_string(root.join(path)).map_or(true, |it| it != text);
    let mut stale: Vec<String> = files
        .iter()
        .filter(|(path, text)| differs(path, text))
        .map(|(path, _)| path.display().to_string())
        .collect();
    for folder in ["schema", "schema/events"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
            continue;
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("read {folder}"))?;
            let path = Path::new(folder).join(entry.file_name());
            if entry.file_type()?.is_file() && !files.contains_key(&path) {
                stale.push(path.display().to_string());
            }
        }
    }
    Ok(stale)
}

fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end())
}
