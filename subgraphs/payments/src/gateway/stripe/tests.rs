//! Against the stand-in under tests/stand-ins, through the whole desk.

mod secrets;
mod stripe_mock;

use std::sync::Arc;
use std::time::Duration;

use lavka_kit::config::Secret;
use lavka_kit::ids::SeededRandomness;
use lavka_stand_ins::stripe::{Card, SECRET_KEY, WEBHOOK_SECRET, signature};
use lavka_stand_ins::{Fault, Server, Stripe as StandIn};

use super::*;
use crate::payment::{Attention, Payment, Status};
use crate::receive_webhook::Received;
use crate::reconcile::Matter;
use crate::refund::RefundStatus;
use crate::scene::{Scene, permutations};

/// 2026-01-15 12:00, where the scenes' clock stands.
const NOON: i64 = 1_768_478_400;

fn config(url: &str) -> StripeConfig {
    StripeConfig {
        secret_key: Some(Secret::new(SECRET_KEY.to_owned())),
        publishable_key: Some("pk_test_stand_in".to_owned()),
        webhook_secrets: vec![Secret::new(WEBHOOK_SECRET.to_owned())],
        url: url.to_owned(),
        ..StripeConfig::default()
    }
}

fn patience(tries: u32) -> Patience {
    Patience {
        tries,
        wait: Duration::ZERO,
        timeout: Duration::from_secs(20),
    }
}

fn gateway(config: &StripeConfig, tries: u32, clock: Arc<dyn Clock>) -> Arc<dyn PaymentGateway> {
    let randomness = Arc::new(SeededRandomness::new(1));
    Arc::new(
        Stripe::new(config, patience(tries), clock, randomness)
            .unwrap()
            .unwrap(),
    )
}

async fn stage() -> (Scene, Server<StandIn>) {
    let stripe = Server::stripe(API_VERSION).await;
    let config = config(&stripe.url);
    let scene = Scene::with(|clock| vec![gateway(&config, 1, clock)]).await;
    (scene, stripe)
}

fn intent(payment: &Payment) -> String {
    payment.reference.clone().unwrap()
}

/// Every event so far is sent, and taken in.
async fn tells(scene: &Scene, stripe: &Server<StandIn>) {
    for body in stripe.events() {
        assert_eq!(sends(scene, &body).await, Received::Kept);
    }
    scene.work().await;
}

async fn sends(scene: &Scene, body: &[u8]) -> Received {
    let at = scene.desk.clock.now().timestamp();
    let mut head = HeaderMap::new();
    head.insert(
        "stripe-signature",
        signature(body, at, WEBHOOK_SECRET).parse().unwrap(),
    );
    scene
        .desk
        .receive_webhook(Gateway::Stripe, &head, body)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_shopper_pays_in_their_own_software_with_the_client_secret() {
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, None).await;
    let payment = scene.payment(order).await;
    assert_eq!(payment.status, Status::ActionRequired);
    assert_eq!(
        payment.client_secret,
        Some(format!("{}_secret_Q7xW", intent(&payment)))
    );
    stripe.pays(&intent(&payment), Card::Secure);
    tells(&scene, &stripe).await;
    let link = scene.payment(order).await.redirect_url.unwrap();
    assert!(link.starts_with("https://hooks.stripe.test/3ds/"), "{link}");
    stripe.pays(&intent(&payment), Card::Good);
    tells(&scene, &stripe).await;
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
    assert_eq!(scene.told().await, ["action_required", "succeeded"]);
    assert_eq!(stripe.holds(), (129_050, 0));
    assert_eq!(stripe.complaints(), Vec::<String>::new());
    let metadata = stripe.with(|it| it.intent(&intent(&payment))["metadata"].clone());
    assert_eq!(metadata["payment_id"], payment.id.to_string());
    assert_eq!(metadata["order_number"], "L-100042");
}

