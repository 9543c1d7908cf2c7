//! A GraphQL request as every protocol brings it: one JSON object, or the parameters of a URL.

use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// What a client asks for, checked for form only.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GraphqlRequest {
    pub source: Source,
    pub operation_name: Option<String>,
    pub variables: Map<String, Value>,
}

/// Where the operation's text comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    Text(String),
    /// `documentId`, of a trusted document.
    Id(String),
    /// `extensions.persistedQuery` without a text.
    Hash(String),
    /// The same with its text.
    HashedText {
        text: String,
        hash: String,
    },
}

impl GraphqlRequest {
    /// Reads the body of a POST.
    pub fn from_json(body: &[u8]) -> Result<Self, Refusal> {
        match serde_json::from_slice::<Value>(body) {
            Ok(value) => Self::from_value(value),
            Err(error) => Err(Refusal::bad_request(format!(
                "the request body is not JSON: {error}"
            ))),
        }
    }

    /// Reads the `payload` of a WebSocket message, or a whole body.
    pub fn from_value(value: Value) -> Result<Self, Refusal> {
        let mut members = match value {
            Value::Object(members) => members,
            Value::Array(_) => {
                return Err(Refusal::http(
                    http::StatusCode::BAD_REQUEST,
                    "BATCHING_NOT_SUPPORTED",
                    "a list of operations is not supported; send one operation a request",
                ));
            }
            other => {
                return Err(Refusal::bad_request(format!(
                    "a request must be an object with `query`, not {}",
                    kind(&other)
                )));
            }
        };
        let extensions = object(members.remove("extensions"), "extensions")?;
        let query = match members.remove("query") {
            Some(Value::String(query)) => Some(query),
            None | Some(Value::Null) => None,
            Some(other) => {
                return Err(Refusal::bad_request(format!(
                    "`query` must be a string, not {}",
                    kind(&other)
                )));
            }
        };
        let source = source(query, members.remove("documentId"), &extensions)?;
        let operation_name = match members.remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(other) => {
                return Err(Refusal::bad_request(format!(
                    "`operationName` must be a string, not {}",
                    kind(&other)
                )));
            }
        };
        let variables = object(members.remove("variables"), "variables")?;
        Ok(Self {
            source,
            operation_name: some_text(operation_name),
            variables,
        })
    }

    /// Reads the query string of a GET.
    pub fn from_url(query_string: &str) -> Result<Self, Refusal> {
        let mut members = Map::new();
        for (name, value) in form_urlencoded::parse(query_string.as_bytes()) {
            let value = match &*name {
                "query" | "operationName" | "documentId" => Value::String(value.into_owned()),
                "variables" | "extensions" if value.is_empty() => Value::Null,
                "variables" | "extensions" => serde_json::from_str(&value).map_err(|error| {
                    Refusal::bad_request(format!("the URL parameter `{name}` is not JSON: {error}"))
                })?,
                _ => continue,
            };
            members.insert(name.into_owned(), value);
        }
        Self::from_value(Value::Object(members))
    }
}

fn source(
    query: Option<String>,
    id: Option<Value>,
    extensions: &Map<String, Value>,
) -> Result<Source, Refusal> {
    let hash = extensions
        .get("persistedQuery")
        .map(|persisted| match persisted["sha256Hash"].as_str() {
            Some(hash) => Ok(hash.to_owned()),
            None => Err(Refusal::bad_request(
                "`extensions.persistedQuery` has no `sha256Hash`",
            )),
        })
        .transpose()?;
    match (query, id, hash) {
        (Some(text), _, Some(hash)) => Ok(Source::HashedText { text, hash }),
        (Some(text), _, None) => Ok(Source::Text(text)),
        (None, Some(Value::String(id)), _) => Ok(Source::Id(id)),
        (None, None | Some(Value::Null), Some(hash)) => Ok(Source::Hash(hash)),
        (None, None | Some(Value::Null), None) => Err(Refusal::bad_request("the request has no `query`")),
        (None, Some(other), _) => Err(Refusal::bad_request(format!(
            "`documentId` must be a string, not {}",
            kind(&other)
        ))),
    }
}

