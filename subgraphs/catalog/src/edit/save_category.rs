//! Save a category: a new one, or another title, slug, parent or place of one that is there. The contract with clients names no
//! way for categories to come to be; this is it, for staff and for the demo data.

use std::sync::Arc;

use async_graphql::{ID, InputObject};
use lavka_kit::{events::catalog::CategorySaved, ids::Id, locale::Text};
use serde::Deserialize;

use super::draft::TextInput;
use super::refusal::{CategoryErrorCode as Code, Refusal, Refused};
use crate::catalog::{Catalog, CatalogError};
use crate::domain::{Category, CategoryTree, DEPTH_MAX, is_slug, slug_from};
use crate::store::{Keys, Outcome, Write};

const TITLE_MAX: usize = 300;
const TRIES: usize = 5;

/// A category as it shall be. In an update (with `id`) an absent slug or position stays; an absent parent makes it a root.
#[derive(Clone, Debug, InputObject, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveCategoryInput {
    /// Absent: a new category.
    pub id: Option<ID>,
    /// Its name in addresses and filters; made from the title when absent.
    pub slug: Option<String>,
    pub title: TextInput,
    /// The slug or id of the category above.
    pub parent: Option<String>,
    /// Where it stands among its siblings, from 0; equal ones stand by slug.
    pub position: Option<i32>,
}

impl Catalog {
    pub async fn save_category(
        &self,
        input: &SaveCategoryInput,
    ) -> Result<Refused<Category, Code>, CatalogError> {
        for _ in 0..TRIES {
            let categories = self.categories().await?;
            let (category, replaces) = match self.category_of(input, &categories) {
                Ok(category) => category,
                Err(wrong) => return Ok(Err(wrong)),
            };
            let news = CategorySaved {
                category_id: category.id,
                slug: category.slug.clone(),
                version: category.version,
            };
            let event = self.event(category.id, &news)?;
            let write = Write {
                document: category,
                replaces,
                event,
            };
            match self.store.save_category(&write).await? {
                Outcome::Saved => {
                    self.recent.forget_categories();
                    if replaces.is_some()
                        && let Err(error) = self.category_changed(write.document.id).await
                    {
                        tracing::error!(
                            error = lavka_kit::errors::chain(&error),
                            "products keep an old category title"
                        );
                    }
                    return Ok(Ok(write.document));
                }
                Outcome::SlugTaken | Outcome::SkuTaken(_) => {
                    return refuse(
                        Code::SlugTaken,
                        "slug",
                        "Этот адрес уже занят",
                        "Another category has this slug",
                    );
                }
                // Somebody else saved it in between: look again.
                Outcome::Stale => {}
            }
        }
        Err(CatalogError::Contended(
            input.id.as_ref().and_then(Id::parse).unwrap_or(Id::from_u128(0)),
        ))
    }

    /// Has the products of a category and of those below it found by its new title.
    pub(crate) async fn category_changed(&self, id: Id) -> Result<(), CatalogError> {
        self.recent.forget_categories();
        let categories = Arc::new(self.categories().await?);
        let family: Vec<Id> = categories.family(id).into_iter().collect();
        let products = self.readable(Keys::Categories(&family)).await?.products;
        self.find(move |finder| finder.rewrite(&products, &categories))
            .await
    }

    fn category_of(
        &self,
        input: &SaveCategoryInput,
        categories: &CategoryTree,
    ) -> Refused<(Category, Option<i64>), Code> {
        let known = match &input.id {
            None => None,
            Some(id) => match Id::parse(id).and_then(|id| categories.get(id)) {
                Some(known) => Some(known),
                None => {
                    return one(
                        Code::CategoryNotFound,
                        "id",
                        "Такой категории нет",
                        "There is no such category",
                    );
                }
            },
        };
        let title = input.title.text();
        if title.is_empty() {
            return one(
                Code::TitleRequired,
                "title",
                "Нужно название",
                "A title is needed",
            );
        }
        if [&title.ru, &title.en]
            .into_iter()
            .flatten()
            .any(|form| form.chars().count() > TITLE_MAX)
        {
            return one(
                Code::TitleRequired,
                "title",
                "Название слишком длинное",
                "The title is too long",
            );
        }
        let id = known.map_or_else(|| self.ids.next(), |known| known.id);
        let slug = input
            .slug
            .clone()
            .or_else(|| known.map(|known| known.slug.clone()));
        let slug = slug.or_else(|| slug_of(&title)).unwrap_or_else(|| id.to_string());
        if !is_slug(&slug) {
            return one(
                Code::SlugInvalid,
                "slug",
                "Адрес — строчные латинские буквы и цифры через одиночный дефис, не длиннее 100",
                "A slug is lower-case Latin letters and digits joined by single hyphens, at most 100",
            );
        }
        let parent = match input.parent.as_deref() {
            None => None,
            Some(name) => match categories.named(name) {
                Some(parent) => Some(parent.id),
                None => {
                    return one(
                        Code::ParentUnknown,
                        "parent",
                        "Такой категории нет",
                        "There is no such category",
                    );
                }
            },
        };
        if let Some(parent) = parent {
            let above: Vec<Id> = categories.lineage(parent).map(|category| category.id).collect();
            let below = levels(categories, id);
            if above.contains(&id) || above.len() + below > DEPTH_MAX {
                return one(
                    Code::ParentInvalid,
                    "parent",
                    "Категория не может стоять под собой или глубже восьми уровней",
                    "A category can't stand below itself or deeper than eight levels",
                );
            }
        }
        let category = Category {
            id,
            slug,
            title,
            parent,
            position: input
                .position
                .or_else(|| known.map(|known| known.position))
                .unwrap_or_default(),
            version: known.map_or(1, |known| known.version + 1),
        };
        Ok((category, known.map(|known| known.version)))
    }
}

fn slug_of(title: &Text) -> Option<String> {
    let form = |form: &Option<String>| form.as_deref().and_then(slug_from);
    form(&title.en).or_else(|| form(&title.ru))
}

/// How many levels a category and what is below it take.
fn levels(categories: &CategoryTree, id: Id) -> usize {
    let family = categories.family(id);
    let depth = |of: Id| categories.lineage(of).take_while(|above| above.id != id).count() + 1;
    family
        .into_iter()
        .filter(|&of| categories.get(of).is_some())
        .map(depth)
        .max()
        .unwrap_or(1)
}

fn one<T>(code: Code, field: &str, ru: &str, en: &str) -> Refused<T, Code> {
    Err(vec![Refusal::new(code, &[field], ru, en)])
}

fn refuse<T>(code: Code, field: &str, ru: &str, en: &str) -> Result<Refused<T, Code>, CatalogError> {
    Ok(one(code, field, ru, en))
}
