//! Who holds an object, and which of its fields he gives.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

use apollo_compiler::Name;
use apollo_compiler::executable::{Selection, SelectionSet};
use lavka_supergraph::{FieldInSubgraph, FieldModel, Key, Override, SubgraphId, Supergraph};

/// A subgraph that has an object in hand.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Hold<'a> {
    pub subgraph: SubgraphId,
    /// What it takes the object for: its type, or an interface that it knows as an object.
    pub ty: &'a str,
    /// Field sets that it gives here although the fields are external to it.
    pub provided: Provided<'a>,
}

/// Field sets, by identity: each stands in the supergraph once.
#[derive(Clone, Debug, Default)]
pub(super) struct Provided<'a>(Vec<&'a SelectionSet>);

impl<'a> Provided<'a> {
    fn new(mut sets: Vec<&'a SelectionSet>) -> Self {
        sets.sort_by_key(|set| std::ptr::from_ref::<SelectionSet>(set));
        sets.dedup_by_key(|set| std::ptr::from_ref::<SelectionSet>(set));
        Self(sets)
    }

    fn identity(&self) -> impl Iterator<Item = *const SelectionSet> + '_ {
        self.0.iter().map(|set| std::ptr::from_ref::<SelectionSet>(set))
    }
}

impl PartialEq for Provided<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.identity().eq(other.identity())
    }
}

impl Eq for Provided<'_> {}

impl Hash for Provided<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().for_each(|one| one.hash(state));
    }
}

impl PartialOrd for Provided<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Provided<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.identity().cmp(other.identity())
    }
}

/// A subgraph, and what it takes an object for.
pub(super) type Vertex<'a> = (SubgraphId, &'a str);

/// The supergraph while some override labels are on.
pub(super) struct Holds<'a> {
    pub supergraph: &'a Supergraph,
    on: &'a BTreeSet<&'a str>,
    vertices: RefCell<HashMap<&'a str, std::rc::Rc<[Vertex<'a>]>>>,
}

impl<'a> Holds<'a> {
    pub fn new(supergraph: &'a Supergraph, on: &'a BTreeSet<&'a str>) -> Self {
        Self {
            supergraph,
            on,
            vertices: RefCell::default(),
        }
    }

    /// The labels that are on, for a message.
    pub fn situation(&self) -> String {
        let labels: Vec<String> = self.on.iter().map(|label| format!("\"{label}\"")).collect();
        match labels.as_slice() {
            [] => String::new(),
            labels => format!(" while the override labels {} are on", labels.join(", ")),
        }
    }

    /// The declaration of a field that the subgraph gives at this hold, perhaps only with what it `@requires`.
    pub fn given(&self, hold: &Hold<'a>, field: &str) -> Option<&'a FieldInSubgraph> {
        let model = self.supergraph.field(hold.ty, field)?;
        self.given_of(model, hold, field)
    }

    fn given_of(&self, model: &'a FieldModel, hold: &Hold<'a>, field: &str) -> Option<&'a FieldInSubgraph> {
        let declared = model.subgraphs.get(&hold.subgraph)?;
        let gives = !declared.external && self.owns(model, declared, hold.subgraph);
        (gives || self.is_provided(hold, field)).then_some(declared)
    }

    /// Whether no override says that the field is (now) another subgraph's to give.
    pub fn owns(&self, model: &FieldModel, declared: &FieldInSubgraph, subgraph: SubgraphId) -> bool {
        let is_on = |taken: &Override| {
            let label = taken.label.as_deref();
            label.is_none_or(|label| self.on.contains(label))
        };
        let own = declared.overrides.as_ref();
        if own.is_some_and(|own| own.from.is_some() && !is_on(own)) {
            return false;
        }
        let mut takers = model
            .subgraphs
            .values()
            .filter_map(|other| other.overrides.as_ref());
        match takers.find(|taken| taken.from == Some(subgraph)) {
            Some(taken) => !is_on(taken),
            None => !declared.overridden,
        }
    }

    /// Whether an external field is given all the same: by `@provides` on the way here, or as a part of one of the type's keys.
    fn is_provided(&self, hold: &Hold<'a>, field: &str) -> bool {
        let provided = hold.provided.0.iter().copied();
        let keys = self.keys(hold.vertex()).map(|key| &key.fields);
        let mut found = Vec::new();
        for set in provided.chain(keys) {
            self.find(set, hold.ty, field, &mut found);
        }
        !found.is_empty()
    }

