//! What the router counts, in Prometheus' text form. Labels come from closed sets (protocols, codes, the subgraphs'
//! names), so that no client can make the page grow.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// The counters of one router. Cheap to clone; every clone counts into the same page.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Registry,
    http: Family<HttpLabels, Counter>,
    http_seconds: Histogram,
    operations: Family<OperationLabels, Counter>,
    operation_seconds: Family<ProtocolLabel, Histogram>,
    subgraph: Family<SubgraphLabels, Counter>,
    subgraph_seconds: Family<SubgraphLabel, Histogram>,
    cache: Family<CacheLabels, Counter>,
    subscriptions: Gauge,
    sockets: Gauge,
    slow_clients: Counter,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct HttpLabels {
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OperationLabels {
    protocol: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ProtocolLabel {
    protocol: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct SubgraphLabels {
    subgraph: Arc<str>,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct SubgraphLabel {
    subgraph: Arc<str>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct CacheLabels {
    cache: &'static str,
    result: &'static str,
}

/// From half a millisecond to sixteen seconds.
fn latencies() -> Histogram {
    Histogram::new(exponential_buckets(0.0005, 2.0, 16))
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("lavka_router");
        let inner = Inner {
            http: Family::default(),
            http_seconds: latencies(),
            operations: Family::default(),
            operation_seconds: Family::new_with_constructor(latencies),
            subgraph: Family::default(),
            subgraph_seconds: Family::new_with_constructor(latencies),
            cache: Family::default(),
            subscriptions: Gauge::default(),
            sockets: Gauge::default(),
            slow_clients: Counter::default(),
            registry: Registry::default(),
        };
        registry.register("http_responses", "HTTP responses by status", inner.http.clone());
        registry.register(
            "http_response_seconds",
            "Time from a request's headers to its answer's headers",
            inner.http_seconds.clone(),
        );
        registry.register(
            "operations",
            "GraphQL operations by protocol and outcome: executed, or the code of what refused them",
            inner.operations.clone(),
        );
        registry.register(
            "operation_seconds",
            "Time that queries and mutations took",
            inner.operation_seconds.clone(),
        );
        registry.register(
            "subgraph_requests",
            "Requests to subgraphs; outcome error means that no GraphQL answer arrived",
            inner.subgraph.clone(),
        );
        registry.register(
            "subgraph_seconds",
            "Time that subgraphs took to answer",
            inner.subgraph_seconds.clone(),
        );
        registry.register(
            "cache_lookups",
            "Look-ups of parsed documents and of plans",
            inner.cache.clone(),
        );
        registry.register(
            "open_subscriptions",
            "Subscriptions now open, over all protocols",
            inner.subscriptions.clone(),
        );
        registry.register(
            "open_sockets",
            "WebSocket connections now open",
            inner.sockets.clone(),
        );
        registry.register(
            "slow_clients",
            "Connections given up because the client did not read",
            inner.slow_clients.clone(),
        );
        Self(Arc::new(Inner { registry, ..inner }))
    }

    /// The page for `/metrics`.
    pub fn page(&self) -> String {
        let mut page = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut page, &self.0.registry);
        page
    }

    /// The page's media type.
    pub const CONTENT_TYPE: &'static str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    pub(crate) fn http(&self, status: u16, took: Duration) {
        self.0.http.get_or_create(&HttpLabels { status }).inc();
        self.0.http_seconds.observe(took.as_secs_f64());
    }

    pub(crate) fn operation(&self, protocol: &'static str, outcome: &'static str) {
        self.0
            .operations
            .get_or_create(&OperationLabels { protocol, outcome })
            .inc();
    }

    pub(crate) fn operation_took(&self, protocol: &'static str, took: Duration) {
        self.0
            .operation_seconds
            .get_or_create(&ProtocolLabel { protocol })
            .observe(took.as_secs_f64());
    }

    pub(crate) fn subgraph(&self, subgraph: &Arc<str>, answered: bool, took: Duration) {
        let subgraph = Arc::clone(subgraph);
        self.0
            .subgraph_seconds
            .get_or_create(&SubgraphLabel {
                subgraph: Arc::clone(&subgraph),
            })
            .observe(took.as_secs_f64());
        let outcome = if answered { "answer" } else { "error" };
        self.0
            .subgraph
            .get_or_create(&SubgraphLabels { subgraph, outcome })
            .inc();
    }

    pub(crate) fn cache(&self, cache: &'static str, hit: bool) {
        let result = if hit { "hit" } else { "miss" };
        self.0.cache.get_or_create(&CacheLabels { cache, result }).inc();
    }

    pub(crate) fn slow_client(&self) {
        self.0.slow_clients.inc();
    }

    pub(crate) fn subscription(&self) -> Open {
        Open::new(&self.0.subscriptions)
    }

    pub(crate) fn socket(&self) -> Open {
        Open::new(&self.0.sockets)
    }
}

/// Counts as open until it is dropped.
#[derive(Debug)]
pub(crate) struct Open(Gauge);

impl Open {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_what_was_counted() {
        let metrics = Metrics::new();
        metrics.http(200, Duration::from_millis(2));
        metrics.operation("http", "executed");
        metrics.subgraph(&Arc::from("users"), false, Duration::from_millis(1));
        metrics.cache("plan", true);
        let open = metrics.subscription();
        let page = metrics.page();
        for line in [
            "lavka_router_http_responses_total{status=\"200\"} 1",
            "lavka_router_operations_total{protocol=\"http\",outcome=\"executed\"} 1",
            "lavka_router_subgraph_requests_total{subgraph=\"users\",outcome=\"error\"} 1",
            "lavka_router_cache_lookups_total{cache=\"plan\",result=\"hit\"} 1",
            "lavka_router_open_subscriptions 1",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} in\n{page}");
        }
        drop(open);
        assert!(metrics.page().contains("lavka_router_open_subscriptions 0\n"));
    }
}
