//! What changes for clients from one schema to the next.
//!
//! *Breaking*: an operation that was valid isn't any more, or its answer has another shape. *Dangerous*: every operation stays valid, but a
//! client may meet something that it didn't know. The kinds are the ones that GraphQL's reference implementation tells apart, under its names.

mod access;
mod directives;
mod members;
mod output;
mod references;

use std::fmt;

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;

pub use access::Guarded;

/// A change that a client may notice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of change it is, in capitals.
    pub kind: &'static str,
    /// The schema coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `@directive`.
    pub coordinate: String,
    /// In one sentence.
    pub message: String,
}

/// How bad a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Operations that worked fail, or answer in another shape.
    Breaking,
    /// Operations go on working, but a client may meet what it didn't know.
    Dangerous,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking => "breaking",
            Self::Dangerous => "dangerous",
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.kind, self.message)
    }
}

/// Gathers what was found.
#[derive(Default)]
struct Found(Vec<Change>);

impl Found {
    fn breaking(&mut self, kind: &'static str, coordinate: impl Into<String>, message: impl Into<String>) {
        self.push(Severity::Breaking, kind, coordinate.into(), message.into());
    }

    fn dangerous(&mut self, kind: &'static str, coordinate: impl Into<String>, message: impl Into<String>) {
        self.push(Severity::Dangerous, kind, coordinate.into(), message.into());
    }

    fn push(&mut self, severity: Severity, kind: &'static str, coordinate: String, message: String) {
        self.0.push(Change {
            severity,
            kind,
            coordinate,
            message,
        });
    }
}

/// Compares two schemas as clients see them, breaking changes first. What is only new isn't told.
///
/// The schemas should be clients' schemas ([`Supergraph::api_schema`](lavka_supergraph::Supergraph::api_schema) of a supergraph). What is
/// guarded by `@authenticated` and the like isn't in them: see [`Guarded`].
pub fn changes(old: &Schema, new: &Schema) -> Vec<Change> {
    let mut found = Found::default();
    for (name, before) in old.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
        let Some(after) = new.types.get(name) else {
            found.breaking("TYPE_REMOVED", name.as_str(), format!("{name} was removed"));
            continue;
        };
        if kind(before) != kind(after) {
            let message = format!("{name} was {} and is {}", kind(before), kind(after));
            found.breaking("TYPE_CHANGED_KIND", name.as_str(), message);
            continue;
        }
        match (before, after) {
            (ExtendedType::Object(before), ExtendedType::Object(after)) => {
                let interfaces = (&before.implements_interfaces, &after.implements_interfaces);
                output::interfaces(name, interfaces.0, interfaces.1, &mut found);
                output::fields(name, &before.fields, &after.fields, &mut found);
            }
            (ExtendedType::Interface(before), ExtendedType::Interface(after)) => {
                let interfaces = (&before.implements_interfaces, &after.implements_interfaces);
                output::interfaces(name, interfaces.0, interfaces.1, &mut found);
                output::fields(name, &before.fields, &after.fields, &mut found);
            }
            (ExtendedType::Union(before), ExtendedType::Union(after)) => {
                members::union(name, before, after, &mut found);
            }
            (ExtendedType::Enum(before), ExtendedType::Enum(after)) => {
                members::enumeration(name, before, after, &mut found);
            }
            (ExtendedType::InputObject(before), ExtendedType::InputObject(after)) => {
                members::input(name, before, after, &mut found);
            }
            _ => {}
        }
    }
    directives::compare(old, new, &mut found);
    let mut changes = found.0;
    changes.sort();
    changes
}

fn kind(ty: &ExtendedType) -> &'static str {
    match ty {
        ExtendedType::Scalar(_) => "a scalar",
        ExtendedType::Object(_) => "an object type",
        ExtendedType::Interface(_) => "an interface",
        ExtendedType::Union(_) => "a union",
        ExtendedType::Enum(_) => "an enum",
        ExtendedType::InputObject(_) => "an input",
    }
}
