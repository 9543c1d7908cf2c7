//! Conditions from @skip and @include, kept in the plan so that one plan serves every value of the variables.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// True when any of the alternatives has only literals that hold. Never empty, and no alternative is empty: what is always true has no condition,
/// and what is never true is not in the plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Condition {
    /// The alternatives: an OR of ANDs.
    pub any_of: Vec<Vec<Literal>>,
}

/// A boolean client variable and the value that it must have. A variable without a value counts as false.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Literal {
    /// The variable's name, without `$`.
    pub variable: Arc<str>,
    /// `true` for @include, `false` for @skip.
    pub value: bool,
}

impl Condition {
    /// Evaluates with the client's (coerced) variables.
    pub fn holds(&self, variable: impl Fn(&str) -> bool) -> bool {
        self.any_of.iter().any(|all| {
            all.iter()
                .all(|literal| variable(&literal.variable) == literal.value)
        })
    }
}
