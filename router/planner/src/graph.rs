//! What the supergraph answers to a planner: who gives what, and from where.

use std::collections::BTreeSet;
use std::rc::Rc;

use apollo_compiler::Name;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Selection as Ast, SelectionSet};
use lavka_supergraph::{FieldInSubgraph, FieldModel, Key, Override, SubgraphId, Supergraph};

use crate::normal::Selection;

/// The supergraph under given override labels.
pub(crate) struct Graph<'a> {
    pub supergraph: &'a Supergraph,
    labels: &'a BTreeSet<String>,
}

/// Field sets that a subgraph gives at an object although the fields are external there (`@provides`, and what leads to keys).
pub(crate) type Provided<'a> = Rc<[&'a SelectionSet]>;

impl<'a> Graph<'a> {
    pub fn new(supergraph: &'a Supergraph, labels: &'a BTreeSet<String>) -> Self {
        Self { supergraph, labels }
    }

    /// The declaration of a field in a subgraph that can give it there (perhaps only with what it `@requires`).
    pub fn given(
        &self,
        ty: &str,
        field: &str,
        subgraph: SubgraphId,
        provided: &Provided<'a>,
    ) -> Option<&'a FieldInSubgraph> {
        let model = self.supergraph.field(ty, field)?;
        let declared = model.subgraphs.get(&subgraph)?;
        let gives = !declared.external && self.owns(model, declared, subgraph);
        (gives || self.is_provided(ty, field, subgraph, provided)).then_some(declared)
    }

    /// Whether no override says that it is (now) another subgraph's to give.
    fn owns(&self, model: &FieldModel, declared: &FieldInSubgraph, subgraph: SubgraphId) -> bool {
        let is_on = |taken: &Override| {
            taken
                .label
                .as_ref()
                .is_none_or(|label| self.labels.contains(&**label))
        };
        if declared
            .overrides
            .as_ref()
            .is_some_and(|own| own.from.is_some() && !is_on(own))
        {
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

    /// Whether an external field is given all the same: by `@provides` on the way here, or as a part of a key of the type's own.
    fn is_provided(&self, ty: &str, field: &str, subgraph: SubgraphId, provided: &Provided<'a>) -> bool {
        provided
            .iter()
            .any(|set| self.find(set, ty, field).next().is_some())
            || self
                .keys(ty, subgraph)
                .any(|key| self.find(&key.fields, ty, field).next().is_some())
    }

    /// What is provided below a field.
    pub fn provided_below(
        &self,
        ty: &str,
        field: &str,
        subgraph: SubgraphId,
        provided: &Provided<'a>,
    ) -> Provided<'a> {
        let inherited = provided.iter().flat_map(|set| self.find(set, ty, field));
        let keys = self
            .keys(ty, subgraph)
            .flat_map(|key| self.find(&key.fields, ty, field));
        let own = self
            .supergraph
            .field_in(ty, field, subgraph)
            .and_then(|declared| declared.provides.as_ref());
        inherited
            .chain(keys)
            .filter(|set| !set.selections.is_empty())
            .chain(own)
            .collect()
    }

    pub fn keys(&self, ty: &str, subgraph: SubgraphId) -> impl Iterator<Item = &'a Key> + use<'a> {
        self.supergraph
            .type_in(ty, subgraph)
            .into_iter()
            .flat_map(|known| &known.keys)
    }

    /// The selections of a field in a field set, through fragments that apply to the type.
    fn find(&self, set: &'a SelectionSet, ty: &str, field: &str) -> std::vec::IntoIter<&'a SelectionSet> {
        let mut found = Vec::new();
        self.find_into(set, ty, field, &mut found);
        found.into_iter()
    }

    fn find_into(&self, set: &'a SelectionSet, ty: &str, field: &str, found: &mut Vec<&'a SelectionSet>) {
        for selection in &set.selections {
            match selection {
                Ast::Field(selected) if selected.name == field => found.push(&selected.selection_set),
                Ast::InlineFragment(fragment) => {
                    let applies = fragment
                        .type_condition
                        .as_ref()
                        .is_none_or(|on| self.overlap(on, ty));
                    if applies {
                        self.find_into(&fragment.selection_set, ty, field, found);
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether an object can be of both types.
    fn overlap(&self, one: &str, other: &str) -> bool {
        let possible = self.supergraph.possible_types(other);
        one == other
            || self
                .supergraph
                .possible_types(one)
                .iter()
                .any(|ty| possible.contains(ty))
    }

    /// The concrete types that a value of the type can have when this subgraph gives it.
    pub fn possible(&self, ty: &str, subgraph: SubgraphId) -> &'a [Name] {
        self.supergraph
            .type_in(ty, subgraph)
            .map_or(&[], |known| &known.possible)
    }

    /// Whether the type's fields can be asked of every subgraph, wherever an object of it stands.
    pub fn is_query_root(&self, ty: &str) -> bool {
        self.supergraph.is_query_root(ty)
    }

    /// Whether what is below objects of these types may have to know which of them it is below.
    pub fn set_contexts(&self, types: &[Name]) -> bool {
        types.iter().any(|ty| self.supergraph.sets_context(ty))
    }

    /// Whether the subgraph knows this interface as an object.
    pub fn is_interface_object(&self, ty: &str, subgraph: SubgraphId) -> bool {
        self.supergraph
            .type_in(ty, subgraph)
            .is_some_and(|known| known.interface_object)
    }

    /// The interfaces of a type that a subgraph knows as objects.
    pub fn interface_objects(&self, ty: &str) -> Vec<(SubgraphId, Name)> {
        let schema = self.supergraph.schema();
        let interfaces = match schema.types.get(ty) {
            Some(apollo_compiler::schema::ExtendedType::Object(object)) => &object.implements_interfaces,
            Some(apollo_compiler::schema::ExtendedType::Interface(interface)) => {
                &interface.implements_interfaces
            }
            _ => return Vec::new(),
        };
        let mut found = Vec::new();
        for interface in interfaces {
            let Some(model) = self.supergraph.type_model(interface) else {
                continue;
            };
            for (subgraph, known) in &model.subgraphs {
                if known.interface_object {
                    found.push((*subgraph, interface.name.clone()));
                }
            }
        }
        found
    }

    /// Whether one selection of an interface's field serves all of the concrete types that this subgraph may give.
    pub fn serves_all(&self, interface: &str, field: &str, subgraph: SubgraphId, types: &[Name]) -> bool {
        let nothing: Provided<'a> = Rc::new([]);
        let Some(declared) = self.given(interface, field, subgraph, &nothing) else {
            return false;
        };
        types.iter().all(|ty| {
            self.given(ty, field, subgraph, &nothing).is_some_and(|own| {
                !own.is_demanding() && own.provides.is_none() && same_wrapping(&own.ty, &declared.ty)
            })
        })
    }

    /// How much of a selection a subgraph gives without asking anybody else.
    pub fn coverage(&self, selection: &Selection, ty: &str, subgraph: SubgraphId) -> usize {
        let nothing: Provided<'a> = Rc::new([]);
        let interface_object = self.is_interface_object(ty, subgraph);
        let possible = self.possible(ty, subgraph);
        let mut covered = 0;
        for group in &selection.groups {
            let Some(seen) = group
                .types
                .iter()
                .find(|one| interface_object || possible.contains(one))
            else {
                continue;
            };
            let seen = if interface_object { ty } else { seen.as_str() };
            for field in group.fields.iter().filter(|field| field.is_fetched()) {
                let Some(declared) = self.given(seen, &field.name, subgraph, &nothing) else {
                    continue;
                };
                covered += match &field.inner {
                    _ if declared.is_demanding() => 0,
                    None => 1,
                    Some(inner) => self.coverage(inner, declared.ty.inner_named_type(), subgraph),
                };
            }
        }
        covered
    }

    /// Whether an object that is known to a subgraph as `ty` has all of these fields there, without asking anybody else.
    pub fn has_all(
        &self,
        set: &'a SelectionSet,
        ty: &str,
        subgraph: SubgraphId,
        provided: &Provided<'a>,
    ) -> bool {
        set.selections
            .iter()
            .all(|selection| self.has(selection, ty, subgraph, provided))
    }

    /// Whether it has this one.
    pub fn has(&self, selection: &'a Ast, ty: &str, subgraph: SubgraphId, provided: &Provided<'a>) -> bool {
        match selection {
            Ast::Field(field) if field.name == "__typename" => true,
            Ast::Field(field) => {
                let Some(declared) = self.given(ty, &field.name, subgraph, provided) else {
                    return false;
                };
                if declared.is_demanding() {
                    return false;
                }
                let below = self.provided_below(ty, &field.name, subgraph, provided);
                let inner = declared.ty.inner_named_type();
                if field.selection_set.selections.is_empty() {
                    return true;
                }
                if self.supergraph.is_abstract(inner) && !self.is_interface_object(inner, subgraph) {
                    let possible = self.possible(inner, subgraph);
                    return possible
                        .iter()
                        .all(|one| self.has_all(&field.selection_set, one, subgraph, &below));
                }
                self.has_all(&field.selection_set, inner, subgraph, &below)
            }
            Ast::InlineFragment(fragment) => {
                let applies = fragment
                    .type_condition
                    .as_ref()
                    .is_none_or(|on| self.overlap(on, ty));
                !applies || self.has_all(&fragment.selection_set, ty, subgraph, provided)
            }
            Ast::FragmentSpread(_) => false,
        }
    }

    /// Whether objects of an abstract type must be told apart: for what is selected of them, or because some must not be seen.
    pub fn types_matter(&self, selection: &Selection) -> bool {
        let [group] = selection.groups.as_slice() else {
            return true;
        };
        group.types.len() < self.supergraph.possible_types(&selection.ty).len()
            || group.fields.iter().any(|field| field.is_typename())
    }

    /// What a field can look like in an answer, over all subgraphs: fields that differ in it can't share a key with fields of other types.
    pub fn shape(&self, ty: &Name, field: &str) -> Option<String> {
        let model = self.supergraph.field(ty, field)?;
        let mut shapes = BTreeSet::from([self.shape_of(&model.ty)]);
        shapes.extend(
            model
                .subgraphs
                .values()
                .map(|declared| self.shape_of(&declared.ty)),
        );
        match shapes.len() {
            1 => shapes.pop_first(),
            _ => Some(format!("{ty}.{field}")),
        }
    }

    fn shape_of(&self, ty: &Type) -> String {
        let name = ty.inner_named_type();
        let composite = self.supergraph.type_model(name).is_some();
        let text = ty.to_string();
        if composite {
            text.replace(name.as_str(), "{}")
        } else {
            text
        }
    }
}

fn same_wrapping(one: &Type, other: &Type) -> bool {
    match (one, other) {
        (Type::Named(_), Type::Named(_)) | (Type::NonNullNamed(_), Type::NonNullNamed(_)) => true,
        (Type::List(one), Type::List(other)) | (Type::NonNullList(one), Type::NonNullList(other)) => {
            same_wrapping(one, other)
        }
        _ => false,
    }
}
