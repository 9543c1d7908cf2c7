//! Save a product: a new one, or the next version of one that is there.
//!
//! The document, its slug and skus and the event that tells of it are one transaction of the store. The search follows on this
//! replica before the answer is given, so that staff find what they saved; on the others by the event.

use std::sync::Arc;

use lavka_kit::{events::catalog::ProductSaved, ids::Id};

use super::draft::{Draft, SaveProductInput};
use super::refusal::{ProductErrorCode as Code, Refusal, Refused};
use crate::catalog::{Catalog, CatalogError};
use crate::domain::{CategoryTree, Product};
use crate::store::{Outcome, Write};

/// So often an update without a `version` is tried on the newest one, and so many numbers are tried behind a slug that
/// was made from a title.
const TRIES: usize = 5;
const SLUGS: usize = 20;

/// A product that may be saved, if the store agrees.
pub(super) struct Candidate {
    pub product: Product,
    pub replaces: Option<i64>,
    /// The slug was made here, so another may be made when it is taken.
    slug_is_made: bool,
}

impl Catalog {
    pub async fn save_product(&self, input: &SaveProductInput) -> Result<Refused<Product>, CatalogError> {
        let categories = Arc::new(self.categories().await?);
        let draft = match Draft::check(input, self.currency) {
            Ok(draft) => draft,
            Err(wrong) => return Ok(Err(wrong)),
        };
        for _ in 0..TRIES {
            let known = match &input.id {
                None => None,
                Some(id) => match Id::parse(id) {
                    Some(id) => match self.product(id).await? {
                        Some(known) => Some(known),
                        None => return Ok(Err(vec![not_found()])),
                    },
                    None => return Ok(Err(vec![not_found()])),
                },
            };
            let candidate = match self.candidate(input, &draft, known.as_ref(), &categories) {
                Ok(candidate) => candidate,
                Err(wrong) => return Ok(Err(wrong)),
            };
            match self.save_candidates(vec![candidate], &categories).await?.pop() {
                Some(Written::Saved(product)) => return Ok(Ok(*product)),
                Some(Written::Refused(refusal)) => return Ok(Err(vec![refusal])),
                // Saved by somebody else in between: look again.
                Some(Written::Stale) | None => {}
            }
        }
        Err(CatalogError::Contended(
            input.id.as_ref().and_then(Id::parse).unwrap_or(Id::from_u128(0)),
        ))
    }

    /// The next version of a known product, or the first of a new one. Asks nobody.
    pub(super) fn candidate(
        &self,
        input: &SaveProductInput,
        draft: &Draft,
        known: Option<&Product>,
        categories: &CategoryTree,
    ) -> Refused<Candidate> {
        if let (Some(edited), Some(known)) = (input.version, known)
            && i64::from(edited) != known.version
        {
            return Err(vec![Refusal::new(
                Code::VersionConflict,
                &["version"],
                "Товар тем временем изменили. Откройте его заново",
                "The product was changed meanwhile. Open it again",
            )]);
        }
        let Some(category) = categories.named(&input.category) else {
            return Err(vec![Refusal::new(
                Code::CategoryUnknown,
                &["category"],
                "Такой категории нет",
                "There is no such category",
            )]);
        };
        let now = self.clock.now();
        let id = known.map_or_else(|| self.ids.next(), |known| known.id);
        let chosen = draft
            .slug
            .clone()
            .or_else(|| known.map(|known| known.slug.clone()));
        let slug_is_made = chosen.is_none();
        // A title in signs alone gives no slug; the id always does.
        let slug = chosen
            .or_else(|| draft.slug_of_title())
            .unwrap_or_else(|| id.to_string());
        let product = Product {
            id,
            slug,
            title: draft.title.clone(),
            description: kept(&draft.description, known, |known| &known.description),
            brand: kept(&draft.brand, known, |known| &known.brand),
            category: category.id,
            attributes: kept(&draft.attributes, known, |known| &known.attributes),
            images: kept(&draft.images, known, |known| &known.images),
            variants: draft.variants.clone(),
            is_published: input.is_published.unwrap_or(true),
            created_at: known.map_or(now, |known| known.created_at),
            updated_at: now,
            version: known.map_or(1, |known| known.version + 1),
        };
        Ok(Candidate {
            product,
            replaces: known.map(|known| known.version),
            slug_is_made,
        })
    }

