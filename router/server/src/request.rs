//! A GraphQL request as every protocol brings it: one JSON object, or the parameters of a URL.

use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// What a client asks for, checked for form only.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct GraphqlRequest {
    pub query: String,
    pub operation_name: Option<String>,
    pub variables: Map<String, Value>,
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
            Some(Value::String(query)) => query,
            None | Some(Value::Null) => return Err(without_query(&extensions)),
            Some(other) => {
                return Err(Refusal::bad_request(format!(
                    "`query` must be a string, not {}",
                    kind(&other)
                )));
            }
        };
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
            query,
            operation_name: some_text(operation_name),
            variables,
        })
    }

    /// Reads the query string of a GET.
    pub fn from_url(query_string: &str) -> Result<Self, Refusal> {
        let mut members = Map::new();
        for (name, value) in form_urlencoded::parse(query_string.as_bytes()) {
            let value = match &*name {
                "query" | "operationName" => Value::String(value.into_owned()),
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

/// An automatic persisted query's first attempt names only a hash: the client must hear that it has to send the text.
fn without_query(extensions: &Map<String, Value>) -> Refusal {
    if extensions.contains_key("persistedQuery") {
        // 200 with every media type: the clients that use this read it as a GraphQL answer.
        Refusal {
            status: http::StatusCode::OK,
            ..Refusal::graphql("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
        }
    } else {
        Refusal::bad_request("the request has no `query`")
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
        assert_eq!(request.query, "{a}");
        assert_eq!(request.operation_name.as_deref(), Some("A"));
        assert_eq!(request.variables["x"], 1);
    }

    #[test]
    fn nulls_mean_absent() {
        let body = json!({"query": "{a}", "operationName": null, "variables": null, "extensions": null});
        assert_eq!(
            GraphqlRequest::from_value(body).unwrap(),
            GraphqlRequest {
                query: "{a}".into(),
                ..Default::default()
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
    fn a_persisted_query_is_told_to_send_the_text() {
        let refusal =
            GraphqlRequest::from_json(br#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}"#)
                .unwrap_err();
        assert_eq!(refusal.faults[0].message, "PersistedQueryNotSupported");
        assert_eq!(refusal.status, 200);
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
        assert_eq!(request.query, "{a}");
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
