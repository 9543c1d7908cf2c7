//! Composes subgraph schemas into a supergraph.
//!
//! Each team writes the GraphQL schema of its own subgraph; clients see one schema, and a router must know who can answer what. Putting the first
//! together into the second is simple where nobody overlaps and hard where they do: two subgraphs may give the same field only if both say so, a key must be
//! resolvable somewhere, an optional argument here may be unknown there, and a field that every subgraph knows of may still be out of reach for a
//! client who comes from elsewhere. [`compose`] is the whole trip:
//!
//! 1. [`read`]: every SDL is parsed, checked and freed of its spelling (imports, renames, extensions), one subgraph at a time;
//! 2. [`validate`]: what a subgraph says of itself must make sense (keys, `@requires`, `@provides`, `@override` …);
//! 3. [`merge`]: all are merged, type by type, by the published rules of federation;
//! 4. [`check`]: the merged schema must hold together (interfaces, inaccessible elements);
//! 5. [`print`]: the supergraph as SDL in the form of the join specification, read back as a router will read it;
//! 6. [`satisfy`]: everything that clients may ask must be answerable, on every way through the subgraphs.
//!
//! The order of the subgraphs doesn't matter: they are sorted by name, and the same subgraphs always give the same bytes.
#![warn(missing_docs)]

mod changes;
mod check;
mod defaults;
mod error;
mod merge;
mod merged;
mod model;
mod print;
mod read;
mod satisfy;
mod validate;

use std::collections::BTreeSet;

use merge::Outcome;

pub use changes::{Change, Guarded, Severity, changes};
pub use error::{Code, CompositionError, Hint, HintCode, Place, Position};

/// A subgraph to compose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subgraph {
    /// Its name, unique among the subgraphs.
    pub name: String,
    /// Where a router finds it, if over HTTP.
    pub url: Option<String>,
    /// Its schema: Federation 2 with `@link`, or Federation 1 without.
    pub sdl: String,
}

/// Subgraphs, composed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// The supergraph in the form of join v0.5.
    pub supergraph_sdl: String,
    /// What the authors of the subgraphs may want to know.
    pub hints: Vec<Hint>,
}

/// Composes subgraphs into a supergraph, or says everything that keeps them from it.
pub fn compose(subgraphs: &[Subgraph]) -> Result<Composition, Vec<CompositionError>> {
    let mut sorted: Vec<&Subgraph> = subgraphs.iter().collect();
    sorted.sort_by(|left, right| left.name.cmp(&right.name));
    check_names(&sorted)?;

    let models = all(sorted.into_iter().map(read::read))?;
    none(models.iter().flat_map(validate::validate))?;
    let Outcome {
        merged,
        errors,
        hints,
    } = merge::merge(&models);
    none(errors)?;
    none(check::check(&merged, &models))?;
    let supergraph_sdl = print::print(&merged);
    let supergraph = check::loads(&supergraph_sdl, &models)?;
    none(satisfy::check(&supergraph, &models))?;
    Ok(Composition {
        supergraph_sdl,
        hints,
    })
}

/// Nothing, or all errors.
fn none(errors: impl IntoIterator<Item = CompositionError>) -> Result<(), Vec<CompositionError>> {
    let errors: Vec<CompositionError> = errors.into_iter().collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// All results, or all errors.
fn all<T>(
    results: impl Iterator<Item = Result<T, Vec<CompositionError>>>,
) -> Result<Vec<T>, Vec<CompositionError>> {
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() {
        Ok(values)
    } else {
        Err(errors)
    }
}

fn check_names(subgraphs: &[&Subgraph]) -> Result<(), Vec<CompositionError>> {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for subgraph in subgraphs {
        let place = Place {
            subgraph: subgraph.name.clone(),
            coordinate: String::new(),
            position: None,
        };
        let mut refuse = |message: String, hint: &str| {
            let error = CompositionError::new(Code::InvalidSubgraphName, message);
            errors.push(error.at(place.clone()).hint(hint));
        };
        if subgraph.name.trim().is_empty() {
            refuse("a subgraph has no name".into(), "name every subgraph");
        }
        if subgraph.name == "_" {
            refuse(
                "\"_\" is reserved and can't be a subgraph's name".into(),
                "give it another name",
            );
        }
        if !seen.insert(&subgraph.name) {
            refuse(
                format!("two subgraphs are named \"{}\"", subgraph.name),
                "give each its own name",
            );
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}
