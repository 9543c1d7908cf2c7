//! Asking the store over HTTP.

use serde_json::{Value, json};

use crate::coverage;

/// An answer of the store.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// The data of an answer that must have no errors.
    #[track_caller]
    pub fn data(self) -> Value {
        assert!(
            self.body.get("errors").is_none(),
            "unexpected errors: {:#}",
            self.body
        );
        self.body["data"].clone()
    }

    /// The code of the first error.
    #[track_caller]
    pub fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no error with a code: {:#}", self.body))
    }
}

/// Sends an operation and records which fields were answered.
pub async fn ask(
    client: &reqwest::Client,
    url: &str,
    token: Option<&str>,
    language: &str,
    query: &str,
    variables: Value,
) -> Answer {
    let mut request = client
        .post(format!("{url}/graphql"))
        .header(
            "accept",
            "application/graphql-response+json, application/json;q=0.9",
        )
        .header("accept-language", language)
        .json(&json!({ "query": query, "variables": variables }));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.expect("the store answers");
    let status = response.status().as_u16();
    let text = response.text().await.expect("the whole answer");
    let body: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text:?}"));
    coverage::record(query, &body["data"]);
    Answer { status, body }
}
