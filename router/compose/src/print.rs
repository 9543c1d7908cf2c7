//! The supergraph as SDL.
//!
//! Types in the order of their names, fields in the order of the subgraphs that declare them: the same supergraph is always the same text,
//! and a diff of two shows what changed.

mod features;
mod joins;
mod layout;
mod marks;
mod types;

use crate::merged::Merged;

pub(crate) fn print(merged: &Merged) -> String {
    let mut definitions = vec![features::schema(merged)];
    definitions.extend(features::definitions(merged));
    definitions.extend(merged.types.values().map(|ty| types::definition(merged, ty)));
    let texts: Vec<String> = definitions.into_iter().map(layout::lay_out).collect();
    texts.join("\n")
}