#[tokio::test]
async fn what_the_client_sends_along_is_confirmed_at_once() {
    for (token, status, code) in [
        ("pm_card_visa", Status::Succeeded, None),
        ("ctoken_visa", Status::Succeeded, None),
        ("pm_card_authenticationRequired", Status::ActionRequired, None),
        ("pm_card_chargeDeclined", Status::Failed, Some("declined")),
        ("pm_nonsense", Status::Failed, Some("unknown_token")),
    ] {
        let (scene, stripe) = stage().await;
        let order = scene.pays_at(Gateway::Stripe, Some(token)).await;
        let payment = scene.payment(order).await;
        let failure = payment.failure.as_ref().map(|it| it.code.as_str());
        assert_eq!((payment.status, failure), (status, code), "{token}");
        assert_eq!(stripe.complaints(), Vec::<String>::new(), "{token}");
        if status == Status::Failed {
            let left = stripe.with(|it| it.intent(&intent(&payment))["status"].clone());
            assert_eq!(left, "canceled", "nobody can pay a failed attempt: {token}");
        }
    }
}

#[tokio::test]
async fn a_decline_ends_the_attempt_and_the_next_one_is_the_only_one_that_can_be_paid() {
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, None).await;
    let first = intent(&scene.payment(order).await);
    stripe.pays(&first, Card::Declined);
    tells(&scene, &stripe).await;
    assert_eq!(scene.payment(order).await.status, Status::Failed);
    scene.retries_at(order, 2, Gateway::Stripe).await;
    let second = intent(&scene.payments(order).await[1]);
    let open = stripe.with(|it| {
        it.intents()
            .iter()
            .filter(|it| it["status"] != "canceled")
            .count()
    });
    assert_eq!(open, 1);
    stripe.pays(&second, Card::Good);
    tells(&scene, &stripe).await;
    assert_eq!(
        scene.told().await,
        ["action_required", "failed", "action_required", "succeeded"]
    );
    assert_eq!(stripe.holds(), (129_050, 0));
}

