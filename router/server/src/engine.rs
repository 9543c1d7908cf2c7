//! From a GraphQL request to its answer, the same for every protocol:
//! look the text up or parse it, find the operation, coerce the variables, look the plan up or make it, execute.

mod deferral;
mod document;
mod introspection;
mod labels;
mod limits;
mod persisted;
mod plans;
mod variables;

use std::collections::BTreeMap;
use std::hash::RandomState;
use std::sync::Arc;

use apollo_compiler::executable::OperationType;
use bytes::Bytes;
use futures_util::StreamExt;
use http::HeaderMap;
use lavka_executor::{ExecutionRequest, Executor, PieceForm, Pieces, PreparedPlan};
use lavka_planner::PlanOptions;
use lavka_supergraph::Supergraph;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde_json::{Map, Value};
use tokio::sync::Semaphore;
use tokio::time::{Duration, Instant, timeout};
use tracing::error;

use crate::config::Config;
use crate::head::Head;
use crate::metrics::Metrics;
use crate::refusal::Refusal;
use crate::request::GraphqlRequest;
use crate::stream::Events;
use document::Document;
use introspection::{Introspector, Roots};
use labels::Labels;
use persisted::PersistedDocuments;
use plans::Rights;

pub use deferral::deferral;
pub(crate) use persisted::TrustedDocuments;

/// How a request came, for the counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http,
    EventStream,
    Multipart,
    WebSocket,
}

impl Protocol {
    fn label(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::EventStream => "event-stream",
            Self::Multipart => "multipart",
            Self::WebSocket => "websocket",
        }
    }
}

/// What an operation comes to.
pub(crate) enum Answered {
    Answer(Delivery),
    /// A subscription.
    Stream(Events),
}

/// An answer, or how it begins if it comes in pieces.
pub(crate) struct Delivery {
    pub first: Answer,
    /// The other pieces, which are on their way.
    pub rest: Option<Events>,
}

impl From<Answer> for Delivery {
    fn from(first: Answer) -> Self {
        Self { first, rest: None }
    }
}

/// A whole GraphQL response and the headers that subgraphs want to go with it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub body: Bytes,
    pub headers: HeaderMap,
}

/// An operation that is fit to run.
pub(crate) struct Prepared {
    pub kind: OperationType,
    document: Arc<Document>,
    operation_name: Option<String>,
    variables: Map<String, Value>,
    roots: Roots,
    /// Absent: nothing is asked of subgraphs.
    plan: Option<Arc<PreparedPlan>>,
    /// How to write the answer if it may come in several pieces.
    pieces: Option<PieceForm>,
}

/// A GraphQL request, and in how many pieces it may be answered.
pub(crate) struct Asking {
    pub request: GraphqlRequest,
    /// How the client wants the pieces of an answer that `@defer` splits. Absent: it wants it whole.
    pub pieces: Option<PieceForm>,
}

/// Cheap to clone; what is behind it is shared.
#[derive(Clone)]
pub(crate) struct Engine(Arc<Inner>);

struct Inner {
    supergraph: Arc<Supergraph>,
    rights: Rights,
    labels: Labels,
    executor: Executor,
    introspector: Introspector,
    /// Keyed by the whole text, under std's randomly keyed hash: no client can choose texts that collide.
    documents: Cache<Arc<str>, Arc<Document>, ByLength, RandomState>,
    persisted: PersistedDocuments,
    /// One for each operation that may run at the same time.
    permits: Arc<Semaphore>,
    config: Arc<Config>,
    metrics: Metrics,
}

#[derive(Clone)]
struct ByLength;

impl Weighter<Arc<str>, Arc<Document>> for ByLength {
    fn weight(&self, text: &Arc<str>, _: &Arc<Document>) -> u64 {
        text.len() as u64 + 64
    }
}

/// Documents of usual length that fit; a hint for the cache's tables.
const USUAL_DOCUMENT: u64 = 512;

impl Engine {
    pub fn new(
        supergraph: Arc<Supergraph>,
        executor: Executor,
        permits: Arc<Semaphore>,
        trusted: TrustedDocuments,
        config: Arc<Config>,
        metrics: Metrics,
    ) -> Self {
        let bytes = config.cache.document_bytes;
        Self(Arc::new(Inner {
            rights: Rights {
                scopes: supergraph.scopes().into_iter().map(str::to_owned).collect(),
                policies: supergraph.policies().into_iter().map(str::to_owned).collect(),
            },
            labels: Labels::new(&supergraph, &config.overrides),
            introspector: Introspector::new(supergraph.api_schema(), config.introspection.enabled),
            documents: Cache::with(
                usize::try_from(bytes / USUAL_DOCUMENT)
                    .unwrap_or(usize::MAX)
                    .max(16),
                bytes,
                ByLength,
                RandomState::new(),
                quick_cache::sync::DefaultLifecycle::default(),
            ),
            persisted: PersistedDocuments::new(&config.persisted, trusted),
            supergraph,
            executor,
            permits,
            config,
            metrics,
        }))
    }

