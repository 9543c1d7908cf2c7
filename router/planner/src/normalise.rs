//! From the document to the normal form: fragments are inlined, fields of equal response keys merged, concrete types with equal selections grouped,
//! denied fields marked, internal keys given out.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use apollo_compiler::ast::{Directive, Value};
use apollo_compiler::executable::{self, DirectiveList, FragmentMap, SelectionSet};
use apollo_compiler::{Name, Node};
use lavka_supergraph::Access;

use crate::cond::{Cond, MOST_ALTERNATIVES};
use crate::deferral::{Usage, Usages};
use crate::error::PlanError;
use crate::graph::Graph;
use crate::keys::{Keys, Meaning, Place};
use crate::normal::{Field, Group, Selection};
use crate::options::{PlanOptions, Viewer};
use crate::plan::Denied;
use crate::write::write_arguments;

/// Normalises selections of one document, or field sets (which have no fragments of their own).
pub(crate) struct Normaliser<'a, 'g> {
    pub graph: &'g Graph<'a>,
    pub options: &'g PlanOptions,
    pub keys: &'g mut Keys,
    pub fragments: Option<&'g FragmentMap>,
    pub left: usize,
    /// Which fragments are deferred.
    pub usages: Usages,
    /// The response keys on the way to where we are.
    pub path: Vec<Name>,
}

/// A field as it stands in the document, with what must hold for it.
struct Raw<'s> {
    types: Rc<[Name]>,
    field: &'s executable::Field,
    /// The type that the document selects it on.
    parent: &'s Name,
    condition: Cond,
    /// The deferred fragment that it stands in.
    usage: Option<usize>,
}

/// Concrete types, and the positions of the fields that are selected of them.
type Grouped = (Vec<Name>, Vec<usize>);

/// Positions of fields, and when they stand there.
type Shown = Vec<(usize, Cond)>;

/// Sets of selections that are taken together: when each is selected, and in which deferred fragment.
type Sets<'s> = Vec<(&'s SelectionSet, Cond, Option<usize>)>;