#[tokio::test]
async fn whatever_gets_lost_or_is_nonsense_one_intent_is_made() {
    for fault in [
        Fault::AnswerLost,
        Fault::Error,
        Fault::HtmlPage,
        Fault::HtmlInstead,
        Fault::Busy,
    ] {
        let (scene, stripe) = stage().await;
        stripe.spoil(&[fault]);
        let order = scene.pays_at(Gateway::Stripe, Some("pm_card_visa")).await;
        assert_eq!(scene.payment(order).await.status, Status::Pending, "{fault:?}");
        scene.passes(1).await;
        assert_eq!(scene.payment(order).await.status, Status::Succeeded, "{fault:?}");
        assert_eq!(stripe.holds(), (129_050, 0), "{fault:?}");
        assert_eq!(stripe.with(|it| it.intents().len()), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_short_trouble_is_over_before_the_worker_hears_of_it() {
    let stripe = Server::stripe(API_VERSION).await;
    let config = config(&stripe.url);
    let scene = Scene::with(|clock| vec![gateway(&config, 3, clock)]).await;
    stripe.spoil(&[Fault::Error, Fault::Busy]);
    let order = scene.pays_at(Gateway::Stripe, None).await;
    assert_eq!(scene.payment(order).await.status, Status::ActionRequired);
    assert_eq!(stripe.asked(), ["POST /v1/payment_intents"; 3]);
}

#[tokio::test]
async fn after_a_day_a_charge_is_found_again_by_our_own_id() {
    let (scene, stripe) = stage().await;
    stripe.spoil(&[Fault::AnswerLost]);
    let order = scene.pays_at(Gateway::Stripe, Some("pm_card_visa")).await;
    stripe.with(StandIn::forget_keys);
    stripe.asked();
    scene.passes(25 * 3600).await;
    assert!(stripe.asked()[0].starts_with("GET /v1/payment_intents/search?"));
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
    assert_eq!(stripe.with(|it| it.intents().len()), 1);
}

#[tokio::test]
async fn a_configuration_that_changes_between_two_tries_does_not_charge_again() {
    let stripe = Server::stripe(API_VERSION).await;
    let before = config(&stripe.url);
    let after = StripeConfig {
        capture: Capture::Manual,
        ..config(&stripe.url)
    };
    let scene = Scene::with(|clock| vec![gateway(&before, 1, clock)]).await;
    stripe.spoil(&[Fault::AnswerLost]);
    let order = scene.pays_at(Gateway::Stripe, None).await;
    let later = gateway(&after, 1, scene.clock.clone());
    let (payment, record) = {
        scene.clock.advance(Duration::from_secs(1));
        let id = scene.payment(order).await.id;
        scene.desk.prepare(id).await.unwrap().unwrap()
    };
    let charge = scene.desk.ask(&*later, &payment, &record).await.unwrap();
    assert!(matches!(charge.state, ChargeState::ActionRequired { .. }));
    assert_eq!(stripe.with(|it| it.intents().len()), 1);
}

#[tokio::test]
async fn promised_money_is_captured_once_it_is_wanted() {
    let stripe = Server::stripe(API_VERSION).await;
    let config = StripeConfig {
        capture: Capture::Manual,
        ..config(&stripe.url)
    };
    let scene = Scene::with(|clock| vec![gateway(&config, 1, clock)]).await;
    let order = scene.pays_at(Gateway::Stripe, None).await;
    let first = intent(&scene.payment(order).await);
    stripe.pays(&first, Card::Good);
    tells(&scene, &stripe).await;
    assert_eq!(scene.payment(order).await.status, Status::Succeeded);
    assert_eq!(stripe.holds(), (129_050, 0));

    let dead = scene.pays_at(Gateway::Stripe, None).await;
    let second = intent(&scene.payment(dead).await);
    stripe.pays(&second, Card::Good);
    scene.cancels(dead).await;
    scene.work().await;
    assert_eq!(scene.payment(dead).await.status, Status::Cancelled);
    assert_eq!(
        stripe.holds(),
        (129_050, 0),
        "promised to a dead order, and never taken"
    );
}

#[tokio::test]
async fn a_payment_that_comes_while_the_order_is_cancelled_goes_back() {
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, None).await;
    stripe.pays(&intent(&scene.payment(order).await), Card::Good);
    scene.cancels(order).await;
    scene.work().await;
    assert_eq!(stripe.holds(), (129_050, 129_050));
    assert_eq!(scene.told().await, ["action_required", "succeeded", "refunded"]);
}

#[tokio::test]
async fn money_goes_back_in_parts_and_never_more_than_came() {
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, Some("pm_card_visa")).await;
    let payment = scene.payment(order).await;
    stripe.spoil(&[Fault::AnswerLost]);
    scene.gives_back(&payment, Some("290.50"), "one").await;
    scene.passes(1).await;
    assert_eq!(stripe.holds(), (129_050, 29_050));
    scene.gives_back(&payment, None, "the rest").await;
    assert_eq!(stripe.holds(), (129_050, 129_050));
    assert_eq!(scene.told().await, ["succeeded", "refunded", "refunded"]);
    assert_eq!(stripe.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_refund_that_the_bank_sends_back_days_later_calls_staff() {
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, Some("pm_card_visa")).await;
    let payment = scene.payment(order).await;
    stripe.with(StandIn::slow_refunds);
    scene.gives_back(&payment, None, "all").await;
    assert_eq!(scene.refunds(payment.id).await[0].status, RefundStatus::Pending);
    stripe.with(|it| it.end_refunds("succeeded"));
    tells(&scene, &stripe).await;
    assert_eq!(scene.refunds(payment.id).await[0].status, RefundStatus::Succeeded);
    stripe.with(|it| it.end_refunds("failed"));
    tells(&scene, &stripe).await;
    assert_eq!(scene.refunds(payment.id).await[0].status, RefundStatus::Failed);
    assert_eq!(
        scene.payment(order).await.attention.first(),
        Some(Attention::RefundFailed)
    );
}

#[tokio::test]
async fn another_amount_or_currency_is_flagged_and_never_paid() {
    for fault in [Fault::OtherAmount, Fault::OtherCurrency] {
        let (scene, stripe) = stage().await;
        let order = scene.pays_at(Gateway::Stripe, None).await;
        stripe.pays(&intent(&scene.payment(order).await), Card::Good);
        stripe.spoil(&[fault]);
        tells(&scene, &stripe).await;
        let payment = scene.payment(order).await;
        assert_eq!(
            payment.attention.first(),
            Some(Attention::AmountDisagrees),
            "{fault:?}"
        );
        assert_eq!(payment.status, Status::ActionRequired, "{fault:?}");
        assert_eq!(scene.told().await, ["action_required"], "{fault:?}");
    }
}

/// Whatever order the events of one payment come in, three times each.
#[tokio::test]
async fn all_permutations_of_a_payments_webhooks_tripled_end_alike() {
    // Created, 3-D Secure, succeeded; and a refund, which may be told of before all of them.
    for permutation in permutations(4) {
        let (scene, stripe) = stage().await;
        let order = scene.pays_at(Gateway::Stripe, None).await;
        let id = intent(&scene.payment(order).await);
        stripe.pays(&id, Card::Secure);
        stripe.pays(&id, Card::Good);
        let first = stripe.events();
        for at in permutation {
            if let Some(body) = first.get(at) {
                for _ in 0..3 {
                    sends(&scene, body).await;
                }
                scene.work().await;
            } else if scene.payment(order).await.status == Status::Succeeded {
                let payment = scene.payment(order).await;
                scene.gives_back(&payment, Some("90.50"), "part").await;
                for body in stripe.events() {
                    for _ in 0..3 {
                        sends(&scene, &body).await;
                    }
                    scene.work().await;
                }
            }
        }
        let payment = scene.payment(order).await;
        assert_eq!(payment.status, Status::Succeeded);
        scene.gives_back(&payment, Some("90.50"), "part").await;
        assert_eq!(stripe.holds(), (129_050, 9_050));
        let told = scene.told().await;
        let count = |kind: &str| told.iter().filter(|it| *it == kind).count();
        assert_eq!(
            (count("succeeded"), count("refunded"), count("failed")),
            (1, 1, 0),
            "{told:?}"
        );
    }
}

/// A decline and the payment that came behind it, before we had looked: told in any order, three times each.
#[tokio::test]
async fn a_failure_that_is_told_after_the_success_takes_nothing_back() {
    for permutation in permutations(3) {
        let (scene, stripe) = stage().await;
        let order = scene.pays_at(Gateway::Stripe, None).await;
        let id = intent(&scene.payment(order).await);
        stripe.pays(&id, Card::Declined);
        stripe.pays(&id, Card::Good);
        let events = stripe.events();
        assert_eq!(events.len(), 3, "created, failed, succeeded");
        for at in permutation {
            for _ in 0..3 {
                sends(&scene, &events[at]).await;
            }
            scene.work().await;
        }
        scene.passes(3600).await;
        assert_eq!(scene.payment(order).await.status, Status::Succeeded);
        assert_eq!(scene.told().await, ["action_required", "succeeded"]);
        assert_eq!(stripe.holds(), (129_050, 0));
    }
}

#[tokio::test]
async fn events_that_are_no_news_are_kept_and_change_nothing() {
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, None).await;
    let before = scene.payment(order).await;
    stripe.asked();
    for body in [
        br#"{"id":"evt_a","type":"invoice.paid","data":{"object":{"id":"in_1","object":"invoice"}}}"#.as_slice(),
        br#"{"id":"evt_b","type":"payment_intent.succeeded","data":{"object":{"id":"pi_foreign","object":"payment_intent","metadata":{}}}}"#,
        br#"{"id":"evt_c","type":"something.new","data":{"object":{"object":"novelty","metadata":null}}}"#,
    ] {
        assert_eq!(sends(&scene, body).await, Received::Kept);
    }
    scene.work().await;
    assert_eq!(scene.payment(order).await, before);
    assert_eq!(stripe.asked(), Vec::<String>::new());
    let of = async |select| scene.count(select).await;
    assert_eq!(of("SELECT count(*) FROM webhooks WHERE outcome = 'IGNORED' AND kind IN ('invoice.paid', 'something.new')").await, 2);
    assert_eq!(
        of("SELECT count(*) FROM webhooks WHERE outcome = 'UNKNOWN_REFERENCE'").await,
        1
    );
    let raw = "SELECT count(*) FROM webhooks WHERE body LIKE '{\"id\":\"evt_c\",\"type\":\"something.new\",\"data\":{%null}}}'";
    assert_eq!(of(raw).await, 1, "kept as it came");
}

#[tokio::test]
async fn what_is_not_stripes_is_turned_away_and_counted() {
    let (scene, stripe) = stage().await;
    scene.pays_at(Gateway::Stripe, None).await;
    let body = stripe.events().remove(0);
    let count = |why| scene.desk.counters.turned_away_for(Gateway::Stripe, why);
    for (header, why) in [
        (None, "no_signature"),
        (Some(signature(&body, NOON, "whsec_somebody")), "foreign"),
        (Some(signature(b"{}", NOON, WEBHOOK_SECRET)), "foreign"),
        (Some(signature(&body, NOON - 301, WEBHOOK_SECRET)), "stale"),
    ] {
        let mut head = HeaderMap::new();
        if let Some(header) = header {
            head.insert("stripe-signature", header.parse().unwrap());
        }
        let received = scene
            .desk
            .receive_webhook(Gateway::Stripe, &head, &body)
            .await
            .unwrap();
        assert!(
            matches!(&received, Received::TurnedAway(bad) if bad.code() == why),
            "{received:?}"
        );
    }
    assert_eq!(
        (count("no_signature"), count("foreign"), count("stale")),
        (1, 2, 1)
    );
    assert_eq!(
        scene.desk.store.due(scene.desk.clock.now(), 10).await.unwrap(),
        []
    );
    let nonsense = b"not json";
    let received = sends(&scene, nonsense).await;
    assert!(
        matches!(received, Received::TurnedAway(BadNotice::Unreadable(_))),
        "{received:?}"
    );
}

#[tokio::test]
async fn a_wrong_key_is_ours_to_mend_and_no_shoppers_failure() {
    let stripe = Server::stripe(API_VERSION).await;
    let config = StripeConfig {
        secret_key: Some(Secret::new("sk_test_wrong".to_owned())),
        ..config(&stripe.url)
    };
    let scene = Scene::with(|clock| vec![gateway(&config, 1, clock)]).await;
    let order = scene.pays_at(Gateway::Stripe, None).await;
    assert_eq!(scene.payment(order).await.status, Status::Pending);
}

#[tokio::test]
async fn what_was_done_in_stripes_own_pages_is_found_and_flagged() {
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, Some("pm_card_visa")).await;
    let payment = scene.payment(order).await;
    stripe.with(|it| it.refund_by_hand(&intent(&payment), 1_000));
    let done = scene.desk.reconcile().await.unwrap();
    let told: Vec<_> = done.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [format!(
            "payment {} (order {order}, STRIPE): flagged for staff: REFUNDED_ELSEWHERE",
            payment.id
        )]
    );
    assert_eq!(
        scene.desk.reconcile().await.unwrap().findings,
        [],
        "it is told once"
    );
}

