//! Reads a request's body up to a limit.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt;

use crate::refusal::Refusal;

/// What of an oversized body is read and thrown away, so that its sender gets to hear the answer: one that is cut off
/// while it writes sees a broken connection instead.
const MOST_DISCARDED: usize = 64 * 1024 * 1024;

pub(crate) async fn read(mut body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let mut read = BytesMut::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|error| Refusal::bad_request(format!("the request body broke off: {error}")))?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > limit {
            read = BytesMut::new();
            if seen > MOST_DISCARDED {
                break;
            }
        } else {
            read.extend_from_slice(&data);
        }
    }
    if seen > limit {
        return Err(Refusal::http(
            StatusCode::PAYLOAD_TOO_LARGE,
            "PAYLOAD_TOO_LARGE",
            format!("the request body is longer than {limit} bytes"),
        ));
    }
    Ok(read.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        assert_eq!(read(Body::from("12345"), 5).await.unwrap(), "12345");
        let refusal = read(Body::from("123456"), 5).await.unwrap_err();
        assert_eq!(
            (refusal.status, refusal.code()),
            (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE")
        );
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_a_bad_request() {
        let broken = futures_util::stream::iter([Ok("12"), Err("reset by peer")]);
        let refusal = read(Body::from_stream(broken), 5).await.unwrap_err();
        assert!(refusal.faults[0].message.contains("reset by peer"), "{refusal:?}");
    }
}
