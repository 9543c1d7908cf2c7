//! A GraphQL response: `{"data": …, "errors": […]}`.

use bytes::Bytes;
use serde_json::{Map, Value as Json};

use super::parse::{Malformed, Parser, unescaped};
use super::{Keys, ObjectId, Tree, Value};

/// What a subgraph answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// `None` for `"data": null` and for no data at all.
    pub(crate) data: Option<ObjectId>,
    pub(crate) errors: Vec<SubgraphError>,
}

/// One of a response's `errors`. Its `locations` are dropped: they speak of a document that the client never saw.
#[derive(Debug, PartialEq)]
pub(crate) struct SubgraphError {
    pub(crate) message: String,
    /// Strings and numbers only.
    pub(crate) path: Vec<Json>,
    pub(crate) extensions: Map<String, Json>,
}

/// Reads a response into the tree. Fields that `keys` doesn't know are dropped.
pub(crate) fn read_answer(tree: &mut Tree, keys: &Keys, body: &Bytes) -> Result<Answer, Malformed> {
    let mut parser = Parser::new(tree, keys, body)?;
    let mut data = None;
    let mut errors: Option<&[u8]> = None;
    if parser.peek() != Some(b'{') {
        return Err(parser.malformed("not a JSON object"));
    }
    parser.fields(|parser, name, _| {
        match unescaped(name).as_deref() {
            Some("data") if data.is_none() => {
                let start = parser.malformed("data that is neither an object nor null");
                data = Some(match parser.value()? {
                    Value::Object(object) => Some(object),
                    Value::Null => None,
                    _ => return Err(start),
                });
            }
            Some("errors") if errors.is_none() => errors = Some(parser.raw()?),
            _ => parser.skip()?,
        }
        Ok(())
    })?;
    parser.end()?;
    let errors = errors.map(read_errors).transpose()?.unwrap_or_default();
    match data {
        Some(data) => Ok(Answer { data, errors }),
        None if errors.is_empty() => Err(Malformed::at(0, "neither data nor errors")),
        None => Ok(Answer { data: None, errors }),
    }
}

fn read_errors(json: &[u8]) -> Result<Vec<SubgraphError>, Malformed> {
    let malformed = Malformed::at(0, "errors that are no list of GraphQL errors");
    match serde_json::from_slice::<Json>(json) {
        Ok(Json::Null) => Ok(Vec::new()),
        Ok(Json::Array(errors)) => errors
            .into_iter()
            .map(|error| read_error(error).ok_or(malformed.clone()))
            .collect(),
        _ => Err(malformed),
    }
}

fn read_error(error: Json) -> Option<SubgraphError> {
    let Json::Object(mut error) = error else {
        return None;
    };
    let message = match error.remove("message") {
        Some(Json::String(message)) => message,
        _ => "the subgraph gave an error without a message".to_owned(),
    };
    let path = match error.remove("path") {
        Some(Json::Array(path)) => path,
        _ => Vec::new(),
    };
    let extensions = match error.remove("extensions") {
        Some(Json::Object(extensions)) => extensions,
        _ => Map::new(),
    };
    Some(SubgraphError {
        message,
        path,
        extensions,
    })
}

/// Whether these bytes are a GraphQL response at all.
pub(crate) fn is_answer(body: &Bytes) -> bool {
    read_answer(&mut Tree::default(), &Keys::default(), body).is_ok()
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;
    use serde_json::json;

    use super::*;

    fn keys() -> Keys {
        let mut keys = Keys::default();
        for name in ["a", "b", "id", "name", "list"] {
            keys.intern(name);
        }
        keys
    }

    /// Every byte of a response is replaced, doubled and taken away; ours must take what another parser takes, and refuse
    /// what it refuses.
    #[test]
    fn damaged_responses_are_refused_exactly_when_they_are_no_json() {
        let whole = r#"{"data": {"id":-1.5e+3,"list":[{"a":true,"b":null},{"a":false,"b":[]},{"b":1,"a":"\u00e9\n\"я"}],"junk":{"x":[0,{"y":"\\"}]}},"extensions":{}}"#;
        let is_json = |bytes: &[u8]| {
            std::str::from_utf8(bytes).is_ok() && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
        };
        let mut refused = 0;
        for at in 0..whole.len() {
            let mut damaged = Vec::new();
            for byte in b"\"\\{}[],:0-.eEtfnu \t\n\x00\x1f\x7f\x80\xff" {
                let mut bytes = whole.as_bytes().to_vec();
                bytes[at] = *byte;
                damaged.push(bytes.clone());
                bytes.insert(at, whole.as_bytes()[at]);
                damaged.push(bytes);
            }
            damaged.push(whole.as_bytes()[..at].to_vec());
            damaged.push([&whole.as_bytes()[..at], &whole.as_bytes()[at + 1..]].concat());
            for bytes in damaged {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let wanted = is_json(&bytes);
                match read_answer(&mut Tree::default(), &keys(), &Bytes::from(bytes)) {
                    Ok(_) => assert!(wanted, "taken: {text}"),
                    // JSON, but no longer a response.
                    Err(error) if error.what.contains("data") || error.what == "not a JSON object" => {}
                    Err(error) => {
                        refused += 1;
                        assert!(!wanted, "{error}: {text}");
                    }
                }
            }
        }
        assert!(refused > 1000, "{refused}");
    }

    #[test]
    fn names_are_known_with_escapes_and_after_fields_that_are_dropped() {
        let (mut tree, keys) = (Tree::default(), keys());
        let body = br#"{"d\u0061ta":{"list":[{"x":1,"a":1},{"x":2,"a":2},{"a":3,"x":3},{"\u0061":4},{"a\ud800":5,"a":6}]}}"#;
        let answer = read_answer(&mut tree, &keys, &Bytes::from_static(body)).expect("a response");
        let key = |name: &str| keys.find(name).expect("a known name");
        let list = answer.data.and_then(|data| tree.get(data, key("list")));
        let Some(Value::List(list)) = list else {
            panic!("no list")
        };
        let numbers: Vec<String> = tree
            .list(list)
            .iter()
            .map(|item| match item {
                Value::Object(object) => tree.get(*object, key("a")),
                _ => None,
            })
            .map(|value| {
                value.map_or_else(String::new, |value| {
                    String::from_utf8_lossy(tree.raw(value)).into_owned()
                })
            })
            .collect();
        assert_eq!(numbers, ["1", "2", "3", "4", "6"]);
    }

    #[test]
    fn errors_are_read_leniently_and_their_extensions_whole() {
        let (mut tree, keys) = (Tree::default(), keys());
        let body = json!({"errors": [
            {"message": "m", "path": ["a", 0], "extensions": {"code": "C", "x": [1]}, "locations": [{"line": 1}]},
            {"path": "nonsense", "extensions": 3},
        ]});
        let answer = read_answer(&mut tree, &keys, &body.to_string().into()).expect("a response");
        assert_eq!(answer.data, None);
        let Json::Object(extensions) = json!({"code": "C", "x": [1]}) else {
            panic!("an object")
        };
        let first = SubgraphError {
            message: "m".to_owned(),
            path: vec![json!("a"), json!(0)],
            extensions,
        };
        let message = "the subgraph gave an error without a message".to_owned();
        let second = SubgraphError {
            message,
            path: Vec::new(),
            extensions: Map::new(),
        };
        assert_eq!(answer.errors, [first, second]);
    }
}
