//! `@link`: which specifications a subgraph uses, and what it calls their directives.

use std::collections::HashMap;

use apollo_compiler::Schema;
use apollo_compiler::ast::{Directive, Value};

use super::directives::{position, string};
use crate::Subgraph;
use crate::error::{Code, CompositionError, Place};
use crate::model::Federation;

/// The newest minor version of federation 2 whose directives are known here.
const NEWEST_MINOR: u32 = 12;
const FEDERATION: &str = "https://specs.apollo.dev/federation/";
const LINK: &str = "https://specs.apollo.dev/link/";
const HOST: &str = "https://specs.apollo.dev/";
/// Specifications beside federation's: name, versions, directives.
const SPECIFICATIONS: &[(&str, &[&str], &[&str])] = &[
    ("tag", &["v0.1", "v0.2", "v0.3"], &["tag"]),
    ("inaccessible", &["v0.1", "v0.2"], &["inaccessible"]),
    ("authenticated", &["v0.1"], &["authenticated"]),
    ("requiresScopes", &["v0.1"], &["requiresScopes"]),
    ("policy", &["v0.1"], &["policy"]),
    ("cost", &["v0.1"], &["cost", "listSize"]),
    ("context", &["v0.1"], &["context", "fromContext"]),
];

/// What things are called in one subgraph.
#[derive(Debug)]
pub(super) struct Links {
    pub federation: Federation,
    /// Local directive name -> the name in the specification of federation.
    directives: HashMap<String, String>,
    /// Local type name -> `FieldSet`, `Scope` …
    types: HashMap<String, String>,
    /// Local directive name -> the URL of the specification that it was imported from, for all others.
    imported: HashMap<String, String>,
    /// The names (or `as`) of other linked specifications, for `@name` and `@name__x`.
    namespaces: Vec<(String, String)>,
    /// What `@link` itself is called here.
    pub link: String,
    /// The prefix of what isn't imported: `federation`.
    pub prefix: String,
}

/// The directives of Federation 1.
pub(super) const ONE: &[&str] = &[
    "key",
    "requires",
    "provides",
    "external",
    "extends",
    "tag",
    "inaccessible",
];

pub(super) fn read(subgraph: &Subgraph, schema: &Schema) -> Result<Links, Vec<CompositionError>> {
    let mut links = Links {
        federation: Federation::One,
        directives: HashMap::new(),
        types: HashMap::new(),
        imported: HashMap::new(),
        namespaces: Vec::new(),
        link: link_name(schema),
        prefix: "federation".into(),
    };
    let mut errors = Vec::new();
    let name = links.link.clone();
    for directive in schema
        .schema_definition
        .directives
        .iter()
        .filter(|one| *one.name == *name)
    {
        if let Err(error) = read_one(&mut links, directive) {
            errors.push(error.at(Place {
                subgraph: subgraph.name.clone(),
                coordinate: "schema".into(),
                position: position(schema, directive.location()),
            }));
        }
    }
    if links.federation == Federation::One {
        for name in ONE {
            links.directives.insert((*name).to_owned(), (*name).to_owned());
        }
    }
    if errors.is_empty() { Ok(links) } else { Err(errors) }
}

/// `@link` unless the link to the link specification says `as`.
fn link_name(schema: &Schema) -> String {
    schema
        .schema_definition
        .directives
        .iter()
        .find(|directive| string(directive, "url").is_some_and(|url| url.starts_with(LINK)))
        .map_or_else(|| "link".to_owned(), |directive| directive.name.to_string())
}

