//! A plan made ready to run many times: names are numbered, constant text is bytes, conditions are shared.

mod asked;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use lavka_planner::{
    Condition, ContextVariable, Denied, EntityBatch, OutputField, OutputSelection, OutputShape, PathStep,
    QueryPlan, RepresentationField, Scalar, Typename,
};
use serde_json::{Map, Value as Json};

use crate::arena::{Key, Keys, LastSizes};

pub(crate) use asked::Wanted;

/// A [`QueryPlan`] in the form in which it runs. Make it once per plan and keep it beside the plan.
#[derive(Debug)]
pub struct PreparedPlan {
    plan: Arc<QueryPlan>,
    pub(crate) keys: Keys,
    /// `__typename` in the merged tree.
    pub(crate) typename: Key,
    pub(crate) fetches: Vec<PreparedFetch>,
    pub(crate) output: Selection,
    conditions: Vec<Condition>,
    pub(crate) sizes: LastSizes,
    /// By fetch; made when something is missing for the first time.
    wanted: OnceLock<Vec<Wanted>>,
}

/// Index of a condition in the plan's table; evaluated once per request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConditionId(usize);

/// The conditions' values for one request.
#[derive(Debug)]
pub(crate) struct Conditions(Vec<bool>);

impl Conditions {
    pub(crate) fn hold(&self, condition: Option<ConditionId>) -> bool {
        condition.is_none_or(|condition| self.0[condition.0])
    }
}

#[derive(Debug)]
pub(crate) struct PreparedFetch {
    pub(crate) subgraph: Arc<str>,
    /// The request's body up to the first variable.
    pub(crate) head: Vec<u8>,
    /// Client variables and how their member begins (`"name":`).
    pub(crate) variables: Vec<(Arc<str>, Vec<u8>)>,
    pub(crate) target: PreparedTarget,
    pub(crate) dependencies: usize,
    pub(crate) dependents: Vec<usize>,
    pub(crate) condition: Option<ConditionId>,
    /// Whether it may be sent twice: everything but a mutation's root.
    pub(crate) is_repeatable: bool,
}

impl PreparedFetch {
    /// Whether objects may have to be asked for in several requests.
    pub(crate) fn takes_from_contexts(&self) -> bool {
        match &self.target {
            PreparedTarget::Root(_) | PreparedTarget::Nested { .. } => false,
            PreparedTarget::Entities(batches) => batches.iter().any(|batch| !batch.contexts.is_empty()),
        }
    }
}

#[derive(Debug)]
pub(crate) enum PreparedTarget {
    /// With the keys that the fetch asks for.
    Root(Vec<Key>),
    /// The same of the query type's objects below something else.
    Nested {
        path: Vec<Step>,
        keys: Vec<Key>,
    },
    Entities(Vec<PreparedBatch>),
}

#[derive(Debug)]
pub(crate) struct PreparedBatch {
    pub(crate) alias: Key,
    /// How the variable's member begins (`"r0":`).
    pub(crate) variable: Vec<u8>,
    pub(crate) paths: Vec<Vec<Step>>,
    pub(crate) types: Vec<Arc<str>>,
    /// `"Product"`, or `None` to write what the tree says.
    pub(crate) fixed_typename: Option<Vec<u8>>,
    pub(crate) fields: Vec<RepresentedField>,
    /// Variables that are taken from objects further up.
    pub(crate) contexts: Vec<PreparedContext>,
    /// Every object gets an answer of its own.
    pub(crate) apart: bool,
    pub(crate) condition: Option<ConditionId>,
    /// The keys that this batch asks for.
    pub(crate) asked: Vec<Key>,
}

#[derive(Debug)]
pub(crate) struct PreparedContext {
    /// How the variable's member begins (`"c0":`).
    pub(crate) variable: Vec<u8>,
    /// After how many steps the object is reached.
    pub(crate) at: usize,
    pub(crate) value: RepresentedField,
    pub(crate) nullable: bool,
}

#[derive(Debug)]
pub(crate) enum Step {
    Key(Key),
    Types(Vec<Arc<str>>),
}

#[derive(Debug)]
pub(crate) struct RepresentedField {
    /// `"name":`
    pub(crate) name: Vec<u8>,
    pub(crate) key: Key,
    pub(crate) nullable: bool,
    pub(crate) object: Option<RepresentedObject>,
}

#[derive(Debug)]
pub(crate) struct RepresentedObject {
    pub(crate) typename: bool,
    pub(crate) cases: Vec<(Vec<Arc<str>>, Vec<RepresentedField>)>,
}

#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) cases: Vec<Case>,
}

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) types: Vec<Arc<str>>,
    pub(crate) fields: Vec<Field>,
    /// Fields of these objects that come in later pieces of the answer.
    pub(crate) later: Vec<Later>,
}

