//! Subgraphs that the test plays itself: every request comes to the stage and waits there until the test answers it.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use http::HeaderMap;
use lavka_executor::{
    Execution, ExecutionRequest, Executor, Limits, PreparedPlan, SubgraphRequest, SubgraphResponse,
    Transport, TransportError,
};
use serde_json::Value as Json;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

pub type EventSender = mpsc::UnboundedSender<Result<Bytes, TransportError>>;

enum Reply {
    Fetch(oneshot::Sender<Result<SubgraphResponse, TransportError>>),
    Subscribe(oneshot::Sender<Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>),
}

/// A request that waits for its answer.
pub struct Call {
    pub subgraph: String,
    pub headers: HeaderMap,
    pub body: Json,
    reply: Reply,
}

impl Call {
    pub fn answers(self, body: Json) {
        self.answers_bytes(body.to_string());
    }

    pub fn answers_bytes(self, body: impl Into<Bytes>) {
        self.ends(Ok(SubgraphResponse {
            headers: HeaderMap::new(),
            body: body.into(),
        }));
    }

    pub fn ends(self, response: Result<SubgraphResponse, TransportError>) {
        let Reply::Fetch(reply) = self.reply else {
            panic!("{} is a subscription", self.body)
        };
        assert!(reply.send(response).is_ok(), "nobody waits for {}", self.body);
    }

    /// Accepts a subscription; what goes into the sender comes out as events.
    pub fn accepts(self) -> EventSender {
        let Reply::Subscribe(reply) = self.reply else {
            panic!("{} is no subscription", self.body)
        };
        let (sender, receiver) = mpsc::unbounded_channel();
        let events = futures_util::stream::unfold(receiver, |mut receiver| async move {
            receiver.recv().await.map(|event| (event, receiver))
        });
        assert!(
            reply.send(Ok(Box::pin(events))).is_ok(),
            "nobody waits for {}",
            self.body
        );
        sender
    }

    pub fn refuses(self, error: TransportError) {
        let Reply::Subscribe(reply) = self.reply else {
            panic!("{} is no subscription", self.body)
        };
        assert!(reply.send(Err(error)).is_ok(), "nobody waits for {}", self.body);
    }

    /// The representations under a variable.
    pub fn representations(&self, variable: &str) -> &Json {
        &self.body["variables"][variable]
    }

    /// Whether whoever asked has stopped waiting.
    pub fn is_cancelled(&self) -> bool {
        match &self.reply {
            Reply::Fetch(reply) => reply.is_closed(),
            Reply::Subscribe(reply) => reply.is_closed(),
        }
    }
}

struct Door(mpsc::UnboundedSender<Call>);

impl Door {
    fn call(&self, request: SubgraphRequest, reply: Reply) {
        let body = serde_json::from_slice(&request.body).expect("a request is JSON");
        let call = Call {
            subgraph: request.subgraph.to_string(),
            headers: request.headers,
            body,
            reply,
        };
        assert!(self.0.send(call).is_ok(), "the stage stands");
    }
}

impl Transport for Door {
    fn fetch(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<SubgraphResponse, TransportError>> {
        let (reply, answer) = oneshot::channel();
        self.call(request, Reply::Fetch(reply));
        Box::pin(async { answer.await.expect("the test answers every call that it takes") })
    }

    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>> {
        let (reply, answer) = oneshot::channel();
        self.call(request, Reply::Subscribe(reply));
        Box::pin(async { answer.await.expect("the test answers every call that it takes") })
    }
}

/// Where all the subgraphs a, b, c … play.
pub struct Stage {
    pub executor: Executor,
    calls: mpsc::UnboundedReceiver<Call>,
}

impl Stage {
    pub fn new() -> Self {
        let (sender, calls) = mpsc::unbounded_channel();
        let door: Arc<dyn Transport> = Arc::new(Door(sender));
        let transports: HashMap<Arc<str>, Arc<dyn Transport>> = ["a", "b", "c", "d"]
            .into_iter()
            .map(|name| (name.into(), door.clone()))
            .collect();
        Self {
            executor: Executor::new(transports),
            calls,
        }
    }

    pub fn with_limits(limits: Limits) -> Self {
        let mut stage = Self::new();
        stage.executor = stage.executor.with_limits(limits);
        stage
    }

    /// Starts an execution beside the test.
    pub fn start(&self, plan: &Arc<PreparedPlan>) -> JoinHandle<Execution> {
        self.start_with(plan, ExecutionRequest::default())
    }

    pub fn start_with(&self, plan: &Arc<PreparedPlan>, request: ExecutionRequest) -> JoinHandle<Execution> {
        let (executor, plan) = (self.executor.clone(), plan.clone());
        tokio::spawn(async move { executor.execute(&plan, request).await })
    }

    /// The next request, which must be to this subgraph.
    pub async fn call(&mut self, subgraph: &str) -> Call {
        let call = self.calls.recv().await.expect("the stage stands");
        assert_eq!(call.subgraph, subgraph, "{}", call.body);
        call
    }

    /// The next requests, one to each of these subgraphs, in this order, whoever asked first.
    pub async fn calls<const N: usize>(&mut self, subgraphs: [&str; N]) -> [Call; N] {
        let mut calls = Vec::new();
        for _ in 0..N {
            calls.push(self.calls.recv().await.expect("the stage stands"));
        }
        subgraphs.map(|subgraph| {
            let at = calls.iter().position(|call| call.subgraph == subgraph);
            calls.remove(at.unwrap_or_else(|| panic!("nobody asked {subgraph}")))
        })
    }

    /// Everything that can run has run, and nobody asks for anything. The tests run on one thread: a task that has
    /// something to do does it while this one steps back.
    pub async fn is_quiet(&mut self) {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        if let Ok(call) = self.calls.try_recv() {
            panic!("{} was asked: {}", call.subgraph, call.body);
        }
    }
}

/// The response as JSON.
pub fn json(body: &[u8]) -> Json {
    serde_json::from_slice(body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(body)))
}

/// The body of a finished execution, as text.
pub async fn text(execution: JoinHandle<Execution>) -> String {
    let execution = execution.await.expect("an execution doesn't panic");
    String::from_utf8(execution.body.to_vec()).expect("a response is UTF-8")
}