#[tokio::test]
async fn a_refund_that_fails_after_it_succeeded_is_found_without_its_webhook() {
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, Some("pm_card_visa")).await;
    let payment = scene.payment(order).await;
    scene.gives_back(&payment, Some("90.50"), "part").await;
    stripe.with(|it| it.end_refunds("failed"));
    // Nobody hears of it.
    stripe.events();
    let done = scene.desk.reconcile().await.unwrap();
    let matters: Vec<_> = done.findings.into_iter().map(|it| it.matter).collect();
    let refund = scene.refunds(payment.id).await.remove(0);
    assert_eq!(
        matters,
        [
            Matter::Flagged(Attention::RefundFailed),
            Matter::RefundMended {
                refund: refund.id,
                to: RefundStatus::Failed
            }
        ]
    );
    // Given back under another key, and staff say that all is well.
    scene.gives_back(&payment, Some("90.50"), "again").await;
    assert_eq!(stripe.holds(), (129_050, 9_050));
    scene.settles(&payment, Attention::RefundFailed).await;
    assert_eq!(scene.desk.reconcile().await.unwrap().findings, []);
    assert_eq!(scene.payment(order).await.attention.first(), None);
}

#[tokio::test]
async fn what_is_given_back_in_stripes_own_pages_is_seen_as_soon_as_stripe_tells() {
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, Some("pm_card_visa")).await;
    stripe.events();
    let payment = scene.payment(order).await;
    stripe.with(|it| it.refund_by_hand(&intent(&payment), 1_000));
    tells(&scene, &stripe).await;
    let seen = scene.payment(order).await;
    assert_eq!(
        (seen.attention.first(), seen.elsewhere),
        (Some(Attention::RefundedElsewhere), 1_000)
    );
    // Once it is dealt with, only more of it calls again; and it can't be given back a second time.
    scene.settles(&payment, Attention::RefundedElsewhere).await;
    scene.desk.reconcile().await.unwrap();
    assert_eq!(scene.payment(order).await.attention.first(), None);
    scene.gives_back(&payment, None, "all that is left").await;
    assert_eq!(stripe.holds(), (129_050, 129_050));
    assert_eq!(scene.payment(order).await.attention.first(), None);
}

