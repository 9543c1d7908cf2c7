//! The query plan: plain data, made once per operation and run many times.
//!
//! # How a plan is run
//!
//! All fetches write into **one merged tree** of JSON objects, keyed by *internal keys*. The documents sent to the subgraphs already use internal
//! keys as their response keys, so that merging is "put this object's keys into that object": no renaming at run time. The client's own response
//! keys exist only in [`OutputSelection`], which reads the merged tree and writes the answer.
//!
//! - A [`Target::Root`] fetch's `data` is merged into the root object. Two root fetches may write parts of the same objects (a shared root field split
//!   over subgraphs): objects merge key by key, lists of equal length element by element, and an object or list wins over null.
//! - A [`Target::Nested`] fetch asks for fields of the query type, and is merged into every object at its path; where there is none it is not sent.
//! - A [`Target::Entities`] fetch asks `_entities` once per [`EntityBatch`] (each under its own alias). The n-th answer is merged into every object whose
//!   representation was the n-th; a null answer leaves those objects as they are.
//! - A fetch may start as soon as everything in `depends_on` has ended, well or badly. There are no waves at run time; [`Fetch::wave`] only tells
//!   people how long the longest chain before it is.
//! - A fetch whose `condition` is false, or that finds no representation to send, is not sent.
//! - A key that is missing where the output wants one counts as null. A `null` there without an error of its own is the consequence of a failed or
//!   impossible fetch.
//!
//! `__typename` in the merged tree is always the key `__typename` and always the concrete object type's name. It is there wherever something in the
//! plan asks for it (path type conditions, batches with `types`, output cases with `types`, [`OutputShape::Typename`] without a fixed name).

mod condition;
mod deferral;
mod display;
mod mermaid;
mod output;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use condition::{Condition, Literal};
pub use deferral::{Deferral, DeferredFragment, DeferredPart};
pub use output::{
    Denied, OutputCase, OutputField, OutputPart, OutputSelection, OutputShape, Scalar, Wrapping,
};

/// The position of a fetch in [`QueryPlan::fetches`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FetchId(pub usize);

/// How one operation is answered. See the module's page for how it is run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryPlan {
    /// The kind of the client's operation.
    pub kind: OperationKind,
    /// The requests, in an order in which everything comes after what it depends on. For a subscription the first one is the subscription itself,
    /// and the rest runs again for each event. May be empty (`{ __typename }`).
    pub fetches: Vec<Fetch>,
    /// How the answer is written from the merged tree.
    pub output: OutputSelection,
    /// What may be answered later. None: the answer is one piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferral: Option<Deferral>,
    /// What the search gave up, in sentences for people. Empty when every alternative was weighed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Fetch {
    /// Its batches; none for a root fetch.
    pub(crate) fn batches(&self) -> &[EntityBatch] {
        match &self.target {
            Target::Root | Target::Nested(_) => &[],
            Target::Entities(batches) => batches,
        }
    }
}

impl QueryPlan {
    /// The plan as a [Mermaid](https://mermaid.js.org) flowchart. As text it is its [`Display`](std::fmt::Display), as JSON what serde writes.
    pub fn to_mermaid(&self) -> String {
        mermaid::Mermaid(self).to_string()
    }
}

/// What the client asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OperationKind {
    /// Fetches run as soon as they can.
    Query,
    /// Root fetches are chained by `depends_on`, in the order of the client's fields.
    Mutation,
    /// Fetch 0 is the stream; the others complete each event.
    Subscription,
}

/// One request to one subgraph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fetch {
    /// The subgraph's name, as its owner writes it (not the join enum's value).
    pub subgraph: Arc<str>,
    /// The GraphQL document, minified.
    pub document: Arc<str>,
    /// The name of the document's only operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_name: Option<Arc<str>>,
    /// The client variables that the document uses. A variable that the client did not give (and that has no default) is left out of the request.
    /// The variables of the batches are not among them.
    pub variables: Vec<Arc<str>>,
    /// Where the answer goes.
    pub target: Target,
    /// What must have ended before this may start; ascending, each below this fetch's own position.
    pub depends_on: Vec<FetchId>,
    /// Send only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// 0 for what may start at once; else one more than the highest wave that it depends on. For people and for costs.
    pub wave: usize,
}