fn read_one(links: &mut Links, directive: &Directive) -> Result<(), CompositionError> {
    let Some(url) = string(directive, "url") else {
        return Err(CompositionError::new(Code::InvalidLinkDirectiveUsage, "@link without a url")
            .hint("name the specification: @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@key\"])"));
    };
    let imports = imports(directive)?;
    if let Some(version) = url.strip_prefix(FEDERATION) {
        links.federation = federation(url, version)?;
        if let Some(prefix) = string(directive, "as") {
            links.prefix = prefix.to_owned();
        }
        for (name, local) in imports {
            match (name.strip_prefix('@'), local.strip_prefix('@')) {
                (Some(name), Some(local)) => {
                    importable(url, links.federation, name)?;
                    links.directives.insert(local.to_owned(), name.to_owned());
                }
                (None, None) => {
                    links.types.insert(local, name);
                }
                _ => return Err(mixed(&name, &local)),
            }
        }
        return Ok(());
    }
    if url.starts_with(LINK) {
        return Ok(());
    }
    if let Some((spec, version)) = url
        .strip_prefix(HOST)
        .and_then(|rest| rest.trim_end_matches('/').split_once('/'))
        && let Some((_, versions, directives)) = SPECIFICATIONS.iter().find(|(name, ..)| *name == spec)
    {
        return of_specification(
            links,
            directive,
            (spec, version),
            (*versions, *directives),
            imports,
        );
    }
    for (name, local) in imports {
        if let Some(local) = local.strip_prefix('@') {
            links.imported.insert(local.to_owned(), url.to_owned());
        } else if name.starts_with('@') {
            return Err(mixed(&name, &local));
        }
    }
    let namespace = string(directive, "as")
        .map(str::to_owned)
        .or_else(|| name_of(url));
    links
        .namespaces
        .extend(namespace.map(|namespace| (namespace, url.to_owned())));
    Ok(())
}

fn importable(url: &str, federation: Federation, name: &str) -> Result<(), CompositionError> {
    let refuse = |what: String, hint: String| {
        Err(CompositionError::new(
            Code::InvalidLinkDirectiveUsage,
            format!("{url} has no @{name} to import{what}"),
        )
        .hint(hint))
    };
    match (super::definitions::since(name), federation) {
        (None, _) if name == "link" => Ok(()),
        (None, _) => refuse(
            String::new(),
            "see the list of federation's directives for the right spelling".to_owned(),
        ),
        (Some(since), Federation::Two { minor }) if since > minor => refuse(
            format!(": it came with version 2.{since}"),
            format!("link {FEDERATION}v2.{since} or later"),
        ),
        (Some(_), _) => Ok(()),
    }
}

/// Some of federation's directives are also specifications of their own, which a subgraph may link by themselves.
fn of_specification(
    links: &mut Links,
    directive: &Directive,
    (spec, version): (&str, &str),
    (versions, directives): (&[&str], &[&str]),
    imports: Vec<(String, String)>,
) -> Result<(), CompositionError> {
    if !versions.contains(&version) {
        return Err(CompositionError::new(
            Code::UnknownLinkVersion,
            format!("{HOST}{spec}/{version} is not a known version of {spec}"),
        )
        .hint(format!("known are {}", versions.join(", "))));
    }
    let prefix = string(directive, "as").unwrap_or(spec);
    for name in directives {
        let imported = imports
            .iter()
            .find(|(import, _)| import.strip_prefix('@') == Some(*name));
        let local = match imported {
            Some((_, local)) => local.trim_start_matches('@').to_owned(),
            None if *name == spec => prefix.to_owned(),
            None => format!("{prefix}__{name}"),
        };
        links.directives.insert(local, (*name).to_owned());
    }
    Ok(())
}

fn mixed(name: &str, local: &str) -> CompositionError {
    CompositionError::new(
        Code::InvalidLinkDirectiveUsage,
        format!("import of \"{name}\" as \"{local}\": one is a directive, the other is not"),
    )
    .hint("write @ in front of both or of neither")
}

fn federation(url: &str, version: &str) -> Result<Federation, CompositionError> {
    let unknown = || {
        CompositionError::new(
            Code::UnknownFederationLinkVersion,
            format!("{url} is not a known version of federation"),
        )
        .hint(format!("versions 2.0 to 2.{NEWEST_MINOR} are known"))
    };
    let (major, minor) = version
        .trim_end_matches('/')
        .split_once('.')
        .ok_or_else(unknown)?;
    let minor: u32 = minor.parse().map_err(|_| unknown())?;
    match major {
        "v2" if minor <= NEWEST_MINOR => Ok(Federation::Two { minor }),
        "v1" => Ok(Federation::One),
        _ => Err(unknown()),
    }
}

