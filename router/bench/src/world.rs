//! The four subgraphs and what they know: six people, eight goods, and an opinion of every person about four of the goods. Made
//! by rules, so that it is the same everywhere.

use anyhow::{Context, Result, anyhow, bail};
use apollo_compiler::Schema;
use apollo_compiler::ast::{Definition, DirectiveList, Document};
use apollo_compiler::executable::ExecutableDocument;
use apollo_compiler::resolvers::{Execution, FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use serde_json::{Value as Json, json};

/// Name and SDL of each subgraph.
pub const SUBGRAPHS: [(&str, &str); 4] = [
    ("people", include_str!("../subgraphs/people.graphql")),
    ("goods", include_str!("../subgraphs/goods.graphql")),
    ("stock", include_str!("../subgraphs/stock.graphql")),
    ("opinions", include_str!("../subgraphs/opinions.graphql")),
];

/// Name and text of each operation that is measured.
pub const OPERATIONS: [(&str, &str); 3] = [
    ("large", include_str!("../operations/large.graphql")),
    ("medium", include_str!("../operations/medium.graphql")),
    ("small", include_str!("../operations/small.graphql")),
];

const PEOPLE: usize = 6;
const GOODS: usize = 8;
const OPINIONS_OF_A_PERSON: usize = 4;

/// An object of the world.
#[derive(Clone, Copy)]
enum Thing {
    Query,
    Person(usize),
    Good(usize),
    /// Of this person, the how manieth.
    Opinion(usize, usize),
}

/// The supergraph of the four, each at its path below `base`.
pub fn supergraph(base: &str) -> Result<String> {
    let inputs = SUBGRAPHS.map(|(name, sdl)| lavka_compose::Subgraph {
        name: name.to_owned(),
        url: Some(format!("{base}/{name}")),
        sdl: sdl.to_owned(),
    });
    let composition = lavka_compose::compose(&inputs).map_err(|errors| {
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow!("the bench's subgraphs don't compose: {}", texts.join("; "))
    })?;
    Ok(composition.supergraph_sdl)
}

/// Something that executes operations: a subgraph, or all of them as one server.
pub struct Server {
    schema: Valid<Schema>,
}

impl Server {
    /// The subgraph of this SDL.
    pub fn subgraph(sdl: &str) -> Result<Self> {
        let document = Document::parse(sdl, "subgraph.graphql")
            .map_err(|error| anyhow!("the subgraph's SDL: {}", error.errors))?;
        let mut text = String::new();
        let mut entities = Vec::new();
        for definition in document.definitions {
            // Federation's directives are read by the composer; here they are in the way.
            let Definition::ObjectTypeDefinition(mut object) = definition else {
                continue;
            };
            let bare = object.make_mut();
            if bare.directives.has("key") {
                entities.push(bare.name.to_string());
            }
            bare.directives = DirectiveList::new();
            for field in &mut bare.fields {
                field.make_mut().directives = DirectiveList::new();
            }
            text.push_str(&object.to_string());
        }
        text.push_str(&format!(
            "scalar _Any union _Entity = {} extend type Query {{ _entities(representations: [_Any!]!): [_Entity]! }}",
            entities.join(" | ")
        ));
        Self::of(&text)
    }

    /// One server with this schema over everything.
    pub fn of(schema: &str) -> Result<Self> {
        let schema = Schema::builder()
            .adopt_orphan_extensions()
            .parse(schema, "schema.graphql")
            .build()
            .and_then(Schema::validate)
            .map_err(|error| anyhow!("the schema: {}", error.errors))?;
        Ok(Self { schema })
    }

    /// Answers a GraphQL request.
    pub fn answer(&self, request: &[u8]) -> Result<Json> {
        let request: Json = serde_json::from_slice(request).context("the request is no JSON")?;
        let query = request["query"].as_str().unwrap_or_default();
        let document = ExecutableDocument::parse_and_validate(&self.schema, query, "request.graphql")
            .map_err(|error| anyhow!("{query}: {}", error.errors))?;
        let variables: JsonMap = request["variables"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str().into(), value.clone().into()))
            .collect();
        let execution = Execution::new(&self.schema, &document)
            .operation_name(request["operationName"].as_str())
            .map(|execution| execution.raw_variable_values(&variables))
            .and_then(|execution| execution.execute_sync(&Thing::Query));
        match execution {
            Ok(response) => Ok(serde_json::to_value(response)?),
            Err(error) => bail!("{query}: {}", error.message()),
        }
    }
}

