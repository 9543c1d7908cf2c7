//! The normal form of an operation: no fragments, no duplicates, an own list of fields for each group of concrete types.

use std::rc::Rc;
use std::sync::Arc;

use apollo_compiler::ast::{Argument, Type};
use apollo_compiler::{Name, Node};

use crate::cond::Cond;
use crate::keys::Place;
use crate::plan::Denied;

/// What is selected of the objects at one place.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    /// The type that the supergraph declares there.
    pub ty: Name,
    pub place: Place,
    /// Disjoint; together they cover all accessible concrete types of `ty`.
    pub groups: Vec<Group>,
}

/// Concrete types of which the same is selected.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub types: Vec<Name>,
    pub fields: Vec<Rc<Field>>,
    /// How the client sees the fields, by their positions in `fields`. A field that is selected under several conditions stands wherever its first
    /// selection may be that is not skipped; the conditions of its places exclude each other.
    pub shown: Vec<(usize, Cond)>,
}

/// One field of one or several concrete types.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub response_key: Name,
    /// The internal key.
    pub key: Arc<str>,
    pub name: Name,
    pub arguments: Vec<Node<Argument>>,
    /// What the supergraph declares.
    pub ty: Type,
    /// When it is selected at all, from the root on.
    pub condition: Cond,
    pub denied: Option<Denied>,
    /// The part of the answer that it belongs to, by its number in [`Usages`](crate::deferral::Usages); 0 is the first.
    pub part: usize,
    /// What is selected of its objects; None for a leaf (and for what is denied).
    pub inner: Option<Selection>,
}

impl Field {
    /// `__typename`, which needs no subgraph of its own.
    pub fn is_typename(&self) -> bool {
        self.name == "__typename"
    }

    /// Whether a subgraph must be asked for it.
    pub fn is_fetched(&self) -> bool {
        self.denied.is_none() && !self.is_typename()
    }

    pub fn with_inner(&self, inner: Selection) -> Rc<Self> {
        Rc::new(Self {
            inner: Some(inner),
            ..self.clone()
        })
    }

    /// How many values are asked for: leaves, and objects of which nothing is.
    pub fn weight(&self) -> usize {
        if !self.is_fetched() {
            return 0;
        }
        self.inner.as_ref().map_or(1, |inner| inner.weight().max(1))
    }
}

impl Selection {
    pub fn weight(&self) -> usize {
        self.groups
            .iter()
            .flat_map(|group| &group.fields)
            .map(|field| field.weight())
            .sum()
    }
}
