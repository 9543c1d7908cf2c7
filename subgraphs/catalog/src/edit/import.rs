//! Import of JSON Lines: a product a line, in the form of `SaveProductInput`. A bad line is named by its number and what is
//! wrong with it; the good ones stand. Lines go in batches, a transaction each: a hundred thousand of them are not a hundred
//! thousand waits for the disk.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use lavka_kit::{ids::Id, locale::Locale};

use super::draft::{Draft, SaveProductInput};
use super::refusal::{ProductErrorCode, Refusal};
use super::save_product::{Candidate, Written, not_found};
use crate::catalog::{Catalog, CatalogError};
use crate::domain::{CategoryTree, Product};
use crate::store::Keys;

const LINES_AT_ONCE: usize = 200;
/// Longer than a product with all its texts at their longest.
const LINE_MAX: usize = 4_000_000;

/// What to do with a line that names no id, but the slug of a product that is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// Refuse the line with SLUG_TAKEN, as `saveProduct` does.
    #[default]
    Refuse,
    /// The line is the product's next version: a feed that is imported every night.
    Update,
    /// The product stays as it is: demo data at the second start.
    Keep,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    pub imported: usize,
    /// Lines that [`Existing::Keep`] passed over.
    pub kept: usize,
    pub failed: Vec<ImportFailure>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFailure {
    /// Counted from 1.
    pub line: usize,
    pub message: String,
}

struct Row {
    line: usize,
    input: SaveProductInput,
    draft: Draft,
}

impl Catalog {
    /// Stops early only for a fault: lines that can't be read on, a store that fails. What was imported before stays.
    pub async fn import_products(
        &self,
        lines: impl Iterator<Item = io::Result<String>> + Send,
        existing: Existing,
        locale: Locale,
    ) -> Result<ImportReport, CatalogError> {
        let categories = Arc::new(self.categories().await?);
        let mut report = ImportReport::default();
        let mut rows = Vec::with_capacity(LINES_AT_ONCE);
        for (at, line) in lines.enumerate() {
            let line = line.map_err(CatalogError::Lines)?;
            let text = line
                .strip_prefix('\u{feff}')
                .filter(|_| at == 0)
                .unwrap_or(&line)
                .trim();
            if text.is_empty() {
                continue;
            }
            match self.read(at + 1, text, locale) {
                Ok(row) => rows.push(row),
                Err(message) => report.failed.push(ImportFailure {
                    line: at + 1,
                    message,
                }),
            }
            if rows.len() == LINES_AT_ONCE {
                self.import_rows(
                    std::mem::take(&mut rows),
                    existing,
                    locale,
                    &categories,
                    &mut report,
                )
                .await?;
            }
        }
        self.import_rows(rows, existing, locale, &categories, &mut report)
            .await?;
        report.failed.sort_by_key(|failure| failure.line);
        Ok(report)
    }

    fn read(&self, line: usize, text: &str, locale: Locale) -> Result<Row, String> {
        if text.len() > LINE_MAX {
            return Err(locale
                .pick("Строка слишком длинная", "The line is too long")
                .to_owned());
        }
        let input: SaveProductInput = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let draft = Draft::check(&input, self.currency).map_err(|wrong| tell(&wrong, locale))?;
        Ok(Row { line, input, draft })
    }

    async fn import_rows(
        &self,
        rows: Vec<Row>,
        existing: Existing,
        locale: Locale,
        categories: &Arc<CategoryTree>,
        report: &mut ImportReport,
    ) -> Result<(), CatalogError> {
        if rows.is_empty() {
            return Ok(());
        }
        let known = self.known(&rows, existing).await?;
        let mut fail = |line, wrong: &[Refusal<ProductErrorCode>]| {
            report.failed.push(ImportFailure {
                line,
                message: tell(wrong, locale),
            });
        };
        let (mut lines, mut candidates): (Vec<usize>, Vec<Candidate>) = (Vec::new(), Vec::new());
        for row in &rows {
            let found = match &row.input.id {
                Some(id) => match Id::parse(id).and_then(|id| known.by_id.get(&id)) {
                    Some(product) => Some(product),
                    None => {
                        fail(row.line, &[not_found()]);
                        continue;
                    }
                },
                None => row.draft.slug.as_deref().and_then(|slug| known.by_slug.get(slug)),
            };
            if found.is_some() && row.input.id.is_none() && existing == Existing::Keep {
                report.kept += 1;
                continue;
            }
            match self.candidate(&row.input, &row.draft, found, categories) {
                Ok(candidate) => {
                    lines.push(row.line);
                    candidates.push(candidate);
                }
                Err(wrong) => fail(row.line, &wrong),
            }
        }
        let written = self.save_candidates(candidates, categories).await?;
        for (line, written) in lines.into_iter().zip(written) {
            match written {
                Written::Saved(_) => report.imported += 1,
                Written::Refused(refusal) => fail(line, &[refusal]),
                Written::Stale => fail(line, &[changed_meanwhile()]),
            }
        }
        Ok(())
    }

    /// The products that these rows mean, by what they name them with.
    async fn known(&self, rows: &[Row], existing: Existing) -> Result<Known, CatalogError> {
        let ids: Vec<Id> = rows
            .iter()
            .filter_map(|row| Id::parse(row.input.id.as_ref()?))
            .collect();
        let by_id = self.store.products(Keys::Ids(&ids)).await?;
        let slugs: Vec<String> = match existing {
            Existing::Refuse => Vec::new(),
            Existing::Update | Existing::Keep => {
                rows.iter().filter_map(|row| row.draft.slug.clone()).collect()
            }
        };
        let by_slug = self.store.products(Keys::Slugs(&slugs)).await?;
        Ok(Known {
            by_id: by_id.into_iter().map(|product| (product.id, product)).collect(),
            by_slug: by_slug
                .into_iter()
                .map(|product| (product.slug.clone(), product))
                .collect(),
        })
    }
}

struct Known {
    by_id: HashMap<Id, Product>,
    by_slug: HashMap<String, Product>,
}

fn changed_meanwhile() -> Refusal<ProductErrorCode> {
    Refusal::new(
        ProductErrorCode::VersionConflict,
        &["id"],
        "Товар тем временем изменили, или он есть в файле дважды",
        "The product was changed meanwhile, or stands twice in the file",
    )
}

/// "variants.0.price: A price must be above zero; …"
fn tell(wrong: &[Refusal<ProductErrorCode>], locale: Locale) -> String {
    let each = wrong.iter().map(|refusal| match refusal.field.join(".") {
        field if field.is_empty() => refusal.message.get(locale).to_owned(),
        field => format!("{field}: {}", refusal.message.get(locale)),
    });
    each.collect::<Vec<_>>().join("; ")
}
