//! `/dev/mail`, in demo mode only: the e-mails that were written, read back from their files. For people as HTML; for programs,
//! who ask with `Accept: application/json`, as JSON.

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use lavka_kit::ids::Id;
use mail_parser::MessageParser;
use minijinja::{Environment, context};
use serde::Serialize;

/// How many are listed, newest first.
const LISTED: usize = 200;

#[derive(Clone)]
struct Mailbox {
    folder: PathBuf,
    pages: Arc<Environment<'static>>,
}

/// An e-mail that lies in the folder.
#[derive(Debug, Serialize)]
struct Letter {
    id: Id,
    from: String,
    to: String,
    subject: String,
    date: String,
    text: String,
    html: String,
}

/// The routes under `/dev/mail`.
pub fn routes(folder: PathBuf) -> Result<Router, minijinja::Error> {
    let mut pages = Environment::new();
    pages.add_template("list.html", include_str!("templates/dev/list.html"))?;
    pages.add_template("letter.html", include_str!("templates/dev/letter.html"))?;
    let mailbox = Mailbox {
        folder,
        pages: Arc::new(pages),
    };
    Ok(Router::new()
        .route("/dev/mail", get(list))
        .route("/dev/mail/{id}", get(show))
        .route("/dev/mail/{id}/raw", get(raw))
        .with_state(mailbox))
}

async fn list(State(mailbox): State<Mailbox>, headers: HeaderMap) -> Response {
    let letters = mailbox.newest().await;
    if wants_json(&headers) {
        return Json(letters).into_response();
    }
    mailbox.page("list.html", context! { letters => as_value(&letters) })
}

async fn show(State(mailbox): State<Mailbox>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let Some(letter) = mailbox.letter(&id).await else {
        return missing();
    };
    if wants_json(&headers) {
        return Json(letter).into_response();
    }
    // Links in the frame open beside it; the frame itself can run nothing.
    let framed = format!("<base target=\"_blank\">{}", letter.html);
    mailbox.page("letter.html", context! { letter => as_value(&letter), framed })
}

async fn raw(State(mailbox): State<Mailbox>, Path(id): Path<String>) -> Response {
    match mailbox.bytes(&id).await {
        Some((id, bytes)) => {
            let name = format!("attachment; filename=\"{id}.eml\"");
            (
                [
                    (header::CONTENT_TYPE, "message/rfc822".to_owned()),
                    (header::CONTENT_DISPOSITION, name),
                ],
                bytes,
            )
                .into_response()
        }
        None => missing(),
    }
}

fn as_value(data: &impl Serialize) -> minijinja::Value {
    crate::text::facts::value(&serde_json::to_value(data).unwrap_or_default())
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "no such e-mail").into_response()
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

impl Mailbox {
    fn page(&self, template: &str, context: minijinja::Value) -> Response {
        match self
            .pages
            .get_template(template)
            .and_then(|page| page.render(context))
        {
            Ok(html) => {
                let security =
                    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'self'";
                (
                    [
                        (header::CONTENT_SECURITY_POLICY, security),
                        (header::CACHE_CONTROL, "no-store"),
                    ],
                    Html(html),
                )
                    .into_response()
            }
            Err(error) => {
                tracing::error!(error = lavka_kit::errors::chain(&error), "a page can't be made");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    async fn newest(&self) -> Vec<Letter> {
        let mut names: Vec<String> = Vec::new();
        if let Ok(mut entries) = tokio::fs::read_dir(&self.folder).await {
            while let Ok(Some(entry)) = entries.next_entry().await {
                names.extend(
                    entry
                        .file_name()
                        .to_str()
                        .and_then(|name| name.strip_suffix(".eml"))
                        .map(str::to_owned),
                );
            }
        }
        // Ids ascend with time.
        names.sort_by(|one, other| other.cmp(one));
        let mut letters = Vec::new();
        for name in names.iter().take(LISTED) {
            letters.extend(self.letter(name).await);
        }
        letters
    }

    async fn bytes(&self, id: &str) -> Option<(Id, Vec<u8>)> {
        // Only what is an id can be a file's name: no path leads out of the folder.
        let id: Id = id.parse().ok()?;
        let bytes = tokio::fs::read(self.folder.join(format!("{id}.eml")))
            .await
            .ok()?;
        Some((id, bytes))
    }

    async fn letter(&self, id: &str) -> Option<Letter> {
        let (id, bytes) = self.bytes(id).await?;
        let message = MessageParser::default().parse(&bytes)?;
        let person = |address: Option<&mail_parser::Address<'_>>| {
            let first = address.and_then(|address| address.first());
            let name = first.and_then(|it| it.name.as_deref()).unwrap_or_default();
            let mail = first.and_then(|it| it.address.as_deref()).unwrap_or_default();
            if name.is_empty() {
                mail.to_owned()
            } else {
                format!("{name} <{mail}>")
            }
        };
        Some(Letter {
            id,
            from: person(message.from()),
            to: person(message.to()),
            subject: message.subject().unwrap_or_default().to_owned(),
            date: message
                .date()
                .map(mail_parser::DateTime::to_rfc3339)
                .unwrap_or_default(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
