//! Everything that can happen to a cart, as pure functions. A store applies them in one atomic step.

use crate::cart::{Cart, Line, MAX_LINES, MAX_QUANTITY, Ordered};

/// What a shopper wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// So many more of a sku.
    Add { sku: String, quantity: i32 },
    /// Exactly so many; 0 removes.
    Set { sku: String, quantity: i32 },
    /// None of it; also when there was none.
    Remove { sku: String },
    /// Nothing at all.
    Clear,
}

/// Why a cart stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not 1 to 999 of a sku, together with what is there.
    QuantityInvalid,
    /// A line more than a cart holds.
    CartFull,
}

impl Change {
    /// Does it, wholly or not at all.
    pub fn apply(&self, cart: &mut Cart) -> Result<(), Refusal> {
        match self {
            Self::Add { sku, quantity } => {
                let there = cart.line(sku).map_or(0, |line| line.quantity);
                let quantity = if *quantity < 1 {
                    None
                } else {
                    there.checked_add(*quantity)
                };
                cart.put(sku, quantity.ok_or(Refusal::QuantityInvalid)?)
            }
            Self::Set { sku, quantity: 0 } | Self::Remove { sku } => {
                cart.lines.retain(|line| line.sku != *sku);
                Ok(())
            }
            Self::Set { sku, quantity } => cart.put(sku, *quantity),
            Self::Clear => {
                cart.lines.clear();
                Ok(())
            }
        }
    }
}

impl Cart {
    fn put(&mut self, sku: &str, quantity: i32) -> Result<(), Refusal> {
        if !(1..=MAX_QUANTITY).contains(&quantity) {
            return Err(Refusal::QuantityInvalid);
        }
        if let Some(line) = self.lines.iter_mut().find(|line| line.sku == sku) {
            line.quantity = quantity;
            return Ok(());
        }
        if self.lines.len() >= MAX_LINES {
            return Err(Refusal::CartFull);
        }
        let position = self.lines.last().map_or(0, |line| line.position + 1);
        self.lines.push(Line {
            sku: sku.to_owned(),
            quantity,
            position,
        });
        Ok(())
    }

    /// An order took these lines: they leave, what was added meanwhile stays, and the next generation begins. Another
    /// generation than the cart's own was taken before: nothing happens. True when it happened now.
    pub fn take_ordered(&mut self, generation: i32, ordered: &[Ordered]) -> bool {
        if self.generation != generation {
            return false;
        }
        self.generation += 1;
        self.subtract(ordered);
        true
    }

    /// Takes so many out, as far as they are there.
    pub fn subtract(&mut self, ordered: &[Ordered]) {
        for Ordered { sku, quantity } in ordered {
            for line in self.lines.iter_mut().filter(|line| line.sku == *sku) {
                line.quantity = line.quantity.saturating_sub(*quantity);
            }
        }
        self.lines.retain(|line| line.quantity > 0);
    }

    /// A guest signed in: what their cart held comes to this one. Quantities add up, to 999 at most; lines that find no
    /// room are dropped, since nobody is there to be asked.
    pub fn absorb(&mut self, guest: &mut Self) {
        for line in std::mem::take(&mut guest.lines) {
            let there = self.line(&line.sku).map_or(0, |line| line.quantity);
            // Within the limits but for a full cart.
            let _full = self.put(&line.sku, there.saturating_add(line.quantity).min(MAX_QUANTITY));
        }
        guest.merged_into = Some(self.id);
    }
}

#[cfg(test)]
mod tests;
