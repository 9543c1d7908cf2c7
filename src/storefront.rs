//! The storefront: files that Vite built, embedded. Every path that is no file is a page of it, which its own router
//! then finds; every path with an ending is a file or nothing.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "web-client/dist"]
#[allow_missing = true]
struct Files;

/// Where others answer: what they don't have is no page of the storefront either.
const OTHERS: [&str; 7] = [
    "assets/",
    "dev/",
    "media/",
    "sandbox/",
    "webhooks/",
    "health/",
    ".well-known/",
];

/// What the storefront's pages may load and from where: their own files, product pictures of any https address, and what
/// Stripe's form for cards demands. Nothing written into a page runs.
const SECURITY: &str = "default-src 'self'; script-src 'self' https://js.stripe.com; style-src 'self' 'unsafe-inline'; \
    img-src 'self' https: data:; connect-src 'self' https://api.stripe.com; \
    frame-src https://js.stripe.com https://hooks.stripe.com; \
    form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

const MISSING: &str = "<!doctype html><meta charset=utf-8><title>Lavka</title>\
    <p>The store runs; this program was built without the storefront. <code>cargo xtask up</code> builds both.\
    <p><a href=/graphql>GraphiQL</a>";

/// Answers what no other route has.
pub async fn serve(request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return StatusCode::NOT_FOUND.into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    if let Some(file) = Files::get(path) {
        return answer(path, &file, request.headers());
    }
    let is_ours = OTHERS.iter().all(|it| !path.starts_with(it));
    let is_page = is_ours && !path.rsplit('/').next().unwrap_or_default().contains('.');
    match Files::get("index.html") {
        _ if !is_page => StatusCode::NOT_FOUND.into_response(),
        Some(page) => answer("index.html", &page, request.headers()),
        None => Html(MISSING).into_response(),
    }
}

fn answer(path: &str, file: &rust_embed::EmbeddedFile, asked: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let tag = format!(
        "\"{}\"",
        hash.iter()
            .take(16)
            .map(|it| format!("{it:02x}"))
            .collect::<String>()
    );
    // Vite puts a hash of the content into the names under assets/, so those never change.
    let caching = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, file.metadata.mimetype().to_owned()),
        (header::CACHE_CONTROL, caching.to_owned()),
        (header::ETAG, tag.clone()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    if asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|it| it.as_bytes() == tag.as_bytes())
    {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let page = (path == "index.html").then_some([
        (header::CONTENT_SECURITY_POLICY, SECURITY),
        // The address of a guest's order is its key: it is nobody else's to know.
        (header::REFERRER_POLICY, "same-origin"),
    ]);
    (headers, page, Body::from(file.data.clone().into_owned())).into_response()
}
