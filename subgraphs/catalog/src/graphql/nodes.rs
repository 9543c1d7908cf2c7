//! Products, variants and categories as clients see them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use lavka_kit::{
    caller::{Caller, Scope, caller, locale, require_service},
    errors::fault,
    locale::{Locale, Text},
    money::Money,
};
use serde_json::Value;

use super::load::Loaders;
use crate::domain::{self, CategoryTree};

/// What the shop sells, in one or several variants.
#[derive(Clone)]
pub struct Product(pub Arc<domain::Product>);

/// A product in the form in which it is bought: of one size, one colour.
#[derive(Clone)]
pub struct Variant {
    product: Arc<domain::Product>,
    at: usize,
}

/// A place in the shop's order. Its products include those of the categories below it.
#[derive(Clone)]
pub struct Category {
    category: domain::Category,
    tree: Arc<CategoryTree>,
}

/// Something that a lamp has and a book has not.
#[derive(SimpleObject)]
pub struct Attribute {
    /// What filters call it.
    name: String,
    /// What people call it.
    label: String,
    /// true, a number, a text, or a list of those.
    value: Value,
    /// Of a number: "W", "cm".
    unit: Option<String>,
}

/// A picture.
#[derive(SimpleObject)]
pub struct Image {
    /// Relative to the store (`/media/…`), or absolute.
    url: String,
    /// What is to be seen on it.
    alt: String,
}

/// From the cheapest to the dearest variant.
#[derive(SimpleObject)]
pub struct PriceRange {
    pub min: Money,
    pub max: Money,
}

/// Whether the caller may know of this product: unpublished ones exist for staff and services only.
pub fn may_see(ctx: &Context<'_>, product: &domain::Product) -> bool {
    product.is_published || sees_all(caller(ctx))
}

fn sees_all(caller: &Caller) -> bool {
    caller.is_service() || caller.has_scope(Scope::CATALOG_WRITE)
}

#[Object]
impl Product {
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Its name in addresses.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    async fn title(&self, ctx: &Context<'_>) -> &str {
        self.0.title.get(locale(ctx))
    }

    async fn description(&self, ctx: &Context<'_>) -> &str {
        self.0.description.get(locale(ctx))
    }

    /// The title in each language: what staff edit.
    async fn titles(&self) -> Texts {
        Texts::of(&self.0.title)
    }

    /// The description in each language: what staff edit.
    async fn descriptions(&self) -> Texts {
        Texts::of(&self.0.description)
    }

    async fn brand(&self) -> Option<&str> {
        self.0.brand.as_deref()
    }

    async fn category(&self, ctx: &Context<'_>) -> Result<Category> {
        let tree = Loaders::of(ctx)?.categories().await?;
        Category::find(&tree, self.0.category).ok_or_else(|| fault(NoCategory(self.0.id, self.0.category)))
    }

    /// What all its variants have in common.
    async fn attributes(&self, ctx: &Context<'_>) -> Vec<Attribute> {
        attributes(&self.0.attributes, locale(ctx))
    }

    async fn images(&self, ctx: &Context<'_>) -> Vec<Image> {
        let images = self.0.images.iter();
        images
            .map(|image| Image {
                url: image.url.clone(),
                alt: image.alt.get(locale(ctx)).to_owned(),
            })
            .collect()
    }

    async fn variants(&self) -> Vec<Variant> {
        (0..self.0.variants.len())
            .map(|at| Variant {
                product: self.0.clone(),
                at,
            })
            .collect()
    }

    async fn price_range(&self) -> Result<PriceRange> {
        let (min, max) = self.0.price_range().ok_or_else(|| fault(NoVariants(self.0.id)))?;
        Ok(PriceRange { min, max })
    }

    /// Whether shoppers can see it.
    async fn is_published(&self) -> bool {
        self.0.is_published
    }

    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Counts the saves: give it to `saveProduct` so as not to overwrite somebody else's.
    async fn version(&self) -> i32 {
        i32::try_from(self.0.version).unwrap_or(i32::MAX)
    }
}

