//! The sandbox's page: what a bank's page would be. Its link can't be guessed and is the only permission needed.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use lavka_kit::errors::chain;
use lavka_kit::locale::Locale;

use super::ledger::{Entry, State as Standing};
use super::{Decision, Sandbox};

/// The routes under `/sandbox/payments/`.
pub fn routes(bank: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/sandbox/payments/{key}", get(show))
        .route("/sandbox/payments/{key}/approve", post(approve))
        .route("/sandbox/payments/{key}/decline", post(decline))
        .with_state(bank)
}

async fn show(State(bank): State<Arc<Sandbox>>, Path(key): Path<String>) -> Response {
    match bank.behind_page(&key).await {
        Ok(Some(entry)) => html(StatusCode::OK, &body(&entry, &key)),
        Ok(None) => unknown(),
        Err(error) => fault(&error),
    }
}

async fn approve(State(bank): State<Arc<Sandbox>>, Path(key): Path<String>) -> Response {
    decide(bank, key, Decision::Approve).await
}

async fn decline(State(bank): State<Arc<Sandbox>>, Path(key): Path<String>) -> Response {
    decide(bank, key, Decision::Decline).await
}

async fn decide(bank: Arc<Sandbox>, key: String, decision: Decision) -> Response {
    let entry = match bank.decide(&key, decision).await {
        Ok(Some(entry)) => entry,
        Ok(None) => return unknown(),
        Err(error) => return fault(&error),
    };
    (headers(), Redirect::to(&entry.return_url)).into_response()
}

fn headers() -> [(HeaderName, &'static str); 4] {
    [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
        ),
    ]
}

fn html(status: StatusCode, body: &str) -> Response {
    (status, headers(), Html(body.to_owned())).into_response()
}

fn unknown() -> Response {
    let body = frame(
        Locale::En,
        "Sandbox bank",
        "<h1>No such payment</h1><p>Такого платежа нет. The link is wrong or incomplete.</p>",
    );
    html(StatusCode::NOT_FOUND, &body)
}

fn fault(error: &lavka_kit::sql::Error) -> Response {
    tracing::error!(error = chain(error), "the sandbox's page failed");
    let body = frame(
        Locale::En,
        "Sandbox bank",
        "<h1>Something went wrong</h1><p>Что-то пошло не так. Please reload the page.</p>",
    );
    html(StatusCode::INTERNAL_SERVER_ERROR, &body)
}

fn body(entry: &Entry, key: &str) -> String {
    let locale = entry.locale;
    let say = |ru, en| locale.pick(ru, en);
    let title = say("Учебный банк", "Sandbox bank");
    let order = format!("{} {}", say("Заказ", "Order"), escape(&entry.description));
    let amount = crate::amount::spoken(entry.amount, locale);
    let sum = format!("<p class=order>{order}</p><p class=amount>{amount}</p>");
    let back = format!(
        "<p class=back><a href=\"{}\">{}</a></p>",
        escape(&entry.return_url),
        say("Вернуться к заказу", "Back to the order")
    );
    let rest = if entry.state == Standing::ActionRequired {
        let note = say(
            "Это ненастоящий банк: деньги не списываются. Подтвердите оплату или откажитесь от неё.",
            "This is not a real bank: no money moves. Approve the payment or decline it.",
        );
        let (yes, no) = (
            say("Подтвердить оплату", "Approve payment"),
            say("Отказаться", "Decline"),
        );
        format!(
            "<p>{note}</p>\
             <form method=post action=\"/sandbox/payments/{key}/approve\"><button class=yes>{yes}</button></form>\
             <form method=post action=\"/sandbox/payments/{key}/decline\"><button class=no>{no}</button></form>{back}",
            key = escape(key)
        )
    } else {
        let state = match entry.state {
            Standing::Authorized | Standing::Succeeded => {
                say("Оплата подтверждена.", "The payment is approved.")
            }
            Standing::Failed => say("Оплата не прошла.", "The payment did not go through."),
            Standing::Cancelled => say("Этот платёж отменён.", "This payment was cancelled."),
            Standing::Processing | Standing::ActionRequired => {
                say("Платёж обрабатывается.", "The payment is being processed.")
            }
        };
        format!("<p class=state>{state}</p>{back}")
    };
    frame(locale, title, &format!("<h1>{title}</h1>{sum}{rest}"))
}

fn frame(locale: Locale, title: &str, content: &str) -> String {
    let language = locale.pick("ru", "en");
    format!(
        "<!doctype html><html lang={language}><head><meta charset=utf-8><title>{title}</title>\
         <meta name=viewport content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex>\
         <style>{STYLE}</style></head><body><main>{content}</main></body></html>"
    )
}

const STYLE: &str = "\
:root{color-scheme:light dark;--bg:#eef1f6;--card:#fff;--text:#1c2430;--soft:#5d6878;--line:#d5dbe5;--yes:#17704a;--yes-text:#fff}\
@media(prefers-color-scheme:dark){:root{--bg:#12161d;--card:#1c222c;--text:#e9edf3;--soft:#9aa6b6;--line:#394453;--yes:#3fb27f;--yes-text:#06170f}}\
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;background:var(--bg);color:var(--text);\
font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\
main{width:100%;max-width:420px;background:var(--card);border:1px solid var(--line);border-radius:16px;padding:28px}\
h1{margin:0 0 20px;font-size:18px;font-weight:600;padding-bottom:14px;border-bottom:1px solid var(--line)}\
p{margin:0 0 16px}.order{margin:0;color:var(--soft)}.amount{font-size:34px;font-weight:700;letter-spacing:-.01em;margin:0 0 20px}\
form{margin:0 0 10px}button{width:100%;min-height:48px;border-radius:10px;border:1px solid var(--line);font:inherit;font-weight:600;cursor:pointer;\
background:transparent;color:inherit}.yes{background:var(--yes);border-color:var(--yes);color:var(--yes-text)}\
button:focus-visible,a:focus-visible{outline:3px solid #6aa3ff;outline-offset:2px}.state{font-weight:600}\
.back{margin:18px 0 0;text-align:center}a{color:inherit}";

/// Text for HTML, also inside double quotes.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests;
