//! Any async-graphql schema as a [`GraphqlService`].

use std::net::IpAddr;

use async_graphql::{ObjectType, Request, Response, Schema, ServerError, SubscriptionType, Value};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode};

use super::answers::{Answers, Keeping, only_asks};
use super::{GraphqlResponse, GraphqlService, head, nul};
use crate::caller::{Caller, RequestHead};
use crate::context::Context;
use crate::errors::{self, codes};
use crate::graphql;
use crate::tokens::{TokenError, TokenVerifier};
use crate::trace::{self, TRACEPARENT_HEADER};
use crate::{BoxFuture, BoxStream};

pub(super) struct SchemaService<Q, M, S> {
    schema: Schema<Q, M, S>,
    verifier: TokenVerifier,
    demo: bool,
    /// What async-graphql answers to `_service { sdl }`, and what it should.
    sdl: (String, String),
    answers: Option<Answers>,
}

/// A request that isn't executed: its status and its answer.
type Refusal = Box<(StatusCode, Response)>;

impl<Q, M, S> SchemaService<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    pub(super) fn new(schema: Schema<Q, M, S>, context: &Context, keeping: Option<Keeping>) -> Self {
        let raw = graphql::raw_sdl(&schema);
        let federated = graphql::federated_sdl(&schema);
        Self {
            schema,
            verifier: context.verifier.clone(),
            demo: context.demo,
            sdl: (raw, federated),
            answers: keeping.map(|keeping| Answers::new(keeping, context.clock.clone())),
        }
    }

    /// Reads the body.
    fn prepare(&self, caller: Caller, head: RequestHead, body: &Bytes) -> Result<Request, Refusal> {
        let request: Request = serde_json::from_slice(body).map_err(|error| {
            let message = format!("the body is not a GraphQL request: {error}");
            Box::new((StatusCode::BAD_REQUEST, refusal(message, codes::BAD_USER_INPUT)))
        })?;
        if nul::is_in(&request) {
            let response = refusal("no text may hold the character U+0000", codes::BAD_USER_INPUT);
            return Err(Box::new((StatusCode::BAD_REQUEST, response)));
        }
        let introspective = self.demo || caller.is_service();
        let request = if introspective {
            request
        } else {
            request.disable_introspection()
        };
        Ok(request.data(caller).data(head))
    }

    async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let unauthenticated = |message: &str| {
            let response = refusal(message, codes::UNAUTHENTICATED);
            Box::new((StatusCode::UNAUTHORIZED, response))
        };
        match head::bearer(headers) {
            Ok(None) => Ok(Caller::Guest),
            Err(()) => Err(unauthenticated("the Authorization header holds no bearer token")),
            Ok(Some(token)) => self.verifier.verify(token).await.map_err(|error| match error {
                TokenError::Keys(_) => {
                    tracing::error!(error = errors::chain(&error), "a token could not be checked");
                    let response = refusal("try again in a moment", codes::SERVICE_UNAVAILABLE);
                    Box::new((StatusCode::SERVICE_UNAVAILABLE, response))
                }
                error => unauthenticated(&error.to_string()),
            }),
        }
    }

    fn correct_sdl(&self, response: &mut Response) {
        let Value::Object(data) = &mut response.data else {
            return;
        };
        for value in data.values_mut() {
            let Value::Object(service) = value else { continue };
            for text in service.values_mut() {
                if matches!(text, Value::String(text) if *text == self.sdl.0) {
                    *text = Value::String(self.sdl.1.clone());
                }
            }
        }
    }
}

impl<Q, M, S> GraphqlService for SchemaService<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    fn execute(&self, head: HeaderMap, peer: Option<IpAddr>, body: Bytes) -> BoxFuture<'_, GraphqlResponse> {
        let trace = traceparent(&head);
        Box::pin(async move {
            let caller = match self.caller(&head).await {
                Ok(caller) => caller,
                Err(refusal) => return refused(refusal),
            };
            let head = head::read(head, peer);
            let asked = self.answers.as_ref().and_then(|answers| {
                let question = answers.question(&caller, head.locale, &body)?;
                Some((answers, question, answers.now()))
            });
            if let Some((answers, question, _)) = &asked
                && let Some(body) = answers.find(question)
            {
                return GraphqlResponse {
                    status: StatusCode::OK,
                    headers: HeaderMap::new(),
                    body,
                };
            }
            let mut request = match self.prepare(caller, head, &body) {
                Ok(request) => request,
                Err(refusal) => return refused(refusal),
            };
            let asked = asked.filter(|_| only_asks(&mut request));
            let asks_for_sdl = request.query.contains("_service");
            let executed = trace::within(trace.as_deref(), self.schema.execute(request));
            let mut response = executed.await;
            if asks_for_sdl {
                self.correct_sdl(&mut response);
            }
            let headers = std::mem::take(&mut response.http_headers);
            let asked = asked.filter(|_| response.is_ok() && headers.is_empty());
            let body = write(response);
            if let Some((answers, question, at)) = asked {
                answers.keep(question, &body, at);
            }
            GraphqlResponse {
                status: StatusCode::OK,
                headers,
                body,
            }
        })
    }

    fn subscribe(
        &self,
        head: HeaderMap,
        peer: Option<IpAddr>,
        body: Bytes,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Bytes>, Bytes>> {
        Box::pin(async move {
            let prepared = match self.caller(&head).await {
                Ok(caller) => self.prepare(caller, head::read(head, peer), &body),
                Err(refusal) => Err(refusal),
            };
            match prepared {
                Err(refusal) => Err(write(refusal.1)),
                Ok(request) => {
                    let stream: BoxStream<'static, Bytes> =
                        Box::pin(self.schema.execute_stream(request).map(write));
                    Ok(stream)
                }
            }
        })
    }
}

fn refused(refusal: Refusal) -> GraphqlResponse {
    let (status, response) = *refusal;
    GraphqlResponse {
        status,
        headers: HeaderMap::new(),
        body: write(response),
    }
}

fn traceparent(headers: &HeaderMap) -> Option<String> {
    headers.get(TRACEPARENT_HEADER)?.to_str().ok().map(str::to_owned)
}

fn refusal(message: impl Into<String>, code: &'static str) -> Response {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", code);
    Response::from_errors(vec![error])
}

fn write(mut response: Response) -> Bytes {
    for error in &mut response.errors {
        tidy(error);
    }
    match serde_json::to_vec(&response) {
        Ok(body) => body.into(),
        Err(error) => {
            tracing::error!(error = errors::chain(&error), "a response could not be written");
            let body = r#"{"data":null,"errors":[{"message":"internal error","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}"#;
            Bytes::from_static(body.as_bytes())
        }
    }
}

/// Gives the error a code, and hides what a resolver let through by `?`.
fn tidy(error: &mut ServerError) {
    if error
        .extensions
        .as_ref()
        .is_some_and(|extensions| extensions.get("code").is_some())
    {
        return;
    }
    let code = if error.path.is_empty() {
        codes::GRAPHQL_VALIDATION_FAILED
    } else if error.source.is_some() {
        tracing::error!(error = error.message, "a request failed");
        error.message = errors::hidden().message;
        codes::INTERNAL_SERVER_ERROR
    } else {
        codes::BAD_USER_INPUT
    };
    error.extensions.get_or_insert_default().set("code", code);
}
