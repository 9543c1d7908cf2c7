//! From SDL to the model.

mod contexts;
mod directives;
mod features;
mod fields;
mod subgraphs;
mod types;

use apollo_compiler::collections::{HashMap, IndexMap};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{Name, Schema};

use crate::access::Access;
use crate::model::{Supergraph, TypeModel};
use crate::{SupergraphError, api, define_one_of};

use contexts::Contexts;
pub(crate) use features::Features;
use subgraphs::Graphs;

/// What all of the reading needs.
struct Reader<'a> {
    schema: &'a Valid<Schema>,
    features: Features,
    graphs: Graphs,
    contexts: Contexts,
    errors: Vec<SupergraphError>,
}

pub(crate) fn read(sdl: &str) -> Result<Supergraph, Vec<SupergraphError>> {
    let schema = parse(sdl)?;
    let features = features::read(&schema)?;
    let graphs = subgraphs::read(&schema, &features)?;
    let contexts = contexts::setting(&schema, &features);
    let mut reader = Reader {
        schema: &schema,
        contexts,
        features,
        graphs,
        errors: Vec::new(),
    };

    let mut models: IndexMap<Name, TypeModel> = IndexMap::default();
    let mut leaf_access = HashMap::default();
    for (name, ty) in &schema.types {
        if ty.is_built_in() || reader.features.is_machinery(name) {
            continue;
        }
        match ty {
            ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_) => {
                let model = reader.type_model(name, ty);
                models.insert(name.clone(), model);
            }
            ExtendedType::Scalar(_) | ExtendedType::Enum(_) => {
                let access = Access::read(&reader.features.access, ty.directives().iter().map(|one| &***one));
                if !access.is_public() {
                    leaf_access.insert(name.clone(), access);
                }
            }
            ExtendedType::InputObject(_) => {}
        }
    }
    types::fill_possible_types(&schema, &reader.graphs, &mut models);
    let possible = types::possible_types(&schema, &models);
    let context_types = contexts::used(&models);

    let Reader {
        features,
        graphs,
        errors,
        ..
    } = reader;
    if !errors.is_empty() {
        return Err(errors);
    }
    let api = api::schema(&schema, &features).map_err(|invalid| {
        let mut reasons = diagnostics(&invalid);
        for reason in &mut reasons {
            reason.message = format!("the schema for clients is not valid: {}", reason.message);
        }
        reasons
    })?;
    Ok(Supergraph {
        api,
        subgraphs: graphs.subgraphs,
        types: models,
        possible,
        leaf_access,
        context_types,
        schema,
    })
}

fn parse(sdl: &str) -> Result<Valid<Schema>, Vec<SupergraphError>> {
    let mut schema =
        Schema::parse(sdl, "supergraph.graphql").map_err(|invalid| diagnostics(&invalid.errors))?;
    define_one_of(&mut schema);
    schema.validate().map_err(|invalid| diagnostics(&invalid.errors))
}

fn diagnostics(list: &DiagnosticList) -> Vec<SupergraphError> {
    list.iter()
        .map(|diagnostic| {
            let position = diagnostic
                .line_column_range()
                .map(|range| (range.start.line, range.start.column));
            SupergraphError {
                place: crate::Place {
                    coordinate: None,
                    position,
                },
                message: diagnostic.error.to_string(),
            }
        })
        .collect()
}
