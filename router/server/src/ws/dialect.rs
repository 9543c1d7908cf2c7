//! The two subprotocols: how their messages read and write. What the messages mean is the same for both.

use bytes::Bytes;
use lavka_executor::PieceForm;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::refusal::Refusal;
use crate::request::GraphqlRequest;

/// A subprotocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `graphql-transport-ws`, the protocol of the graphql-ws library.
    Transport,
    /// `graphql-ws`, the protocol of the older subscriptions-transport-ws library.
    Legacy,
}

/// What a client says.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    Init(Map<String, Value>),
    Ping(Option<Value>),
    Pong,
    /// An operation; its form may be wrong, which is its own problem and not the socket's.
    Start {
        id: String,
        request: Result<GraphqlRequest, Refusal>,
    },
    Stop {
        id: String,
    },
    Terminate,
}

/// What the router says.
#[derive(Debug, PartialEq)]
pub(super) enum Say<'a> {
    Ack,
    Pong(Option<Value>),
    /// A GraphQL response.
    Next {
        id: &'a str,
        response: &'a Bytes,
    },
    /// The operation was not executed: a list of GraphQL errors, at least one.
    Failed {
        id: &'a str,
        errors: &'a Bytes,
    },
    Complete {
        id: &'a str,
    },
}

/// Why a socket is closed: a code of the specification and a reason for people.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Close {
    pub code: u16,
    pub reason: String,
}

impl Close {
    pub fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        // A close frame has room for 123 bytes of reason.
        while reason.len() > 120 {
            reason.pop();
        }
        Self { code, reason }
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type")]
    kind: String,
    id: Option<Value>,
    payload: Option<Value>,
}