    /// Saves what can be saved, each on its own, and shows it.
    pub(super) async fn save_candidates(
        &self,
        mut candidates: Vec<Candidate>,
        categories: &Arc<CategoryTree>,
    ) -> Result<Vec<Written>, CatalogError> {
        let bases: Vec<String> = candidates
            .iter()
            .map(|candidate| candidate.product.slug.clone())
            .collect();
        let mut results: Vec<Option<Written>> = candidates.iter().map(|_| None).collect();
        let mut open: Vec<usize> = (0..candidates.len()).collect();
        let mut saved = Vec::new();
        for round in 1..=SLUGS {
            if open.is_empty() {
                break;
            }
            let writes = open.iter().map(|&at| self.write_of(&candidates[at]));
            let writes = writes.collect::<Result<Vec<_>, _>>()?;
            let outcomes = self.store.save_products(&writes).await?;
            let mut again = Vec::new();
            for ((&at, outcome), write) in open.iter().zip(outcomes).zip(writes) {
                results[at] = Some(match outcome {
                    Outcome::Saved => {
                        saved.push(write.document.clone());
                        Written::Saved(Box::new(write.document))
                    }
                    Outcome::SlugTaken => {
                        if candidates[at].slug_is_made && round < SLUGS {
                            candidates[at].product.slug = format!("{}-{}", bases[at], round + 1);
                            again.push(at);
                        }
                        Written::Refused(slug_taken())
                    }
                    Outcome::SkuTaken(sku) => Written::Refused(sku_taken(&write.document, &sku)),
                    Outcome::Stale => Written::Stale,
                });
            }
            open = again;
        }
        if !saved.is_empty()
            && let Err(error) = self.show(saved, categories.clone()).await
        {
            // It is saved all the same; the event will have every replica try again.
            tracing::error!(
                error = lavka_kit::errors::chain(&error),
                "saved products can't be found yet"
            );
        }
        Ok(results
            .into_iter()
            .map(|result| result.unwrap_or(Written::Stale))
            .collect())
    }

    fn write_of(&self, candidate: &Candidate) -> Result<Write<Product>, CatalogError> {
        let product = &candidate.product;
        let news = ProductSaved {
            product_id: product.id,
            slug: product.slug.clone(),
            version: product.version,
            skus: product.skus(),
        };
        let event = self.event(product.id, &news)?;
        Ok(Write {
            document: product.clone(),
            replaces: candidate.replaces,
            event,
        })
    }
}

/// What became of a candidate.
pub(super) enum Written {
    Saved(Box<Product>),
    Refused(Refusal<Code>),
    Stale,
}

fn kept<T: Clone + Default>(given: &Option<T>, known: Option<&Product>, of: impl Fn(&Product) -> &T) -> T {
    given
        .clone()
        .or_else(|| known.map(|known| of(known).clone()))
        .unwrap_or_default()
}

pub(super) fn not_found() -> Refusal<Code> {
    Refusal::new(
        Code::ProductNotFound,
        &["id"],
        "Такого товара нет",
        "There is no such product",
    )
}

fn slug_taken() -> Refusal<Code> {
    Refusal::new(
        Code::SlugTaken,
        &["slug"],
        "Этот адрес уже занят другим товаром",
        "Another product has this slug",
    )
}

fn sku_taken(product: &Product, sku: &str) -> Refusal<Code> {
    let at = product
        .variants
        .iter()
        .position(|variant| variant.sku == sku)
        .unwrap_or_default();
    Refusal::new(
        Code::SkuTaken,
        &["variants", &at.to_string(), "sku"],
        "Этот артикул уже есть у другого товара",
        "Another product has this sku",
    )
}