/// `import: ["@a", {name: "@b", as: "@c"}]` as pairs of their name and ours.
fn imports(directive: &Directive) -> Result<Vec<(String, String)>, CompositionError> {
    let Some(value) = directive.specified_argument_by_name("import") else {
        return Ok(Vec::new());
    };
    let wrong = || {
        CompositionError::new(
            Code::InvalidLinkDirectiveUsage,
            format!("can't read the imports {value}"),
        )
        .hint("an import is \"@name\" or {name: \"@name\", as: \"@ours\"}")
    };
    let items = match &**value {
        Value::List(items) => items,
        Value::Null => return Ok(Vec::new()),
        _ => return Err(wrong()),
    };
    items
        .iter()
        .map(|item| match &**item {
            Value::String(name) => Ok((name.clone(), name.clone())),
            Value::Object(entries) => {
                let get = |key: &str| {
                    let found = entries.iter().find(|(name, _)| name == key);
                    found.and_then(|(_, value)| value.as_str()).map(str::to_owned)
                };
                let name = get("name").ok_or_else(wrong)?;
                let local = get("as").unwrap_or_else(|| name.clone());
                Ok((name, local))
            }
            _ => Err(wrong()),
        })
        .collect()
}

/// The last segment of a URL that isn't a version.
fn name_of(url: &str) -> Option<String> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let mut segments = path.trim_end_matches('/').rsplit('/').peekable();
    let is_version = |text: &str| {
        text.strip_prefix('v')
            .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
    };
    segments.next_if(|last| is_version(last));
    segments
        .next()
        .filter(|name| apollo_compiler::Name::is_valid_syntax(name))
        .map(str::to_owned)
}

impl Links {
    /// Federation's name for a directive, or none for one that isn't federation's.
    pub fn canonical<'a>(&'a self, local: &'a str) -> Option<&'a str> {
        if let Some(name) = self.directives.get(local) {
            return Some(name);
        }
        if self.federation == Federation::One {
            return None;
        }
        local
            .strip_prefix(self.prefix.as_str())
            .and_then(|rest| rest.strip_prefix("__"))
            .filter(|name| super::definitions::exists(name))
    }

    /// Federation's name for a directive that was imported, be it under another name.
    pub fn imported_from_federation(&self, local: &str) -> Option<&str> {
        let name = self.directives.get(local)?;
        // What wasn't imported is called by its specification's prefix.
        (!local.contains("__")).then_some(name)
    }

    /// Whether a directive of federation was asked for by name.
    pub fn is_imported(&self, canonical: &str) -> bool {
        self.directives.values().any(|name| name == canonical)
    }

    /// What this subgraph calls a directive of federation.
    pub fn local(&self, canonical: &str) -> String {
        let imported = self.directives.iter().find(|(_, name)| *name == canonical);
        match (imported, self.federation) {
            (Some((local, _)), _) => local.clone(),
            (None, Federation::One) => canonical.to_owned(),
            (None, Federation::Two { .. }) => format!("{}__{canonical}", self.prefix),
        }
    }

    /// The specification that a directive comes from, for directives that aren't federation's.
    pub fn origin(&self, local: &str) -> Option<&str> {
        if let Some(url) = self.imported.get(local) {
            return Some(url);
        }
        let namespace = local.split_once("__").map_or(local, |(prefix, _)| prefix);
        self.namespaces
            .iter()
            .find(|(name, _)| name == namespace)
            .map(|(_, url)| url.as_str())
    }

    /// Whether a type is part of the machinery.
    pub fn is_machinery(&self, ty: &str) -> bool {
        matches!(
            ty,
            "_Any" | "_Entity" | "_Service" | "_FieldSet" | "FieldSet" | "link__Import" | "link__Purpose"
        ) || self.types.contains_key(ty)
            || ty
                .strip_prefix(self.prefix.as_str())
                .is_some_and(|rest| rest.starts_with("__"))
            || ty
                .strip_prefix(self.link.as_str())
                .is_some_and(|rest| rest.starts_with("__"))
    }
}
