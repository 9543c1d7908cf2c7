use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::http::header::LOCATION;
use axum::routing::get;
use chrono::{DateTime, Utc};
use lavka_kit::BoxFuture;
use lavka_kit::clock::ManualClock;
use lavka_kit::ids::SeededRandomness;
use tokio::net::TcpListener;

use super::*;

/// A clock on which nobody waits: it remembers for how long they wanted to.
#[derive(Default)]
struct Hasty {
    clock: ManualClock,
    waits: Mutex<Vec<Duration>>,
}

impl Clock for Hasty {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn sleep_until(&self, moment: DateTime<Utc>) -> BoxFuture<'_, ()> {
        let wait = (moment - self.now()).to_std().unwrap();
        self.waits.lock().unwrap().push(wait);
        Box::pin(std::future::ready(()))
    }
}

const PATIENCE: Patience = Patience {
    tries: 5,
    wait: Duration::from_millis(400),
    timeout: Duration::from_secs(20),
};

fn wire(base: &str, patience: Patience, seed: u64) -> (Wire, Arc<Hasty>) {
    let clock = Arc::new(Hasty::default());
    let randomness = Arc::new(SeededRandomness::new(seed));
    let wire = Wire::new(Gateway::Stripe, base, patience, clock.clone(), randomness).unwrap();
    (wire, clock)
}

async fn serve(routes: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

async fn ask(wire: &Wire) -> Result<Reply, GatewayError> {
    let asking = wire.send("ask", "/", |client, url| client.get(url));
    tokio::time::timeout(Duration::from_secs(20), asking)
        .await
        .expect("it ends by itself")
}

#[tokio::test]
async fn what_may_do_better_is_tried_again_after_waits_that_grow_and_differ() {
    for status in [409, 429, 500, 503] {
        let asked = Arc::new(AtomicU32::new(0));
        let count = asked.clone();
        let status = StatusCode::from_u16(status).unwrap();
        let url = serve(Router::new().route(
            "/",
            get(async move || {
                count.fetch_add(1, Ordering::SeqCst);
                status
            }),
        ))
        .await;
        let mut all = Vec::new();
        for seed in [1, 2] {
            let (wire, clock) = wire(&url, PATIENCE, seed);
            let error = ask(&wire).await.unwrap_err();
            assert!(error.is_silence(), "{error}");
            let waits = clock.waits.lock().unwrap().clone();
            let longest = [400, 800, 1_600, 3_200].map(Duration::from_millis);
            assert_eq!(waits.len(), longest.len());
            assert!(
                waits.iter().zip(longest).all(|(wait, longest)| *wait <= longest),
                "{waits:?}"
            );
            assert!(
                waits
                    .iter()
                    .zip(longest)
                    .any(|(wait, longest)| *wait > longest / 4),
                "{waits:?}"
            );
            all.push(waits);
        }
        assert_eq!(asked.load(Ordering::SeqCst), 10, "{status}");
        assert_ne!(
            all[0], all[1],
            "two that failed together don't come back together"
        );
    }
}

#[tokio::test]
async fn an_answer_is_an_answer_also_when_it_is_a_refusal() {
    for status in [200, 400, 401, 402, 403, 404, 422] {
        let status = StatusCode::from_u16(status).unwrap();
        let url = serve(Router::new().route("/", get(async move || status))).await;
        let (wire, clock) = wire(&url, PATIENCE, 1);
        assert_eq!(ask(&wire).await.unwrap().status, status);
        assert_eq!(clock.waits.lock().unwrap().len(), 0, "{status}");
    }
}

#[tokio::test]
async fn a_gateway_that_takes_the_call_and_says_nothing_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let patience = Patience {
        tries: 2,
        timeout: Duration::from_millis(50),
        ..PATIENCE
    };
    let (wire, clock) = wire(&url, patience, 1);
    assert!(ask(&wire).await.unwrap_err().is_silence());
    assert_eq!(clock.waits.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_follows_no_redirect_and_an_endless_answer_is_not_read_to_its_end() {
    let elsewhere = Arc::new(AtomicU32::new(0));
    let count = elsewhere.clone();
    let away = serve(Router::new().route(
        "/",
        get(async move || {
            count.fetch_add(1, Ordering::SeqCst);
        }),
    ))
    .await;
    let url = serve(Router::new().route(
        "/",
        get(async move || (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, away.clone())])),
    ))
    .await;
    let (wire, _clock) = wire(&url, PATIENCE, 1);
    assert_eq!(ask(&wire).await.unwrap().status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(elsewhere.load(Ordering::SeqCst), 0);

    let url = serve(Router::new().route("/", get(async || vec![b' '; LONGEST_ANSWER + 1]))).await;
    let patience = Patience { tries: 1, ..PATIENCE };
    let (wire, _clock) = self::wire(&url, patience, 1);
    assert!(ask(&wire).await.unwrap_err().is_silence());
}

#[tokio::test]
async fn a_gateway_that_wants_to_be_let_alone_is_let_alone() {
    for (seconds, tries) in [("2", 5), ("5", 5), ("6", 1), ("soon", 5)] {
        let busy = async move || (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds)]);
        let url = serve(Router::new().route("/", get(busy))).await;
        let (wire, clock) = wire(&url, PATIENCE, 1);
        assert!(ask(&wire).await.unwrap_err().is_silence());
        let waits = clock.waits.lock().unwrap().clone();
        assert_eq!(
            waits.len(),
            tries - 1,
            "the worker waits longer than this: {seconds}"
        );
        let at_least = Duration::from_secs(seconds.parse().unwrap_or(0));
        assert!(waits.iter().all(|wait| *wait >= at_least), "{waits:?}");
    }
}
