//! Who may see a type or a field.

use std::collections::BTreeSet;

use apollo_compiler::Name;
use apollo_compiler::ast::{Directive, Value};

/// What `@authenticated`, `@requiresScopes` and `@policy` ask for; all of it must be met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Somebody must be signed in. Also set when scopes or policies are asked for.
    pub authenticated: bool,
    /// Any one of these sets of scopes must be held wholly. Empty: no scope is asked for.
    pub scopes: Vec<Vec<String>>,
    /// Any one of these sets of policies must hold wholly. Empty: no policy is asked for.
    pub policies: Vec<Vec<String>>,
}

/// The local names of the access directives in a document.
#[derive(Debug, Default)]
pub(crate) struct AccessDirectives {
    pub authenticated: Option<Name>,
    pub scopes: Option<Name>,
    pub policy: Option<Name>,
}

impl Access {
    /// Whether anybody may see this.
    pub fn is_public(&self) -> bool {
        !self.authenticated
    }

    /// Whether somebody who is signed in, with these scopes and policies, may see this.
    pub fn allows(&self, scopes: &BTreeSet<String>, policies: &BTreeSet<String>) -> bool {
        let held = |sets: &[Vec<String>], has: &BTreeSet<String>| {
            sets.is_empty() || sets.iter().any(|all| all.iter().all(|one| has.contains(one)))
        };
        held(&self.scopes, scopes) && held(&self.policies, policies)
    }

    pub(crate) fn read<'a>(
        names: &AccessDirectives,
        directives: impl Iterator<Item = &'a Directive>,
    ) -> Self {
        let mut access = Self::default();
        for directive in directives {
            let name = Some(&directive.name);
            if name == names.authenticated.as_ref() {
                access.authenticated = true;
            } else if name == names.scopes.as_ref() {
                access.authenticated = true;
                access.scopes = sets(directive, "scopes");
            } else if name == names.policy.as_ref() {
                access.authenticated = true;
                access.policies = sets(directive, "policies");
            }
        }
        access
    }
}

/// `[["a", "b"], ["c"]]`, with GraphQL's list coercion of a lone value.
fn sets(directive: &Directive, argument: &str) -> Vec<Vec<String>> {
    let Some(value) = directive.specified_argument_by_name(argument) else {
        return Vec::new();
    };
    list(value)
        .map(|set| {
            list(set)
                .filter_map(|one| one.as_str().map(str::to_owned))
                .collect()
        })
        .collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    let (items, single) = match value {
        Value::List(items) => (items.as_slice(), None),
        other => ([].as_slice(), Some(other)),
    };
    items.iter().map(|item| &**item).chain(single)
}
