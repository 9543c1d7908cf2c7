//! Categories form a small tree (hundreds at most), so every question about it is answered in memory.

use std::collections::{HashMap, HashSet};

use lavka_kit::{ids::Id, locale::Text};
use serde::{Deserialize, Serialize};

/// How deep a tree may grow; it also ends every walk upwards.
pub const DEPTH_MAX: usize = 8;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Category {
    pub id: Id,
    pub slug: String,
    pub title: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Id>,
    /// Where it stands among its siblings; equal positions stand by slug.
    #[serde(default)]
    pub position: i32,
    pub version: i64,
}

/// All categories of the store, siblings in their order.
#[derive(Clone, Debug, Default)]
pub struct CategoryTree {
    all: Vec<Category>,
    by_id: HashMap<Id, usize>,
    by_slug: HashMap<String, usize>,
}

impl CategoryTree {
    pub fn new(mut all: Vec<Category>) -> CategoryTree {
        all.sort_by(|a, b| (a.position, &a.slug).cmp(&(b.position, &b.slug)));
        let by_id = all
            .iter()
            .enumerate()
            .map(|(at, category)| (category.id, at))
            .collect();
        let by_slug = all
            .iter()
            .enumerate()
            .map(|(at, category)| (category.slug.clone(), at))
            .collect();
        CategoryTree { all, by_id, by_slug }
    }

    pub fn get(&self, id: Id) -> Option<&Category> {
        self.by_id.get(&id).map(|&at| &self.all[at])
    }

    pub fn by_slug(&self, slug: &str) -> Option<&Category> {
        self.by_slug.get(slug).map(|&at| &self.all[at])
    }

    /// Staff may name a category by its slug or its id.
    pub fn named(&self, name: &str) -> Option<&Category> {
        self.by_slug(name).or_else(|| self.get(name.parse().ok()?))
    }

    pub fn roots(&self) -> impl Iterator<Item = &Category> {
        self.all.iter().filter(|category| category.parent.is_none())
    }

    pub fn children(&self, of: Id) -> impl Iterator<Item = &Category> {
        self.all
            .iter()
            .filter(move |category| category.parent == Some(of))
    }

    /// The category itself, its parent, and so on up to a root.
    pub fn lineage(&self, id: Id) -> impl Iterator<Item = &Category> {
        std::iter::successors(self.get(id), |category| self.get(category.parent?)).take(DEPTH_MAX)
    }

    /// The category and everything below it.
    pub fn family(&self, id: Id) -> HashSet<Id> {
        let mut family = HashSet::from([id]);
        let mut generation = vec![id];
        while let Some(parent) = generation.pop() {
            generation.extend(
                self.children(parent)
                    .map(|child| child.id)
                    .filter(|child| family.insert(*child)),
            );
        }
        family
    }
}