#[Object]
impl Variant {
    pub async fn sku(&self) -> ID {
        ID(self.variant().sku.clone())
    }

    /// What tells it from the product's other variants; the product's title when it is the only one.
    async fn title(&self, ctx: &Context<'_>) -> &str {
        match &self.variant().title {
            title if title.is_empty() => self.product.title.get(locale(ctx)),
            title => title.get(locale(ctx)),
        }
    }

    async fn price(&self) -> Money {
        self.variant().price
    }

    /// What it cost before, if it is cheaper now.
    async fn compare_at_price(&self) -> Option<Money> {
        self.variant().compare_at_price
    }

    /// What this variant has and others have otherwise: its colour, its size.
    async fn attributes(&self, ctx: &Context<'_>) -> Vec<Attribute> {
        attributes(&self.variant().attributes, locale(ctx))
    }

    async fn product(&self) -> Product {
        Product(self.product.clone())
    }

    /// For services: whether it may be put into a cart and ordered. The stock is another question.
    #[graphql(inaccessible)]
    async fn orderable(&self, ctx: &Context<'_>) -> Result<bool> {
        require_service(ctx)?;
        Ok(self.product.is_published)
    }
}

#[Object]
impl Category {
    async fn id(&self) -> ID {
        self.category.id.into()
    }

    /// Its name in addresses and filters.
    async fn slug(&self) -> &str {
        &self.category.slug
    }

    async fn title(&self, ctx: &Context<'_>) -> &str {
        self.category.title.get(locale(ctx))
    }

    async fn parent(&self) -> Option<Category> {
        Category::find(&self.tree, self.category.parent?)
    }

    async fn children(&self) -> Vec<Category> {
        let children = self.tree.children(self.category.id);
        children
            .map(|child| Category {
                category: child.clone(),
                tree: self.tree.clone(),
            })
            .collect()
    }
}

impl Category {
    pub fn find(tree: &Arc<CategoryTree>, id: lavka_kit::ids::Id) -> Option<Category> {
        Some(Category {
            category: tree.get(id)?.clone(),
            tree: tree.clone(),
        })
    }

    pub fn roots(tree: &Arc<CategoryTree>) -> Vec<Category> {
        tree.roots()
            .map(|root| Category {
                category: root.clone(),
                tree: tree.clone(),
            })
            .collect()
    }
}

impl Variant {
    pub fn find(product: Arc<domain::Product>, sku: &str) -> Option<Variant> {
        let at = product.variants.iter().position(|variant| variant.sku == sku)?;
        Some(Variant { product, at })
    }

    fn variant(&self) -> &domain::Variant {
        &self.product.variants[self.at]
    }
}

/// A text in each of its languages.
#[derive(SimpleObject)]
pub struct Texts {
    ru: Option<String>,
    en: Option<String>,
}

impl Texts {
    fn of(text: &Text) -> Texts {
        Texts {
            ru: text.ru.clone(),
            en: text.en.clone(),
        }
    }
}

fn attributes(attributes: &[domain::Attribute], locale: Locale) -> Vec<Attribute> {
    let shown = attributes.iter().map(|attribute| Attribute {
        name: attribute.name.clone(),
        label: match &attribute.label {
            label if label.is_empty() => attribute.name.clone(),
            label => label.get(locale).to_owned(),
        },
        value: attribute.value.to_json(locale),
        unit: attribute.unit.clone(),
    });
    shown.collect()
}

#[derive(Debug, thiserror::Error)]
#[error("product {0} is in category {1}, which is not there")]
struct NoCategory(lavka_kit::ids::Id, lavka_kit::ids::Id);

#[derive(Debug, thiserror::Error)]
#[error("product {0} has no variants")]
struct NoVariants(lavka_kit::ids::Id);
