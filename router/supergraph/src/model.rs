//! What a supergraph says, spelled out.

use std::collections::BTreeSet;
use std::sync::Arc;

use apollo_compiler::ast::Type;
use apollo_compiler::collections::{HashMap, HashSet, IndexMap};
use apollo_compiler::executable::SelectionSet;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Schema};

use crate::{Access, SupergraphError};

/// A composed schema. [`Supergraph::parse`] is the only way to one, so that whoever holds it may rely on it.
#[derive(Clone, Debug)]
pub struct Supergraph {
    pub(crate) schema: Valid<Schema>,
    pub(crate) api: Valid<Schema>,
    pub(crate) subgraphs: Vec<Subgraph>,
    pub(crate) types: IndexMap<Name, TypeModel>,
    pub(crate) possible: HashMap<Name, Vec<Name>>,
    pub(crate) leaf_access: HashMap<Name, Access>,
    pub(crate) context_types: HashSet<Name>,
}

/// A subgraph's position in [`Supergraph::subgraphs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubgraphId(pub u16);

/// A subgraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subgraph {
    /// The name that its owner gave it.
    pub name: Arc<str>,
    /// Where it is served; None when the supergraph was composed without.
    pub url: Option<String>,
}

/// An output type with a selection: object, interface or union.
#[derive(Clone, Debug)]
pub struct TypeModel {
    /// The subgraphs that know it, and how.
    pub subgraphs: IndexMap<SubgraphId, TypeInSubgraph>,
    /// Its fields, inaccessible ones included; none for a union.
    pub fields: IndexMap<Name, FieldModel>,
    /// Who may see objects of it.
    pub access: Access,
    /// Whether clients can't name it.
    pub inaccessible: bool,
}

/// How one subgraph knows a type.
#[derive(Clone, Debug, Default)]
pub struct TypeInSubgraph {
    /// Its keys there, in the order of the document.
    pub keys: Vec<Key>,
    /// The subgraph knows this interface as an object, which stands for all of its implementations.
    pub interface_object: bool,
    /// The interfaces that it implements there.
    pub implements: Vec<Name>,
    /// The concrete object types that a value of it can have there: itself for an object; none for an interface object (it can't tell).
    pub possible: Vec<Name>,
}

/// A `@key`.
#[derive(Clone, Debug)]
pub struct Key {
    /// The fields, checked against the supergraph.
    pub fields: SelectionSet,
    /// Whether this subgraph can find an entity by it. If not, it can only give it.
    pub resolvable: bool,
}

/// A field.
#[derive(Clone, Debug)]
pub struct FieldModel {
    /// The type that clients see (or would see).
    pub ty: Type,
    /// The subgraphs that declare it, external ones included.
    pub subgraphs: IndexMap<SubgraphId, FieldInSubgraph>,
    /// Who may see it.
    pub access: Access,
}

/// How one subgraph declares a field.
#[derive(Clone, Debug)]
pub struct FieldInSubgraph {
    /// The type there, which may be narrower or less nullable than the supergraph's.
    pub ty: Type,
    /// Declared only to be named in keys, `@requires` and `@provides`; not given by this subgraph (unless provided).
    pub external: bool,
    /// What must be sent along to get it; on the field's own type.
    pub requires: Option<SelectionSet>,
    /// External fields of its value that this subgraph gives all the same.
    pub provides: Option<SelectionSet>,
    /// Taken over from another subgraph.
    pub overrides: Option<Override>,
    /// Another subgraph took it over; this one may only use it in keys.
    pub overridden: bool,
    /// Arguments that clients don't know: their values come from further up (`@fromContext`).
    pub context_arguments: Vec<ContextArgument>,
}

/// An argument whose value comes from the nearest object above the argument's own one, on the way from the root, that sets a context.
#[derive(Clone, Debug)]
pub struct ContextArgument {
    /// The argument's name in the subgraph.
    pub name: Name,
    /// Its type there.
    pub ty: Type,
    /// The context, by its name in the supergraph.
    pub context: Arc<str>,
    /// What to take of an object, by its type: of every object type that sets the context, and of the interfaces and unions of which the same is said as
    /// of their types. Every type's selection leads to one value; where nothing is selected of a type, its value is null.
    pub selections: IndexMap<Name, SelectionSet>,
}

impl FieldInSubgraph {
    /// Whether the subgraph must be told something of other fields first, so that it can only be asked for this one by a key.
    pub fn is_demanding(&self) -> bool {
        self.requires.is_some() || !self.context_arguments.is_empty()
    }
}

