//! Where the subgraphs' texts say what a schema coordinate of the supergraph names.

use apollo_compiler::ast::DirectiveDefinition;

use super::{Shape, SubgraphModel};
use crate::error::{Place, Position};

/// Every subgraph that has the element; where none has, every one that has what the element would be in.
pub(crate) fn places(subgraphs: &[SubgraphModel], coordinate: &str) -> Vec<Place> {
    let mut coordinate = coordinate;
    loop {
        let found: Vec<Place> = subgraphs
            .iter()
            .filter_map(|subgraph| {
                let position = subgraph.position_of(coordinate)?;
                Some(subgraph.place(coordinate, position))
            })
            .collect();
        let Some(outer) = outer(coordinate).filter(|_| found.is_empty()) else {
            return found;
        };
        coordinate = outer;
    }
}

/// `Type.field` for `Type.field(argument:)`, and `Type` for that.
fn outer(coordinate: &str) -> Option<&str> {
    let end = coordinate.rfind(['(', '.'])?;
    Some(&coordinate[..end])
}

impl SubgraphModel {
    /// None where the subgraph hasn't the element.
    fn position_of(&self, coordinate: &str) -> Option<Option<Position>> {
        let (element, argument) = match coordinate.split_once('(') {
            Some((element, argument)) => (element, Some(argument.trim_end_matches([')', ':']))),
            None => (coordinate, None),
        };
        if let Some(directive) = element.strip_prefix('@') {
            return self.position_of_directive(directive, argument);
        }
        let (ty, member) = match element.split_once('.') {
            Some((ty, member)) => (self.types.get(ty)?, member),
            None => return Some(self.types.get(element)?.position),
        };
        match (&ty.shape, argument) {
            (Shape::Enum { values }, None) => Some(values.get(member)?.position),
            (Shape::Input { fields }, None) => Some(fields.get(member)?.position),
            (_, None) => Some(ty.field(member)?.position),
            (_, Some(argument)) => Some(ty.field(member)?.arguments.get(argument)?.position),
        }
    }

    fn position_of_directive(&self, name: &str, argument: Option<&str>) -> Option<Option<Position>> {
        let composed = self.composed.get(name).map(|composed| &composed.definition);
        let definition: &DirectiveDefinition = composed.or_else(|| self.executable_directives.get(name))?;
        let location = match argument {
            None => definition.name.location(),
            Some(argument) => {
                let mut arguments = definition.arguments.iter();
                arguments.find(|one| one.name == argument)?.location()
            }
        };
        let range = location?.line_column_range(&self.schema.sources);
        Some(range.map(|range| range.start.into()))
    }
}
