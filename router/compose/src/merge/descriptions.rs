//! Descriptions: what most subgraphs say; of equals, what the first says.

use apollo_compiler::Node;

use super::Merger;
use crate::error::{Hint, HintCode, Place};

impl Merger<'_> {
    pub(super) fn description(
        &mut self,
        coordinate: &str,
        said: impl IntoIterator<Item = (Place, Option<Node<str>>)>,
    ) -> Option<Node<str>> {
        let mut counted: Vec<(Node<str>, usize)> = Vec::new();
        let mut places = Vec::new();
        for (place, text) in said {
            let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
                continue;
            };
            places.push(place);
            match counted.iter_mut().find(|(known, _)| *known == text) {
                Some((_, count)) => *count += 1,
                None => counted.push((text, 1)),
            }
        }
        if counted.len() > 1 {
            self.hints.push(Hint {
                code: HintCode::InconsistentDescription,
                message: format!("{coordinate} is described differently by its subgraphs; the most frequent, then the first, is kept"),
                places,
            });
        }
        let most = counted.iter().map(|(_, count)| *count).max()?;
        counted
            .into_iter()
            .find(|(_, count)| *count == most)
            .map(|(text, _)| text)
    }
}
