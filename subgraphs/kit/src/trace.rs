//! The trace that a piece of work belongs to (W3C `traceparent`). It rides on a task-local, so that an event written
//! deep inside an operation, and a call to a peer, carry it on without anybody passing it by hand.

use std::future::Future;

tokio::task_local! {
    static TRACEPARENT: String;
}

/// The header and event attribute.
pub const TRACEPARENT_HEADER: &str = "traceparent";

/// Runs `work` as a part of this trace. A text that isn't a traceparent is dropped.
pub async fn within<F: Future>(traceparent: Option<&str>, work: F) -> F::Output {
    match traceparent.filter(|text| is_traceparent(text)) {
        Some(traceparent) => TRACEPARENT.scope(traceparent.to_owned(), work).await,
        None => work.await,
    }
}

/// The trace that this task works for.
pub fn current() -> Option<String> {
    TRACEPARENT.try_with(Clone::clone).ok()
}

/// `00-<32 hex>-<16 hex>-<2 hex>`.
fn is_traceparent(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut hex = |length: usize| {
        parts.next().is_some_and(|part| {
            part.len() == length
                && part
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        })
    };
    hex(2) && hex(32) && hex(16) && hex(2) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_a_well_formed_trace_is_carried_on() {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(
            within(Some(good), async { current() }).await.as_deref(),
            Some(good)
        );
        assert_eq!(within(Some("00-zz"), async { current() }).await, None);
        assert_eq!(current(), None);
    }
}