/// An `@override`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The subgraph that gave it before, if it is still part of the supergraph.
    pub from: Option<SubgraphId>,
    /// Only while this label is on (progressive override).
    pub label: Option<Arc<str>>,
}

impl Supergraph {
    /// Reads supergraph SDL (join v0.3 to v0.5).
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn parse(sdl: &str) -> Result<Self, Vec<SupergraphError>> {
        crate::read::read(sdl)
    }

    /// The whole document's schema, machinery and inaccessible parts included.
    pub fn schema(&self) -> &Valid<Schema> {
        &self.schema
    }

    /// What clients see: no machinery, nothing inaccessible.
    pub fn api_schema(&self) -> &Valid<Schema> {
        &self.api
    }

    /// The subgraphs, in the order of the document.
    pub fn subgraphs(&self) -> &[Subgraph] {
        &self.subgraphs
    }

    /// The ids of all subgraphs, in order.
    pub fn subgraph_ids(&self) -> impl Iterator<Item = SubgraphId> + use<> {
        (0..u16::try_from(self.subgraphs.len()).unwrap_or(u16::MAX)).map(SubgraphId)
    }

    /// One subgraph.
    pub fn subgraph(&self, id: SubgraphId) -> &Subgraph {
        &self.subgraphs[usize::from(id.0)]
    }

    /// The object, interface or union of this name.
    pub fn type_model(&self, name: &str) -> Option<&TypeModel> {
        self.types.get(name)
    }

    /// The field of an object or interface.
    pub fn field(&self, ty: &str, field: &str) -> Option<&FieldModel> {
        self.types.get(ty)?.fields.get(field)
    }

    /// How a subgraph knows a type.
    pub fn type_in(&self, ty: &str, subgraph: SubgraphId) -> Option<&TypeInSubgraph> {
        self.types.get(ty)?.subgraphs.get(&subgraph)
    }

    /// How a subgraph declares a field.
    pub fn field_in(&self, ty: &str, field: &str, subgraph: SubgraphId) -> Option<&FieldInSubgraph> {
        self.field(ty, field)?.subgraphs.get(&subgraph)
    }

    /// The concrete object types of a composite type over all subgraphs, inaccessible ones included, sorted by name; an object's is itself.
    pub fn possible_types(&self, ty: &str) -> &[Name] {
        self.possible.get(ty).map_or(&[], Vec::as_slice)
    }

    /// Whether arguments of fields further down take values of objects of this type (`@context`).
    pub fn sets_context(&self, ty: &str) -> bool {
        self.context_types.contains(ty)
    }

    /// Whether arguments of any field take values of objects further up.
    pub fn has_contexts(&self) -> bool {
        !self.context_types.is_empty()
    }

    /// Whether this is the type of the query root.
    pub fn is_query_root(&self, ty: &str) -> bool {
        let query = &self.schema.schema_definition.query;
        query.as_ref().is_some_and(|query| query.name == ty)
    }

    /// Whether the supergraph knows this as an interface or union.
    pub fn is_abstract(&self, ty: &str) -> bool {
        self.schema
            .types
            .get(ty)
            .is_some_and(|ty| ty.is_interface() || ty.is_union())
    }

    /// All scopes that any rule asks for: what else a token holds makes no difference to a plan.
    pub fn scopes(&self) -> BTreeSet<&str> {
        self.rules()
            .flat_map(|access| &access.scopes)
            .flatten()
            .map(String::as_str)
            .collect()
    }

    /// All policies that any rule asks for.
    pub fn policies(&self) -> BTreeSet<&str> {
        self.rules()
            .flat_map(|access| &access.policies)
            .flatten()
            .map(String::as_str)
            .collect()
    }

    /// The labels of progressive overrides (`@override(from:, label:)`).
    pub fn labels(&self) -> BTreeSet<&str> {
        self.types
            .values()
            .flat_map(|ty| ty.fields.values())
            .flat_map(|field| field.subgraphs.values())
            .filter_map(|declared| declared.overrides.as_ref()?.label.as_deref())
            .collect()
    }

    fn rules(&self) -> impl Iterator<Item = &Access> {
        self.types
            .values()
            .flat_map(|ty| std::iter::once(&ty.access).chain(ty.fields.values().map(|field| &field.access)))
            .chain(self.leaf_access.values())
    }

    /// Who may see values of a scalar or enum, or objects of a type; None where nothing is said.
    pub fn type_access(&self, ty: &str) -> Option<&Access> {
        self.types
            .get(ty)
            .map(|ty| &ty.access)
            .or_else(|| self.leaf_access.get(ty))
    }
}
