//! Subgraphs that answer in an order of their own.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use lavka_executor::{SubgraphRequest, SubgraphResponse, Transport, TransportError};

use crate::random::Dice;

/// Lets others go first, as often as the dice say.
pub(crate) struct Dawdling {
    pub inner: Arc<dyn Transport>,
    pub dice: Arc<Mutex<Dice>>,
}

impl Transport for Dawdling {
    fn fetch(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<SubgraphResponse, TransportError>> {
        let turns = self.dice.lock().unwrap_or_else(PoisonError::into_inner).below(12);
        Box::pin(async move {
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
            self.inner.fetch(request).await
        })
    }

    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>> {
        self.inner.subscribe(request)
    }
}
