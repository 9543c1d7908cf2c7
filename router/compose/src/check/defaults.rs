//! Default values must be values of the merged types: merging may have taken an enum's value away, or an input's field.

use lavka_supergraph::Supergraph;

use crate::defaults::{WrongDefault, wrong};
use crate::error::{Code, CompositionError};
use crate::model::{SubgraphModel, places};

pub(super) fn check(supergraph: &Supergraph, subgraphs: &[SubgraphModel]) -> Vec<CompositionError> {
    let refuse = |wrong: WrongDefault| {
        let message = format!(
            "the default {} of {} is no {} in the merged schema: {}",
            wrong.value, wrong.coordinate, wrong.ty, wrong.reason
        );
        CompositionError::new(Code::InvalidGraphql, message)
            .at_all(places(subgraphs, &wrong.coordinate))
            .hint("what comes in is what every subgraph knows: give another default, or add what it is made of everywhere")
    };
    wrong(supergraph.schema()).into_iter().map(refuse).collect()
}
