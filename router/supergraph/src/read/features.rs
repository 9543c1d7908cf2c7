//! The specifications that a document is written in: `schema @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)`.

use apollo_compiler::ast::Directive;
use apollo_compiler::{Name, Schema};

use super::directives::{enum_value, position, string};
use crate::SupergraphError;
use crate::access::AccessDirectives;

/// The local names of what the document uses.
#[derive(Debug, Default)]
pub(crate) struct Features {
    join: String,
    pub inaccessible: Option<Name>,
    pub access: AccessDirectives,
    pub context: Option<Name>,
    /// The local prefixes of all features: `join`, `link`, `tag` …
    prefixes: Vec<String>,
    /// Directives that are known by a name of their own (`@tag`, or an import's `as`).
    names: Vec<Name>,
}

/// What is understood: the name, its versions, and the name of its directive. Cost, tags and links say nothing to a planner.
const KNOWN: &[(&str, &[&str])] = &[
    ("link", &["v1.0"]),
    ("join", &["v0.3", "v0.4", "v0.5"]),
    ("inaccessible", &["v0.1", "v0.2"]),
    ("tag", &["v0.1", "v0.2", "v0.3"]),
    ("authenticated", &["v0.1"]),
    ("requiresScopes", &["v0.1"]),
    ("policy", &["v0.1"]),
    ("cost", &["v0.1"]),
    ("context", &["v0.1"]),
];

/// Features that keep data from people: a version of one of these that isn't understood guards nothing here, whatever its link says of its purpose.
const GUARDING: &[&str] = &[
    "inaccessible",
    "authenticated",
    "requiresScopes",
    "policy",
    "context",
];

const HOST: &str = "https://specs.apollo.dev/";

pub(super) fn read(schema: &Schema) -> Result<Features, Vec<SupergraphError>> {
    let mut features = Features::default();
    let mut errors = Vec::new();
    let applied = &schema.schema_definition.directives;
    for directive in applied.iter() {
        let url = match directive.name.as_str() {
            "core" => string(directive, "feature"),
            _ => string(directive, "url"),
        };
        let Some(url) = url.filter(|_| is_link(directive)) else {
            continue;
        };
        if let Err(message) = features.add(directive, url) {
            errors.push(SupergraphError::at(
                "schema",
                position(schema, directive),
                message,
            ));
        }
    }
    if errors.is_empty() && features.join.is_empty() {
        errors.push(SupergraphError::at(
            "schema",
            None,
            "not a supergraph: no @link to https://specs.apollo.dev/join (v0.3 to v0.5)",
        ));
    }
    if errors.is_empty() {
        Ok(features)
    } else {
        Err(errors)
    }
}

fn versions(name: &str) -> String {
    let known = KNOWN.iter().find(|(known, _)| *known == name);
    known
        .map(|(_, versions)| versions.join(" and "))
        .unwrap_or_default()
}

/// `@link` may itself be renamed; it always has a url and nothing else on a schema has.
fn is_link(directive: &Directive) -> bool {
    directive.specified_argument_by_name("url").is_some() || directive.name == "core"
}

impl Features {
    fn add(&mut self, directive: &Directive, url: &str) -> Result<(), String> {
        let identity = url.strip_prefix(HOST).map(|rest| {
            let rest = rest.trim_end_matches('/');
            rest.split_once('/').unwrap_or((rest, ""))
        });
        let known = identity.and_then(|(name, version)| {
            KNOWN
                .iter()
                .find(|(known, versions)| *known == name && versions.contains(&version))
        });
        let Some((feature, _)) = known else {
            let name = identity.map(|(name, _)| name).unwrap_or_default();
            let join = matches!(name, "join" | "core" | "link");
            return match enum_value(directive, "for").map(Name::as_str) {
                Some(purpose) => Err(format!("{url} is needed for {purpose} and is not understood")),
                None if GUARDING.contains(&name) => Err(format!(
                    "{url} is not understood, and what it guards would be open: {name} is read in {}",
                    versions(name)
                )),
                None if join => Err(format!(
                    "{url} is not understood: join is read from v0.3 to v0.5, link v1.0"
                )),
                None => {
                    self.prefixes.extend(local_prefix(directive, url));
                    self.import(directive, |_, _| {});
                    Ok(())
                }
            };
        };
        let prefix = string(directive, "as").unwrap_or(feature).to_owned();
        if *feature == "join" {
            self.join.clone_from(&prefix);
        }
        let mut own = Name::new(&prefix).ok();
        self.import(directive, |name, local| {
            if name == *feature {
                own = Some(local.clone());
            }
        });
        self.names.extend(own.clone());
        match *feature {
            "inaccessible" => self.inaccessible = own,
            "authenticated" => self.access.authenticated = own,
            "requiresScopes" => self.access.scopes = own,
            "policy" => self.access.policy = own,
            "context" => self.context = own,
            _ => {}
        }
        self.prefixes.push(prefix);
        Ok(())
    }

    /// `import: ["@a", { name: "@b", as: "@c" }]`.
    fn import(&mut self, directive: &Directive, mut each: impl FnMut(&str, &Name)) {
        let imports = directive
            .specified_argument_by_name("import")
            .and_then(|value| value.as_list());
        for import in imports.unwrap_or_default() {
            let (name, local) = if let Some(name) = import.as_str() {
                (name, name)
            } else {
                let part = |key: &str| {
                    let fields = import.as_object()?;
                    fields
                        .iter()
                        .find(|(name, _)| name == key)
                        .and_then(|(_, value)| value.as_str())
                };
                let Some(name) = part("name") else { continue };
                (name, part("as").unwrap_or(name))
            };
            if let Ok(local) = Name::new(local.trim_start_matches('@')) {
                each(name.trim_start_matches('@'), &local);
                self.names.push(local);
            }
        }
    }

    /// The local name of one of join's definitions.
    pub(super) fn join(&self, name: &str) -> String {
        format!("{}__{name}", self.join)
    }

    /// Whether a type or directive belongs to a feature rather than to the graph.
    pub(crate) fn is_machinery(&self, name: &str) -> bool {
        let prefixed = |prefix: &String| {
            name.strip_prefix(prefix.as_str())
                .is_some_and(|rest| rest.starts_with("__"))
        };
        self.names.iter().any(|own| own == name) || self.prefixes.iter().any(prefixed)
    }
}

/// An unknown feature's prefix: `as`, or the last segment of its URL that isn't a version.
fn local_prefix(directive: &Directive, url: &str) -> Option<String> {
    if let Some(prefix) = string(directive, "as") {
        return Some(prefix.to_owned());
    }
    let is_version =
        |segment: &&str| segment.starts_with('v') && segment[1..].starts_with(|c: char| c.is_ascii_digit());
    url.trim_end_matches('/')
        .rsplit('/')
        .find(|segment| !is_version(segment))
        .map(str::to_owned)
}
