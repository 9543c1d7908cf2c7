//! What shoppers ask the catalogue.

use async_graphql::{Context, ID, Object, Result};
use lavka_kit::{
    caller::{Scope, locale, require_scope},
    errors::invalid,
    graphql::PageArgs,
    ids::Id,
};

use super::entities::{product, variant};
use super::load::{Key, Loaders};
use super::nodes::{Category, Product, Variant};
use super::products::{ProductConnection, ProductFilter, ProductSort};
use crate::catalog::Catalog;
use crate::search::{Cursor, Listing};

const PAGE: usize = 24;
const SUGGESTIONS: usize = 8;
const SUGGESTIONS_MAX: usize = 20;

#[derive(Default)]
pub struct CatalogQuery;

#[Object]
impl CatalogQuery {
    /// A product by its id or its slug: one of the two.
    async fn product(
        &self,
        ctx: &Context<'_>,
        id: Option<ID>,
        slug: Option<String>,
    ) -> Result<Option<Product>> {
        match (id, slug) {
            (Some(id), None) => match Id::parse(&id) {
                Some(id) => product(ctx, Key::Id(id)).await,
                None => Ok(None),
            },
            (None, Some(slug)) => product(ctx, Key::Slug(slug)).await,
            _ => Err(invalid("give either `id` or `slug`")),
        }
    }

    async fn variant(&self, ctx: &Context<'_>, sku: ID) -> Result<Option<Variant>> {
        variant(ctx, sku.0).await
    }

    /// The shop's products: searched, filtered, sorted, a page at a time.
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Words in Russian or English, in any form; a typo is forgiven, and the last word may be half typed."
        )]
        search: Option<String>,
        filter: Option<ProductFilter>,
        #[graphql(default_with = "Some(ProductSort::Relevance)")] sort: Option<ProductSort>,
        #[graphql(default = 24, desc = "At most 100.")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<ProductConnection> {
        let catalog = ctx.data::<Catalog>()?;
        let page = PageArgs::new(first, after, PAGE, PageArgs::MAX)?;
        let sort = sort.unwrap_or(ProductSort::Relevance).into();
        let after = page
            .after
            .as_deref()
            .map(|after| Cursor::read(after, sort))
            .transpose();
        let after = after.map_err(|refused| invalid(refused.to_string()))?;
        let selection = filter.unwrap_or_default().selection(catalog.currency)?;
        if !selection.published {
            require_scope(ctx, Scope::CATALOG_WRITE)?;
        }
        let loaders = Loaders::of(ctx)?;
        let categories = loaders.categories().await?;
        let wanted = |name: &str| ctx.look_ahead().field(name).exists();
        let listed = catalog.finder.list(&Listing {
            search: search.as_deref(),
            selection: &selection,
            sort,
            first: page.first,
            after: after.as_ref(),
            locale: locale(ctx),
            categories: &categories,
            facets: wanted("facets") || wanted("priceRange"),
        })?;
        ProductConnection::of(listed, catalog).await
    }

    /// What somebody who has typed this may mean: titles and brands.
    async fn suggestions(
        &self,
        ctx: &Context<'_>,
        prefix: String,
        #[graphql(default = 8, desc = "At most 20.")] first: Option<i32>,
    ) -> Result<Vec<String>> {
        let page = PageArgs::new(first, None, SUGGESTIONS, SUGGESTIONS_MAX)?;
        Ok(ctx
            .data::<Catalog>()?
            .finder
            .suggest(&prefix, locale(ctx), page.first))
    }

    /// The categories without a parent, in the shop's order; the others are their children.
    async fn categories(&self, ctx: &Context<'_>) -> Result<Vec<Category>> {
        Ok(Category::roots(&Loaders::of(ctx)?.categories().await?))
    }

    async fn category(&self, ctx: &Context<'_>, slug: String) -> Result<Option<Category>> {
        let tree = Loaders::of(ctx)?.categories().await?;
        Ok(tree
            .by_slug(&slug)
            .and_then(|category| Category::find(&tree, category.id)))
    }
}
