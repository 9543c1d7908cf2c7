//! GraphQL over HTTP: reads a request, lets the engine answer it, writes the answer in the form that the client
//! prefers. (<https://graphql.github.io/graphql-over-http/>)

use std::sync::Arc;

use apollo_compiler::executable::OperationType;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use lavka_executor::PieceForm;
use tokio::time::Duration;

use crate::accept::{Accept, Media};
use crate::engine::{Answer, Asking, Delivery, Protocol};
use crate::gateway::Gateway;
use crate::head::Head;
use crate::layers;
use crate::refusal::Refusal;
use crate::request::GraphqlRequest;
use crate::stream::{self, Events, Framing, Pump};
use crate::ws;

/// The door behind the layers.
pub(crate) async fn serve(
    State(gateway): State<Arc<Gateway>>,
    Extension(head): Extension<Head>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if ws::is_upgrade(&parts.method, &parts.headers) {
        return ws::upgrade(gateway, parts, head)
            .await
            .unwrap_or_else(|refusal| refused(&refusal, Media::Json));
    }
    let accept = Accept::of(&parts.headers);
    let answered = match read(&gateway, &parts, body).await {
        Ok(request) => answer(&gateway, &parts.method, &accept, request, &head).await,
        Err(refusal) => Err(refusal),
    };
    answered.unwrap_or_else(|refusal| refused(&refusal, accept.single().unwrap_or(Media::Json)))
}

async fn read(
    gateway: &Gateway,
    parts: &http::request::Parts,
    body: Body,
) -> Result<GraphqlRequest, Refusal> {
    match parts.method {
        Method::GET => GraphqlRequest::from_url(parts.uri.query().unwrap_or_default()),
        Method::POST => {
            content_is_json(&parts.headers)?;
            GraphqlRequest::from_json(&layers::read_body(body, gateway.config.limits.body_bytes).await?)
        }
        _ => Err(Refusal::http(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            format!("GraphQL is served by GET and POST, not by {}", parts.method),
        )),
    }
}

fn content_is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let unsupported =
        |what: String| Refusal::http(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", what);
    if let Some(encoding) = headers.get(header::CONTENT_ENCODING)
        && encoding != "identity"
    {
        return Err(unsupported(
            "the body's content-encoding is not supported; gzip and none are".to_owned(),
        ));
    }
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim);
    if !parts
        .next()
        .is_some_and(|media| media.eq_ignore_ascii_case("application/json"))
    {
        return Err(unsupported(
            "the body must have the content-type `application/json`".to_owned(),
        ));
    }
    for parameter in parts {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if name.trim().eq_ignore_ascii_case("charset")
            && !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        {
            return Err(unsupported("the body's charset must be utf-8".to_owned()));
        }
    }
    Ok(())
}

async fn answer(
    gateway: &Gateway,
    method: &Method,
    accept: &Accept,
    request: GraphqlRequest,
    head: &Head,
) -> Result<Response, Refusal> {
    let single = accept.single();
    let Some(single) = single else {
        return Err(not_acceptable("JSON, text/event-stream and multipart/mixed"));
    };
    let protocol = match single {
        Media::EventStream => Protocol::EventStream,
        Media::Multipart | Media::Pieces(_) => Protocol::Multipart,
        _ => Protocol::Http,
    };
    // Whoever defers something and can read pieces wants them, whatever else it can read.
    let pieces = match single {
        Media::EventStream => Some((PieceForm::Ids, Framing::EventStream)),
        _ => accept.pieces().map(|form| (form, Framing::Pieces(form))),
    };
    let asking = Asking {
        request,
        pieces: pieces.map(|(form, _)| form),
    };
    let prepared = gateway.engine.prepare(protocol, asking, head).await?;
    match prepared.kind {
        OperationType::Mutation if method == Method::GET => Err(Refusal::http(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            "a mutation has effects, so it must be sent by POST",
        )),
        OperationType::Subscription => {
            let framing = match accept.best(&[Media::EventStream, Media::Multipart]) {
                Some(Media::EventStream) => Framing::EventStream,
                Some(Media::Multipart) => Framing::Multipart,
                _ => {
                    return Err(not_acceptable(
                        "text/event-stream and multipart/mixed;subscriptionSpec=1.0, and over WebSocket, for subscriptions",
                    ));
                }
            };
            let place = Arc::clone(&gateway.streams)
                .try_acquire_owned()
                .map_err(|_| Refusal::overloaded())?;
            Ok(match gateway.engine.subscribe(prepared, head).await {
                Ok(events) => streamed(gateway, framing, events, head, place),
                Err(answer) => framed(framing, &answer),
            })
        }
        _ => {
            let Delivery { first: answer, rest } = gateway.engine.execute(protocol, prepared, head).await?;
            if let Some(rest) = rest {
                let framing = pieces.map_or(Framing::Pieces(PieceForm::Ids), |(_, framing)| framing);
                let body = stream::pieces(framing, answer.body, rest);
                return Ok(respond(
                    StatusCode::OK,
                    framing.content_type(),
                    answer.headers,
                    body,
                ));
            }
            Ok(match single {
                Media::EventStream => framed(Framing::EventStream, &answer),
                Media::Multipart => framed(Framing::Multipart, &answer),
                Media::Pieces(form) => framed(Framing::Pieces(form), &answer),
                Media::GraphqlResponse => whole(StatusCode::OK, GRAPHQL_RESPONSE, answer),
                Media::Json | Media::Html => whole(StatusCode::OK, JSON, answer),
            })
        }
    }
}