    /// The whole way, for a protocol that has no connection of its own to shed or to time.
    pub async fn run(&self, protocol: Protocol, asking: Asking, head: &Head) -> Result<Answered, Refusal> {
        let Ok(_permit) = self.0.permits.try_acquire() else {
            let refusal = Refusal::overloaded();
            self.0.metrics.operation(protocol.label(), refusal.code());
            return Err(refusal);
        };
        let work = async {
            let prepared = self.prepare(protocol, asking, head).await?;
            Ok(if prepared.kind == OperationType::Subscription {
                match self.subscribe(prepared, head).await {
                    Ok(events) => Answered::Stream(events),
                    Err(answer) => Answered::Answer(answer.into()),
                }
            } else {
                Answered::Answer(self.execute(protocol, prepared, head).await?)
            })
        };
        let patience = Duration::from_secs(self.0.config.limits.request_seconds);
        timeout(patience, work)
            .await
            .unwrap_or_else(|_| Err(Refusal::timeout()))
    }

    /// Everything up to execution: nothing of it has effects.
    pub async fn prepare(
        &self,
        protocol: Protocol,
        asking: Asking,
        head: &Head,
    ) -> Result<Prepared, Refusal> {
        let prepared = self.prepare_uncounted(asking, head).await;
        let outcome = prepared
            .as_ref()
            .map_or_else(|refusal| refusal.code(), |_| "executed");
        self.0.metrics.operation(protocol.label(), outcome);
        prepared
    }

    async fn prepare_uncounted(&self, asking: Asking, head: &Head) -> Result<Prepared, Refusal> {
        let Asking { request, pieces } = asking;
        let GraphqlRequest {
            source,
            operation_name,
            variables,
        } = request;
        let found = self.0.persisted.find(source)?;
        let document = self.document(&found.text).await?;
        if let Some(hash) = found.teaches {
            self.0.persisted.learn(hash, &found.text);
        }
        let operation = document.operation(operation_name.as_deref())?;
        let kind = operation.operation_type;
        let roots = Roots::of(&document.executable, operation);
        if roots.schema {
            self.0.introspector.admit(&document.executable, operation)?;
        }
        let variables = variables::coerce(
            self.0.supergraph.api_schema(),
            &document.executable,
            operation,
            variables,
        )?;
        // What the schema says is woven into an answer that is there as a whole.
        let pieces = pieces.filter(|_| !roots.schema);
        let deferral = pieces.and_then(|_| document.deferrals.under(operation, &variables));
        // What isn't a query has its `__typename` written by the executor.
        let plan = if roots.data || kind != OperationType::Query {
            let name = operation_name.as_deref();
            Some(self.plan(&document, name, deferral, head).await?)
        } else {
            None
        };
        let pieces = pieces.filter(|_| plan.as_ref().is_some_and(|plan| plan.is_deferred()));
        Ok(Prepared {
            kind,
            document,
            operation_name,
            variables,
            roots,
            plan,
            pieces,
        })
    }

    async fn document(&self, text: &Arc<str>) -> Result<Arc<Document>, Refusal> {
        let known = self.0.documents.get(&**text);
        self.0.metrics.cache("document", known.is_some());
        if let Some(document) = known {
            return Ok(document);
        }
        let (engine, text) = (self.clone(), text.clone());
        off_the_hot_path(move || {
            let inner = &engine.0;
            let document = Document::parse(inner.supergraph.api_schema(), &text, &inner.config.limits)?;
            let document = Arc::new(document);
            inner.documents.insert(text, Arc::clone(&document));
            Ok(document)
        })
        .await
    }

    async fn plan(
        &self,
        document: &Arc<Document>,
        name: Option<&str>,
        deferral: Option<BTreeMap<String, bool>>,
        head: &Head,
    ) -> Result<Arc<PreparedPlan>, Refusal> {
        let options = PlanOptions {
            viewer: self.0.rights.viewer(&head.caller),
            labels: self.0.labels.on(|| rand::random_range(0.0..100.0)),
            deferral,
            max_depth: self.0.config.limits.depth,
            ..PlanOptions::default()
        };
        let known = document.plans.get(name, &options);
        self.0.metrics.cache("plan", known.is_some());
        if let Some(plan) = known {
            return Ok(plan);
        }
        let (engine, document, name) = (self.clone(), Arc::clone(document), name.map(str::to_owned));
        off_the_hot_path(move || {
            let inner = &engine.0;
            let plan =
                lavka_planner::plan(&inner.supergraph, &document.executable, name.as_deref(), &options)
                    .map_err(|error| Refusal::graphql("QUERY_PLANNING_FAILED", error.to_string()))?;
            let plan = Arc::new(PreparedPlan::new(Arc::new(plan)));
            document.plans.keep(
                name.as_deref(),
                options,
                Arc::clone(&plan),
                inner.config.cache.plans_per_document,
            );
            Ok(plan)
        })
        .await
    }

