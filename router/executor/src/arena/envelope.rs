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
