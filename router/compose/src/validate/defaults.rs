//! Default values must be values of their types.

use crate::defaults::wrong;
use crate::error::{Code, CompositionError};
use crate::model::SubgraphModel;

pub(super) fn check(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let refuse = |wrong: crate::defaults::WrongDefault| {
        let position = wrong
            .location
            .and_then(|location| location.line_column_range(&subgraph.schema.sources))
            .map(|range| range.start.into());
        let message = format!(
            "the default {} of {} is no {}: {}",
            wrong.value, wrong.coordinate, wrong.ty, wrong.reason
        );
        CompositionError::new(Code::InvalidGraphql, message)
            .at(subgraph.place(wrong.coordinate, position))
            .hint("give it a default that clients could give as well, or none")
    };
    wrong(&subgraph.schema).into_iter().map(refuse).collect()
}
