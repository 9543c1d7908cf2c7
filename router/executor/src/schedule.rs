//! When each fetch runs: as soon as everything that it depends on has ended. There are no waves.
//!
//! One request lives on one task. The fetches in flight are futures beside each other in it, and the tree has one owner:
//! no lock lies on a request's path. Dropping the run cancels what is in flight.

use std::collections::VecDeque;

use ::http::{HeaderMap, header};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::Instant;

use crate::answer::{ExecutionRequest, Executor};
use crate::arena::{ObjectId, Tree};
use crate::contexts;
use crate::errors::{Errors, FieldError};
use crate::prepare::{Conditions, PreparedFetch, PreparedPlan, PreparedTarget};
use crate::report;
use crate::represent::{Asked, represent};
use crate::transport::{SubgraphRequest, SubgraphResponse, TransportError};

/// How many requests of one fetch are on their way at once: a list of a thousand objects, each with a value of its own, must not flood a subgraph.
const MOST_AT_ONCE: usize = 32;

/// One request, or one event of a subscription, while it runs.
pub(crate) struct Run<'r> {
    executor: &'r Executor,
    plan: &'r PreparedPlan,
    request: &'r ExecutionRequest,
    pub(crate) conditions: Conditions,
    pub(crate) tree: Tree,
    pub(crate) root: ObjectId,
    pub(crate) errors: Errors,
    /// Subgraphs' errors, until everything has arrived.
    pub(crate) late: Vec<report::Late>,
    /// By fetch.
    headers: Vec<(usize, HeaderMap)>,
}

/// A run that has ended.
pub(crate) struct Done {
    pub(crate) tree: Tree,
    pub(crate) root: ObjectId,
    pub(crate) conditions: Conditions,
    pub(crate) errors: Errors,
}

/// What is under way, and what isn't yet.
pub(crate) struct Flight<'r> {
    in_flight: FuturesUnordered<BoxFuture<'r, Arrived>>,
    /// Requests of fetches that have enough of them under way.
    later: VecDeque<(usize, BoxFuture<'r, Arrived>)>,
    ready: Vec<usize>,
    /// By fetch.
    fetches: Vec<Progress>,
}

/// How far a fetch is.
struct Progress {
    /// How many others it waits for.
    waiting: usize,
    /// How many of its requests haven't arrived.
    open: usize,
    has_ended: bool,
}

impl Progress {
    fn new(fetch: &PreparedFetch) -> Self {
        Self {
            waiting: fetch.dependencies,
            open: 0,
            has_ended: false,
        }
    }
}

impl<'r> Flight<'r> {
    /// One more request of a fetch: on its way now, or when others of it have arrived.
    fn add(&mut self, fetch: usize, request: BoxFuture<'r, Arrived>) {
        let open = &mut self.fetches[fetch].open;
        *open += 1;
        if *open <= MOST_AT_ONCE {
            self.in_flight.push(request);
        } else {
            self.later.push_back((fetch, request));
        }
    }

    /// Whether nothing more of a fetch will arrive. One that the plan doesn't have has ended.
    pub(crate) fn has_ended(&self, fetch: usize) -> bool {
        self.fetches.get(fetch).is_none_or(|progress| progress.has_ended)
    }
}

/// A fetch that has ended.
struct Arrived {
    fetch: usize,
    asked: Vec<Asked>,
    response: Result<SubgraphResponse, TransportError>,
}

