use axum::body::Body;
use axum::http::Request;
use chrono::DateTime;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::*;
use crate::mail::{Mail, MailFolder, Mailer as _};

async fn ask(folder: &MailFolder, path: &str, accept: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .uri(path)
        .header("accept", accept)
        .body(Body::empty())
        .unwrap();
    let response = routes(folder.path().to_owned())
        .unwrap()
        .oneshot(request)
        .await
        .unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn mails_are_listed_shown_and_escaped() {
    let data = tempfile::tempdir().unwrap();
    let folder = MailFolder::open(data.path(), "Lavka <shop@lavka.test>").unwrap();
    assert!(
        ask(&folder, "/dev/mail", "text/html")
            .await
            .1
            .contains("No e-mails yet")
    );
    let id = Id::from_u128(1);
    let mail = Mail {
        to_name: "Ann".into(),
        to_address: "ann@lavka.test".into(),
        subject: "Hi <script>".into(),
        text: "plain".into(),
        html: "<a href=\"http://shop.test/x\">open</a>".into(),
    };
    folder.send(id, DateTime::UNIX_EPOCH, &mail).await.unwrap();
    let (_, list) = ask(&folder, "/dev/mail", "text/html").await;
    assert!(
        list.contains("Hi &lt;script&gt;") && list.contains(&format!("/dev/mail/{id}")),
        "{list}"
    );
    let (_, letter) = ask(&folder, &format!("/dev/mail/{id}"), "text/html").await;
    assert!(
        letter.contains("http:&#x2f;&#x2f;shop.test") && !letter.contains("<script>"),
        "{letter}"
    );
    let (_, json) = ask(&folder, "/dev/mail", "application/json").await;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json[0]["to"], &json[0]["subject"]),
        (&"Ann <ann@lavka.test>".into(), &"Hi <script>".into())
    );
    assert!(
        ask(&folder, &format!("/dev/mail/{id}/raw"), "*/*")
            .await
            .1
            .contains("Message-ID")
    );
    for path in [
        "/dev/mail/..%2f..%2fetc%2fpasswd",
        "/dev/mail/00000000-0000-0000-0000-000000000009",
    ] {
        assert_eq!(
            ask(&folder, path, "text/html").await.0,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}
