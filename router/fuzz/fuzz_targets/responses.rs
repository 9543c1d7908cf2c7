//! What subgraphs answer, changed in any way: the client still gets a GraphQL response, whose data has the types that the schema says.
//!
//! The input chooses an operation of the conformance cases, and says how the true answers of the subgraphs are changed.
#![no_main]

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use arbitrary::Arbitrary;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use lavka_conformance::{Case, Federation, MockSubgraph};
use lavka_executor::{
    ExecutionRequest, Executor, PreparedPlan, SubgraphRequest, SubgraphResponse, Transport, TransportError,
};
use lavka_planner::{PlanOptions, plan};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value as Json};
use tokio::runtime::Runtime;

#[derive(Arbitrary, Debug)]
struct Input {
    operation: u16,
    edits: Vec<Edit>,
}

/// A change of one subgraph's answer.
#[derive(Arbitrary, Debug)]
struct Edit {
    /// Which request's answer, in the order in which they are sent.
    request: u8,
    /// Where in it: at each level the member of this number.
    path: Vec<u8>,
    change: Change,
}

#[derive(Arbitrary, Debug)]
enum Change {
    Null,
    True,
    Number(i64),
    Fraction(f64),
    Text(String),
    Typename(u8),
    EmptyList,
    InAList,
    TwiceInAList,
    EmptyObject,
    Removed,
    /// The members of an object, or the items of a list, in reverse.
    Reversed,
    /// Another member, of this name.
    Member(String),
    /// An error, with the path of this place or another.
    Error(Vec<u8>),
    /// The text of the answer ends here.
    Cut(u16),
    /// The answer is this text.
    Raw(Vec<u8>),
}

struct Asked {
    federation: Arc<Federation>,
    /// What the subgraphs answered before, by subgraph and request: parsing takes far longer than all that is tested here.
    known: Arc<Mutex<HashMap<(Arc<str>, Bytes), Bytes>>>,
    document: Valid<ExecutableDocument>,
    plan: Arc<PreparedPlan>,
    variables: Map<String, Json>,
}

static ASKED: LazyLock<Vec<Asked>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for case in Case::all().expect("the cases are valid") {
        let federation = Arc::new(case.federation().expect("it composes"));
        let known = Arc::new(Mutex::default());
        for operation in &case.operations {
            let api = federation.supergraph.api_schema();
            let document = ExecutableDocument::parse_and_validate(api, &*operation.text, "operation.graphql");
            let document = document.expect("the case's operation is valid");
            let Ok(planned) = plan(&federation.supergraph, &document, None, &PlanOptions::default()) else {
                continue;
            };
            let Json::Object(variables) = operation.variables.clone() else {
                continue;
            };
            all.push(Asked {
                federation: federation.clone(),
                known: known.clone(),
                document,
                plan: Arc::new(PreparedPlan::new(Arc::new(planned))),
                variables,
            });
        }
    }
    assert!(all.len() > 50, "the cases have operations");
    all
});

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().build().expect("a runtime")
});

fuzz_target!(|input: Input| {
    let asked = &ASKED[usize::from(input.operation) % ASKED.len()];
    let liar = Arc::new(Liar {
        edits: input.edits,
        sent: Mutex::new(0),
    });
    let transports: HashMap<Arc<str>, Arc<dyn Transport>> = asked
        .federation
        .subgraphs()
        .map(|(name, mock)| {
            let lying = Lying {
                mock: mock.clone(),
                known: asked.known.clone(),
                liar: liar.clone(),
            };
            (name.clone(), Arc::new(lying) as Arc<dyn Transport>)
        })
        .collect();
    let request = ExecutionRequest {
        variables: asked.variables.clone(),
        ..ExecutionRequest::default()
    };
    let body = RUNTIME
        .block_on(Executor::new(transports).execute(&asked.plan, request))
        .body;
    let shown = || String::from_utf8_lossy(&body).into_owned();
    let response: Json = serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{error}: {}", shown()));
    let operation = asked.document.operations.iter().next().expect("an operation");
    let api = asked.federation.supergraph.api_schema();
    match &response["data"] {
        Json::Null => assert!(
            response["errors"].is_array(),
            "neither data nor errors: {}",
            shown()
        ),
        Json::Object(data) => {
            let expected = Expected {
                api,
                document: &asked.document,
            };
            let fits = expected.object(data, &[&operation.selection_set]);
            fits.unwrap_or_else(|why| panic!("{why}\n{}", shown()));
        }
        _ => panic!("data is no object: {}", shown()),
    }
    if let Some(errors) = response.get("errors") {
        let errors = errors.as_array().expect("errors are a list");
        assert!(!errors.is_empty(), "an empty list of errors");
        assert!(
            errors.iter().all(|error| error["message"].is_string()),
            "an error without a message: {}",
            shown()
        );
    }
});

