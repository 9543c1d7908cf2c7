//! `@requires` and `@fromContext` reach for other fields on behalf of whoever asks: he must be allowed to see these too.

use apollo_compiler::Name;
use apollo_compiler::executable::{Selection, SelectionSet};

use crate::error::{Code, CompositionError};
use crate::merged::{Merged, MergedType};
use crate::model::{Alternatives, Marks, SubgraphModel};

pub(super) fn check(merged: &Merged, subgraphs: &[SubgraphModel]) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    for subgraph in subgraphs {
        for ty in subgraph.types.values() {
            let Some(known) = merged.types.get(&ty.name) else {
                continue;
            };
            let fields = ty
                .composite()
                .into_iter()
                .flat_map(|composite| composite.fields.values());
            for field in fields {
                if !field.is_told_of_others() {
                    continue;
                }
                let own = known
                    .composite()
                    .and_then(|composite| composite.fields.get(&field.name));
                let held: Vec<&Marks> = [Some(&known.marks), own.map(|own| &own.marks)]
                    .into_iter()
                    .flatten()
                    .collect();
                let check = Check { merged, held: &held };
                let coordinate = format!("{}.{}", ty.name, field.name);
                let from_contexts = field.arguments.values().filter_map(|one| one.context.as_ref());
                let lacking_of_contexts = from_contexts.filter_map(|from| {
                    let lacking = check.lacking_of(&from.named(&subgraph.types))?;
                    Some((format!("takes \"{}\" from a context", from.selection), lacking))
                });
                let lacking_of_requires = field.requires.iter().filter_map(|requires| {
                    let lacking = check.lacking(&requires.selection)?;
                    Some((format!("@requires(fields: \"{requires}\")"), lacking))
                });
                for (what, lacking) in lacking_of_requires.chain(lacking_of_contexts) {
                    let message = format!(
                        "{coordinate} {what}, and {lacking} is guarded more than {coordinate} is: who may not see the one would learn of it \
                         by the other"
                    );
                    errors.push(
                        CompositionError::new(Code::MissingTransitiveAuthRequirements, message)
                            .at(subgraph.place(coordinate.as_str(), field.position))
                            .hint(format!("repeat what guards {lacking} (@authenticated, @requiresScopes, @policy) on the field")),
                    );
                }
            }
        }
    }
    errors
}

struct Check<'a> {
    merged: &'a Merged,
    /// What who asks for the field has been asked for.
    held: &'a [&'a Marks],
}

impl Check<'_> {
    /// The first element of a selection that asks for more than is held.
    fn lacking(&self, set: &SelectionSet) -> Option<String> {
        let of_type = self.merged.types.get(&set.ty);
        if let Some(ty) = of_type.filter(|ty| !self.allows(&ty.marks)) {
            return Some(ty.name.to_string());
        }
        set.selections.iter().find_map(|selection| match selection {
            Selection::Field(field) => {
                let marks = |ty: &MergedType| Some(ty.composite()?.fields.get(&field.name)?.marks.clone());
                let guarded = of_type.and_then(marks).is_some_and(|marks| !self.allows(&marks));
                let value = self.merged.types.get(field.definition.ty.inner_named_type());
                if guarded || value.is_some_and(|ty| !self.allows(&ty.marks)) {
                    return Some(format!("{}.{}", set.ty, field.name));
                }
                if field.selection_set.selections.is_empty() {
                    return None;
                }
                self.lacking(&field.selection_set)
            }
            Selection::InlineFragment(fragment) => self.lacking(&fragment.selection_set),
            Selection::FragmentSpread(_) => None,
        })
    }

    /// The first of some fields, by type, that asks for more than is held.
    fn lacking_of(&self, named: &[(Name, Name)]) -> Option<String> {
        named.iter().find_map(|(ty, name)| {
            let of_type = self.merged.types.get(ty)?;
            if !self.allows(&of_type.marks) {
                return Some(ty.to_string());
            }
            let field = of_type.composite()?.fields.get(name)?;
            let value = self.merged.types.get(field.ty.inner_named_type());
            let is_guarded = !self.allows(&field.marks) || value.is_some_and(|ty| !self.allows(&ty.marks));
            is_guarded.then(|| format!("{ty}.{name}"))
        })
    }

    fn allows(&self, asked: &Marks) -> bool {
        let authenticated = self
            .held
            .iter()
            .any(|held| held.authenticated || held.scopes.is_some() || held.policies.is_some());
        (!asked.authenticated || authenticated)
            && self.covers(asked.scopes.as_ref(), |held| held.scopes.as_ref())
            && self.covers(asked.policies.as_ref(), |held| held.policies.as_ref())
    }

    /// Whether every alternative that lets somebody in here lets him in there.
    fn covers(&self, asked: Option<&Alternatives>, of: fn(&Marks) -> Option<&Alternatives>) -> bool {
        let Some(asked) = asked else { return true };
        self.held.iter().filter_map(|held| of(held)).any(|held| {
            held.iter()
                .all(|one| asked.iter().any(|enough| enough.is_subset(one)))
        })
    }
}
