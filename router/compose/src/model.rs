//! A subgraph's schema, freed of how it was spelt: directives by their published names, roots by their usual names, extensions
//! folded into what they extend, and the machinery of federation gone.

mod composed;
mod contexts;
mod places;

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast;
use apollo_compiler::executable::SelectionSet;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema};
use indexmap::IndexMap;

use crate::error::{Place, Position};

pub(crate) use composed::{Composed, Origin};
pub(crate) use contexts::{FromContext, objects, overlap};
pub(crate) use places::places;

/// One subgraph, read.
#[derive(Debug)]
pub(crate) struct SubgraphModel {
    pub name: String,
    pub url: Option<String>,
    pub federation: Federation,
    /// What it calls the directives that it uses and that reach the supergraph, by their published names; and where it links them.
    pub called: BTreeMap<String, (String, Option<Position>)>,
    /// The schema as it was written, with the federation directives' definitions: what field sets are checked against.
    pub schema: Valid<Schema>,
    pub types: BTreeMap<Name, TypeModel>,
    /// Directives that clients may write in operations.
    pub executable_directives: BTreeMap<Name, Node<ast::DirectiveDefinition>>,
    /// Directives of other specifications that `@composeDirective` asks to keep, by the name used here.
    pub composed: BTreeMap<Name, Composed>,
}

/// The version of the specification that a subgraph is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Federation {
    One,
    Two { minor: u32 },
}

#[derive(Debug)]
pub(crate) struct TypeModel {
    pub name: Name,
    pub description: Option<Node<str>>,
    pub position: Option<Position>,
    pub marks: Marks,
    pub keys: Vec<Key>,
    /// All of it is `extend type` or `@extends`.
    pub extension: bool,
    pub interface_object: bool,
    /// The contexts that its objects set for what is below them.
    pub contexts: BTreeSet<String>,
    pub shape: Shape,
}

#[derive(Debug)]
pub(crate) enum Shape {
    Scalar,
    Object(Composite),
    Interface(Composite),
    Union { members: BTreeSet<Name> },
    Enum { values: IndexMap<Name, EnumValue> },
    Input { fields: IndexMap<Name, InputValue> },
}

/// What objects and interfaces have in common.
#[derive(Debug, Default)]
pub(crate) struct Composite {
    pub implements: BTreeSet<Name>,
    pub fields: IndexMap<Name, Field>,
}

#[derive(Debug)]
pub(crate) struct Key {
    pub fields: FieldSet,
    pub resolvable: bool,
    /// Written on an `extend type`.
    pub extension: bool,
}

#[derive(Debug)]
pub(crate) struct FieldSet {
    /// The fields, checked; in one normal spelling by `Display`.
    pub selection: SelectionSet,
    pub position: Option<Position>,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub name: Name,
    pub description: Option<Node<str>>,
    pub position: Option<Position>,
    pub ty: ast::Type,
    pub arguments: IndexMap<Name, InputValue>,
    pub marks: Marks,
    pub external: bool,
    pub shareable: bool,
    pub requires: Option<FieldSet>,
    pub provides: Option<FieldSet>,
    pub overrides: Option<Override>,
    /// Some key, `@requires` or `@provides` of this subgraph names it, or an interface here wants it.
    pub used: Use,
}

/// How a subgraph itself uses a field.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Use {
    pub key: bool,
    pub required: bool,
    pub provided: bool,
    pub interface: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Override {
    pub from: String,
    pub label: Option<String>,
}

/// An argument or a field of an input.
#[derive(Debug)]
pub(crate) struct InputValue {
    pub name: Name,
    pub description: Option<Node<str>>,
    pub position: Option<Position>,
    pub ty: ast::Type,
    pub default: Option<Node<ast::Value>>,
    pub marks: Marks,
    /// Where its value comes from, if not from who asks.
    pub context: Option<FromContext>,
}

#[derive(Debug)]
pub(crate) struct EnumValue {
    pub description: Option<Node<str>>,
    pub position: Option<Position>,
    pub marks: Marks,
}

/// Directives that say something about an element and travel to the supergraph.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    pub inaccessible: bool,
    pub tags: BTreeSet<String>,
    /// `Some(None)`: deprecated without a reason.
    pub deprecated: Option<Option<String>>,
    pub specified_by: Option<String>,
    pub one_of: bool,
    pub authenticated: bool,
    /// Any of these sets of all of these scopes.
    pub scopes: Option<Alternatives>,
    /// Any of these sets of all of these policies.
    pub policies: Option<Alternatives>,
    pub cost: Option<i32>,
    pub list_size: Option<ListSize>,
    /// Applications of the directives that `@composeDirective` keeps.
    pub composed: Vec<Node<ast::Directive>>,
}

/// `@listSize`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ListSize {
    pub assumed: Option<i32>,
    pub slicing: Option<BTreeSet<String>>,
    pub sized: Option<BTreeSet<String>>,
    pub require_one: Option<bool>,
}

/// A disjunction of conjunctions of names.
pub(crate) type Alternatives = BTreeSet<BTreeSet<String>>;

impl SubgraphModel {
    pub fn place(&self, coordinate: impl Into<String>, position: Option<Position>) -> Place {
        Place {
            subgraph: self.name.clone(),
            coordinate: coordinate.into(),
            position,
        }
    }
}

impl Field {
    /// Whether the subgraph must be told of other fields first.
    pub fn is_told_of_others(&self) -> bool {
        self.requires.is_some() || self.arguments.values().any(|one| one.context.is_some())
    }
}

impl TypeModel {
    pub fn composite(&self) -> Option<&Composite> {
        match &self.shape {
            Shape::Object(composite) | Shape::Interface(composite) => Some(composite),
            _ => None,
        }
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.composite()?.fields.get(name)
    }
}

impl Shape {
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Object(_) => "object type",
            Self::Interface(_) => "interface",
            Self::Union { .. } => "union",
            Self::Enum { .. } => "enum",
            Self::Input { .. } => "input",
        }
    }
}