struct Liar {
    edits: Vec<Edit>,
    sent: Mutex<usize>,
}

struct Lying {
    mock: Arc<MockSubgraph>,
    known: Arc<Mutex<HashMap<(Arc<str>, Bytes), Bytes>>>,
    liar: Arc<Liar>,
}

impl Transport for Lying {
    fn fetch(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<SubgraphResponse, TransportError>> {
        Box::pin(async move {
            let key = (request.subgraph.clone(), request.body.clone());
            let known = locked(&self.known).get(&key).cloned();
            let body = match known {
                Some(body) => body,
                None => {
                    let body = self.mock.fetch(request).await?.body;
                    self.mock.take_asked();
                    let mut known = locked(&self.known);
                    // Changed answers lead to requests without end.
                    if known.len() < 1000 {
                        known.insert(key, body.clone());
                    }
                    body
                }
            };
            let number = {
                let mut sent = locked(&self.liar.sent);
                *sent += 1;
                *sent - 1
            };
            Ok(SubgraphResponse {
                body: self.liar.changed(number, &body),
                ..SubgraphResponse::default()
            })
        })
    }

    fn subscribe(
        &self,
        _: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>> {
        Box::pin(async { Err(TransportError::Unsupported("no subscriptions".into())) })
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Liar {
    fn changed(&self, number: usize, body: &Bytes) -> Bytes {
        let mut answer: Json = serde_json::from_slice(body).expect("the mock answers JSON");
        let mut cut = None;
        for edit in self
            .edits
            .iter()
            .filter(|edit| usize::from(edit.request) == number)
        {
            match &edit.change {
                Change::Raw(bytes) => return bytes.clone().into(),
                Change::Cut(at) => cut = Some(usize::from(*at)),
                Change::Error(path) => {
                    let path: Vec<Json> = path.iter().map(|step| step_of(&answer, *step)).collect();
                    let error = serde_json::json!({ "message": "a lie", "path": path });
                    if let Json::Object(answer) = &mut answer {
                        let errors = answer.entry("errors").or_insert_with(|| Json::Array(Vec::new()));
                        if let Json::Array(errors) = errors {
                            errors.push(error);
                        }
                    }
                }
                change => {
                    change.apply(place(&mut answer, &edit.path));
                }
            }
        }
        let mut body = answer.to_string().into_bytes();
        if let Some(at) = cut {
            body.truncate(at);
        }
        body.into()
    }
}

/// A step of an error's path: a name that the answer has at its top, `_entities`, or an index.
fn step_of(answer: &Json, step: u8) -> Json {
    match step {
        0 => Json::from("_entities"),
        1..=100 => Json::from(step - 1),
        _ => {
            let names = answer["data"].as_object().into_iter().flat_map(Map::keys);
            let names: Vec<&String> = names.collect();
            let at = usize::from(step) % names.len().max(1);
            names.get(at).map_or(Json::Null, |name| Json::from(name.as_str()))
        }
    }
}

fn place<'a>(value: &'a mut Json, path: &[u8]) -> &'a mut Json {
    let Some((step, rest)) = path.split_first() else {
        return value;
    };
    let step = usize::from(*step);
    let below = match value {
        Json::Object(members) => members.len(),
        Json::Array(items) => items.len(),
        _ => 0,
    };
    if below == 0 {
        return value;
    }
    let at = step % below;
    match value {
        Json::Object(members) => place(members.values_mut().nth(at).expect("within"), rest),
        Json::Array(items) => place(&mut items[at], rest),
        end => end,
    }
}

impl Change {
    fn apply(&self, value: &mut Json) {
        *value = match self {
            Self::Null => Json::Null,
            Self::True => Json::Bool(true),
            Self::Number(number) => Json::from(*number),
            Self::Fraction(number) => Json::from(*number),
            Self::Text(text) => Json::from(text.as_str()),
            Self::Typename(which) => {
                const NAMES: [&str; 4] = ["Query", "Nothing", "User", ""];
                Json::from(NAMES[usize::from(*which) % NAMES.len()])
            }
            Self::EmptyList => Json::Array(Vec::new()),
            Self::InAList => Json::Array(vec![value.take()]),
            Self::TwiceInAList => Json::Array(vec![value.clone(), value.take()]),
            Self::EmptyObject => Json::Object(Map::new()),
            Self::Removed => match value {
                Json::Object(members) => {
                    if let Some(first) = members.keys().next().cloned() {
                        members.remove(&first);
                    }
                    return;
                }
                Json::Array(items) => {
                    items.pop();
                    return;
                }
                _ => Json::Null,
            },
            Self::Reversed => match value {
                Json::Array(items) => {
                    items.reverse();
                    return;
                }
                Json::Object(members) => members.clone().into_iter().rev().collect(),
                _ => return,
            },
            Self::Member(name) => {
                if let Json::Object(members) = value {
                    members.insert(name.clone(), Json::from(1));
                }
                return;
            }
            Self::Error(_) | Self::Cut(_) | Self::Raw(_) => return,
        };
    }
}

/// The schema and the operation that an answer must fit.
struct Expected<'a> {
    api: &'a Schema,
    document: &'a ExecutableDocument,
}

/// The types that a member may have and what is selected below it, by its name.
type Fields<'a> = HashMap<&'a str, Vec<(&'a Type, &'a SelectionSet)>>;

impl<'a> Expected<'a> {
    /// Every member is one that the selections name, and has a type that one of those fields has.
    fn object(&self, data: &Map<String, Json>, selections: &[&'a SelectionSet]) -> Result<(), String> {
        let mut fields = Fields::new();
        for selection in selections {
            self.collect(selection, &mut fields);
        }
        for (key, value) in data {
            let found = fields.get(key.as_str());
            let found = found.ok_or_else(|| format!("{key} was not asked for"))?;
            let below: Vec<&SelectionSet> = found.iter().map(|(_, below)| *below).collect();
            let mut refusals = Vec::new();
            for (ty, _) in found {
                refusals.extend(self.fits(value, ty, &below).err());
            }
            if refusals.len() == found.len() {
                return Err(format!("{key}: {}", refusals.join(", ")));
            }
        }
        Ok(())
    }

    fn collect(&self, selection: &'a SelectionSet, into: &mut Fields<'a>) {
        for item in &selection.selections {
            match item {
                Selection::Field(field) => {
                    let known = into.entry(field.response_key().as_str()).or_default();
                    known.push((field.ty(), &field.selection_set));
                }
                Selection::InlineFragment(fragment) => self.collect(&fragment.selection_set, into),
                Selection::FragmentSpread(spread) => {
                    let fragment = spread.fragment_def(self.document).expect("the document is valid");
                    self.collect(&fragment.selection_set, into);
                }
            }
        }
    }

    fn fits(&self, value: &Json, ty: &Type, below: &[&'a SelectionSet]) -> Result<(), String> {
        if value.is_null() {
            return match ty.is_non_null() {
                true => Err(format!("null where {ty} stands")),
                false => Ok(()),
            };
        }
        if ty.is_list() {
            let items = value.as_array().ok_or_else(|| format!("{value} is no list"))?;
            return items
                .iter()
                .try_for_each(|item| self.fits(item, ty.item_type(), below));
        }
        let name = ty.inner_named_type();
        let right = match (name.as_str(), self.api.types.get(name)) {
            ("Int", _) => value.as_i64().is_some_and(|it| i32::try_from(it).is_ok()),
            ("Float", _) => value.is_number(),
            ("String", _) => value.is_string(),
            ("ID", _) => value.is_string() || value.is_i64(),
            ("Boolean", _) => value.is_boolean(),
            (_, Some(ExtendedType::Enum(of))) => value
                .as_str()
                .is_some_and(|value| of.values.keys().any(|it| it == value)),
            (_, Some(ExtendedType::Scalar(_))) => true,
            _ => {
                let data = value.as_object().ok_or_else(|| format!("{value} is no {name}"))?;
                return self.object(data, below);
            }
        };
        match right {
            true => Ok(()),
            false => Err(format!("{value} is no {name}")),
        }
    }
}
