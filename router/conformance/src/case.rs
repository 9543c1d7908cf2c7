//! The cases that were thought of: one for each thing that a router must be able to do.
//!
//! A case is a folder under `cases/`: `ABOUT` says what it shows, `NAME.graphql` is a subgraph, `world.json` the [`World`], `operations/*.graphql`
//! what is asked and `answers/*.json` what the answer must be. An operation may begin with comments: `# {"id": "1"}` gives its variables,
//! `# labels: a, b` the progressive overrides that are on. A subgraph without a `@link` gets the one in [`LINK`]; with a `supergraph.graphql` in the
//! folder, nothing is composed.

use std::collections::BTreeMap;
use std::path::Path;

use rust_embed::RustEmbed;
use serde_json::{Value as Json, json};

use crate::federation::{Federation, FederationError};
use crate::world::World;

/// What a subgraph begins with unless it says something else.
pub const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@interfaceObject", "@override", "@tag", "@context", "@fromContext"])"#;

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// What it shows.
    pub about: String,
    /// The subgraphs: name and SDL.
    pub subgraphs: Vec<(String, String)>,
    /// A supergraph that was composed elsewhere.
    pub supergraph: Option<String>,
    /// The world's JSON.
    pub world: Json,
    /// What is asked.
    pub operations: Vec<CaseOperation>,
}

/// What is asked in a case.
#[derive(Clone, Debug)]
pub struct CaseOperation {
    /// The file's name.
    pub name: String,
    /// The document.
    pub text: String,
    /// The values of its variables.
    pub variables: Json,
    /// The labels of progressive overrides that are on.
    pub labels: Vec<String>,
    /// What must be answered, if that was written down.
    pub answer: Option<Answer>,
}

/// What must be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// To the letter, in this order.
    pub data: Json,
    /// The places of the errors, sorted.
    pub errors: Vec<Json>,
    /// Why one server over the same data answers something else.
    pub unlike_one_server: Option<String>,
}

/// Why files are no case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("case {case}: {reason}")]
pub struct InvalidCase {
    /// The case's name.
    pub case: String,
    /// What is wrong, for people.
    pub reason: String,
}

#[derive(RustEmbed)]
#[folder = "cases/"]
struct Embedded;

type Files = BTreeMap<String, String>;

impl Case {
    /// All cases that this program was built with, in the order of their names.
    ///
    /// # Errors
    /// Where one of them is not as the module's page says.
    pub fn all() -> Result<Vec<Self>, InvalidCase> {
        let mut cases: BTreeMap<String, Files> = BTreeMap::new();
        for path in Embedded::iter() {
            let (Some((case, rest)), Some(file)) = (path.split_once('/'), Embedded::get(&path)) else {
                continue;
            };
            let text = String::from_utf8_lossy(&file.data).into_owned();
            cases
                .entry(case.to_owned())
                .or_default()
                .insert(rest.to_owned(), text);
        }
        cases.iter().map(|(name, files)| Self::new(name, files)).collect()
    }

