use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::*;
use crate::payment::Status;
use crate::scene::Scene;

async fn ask(scene: &Scene, method: &str, path: &str) -> Response {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .body(Body::empty())
        .unwrap();
    routes(scene.bank.clone()).oneshot(request).await.unwrap()
}

async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn waiting(scene: &Scene) -> (lavka_kit::ids::Id, String) {
    let order = scene.pays("action_required").await;
    let link = scene.payment(order).await.redirect_url.unwrap();
    (order, link.strip_prefix("http://shop.test").unwrap().to_owned())
}

#[tokio::test]
async fn the_page_speaks_the_orders_language_and_leads_back() {
    let scene = Scene::start().await;
    let (order, path) = waiting(&scene).await;
    let response = ask(&scene, "GET", &path).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let html = text(response).await;
    for part in [
        "<html lang=ru>",
        "Учебный банк",
        "Заказ L-100042",
        "1\u{a0}290,50\u{a0}₽",
        "Подтвердить оплату",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let response = ask(&scene, "POST", &format!("{path}/approve")).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        response.headers()[header::LOCATION],
        format!("http://shop.test/orders/{order}?key=guests-key")
    );
    scene.work().await;
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
    assert!(
        text(ask(&scene, "GET", &path).await)
            .await
            .contains("Оплата подтверждена.")
    );
}

#[tokio::test]
async fn the_first_decision_counts() {
    let scene = Scene::start().await;
    let (order, path) = waiting(&scene).await;
    ask(&scene, "POST", &format!("{path}/decline")).await;
    ask(&scene, "POST", &format!("{path}/approve")).await;
    scene.work().await;
    assert_eq!(scene.payment(order).await.status, Status::Failed);
    assert_eq!(scene.bank_says().await, (0, 0));
}

#[tokio::test]
async fn a_guessed_link_shows_nothing() {
    let scene = Scene::start().await;
    waiting(&scene).await;
    for (method, path) in [
        ("GET", "/sandbox/payments/x"),
        ("POST", "/sandbox/payments/x/approve"),
    ] {
        assert_eq!(ask(&scene, method, path).await.status(), StatusCode::NOT_FOUND);
    }
    // A decision is never made by following a link.
    let (_, path) = waiting(&scene).await;
    assert_eq!(
        ask(&scene, "GET", &format!("{path}/approve")).await.status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[test]
fn text_can_not_break_out_of_the_page() {
    assert_eq!(
        escape("<b a=\"1\" c='2'>&"),
        "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;"
    );
}
