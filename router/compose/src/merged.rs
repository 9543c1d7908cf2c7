//! The supergraph as merging leaves it: each element once, with what each subgraph says of it beside it.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast;
use apollo_compiler::{Name, Node};
use indexmap::IndexMap;

use crate::model::{Composed, Marks};

/// The index of a subgraph, in the order of their names.
pub(crate) type Graph = usize;

#[derive(Debug)]
pub(crate) struct Merged {
    pub graphs: Vec<GraphModel>,
    pub types: BTreeMap<Name, MergedType>,
    pub executable_directives: BTreeMap<Name, Node<ast::DirectiveDefinition>>,
    pub composed: BTreeMap<Name, Composed>,
}

#[derive(Debug)]
pub(crate) struct GraphModel {
    pub name: String,
    pub url: Option<String>,
    /// The value of `join__Graph`.
    pub value: Name,
}

#[derive(Debug)]
pub(crate) struct MergedType {
    pub name: Name,
    pub description: Option<Node<str>>,
    pub joins: Vec<JoinType>,
    pub marks: Marks,
    /// The contexts that it sets, by the names that they have in the supergraph.
    pub contexts: BTreeSet<String>,
    pub shape: MergedShape,
}

/// `@join__type`.
#[derive(Debug)]
pub(crate) struct JoinType {
    pub graph: Graph,
    pub key: Option<String>,
    pub extension: bool,
    pub resolvable: bool,
    pub interface_object: bool,
}

#[derive(Debug)]
pub(crate) enum MergedShape {
    Scalar,
    Object(MergedComposite),
    Interface(MergedComposite),
    /// Members, and which subgraphs say so.
    Union(BTreeMap<Name, BTreeSet<Graph>>),
    Enum(IndexMap<Name, MergedEnumValue>),
    Input(IndexMap<Name, MergedInputField>),
}

#[derive(Debug, Default)]
pub(crate) struct MergedComposite {
    /// Interfaces, and which subgraphs say so.
    pub implements: BTreeMap<Name, BTreeSet<Graph>>,
    pub fields: IndexMap<Name, MergedField>,
}

#[derive(Debug, Clone)]
pub(crate) struct MergedField {
    pub name: Name,
    pub description: Option<Node<str>>,
    pub arguments: Vec<MergedInput>,
    pub ty: ast::Type,
    pub marks: Marks,
    /// Empty: every subgraph that has the type gives the field, and nothing else is to be said.
    pub joins: Vec<JoinField>,
}

/// `@join__field`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct JoinField {
    /// None: a field that an interface object brings.
    pub graph: Option<Graph>,
    pub requires: Option<String>,
    pub provides: Option<String>,
    /// Where the subgraphs' types differ.
    pub ty: Option<String>,
    pub external: bool,
    pub overrides: Option<String>,
    pub override_label: Option<String>,
    pub used_overridden: bool,
    pub context_arguments: Vec<ContextArgument>,
}

/// An argument that a router fills in from further up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContextArgument {
    pub name: Name,
    pub ty: ast::Type,
    pub context: String,
    pub selection: String,
}

/// An argument, or what an input's field has in common with one.
#[derive(Debug, Clone)]
pub(crate) struct MergedInput {
    pub name: Name,
    pub description: Option<Node<str>>,
    pub ty: ast::Type,
    pub default: Option<Node<ast::Value>>,
    pub marks: Marks,
}

#[derive(Debug)]
pub(crate) struct MergedInputField {
    pub value: MergedInput,
    pub joins: Vec<JoinField>,
}

#[derive(Debug)]
pub(crate) struct MergedEnumValue {
    pub description: Option<Node<str>>,
    pub marks: Marks,
    pub graphs: BTreeSet<Graph>,
}

impl MergedType {
    pub fn composite(&self) -> Option<&MergedComposite> {
        match &self.shape {
            MergedShape::Object(composite) | MergedShape::Interface(composite) => Some(composite),
            _ => None,
        }
    }
}
