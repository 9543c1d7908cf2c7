//! compose.yaml and deploy/kubernetes against the program: every variable is one that the strict configuration accepts, and the
//! names, ports and paths that they pass around are each other's.
//!
//! The files are read line by line: a variable stands on a line of its own, as does an argument.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Parser as _;

use crate::assembly::SERVICES;
use crate::command_line::{Arguments, Command};
use crate::config::Config;

fn read(file: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// `KEY: value` of each line that sets one of our variables; `${NAME:?…}` and `${NAME:-default}` filled in.
fn variables(text: &str) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|it| it.starts_with("LAVKA__")) {
        let (key, value) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
        let value = filled_in(value.trim_matches('"'));
        if let Some(before) = variables.insert(key.to_owned(), value.clone()) {
            assert_eq!(before, value, "{key} is set to two things");
        }
    }
    variables
}

fn filled_in(value: &str) -> String {
    let Some((before, rest)) = value.split_once("${") else {
        return value.to_owned();
    };
    let (inside, after) = rest.split_once('}').unwrap_or_else(|| panic!("{value}"));
    let filled = inside
        .split_once(":-")
        .map_or("0123456789abcdef0123456789abcdef", |(_, default)| default);
    format!("{before}{filled}{}", filled_in(after))
}

fn config(variables: &BTreeMap<String, String>) -> Config {
    lavka_kit::config::load("nothing", "", variables.clone()).unwrap_or_else(|error| panic!("{error}"))
}

/// The arguments of a program: what stands in `[…]` on one line, or on lines that begin with a dash.
fn arguments(list: &str) -> Vec<String> {
    let items = list.split([',', '\n']);
    let clean = |it: &str| {
        it.trim()
            .trim_start_matches("- ")
            .trim_matches(['[', ']', '"'])
            .to_owned()
    };
    items.map(clean).filter(|it| !it.is_empty()).collect()
}

/// Name and arguments of each container of ours.
fn compose_commands(text: &str) -> Vec<(String, Vec<String>)> {
    let mut commands = Vec::new();
    let services = text.split("\nservices:\n").nth(1).expect("services");
    let mut blocks: Vec<(String, String)> = Vec::new();
    for line in services.lines().take_while(|it| !it.starts_with("configs:")) {
        match line.strip_prefix("  ").and_then(|it| it.strip_suffix(':')) {
            Some(name) if !name.starts_with(' ') => blocks.push((name.to_owned(), String::new())),
            _ => {
                if let Some((_, block)) = blocks.last_mut() {
                    block.push_str(line);
                    block.push('\n');
                }
            }
        }
    }
    for (name, block) in blocks.into_iter().filter(|(_, block)| block.contains("*lavka\n")) {
        let command = block
            .split("    command:")
            .nth(1)
            .unwrap_or_else(|| panic!("{name} has no command"));
        let list = match command.strip_prefix(" [") {
            Some(line) => line.lines().next().unwrap_or_default().to_owned(),
            None => command
                .lines()
                .skip(1)
                .take_while(|it| it.starts_with("      - "))
                .collect::<Vec<_>>()
                .join("\n"),
        };
        commands.push((name, arguments(&list)));
    }
    commands
}

