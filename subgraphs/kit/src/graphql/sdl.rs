//! A schema's SDL as federation wants it.
//!
//! async-graphql prints its federation import without `@authenticated`, which it doesn't know; ours is declared as an
//! ordinary directive. Here its definition is taken out and its name put into the import, which makes it federation's own.
//! The definitions of GraphQL's built-in directives go too: every reader knows them.

use async_graphql::{ObjectType, SDLExportOptions, Schema, SubscriptionType};

/// The SDL for composition.
pub fn federated_sdl<Q, M, S>(schema: &Schema<Q, M, S>) -> String
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    federated(&raw(schema))
}

/// What `_service { sdl }` would answer by itself.
pub(crate) fn raw<Q, M, S>(schema: &Schema<Q, M, S>) -> String
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    schema.sdl_with_options(SDLExportOptions::new().federation().compose_directive())
}

const BUILT_IN: [&str; 5] = ["include", "skip", "deprecated", "specifiedBy", "oneOf"];

fn federated(raw: &str) -> String {
    let mut sdl = String::with_capacity(raw.len());
    // A definition's description stands before it; it is held back until we know whose it is.
    let mut held = String::new();
    let mut in_description = false;
    for line in raw.lines() {
        let quotes = line.matches("\"\"\"").count();
        let top_level = !line.starts_with([' ', '\t']);
        if in_description || (top_level && quotes > 0) {
            held.push_str(line);
            held.push('\n');
            if quotes == 1 {
                in_description = !in_description;
            }
            continue;
        }
        let description = std::mem::take(&mut held);
        let directive = line.strip_prefix("directive @").map(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric())
                .next()
                .unwrap_or_default()
        });
        if directive.is_some_and(|name| name == "authenticated" || BUILT_IN.contains(&name)) {
            continue;
        }
        sdl.push_str(&description);
        if line.contains("import: [\"@key\"") {
            sdl.push_str(&line.replace("\"@requiresScopes\"]", "\"@requiresScopes\", \"@authenticated\"]"));
        } else {
            sdl.push_str(line);
        }
        sdl.push('\n');
    }
    sdl.push_str(&held);
    sdl
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Object, SimpleObject};

    use super::*;
    use crate::graphql::{PageInfo, authenticated};
    use crate::money::{Currency, Money};

    #[derive(SimpleObject)]
    struct Thing {
        id: async_graphql::ID,
        /// Not for everybody.
        #[graphql(directive = authenticated::apply(), inaccessible)]
        secret: String,
        #[graphql(deprecation = "use `price`")]
        cost: Money,
        #[graphql(requires_scopes = "things:read")]
        price: Money,
    }

    crate::connection!(
        /// Things.
        ThingConnection, ThingEdge of Thing
    );

    struct Query;

    #[Object]
    impl Query {
        /// A thing.
        #[graphql(directive = authenticated::apply())]
        async fn thing(&self, id: async_graphql::ID) -> Option<Thing> {
            let price = Money::zero(Currency::Rub);
            Some(Thing {
                secret: id.to_string(),
                id,
                price,
                cost: price,
            })
        }

        async fn things(&self) -> ThingConnection {
            let args = crate::graphql::PageArgs {
                first: 1,
                after: None,
            };
            ThingConnection::of(crate::graphql::Page::of(&args, Vec::new(), 0, |_| String::new()))
        }

        async fn page(&self) -> PageInfo {
            PageInfo::default()
        }

        #[graphql(entity)]
        async fn find_thing(&self, id: async_graphql::ID) -> Option<Thing> {
            let price = Money::zero(Currency::Rub);
            Some(Thing {
                secret: id.to_string(),
                id,
                price,
                cost: price,
            })
        }
    }

    #[test]
    fn authenticated_becomes_federations_own() {
        let schema = crate::graphql::schema(Query, EmptyMutation, EmptySubscription).finish();
        insta::assert_snapshot!(federated_sdl(&schema));
    }
}
