//! Reading a configuration, and finding the place of what is wrong in it.

use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// What environment variables of ours begin with.
const PREFIX: &str = "LAVKA__";

/// Something in the configuration is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file isn't TOML.
    #[error("{file}, line {line}: {problem}")]
    Syntax {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A key or a value in the file doesn't fit.
    #[error("{file}, line {line}: `{path}`: {problem}")]
    File {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The dotted path: `orders.expire_after`.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// An environment variable doesn't fit.
    #[error("environment variable {variable} (`{path}`): {problem}")]
    Environment {
        /// The variable.
        variable: String,
        /// The dotted path that it sets.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// Something is missing.
    #[error("configuration: `{path}`: {problem}")]
    Missing {
        /// The dotted path of the section.
        path: String,
        /// What is wrong.
        problem: String,
    },
}

/// Reads a configuration: the file's `text` (its name only serves errors), overlaid with those of `environment`'s variables
/// that begin with `LAVKA__`.
pub fn load<T: DeserializeOwned>(
    file: &str,
    text: &str,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<T, ConfigError> {
    let mut table: Table = text
        .parse()
        .map_err(|error: toml::de::Error| ConfigError::Syntax {
            file: file.to_owned(),
            line: error.span().map_or(1, |span| line_of(text, span.start)),
            problem: error.message().trim().to_owned(),
        })?;
    let mut variables: Vec<(String, Vec<String>)> = Vec::new();
    for (name, value) in environment {
        let Some(rest) = name.strip_prefix(PREFIX) else {
            continue;
        };
        let path: Vec<String> = rest.split("__").map(str::to_ascii_lowercase).collect();
        overlay(&mut table, &path, value).map_err(|problem| ConfigError::Environment {
            variable: name.clone(),
            path: path.join("."),
            problem,
        })?;
        variables.push((name, path));
    }
    serde_path_to_error::deserialize(table).map_err(|error| {
        let path = error.path().to_string();
        let problem = error.inner().message().trim().to_owned();
        locate(file, text, &variables, path, problem)
    })
}

fn overlay(table: &mut Table, path: &[String], value: String) -> Result<(), String> {
    let Some((key, sections)) = path.split_last() else {
        return Ok(());
    };
    let mut place = table;
    for section in sections {
        let inner = place
            .entry(section.clone())
            .or_insert_with(|| Value::Table(Table::new()));
        place = inner
            .as_table_mut()
            .ok_or_else(|| format!("`{section}` is a value, not a section"))?;
    }
    // "5", "true" and "[1, 2]" are TOML; "hello" and "sqlite:data" are text.
    let parsed = format!("value = {value}")
        .parse::<Table>()
        .ok()
        .and_then(|mut table| {
            let parsed = table.remove("value")?;
            // Nothing may be smuggled in behind a line break.
            table.is_empty().then_some(parsed)
        });
    place.insert(key.clone(), parsed.unwrap_or(Value::String(value)));
    Ok(())
}

fn locate(
    file: &str,
    text: &str,
    variables: &[(String, Vec<String>)],
    path: String,
    problem: String,
) -> ConfigError {
    // serde_path_to_error says "." for the top, and "list[0].key" for what is inside a list.
    let path = if path == "." { String::new() } else { path };
    // The path of an unknown key is its section's or its own, by the error: the key's name is in the message.
    let unknown = problem
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split('`').next());
    let path = match unknown {
        Some(key) if path.is_empty() => key.to_owned(),
        Some(key) if !path.ends_with(&format!(".{key}")) && path != key => format!("{path}.{key}"),
        _ => path,
    };
    let keys: Vec<&str> = path.split('.').collect();
    let set_by = variables
        .iter()
        .find(|(_, of)| of.len() >= keys.len() && of.iter().zip(&keys).all(|(a, b)| a == b));
    if let Some((variable, _)) = set_by {
        return ConfigError::Environment {
            variable: variable.clone(),
            path,
            problem,
        };
    }
    match find_line(text, &keys) {
        Some(line) => ConfigError::File {
            file: file.to_owned(),
            line,
            path,
            problem,
        },
        None => ConfigError::Missing { path, problem },
    }
}

/// The line of the key at this path, by the parser's spans.
fn find_line(text: &str, keys: &[&str]) -> Option<usize> {
    let mut table = toml::de::DeTable::parse(text).ok()?.into_inner();
    let (last, sections) = keys.split_last()?;
    for section in sections {
        let name = section.split('[').next().unwrap_or_default();
        let value = table.remove(name)?.into_inner();
        table = match value {
            toml::de::DeValue::Table(inner) => inner,
            _ => return None,
        };
    }
    let name = last.split('[').next().unwrap_or_default();
    let (key, _) = table.get_key_value(name)?;
    Some(line_of(text, key.span().start))
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::config::Secret;

    #[derive(Debug, Default, PartialEq, Eq, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Config {
        orders: Orders,
        listen: String,
    }

    #[derive(Debug, Default, PartialEq, Eq, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Orders {
        expire_after: u32,
        key: Secret<String>,
    }

    fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn error(text: &str, pairs: &[(&str, &str)]) -> String {
        load::<Config>("lavka.toml", text, environment(pairs))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn the_environment_overlays_the_file() {
        let text = "listen = \"a\"\n[orders]\nexpire_after = 30\n";
        let variables = environment(&[
            ("LAVKA__ORDERS__EXPIRE_AFTER", "10"),
            ("LAVKA__LISTEN", "0.0.0.0:80"),
            ("PATH", "/bin"),
        ]);
        let config: Config = load("lavka.toml", text, variables).unwrap();
        assert_eq!(config.orders.expire_after, 10);
        assert_eq!(config.listen, "0.0.0.0:80");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let errors = [
            error("\n[orders]\nexpire_afer = 30\n", &[]),
            error("[orders]\n\nexpire_after = \"soon\"\n", &[]),
            error("listne = 1\n", &[]),
            error("listen = \n", &[]),
            error("", &[("LAVKA__ORDERS__EXPIRE_AFTER", "soon")]),
            error("", &[("LAVKA__ORDRES__X", "1")]),
            error("listen = \"a\"", &[("LAVKA__LISTEN__X", "1")]),
        ];
        insta::assert_snapshot!(errors.join("\n"));
    }

    #[test]
    fn a_secret_never_prints() {
        let config: Config = load("lavka.toml", "[orders]\nkey = \"hush\"", []).unwrap();
        assert_eq!(config.orders.key.expose(), "hush");
        assert!(!format!("{config:?}").contains("hush"));
    }
}
