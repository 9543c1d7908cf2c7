//! Asks a router at a URL what a case asks, and says what was right.

use std::time::Duration;

use lavka_executor::{HttpOptions, HttpTransport, InvalidUrl, SubgraphRequest, Transport};
use serde_json::{Value as Json, json};

use crate::case::{Answer, Case, CaseOperation};
use crate::difference::{Compare, difference};

/// Asks a router over HTTP.
pub struct Judge {
    transport: HttpTransport,
    patience: Duration,
}

/// How a router did in one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The case's name.
    pub case: String,
    /// What it shows.
    pub about: String,
    /// How many operations were answered rightly.
    pub right: usize,
    /// Operations that weren't, each with what was wrong.
    pub wrong: Vec<(String, String)>,
    /// Operations that can't be asked over HTTP: those under labels of progressive overrides, which every router is told in its own way.
    pub skipped: usize,
}

/// Between two looks whether the router has the case's supergraph by now.
const PAUSE: Duration = Duration::from_millis(100);

impl Judge {
    /// Asks the router that serves GraphQL at this URL. After a supergraph has been given to it, it has so much time to take it.
    ///
    /// # Errors
    /// Where that is no URL to ask at.
    pub fn new(url: &str, patience: Duration) -> Result<Self, InvalidUrl> {
        let transport = HttpTransport::new([url], HttpOptions::default())?;
        Ok(Self { transport, patience })
    }

    /// Asks everything that a case asks. The router must have, or be about to have, the case's supergraph.
    pub async fn judge(&self, case: &Case) -> Report {
        let mut report = Report {
            case: case.name.clone(),
            about: case.about.clone(),
            right: 0,
            wrong: Vec::new(),
            skipped: 0,
        };
        let mut is_first = true;
        for operation in &case.operations {
            let Some(answer) = operation.answer.as_ref().filter(|_| operation.labels.is_empty()) else {
                report.skipped += 1;
                continue;
            };
            let mut wrong = self.wrong(operation, answer).await;
            // Until the first answer is right, it may be that another supergraph is still served.
            let mut waited = Duration::ZERO;
            while wrong.is_some() && is_first && waited < self.patience {
                tokio::time::sleep(PAUSE).await;
                waited += PAUSE;
                wrong = self.wrong(operation, answer).await;
            }
            is_first = false;
            match wrong {
                None => report.right += 1,
                Some(what) => report.wrong.push((operation.name.clone(), what)),
            }
        }
        report
    }

    /// What is wrong with the router's answer.
    async fn wrong(&self, operation: &CaseOperation, answer: &Answer) -> Option<String> {
        let body = json!({ "query": operation.text, "variables": operation.variables }).to_string();
        let request = SubgraphRequest {
            subgraph: "router".into(),
            headers: http::HeaderMap::new(),
            body: body.into(),
            // Mutations are among what is asked.
            is_repeatable: false,
        };
        let response = match self.transport.fetch(request).await {
            Ok(response) => response,
            Err(error) => return Some(error.to_string()),
        };
        match serde_json::from_slice::<Json>(&response.body) {
            Err(error) => Some(format!("the answer is no JSON: {error}")),
            Ok(given) => {
                let errors: Vec<Json> = answer.errors.iter().map(|path| json!({ "path": path })).collect();
                let wanted = json!({ "data": answer.data, "errors": errors });
                difference(&given, &wanted, Compare::Loosely)
            }
        }
    }
}
