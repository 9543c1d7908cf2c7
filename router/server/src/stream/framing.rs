//! How events are told apart in a body.

use bytes::Bytes;
use lavka_executor::PieceForm;

/// A way of writing many GraphQL responses into one HTTP response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// graphql-sse, distinct connections mode.
    EventStream,
    /// Apollo's multipart protocol for subscriptions, version 1.0.
    Multipart,
    /// Incremental delivery over HTTP: the pieces of one answer, each a part.
    Pieces(PieceForm),
}

impl Framing {
    pub fn content_type(self) -> &'static str {
        match self {
            Self::EventStream => "text/event-stream; charset=utf-8",
            // Unquoted, or Apollo's clients on some platforms don't recognise it.
            Self::Multipart => "multipart/mixed;boundary=graphql;subscriptionSpec=1.0",
            Self::Pieces(PieceForm::Ids) => "multipart/mixed;boundary=graphql;incrementalSpec=v0.2",
            Self::Pieces(PieceForm::Paths) => "multipart/mixed;boundary=graphql;deferSpec=20220824",
        }
    }

    /// Written at once, so that the client knows that it is connected.
    pub fn opening(self) -> &'static [u8] {
        match self {
            Self::EventStream => b":\n\n",
            // Each part ends with the delimiter of the next: a client may read it as soon as it is whole.
            Self::Multipart | Self::Pieces(_) => b"--graphql",
        }
    }

    pub fn sign_of_life(self) -> &'static [u8] {
        match self {
            Self::EventStream => b":\n\n",
            Self::Multipart | Self::Pieces(_) => b"\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql",
        }
    }

    pub fn next(self, response: &Bytes) -> Vec<u8> {
        match self {
            Self::EventStream => {
                let mut bytes = b"event: next\n".to_vec();
                for line in response.split(|byte| matches!(byte, b'\n' | b'\r')) {
                    bytes.extend_from_slice(b"data: ");
                    bytes.extend_from_slice(line);
                    bytes.push(b'\n');
                }
                bytes.push(b'\n');
                bytes
            }
            Self::Multipart => {
                let mut bytes = b"\r\ncontent-type: application/json\r\n\r\n{\"payload\":".to_vec();
                bytes.extend_from_slice(response);
                bytes.extend_from_slice(b"}\r\n--graphql");
                bytes
            }
            Self::Pieces(_) => {
                let mut bytes = b"\r\ncontent-type: application/json; charset=utf-8\r\n\r\n".to_vec();
                bytes.extend_from_slice(response);
                bytes.extend_from_slice(b"\r\n--graphql");
                bytes
            }
        }
    }

    pub fn end(self) -> &'static [u8] {
        match self {
            // `EventSource` swallows an event without data.
            Self::EventStream => b"event: complete\ndata:\n\n",
            Self::Multipart | Self::Pieces(_) => b"--\r\n",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_in_a_response_stay_inside_its_event() {
        let bytes = Framing::EventStream.next(&Bytes::from_static(b"{\n}"));
        assert_eq!(bytes, b"event: next\ndata: {\ndata: }\n\n");
    }

    #[test]
    fn parts_are_whole_as_soon_as_they_are_written() {
        let framing = Framing::Multipart;
        let mut body = framing.opening().to_vec();
        body.extend(framing.next(&Bytes::from_static(b"{\"data\":1}")));
        body.extend(framing.sign_of_life());
        body.extend(framing.end());
        assert_eq!(
            String::from_utf8(body).unwrap(),
            "--graphql\r\ncontent-type: application/json\r\n\r\n{\"payload\":{\"data\":1}}\r\n\
             --graphql\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql--\r\n"
        );
    }
}
