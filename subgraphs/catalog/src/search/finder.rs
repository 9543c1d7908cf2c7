//! The shelf and the text index as one thing: what is put into one is put into the other.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use lavka_kit::{ids::Id, locale::Locale};

use super::listing::{self, Listed, Listing};
use super::shelf::Shelf;
use super::suggest;
use super::text_index::{TextDocument, TextIndex};
use crate::domain::{Attribute, AttributeValue, CategoryTree, Product, Scalar};

pub struct Finder {
    shelf: RwLock<Shelf>,
    index: TextIndex,
    /// Held over both writes, so that an older save never overtakes a newer one between the two.
    writing: Mutex<()>,
    /// How often something has changed.
    changes: AtomicU64,
}

#[derive(Debug, thiserror::Error)]
#[error("{doing} the search index")]
pub struct SearchError {
    doing: &'static str,
    source: tantivy::TantivyError,
}

impl Finder {
    pub fn new() -> Result<Finder, SearchError> {
        let index = TextIndex::new().map_err(failed("make"))?;
        Ok(Finder {
            shelf: RwLock::default(),
            index,
            writing: Mutex::new(()),
            changes: AtomicU64::new(0),
        })
    }

    /// Puts products up, or their newer versions; what is already known, or newer, or was removed stays as it is. Takes some
    /// milliseconds (a commit): call it where blocking is allowed, with as many at once as there are.
    pub fn put(&self, products: &[Product], categories: &CategoryTree) -> Result<(), SearchError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changes = Vec::with_capacity(products.len());
        {
            let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
            for product in products {
                changes.extend(
                    shelf
                        .put(product)
                        .map(|slot| (slot, Some(document(product, categories)))),
                );
            }
        }
        self.write(changes)
    }

    /// Takes products down for good.
    pub fn remove(&self, ids: &[Id]) -> Result<(), SearchError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = {
            let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
            ids.iter()
                .filter_map(|&id| shelf.remove(id))
                .map(|slot| (slot, None))
                .collect()
        };
        self.write(changes)
    }

    /// Writes the texts of products anew, though they are the same version: their category got another title.
    pub fn rewrite(&self, products: &[Product], categories: &CategoryTree) -> Result<(), SearchError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = {
            let shelf = self.shelf();
            let current = |product: &&Product| shelf.version(product.id) == Some(product.version);
            let slots = products
                .iter()
                .filter(current)
                .filter_map(|product| Some((shelf.slot(product.id)?, product)));
            slots
                .map(|(slot, product)| (slot, Some(document(product, categories))))
                .collect()
        };
        self.write(changes)
    }

    fn write(&self, changes: Vec<(u32, Option<TextDocument>)>) -> Result<(), SearchError> {
        if changes.is_empty() {
            return Ok(());
        }
        let written = self.index.write(changes).map_err(failed("write"));
        // Also after a failure: the shelf has changed all the same.
        self.changes.fetch_add(1, Ordering::Release);
        written
    }

    /// How often what lists show has changed.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    pub fn list(&self, listing: &Listing<'_>) -> Result<Listed, SearchError> {
        let found = match listing.search.filter(|search| !search.trim().is_empty()) {
            Some(search) => Some(self.index.search(search).map_err(failed("ask"))?),
            None => None,
        };
        Ok(listing::list(&self.shelf(), found, listing))
    }

    pub fn suggest(&self, prefix: &str, locale: Locale, first: usize) -> Vec<String> {
        suggest::suggest(&self.shelf(), prefix, locale, first)
    }

    /// The version that lists show; None for a product that they don't know.
    pub fn version(&self, id: Id) -> Option<i64> {
        self.shelf().version(id)
    }

    /// All products that lists show.
    pub fn ids(&self) -> Vec<Id> {
        self.shelf().rows().map(|(_, row)| row.id).collect()
    }

    fn shelf(&self) -> RwLockReadGuard<'_, Shelf> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(doing: &'static str) -> impl FnOnce(tantivy::TantivyError) -> SearchError {
    move |source| SearchError { doing, source }
}

/// What of a product can be found by its words.
fn document(product: &Product, categories: &CategoryTree) -> TextDocument {
    let mut document = TextDocument {
        title: product.title.clone(),
        ..TextDocument::default()
    };
    let both = |text: &lavka_kit::locale::Text| [text.ru.clone(), text.en.clone()].into_iter().flatten();
    document.names.extend(product.brand.clone());
    for category in categories.lineage(product.category) {
        document.names.extend(both(&category.title));
    }
    for (at, text) in [&product.description.ru, &product.description.en]
        .into_iter()
        .enumerate()
    {
        document.body[at].extend(text.clone());
    }
    for variant in &product.variants {
        document.names.push(variant.sku.clone());
        document.names.extend(both(&variant.title));
    }
    let variants = product.variants.iter().flat_map(|variant| &variant.attributes);
    for attribute in product.attributes.iter().chain(variants) {
        describe(attribute, &mut document);
    }
    document
}