/// Fields that come in a later piece of the answer than the object that has them.
#[derive(Debug)]
pub(crate) struct Later {
    /// The part, by its position in the plan's deferral.
    pub(crate) part: usize,
    pub(crate) fields: Vec<Field>,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) response_key: Arc<str>,
    /// `"response_key":`
    pub(crate) name: Vec<u8>,
    pub(crate) key: Key,
    pub(crate) shape: Shape,
    pub(crate) lists: Vec<bool>,
    pub(crate) non_null: bool,
    pub(crate) condition: Option<ConditionId>,
    pub(crate) denied: Option<Denied>,
}

#[derive(Debug)]
pub(crate) enum Shape {
    Leaf,
    Scalar(Scalar),
    Enum(Vec<Arc<str>>),
    Object(Selection),
    /// The name with its quotes, or `None` to write what the tree says.
    Typename(Option<Vec<u8>>),
}

impl Case {
    /// A field with this key, and the part of the answer that it comes in, if that is another than the object's.
    pub(crate) fn find(&self, key: Key) -> Option<(&Field, Option<usize>)> {
        let now = self.fields.iter().map(|field| (field, None));
        let later = self.later.iter().flat_map(|later| {
            let part = Some(later.part);
            later.fields.iter().map(move |field| (field, part))
        });
        now.chain(later).find(|(field, _)| field.key == key)
    }
}

impl PreparedPlan {
    /// Whether the answer may come in several pieces.
    pub fn is_deferred(&self) -> bool {
        self.plan.deferral.is_some()
    }

    /// Prepares a plan.
    pub fn new(plan: Arc<QueryPlan>) -> Self {
        let mut preparing = Preparing::default();
        let typename = preparing.keys.intern("__typename");
        let fetches = preparing.fetches(&plan);
        let output = preparing.selection(&plan.output);
        Self {
            keys: preparing.keys,
            typename,
            fetches,
            output,
            conditions: preparing.conditions,
            sizes: LastSizes::default(),
            wanted: OnceLock::new(),
            plan,
        }
    }

    /// The plan that this was made of.
    pub fn plan(&self) -> &Arc<QueryPlan> {
        &self.plan
    }

    /// What the answers to a fetch must have.
    pub(crate) fn wanted(&self, fetch: usize) -> Option<&Wanted> {
        let wanted = self.wanted.get_or_init(|| {
            let fetches = self.plan.fetches.iter();
            fetches
                .map(|fetch| asked::Asked::read(&fetch.document).wanted(&self.keys))
                .collect()
        });
        wanted.get(fetch)
    }

    pub(crate) fn evaluate(&self, variables: &Map<String, Json>) -> Conditions {
        let holds = |name: &str| variables.get(name).and_then(Json::as_bool).unwrap_or(false);
        Conditions(
            self.conditions
                .iter()
                .map(|condition| condition.holds(holds))
                .collect(),
        )
    }
}

#[derive(Default)]
struct Preparing {
    keys: Keys,
    conditions: Vec<Condition>,
    condition_ids: HashMap<Condition, usize>,
}

impl Preparing {
    fn fetches(&mut self, plan: &QueryPlan) -> Vec<PreparedFetch> {
        let mut fetches: Vec<PreparedFetch> = Vec::with_capacity(plan.fetches.len());
        for (id, fetch) in plan.fetches.iter().enumerate() {
            let asked = asked::Asked::read(&fetch.document);
            let target = match &fetch.target {
                lavka_planner::Target::Root => PreparedTarget::Root(self.all(asked.at_root())),
                lavka_planner::Target::Nested(path) => PreparedTarget::Nested {
                    path: path.0.iter().map(|step| self.step(step)).collect(),
                    keys: self.all(asked.at_root()),
                },
                lavka_planner::Target::Entities(batches) => {
                    PreparedTarget::Entities(batches.iter().map(|batch| self.batch(batch, &asked)).collect())
                }
            };
            let mut head = b"{\"query\":".to_vec();
            head.extend(quoted(&fetch.document));
            if let Some(name) = &fetch.operation_name {
                head.extend(b",\"operationName\":");
                head.extend(quoted(name));
            }
            head.extend(b",\"variables\":{");
            for dependency in &fetch.depends_on {
                if let Some(before) = fetches.get_mut(dependency.0) {
                    before.dependents.push(id);
                }
            }
            let is_repeatable = plan.kind != lavka_planner::OperationKind::Mutation
                || !matches!(target, PreparedTarget::Root(_));
            fetches.push(PreparedFetch {
                is_repeatable,
                subgraph: fetch.subgraph.clone(),
                head,
                variables: fetch
                    .variables
                    .iter()
                    .map(|name| (name.clone(), member(name)))
                    .collect(),
                target,
                dependencies: fetch
                    .depends_on
                    .iter()
                    .filter(|dependency| dependency.0 < id)
                    .count(),
                dependents: Vec::new(),
                condition: self.condition(fetch.condition.as_ref()),
            });
        }
        fetches
    }

