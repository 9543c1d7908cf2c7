//! The plans of one document: one for each operation in it and each set of rights that somebody asked with; and where the answer comes in pieces, one for
//! each way in which it does.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use lavka_executor::PreparedPlan;
use lavka_planner::{PlanOptions, Viewer};

use crate::auth::Caller;

/// What of a caller decides which fields a plan may fetch: scopes that the schema never asks for don't count, so
/// that people with the same rights share plans.
pub(super) fn viewer(caller: &Caller, known: &BTreeSet<String>) -> Viewer {
    match caller.identity() {
        None => Viewer::Anonymous,
        // Policies are decided by whoever embeds the router, and there is no port for that yet: none holds.
        Some(identity) => Viewer::SignedIn {
            scopes: identity.scopes.intersection(known).cloned().collect(),
            policies: BTreeSet::new(),
        },
    }
}

/// Few enough to look through one by one.
#[derive(Default)]
pub(crate) struct Plans(Mutex<VecDeque<Entry>>);

struct Entry {
    operation: Option<String>,
    viewer: Viewer,
    deferral: Option<BTreeMap<String, bool>>,
    plan: Arc<PreparedPlan>,
}

impl Plans {
    pub fn get(
        &self,
        operation: Option<&str>,
        viewer: &Viewer,
        deferral: Option<&BTreeMap<String, bool>>,
    ) -> Option<Arc<PreparedPlan>> {
        self.lock()
            .iter()
            .find(|entry| entry.is(operation, viewer, deferral))
            .map(|entry| Arc::clone(&entry.plan))
    }

    /// Keeps a plan that was made with these options; the oldest goes when there are more than `most`.
    pub fn keep(&self, operation: Option<&str>, options: PlanOptions, plan: Arc<PreparedPlan>, most: usize) {
        let PlanOptions { viewer, deferral, .. } = options;
        let mut entries = self.lock();
        entries.retain(|entry| !entry.is(operation, &viewer, deferral.as_ref()));
        entries.push_back(Entry {
            operation: operation.map(str::to_owned),
            viewer,
            deferral,
            plan,
        });
        while entries.len() > most {
            entries.pop_front();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Entry>> {
        // The list is whole between any two statements, so a panic elsewhere can't have broken it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn is(
        &self,
        operation: Option<&str>,
        viewer: &Viewer,
        deferral: Option<&BTreeMap<String, bool>>,
    ) -> bool {
        self.operation.as_deref() == operation && self.viewer == *viewer && self.deferral.as_ref() == deferral
    }
}
