//! What a cart is.

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;

/// The most of one sku.
pub const MAX_QUANTITY: i32 = 999;
/// The most lines.
pub const MAX_LINES: usize = 100;

/// A cart. It belongs to an account, or to whoever knows its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cart {
    pub id: Id,
    /// The account; none for a guest's.
    pub owner: Option<Id>,
    /// Counts the orders that took lines out of it: a generation is sold at most once.
    pub generation: i32,
    /// Where its lines went when its guest signed in. Such a cart is gone for everybody but the order that it was just sold to.
    pub merged_into: Option<Id>,
    /// In the order in which they were added.
    pub lines: Vec<Line>,
    pub updated_at: DateTime<Utc>,
}

/// So many of one variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub sku: String,
    /// 1 to [`MAX_QUANTITY`].
    pub quantity: i32,
    /// Ascends from line to line; never given twice while the cart has lines.
    pub position: i32,
}

/// What an order took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered {
    pub sku: String,
    pub quantity: i32,
}

impl Cart {
    /// An empty cart.
    pub fn new(id: Id, owner: Option<Id>, now: DateTime<Utc>) -> Self {
        Self {
            id,
            owner,
            generation: 1,
            merged_into: None,
            lines: Vec::new(),
            updated_at: now,
        }
    }

    pub fn line(&self, sku: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.sku == sku)
    }
}