/// Where a fetch's answer goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// `data` is merged into the root of the tree.
    Root,
    /// `data` is merged into all objects at this path: they are of the query type, below something else.
    Nested(Path),
    /// `data` holds one list for each batch.
    Entities(Vec<EntityBatch>),
}

/// One `_entities(representations: $variable)` in a document: objects of the merged tree that get further fields from this subgraph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntityBatch {
    /// The response key under which the list of entities arrives: `_entities`, or `_e0`, `_e1` … when the request holds several batches.
    pub alias: Arc<str>,
    /// The variable (without `$`) that carries this batch's representations; never a client variable's name.
    pub variable: Arc<str>,
    /// Where the objects are. The same object may be found by several paths.
    pub paths: Vec<Path>,
    /// Only objects whose `__typename` in the merged tree is one of these take part. Empty: all do, and `__typename` need not be in the tree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<Arc<str>>,
    /// The representation's `__typename`.
    pub typename: Typename,
    /// The representation's other fields, in the order to write them.
    pub representation: Vec<RepresentationField>,
    /// Variables whose values are taken from the merged tree: objects with different values can't be asked for in one request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<ContextVariable>,
    /// Objects of the merged tree that get the same answer get copies of it: what is below them is told apart later, by what is above them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
    /// The batch is left out (an empty list is sent for its variable) when this is false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
}

/// A variable for an argument from a context (`@fromContext`): its value is taken from an object on the way to the batch's objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextVariable {
    /// The variable (without `$`); never a client variable's name, and unique in the plan.
    pub variable: Arc<str>,
    /// After how many steps of the batch's path that object is reached.
    pub at: usize,
    /// How to read the value from that object. Of an object on the way it is the first field of a case that fits; lists are walked element by element.
    pub value: RepresentationField,
    /// Whether the argument may be null. If not, an object for which it is isn't asked for at all; neither is one for which the value is null
    /// although it never is.
    pub nullable: bool,
}

/// What to write as `__typename`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Typename {
    /// This name: the object's type is known, or the subgraph knows an interface as an object (`@interfaceObject`).
    Fixed(Arc<str>),
    /// What the object's `__typename` says in the merged tree.
    FromTree,
}

/// One field of a representation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepresentationField {
    /// The name to write.
    pub name: Arc<str>,
    /// The key to read in the merged tree, from the entity's object (or from the object that holds this nested field).
    pub source_key: Arc<str>,
    /// Whether null (or a missing key) may be sent as null. If not, an object that has null here is not asked for at all.
    pub nullable: bool,
    /// What to write of an object (lists are walked element by element). None for a leaf, which is written as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<RepresentationObject>,
}

/// The inside of a nested representation field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepresentationObject {
    /// Write the nested object's `__typename` (read from the merged tree) first; set where the field's type is abstract.
    #[serde(default)]
    pub typename: bool,
    /// Its fields. `types` of a case restrict it to objects of those types; an empty list means all.
    pub cases: Vec<RepresentationCase>,
}

/// Fields of a nested representation object that belong to some of its types.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepresentationCase {
    /// The concrete types; empty for all. Every case that matches is written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<Arc<str>>,
    /// The fields.
    pub fields: Vec<RepresentationField>,
}

/// A way from the root of the merged tree to objects. Lists are walked through, at any depth, without a step of their own; null ends the walk.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(pub Vec<PathStep>);

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PathStep {
    /// Go to this key's value.
    Key(Arc<str>),
    /// Stay, but go on only where the object's `__typename` is one of these.
    Types(Vec<Arc<str>>),
}