fn kubernetes_files() -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("deploy/kubernetes");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("deploy/kubernetes")
        .map(|it| it.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn kubernetes_commands() -> Vec<(String, Vec<String>)> {
    let mut commands = Vec::new();
    for file in kubernetes_files() {
        let text = read(&format!("deploy/kubernetes/{file}"));
        let Some(args) = text.split("          args:\n").nth(1) else {
            continue;
        };
        let list: Vec<&str> = args
            .lines()
            .take_while(|it| it.trim().starts_with("- "))
            .collect();
        commands.push((
            file.trim_end_matches(".yaml").to_owned(),
            arguments(&list.join("\n")),
        ));
    }
    commands
}

/// Each container is started as the program understands it, each service once, on the address where the others look for it.
fn are_each_others(commands: &[(String, Vec<String>)], config: &Config) {
    let mut listens = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (name, arguments) in commands {
        let line = std::iter::once("lavka").chain(arguments.iter().map(String::as_str));
        let parsed = Arguments::try_parse_from(line).unwrap_or_else(|error| panic!("{name}: {error}"));
        match parsed.command {
            Command::Subgraph(it) => {
                assert_eq!(&it.name, name, "a service is called by its name");
                assert!(SERVICES.contains(&it.name.as_str()), "{name}");
                listens.insert(it.name, it.listen.port());
            }
            Command::Router(it) => {
                let urls: BTreeSet<String> = it.subgraphs.into_iter().collect();
                let expected: BTreeSet<String> = config
                    .peers
                    .iter()
                    .map(|(name, url)| format!("{name}={url}"))
                    .collect();
                assert_eq!(
                    urls, expected,
                    "the router asks where the services ask each other"
                );
                seen.insert("router");
            }
            Command::Migrate(_) => {
                seen.insert("migrate");
            }
            _ => panic!("{name}: {arguments:?}"),
        }
    }
    assert_eq!(seen, BTreeSet::from(["migrate", "router"]));
    let expected: BTreeMap<String, String> = listens
        .iter()
        .map(|(name, port)| (name.clone(), format!("http://{name}:{port}/graphql")))
        .collect();
    assert_eq!(expected.len(), SERVICES.len());
    assert_eq!(config.peers, expected);
    let users = listens["users"];
    assert_eq!(
        config.jwks_url.as_deref(),
        Some(&*format!("http://users:{users}/.well-known/jwks.json"))
    );
    assert!(
        config
            .service_secret
            .as_ref()
            .is_some_and(|it| it.expose().len() >= 32)
    );
}

/// Real engines, all of them.
fn is_on_real_engines(variables: &BTreeMap<String, String>) {
    for (variable, scheme) in [
        ("LAVKA__BUS__URL", "kafka://"),
        ("LAVKA__CART__DATABASE", "redis://"),
        ("LAVKA__CATALOG__DATABASE", "mongodb://"),
        ("LAVKA__USERS__DATABASE", "postgres://"),
        ("LAVKA__ORDERS__DATABASE", "postgres://"),
        ("LAVKA__PAYMENTS__DATABASE", "postgres://"),
        ("LAVKA__NOTIFICATIONS__DATABASE", "postgres://"),
    ] {
        assert!(variables[variable].starts_with(scheme), "{variable}");
    }
}

#[test]
fn compose_starts_the_program_that_there_is() {
    let text = read("compose.yaml");
    let variables = variables(&text);
    is_on_real_engines(&variables);
    let commands = compose_commands(&text);
    are_each_others(&commands, &config(&variables));
    for (name, arguments) in &commands {
        let Some(port) = arguments.iter().find_map(|it| it.strip_prefix("0.0.0.0:")) else {
            continue;
        };
        let probe = format!("\"http://127.0.0.1:{port}/health/ready\"");
        assert!(text.contains(&probe), "{name} is asked for its health");
        assert!(
            text.contains(&format!("port: {port}, names: [{name}]")),
            "{name} is asked for its metrics"
        );
    }
}

#[test]
fn kubernetes_starts_the_program_that_there_is() {
    let both = format!(
        "{}\n{}",
        read("deploy/kubernetes/configuration.yaml"),
        read("deploy/kubernetes/secret.example.yaml")
    );
    let variables = variables(&both);
    is_on_real_engines(&variables);
    let commands = kubernetes_commands();
    are_each_others(&commands, &config(&variables));
    for (name, arguments) in &commands {
        let Some(port) = arguments
            .iter()
            .find_map(|it| it.strip_prefix("--listen=0.0.0.0:"))
        else {
            continue;
        };
        let text = read(&format!("deploy/kubernetes/{name}.yaml"));
        for expected in [
            format!("containerPort: {port} "),
            format!("port: {port}, targetPort: http"),
            format!("prometheus.io/port: \"{port}\""),
            "kind: Deployment\n".to_owned(),
            "kind: Service\n".to_owned(),
            "kind: HorizontalPodAutoscaler\n".to_owned(),
            "kind: PodDisruptionBudget\n".to_owned(),
            "path: /health/live, port: http".to_owned(),
            "path: /health/ready, port: http".to_owned(),
        ] {
            assert!(text.contains(&expected), "{name}: {expected}");
        }
    }
    let listed = read("deploy/kubernetes/kustomization.yaml");
    for file in kubernetes_files() {
        let apart = ["kustomization.yaml", "secret.example.yaml", "migrate.yaml"].contains(&file.as_str());
        assert_eq!(listed.contains(&format!("  - {file}\n")), !apart, "{file}");
    }
}

/// What a refused variable looks like: the tests above can fail.
#[test]
fn a_misspelt_variable_is_refused() {
    let text = "  LAVKA__CART__DATABAES: redis://redis:6379\n";
    let refused = lavka_kit::config::load::<Config>("nothing", "", variables(text));
    assert!(refused.is_err_and(|it| it.to_string().contains("LAVKA__CART__DATABAES")));
}
