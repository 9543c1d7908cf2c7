//! What a plan depends on besides the operation.

use std::collections::{BTreeMap, BTreeSet};

/// Everything besides supergraph and operation that a plan depends on: equal options give equal plans, so that a cache may use them as part of its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlanOptions {
    /// Who asks.
    pub viewer: Viewer,
    /// The labels of progressive overrides that are on.
    pub labels: BTreeSet<String>,
    /// Whether `@defer` splits the answer. If so, the plan is made for these values of the boolean variables in `@skip`, `@include` and `@defer`: which
    /// fields are deferred depends on which of their selections there are. A variable without a value counts as false.
    pub deferral: Option<BTreeMap<String, bool>>,
    /// How many fields may be nested in each other.
    pub max_depth: usize,
    /// How many fields an operation may select after its fragments are expanded for each type that they may meet.
    pub max_fields: usize,
    /// How many fields all of the plans may visit that are built in search of the cheapest. 0: the first plan is taken.
    pub search_budget: usize,
}

/// What the asking side may see. Give only scopes that [`Supergraph::scopes`](lavka_supergraph::Supergraph::scopes) names (and likewise
/// policies), so that tokens which differ in other scopes share plans.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Nobody is signed in.
    #[default]
    Anonymous,
    /// Somebody is.
    SignedIn {
        /// The scopes held.
        scopes: BTreeSet<String>,
        /// The policies that hold.
        policies: BTreeSet<String>,
    },
    /// Rules don't apply (tests, tools, a router behind another).
    Unrestricted,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            viewer: Viewer::Anonymous,
            labels: BTreeSet::new(),
            deferral: None,
            max_depth: 50,
            max_fields: 20_000,
            search_budget: 200_000,
        }
    }
}
