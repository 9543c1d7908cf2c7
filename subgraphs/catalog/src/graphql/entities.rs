//! Federation: products, variants and categories by their keys. Carts and orders ask for hundreds of variants at once.

use async_graphql::{Context, ID, Object, Result};
use lavka_kit::ids::Id;

use super::load::{Key, Loaders};
use super::nodes::{Category, Product, Variant, may_see};

#[derive(Default)]
pub struct Entities;

#[Object]
impl Entities {
    #[graphql(entity)]
    async fn product_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Product>> {
        match Id::parse(&id) {
            Some(id) => product(ctx, Key::Id(id)).await,
            None => Ok(None),
        }
    }

    #[graphql(entity)]
    async fn product_by_slug(&self, ctx: &Context<'_>, slug: String) -> Result<Option<Product>> {
        product(ctx, Key::Slug(slug)).await
    }

    #[graphql(entity)]
    async fn variant_by_sku(&self, ctx: &Context<'_>, sku: ID) -> Result<Option<Variant>> {
        variant(ctx, sku.0).await
    }

    #[graphql(entity)]
    async fn category_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Category>> {
        let Some(id) = Id::parse(&id) else { return Ok(None) };
        Ok(Category::find(&Loaders::of(ctx)?.categories().await?, id))
    }
}

pub async fn product(ctx: &Context<'_>, key: Key) -> Result<Option<Product>> {
    let product = Loaders::of(ctx)?.product(key).await?;
    Ok(product.filter(|product| may_see(ctx, product)).map(Product))
}

pub async fn variant(ctx: &Context<'_>, sku: String) -> Result<Option<Variant>> {
    let product = Loaders::of(ctx)?.product(Key::Sku(sku.clone())).await?;
    let product = product.filter(|product| may_see(ctx, product));
    Ok(product.and_then(|product| Variant::find(product, &sku)))
}