    /// The case in a folder.
    ///
    /// # Errors
    /// Where it can't be read, or is not as the module's page says.
    pub fn read(folder: &Path) -> Result<Self, InvalidCase> {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut files = Files::new();
        for (below, at) in [
            ("", folder.to_path_buf()),
            ("operations/", folder.join("operations")),
            ("answers/", folder.join("answers")),
        ] {
            let Ok(entries) = std::fs::read_dir(&at) else {
                continue;
            };
            for path in entries
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.is_file())
            {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                let text = std::fs::read_to_string(&path).map_err(|error| InvalidCase {
                    case: name.clone(),
                    reason: format!("{}: {error}", path.display()),
                })?;
                files.insert(format!("{below}{file}"), text);
            }
        }
        Self::new(&name, &files)
    }

    fn new(name: &str, files: &Files) -> Result<Self, InvalidCase> {
        let invalid = |reason: String| InvalidCase {
            case: name.to_owned(),
            reason,
        };
        let json = |path: &str, text: &str| {
            serde_json::from_str::<Json>(text).map_err(|error| invalid(format!("{path}: {error}")))
        };
        let world = files
            .get("world.json")
            .ok_or_else(|| invalid("it has no world.json".to_owned()))?;
        let mut case = Self {
            name: name.to_owned(),
            about: files
                .get("ABOUT")
                .map(|text| text.trim().to_owned())
                .unwrap_or_default(),
            subgraphs: Vec::new(),
            supergraph: None,
            world: json("world.json", world)?,
            operations: Vec::new(),
        };
        for (path, text) in files {
            let Some(stem) = path.strip_suffix(".graphql") else {
                continue;
            };
            match stem.strip_prefix("operations/") {
                Some(operation) => {
                    let answer = match files.get(&format!("answers/{operation}.json")) {
                        Some(text) => Some(Answer::from_json(&json(operation, text)?)),
                        None => None,
                    };
                    case.operations
                        .push(CaseOperation::new(operation, text, answer).map_err(invalid)?);
                }
                None if stem == "supergraph" => case.supergraph = Some(text.clone()),
                None if text.contains("@link(") => case.subgraphs.push((stem.to_owned(), text.clone())),
                None => case.subgraphs.push((stem.to_owned(), format!("{LINK}\n{text}"))),
            }
        }
        Ok(case)
    }

    /// The case's subgraphs over its world.
    ///
    /// # Errors
    /// Where they can't be run.
    pub fn federation(&self) -> Result<Federation, FederationError> {
        let world =
            World::new(self.world.clone()).map_err(|error| FederationError::World(error.to_string()))?;
        let subgraphs: Vec<(&str, &str)> = self
            .subgraphs
            .iter()
            .map(|(name, sdl)| (name.as_str(), sdl.as_str()))
            .collect();
        match &self.supergraph {
            Some(supergraph) => Federation::with_supergraph(supergraph, &subgraphs, world),
            None => Federation::new(&subgraphs, world),
        }
    }
}

impl CaseOperation {
    /// Whether one server answers something else than a router, so that there is nothing to compare with.
    pub fn has_its_own_answer(&self) -> bool {
        let answer = self.answer.as_ref();
        answer.is_some_and(|answer| answer.unlike_one_server.is_some())
    }

    fn new(name: &str, text: &str, answer: Option<Answer>) -> Result<Self, String> {
        let mut operation = Self {
            name: name.to_owned(),
            text: text.to_owned(),
            variables: json!({}),
            labels: Vec::new(),
            answer,
        };
        let comments = text.lines().map_while(|line| line.strip_prefix('#'));
        for comment in comments.map(str::trim) {
            if comment.starts_with('{') {
                operation.variables =
                    serde_json::from_str(comment).map_err(|error| format!("{name}: variables: {error}"))?;
            } else if let Some(labels) = comment.strip_prefix("labels:") {
                operation.labels = labels.split(',').map(|label| label.trim().to_owned()).collect();
            }
        }
        Ok(operation)
    }
}

impl Answer {
    /// What a response says, as far as it counts.
    pub fn of(response: &Json) -> Self {
        let errors = response["errors"].as_array().into_iter().flatten();
        let mut errors: Vec<Json> = errors.map(|error| error["path"].clone()).collect();
        errors.sort_by_key(Json::to_string);
        Self {
            data: response["data"].clone(),
            errors,
            unlike_one_server: None,
        }
    }

    fn from_json(json: &Json) -> Self {
        Self {
            data: json["data"].clone(),
            errors: json["errors"].as_array().cloned().unwrap_or_default(),
            unlike_one_server: json["unlikeOneServer"].as_str().map(str::to_owned),
        }
    }

    /// As the file has it.
    pub fn to_json(&self) -> Json {
        let mut json = json!({ "data": self.data });
        if !self.errors.is_empty() {
            json["errors"] = self.errors.clone().into();
        }
        if let Some(why) = &self.unlike_one_server {
            json["unlikeOneServer"] = why.as_str().into();
        }
        json
    }

    /// What is wrong with a response; None when it is right. Maps are compared in their order.
    pub fn difference(&self, response: &Json) -> Option<String> {
        let given = Self::of(response);
        // As text: maps compare without their order.
        let (is, must_be) = (given.data.to_string(), self.data.to_string());
        if is != must_be {
            return Some(format!("data is {is}, must be {must_be}"));
        }
        (given.errors != self.errors).then(|| {
            let list = |paths: &[Json]| paths.iter().map(Json::to_string).collect::<Vec<_>>().join(" ");
            format!(
                "errors are at {}; they must be at {}",
                list(&given.errors),
                list(&self.errors)
            )
        })
    }
}
