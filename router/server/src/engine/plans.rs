//! The plans of one document: one for each operation in it and everything else that a plan depends on: the rights that somebody asked with, the overrides that
//! were on, the way in which the answer comes in pieces.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use lavka_executor::PreparedPlan;
use lavka_planner::{PlanOptions, Viewer};

use crate::auth::Caller;

/// The scopes and the policies that the schema asks for anywhere.
pub(super) struct Rights {
    pub scopes: BTreeSet<String>,
    pub policies: BTreeSet<String>,
}

impl Rights {
    /// What of a caller decides which fields a plan may fetch: what the schema never asks for doesn't count, so
    /// that people with the same rights share plans.
    pub fn viewer(&self, caller: &Caller) -> Viewer {
        match caller.identity() {
            None => Viewer::Anonymous,
            Some(identity) => Viewer::SignedIn {
                scopes: identity.scopes.intersection(&self.scopes).cloned().collect(),
                policies: identity.policies.intersection(&self.policies).cloned().collect(),
            },
        }
    }
}

/// Few enough to look through one by one.
#[derive(Default)]
pub(crate) struct Plans(Mutex<VecDeque<Entry>>);

struct Entry {
    operation: Option<String>,
    options: PlanOptions,
    plan: Arc<PreparedPlan>,
}

impl Plans {
    pub fn get(&self, operation: Option<&str>, options: &PlanOptions) -> Option<Arc<PreparedPlan>> {
        self.lock()
            .iter()
            .find(|entry| entry.is(operation, options))
            .map(|entry| Arc::clone(&entry.plan))
    }

    /// Keeps a plan that was made with these options; the oldest goes when there are more than `most`.
    pub fn keep(&self, operation: Option<&str>, options: PlanOptions, plan: Arc<PreparedPlan>, most: usize) {
        let mut entries = self.lock();
        entries.retain(|entry| !entry.is(operation, &options));
        entries.push_back(Entry {
            operation: operation.map(str::to_owned),
            options,
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
    fn is(&self, operation: Option<&str>, options: &PlanOptions) -> bool {
        self.operation.as_deref() == operation && self.options == *options
    }
}