impl<'g> Normaliser<'_, 'g> {
    pub fn selection<'s>(&mut self, ty: &Name, place: Place, sets: &Sets<'s>) -> Result<Selection, PlanError>
    where
        'g: 's,
    {
        if self.path.len() > self.options.max_depth {
            return Err(PlanError::TooDeep {
                limit: self.options.max_depth,
                path: self.at(),
            });
        }
        let types: Rc<[Name]> = self.accessible(ty);
        let mut raws = Vec::new();
        for (set, condition, usage) in sets {
            self.flatten(set, &types, (condition, *usage), 0, &mut raws)?;
        }
        let mut groups = Vec::new();
        for (types, members) in self.grouped(&types, &raws)? {
            let (fields, shown) = self.group(&types, place, &members, &raws)?;
            groups.push(Group { types, fields, shown });
        }
        Ok(Selection {
            ty: ty.clone(),
            place,
            groups,
        })
    }

    /// The fields of a field set, of an object whose type is `ty` (or of which no more is known than that interface).
    pub fn fields<'s>(
        &mut self,
        ty: &Name,
        place: Place,
        set: &'s SelectionSet,
        condition: &Cond,
    ) -> Result<Vec<Rc<Field>>, PlanError>
    where
        'g: 's,
    {
        let types: Rc<[Name]> = Rc::new([ty.clone()]);
        let mut raws = Vec::new();
        self.flatten(set, &types, (condition, None), 0, &mut raws)?;
        let members: Vec<usize> = (0..raws.len()).collect();
        Ok(self.group(&types, place, &members, &raws)?.0)
    }

    fn accessible(&self, ty: &Name) -> Rc<[Name]> {
        let supergraph = self.graph.supergraph;
        let seen = |ty: &&Name| supergraph.type_model(ty).is_none_or(|model| !model.inaccessible);
        supergraph
            .possible_types(ty)
            .iter()
            .filter(seen)
            .cloned()
            .collect()
    }

    fn flatten<'s>(
        &mut self,
        set: &'s SelectionSet,
        types: &Rc<[Name]>,
        (condition, usage): (&Cond, Option<usize>),
        depth: usize,
        raws: &mut Vec<Raw<'s>>,
    ) -> Result<(), PlanError>
    where
        'g: 's,
    {
        if depth > self.options.max_depth {
            return Err(PlanError::TooDeep {
                limit: self.options.max_depth,
                path: self.at(),
            });
        }
        for selection in &set.selections {
            self.spend(1)?;
            let condition = condition.and(&self.condition(selection.directives()));
            if condition.is_never() {
                continue;
            }
            let inner = match selection {
                executable::Selection::Field(field) => {
                    let types = types.clone();
                    raws.push(Raw {
                        types,
                        field,
                        parent: &set.ty,
                        condition,
                        usage,
                    });
                    continue;
                }
                executable::Selection::InlineFragment(fragment) => &fragment.selection_set,
                executable::Selection::FragmentSpread(spread) => {
                    let known = self.fragments.and_then(|known| known.get(&spread.fragment_name));
                    let Some(fragment) = known else {
                        return Err(PlanError::NotInSupergraph(format!(
                            "fragment {}",
                            spread.fragment_name
                        )));
                    };
                    &fragment.selection_set
                }
            };
            let possible = self.graph.supergraph.possible_types(&inner.ty);
            let applies = |ty: &Name| *ty == inner.ty || possible.contains(ty);
            let narrowed: Rc<[Name]> = if types.iter().all(applies) {
                types.clone()
            } else {
                types.iter().filter(|ty| applies(ty)).cloned().collect()
            };
            if !narrowed.is_empty() {
                let usage = self.deferred(selection.directives(), usage).or(usage);
                self.flatten(inner, &narrowed, (&condition, usage), depth + 1, raws)?;
            }
        }
        Ok(())
    }

    /// The use of a fragment that is deferred here.
    fn deferred(&mut self, directives: &DirectiveList, within: Option<usize>) -> Option<usize> {
        let variables = self.options.deferral.as_ref()?;
        let defer = directives.get("defer")?;
        let is_on = match argument_if(Some(defer)) {
            Some(Value::Boolean(value)) => *value,
            Some(Value::Variable(name)) => variables.get(name.as_str()).copied().unwrap_or(false),
            _ => true,
        };
        let label = match defer.specified_argument_by_name("label").map(|value| &**value) {
            Some(Value::String(label)) => Some(Arc::from(label.as_str())),
            _ => None,
        };
        is_on.then(|| {
            self.usages.add(Usage {
                label,
                within,
                depth: self.path.len(),
            })
        })
    }

    /// What @skip and @include say.
    fn condition(&self, directives: &DirectiveList) -> Cond {
        let known = self.options.deferral.as_ref();
        let one = |name: &str, wanted: bool| match argument_if(directives.get(name)) {
            Some(Value::Variable(variable)) => match known {
                Some(known) if known.get(variable.as_str()).copied().unwrap_or(false) != wanted => {
                    Cond::never()
                }
                Some(_) => Cond::always(),
                None => Cond::variable(variable, wanted),
            },
            Some(Value::Boolean(value)) if *value != wanted => Cond::never(),
            _ => Cond::always(),
        };
        one("include", true).and(&one("skip", false))
    }

    /// Concrete types of which the same fields, of the same types and under the same rules, are selected.
    fn grouped(&mut self, types: &[Name], raws: &[Raw<'_>]) -> Result<Vec<Grouped>, PlanError> {
        type Signature = Vec<(usize, Option<Denied>, String)>;
        let mut groups: Vec<Grouped> = Vec::new();
        let mut known: HashMap<Signature, usize> = HashMap::new();
        let everything = types.len();
        for ty in types {
            self.spend(raws.len() / 8)?;
            let mut signature = Signature::new();
            for (index, raw) in raws.iter().enumerate() {
                if raw.types.len() != everything && !raw.types.contains(ty) {
                    continue;
                }
                signature.push((
                    index,
                    self.denied(ty, raw.parent, &raw.field.name),
                    self.look(ty, &raw.field.name),
                ));
            }
            let members = signature.iter().map(|(index, ..)| *index).collect();
            match known.get(&signature) {
                Some(at) => groups[*at].0.push(ty.clone()),
                None => {
                    known.insert(signature, groups.len());
                    groups.push((vec![ty.clone()], members));
                }
            }
        }
        Ok(groups)
    }

    /// What must be equal for two types to share a selection of a field.
    fn look(&self, ty: &Name, field: &str) -> String {
        let declared = self
            .graph
            .supergraph
            .field(ty, field)
            .map(|field| field.ty.to_string());
        let shape = self.graph.shape(ty, field);
        format!("{} {}", declared.unwrap_or_default(), shape.unwrap_or_default())
    }

    /// The fields of a group, and how they are shown.
    fn group(
        &mut self,
        types: &[Name],
        place: Place,
        members: &[usize],
        raws: &[Raw<'_>],
    ) -> Result<(Vec<Rc<Field>>, Shown), PlanError> {
        let mut by_key: indexmap::IndexMap<&Name, Vec<&Raw<'_>>> = indexmap::IndexMap::new();
        let mut order = Vec::new();
        for index in members {
            let raw = &raws[*index];
            let known = by_key.entry(raw.field.response_key()).or_default();
            known.push(raw);
            order.push((raw.field.response_key(), known.len() - 1));
        }
        let Some(ty) = types.first() else {
            return Ok((Vec::new(), Vec::new()));
        };
        let mut fields = Vec::new();
        let mut places: HashMap<&Name, (usize, Vec<Cond>)> = HashMap::new();
        for (key, raws) in &by_key {
            if let Some(field) = self.field(ty, place, key, raws)? {
                places.insert(key, (fields.len(), places_of(raws, &field.condition)));
                fields.push(field);
            }
        }
        let mut shown = Shown::new();
        for (key, number) in order {
            let Some((index, places)) = places.get(key) else {
                continue;
            };
            let Some(place) = places.get(number).filter(|place| !place.is_never()) else {
                continue;
            };
            match shown.last_mut() {
                // Nothing stands between them.
                Some((last, when)) if last == index => *when = when.or(place),
                _ => shown.push((*index, place.clone())),
            }
        }
        Ok((fields, shown))
    }

    fn field(
        &mut self,
        ty: &Name,
        place: Place,
        response_key: &Name,
        raws: &[&Raw<'_>],
    ) -> Result<Option<Rc<Field>>, PlanError> {
        self.spend(1)?;
        let Some(first) = raws.first() else {
            return Ok(None);
        };
        let name = first.field.name.clone();
        // The server answers introspection by itself.
        if matches!(name.as_str(), "__schema" | "__type") {
            return Ok(None);
        }
        let mut condition = Cond::never();
        for raw in raws {
            condition = condition.or(&raw.condition);
            if condition.is_too_large() {
                let coordinate = format!("{ty}.{name}");
                return Err(PlanError::TooManyConditions {
                    coordinate,
                    limit: MOST_ALTERNATIVES,
                });
            }
        }
        let mut field = Field {
            response_key: response_key.clone(),
            key: Arc::from("__typename"),
            arguments: first.field.arguments.clone(),
            ty: apollo_compiler::ty!(String!),
            condition,
            denied: None,
            part: self.usages.part(raws.iter().map(|raw| raw.usage)),
            inner: None,
            name,
        };
        if field.is_typename() {
            return Ok(Some(Rc::new(field)));
        }
        let Some(model) = self.graph.supergraph.field(ty, &field.name) else {
            return Err(PlanError::NotInSupergraph(format!("{ty}.{}", field.name)));
        };
        field.ty = model.ty.clone();
        field.denied = raws
            .iter()
            .find_map(|raw| self.denied(ty, raw.parent, &field.name));
        let meaning = Meaning {
            field: field.name.to_string(),
            arguments: write_arguments(&field.arguments),
            shape: self.graph.shape(ty, &field.name).unwrap_or_default(),
        };
        field.key = match self.fragments {
            Some(_) => self.keys.for_client(place, response_key, meaning),
            None => self.keys.for_need(place, meaning),
        };
        let inner = model.ty.inner_named_type();
        if field.denied.is_none() && self.graph.supergraph.type_model(inner).is_some() {
            let below = self.keys.below(place, &field.key);
            let sets = raws
                .iter()
                .map(|raw| (&raw.field.selection_set, raw.condition.clone(), raw.usage))
                .collect();
            self.path.push(response_key.clone());
            field.inner = Some(self.selection(inner, below, &sets)?);
            self.path.pop();
        }
        Ok(Some(Rc::new(field)))
    }

    /// Why the asking side may not see a field of a concrete type that was selected on `parent`.
    fn denied(&self, ty: &Name, parent: &Name, field: &str) -> Option<Denied> {
        // What a subgraph needs is not shown to anybody.
        self.fragments?;
        let supergraph = self.graph.supergraph;
        let model = supergraph.field(ty, field);
        let value = model.and_then(|model| supergraph.type_access(model.ty.inner_named_type()));
        let selected_on = supergraph.field(parent, field).map(|model| &model.access);
        let own = supergraph.type_access(ty);
        let rules: [Option<&Access>; 4] = [own, model.map(|model| &model.access), selected_on, value];
        let mut rules = rules.into_iter().flatten().filter(|rule| !rule.is_public());
        match &self.options.viewer {
            Viewer::Unrestricted => None,
            Viewer::Anonymous => rules.next().map(|_| Denied::Unauthenticated),
            Viewer::SignedIn { scopes, policies } => rules
                .find(|rule| !rule.allows(scopes, policies))
                .map(|_| Denied::Forbidden),
        }
    }

    fn spend(&mut self, fields: usize) -> Result<(), PlanError> {
        match self.left.checked_sub(fields) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(PlanError::TooLarge {
                limit: self.options.max_fields,
            }),
        }
    }

    fn at(&self) -> String {
        self.path.iter().map(Name::as_str).collect::<Vec<_>>().join(".")
    }
}

/// When each selection of a field is its first one: it is not skipped, and all before it are.
fn places_of(raws: &[&Raw<'_>], whole: &Cond) -> Vec<Cond> {
    let mut places = Vec::new();
    let mut before = Cond::never();
    for raw in raws {
        let place = before.negated().map(|not_before| raw.condition.and(&not_before));
        match place.filter(|place| !place.is_too_large()) {
            Some(place) => places.push(place),
            // Too many ways to tell apart: the field stands where its first selection is.
            None => return vec![whole.clone()],
        }
        before = before.or(&raw.condition);
        // Nothing comes after what always is.
        if before.is_always() {
            break;
        }
    }
    places
}

fn argument_if(directive: Option<&Node<Directive>>) -> Option<&Value> {
    directive?.specified_argument_by_name("if").map(|value| &**value)
}
