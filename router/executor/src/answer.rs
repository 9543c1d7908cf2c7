//! The executor's door: a plan and a request in, bytes out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use ::http::HeaderMap;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use serde_json::{Map, Value as Json};
use tokio::time::Instant;

use crate::defer::{self, PieceForm, Pieces};
use crate::prepare::PreparedPlan;
use crate::project::project;
use crate::schedule::Run;
use crate::subscribe;
use crate::transport::Transport;

/// Runs plans. Cheap to clone; everything of one request lives on the caller's task.
#[derive(Clone)]
pub struct Executor {
    pub(crate) transports: Arc<HashMap<Arc<str>, Arc<dyn Transport>>>,
    pub(crate) limits: Limits,
}

/// What a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long one fetch may take.
    pub fetch_timeout: Duration,
    /// The most bytes of one subgraph response.
    pub fetch_bytes: usize,
    /// The most bytes of a response's `data`: entities in lists of entities multiply.
    pub answer_bytes: usize,
    /// The most errors in a response; the ones beyond are counted, not written.
    pub errors: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fetch_timeout: Duration::from_secs(30),
            fetch_bytes: 32 << 20,
            answer_bytes: 128 << 20,
            errors: 1000,
        }
    }
}

/// What a client asked, beside the plan.
#[derive(Clone, Debug, Default)]
pub struct ExecutionRequest {
    /// The variables, coerced by the operation's types, with defaults filled in.
    pub variables: Map<String, Json>,
    /// The headers to forward to every subgraph.
    pub headers: HeaderMap,
    /// When the last fetch has to have ended, whatever its own timeout is: what is missing by then is an error, and the rest is answered. `None`: each fetch has
    /// its own time.
    pub deadline: Option<Instant>,
}

/// The response.
#[derive(Clone, Debug)]
pub struct Execution {
    /// `{"data": …, "errors": …}`; `errors` only if there are some.
    pub body: Bytes,
    /// What subgraphs want to be passed on: every `set-cookie`, in the order of the plan's fetches.
    pub headers: HeaderMap,
}

impl Executor {
    /// An executor that reaches each subgraph by its transport, within the default [`Limits`].
    pub fn new(transports: HashMap<Arc<str>, Arc<dyn Transport>>) -> Self {
        Self {
            transports: Arc::new(transports),
            limits: Limits::default(),
        }
    }

    /// The same executor within other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Answers a query or a mutation. Never fails as a whole: what couldn't be fetched is null, with an error.
    pub async fn execute(&self, plan: &Arc<PreparedPlan>, request: ExecutionRequest) -> Execution {
        let mut run = Run::new(self, plan, &request);
        run.fetch_all().await;
        let headers = run.take_headers();
        Execution {
            body: project(plan, run.done(), &self.limits),
            headers,
        }
    }

    /// Answers a query or a mutation whose plan [is deferred](PreparedPlan::is_deferred): a first piece, and the others as they become complete.
    pub async fn execute_in_pieces(
        &self,
        plan: &Arc<PreparedPlan>,
        request: ExecutionRequest,
        form: PieceForm,
    ) -> Pieces {
        defer::open(self.clone(), plan.clone(), request, form).await
    }

    /// Opens a subscription. Every item is a whole GraphQL response; the error is one too (without `data`). Dropping the
    /// stream ends the subscription at its subgraph.
    pub async fn subscribe(
        &self,
        plan: &Arc<PreparedPlan>,
        request: ExecutionRequest,
    ) -> Result<BoxStream<'static, Bytes>, Bytes> {
        subscribe::open(self.clone(), plan.clone(), request).await
    }
}
