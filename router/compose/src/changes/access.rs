//! Who may see what: clients' schemas don't tell, supergraphs do.

use lavka_supergraph::{Access, Supergraph};

use super::{Change, Found};

/// Supergraphs, whose guards are compared.
pub struct Guarded<'s>(pub &'s Supergraph);

impl Guarded<'_> {
    /// What those who could see something before must now have, or need no longer.
    pub fn changes(&self, new: &Guarded<'_>) -> Vec<Change> {
        let (old, new) = (self.0, new.0);
        let mut found = Found::default();
        let public = Access::default();
        for (name, ty) in old.api_schema().types.iter().filter(|(_, ty)| !ty.is_built_in()) {
            if !new.api_schema().types.contains_key(name) {
                continue;
            }
            let of_type =
                |supergraph: &'_ Supergraph| supergraph.type_access(name).unwrap_or(&public).clone();
            compare(name, &of_type(old), &of_type(new), &mut found);
            if !(ty.is_object() || ty.is_interface()) {
                continue;
            }
            let fields = old.type_model(name).into_iter().flat_map(|model| &model.fields);
            let shown = |field: &&apollo_compiler::Name| old.api_schema().type_field(name, field).is_ok();
            for (field, before) in fields.filter(|(field, _)| shown(field)) {
                if let Some(after) = new.field(name, field) {
                    compare(
                        &format!("{name}.{field}"),
                        &before.access,
                        &after.access,
                        &mut found,
                    );
                }
            }
        }
        let mut changes = found.0;
        changes.sort();
        changes
    }
}

fn compare(coordinate: &str, before: &Access, after: &Access, found: &mut Found) {
    if before == after {
        return;
    }
    let message = format!(
        "{coordinate} needed {} and needs {}",
        needed(before),
        needed(after)
    );
    if allows_no_less(before, after) {
        found.dangerous("ACCESS_LOOSENED", coordinate, message);
    } else {
        found.breaking("ACCESS_TIGHTENED", coordinate, message);
    }
}

/// Whether everybody who was let in still is.
fn allows_no_less(before: &Access, after: &Access) -> bool {
    let still = |before: &[Vec<String>], after: &[Vec<String>]| {
        let enough = |held: &Vec<String>| {
            after
                .iter()
                .any(|asked| asked.iter().all(|one| held.contains(one)))
        };
        after.is_empty() || !before.is_empty() && before.iter().all(enough)
    };
    (before.authenticated || !after.authenticated)
        && still(&before.scopes, &after.scopes)
        && still(&before.policies, &after.policies)
}

fn needed(access: &Access) -> String {
    if access.is_public() {
        return "nothing".to_owned();
    }
    let any_of = |what: &str, sets: &[Vec<String>]| {
        let sets: Vec<String> = sets.iter().map(|all| all.join(" and ")).collect();
        format!("{what} {}", sets.join(", or "))
    };
    let mut parts = Vec::new();
    if !access.scopes.is_empty() {
        parts.push(any_of("the scopes", &access.scopes));
    }
    if !access.policies.is_empty() {
        parts.push(any_of("the policies", &access.policies));
    }
    if parts.is_empty() {
        parts.push("somebody signed in".to_owned());
    }
    parts.join("; ")
}
