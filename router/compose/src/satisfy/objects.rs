//! From what a field is declared to give to the objects that it may give.

use super::holds::Hold;
use super::reach::{Checked, Reach};

/// Objects by their concrete type, and who holds them.
pub(super) struct Objects<'a> {
    pub of_type: Vec<(&'a str, Vec<Hold<'a>>)>,
    /// All that is held are interface objects, and nobody who knows their types can be reached.
    pub untold: bool,
}

impl<'a> Reach<'a, '_> {
    /// The concrete types that values held so can have. Only the types that a hold's subgraph knows can come from it.
    pub fn objects(&mut self, held: &[Hold<'a>]) -> Checked<Objects<'a>> {
        let mut of_type: Vec<(&'a str, Vec<Hold<'a>>)> = Vec::new();
        let mut add = |ty: &'a str, hold: Hold<'a>| match of_type.iter_mut().find(|(known, _)| *known == ty) {
            Some((_, holds)) if holds.contains(&hold) => {}
            Some((_, holds)) => holds.push(hold),
            None => of_type.push((ty, vec![hold])),
        };
        let mut untold = false;
        for hold in held {
            if self.holds.is_interface_object(hold.vertex()) {
                let told = self.told(hold)?;
                untold |= told.is_empty();
                for ty in told {
                    add(ty, hold.clone());
                }
                continue;
            }
            for ty in self.holds.possible(hold.vertex()) {
                add(ty, Hold { ty, ..hold.clone() });
            }
        }
        Ok(Objects {
            untold: untold && of_type.is_empty(),
            of_type,
        })
    }

    /// The types of an interface object, as told by subgraphs that can be reached and know the interface.
    fn told(&mut self, hold: &Hold<'a>) -> Checked<Vec<&'a str>> {
        let reached = self.from(hold.ty, hold)?;
        let mut types: Vec<&'a str> = Vec::new();
        for knowing in reached.iter() {
            if self.holds.is_interface_object(knowing.vertex()) || knowing.ty != hold.ty {
                continue;
            }
            for ty in self.holds.possible(knowing.vertex()) {
                if !types.contains(&ty.as_str()) {
                    types.push(ty);
                }
            }
        }
        Ok(types)
    }
}
