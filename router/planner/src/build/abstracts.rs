//! Objects: of a known type, of an abstract type, and of an interface that the subgraph takes for an object.

use std::rc::Rc;

use apollo_compiler::Name;

use super::paths::PathId;
use super::{Builder, Source, Spot};
use crate::error::PlanError;
use crate::normal::{Field, Group, Selection};

impl<'a> Builder<'a, '_> {
    /// Selects what is asked of the objects at a path; what can't be had comes back.
    pub(super) fn object(
        &mut self,
        path: PathId,
        selection: &Selection,
        source: &Source<'a>,
    ) -> Result<Option<Selection>, PlanError> {
        self.visit()?;
        if self.graph.is_interface_object(&source.ty, source.subgraph) {
            return self.interface_object(path, selection, source);
        }
        if self.graph.supergraph.is_abstract(&selection.ty) {
            return self.abstract_object(path, selection, source);
        }
        let spot = Spot {
            path,
            place: selection.place,
            ty: selection.ty.clone(),
            typed: false,
        };
        let mut left = Vec::new();
        for group in &selection.groups {
            left.push((
                group.types.clone(),
                self.fields(&spot, Some(source), &group.fields)?,
            ));
        }
        Ok(left_of(selection, left))
    }

    fn abstract_object(
        &mut self,
        path: PathId,
        selection: &Selection,
        source: &Source<'a>,
    ) -> Result<Option<Selection>, PlanError> {
        self.draft.select_typename(source.set, &source.under);
        self.touched.insert(source.step);
        self.typed_by
            .entry(path)
            .or_default()
            .push((source.step, source.asked.clone()));
        let possible = self.graph.possible(&source.ty, source.subgraph);
        let source_is_abstract = self.graph.supergraph.is_abstract(&source.ty);
        let mut left = Vec::new();
        for group in &selection.groups {
            let types: Vec<&Name> = group.types.iter().filter(|ty| possible.contains(ty)).collect();
            if types.is_empty() {
                continue;
            }
            let mut rest: Vec<Rc<Field>> = group
                .fields
                .iter()
                .filter(|field| field.is_fetched())
                .cloned()
                .collect();
            if types.len() == possible.len() && source_is_abstract {
                rest = self.together(path, selection, source, rest)?;
            }
            for ty in types {
                self.visit()?;
                let spot = Spot {
                    path,
                    place: selection.place,
                    ty: ty.clone(),
                    typed: true,
                };
                let under = if source_is_abstract {
                    Some(ty.clone())
                } else {
                    source.under.clone()
                };
                let own = Source {
                    under,
                    ty: ty.clone(),
                    ..source.clone()
                };
                left.push((vec![ty.clone()], self.fields(&spot, Some(&own), &rest)?));
            }
        }
        Ok(left_of(selection, left))
    }

    /// Selects on the interface itself what one selection gives for all of its types.
    fn together(
        &mut self,
        path: PathId,
        selection: &Selection,
        source: &Source<'a>,
        fields: Vec<Rc<Field>>,
    ) -> Result<Vec<Rc<Field>>, PlanError> {
        let possible = self.graph.possible(&source.ty, source.subgraph);
        let spot = Spot {
            path,
            place: selection.place,
            ty: source.ty.clone(),
            typed: false,
        };
        let types_matter_below = self.graph.set_contexts(possible);
        let mut rest = Vec::new();
        for field in fields {
            let is_for_each = field.inner.is_some() && types_matter_below;
            if !is_for_each
                && self
                    .graph
                    .serves_all(&source.ty, &field.name, source.subgraph, possible)
            {
                rest.extend(self.take(&spot, source, &field)?);
            } else {
                rest.push(field);
            }
        }
        Ok(rest)
    }

    /// The subgraph has an object where there is an interface, and can't tell which type it is. Its own fields are had here; what is asked of the
    /// types themselves (and `__typename`) is for a subgraph that knows the interface.
    fn interface_object(
        &mut self,
        path: PathId,
        selection: &Selection,
        source: &Source<'a>,
    ) -> Result<Option<Selection>, PlanError> {
        let spot = Spot {
            path,
            place: selection.place,
            ty: source.ty.clone(),
            typed: false,
        };
        self.register(&spot, source);
        // What is below such an object may take values from it, if it is of the right type.
        let some_set_contexts = self
            .graph
            .set_contexts(self.graph.supergraph.possible_types(&source.ty));
        let is_told_apart = |field: &Field| some_set_contexts && field.inner.is_some();
        let mut fields = selection.groups.iter().flat_map(|group| &group.fields);
        let types_matter = self.graph.types_matter(selection)
            || fields.any(|field| field.is_fetched() && is_told_apart(field));
        let mut groups = Vec::new();
        for group in &selection.groups {
            let mut rest = Vec::new();
            for field in group.fields.iter().filter(|field| field.is_fetched()) {
                let declared = self
                    .graph
                    .given(&source.ty, &field.name, source.subgraph, &source.provided);
                if !is_told_apart(field) && declared.is_some_and(|declared| !declared.is_demanding()) {
                    rest.extend(self.take(&spot, source, field)?);
                } else {
                    rest.push(field.clone());
                }
            }
            groups.push((group.types.clone(), rest));
        }
        if !types_matter {
            for (_, rest) in &mut groups {
                *rest = self.fields(&spot, Some(source), rest)?;
            }
        }
        let mut left = left_of(selection, groups);
        if left.is_none() && !types_matter {
            return Ok(None);
        }
        let mut known = false;
        for (subgraph, ty) in self.vertices(&source.ty) {
            if self.graph.is_interface_object(&ty, subgraph) {
                continue;
            }
            let Some(knowing) = self.source(&spot, subgraph, &ty, &source.asked)? else {
                continue;
            };
            known = true;
            let asked = left.take().unwrap_or_else(|| Selection {
                groups: Vec::new(),
                ..selection.clone()
            });
            for ty in self.graph.possible(&ty, subgraph) {
                let typed = Spot {
                    ty: ty.clone(),
                    typed: true,
                    ..spot.clone()
                };
                self.register(&typed, source);
            }
            left = self.abstract_object(path, &asked, &knowing)?;
            if left.is_none() {
                return Ok(None);
            }
        }
        if !known && left.is_none() {
            let coordinate = format!("{}.__typename", selection.ty);
            return Err(PlanError::Unreachable {
                coordinate,
                path: self.paths.get(path).to_string(),
            });
        }
        Ok(left)
    }
}

/// What is left of a selection.
fn left_of(selection: &Selection, left: Vec<(Vec<Name>, Vec<Rc<Field>>)>) -> Option<Selection> {
    let groups: Vec<Group> = left
        .into_iter()
        .filter(|(_, fields)| fields.iter().any(|field| field.is_fetched()))
        .map(|(types, fields)| Group {
            types,
            fields,
            shown: Vec::new(),
        })
        .collect();
    (!groups.is_empty()).then(|| Selection {
        groups,
        ..selection.clone()
    })
}
