//! Staff at work. The scope stands in the schema for the router and is asked again here: a network is not a wall.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use lavka_kit::{
    caller::{Scope, locale, require_scope},
    ids::Id,
};

use super::nodes::{Category, Product};
use super::payload::{
    CategoryError, CategoryPayload, DeleteProductPayload, ImportProductsPayload, ProductError, ProductPayload,
};
use crate::catalog::Catalog;
use crate::edit::{Existing, SaveCategoryInput, SaveProductInput};

#[derive(InputObject)]
pub struct DeleteProductInput {
    id: ID,
}

#[derive(InputObject)]
pub struct ImportProductsInput {
    /// A `SaveProductInput` a line, as JSON. What is more than a request may carry goes through `lavka catalog import FILE`.
    json_lines: String,
}

pub struct Mutation;

#[Object]
impl Mutation {
    /// Staff: a new product, or (with `id`) the next version of one that is there.
    #[graphql(requires_scopes = "catalog:write")]
    async fn save_product(&self, ctx: &Context<'_>, input: SaveProductInput) -> Result<ProductPayload> {
        require_scope(ctx, Scope::CATALOG_WRITE)?;
        Ok(match ctx.data::<Catalog>()?.save_product(&input).await? {
            Ok(product) => ProductPayload {
                product: Some(Product(Arc::new(product))),
                user_errors: Vec::new(),
            },
            Err(wrong) => ProductPayload {
                product: None,
                user_errors: ProductError::all(wrong, locale(ctx)),
            },
        })
    }

    /// Staff: takes a product out for good. To hide one, save it with `isPublished: false`.
    #[graphql(requires_scopes = "catalog:write")]
    async fn delete_product(
        &self,
        ctx: &Context<'_>,
        input: DeleteProductInput,
    ) -> Result<DeleteProductPayload> {
        require_scope(ctx, Scope::CATALOG_WRITE)?;
        Ok(
            match ctx
                .data::<Catalog>()?
                .delete_product(Id::parse(&input.id))
                .await?
            {
                Ok(id) => DeleteProductPayload {
                    deleted_id: Some(id.into()),
                    user_errors: Vec::new(),
                },
                Err(wrong) => DeleteProductPayload {
                    deleted_id: None,
                    user_errors: ProductError::all(wrong, locale(ctx)),
                },
            },
        )
    }

    /// Staff: saves a product for each line. A bad line is named and the good ones stand.
    #[graphql(requires_scopes = "catalog:write")]
    async fn import_products(
        &self,
        ctx: &Context<'_>,
        input: ImportProductsInput,
    ) -> Result<ImportProductsPayload> {
        require_scope(ctx, Scope::CATALOG_WRITE)?;
        let lines = input.json_lines.lines().map(|line| Ok(line.to_owned()));
        let report = ctx
            .data::<Catalog>()?
            .import_products(lines, Existing::Refuse, locale(ctx))
            .await?;
        Ok(report.into())
    }

    /// Staff: a new category, or (with `id`) a change of one that is there.
    #[graphql(requires_scopes = "catalog:write")]
    async fn save_category(&self, ctx: &Context<'_>, input: SaveCategoryInput) -> Result<CategoryPayload> {
        require_scope(ctx, Scope::CATALOG_WRITE)?;
        let catalog = ctx.data::<Catalog>()?;
        Ok(match catalog.save_category(&input).await? {
            Ok(category) => {
                // Read anew: the request may have read the tree as it was before.
                let tree = Arc::new(catalog.categories().await?);
                CategoryPayload {
                    category: Category::find(&tree, category.id),
                    user_errors: Vec::new(),
                }
            }
            Err(wrong) => CategoryPayload {
                category: None,
                user_errors: CategoryError::all(wrong, locale(ctx)),
            },
        })
    }
}