    /// What is held below a field that is given: of the type that the field has in this subgraph.
    pub fn below(&self, hold: &Hold<'a>, field: &str, declared: &'a FieldInSubgraph) -> Hold<'a> {
        let keys = self.keys(hold.vertex()).map(|key| &key.fields);
        let mut found = Vec::new();
        for set in hold.provided.0.iter().copied().chain(keys) {
            self.find(set, hold.ty, field, &mut found);
        }
        found.retain(|set| !set.selections.is_empty());
        found.extend(&declared.provides);
        Hold {
            subgraph: hold.subgraph,
            ty: declared.ty.inner_named_type().as_str(),
            provided: Provided::new(found),
        }
    }

    /// What a field set selects below a field, through fragments that apply.
    fn find(&self, set: &'a SelectionSet, ty: &str, field: &str, found: &mut Vec<&'a SelectionSet>) {
        for selection in &set.selections {
            match selection {
                Selection::Field(selected) if selected.name == field => found.push(&selected.selection_set),
                Selection::InlineFragment(fragment)
                    if fragment
                        .type_condition
                        .as_ref()
                        .is_none_or(|on| self.overlap(on, ty)) =>
                {
                    self.find(&fragment.selection_set, ty, field, found);
                }
                _ => {}
            }
        }
    }

    /// Whether an object can be of both types.
    pub fn overlap(&self, one: &str, other: &str) -> bool {
        let possible = self.supergraph.possible_types(other);
        one == other
            || self
                .supergraph
                .possible_types(one)
                .iter()
                .any(|ty| possible.contains(ty))
    }

    pub fn keys(&self, (subgraph, ty): Vertex<'a>) -> impl Iterator<Item = &'a Key> + use<'a> {
        let known = self.supergraph.type_in(ty, subgraph);
        known.into_iter().flat_map(|known| &known.keys)
    }

    /// The concrete types that a value can have when this subgraph gives it.
    pub fn possible(&self, (subgraph, ty): Vertex<'a>) -> &'a [Name] {
        self.supergraph
            .type_in(ty, subgraph)
            .map_or(&[], |known| &known.possible)
    }

    /// Whether the subgraph knows this interface as an object.
    pub fn is_interface_object(&self, (subgraph, ty): Vertex<'a>) -> bool {
        self.supergraph
            .type_in(ty, subgraph)
            .is_some_and(|known| known.interface_object)
    }

    /// Who knows objects of a type, and as what.
    pub fn vertices(&self, ty: &'a str) -> std::rc::Rc<[Vertex<'a>]> {
        if let Some(known) = self.vertices.borrow().get(ty) {
            return known.clone();
        }
        let model = self.supergraph.type_model(ty);
        let mut vertices: Vec<Vertex<'a>> = model
            .into_iter()
            .flat_map(|model| model.subgraphs.keys().map(move |subgraph| (*subgraph, ty)))
            .collect();
        for interface in self.interfaces(ty) {
            let model = self.supergraph.type_model(interface);
            let knowing = model.into_iter().flat_map(|model| &model.subgraphs);
            vertices.extend(
                knowing
                    .filter(|(_, known)| known.interface_object)
                    .map(|(subgraph, _)| (*subgraph, interface.as_str())),
            );
        }
        let vertices: std::rc::Rc<[Vertex<'a>]> = vertices.into();
        self.vertices.borrow_mut().insert(ty, vertices.clone());
        vertices
    }

    fn interfaces(&self, ty: &str) -> impl Iterator<Item = &'a Name> + use<'a> {
        use apollo_compiler::schema::ExtendedType;
        let implemented = match self.supergraph.schema().types.get(ty) {
            Some(ExtendedType::Object(object)) => Some(&object.implements_interfaces),
            Some(ExtendedType::Interface(interface)) => Some(&interface.implements_interfaces),
            _ => None,
        };
        implemented.into_iter().flatten().map(|interface| &interface.name)
    }

    pub fn name(&self, subgraph: SubgraphId) -> &'a str {
        &self.supergraph.subgraph(subgraph).name
    }
}

impl<'a> Hold<'a> {
    /// With nothing provided.
    pub fn plain((subgraph, ty): Vertex<'a>) -> Self {
        Self {
            subgraph,
            ty,
            provided: Provided::default(),
        }
    }

    pub fn vertex(&self) -> Vertex<'a> {
        (self.subgraph, self.ty)
    }
}