/// Clients write an empty operation name where they mean none.
fn some_text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn object(value: Option<Value>, name: &str) -> Result<Map<String, Value>, Refusal> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members),
        Some(other) => Err(Refusal::bad_request(format!(
            "`{name}` must be an object, not {}",
            kind(&other)
        ))),
    }
}

/// What a JSON value is, in words.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(body: &str) -> String {
        GraphqlRequest::from_json(body.as_bytes())
            .unwrap_err()
            .faults
            .remove(0)
            .message
    }

    #[test]
    fn reads_a_whole_request_and_ignores_unknown_members() {
        let body = json!({"query": "{a}", "operationName": "A", "variables": {"x": 1}, "extensions": {}, "other": 1});
        let request = GraphqlRequest::from_value(body).unwrap();
        assert_eq!(request.source, Source::Text("{a}".into()));
        assert_eq!(request.operation_name.as_deref(), Some("A"));
        assert_eq!(request.variables["x"], 1);
    }

    #[test]
    fn nulls_mean_absent() {
        let body = json!({"query": "{a}", "operationName": null, "variables": null, "extensions": null});
        assert_eq!(
            GraphqlRequest::from_value(body).unwrap(),
            GraphqlRequest {
                source: Source::Text("{a}".into()),
                operation_name: None,
                variables: Map::new(),
            }
        );
    }

    #[test]
    fn each_malformed_part_is_named() {
        assert!(refused("{").starts_with("the request body is not JSON: EOF"));
        assert_eq!(
            refused("[]"),
            "a list of operations is not supported; send one operation a request"
        );
        assert_eq!(
            refused("7"),
            "a request must be an object with `query`, not a number"
        );
        assert_eq!(refused("{}"), "the request has no `query`");
        assert_eq!(refused(r#"{"query":[]}"#), "`query` must be a string, not a list");
        assert_eq!(
            refused(r#"{"query":"{a}","operationName":1}"#),
            "`operationName` must be a string, not a number"
        );
        assert_eq!(
            refused(r#"{"query":"{a}","variables":"x"}"#),
            "`variables` must be an object, not a string"
        );
        assert_eq!(
            refused(r#"{"query":"{a}","extensions":[]}"#),
            "`extensions` must be an object, not a list"
        );
    }

    #[test]
    fn a_text_may_be_named_instead_of_sent() {
        let source = |body: &str| GraphqlRequest::from_json(body.as_bytes()).map(|request| request.source);
        let hash = r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}"#;
        assert_eq!(source(hash), Ok(Source::Hash("x".into())));
        let both = r#"{"query":"{a}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}"#;
        let (text, hash) = ("{a}".to_owned(), "x".to_owned());
        assert_eq!(source(both), Ok(Source::HashedText { text, hash }));
        assert_eq!(source(r#"{"documentId":"7"}"#), Ok(Source::Id("7".into())));
        assert_eq!(
            refused(r#"{"documentId":7}"#),
            "`documentId` must be a string, not a number"
        );
        assert_eq!(
            refused(r#"{"extensions":{"persistedQuery":{}}}"#),
            "`extensions.persistedQuery` has no `sha256Hash`"
        );
    }

    #[test]
    fn json_nested_past_reason_is_refused() {
        let deep = format!(
            r#"{{"query":"{{a}}","variables":{{"x":{}1{}}}}}"#,
            "[".repeat(5000),
            "]".repeat(5000)
        );
        assert!(refused(&deep).contains("recursion limit"));
    }

    #[test]
    fn reads_a_url() {
        let request =
            GraphqlRequest::from_url("query=%7Ba%7D&variables=%7B%22x%22%3A1%7D&operationName=").unwrap();
        assert_eq!(request.source, Source::Text("{a}".into()));
        assert_eq!(request.variables["x"], 1);
        assert_eq!(request.operation_name, None);
        let refusal = GraphqlRequest::from_url("query=x&variables=%7B").unwrap_err();
        assert!(
            refusal.faults[0]
                .message
                .starts_with("the URL parameter `variables` is not JSON")
        );
    }
}