impl Dialect {
    pub const NAMES: [&'static str; 2] = ["graphql-transport-ws", "graphql-ws"];

    pub fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"graphql-transport-ws" => Some(Self::Transport),
            b"graphql-ws" => Some(Self::Legacy),
            _ => None,
        }
    }

    /// How the pieces of a deferred answer are told: one message each. The old library's clients know nothing of them.
    pub fn pieces(self) -> Option<PieceForm> {
        match self {
            Self::Transport => Some(PieceForm::Ids),
            Self::Legacy => None,
        }
    }

    /// Reads one message; what isn't one closes the socket.
    pub fn read(self, text: &str) -> Result<Said, Close> {
        let invalid = |what: String| Close::new(4400, format!("Invalid message: {what}"));
        let message: Envelope = serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?;
        let id = match message.id {
            Some(Value::String(id)) if !id.is_empty() => Ok(id),
            // Some old clients number their operations.
            Some(Value::Number(id)) if self == Self::Legacy => Ok(id.to_string()),
            _ => Err(invalid(format!(
                "{} needs an `id`, a string that isn't empty",
                message.kind
            ))),
        };
        let object = match message.payload {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(members)) => Ok(Some(members)),
            Some(_) => Err(invalid(format!(
                "the payload of {} must be an object",
                message.kind
            ))),
        };
        let start = |object: Option<Map<String, Value>>, id| {
            let payload = object.ok_or_else(|| invalid(format!("{} has no payload", message.kind)))?;
            Ok(Said::Start {
                id,
                request: GraphqlRequest::from_value(Value::Object(payload)),
            })
        };
        match (self, message.kind.as_str()) {
            (_, "connection_init") => Ok(Said::Init(object?.unwrap_or_default())),
            (Self::Transport, "ping") => Ok(Said::Ping(object?.map(Value::Object))),
            (Self::Transport, "pong") => Ok(Said::Pong),
            (Self::Transport, "subscribe") => start(object?, id?),
            (Self::Transport, "complete") => Ok(Said::Stop { id: id? }),
            (Self::Legacy, "start") => start(object?, id?),
            (Self::Legacy, "stop") => Ok(Said::Stop { id: id? }),
            (Self::Legacy, "connection_terminate") => Ok(Said::Terminate),
            (_, other) => {
                let other: String = other.chars().take(40).collect();
                Err(invalid(format!("unknown type `{other}`")))
            }
        }
    }

    /// Writes one message.
    pub fn write(self, say: &Say<'_>) -> String {
        let legacy = self == Self::Legacy;
        match say {
            Say::Ack => r#"{"type":"connection_ack"}"#.to_owned(),
            Say::Pong(None) => r#"{"type":"pong"}"#.to_owned(),
            Say::Pong(Some(payload)) => format!(r#"{{"type":"pong","payload":{payload}}}"#),
            Say::Next { id, response } => message(if legacy { "data" } else { "next" }, id, response),
            // The old library's `error` carries one object; as `data` every client of it shows the whole list.
            Say::Failed { id, errors } if legacy => {
                let response = [b"{\"errors\":", &errors[..], b"}"].concat();
                message("data", id, &response)
            }
            Say::Failed { id, errors } => message("error", id, errors),
            Say::Complete { id } => format!(r#"{{"id":{},"type":"complete"}}"#, Value::from(*id)),
        }
    }

    /// What to send now and then on a silent socket, beside the WebSocket's own ping.
    pub fn keep_alive(self) -> Option<&'static str> {
        (self == Self::Legacy).then_some(r#"{"type":"ka"}"#)
    }

    /// The old dialect says why it refuses a connection before it closes it.
    pub fn refusal(self, reason: &str) -> Option<String> {
        (self == Self::Legacy).then(|| {
            format!(
                r#"{{"type":"connection_error","payload":{{"message":{}}}}}"#,
                Value::from(reason)
            )
        })
    }
}

fn message(kind: &str, id: &str, payload: &[u8]) -> String {
    // The executor writes JSON, which is UTF-8.
    format!(
        r#"{{"id":{},"type":"{kind}","payload":{}}}"#,
        Value::from(id),
        String::from_utf8_lossy(payload)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closes(dialect: Dialect, text: &str) -> String {
        let close = dialect.read(text).unwrap_err();
        assert_eq!(close.code, 4400);
        close.reason
    }

    #[test]
    fn reads_what_clients_say() {
        let dialect = Dialect::Transport;
        assert_eq!(
            dialect.read(r#"{"type":"connection_init"}"#),
            Ok(Said::Init(Map::new()))
        );
        assert_eq!(dialect.read(r#"{"type":"ping"}"#), Ok(Said::Ping(None)));
        assert_eq!(
            dialect.read(r#"{"type":"complete","id":"1"}"#),
            Ok(Said::Stop { id: "1".into() })
        );
        let said = dialect.read(r#"{"type":"subscribe","id":"1","payload":{"query":"{a}"}}"#);
        let request = GraphqlRequest {
            source: crate::request::Source::Text("{a}".into()),
            operation_name: None,
            variables: Map::new(),
        };
        assert_eq!(
            said,
            Ok(Said::Start {
                id: "1".into(),
                request: Ok(request)
            })
        );
        assert_eq!(
            Dialect::Legacy.read(r#"{"type":"stop","id":7}"#),
            Ok(Said::Stop { id: "7".into() })
        );
    }

    #[test]
    fn a_wrong_operation_is_not_a_wrong_message() {
        let said = Dialect::Transport.read(r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#);
        assert!(
            matches!(said, Ok(Said::Start { request: Err(_), .. })),
            "{said:?}"
        );
    }

    #[test]
    fn what_is_no_message_closes_the_socket() {
        let dialect = Dialect::Transport;
        assert!(closes(dialect, "hello").starts_with("Invalid message: expected value"));
        assert!(closes(dialect, "{}").contains("missing field `type`"));
        assert_eq!(
            closes(dialect, r#"{"type":"start","id":"1","payload":{}}"#),
            "Invalid message: unknown type `start`"
        );
        assert!(
            closes(dialect, r#"{"type":"subscribe","payload":{"query":"{a}"}}"#).contains("needs an `id`")
        );
        assert!(closes(dialect, r#"{"type":"subscribe","id":"1"}"#).contains("has no payload"));
        assert!(closes(dialect, r#"{"type":"connection_init","payload":3}"#).contains("must be an object"));
        assert!(closes(Dialect::Legacy, r#"{"type":"subscribe","id":"1"}"#).contains("unknown type"));
        assert!(closes(dialect, &format!(r#"{{"type":"{}"}}"#, "x".repeat(5000))).len() <= 120);
    }

    #[test]
    fn writes_both_dialects() {
        let response = Bytes::from_static(b"{\"data\":1}");
        let next = Say::Next {
            id: "a\"",
            response: &response,
        };
        assert_eq!(
            Dialect::Transport.write(&next),
            r#"{"id":"a\"","type":"next","payload":{"data":1}}"#
        );
        assert_eq!(
            Dialect::Legacy.write(&next),
            r#"{"id":"a\"","type":"data","payload":{"data":1}}"#
        );
        let errors = Bytes::from_static(b"[1]");
        let failed = Say::Failed {
            id: "a",
            errors: &errors,
        };
        assert_eq!(
            Dialect::Transport.write(&failed),
            r#"{"id":"a","type":"error","payload":[1]}"#
        );
        assert_eq!(
            Dialect::Legacy.write(&failed),
            r#"{"id":"a","type":"data","payload":{"errors":[1]}}"#
        );
    }
}
