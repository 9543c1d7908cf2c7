//! The router calls the subgraphs of this process directly, without HTTP.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use lavka_executor::{SubgraphRequest, SubgraphResponse, Transport, TransportError};
use lavka_kit::subgraph::GraphqlService;

/// A subgraph of this process.
pub struct InProcess(pub Arc<dyn GraphqlService>);

impl Transport for InProcess {
    fn fetch(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<SubgraphResponse, TransportError>> {
        Box::pin(async move {
            let response = self.0.execute(request.headers, None, request.body).await;
            Ok(SubgraphResponse {
                headers: response.headers,
                body: response.body,
            })
        })
    }

    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>> {
        Box::pin(async move {
            let events = match self.0.subscribe(request.headers, None, request.body).await {
                Ok(events) => events,
                // A refusal is a response like any other: its errors are for the client.
                Err(refusal) => futures_util::stream::once(std::future::ready(refusal)).boxed(),
            };
            Ok(events.map(Ok).boxed())
        })
    }
}