#[tokio::test]
async fn a_dispute_calls_staff_until_they_have_seen_it() {
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, Some("pm_card_visa")).await;
    let payment = scene.payment(order).await;
    stripe.with(|it| it.dispute(&intent(&payment)));
    tells(&scene, &stripe).await;
    assert_eq!(
        scene.payment(order).await.attention.first(),
        Some(Attention::Disputed)
    );
    scene.settles(&payment, Attention::Disputed).await;
    scene.desk.reconcile().await.unwrap();
    assert_eq!(scene.payment(order).await.attention.first(), None);
}

#[tokio::test]
async fn money_in_another_currency_goes_back_in_it() {
    // On staff's word.
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, None).await;
    let payment = scene.payment(order).await;
    stripe.with(|it| it.pay_otherwise(&intent(&payment), 1_500, "eur"));
    tells(&scene, &stripe).await;
    let seen = scene.payment(order).await;
    assert_eq!(
        (seen.attention.first(), seen.came),
        (
            Some(Attention::AmountDisagrees),
            Some(Money::new(1_500, Currency::Eur))
        )
    );
    scene.gives_back(&payment, None, "euros").await;
    assert_eq!(stripe.holds(), (1_500, 1_500));
    assert_eq!(
        scene.refunds(payment.id).await[0].amount,
        Money::new(1_500, Currency::Eur)
    );
    let ended = scene.payment(order).await;
    assert_eq!((ended.status, ended.attention.first()), (Status::Failed, None));
    assert_eq!(scene.told().await, ["action_required", "refunded", "failed"]);

    // When the order ends.
    let dead = scene.pays_at(Gateway::Stripe, None).await;
    let payment = scene.payment(dead).await;
    stripe.with(|it| it.pay_otherwise(&intent(&payment), 1_500, "eur"));
    scene.cancels(dead).await;
    scene.work().await;
    assert_eq!(stripe.holds(), (3_000, 3_000));
    assert_eq!(scene.payment(dead).await.status, Status::Cancelled);

    // When the shopper pays with something else: the next attempt has only to wait for the refund.
    let tried_again = scene.pays_at(Gateway::Stripe, None).await;
    let payment = scene.payment(tried_again).await;
    stripe.with(|it| it.pay_otherwise(&intent(&payment), 1_500, "eur"));
    tells(&scene, &stripe).await;
    scene.retries_at(tried_again, 2, Gateway::Stripe).await;
    assert_eq!(stripe.holds(), (4_500, 4_500));
    let [first, second] = &scene.payments(tried_again).await[..] else {
        panic!("two attempts");
    };
    assert_eq!(
        (first.status, second.status),
        (Status::Cancelled, Status::ActionRequired)
    );
}

