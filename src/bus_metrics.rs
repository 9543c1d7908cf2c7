//! `/metrics` of the event bus: how far each consumer group is behind. In `lavka up` it stands on the router's page, in
//! `lavka subgraph` on one of its own, with the groups of that process.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::http::header;
use axum::routing::get;
use lavka_kit::bus::{EventBus, Lag};

/// What a service counts, in the text form that Prometheus reads, without the end mark.
pub type Count = Arc<dyn Fn() -> String + Send + Sync>;

/// The route for a process that has no router.
pub fn routes(bus: Arc<dyn EventBus>, counts: Vec<Count>) -> axum::Router {
    let page = async move || {
        let page = with_lag("# EOF\n", &*bus, &counts).await;
        (
            [(header::CONTENT_TYPE, lavka_router::Metrics::CONTENT_TYPE)],
            page,
        )
    };
    axum::Router::new().route("/metrics", get(page))
}

/// A page of metrics and, before its end mark, how far each consumer group is behind, and what services count.
pub async fn with_lag(page: &str, bus: &dyn EventBus, counts: &[Count]) -> String {
    let lag = bus.lag().await.unwrap_or_else(|error| {
        let error = lavka_kit::errors::chain(&error);
        tracing::warn!(error, "the bus's lag is missing in the metrics");
        Vec::new()
    });
    add(page, &lag, counts)
}

fn add(page: &str, lag: &[Lag], counts: &[Count]) -> String {
    const END: &str = "# EOF\n";
    let mut page = page.strip_suffix(END).unwrap_or(page).to_owned();
    for (name, help, of) in [
        (
            "lavka_bus_waiting",
            "Events that a consumer group has yet to handle.",
            (|it| it.waiting) as fn(&Lag) -> u64,
        ),
        (
            "lavka_bus_dead_letters",
            "Events that a consumer group could not handle.",
            |it| it.dead,
        ),
    ] {
        // Writing to a String can't fail.
        let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} gauge");
        for it in lag {
            let _ = writeln!(
                page,
                "{name}{{group=\"{}\",topic=\"{}\"}} {}",
                it.group,
                it.topic,
                of(it)
            );
        }
    }
    for count in counts {
        page.push_str(&count());
    }
    page.push_str(END);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bus_stands_within_the_routers_metrics() {
        let lag = Lag {
            group: "orders".to_owned(),
            topic: "lavka.payments".to_owned(),
            waiting: 3,
            dead: 1,
        };
        let page = add("# TYPE a counter\na_total 1\n# EOF\n", &[lag], &[]);
        assert!(
            page.starts_with("# TYPE a counter\na_total 1\n# HELP lavka_bus_waiting"),
            "{page}"
        );
        assert!(
            page.contains("lavka_bus_waiting{group=\"orders\",topic=\"lavka.payments\"} 3\n"),
            "{page}"
        );
        assert!(
            page.contains("lavka_bus_dead_letters{group=\"orders\",topic=\"lavka.payments\"} 1\n"),
            "{page}"
        );
        assert_eq!(page.matches("# EOF").count(), 1);
        assert!(page.ends_with("# EOF\n"));
    }
}
