//! What the schemas of all six subgraphs have in common: limits, pages, and their SDL as federation wants it.

mod directives;
mod page;
mod sdl;

use async_graphql::{ObjectType, Schema, SchemaBuilder, SubscriptionType};

pub use directives::authenticated;
pub use page::{Page, PageArgs, PageInfo, decode_cursor, encode_cursor};
pub use sdl::federated_sdl;
pub(crate) use sdl::raw as raw_sdl;

/// The deepest selection that a subgraph answers. The router has its own limits for clients; these are the second wall.
pub const MAX_DEPTH: usize = 24;
/// The most fields that one document may select.
pub const MAX_COMPLEXITY: usize = 2_000;

/// A schema with the limits that every subgraph has, and nothing that tells a stranger about it: no suggestions of
/// names in errors. Introspection is decided by request, see [`crate::subgraph`].
pub fn schema<Q, M, S>(query: Q, mutation: M, subscription: S) -> SchemaBuilder<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    Schema::build(query, mutation, subscription)
        .enable_federation()
        .enable_subscription_in_federation()
        .disable_suggestions()
        .limit_depth(MAX_DEPTH)
        .limit_complexity(MAX_COMPLEXITY)
        .limit_directives(50)
}

/// Declares a Relay connection and its edge: `connection!(/// Orders, newest first. pub OrderConnection, OrderEdge of Order);`
///
/// The connection is made from a [`Page`] by `OrderConnection::of(page)`. A connection with more fields (facets, say)
/// is written by hand.
#[macro_export]
macro_rules! connection {
    ($(#[$doc:meta])* $vis:vis $connection:ident, $edge:ident of $node:ty) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        #[graphql(complex)]
        $vis struct $connection {
            /// The nodes with their cursors.
            edges: Vec<$edge>,
            /// Where this page lies.
            page_info: $crate::graphql::PageInfo,
            /// How many there are on all pages together.
            total_count: i32,
        }

        /// A node and its place in the list.
        #[derive(async_graphql::SimpleObject)]
        $vis struct $edge {
            /// Give it as `after` to get what follows.
            cursor: String,
            /// The node.
            node: $node,
        }

        #[async_graphql::ComplexObject]
        impl $connection {
            /// The nodes alone.
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }
        }

        impl $connection {
            /// The connection of one page.
            $vis fn of(page: $crate::graphql::Page<$node>) -> Self {
                let page_info = page.info();
                let total_count = i32::try_from(page.total).unwrap_or(i32::MAX);
                let edges = page.items.into_iter().map(|(cursor, node)| $edge { cursor, node }).collect();
                Self { edges, page_info, total_count }
            }
        }
    };
}
