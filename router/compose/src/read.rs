//! Subgraph SDL to [`SubgraphModel`].
//!
//! A subgraph is allowed to speak in many ways: directives imported, renamed or with a prefix; definitions of them given or left out; roots by other names;
//! types in pieces. All of that ends here:
//!
//! 1. the text is parsed ([`parse`]), and its `@link`s say what each directive is called ([`link`]);
//! 2. definitions that federation lets a subgraph leave out are added ([`definitions`]) and the whole is validated as GraphQL;
//! 3. types are read into the model ([`types`]), field sets checked against the schema ([`field_set`]), and what the subgraph itself
//!    uses is marked on its fields ([`uses`]).

mod called;
mod contexts;
mod definitions;
mod directives;
mod field_set;
mod fields;
mod link;
mod parse;
mod redefinitions;
mod roots;
mod types;
mod uses;

use std::collections::BTreeMap;

use apollo_compiler::Name;
use apollo_compiler::ast::DirectiveLocation;
use apollo_compiler::validation::Valid;

use crate::Subgraph;
use crate::error::{Code, CompositionError};
use crate::model::{Composed, SubgraphModel};
pub(crate) use field_set::Spelt;
use link::Links;
use roots::Roots;

/// Everything that reading one subgraph passes around.
struct Reader<'a> {
    subgraph: &'a Subgraph,
    schema: Valid<apollo_compiler::Schema>,
    links: Links,
    roots: Roots,
    composed: BTreeMap<Name, Composed>,
    errors: Vec<CompositionError>,
}

pub(crate) fn read(subgraph: &Subgraph) -> Result<SubgraphModel, Vec<CompositionError>> {
    let mut schema = parse::parse(subgraph)?;
    let links = link::read(subgraph, &schema)?;
    definitions::complete(&mut schema, &links);
    let schema = parse::validate(subgraph, schema)?;
    let roots = roots::read(subgraph, &schema)?;
    let mut reader = Reader {
        subgraph,
        schema,
        links,
        roots,
        composed: BTreeMap::new(),
        errors: Vec::new(),
    };
    reader.redefinitions();
    reader.composed_directives();
    reader.contexts_of_directives();
    let mut types = reader.types();
    uses::mark(&mut types, reader.links.federation);
    if !reader.errors.is_empty() {
        return Err(reader.errors);
    }
    let called = called::names(&reader.schema, &reader.links);
    Ok(SubgraphModel {
        called,
        name: subgraph.name.clone(),
        url: subgraph.url.clone(),
        federation: reader.links.federation,
        executable_directives: reader.executable_directives(),
        types,
        composed: reader.composed,
        schema: reader.schema,
    })
}

impl Reader<'_> {
    /// `@composeDirective(name: "@x")` on the schema: the directive must be defined and come from a linked specification.
    fn composed_directives(&mut self) {
        let definition = self.schema.schema_definition.clone();
        for directive in definition.directives.iter() {
            if self.links.canonical(&directive.name) != Some("composeDirective") {
                continue;
            }
            let position = directives::position(&self.schema, directive.location());
            let error = |message: String| {
                CompositionError::new(Code::DirectiveCompositionError, message).at(crate::error::Place {
                    subgraph: self.subgraph.name.clone(),
                    coordinate: "schema".into(),
                    position,
                })
            };
            let Some(written) = directives::string(directive, "name") else {
                continue;
            };
            let Some(name) = written.strip_prefix('@') else {
                self.errors.push(
                    error(format!(
                        "@composeDirective names \"{written}\", which doesn't begin with @"
                    ))
                    .hint(format!("write \"@{written}\"")),
                );
                continue;
            };
            let Some(definition) = self.schema.directive_definitions.get(name) else {
                self.errors.push(
                    error(format!("@composeDirective names @{name}, which isn't defined"))
                        .hint(format!("define `directive @{name} …` in this subgraph")),
                );
                continue;
            };
            let Some(origin) = self.links.origin(name) else {
                self.errors.push(
                    error(format!("@composeDirective names @{name}, which no @link imports")).hint(format!(
                        "add @link(url: \"https://…/v1.0\", import: [\"@{name}\"]) to the schema"
                    )),
                );
                continue;
            };
            let composed = Composed {
                origin,
                definition: definition.clone(),
                position,
            };
            self.composed.insert(definition.name.clone(), composed);
        }
    }

    /// The directives for operations that the subgraph defines.
    fn executable_directives(
        &self,
    ) -> BTreeMap<Name, apollo_compiler::Node<apollo_compiler::ast::DirectiveDefinition>> {
        self.schema
            .directive_definitions
            .iter()
            .filter(|(name, definition)| {
                !definition.is_built_in()
                    && !matches!(
                        name.as_str(),
                        "skip" | "include" | "deprecated" | "specifiedBy" | "oneOf"
                    )
                    && self.links.canonical(name).is_none()
                    && definition
                        .locations
                        .iter()
                        .any(|location| is_executable(*location))
            })
            .map(|(name, definition)| (name.clone(), definition.clone()))
            .collect()
    }
}

fn is_executable(location: DirectiveLocation) -> bool {
    use DirectiveLocation as L;
    matches!(
        location,
        L::Query
            | L::Mutation
            | L::Subscription
            | L::Field
            | L::FragmentDefinition
            | L::FragmentSpread
            | L::InlineFragment
            | L::VariableDefinition
    )
}