impl Thing {
    /// What this is, when asked for as an entity.
    fn entity(given: &Json) -> Option<Self> {
        let number = |key: &str| -> Option<usize> {
            given[key]
                .as_str()?
                .trim_start_matches(char::is_alphabetic)
                .parse()
                .ok()
        };
        match given["__typename"].as_str()? {
            "Person" => number("id").map(Self::Person),
            "Good" => number("sku").map(Self::Good),
            "Opinion" => {
                number("id").map(|id| Self::Opinion(id / OPINIONS_OF_A_PERSON, id % OPINIONS_OF_A_PERSON))
            }
            _ => None,
        }
    }

    fn opinions(self) -> Vec<Self> {
        let all =
            (0..PEOPLE).flat_map(|person| (0..OPINIONS_OF_A_PERSON).map(move |number| (person, number)));
        all.filter(|(person, number)| match self {
            Self::Person(id) => id == *person,
            Self::Good(sku) => sku == subject(*person, *number),
            _ => false,
        })
        .map(|(person, number)| Self::Opinion(person, number))
        .collect()
    }

    fn leaf(self, field: &str) -> Option<Json> {
        Some(match (self, field) {
            (Self::Person(id), "id") => json!(format!("p{id}")),
            (Self::Person(id), "name") => json!(format!("Person {id} of the bench")),
            (Self::Person(id), "login") => json!(format!("person-{id}")),
            (Self::Person(id), "joined") => json!(2010 + id),
            (Self::Good(sku), "sku") => json!(format!("g{sku}")),
            (Self::Good(sku), "title") => {
                json!(format!("Good number {sku}, \u{43b}\u{430}\u{43c}\u{43f}\u{430}"))
            }
            (Self::Good(sku), "price") => json!(1000 + 37 * sku),
            (Self::Good(sku), "weight") => json!(100 + 50 * sku),
            (Self::Good(sku), "inStock") => json!(sku % 3 != 0),
            (Self::Good(sku), "postage") => json!(postage(1000 + 37 * sku, 100 + 50 * sku)),
            (Self::Opinion(person, number), "id") => {
                json!(format!("o{}", person * OPINIONS_OF_A_PERSON + number))
            }
            (Self::Opinion(person, number), "body") => {
                json!(format!(
                    "What person {person} says about good {}.",
                    subject(person, number)
                ))
            }
            (Self::Opinion(person, number), "stars") => json!(1 + (person + number) % 5),
            _ => return None,
        })
    }
}

fn subject(person: usize, number: usize) -> usize {
    (person * 3 + number * 2 + person / 4) % GOODS
}

fn postage(price: usize, weight: usize) -> usize {
    if price > 1200 { 0 } else { weight / 2 }
}

impl ObjectValue for Thing {
    fn type_name(&self) -> &str {
        match self {
            Self::Query => "Query",
            Self::Person(_) => "Person",
            Self::Good(_) => "Good",
            Self::Opinion(..) => "Opinion",
        }
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let all = |things: Vec<Thing>| Ok(ResolvedValue::list(things.into_iter().map(ResolvedValue::object)));
        match (*self, info.field_name()) {
            (Self::Query, "people") => all((0..PEOPLE).map(Self::Person).collect()),
            (Self::Query, "me") => Ok(ResolvedValue::object(Self::Person(0))),
            (Self::Query, "bestsellers") => all((0..GOODS).map(Self::Good).collect()),
            (Self::Query, "bestseller") => Ok(ResolvedValue::object(Self::Good(1))),
            (Self::Query, "_entities") => {
                let given = serde_json::to_value(info.arguments()).unwrap_or_default();
                let given = given["representations"].as_array().cloned().unwrap_or_default();
                let entities: Vec<_> = given.iter().map(Self::entity).collect();
                Ok(ResolvedValue::list(
                    entities.into_iter().map(ResolvedValue::nullable_object),
                ))
            }
            (_, "opinions") => all(self.opinions()),
            (Self::Opinion(person, number), "good") => {
                Ok(ResolvedValue::object(Self::Good(subject(person, number))))
            }
            (Self::Opinion(person, _), "author") => Ok(ResolvedValue::object(Self::Person(person))),
            (thing, field) => match thing.leaf(field) {
                Some(leaf) => Ok(ResolvedValue::leaf(leaf)),
                None => Err(self.unknown_field_error(info)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subgraph_answers_entities_by_their_keys() {
        let (_, sdl) = SUBGRAPHS[3];
        let request = json!({
            "query": "query($r: [_Any!]!) { _entities(representations: $r) { ... on Opinion { id good { sku } } } }",
            "variables": { "r": [{ "__typename": "Opinion", "id": "o5" }, { "__typename": "Opinion", "id": "?" }] },
        });
        let answer = Server::subgraph(sdl).and_then(|server| server.answer(request.to_string().as_bytes()));
        assert_eq!(
            answer.expect("it is a valid request"),
            json!({"data": {"_entities": [{"id": "o5", "good": {"sku": "g5"}}, null]}})
        );
    }
}