impl<'r> Run<'r> {
    pub(crate) fn new(executor: &'r Executor, plan: &'r PreparedPlan, request: &'r ExecutionRequest) -> Self {
        let mut tree = Tree::with_room(plan.sizes.tree());
        let root = tree.empty_object();
        Self {
            executor,
            plan,
            request,
            conditions: plan.evaluate(&request.variables),
            tree,
            root,
            errors: Errors::new(executor.limits.errors),
            late: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// Runs the whole plan.
    pub(crate) async fn fetch_all(&mut self) {
        let flight = self.depart();
        self.run(flight).await;
    }

    /// What may start at once.
    pub(crate) fn depart(&self) -> Flight<'r> {
        let fetches = self.plan.fetches.iter();
        let ready = (0..fetches.len()).filter(|id| self.plan.fetches[*id].dependencies == 0);
        Flight {
            in_flight: FuturesUnordered::new(),
            later: VecDeque::new(),
            ready: ready.collect(),
            fetches: fetches.map(Progress::new).collect(),
        }
    }

    /// Takes an event of the subscription (fetch 0) and runs what completes it.
    pub(crate) async fn complete(&mut self, event: Result<Bytes, TransportError>) {
        let response = event.map(|body| SubgraphResponse {
            headers: HeaderMap::new(),
            body,
        });
        self.take(Arrived {
            fetch: 0,
            asked: Vec::new(),
            response,
        });
        let mut flight = self.depart();
        flight.ready.retain(|id| *id > 0);
        self.release(0, &mut flight);
        self.run(flight).await;
    }

    async fn run(&mut self, mut flight: Flight<'r>) {
        loop {
            self.start_ready(&mut flight);
            if !self.arrive(&mut flight).await {
                break;
            }
        }
        for late in std::mem::take(&mut self.late) {
            let mut into = report::Into {
                tree: &mut self.tree,
                root: self.root,
                errors: &mut self.errors,
            };
            report::move_errors(self.plan, &late, &mut into);
        }
    }

    /// Starts what may start. What needs no start has ended.
    pub(crate) fn start_ready(&mut self, flight: &mut Flight<'r>) {
        // Not a queue: what a skipped fetch releases may start before what was ready with it.
        while let Some(id) = flight.ready.pop() {
            self.start(id, flight);
            if flight.fetches[id].open == 0 {
                self.release(id, flight);
            }
        }
    }

    /// Takes what arrives until a fetch has ended. False: nothing is under way.
    pub(crate) async fn arrive(&mut self, flight: &mut Flight<'r>) -> bool {
        while let Some(arrived) = flight.in_flight.next().await {
            let id = arrived.fetch;
            self.take(arrived);
            flight.fetches[id].open -= 1;
            if let Some(next) = flight.later.iter().position(|(fetch, _)| *fetch == id) {
                let next = flight.later.remove(next);
                flight.in_flight.extend(next.map(|(_, request)| request));
            }
            if flight.fetches[id].open == 0 {
                self.release(id, flight);
                return true;
            }
        }
        false
    }

    fn release(&self, ended: usize, flight: &mut Flight<'r>) {
        flight.fetches[ended].has_ended = true;
        for dependent in &self.plan.fetches[ended].dependents {
            let waiting = &mut flight.fetches[*dependent].waiting;
            *waiting -= 1;
            if *waiting == 0 {
                flight.ready.push(*dependent);
            }
        }
    }

    /// Sends a fetch: one request, or none when there is nothing to ask; several where it takes different values from contexts.
    fn start(&mut self, id: usize, flight: &mut Flight<'r>) {
        let fetch = &self.plan.fetches[id];
        if !self.conditions.hold(fetch.condition) {
            return;
        }
        if fetch.takes_from_contexts() {
            for (body, asked) in self.bodies(fetch) {
                flight.add(id, self.send(id, body, asked));
            }
        } else if let Some((body, asked)) = self.body(fetch) {
            flight.add(id, self.send(id, body, asked));
        }
    }

    fn send(&self, id: usize, body: Vec<u8>, asked: Vec<Asked>) -> BoxFuture<'r, Arrived> {
        let fetch = &self.plan.fetches[id];
        let request = SubgraphRequest {
            subgraph: fetch.subgraph.clone(),
            headers: self.request.headers.clone(),
            body: body.into(),
            is_repeatable: fetch.is_repeatable,
        };
        let transport = self.executor.transports.get(&fetch.subgraph).cloned();
        let limits = self.executor.limits;
        let rest = self
            .request
            .deadline
            .map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let patience = rest.map_or(limits.fetch_timeout, |rest| rest.min(limits.fetch_timeout));
        Box::pin(async move {
            let response = match transport {
                // Not even sent: a mutation that nobody waits for any more must not happen.
                Some(_) if patience.is_zero() => Err(TransportError::TimedOut),
                Some(transport) => tokio::time::timeout(patience, transport.fetch(request))
                    .await
                    .unwrap_or(Err(TransportError::TimedOut)),
                None => Err(TransportError::Unsupported(
                    "this router has no way to the subgraph".into(),
                )),
            };
            let response = response.and_then(|response| match response.body.len() > limits.fetch_bytes {
                true => Err(TransportError::TooLarge {
                    limit: limits.fetch_bytes,
                }),
                false => Ok(response),
            });
            Arrived {
                fetch: id,
                asked,
                response,
            }
        })
    }

    /// The body up to the batches' variables, and where the variables begin.
    fn head(&self, fetch: &PreparedFetch) -> (Vec<u8>, usize) {
        let mut body = fetch.head.clone();
        let start = body.len();
        for (name, member) in &fetch.variables {
            if let Some(value) = self.request.variables.get(&**name) {
                if body.len() > start {
                    body.push(b',');
                }
                body.extend_from_slice(member);
                body.extend_from_slice(value.to_string().as_bytes());
            }
        }
        (body, start)
    }