    fn batch(&mut self, batch: &EntityBatch, asked: &asked::Asked) -> PreparedBatch {
        PreparedBatch {
            alias: self.keys.intern(&batch.alias),
            variable: member(&batch.variable),
            paths: batch
                .paths
                .iter()
                .map(|path| path.0.iter().map(|step| self.step(step)).collect())
                .collect(),
            types: batch.types.clone(),
            fixed_typename: match &batch.typename {
                Typename::Fixed(name) => Some(quoted(name)),
                Typename::FromTree => None,
            },
            fields: self.represented(&batch.representation),
            contexts: self.contexts(&batch.contexts),
            apart: batch.apart,
            condition: self.condition(batch.condition.as_ref()),
            asked: self.all(asked.under(&batch.alias)),
        }
    }

    fn step(&mut self, step: &PathStep) -> Step {
        match step {
            PathStep::Key(key) => Step::Key(self.keys.intern(key)),
            PathStep::Types(types) => Step::Types(types.clone()),
        }
    }

    fn represented(&mut self, fields: &[RepresentationField]) -> Vec<RepresentedField> {
        let field = |field: &RepresentationField| RepresentedField {
            name: member(&field.name),
            key: self.keys.intern(&field.source_key),
            nullable: field.nullable,
            object: field.object.as_ref().map(|object| RepresentedObject {
                typename: object.typename,
                cases: object
                    .cases
                    .iter()
                    .map(|case| (case.types.clone(), self.represented(&case.fields)))
                    .collect(),
            }),
        };
        fields.iter().map(field).collect()
    }

    fn contexts(&mut self, contexts: &[ContextVariable]) -> Vec<PreparedContext> {
        let contexts = contexts.iter().flat_map(|context| {
            let value = self.represented(std::slice::from_ref(&context.value));
            value.into_iter().map(|value| PreparedContext {
                variable: member(&context.variable),
                at: context.at,
                value,
                nullable: context.nullable,
            })
        });
        contexts.collect()
    }

    fn selection(&mut self, selection: &OutputSelection) -> Selection {
        let cases = selection.cases.iter().map(|case| Case {
            types: case.types.clone(),
            fields: self.fields(&case.fields),
            later: case
                .later
                .iter()
                .map(|later| Later {
                    part: later.part,
                    fields: self.fields(&later.fields),
                })
                .collect(),
        });
        Selection {
            cases: cases.collect(),
        }
    }

    fn fields(&mut self, fields: &[OutputField]) -> Vec<Field> {
        fields.iter().map(|field| self.field(field)).collect()
    }

    fn field(&mut self, field: &OutputField) -> Field {
        let key = match &field.shape {
            OutputShape::Typename(_) => self.keys.intern("__typename"),
            _ => self.keys.intern(&field.source_key),
        };
        Field {
            response_key: field.response_key.clone(),
            name: member(&field.response_key),
            key,
            shape: match &field.shape {
                OutputShape::Leaf => Shape::Leaf,
                OutputShape::Scalar(scalar) => Shape::Scalar(*scalar),
                OutputShape::Enum(values) => Shape::Enum(values.clone()),
                OutputShape::Object(selection) => Shape::Object(self.selection(selection)),
                OutputShape::Typename(name) => Shape::Typename(name.as_deref().map(quoted)),
            },
            lists: field.wrapping.lists.clone(),
            non_null: field.wrapping.non_null,
            condition: self.condition(field.condition.as_ref()),
            denied: field.denied,
        }
    }

    fn condition(&mut self, condition: Option<&Condition>) -> Option<ConditionId> {
        let condition = condition?;
        let next = self.conditions.len();
        let id = *self.condition_ids.entry(condition.clone()).or_insert(next);
        if id == next {
            self.conditions.push(condition.clone());
        }
        Some(ConditionId(id))
    }

    fn all(&mut self, names: Vec<&str>) -> Vec<Key> {
        names.into_iter().map(|name| self.keys.intern(name)).collect()
    }
}

/// The text as a JSON string.
pub(crate) fn quoted(text: &str) -> Vec<u8> {
    Json::from(text).to_string().into_bytes()
}

fn member(name: &str) -> Vec<u8> {
    let mut bytes = quoted(name);
    bytes.push(b':');
    bytes
}
