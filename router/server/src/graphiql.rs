//! The page that a browser gets: GraphiQL, bundled by `npm run build` in `graphiql/` and built into the program, so
//! that it works without a network.

use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};
use rust_embed::{Embed, EmbeddedFile};

use crate::accept::Accept;
use crate::gateway::Gateway;
use crate::ws;

#[derive(Embed)]
#[folder = "graphiql/dist"]
#[allow_missing = true]
struct Files;

/// Where the bundle leaves room for the operator's default query.
const PLACE_FOR_QUERY: &str = "data-default-query=\"\"";

const NOT_BUILT: &str = "<!doctype html><meta charset=utf-8><title>GraphQL</title>\
    <body style=\"font:16px/1.5 system-ui;max-width:40em;margin:4em auto;padding:0 1em\">\
    <h1>This is a GraphQL endpoint</h1>\
    <p>Send it operations by POST. GraphiQL was not built into this program; to have it here, run\
    <pre>npm ci &amp;&amp; npm run build</pre>in <code>router/server/graphiql</code> and build the program again.";

/// The page for a browser that navigates here; nothing for everybody else.
pub(crate) fn page_for_browsers(gateway: &Gateway, request: &Request) -> Option<Response> {
    let settings = &gateway.config.graphiql;
    let navigates = request.method() == Method::GET
        && !ws::is_upgrade(request.method(), request.headers())
        && Accept::of(request.headers()).is_browser();
    if !settings.enabled || !navigates {
        return None;
    }
    let page = match Files::get("index.html") {
        Some(file) => {
            // Relative to the page's own address, as the browser knows it: a proxy may have moved it.
            let last = request.uri().path().rsplit('/').next().unwrap_or_default();
            let files = format!("\"./{}/assets/", escaped(last));
            let page = String::from_utf8_lossy(&file.data).replace("\"./assets/", &files);
            match &settings.default_query {
                Some(query) => page.replacen(
                    PLACE_FOR_QUERY,
                    &format!("data-default-query=\"{}\"", escaped(query)),
                    1,
                ),
                None => page,
            }
        }
        None => NOT_BUILT.to_owned(),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "accept"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    Some((headers, page).into_response())
}

/// A file of the bundle. Their names carry a hash of what is in them, so they may be kept for ever.
pub(crate) async fn asset(Path(name): Path<String>) -> Response {
    let Some(EmbeddedFile { data, metadata, .. }) = Files::get(&format!("assets/{name}")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let media = HeaderValue::from_str(metadata.mimetype())
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let keep = HeaderValue::from_static("public, max-age=31536000, immutable");
    (
        [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, keep)],
        data,
    )
        .into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}
