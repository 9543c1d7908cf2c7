//! The schema: what `api.graphql` shows for the catalogue, and what only services ask for.

mod entities;
mod load;
mod mutation;
mod nodes;
mod payload;
mod products;
mod query;

use async_graphql::{EmptySubscription, MergedObject, Schema};

use crate::catalog::Catalog;

#[derive(MergedObject, Default)]
pub struct Query(query::CatalogQuery, entities::Entities);

pub type CatalogSchema = Schema<Query, mutation::Mutation, EmptySubscription>;

pub fn schema(catalog: Catalog) -> CatalogSchema {
    lavka_kit::graphql::schema(Query::default(), mutation::Mutation, EmptySubscription)
        .extension(load::LoadersForEachRequest(catalog.clone()))
        .data(catalog)
        .finish()
}

#[cfg(test)]
mod tests;
