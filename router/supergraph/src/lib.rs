//! The model of a composed schema.
//!
//! A supergraph is one GraphQL document: the schema that clients may use, plus directives of the *join* specification that say which subgraph can give
//! which part of it. The difficulty is that those directives speak by what they leave out: a field without `@join__field` is in every subgraph
//! that has its type; one with `@join__field` and no graph is in none of them (it came from an interface object); a type in a subgraph may be
//! an interface there or an object that stands for one. [`Supergraph::parse`] spells all of that out once, so that the planner asks and never guesses:
//!
//! 1. [`read`]: the document is parsed and checked as GraphQL, then
//!    - its features (`@link`) are read; whatever this program doesn't understand and must (`for: SECURITY`, `for: EXECUTION`) refuses;
//!    - the subgraphs, then the types, fields and field sets, each subgraph's view side by side;
//!    - who may see what (`@authenticated`, `@requiresScopes`, `@policy`).
//! 2. [`api`]: the client's schema is what is left without the machinery and without what is `@inaccessible`.
//!
//! Every error names the place: the coordinate (`Type.field`) and, where known, line and column.
#![warn(missing_docs)]

mod access;
mod api;
mod error;
mod model;
mod one_of;
mod read;
mod text;

pub use access::Access;
pub use error::{Place, SupergraphError};
pub use model::{
    ContextArgument, FieldInSubgraph, FieldModel, Key, Override, Subgraph, SubgraphId, Supergraph,
    TypeInSubgraph, TypeModel,
};
pub use one_of::define_one_of;
pub use text::{braced, field_set_text, selections};
