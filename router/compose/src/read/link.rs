//! `@link`: which specifications a subgraph uses, and what it calls their directives.

mod imports;
mod url;

use std::collections::HashMap;

use apollo_compiler::Schema;
use apollo_compiler::ast::Directive;

use super::directives::{position, string};
use crate::Subgraph;
use crate::error::{Code, CompositionError, Place, Position};
use crate::model::{Federation, Origin};
use imports::Import;
use url::SpecUrl;

/// The newest minor version of federation 2 whose directives are known here.
const NEWEST_MINOR: u32 = 12;
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
/// Specifications that others compose, and what they are.
const UNSUPPORTED: &[(&str, &str)] = &[("connect", "connectors")];

/// What things are called in one subgraph.
#[derive(Debug)]
pub(super) struct Links {
    pub federation: Federation,
    /// Local directive name -> the name in the specification of federation.
    directives: HashMap<String, String>,
    /// Local type name -> `FieldSet`, `Scope` …
    types: HashMap<String, String>,
    /// Local directive name -> where it was imported from, for all others.
    imported: HashMap<String, Origin>,
    /// The names (or `as`) of other linked specifications with their URLs, for `@name` and `@name__x`.
    namespaces: Vec<(String, String)>,
    /// Local name of a directive of federation's -> the link that brought it.
    linked_at: HashMap<String, Option<Position>>,
    /// The link that is being read.
    at: Option<Position>,
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
        linked_at: HashMap::new(),
        at: None,
        link: link_name(schema),
        prefix: "federation".into(),
    };
    let mut errors = Vec::new();
    let mut seen: HashMap<&str, Place> = HashMap::new();
    let name = links.link.clone();
    for directive in schema
        .schema_definition
        .directives
        .iter()
        .filter(|one| *one.name == *name)
    {
        let place = Place {
            subgraph: subgraph.name.clone(),
            coordinate: "schema".into(),
            position: position(schema, directive.location()),
        };
        let url = match linked(directive) {
            Ok(url) => url,
            Err(error) => {
                errors.push(error.at(place));
                continue;
            }
        };
        if let Some(first) = seen.get(url.identity) {
            let message = format!("{} is linked twice", url.identity);
            let error = CompositionError::new(Code::InvalidLinkDirectiveUsage, message);
            errors.push(
                error
                    .at_all([first.clone(), place])
                    .hint("link it once, in one version, with all imports"),
            );
            continue;
        }
        seen.insert(url.identity, place.clone());
        links.at = place.position;
        if let Err(error) = read_one(&mut links, directive, url) {
            errors.push(error.at(place));
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

/// What a link is to.
fn linked(directive: &Directive) -> Result<SpecUrl<'_>, CompositionError> {
    let Some(text) = string(directive, "url") else {
        return Err(CompositionError::new(Code::InvalidLinkDirectiveUsage, "@link without a url")
            .hint("name the specification: @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@key\"])"));
    };
    let refuse = |what: &str| {
        let message = format!("@link(url: \"{text}\"): {what}");
        let error = CompositionError::new(Code::InvalidLinkIdentifier, message);
        error.hint(
            "a specification is linked by its name and version: https://specs.apollo.dev/federation/v2.5",
        )
    };
    let parsed = url::parse(text).map_err(refuse)?;
    let is_ours = format!("{}/", parsed.identity).starts_with(HOST);
    if is_ours && (parsed.name.is_none() || parsed.version.is_none()) {
        return Err(refuse("it lacks a name or a version"));
    }
    Ok(parsed)
}

fn read_one(links: &mut Links, directive: &Directive, url: SpecUrl<'_>) -> Result<(), CompositionError> {
    let text = string(directive, "url").unwrap_or_default();
    let imports = imports::read(directive)?;
    match url.identity.strip_prefix(HOST) {
        Some("federation") => of_federation(links, directive, (text, url), &imports),
        Some("link") => Ok(()),
        spec => match SPECIFICATIONS.iter().find(|(name, ..)| Some(*name) == spec) {
            Some(known) => of_specification(links, directive, known, text, &imports),
            None => of_another(links, directive, (text, url), &imports),
        },
    }
}

fn of_federation(
    links: &mut Links,
    directive: &Directive,
    (text, url): (&str, SpecUrl<'_>),
    imports: &[Import],
) -> Result<(), CompositionError> {
    links.federation = federation(text, url.version)?;
    if let Some(prefix) = string(directive, "as") {
        prefix.clone_into(&mut links.prefix);
    }
    for import in imports {
        if let Some((name, local)) = import.directive() {
            importable(text, links.federation, name)?;
            links.add(local, name);
        } else {
            links.types.insert(import.local.clone(), import.name.clone());
        }
    }
    Ok(())
}

/// A specification that isn't known here: what it says of the graph is for others, unless it says that it matters to everybody.
fn of_another(
    links: &mut Links,
    directive: &Directive,
    (text, url): (&str, SpecUrl<'_>),
    imports: &[Import],
) -> Result<(), CompositionError> {
    let refuse = |what: String| {
        let error = CompositionError::new(Code::UnsupportedFeature, format!("{text} {what}"));
        Err(error.hint("take the link away, and what is said with it: left out of the supergraph, it would be lost unseen"))
    };
    if let Some((_, what)) = UNSUPPORTED.iter().find(|(name, _)| {
        let spec = url.identity.strip_prefix(HOST);
        spec == Some(*name)
    }) {
        return refuse(format!("brings {what}, which aren't composed here"));
    }
    let purpose = directive.specified_argument_by_name("for");
    if let Some(purpose) = purpose.and_then(|purpose| purpose.as_enum()) {
        return refuse(format!("is needed for {purpose} and is not understood"));
    }
    for (name, local) in imports.iter().filter_map(Import::directive) {
        let origin = Origin::of(text, url.identity, url.version, name);
        links.imported.insert(local.to_owned(), origin);
    }
    let namespace = string(directive, "as").or(url.name).map(str::to_owned);
    links
        .namespaces
        .extend(namespace.map(|namespace| (namespace, text.to_owned())));
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
            format!("link {HOST}federation/v2.{since} or later"),
        ),
        (Some(_), _) => Ok(()),
    }
}

/// Some of federation's directives are also specifications of their own, which a subgraph may link by themselves.
fn of_specification(
    links: &mut Links,
    directive: &Directive,
    (spec, versions, directives): &(&str, &[&str], &[&str]),
    text: &str,
    imports: &[Import],
) -> Result<(), CompositionError> {
    let version = text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if !versions.contains(&version) {
        return Err(CompositionError::new(
            Code::UnknownLinkVersion,
            format!("{HOST}{spec}/{version} is not a known version of {spec}"),
        )
        .hint(format!("known are {}", versions.join(", "))));
    }
    let prefix = string(directive, "as").unwrap_or(spec);
    for name in *directives {
        let mut imported = imports.iter().filter_map(Import::directive);
        let local = match imported.find(|(import, _)| import == name) {
            Some((_, local)) => local.to_owned(),
            None if name == spec => prefix.to_owned(),
            None => format!("{prefix}__{name}"),
        };
        links.add(&local, name);
    }
    Ok(())
}

fn federation(url: &str, version: Option<(u32, u32)>) -> Result<Federation, CompositionError> {
    match version {
        Some((2, minor)) if minor <= NEWEST_MINOR => Ok(Federation::Two { minor }),
        Some((1, _)) => Ok(Federation::One),
        _ => Err(CompositionError::new(
            Code::UnknownFederationLinkVersion,
            format!("{url} is not a known version of federation"),
        )
        .hint(format!("versions 2.0 to 2.{NEWEST_MINOR} are known"))),
    }
}

impl Links {
    fn add(&mut self, local: &str, canonical: &str) {
        self.directives.insert(local.to_owned(), canonical.to_owned());
        self.linked_at.insert(local.to_owned(), self.at);
    }

    /// The link that brought a directive of federation's.
    pub fn linked_at(&self, local: &str) -> Option<Position> {
        self.linked_at.get(local).copied().flatten()
    }

    /// What this subgraph calls a scalar of federation's: all of its names.
    pub fn scalar_names(&self, canonical: &str) -> Vec<String> {
        let imported = self.types.iter().filter(|(_, name)| *name == canonical);
        let mut names: Vec<String> = imported.map(|(local, _)| local.clone()).collect();
        names.push(format!("{}__{canonical}", self.prefix));
        names
    }

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

    /// Where a directive comes from that isn't federation's.
    pub fn origin(&self, local: &str) -> Option<Origin> {
        if let Some(origin) = self.imported.get(local) {
            return Some(origin.clone());
        }
        let (namespace, rest) = local.split_once("__").unwrap_or((local, ""));
        let (_, text) = self.namespaces.iter().find(|(name, _)| name == namespace)?;
        let url = url::parse(text).ok()?;
        let published = if rest.is_empty() { url.name? } else { rest };
        let mut origin = Origin::of(text, url.identity, url.version, published);
        if !rest.is_empty() {
            origin.namespace = Some(namespace.to_owned());
            origin.is_renamed_namespace = url.name != Some(namespace);
        }
        Some(origin)
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
