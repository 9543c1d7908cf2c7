//! What a subgraph needs to be told: fields of keys and of `@requires`, and how they are written into representations.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::rc::Rc;
use std::sync::Arc;

use apollo_compiler::executable::SelectionSet;

use super::contexts::meanings;
use super::fields::Candidate;
use super::{Builder, Source, Spot};
use crate::cond::Cond;
use crate::deferral::Usages;
use crate::error::PlanError;
use crate::normal::{Field, Selection};
use crate::normalise::Normaliser;
use crate::plan::{RepresentationCase, RepresentationField, RepresentationObject};
use crate::write::write_selection_set;

impl<'a> Builder<'a, '_> {
    /// A field set in normal form, with internal keys; where the client selects the same, it is the same.
    pub(super) fn needed(
        &mut self,
        spot: &Spot,
        set: &SelectionSet,
        condition: &Cond,
    ) -> Result<Vec<Rc<Field>>, PlanError> {
        let mut normaliser = Normaliser {
            graph: self.graph,
            options: self.options,
            keys: &mut self.keys,
            fragments: None,
            left: self.options.max_fields,
            usages: Usages::default(),
            path: Vec::new(),
        };
        normaliser.fields(&spot.ty, spot.place, set, condition)
    }

    /// A step for a field that `@requires` others or takes values from contexts: they are had first, from wherever they can be had.
    pub(super) fn source_with_needs(
        &mut self,
        spot: &Spot,
        home: Option<&Source<'a>>,
        candidate: &Candidate,
        field: &Rc<Field>,
    ) -> Result<Option<Source<'a>>, PlanError> {
        self.visit()?;
        let Candidate { subgraph, ty, .. } = candidate;
        let declared = self.graph.supergraph.field_in(ty, &field.name, *subgraph);
        let Some(declared) = declared.filter(|declared| declared.is_demanding()) else {
            return Ok(None);
        };
        let requires = declared.requires.as_ref();
        let mut text = requires.map(write_selection_set).unwrap_or_default();
        for meaning in meanings(declared) {
            let _ = write!(text, "{meaning}");
        }
        let id = (spot.key(), *subgraph, ty.clone(), text, field.condition.clone());
        if let Some(source) = self.demanding.get(&id) {
            return Ok(Some(source.clone()));
        }
        let pending = (spot.key(), field.key.clone(), *subgraph);
        if self.pending.contains(&pending) {
            return Ok(None);
        }
        let vertex = (*subgraph, ty.clone());
        let Some((mut representation, mut depends_on)) = self.keys_for(spot, &vertex, &field.condition)?
        else {
            return Ok(None);
        };
        let needed = match requires {
            Some(requires) => self.needed(spot, requires, &field.condition)?,
            None => Vec::new(),
        };
        self.pending.push(pending);
        self.recorders.push(BTreeSet::new());
        let left = self.fields(spot, home, &needed);
        depends_on.extend(self.recorders.pop().unwrap_or_default());
        let told = self.told(declared, &field.condition);
        self.pending.pop();
        let (told, left) = (told?, left?);
        let Some(told) = told.filter(|_| left.is_empty()) else {
            return Ok(None);
        };
        depends_on.extend(told.depends_on);
        for more in self.represent(&needed, false) {
            add(&mut representation, more);
        }
        let source = self.open(spot, &vertex, representation, depends_on, &field.condition);
        self.draft.tell(source.step, told.variables);
        self.remember(source.step, told.values);
        self.demanding.insert(id, source.clone());
        Ok(Some(source))
    }

    /// How to write fields into a representation. `certain`: null in one of them means that there is nothing to ask for.
    pub(super) fn represent(&self, fields: &[Rc<Field>], certain: bool) -> Vec<RepresentationField> {
        let told = fields.iter().filter(|field| field.is_fetched());
        told.map(|field| RepresentationField {
            name: Arc::from(field.name.as_str()),
            source_key: field.key.clone(),
            nullable: !certain && !field.ty.is_non_null(),
            object: field.inner.as_ref().map(|inner| self.represent_object(inner)),
        })
        .collect()
    }

    fn represent_object(&self, selection: &Selection) -> RepresentationObject {
        let typename = self.graph.supergraph.is_abstract(&selection.ty);
        let one = selection.groups.len() == 1;
        let cases = selection.groups.iter().map(|group| RepresentationCase {
            types: if one {
                Vec::new()
            } else {
                group.types.iter().map(|ty| Arc::from(ty.as_str())).collect()
            },
            fields: self.represent(&group.fields, false),
        });
        RepresentationObject {
            typename,
            cases: cases.filter(|case| !case.fields.is_empty()).collect(),
        }
    }
}

/// Adds a field to a representation; one that is there already gets what it lacks. False: the same name would mean two things.
pub(crate) fn add(fields: &mut Vec<RepresentationField>, more: RepresentationField) -> bool {
    let Some(known) = fields.iter_mut().find(|known| known.name == more.name) else {
        fields.push(more);
        return true;
    };
    if known.source_key != more.source_key {
        return false;
    }
    known.nullable &= more.nullable;
    match (&mut known.object, more.object) {
        (Some(known), Some(more)) => {
            known.typename |= more.typename;
            let mut fits = true;
            for case in more.cases {
                match known.cases.iter_mut().find(|known| known.types == case.types) {
                    Some(known) => case
                        .fields
                        .into_iter()
                        .for_each(|field| fits &= add(&mut known.fields, field)),
                    None => known.cases.push(case),
                }
            }
            fits
        }
        (known, more) => known.is_none() && more.is_none(),
    }
}