#[tokio::test]
async fn money_that_this_store_has_no_name_for_ends_with_its_flag() {
    let (scene, stripe) = stage().await;
    let order = scene.pays_at(Gateway::Stripe, None).await;
    let payment = scene.payment(order).await;
    stripe.with(|it| it.pay_otherwise(&intent(&payment), 1_500, "gbp"));
    tells(&scene, &stripe).await;
    scene.cancels(order).await;
    scene.work().await;
    let ended = scene.payment(order).await;
    assert_eq!(
        (ended.status, ended.attention.first(), ended.due_at),
        (Status::Cancelled, Some(Attention::AmountDisagrees), None)
    );
    stripe.asked();
    scene.passes(24 * 3600).await;
    assert_eq!(stripe.asked(), Vec::<String>::new(), "the history has ended");
    // One that nobody has paid is only stopped.
    let unpaid = scene.pays_at(Gateway::Stripe, None).await;
    let id = intent(&scene.payment(unpaid).await);
    scene.cancels(unpaid).await;
    stripe.spoil(&[Fault::OtherCurrency]);
    scene.work().await;
    assert_eq!(stripe.with(|it| it.intent(&id)["status"].clone()), "canceled");
    let ended = scene.payment(unpaid).await;
    assert_eq!((ended.status, ended.attention.first()), (Status::Cancelled, None));
}