fn not_acceptable(offered: &str) -> Refusal {
    Refusal::http(
        StatusCode::NOT_ACCEPTABLE,
        "NOT_ACCEPTABLE",
        format!("the Accept header allows nothing of what is served: {offered}"),
    )
}

const JSON: &str = "application/json; charset=utf-8";
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json; charset=utf-8";

fn streamed(
    gateway: &Gateway,
    framing: Framing,
    events: Events,
    head: &Head,
    held: impl Send + 'static,
) -> Response {
    let settings = &gateway.config.streams;
    let token_lives = head
        .caller
        .identity()
        .map(|identity| Duration::from_secs(identity.expires.saturating_sub(gateway.clock.now())));
    let pump = Pump {
        buffered: settings.buffered_events,
        patience: Duration::from_secs(settings.slow_client_seconds),
        token_lives,
        shutdown: gateway.shutdown.clone(),
        metrics: gateway.metrics.clone(),
    };
    let keep_alive = Duration::from_secs(settings.keep_alive_seconds.max(1));
    let body = stream::body(framing, pump.start(events, held), keep_alive);
    respond(StatusCode::OK, framing.content_type(), HeaderMap::new(), body)
}

fn framed(framing: Framing, answer: &Answer) -> Response {
    let body = stream::single(framing, &answer.body);
    respond(
        StatusCode::OK,
        framing.content_type(),
        answer.headers.clone(),
        body,
    )
}

fn whole(status: StatusCode, content_type: &'static str, answer: Answer) -> Response {
    respond(status, content_type, answer.headers, Body::from(answer.body))
}

fn respond(status: StatusCode, content_type: &'static str, headers: HeaderMap, body: Body) -> Response {
    let mut response = (status, body).into_response();
    *response.headers_mut() = headers;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    // Answers are personal, and a GET's must not be kept by anybody on the way.
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Writes a refusal. What was wrong as HTTP keeps its status in every form; what was wrong as GraphQL shows it only as
/// `application/graphql-response+json`, since in the older form 200 means "a GraphQL server speaks".
pub(crate) fn refused(refusal: &Refusal, media: Media) -> Response {
    let once = |body: Bytes| Answer {
        body,
        headers: HeaderMap::new(),
    };
    let mut response = match media {
        Media::EventStream if refusal.well_formed => framed(Framing::EventStream, &once(refusal.body())),
        Media::Pieces(form) if refusal.well_formed => framed(Framing::Pieces(form), &once(refusal.body())),
        Media::Multipart if refusal.well_formed => framed(Framing::Multipart, &once(refusal.body())),
        Media::GraphqlResponse => whole(refusal.status, GRAPHQL_RESPONSE, once(refusal.body())),
        _ => {
            let status = if refusal.well_formed {
                StatusCode::OK
            } else {
                refusal.status
            };
            whole(status, JSON, once(refusal.body()))
        }
    };
    let extra = match response.status() {
        StatusCode::METHOD_NOT_ALLOWED if refusal.code() == "METHOD_NOT_ALLOWED" => Some((
            header::ALLOW,
            if refusal.faults[0].message.starts_with("a mutation") {
                "POST"
            } else {
                "GET, POST"
            },
        )),
        StatusCode::UNAUTHORIZED => Some((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => Some((header::RETRY_AFTER, "1")),
        _ => None,
    };
    if let Some((name, value)) = extra {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
