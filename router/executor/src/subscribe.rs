//! A subscription: the first fetch is a stream, and each of its events is completed by the rest of the plan.
//!
//! Events are answered one after the other, in the order in which they came. While one is being completed the next waits
//! in the transport, which is what slows a subgraph down that is faster than its client.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt};
use serde_json::Map;

use crate::answer::{ExecutionRequest, Executor};
use crate::errors::FieldError;
use crate::prepare::PreparedPlan;
use crate::project::project;
use crate::schedule::Run;
use crate::transport::{SubgraphRequest, TransportError};

/// Opens the stream of the plan's first fetch.
pub(crate) async fn open(
    executor: Executor,
    plan: Arc<PreparedPlan>,
    request: ExecutionRequest,
) -> Result<BoxStream<'static, Bytes>, Bytes> {
    let Some(first) = plan.fetches.first() else {
        return Err(refusal(&FieldError::new(
            "the plan has nothing to subscribe to",
            "INTERNAL_SERVER_ERROR",
        )));
    };
    let subgraph = first.subgraph.clone();
    let body = Run::new(&executor, &plan, &request).first_body();
    let opened = match executor.transports.get(&subgraph) {
        Some(transport) => {
            let request = SubgraphRequest {
                subgraph: subgraph.clone(),
                headers: request.headers.clone(),
                body,
                is_repeatable: true,
            };
            tokio::time::timeout(executor.limits.fetch_timeout, transport.subscribe(request))
                .await
                .unwrap_or(Err(TransportError::TimedOut))
        }
        None => Err(TransportError::Unsupported(
            "this router has no way to the subgraph".into(),
        )),
    };
    let events = opened.map_err(|error| {
        refusal(&FieldError::of_subgraph(
            error.to_string(),
            Map::new(),
            &subgraph,
            error.code(),
        ))
    })?;
    // A broken stream can't go on: its error is the last thing that the client gets.
    let events = events.scan(false, |has_ended, event| {
        let goes_on = !std::mem::replace(has_ended, event.is_err());
        std::future::ready(goes_on.then_some(event))
    });
    let shared = Arc::new((executor, plan, request));
    let answers = events.then(move |event| {
        let shared = shared.clone();
        async move { complete(&shared.0, &shared.1, &shared.2, event).await }
    });
    Ok(answers.boxed())
}

async fn complete(
    executor: &Executor,
    plan: &Arc<PreparedPlan>,
    request: &ExecutionRequest,
    event: Result<Bytes, TransportError>,
) -> Bytes {
    let mut run = Run::new(executor, plan, request);
    run.complete(event).await;
    project(plan, run.done(), &executor.limits)
}

fn refusal(error: &FieldError) -> Bytes {
    serde_json::json!({ "errors": [error] }).to_string().into()
}
