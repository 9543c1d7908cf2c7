//! The shelf: a row for each product, with what filters, facets and sorts look at.
//!
//! A product stands in one slot from its first appearance to the program's end, and a slot is never given to another: the
//! text index names products by slot, and a match must not point to a newcomer.

use std::collections::HashMap;

use lavka_kit::ids::Id;

use super::analysis::fold;
use super::terms::{TermId, Terms};
use crate::domain::Product;

#[derive(Default)]
pub struct Shelf {
    pub terms: Terms,
    rows: Vec<Option<Row>>,
    slots: HashMap<Id, u32>,
}

pub struct Row {
    pub id: Id,
    pub version: i64,
    pub published: bool,
    pub category: Id,
    /// Microseconds since 1970: the clock's own precision.
    pub created: i64,
    /// As they are shown, Russian and English.
    pub titles: [Box<str>; 2],
    /// As they sort and as prefixes are looked for.
    pub title_keys: [Box<str>; 2],
    /// What holds for every variant.
    pub terms: Box<[TermId]>,
    pub variants: Box<[VariantRow]>,
}

pub struct VariantRow {
    pub price: i64,
    pub terms: Box<[TermId]>,
}

impl Shelf {
    /// Puts a product up in its slot; None when this version, a newer one, or its removal is already known.
    pub fn put(&mut self, product: &Product) -> Option<u32> {
        if let Some(&slot) = self.slots.get(&product.id) {
            match &self.rows[slot as usize] {
                Some(known) if known.version < product.version => {}
                _ => return None,
            }
            self.rows[slot as usize] = Some(Row::of(product, &mut self.terms));
            return Some(slot);
        }
        let slot = u32::try_from(self.rows.len()).ok()?;
        self.rows.push(Some(Row::of(product, &mut self.terms)));
        self.slots.insert(product.id, slot);
        Some(slot)
    }

    /// Takes a product down for good. A product that was never here leaves an empty slot too, so that a late word of its
    /// older self doesn't put it up: ids do not return.
    pub fn remove(&mut self, id: Id) -> Option<u32> {
        let slot = match self.slots.get(&id) {
            Some(&slot) => slot,
            None => {
                let slot = u32::try_from(self.rows.len()).ok()?;
                self.rows.push(None);
                self.slots.insert(id, slot);
                return None;
            }
        };
        self.rows[slot as usize].take().map(|_| slot)
    }

    pub fn slot(&self, id: Id) -> Option<u32> {
        self.slots.get(&id).copied()
    }

    pub fn get(&self, slot: u32) -> Option<&Row> {
        self.rows.get(slot as usize)?.as_ref()
    }

    pub fn rows(&self) -> impl Iterator<Item = (u32, &Row)> {
        self.rows
            .iter()
            .enumerate()
            .filter_map(|(slot, row)| Some((slot as u32, row.as_ref()?)))
    }

    pub fn version(&self, id: Id) -> Option<i64> {
        Some(self.get(self.slot(id)?)?.version)
    }
}

impl Row {
    fn of(product: &Product, terms: &mut Terms) -> Row {
        let mut own: Vec<TermId> = Vec::new();
        for attribute in &product.attributes {
            own.extend(terms.intern(attribute));
        }
        own.extend(product.brand.as_deref().map(|brand| terms.intern_brand(brand)));
        let variants = product.variants.iter().map(|variant| {
            let mut own: Vec<TermId> = Vec::new();
            for attribute in &variant.attributes {
                own.extend(terms.intern(attribute));
            }
            VariantRow {
                price: variant.price.minor,
                terms: own.into(),
            }
        });
        let variants = variants.collect();
        let titles = [lavka_kit::locale::Locale::Ru, lavka_kit::locale::Locale::En]
            .map(|locale| Box::<str>::from(product.title.get(locale)));
        Row {
            id: product.id,
            version: product.version,
            published: product.is_published,
            category: product.category,
            created: product.created_at.timestamp_micros(),
            title_keys: [fold(&titles[0]).into(), fold(&titles[1]).into()],
            titles,
            terms: own.into(),
            variants,
        }
    }
}