    /// Runs a query or a mutation. Where the answer comes in pieces, the time that is counted is that of the first.
    ///
    /// # Errors
    /// Where there is no place for an answer in pieces: it goes on when the request's own place is free again.
    pub async fn execute(
        &self,
        protocol: Protocol,
        prepared: Prepared,
        head: &Head,
    ) -> Result<Delivery, Refusal> {
        let started = Instant::now();
        let answered = match prepared.pieces {
            Some(form) => self.answer_in_pieces(prepared, form, head).await,
            None => Ok(self.answer(prepared, head).await.into()),
        };
        self.0.metrics.operation_took(protocol.label(), started.elapsed());
        answered
    }

    async fn answer_in_pieces(
        &self,
        prepared: Prepared,
        form: PieceForm,
        head: &Head,
    ) -> Result<Delivery, Refusal> {
        let Some(plan) = &prepared.plan else {
            return Err(Refusal::internal());
        };
        let place = Arc::clone(&self.0.permits)
            .try_acquire_owned()
            .map_err(|_| Refusal::overloaded())?;
        let request = ExecutionRequest {
            variables: prepared.variables,
            headers: head.forward.clone(),
            deadline: None,
        };
        let Pieces { first, rest } = self.0.executor.execute_in_pieces(plan, request, form).await;
        let first = Answer {
            body: first.body,
            headers: first.headers,
        };
        let rest = rest.map(|rest| {
            let held = rest.map(move |piece| {
                let _place = &place;
                piece
            });
            held.boxed()
        });
        Ok(Delivery { first, rest })
    }

    async fn answer(&self, prepared: Prepared, head: &Head) -> Answer {
        let introspected = if prepared.plan.is_none() || prepared.roots.schema {
            match self.introspect(&prepared) {
                Ok(body) => Some(body),
                Err(refusal) => {
                    return Answer {
                        body: refusal.body(),
                        headers: HeaderMap::new(),
                    };
                }
            }
        } else {
            None
        };
        let Some(plan) = &prepared.plan else {
            return Answer {
                body: introspected.unwrap_or_default(),
                headers: HeaderMap::new(),
            };
        };
        let patience = Duration::from_secs(self.0.config.limits.request_seconds);
        let request = ExecutionRequest {
            variables: prepared.variables,
            headers: head.forward.clone(),
            // Sooner than the request's own, so that there is an answer with what has arrived by then.
            deadline: Instant::now().checked_add(patience * 9 / 10),
        };
        let execution = self.0.executor.execute(plan, request).await;
        let body = match introspected {
            None => execution.body,
            Some(introspected) => {
                let operation = prepared.document.operation(prepared.operation_name.as_deref());
                let document = &prepared.document.executable;
                let keys: Vec<&str> = operation
                    .iter()
                    .flat_map(|operation| operation.root_fields(document))
                    .map(|field| field.response_key().as_str())
                    .collect();
                introspection::weave(&introspected, &execution.body, &keys)
                    .unwrap_or_else(|| Refusal::internal().body())
            }
        };
        Answer {
            body,
            headers: execution.headers,
        }
    }

    fn introspect(&self, prepared: &Prepared) -> Result<Bytes, Refusal> {
        let operation = prepared.document.operation(prepared.operation_name.as_deref())?;
        self.0.introspector.answer(
            self.0.supergraph.api_schema(),
            &prepared.document.executable,
            operation,
            &prepared.variables,
        )
    }

    /// Opens a subscription.
    ///
    /// # Errors
    /// The one answer that there is where that fails.
    pub async fn subscribe(&self, prepared: Prepared, head: &Head) -> Result<Events, Answer> {
        let refused = |body| Answer {
            body,
            headers: HeaderMap::new(),
        };
        let Some(plan) = &prepared.plan else {
            return Err(refused(Refusal::internal().body()));
        };
        let request = ExecutionRequest {
            variables: prepared.variables,
            headers: head.forward.clone(),
            deadline: None,
        };
        self.0.executor.subscribe(plan, request).await.map_err(refused)
    }
}

/// Parsing and planning may take milliseconds of a core, and a panic in them must not take the connection along.
async fn off_the_hot_path<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|failed| {
        error!(error = %failed, "preparing an operation failed");
        Err(Refusal::internal())
    })
}
