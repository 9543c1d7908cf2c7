use std::sync::atomic::AtomicBool;

use chrono::TimeDelta;
use lavka_kit::clock::ManualClock;
use lavka_kit::ids::Id;
use lavka_kit::testing::Logs;

use super::*;
use crate::failure::{Failure, codes};
use crate::gateway::Gateway;

#[test]
fn five_silences_open_it_one_trial_closes_it_or_prolongs_the_rest() {
    let start = DateTime::from_timestamp(1_768_478_400, 0).unwrap();
    let at = |seconds| start + TimeDelta::seconds(seconds);
    let mut breaker = Breaker::default();
    for _ in 0..4 {
        assert!(breaker.lets_through(at(0)));
        assert!(!breaker.note(true, at(0)));
    }
    assert!(breaker.lets_through(at(0)));
    assert!(breaker.note(true, at(0)));
    assert!(!breaker.lets_through(at(14)));
    assert!(breaker.lets_through(at(15)), "the trial");
    assert!(!breaker.lets_through(at(15)), "only one");
    breaker.note(true, at(16));
    assert!(!breaker.lets_through(at(30)));
    assert!(breaker.lets_through(at(31)));
    breaker.note(false, at(31));
    assert!(breaker.lets_through(at(31)) && breaker.lets_through(at(31)));
}

/// A gateway that answers nothing, or refuses everything.
#[derive(Default)]
struct Unwilling {
    refuses: AtomicBool,
    asked: AtomicU64,
}

impl Unwilling {
    fn answer(&self) -> GatewayError {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let gateway = Gateway::Stripe;
        if self.refuses.load(Ordering::SeqCst) {
            let failure = Failure::known(codes::DECLINED);
            return GatewayError::Refused { gateway, failure };
        }
        GatewayError::NoAnswer {
            gateway,
            doing: "ask",
            source: "it is away".into(),
        }
    }
}

#[async_trait]
impl PaymentGateway for Unwilling {
    fn describe(&self) -> GatewayDescription {
        GatewayDescription {
            gateway: Gateway::Stripe,
            publishable_key: None,
            tokens: Vec::new(),
        }
    }

    async fn create(&self, _request: &ChargeRequest) -> Result<Charge, GatewayError> {
        Err(self.answer())
    }

    async fn capture(&self, _charge: &ChargeName) -> Result<Charge, GatewayError> {
        Err(self.answer())
    }

    async fn cancel(&self, _charge: &ChargeName) -> Result<Charge, GatewayError> {
        Err(self.answer())
    }

    async fn fetch(&self, _charge: &ChargeName) -> Result<Charge, GatewayError> {
        Err(self.answer())
    }

    async fn refund(&self, _request: &RefundRequest) -> Result<GatewayRefund, GatewayError> {
        Err(self.answer())
    }

    async fn fetch_refund(
        &self,
        _request: &RefundRequest,
        _reference: &str,
    ) -> Result<GatewayRefund, GatewayError> {
        Err(self.answer())
    }

    async fn authenticate(&self, _head: &HeaderMap, _body: &[u8]) -> Result<Notice, BadNotice> {
        Err(BadNotice::Foreign)
    }

    fn read(&self, _body: &[u8]) -> Result<Notice, BadNotice> {
        Err(BadNotice::Foreign)
    }
}

fn charge() -> ChargeName {
    ChargeName {
        payment_id: Id::from_u128(1),
        reference: "pi_1".to_owned(),
        capture: None,
    }
}

#[tokio::test]
async fn a_gateway_that_is_away_is_let_alone_and_another_one_is_not() {
    let clock = Arc::new(ManualClock::default());
    let guarded = || {
        let inner = Arc::new(Unwilling::default());
        (Guarded::new(inner.clone(), clock.clone()), inner)
    };
    let ((stripe, behind), (other, behind_other)) = (guarded(), guarded());
    let asked = |it: &Unwilling| it.asked.load(Ordering::SeqCst);
    for _ in 0..8 {
        assert!(stripe.fetch(&charge()).await.unwrap_err().is_silence());
    }
    assert_eq!(asked(&behind), 5, "then nobody asks");
    assert!(stripe.cancel(&charge()).await.unwrap_err().is_silence());
    assert_eq!(asked(&behind), 5, "whatever it is about");
    other.fetch(&charge()).await.unwrap_err();
    assert_eq!(asked(&behind_other), 1, "each has a breaker of its own");
    let counted = [
        &stripe.calls().answered,
        &stripe.calls().unanswered,
        &stripe.calls().stopped,
    ];
    assert_eq!(counted.map(|it| it.load(Ordering::Relaxed)), [0, 5, 4]);

    clock.advance(REST);
    behind.refuses.store(true, Ordering::SeqCst);
    stripe.fetch(&charge()).await.unwrap_err();
    stripe.fetch(&charge()).await.unwrap_err();
    assert_eq!(asked(&behind), 7, "a refusal is an answer: it is well again");
}

#[tokio::test]
async fn refusals_are_answers_however_many_and_every_call_is_told() {
    let logs = Logs::listen();
    let inner = Arc::new(Unwilling::default());
    inner.refuses.store(true, Ordering::SeqCst);
    let stripe = Guarded::new(inner.clone(), Arc::new(ManualClock::default()));
    for _ in 0..20 {
        assert!(!stripe.fetch(&charge()).await.unwrap_err().is_silence());
    }
    assert_eq!(inner.asked.load(Ordering::SeqCst), 20);
    let told = logs.text();
    let lines = told
        .lines()
        .filter(|line| line.contains("fetch a charge") && line.contains("STRIPE"));
    assert_eq!(lines.filter(|line| line.contains("pi_1")).count(), 20, "{told}");
}
