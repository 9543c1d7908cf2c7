//! Counts and times what goes to subgraphs, whichever way it goes.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use lavka_executor::{SubgraphRequest, SubgraphResponse, Transport, TransportError};
use tokio::time::Instant;

use crate::metrics::Metrics;

/// A transport that is looked at.
pub(crate) struct Measured {
    pub inner: Arc<dyn Transport>,
    pub metrics: Metrics,
}

impl Transport for Measured {
    fn fetch(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<SubgraphResponse, TransportError>> {
        let (subgraph, started) = (Arc::clone(&request.subgraph), Instant::now());
        self.inner
            .fetch(request)
            .inspect(move |answer| {
                self.metrics
                    .subgraph(&subgraph, answer.is_ok(), started.elapsed())
            })
            .boxed()
    }

    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>> {
        let (subgraph, started) = (Arc::clone(&request.subgraph), Instant::now());
        self.inner
            .subscribe(request)
            .inspect(move |answer| {
                self.metrics
                    .subgraph(&subgraph, answer.is_ok(), started.elapsed())
            })
            .boxed()
    }
}