/// "беспроводные: да" is found by its label; "материал: дуб" by its value.
fn describe(attribute: &Attribute, document: &mut TextDocument) {
    if attribute.value == AttributeValue::One(Scalar::Flag(true)) {
        document.body[0].extend(attribute.label.ru.clone());
        document.body[1].extend(attribute.label.en.clone());
    }
    for scalar in attribute.value.scalars() {
        match scalar {
            Scalar::Words(text) => {
                document.body[0].extend(text.ru.clone());
                document.body[1].extend(text.en.clone());
            }
            Scalar::Word(word) => document.body[1].push(word.clone()),
            Scalar::Flag(_) | Scalar::Number(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::domain::Category;
    use crate::search::{AttributeSelection, Selection, Sort};
    use lavka_kit::locale::Text;
    use serde_json::json;

    /// For the figures in docs: `cargo test -p lavka-catalog figures -- --ignored --nocapture`.
    #[test]
    #[ignore = "measures; asserts nothing about time"]
    fn figures() {
        let category = Id::from_u128(1);
        let tree = CategoryTree::new(vec![Category {
            id: category,
            slug: "all".into(),
            title: Text::new("Всё", "All"),
            parent: None,
            position: 0,
            version: 1,
        }]);
        for count in [97_u128, 100_000] {
            let nouns = [
                ("Лампа", "Lamp"),
                ("Чайник", "Kettle"),
                ("Рюкзак", "Backpack"),
                ("Книга", "Book"),
            ];
            let products: Vec<Product> = (0..count)
                .map(|number| {
                    let (ru, en) = nouns[(number % 4) as usize];
                    let mut product = crate::testing::product(number + 10, &format!("p-{number}"), &[]);
                    product.title =
                        Text::new(format!("{ru} модель {number}"), format!("{en} model {number}"));
                    product.description = Text::new(
                        "Тёплая и тихая вещь для дома. ".repeat(6),
                        "A warm, quiet thing for the house. ".repeat(6),
                    );
                    product.brand = Some(format!("Brand {}", number % 40));
                    product.attributes = (0..8)
                        .map(|at| Attribute {
                            name: format!("a{at}"),
                            label: Text::default(),
                            value: AttributeValue::parse(&json!(number % (7 + at))).expect("a value"),
                            unit: None,
                        })
                        .collect();
                    let variant = crate::testing::product(0, "", &["x"]).variants.remove(0);
                    product.variants = (0..2)
                        .map(|at| crate::domain::Variant {
                            sku: format!("{number}-{at}"),
                            ..variant.clone()
                        })
                        .collect();
                    product
                })
                .collect();
            let finder = Finder::new().expect("a finder");
            let timed = |what: &str, work: &mut dyn FnMut()| {
                let start = Instant::now();
                work();
                println!(
                    "{count} products, {what}: {:.2} ms",
                    start.elapsed().as_secs_f64() * 1e3
                );
            };
            timed("made the index", &mut || {
                finder.put(&products, &tree).expect("put")
            });
            let chosen = Selection {
                attributes: vec![AttributeSelection {
                    name: "a1".into(),
                    values: Some(vec![json!(3)]),
                    ..AttributeSelection::default()
                }],
                ..Selection::default()
            };
            let all = Selection::default();
            for (what, search, selection, facets) in [
                ("a page", None, &all, false),
                ("a page with facets", None, &all, true),
                ("a filtered page with facets", None, &chosen, true),
                ("a search with facets", Some("лампы"), &all, true),
                ("a search with a typo", Some("рюзкак "), &all, true),
            ] {
                let listing = Listing {
                    search,
                    selection,
                    sort: Sort::Relevance,
                    first: 24,
                    after: None,
                    locale: Locale::Ru,
                    categories: &tree,
                    facets,
                };
                finder.list(&listing).expect("listed");
                timed(what, &mut || drop(finder.list(&listing).expect("listed")));
            }
            timed("suggestions", &mut || drop(finder.suggest("лам", Locale::Ru, 8)));
            let again = Product {
                version: 2,
                ..products[7].clone()
            };
            timed("one save", &mut || {
                finder.put(std::slice::from_ref(&again), &tree).expect("put")
            });
            let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
            let memory = status
                .lines()
                .find(|line| line.starts_with("VmRSS"))
                .unwrap_or_default();
            println!("{count} products, with the documents of this test: {memory}");
        }
    }
}