    /// The bodies of a fetch that takes values from contexts.
    fn bodies(&mut self, fetch: &PreparedFetch) -> Vec<(Vec<u8>, Vec<Asked>)> {
        let PreparedTarget::Entities(batches) = &fetch.target else {
            return Vec::new();
        };
        let wanted: Vec<_> = batches
            .iter()
            .map(|batch| (batch, self.conditions.hold(batch.condition)))
            .collect();
        let requests = contexts::requests(self.plan, &self.tree, self.root, &wanted);
        for (batch, objects) in batches.iter().zip(&requests.impossible) {
            self.errors.fail_after(objects, batch);
        }
        let (head, start) = self.head(fetch);
        let bodies = requests.bodies.into_iter().map(|(rest, asked)| {
            let mut body = head.clone();
            if body.len() > start {
                body.push(b',');
            }
            body.extend_from_slice(&rest);
            body.extend_from_slice(b"}}");
            (body, asked)
        });
        bodies.collect()
    }

    /// The request's body and the entities in it; `None` when there are no entities to ask for.
    fn body(&mut self, fetch: &PreparedFetch) -> Option<(Vec<u8>, Vec<Asked>)> {
        let (mut body, start) = self.head(fetch);
        let mut asked = Vec::new();
        if let PreparedTarget::Nested { path, .. } = &fetch.target {
            let there = Asked::all_at(self.plan, &self.tree, self.root, path);
            if there.targets.is_empty() {
                return None;
            }
            asked.push(there);
        }
        if let PreparedTarget::Entities(batches) = &fetch.target {
            for batch in batches {
                if body.len() > start {
                    body.push(b',');
                }
                body.extend_from_slice(&batch.variable);
                body.push(b'[');
                if self.conditions.hold(batch.condition) {
                    let of_batch = represent(self.plan, &self.tree, self.root, batch, &mut body);
                    self.errors.fail_after(&of_batch.impossible, batch);
                    asked.push(of_batch);
                } else {
                    asked.push(Asked::default());
                }
                body.push(b']');
            }
            if asked.iter().all(|asked| asked.count == 0) {
                return None;
            }
        }
        body.extend_from_slice(b"}}");
        Some((body, asked))
    }

    /// The body of the plan's first fetch, which depends on nothing.
    pub(crate) fn first_body(&mut self) -> Bytes {
        let plan = self.plan;
        plan.fetches
            .first()
            .and_then(|fetch| self.body(fetch))
            .map(|(body, _)| body.into())
            .unwrap_or_default()
    }

    /// Merges what has arrived, and says what of it is missing.
    fn take(&mut self, arrived: Arrived) {
        let fetch = arrived.fetch;
        match arrived.response {
            Ok(response) => {
                self.keep_headers(fetch, &response.headers);
                let late = report::take(
                    self.plan,
                    fetch,
                    arrived.asked,
                    &response.body,
                    &mut report::Into {
                        tree: &mut self.tree,
                        root: self.root,
                        errors: &mut self.errors,
                    },
                );
                self.late.extend(late);
            }
            Err(error) => {
                tracing::warn!(
                    subgraph = &*self.plan.fetches[fetch].subgraph,
                    error = &error as &dyn std::error::Error,
                    "fetch failed"
                );
                let subgraph = &self.plan.fetches[fetch].subgraph;
                let error = FieldError::of_subgraph(
                    error.to_string(),
                    serde_json::Map::new(),
                    subgraph,
                    error.code(),
                );
                report::fail(
                    self.plan,
                    fetch,
                    &arrived.asked,
                    &error,
                    false,
                    self.root,
                    &mut self.errors,
                );
            }
        }
    }

    fn keep_headers(&mut self, fetch: usize, headers: &HeaderMap) {
        if headers.contains_key(header::SET_COOKIE) {
            let mut kept = HeaderMap::new();
            for value in headers.get_all(header::SET_COOKIE) {
                kept.append(header::SET_COOKIE, value.clone());
            }
            self.headers.push((fetch, kept));
        }
    }

    /// What the subgraphs that have answered want to be passed on.
    pub(crate) fn take_headers(&mut self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        self.headers.sort_by_key(|(fetch, _)| *fetch);
        for (_, kept) in self.headers.drain(..) {
            for value in kept.get_all(header::SET_COOKIE) {
                headers.append(header::SET_COOKIE, value.clone());
            }
        }
        headers
    }

    /// What the answer is written from.
    pub(crate) fn done(self) -> Done {
        Done {
            tree: self.tree,
            root: self.root,
            conditions: self.conditions,
            errors: self.errors,
        }
    }
}
