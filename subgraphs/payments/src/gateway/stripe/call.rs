//! One call to Stripe: its key and its version go with it, and what comes back is the object or what Stripe has against it.

use axum::http::{Method, StatusCode};
use serde::de::DeserializeOwned;

use super::objects::{Problem, ProblemBody};
use super::{API_VERSION, Stripe, refused};
use crate::gateway::wire::Reply;
use crate::gateway::{Gateway, GatewayError};

/// What Stripe answered: the object, or what is wrong with the request.
pub(super) enum Answer<T> {
    Ok {
        object: T,
        replayed: bool,
    },
    Problem {
        status: StatusCode,
        problem: Box<Problem>,
    },
}

pub(super) type Form = Vec<(&'static str, String)>;

impl Stripe {
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        method: Method,
        path: &str,
        key: Option<String>,
        parameters: &Form,
    ) -> Result<Answer<T>, GatewayError> {
        let reads = method == Method::GET;
        let path = if reads && !parameters.is_empty() {
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(parameters)
                .finish();
            format!("{path}?{query}")
        } else {
            path.to_owned()
        };
        let reply = self
            .wire
            .send(doing, &path, |client, url| {
                let request = client
                    .request(method.clone(), url)
                    .bearer_auth(self.secret_key.expose())
                    .header("stripe-version", API_VERSION);
                let request = match &key {
                    Some(key) => request.header("idempotency-key", key),
                    None => request,
                };
                if reads { request } else { request.form(parameters) }
            })
            .await?;
        self.answer(doing, &reply)
    }

    fn answer<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        reply: &Reply,
    ) -> Result<Answer<T>, GatewayError> {
        if reply.status.is_success() {
            let object = self.wire.read(doing, reply)?;
            let replayed = reply.replayed;
            return Ok(Answer::Ok { object, replayed });
        }
        // A key that is wrong or not allowed to do this is ours to mend: the shopper's payment waits for it.
        let is_ours = matches!(reply.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        if is_ours || !reply.status.is_client_error() {
            return Err(self.wire.senseless(doing, reply));
        }
        let body: ProblemBody = self.wire.read(doing, reply)?;
        Ok(Answer::Problem {
            status: reply.status,
            problem: Box::new(body.error),
        })
    }

    /// The object; whatever else came is a refusal.
    pub(super) async fn object<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        method: Method,
        path: &str,
        parameters: &Form,
        reference: &str,
    ) -> Result<T, GatewayError> {
        match self.call(doing, method, path, None, parameters).await? {
            Answer::Ok { object, .. } => Ok(object),
            Answer::Problem { status, .. } if status == StatusCode::NOT_FOUND => Err(GatewayError::Unknown {
                gateway: Gateway::Stripe,
                reference: reference.to_owned(),
            }),
            Answer::Problem { problem, .. } => Err(refused(&problem)),
        }
    }
}
