//! What every adapter of the store must do. Each scene gets a fresh store.

use std::sync::Arc;

use chrono::TimeDelta;
use lavka_kit::clock::{Clock as _, ManualClock};
use lavka_kit::ids::Id;
use lavka_kit::money::{Currency, Money};
use lavka_kit::on_both_engines;
use lavka_kit::sql::Dialect;
use lavka_kit::testing::usual_engine;

use super::{Compared, Due, OrderRecord, Outcome, RefundKey, Store, Webhook};
use crate::payment::{Attention, Attentions, Payment, Status};
use crate::refund::{Cause, Refund, RefundStatus};
use crate::scene::Scene;
use crate::store::memory::MemoryStore;

type Stage = (Scene, Arc<dyn Store>, Payment);

/// A store with one order and its first payment.
async fn stage(engine: Dialect) -> Option<Stage> {
    let scene = Scene::on(engine).await?;
    let order = scene.places("ok").await;
    let payment = scene.payment(order).await;
    let store = scene.desk.store.clone();
    Some((scene, store, payment))
}

async fn memory_stage() -> Stage {
    let (scene, store, payment) = stage(usual_engine()).await.expect("an engine");
    let order = store
        .begin()
        .await
        .unwrap()
        .order(payment.order_id)
        .await
        .unwrap();
    let memory = MemoryStore::default();
    let mut work = memory.begin().await.unwrap();
    work.save_order(&order.expect("its order")).await.unwrap();
    work.save_payment(&payment).await.unwrap();
    work.commit().await.unwrap();
    (scene, Arc::new(memory), payment)
}

// In memory there are no rows that can't be read, and never two works at once.
on_both_engines! { stage, in memory memory_stage:
    what_is_written_is_read_back
    without_a_commit_nothing_happened
    one_attempt_of_an_order_exists_once
    what_is_due_is_found_by_the_clock
    a_key_belongs_to_its_owner
    a_webhook_is_kept_once_and_due_until_it_had_its_effect
    what_waits_for_a_person_and_what_is_to_be_compared_is_found
    a_lease_is_one_holders_until_it_ends
    an_order_that_has_ended_stays_so
    what_is_live_is_due_before_what_is_over;
    not in memory:
    a_row_that_can_not_be_read_is_named
    a_refund_that_is_asked_for_twice_at_once_is_one
    two_refunds_at_once_give_back_no_more_than_came
}

fn refund(payment: &Payment, id: u128) -> Refund {
    Refund {
        id: Id::from_u128(id),
        payment_id: payment.id,
        amount: payment.amount,
        reason: Some("why".into()),
        cause: Cause::Staff(Id::from_u128(7)),
        status: RefundStatus::Pending,
        reference: None,
        failure_code: None,
        due_at: Some(payment.created_at),
        tries: 0,
        created_at: payment.created_at,
    }
}

async fn what_is_written_is_read_back((_scene, store, mut payment): Stage) {
    payment.status = Status::Failed;
    payment.failure = Some(crate::failure::Failure {
        code: "c".into(),
        message: Some("m".into()),
    });
    payment.reference = Some("r".into());
    payment.expires_at = Some(payment.created_at + TimeDelta::microseconds(1));
    payment.due_at = None;
    let refund = refund(&payment, 5);
    let mut work = store.begin().await.unwrap();
    work.save_payment(&payment).await.unwrap();
    work.save_refund(&refund).await.unwrap();
    assert_eq!(
        work.payment_by_reference(payment.gateway, "r")
            .await
            .unwrap()
            .as_ref(),
        Some(&payment)
    );
    work.commit().await.unwrap();
    assert_eq!(store.payment(payment.id).await.unwrap(), Some(payment.clone()));
    assert_eq!(
        store.begin().await.unwrap().refund(refund.id).await.unwrap(),
        Some(refund.clone())
    );
    assert_eq!(store.refunds_of_payments(&[payment.id]).await.unwrap(), [refund]);
    assert_eq!(
        store
            .payments_of_orders(&[payment.order_id, Id::from_u128(404)])
            .await
            .unwrap(),
        [payment]
    );
    assert_eq!(store.payments_of_orders(&[]).await.unwrap(), []);
    assert_eq!(store.payment(Id::from_u128(404)).await.unwrap(), None);
}

async fn without_a_commit_nothing_happened((scene, store, mut payment): Stage) {
    payment.status = Status::Cancelled;
    let mut work = store.begin().await.unwrap();
    work.save_payment(&payment).await.unwrap();
    assert!(
        work.first_time(Id::from_u128(9), scene.clock.now())
            .await
            .unwrap()
    );
    drop(work);
    assert_eq!(
        store.payment(payment.id).await.unwrap().unwrap().status,
        Status::Pending
    );
    let mut work = store.begin().await.unwrap();
    assert!(
        work.first_time(Id::from_u128(9), scene.clock.now())
            .await
            .unwrap()
    );
    assert!(
        !work
            .first_time(Id::from_u128(9), scene.clock.now())
            .await
            .unwrap()
    );
}

async fn one_attempt_of_an_order_exists_once((_scene, store, mut payment): Stage) {
    payment.id = Id::from_u128(77);
    let mut work = store.begin().await.unwrap();
    let error = work.save_payment(&payment).await.unwrap_err();
    assert_eq!(error.to_string(), "write a payment");
}

async fn what_is_due_is_found_by_the_clock((scene, store, mut payment): Stage) {
    let start = ManualClock::default().now();
    let refund = Refund {
        due_at: Some(start + TimeDelta::milliseconds(1_500)),
        ..refund(&payment, 5)
    };
    payment.due_at = Some(start + TimeDelta::seconds(2));
    let mut work = store.begin().await.unwrap();
    work.save_payment(&payment).await.unwrap();
    work.save_refund(&refund).await.unwrap();
    work.commit().await.unwrap();
    let due = async |millis| {
        store
            .due(start + TimeDelta::milliseconds(millis), 10)
            .await
            .unwrap()
    };
    assert_eq!(due(1_499).await, []);
    assert_eq!(due(1_500).await, [Due::Refund(refund.id)]);
    assert_eq!(
        due(2_000).await,
        [Due::Payment(payment.id), Due::Refund(refund.id)]
    );
    assert_eq!(store.next_due().await.unwrap(), refund.due_at);
    drop(scene);
}

async fn a_key_belongs_to_its_owner((scene, store, payment): Stage) {
    let refund = refund(&payment, 5);
    let key = RefundKey {
        owner: Id::from_u128(7),
        key: "k".into(),
        body_hash: "h".into(),
        refund_id: refund.id,
    };
    let mut work = store.begin().await.unwrap();
    work.save_refund(&refund).await.unwrap();
    work.remember_key(&key, scene.clock.now()).await.unwrap();
    assert_eq!(work.refund_key(key.owner, "k").await.unwrap(), Some(key));
    assert_eq!(work.refund_key(Id::from_u128(8), "k").await.unwrap(), None);
}

async fn a_row_that_can_not_be_read_is_named((scene, store, payment): Stage) {
    scene.break_row("UPDATE payments SET status = 'PAID'").await;
    let error = store.payment(payment.id).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("table payments, row {}: column status holds \"PAID\"", payment.id)
    );
}

async fn a_refund_that_is_asked_for_twice_at_once_is_one((scene, _store, payment): Stage) {
    scene.work().await;
    let ask = || {
        scene
            .desk
            .refund_payment(scene.refund_of(&payment, Some("10"), "k"))
    };
    let (one, other) = tokio::join!(ask(), ask());
    one.unwrap().unwrap();
    other.unwrap().unwrap();
    assert_eq!(scene.refunds(payment.id).await.len(), 1);
}

async fn two_refunds_at_once_give_back_no_more_than_came((scene, _store, payment): Stage) {
    scene.work().await;
    let ask = |key| {
        scene
            .desk
            .refund_payment(scene.refund_of(&payment, Some("1000"), key))
    };
    let (one, other) = tokio::join!(ask("k"), ask("l"));
    let refused = [one.unwrap(), other.unwrap()].into_iter().filter(Result::is_err);
    assert_eq!(refused.count(), 1);
    assert_eq!(scene.refunds(payment.id).await.len(), 1);
}

async fn a_webhook_is_kept_once_and_due_until_it_had_its_effect((scene, store, mut payment): Stage) {
    let now = scene.clock.now();
    payment.due_at = None;
    let webhook = |id: u128, event_id: &str| Webhook {
        id: Id::from_u128(id),
        gateway: payment.gateway,
        event_id: event_id.into(),
        kind: "charge.updated".into(),
        body: "{\"имя\":1}".into(),
        received_at: now,
        due_at: Some(now),
        outcome: None,
    };
    let mut work = store.begin().await.unwrap();
    work.save_payment(&payment).await.unwrap();
    assert!(work.keep_webhook(&webhook(1, "one")).await.unwrap());
    assert!(!work.keep_webhook(&webhook(2, "one")).await.unwrap());
    assert!(work.keep_webhook(&webhook(3, "two")).await.unwrap());
    assert_eq!(
        work.webhook(Id::from_u128(1)).await.unwrap(),
        Some(webhook(1, "one"))
    );
    assert_eq!(work.webhook(Id::from_u128(2)).await.unwrap(), None);
    work.end_webhook(Id::from_u128(3), Outcome::Looked).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(
        store.due(now, 10).await.unwrap(),
        [Due::Webhook(Id::from_u128(1))]
    );
    assert_eq!(store.next_due().await.unwrap(), Some(now));
    // What has yet to have its effect is never forgotten.
    assert_eq!(store.forget_webhooks(now).await.unwrap(), 0);
    assert_eq!(
        store.forget_webhooks(now + TimeDelta::seconds(1)).await.unwrap(),
        1
    );
    let mut work = store.begin().await.unwrap();
    assert!(work.webhook(Id::from_u128(1)).await.unwrap().is_some());
    assert_eq!(work.webhook(Id::from_u128(3)).await.unwrap(), None);
}

async fn what_waits_for_a_person_and_what_is_to_be_compared_is_found((scene, store, payment): Stage) {
    let now = scene.clock.now();
    let attempt = |id: u128, number: i32, days: i64, status: Status| Payment {
        id: Id::from_u128(id),
        attempt: number,
        status,
        sent: true,
        capturing: true,
        came: Some(Money::new(7, Currency::Eur)),
        elsewhere: 3,
        capture: Some(format!("capture {id}")),
        settled: Attentions::from_iter([Attention::Disputed, Attention::RefundStuck]),
        compare_at: Some(now - TimeDelta::days(days)),
        created_at: now - TimeDelta::days(days),
        attention: (status == Status::Failed)
            .then_some(Attention::AmountDisagrees)
            .into_iter()
            .collect(),
        ..payment.clone()
    };
    let (old_and_over, old_and_open) = (
        attempt(11, 2, 40, Status::Failed),
        attempt(12, 3, 40, Status::Pending),
    );
    let recent = attempt(13, 4, 1, Status::Succeeded);
    let mut work = store.begin().await.unwrap();
    for payment in [&old_and_over, &old_and_open, &recent] {
        work.save_payment(payment).await.unwrap();
    }
    work.commit().await.unwrap();
    let since = Compared::Since(now - TimeDelta::days(35));
    let found = async |after, limit| store.to_reconcile(since, after, limit).await.unwrap();
    assert_eq!(found(None, 10).await, [old_and_open.clone(), recent.clone()]);
    assert_eq!(found(None, 1).await, std::slice::from_ref(&old_and_open));
    assert_eq!(
        found(Some(old_and_open.id), 10).await,
        std::slice::from_ref(&recent)
    );
    let due_by = async |by| {
        let since = now - TimeDelta::days(35);
        store
            .to_reconcile(Compared::Due { by, since }, None, 10)
            .await
            .unwrap()
    };
    assert_eq!(
        due_by(now - TimeDelta::days(2)).await,
        std::slice::from_ref(&old_and_open)
    );
    assert_eq!(due_by(now).await, [old_and_open.clone(), recent.clone()]);
    let mut work = store.begin().await.unwrap();
    let named = work
        .payment_by_reference(recent.gateway, "capture 13")
        .await
        .unwrap();
    assert_eq!(named, Some(recent));
    drop(work);
    assert_eq!(store.wanting_attention(10).await.unwrap(), [old_and_over]);
}

async fn a_lease_is_one_holders_until_it_ends((scene, store, _payment): Stage) {
    let now = scene.clock.now();
    let take = async |name, seconds: i64| {
        let now = now + TimeDelta::seconds(seconds);
        let until = now + TimeDelta::seconds(10);
        store.take_lease(name, now, until).await.unwrap()
    };
    assert!(take("one", 0).await);
    assert!(!take("one", 9).await);
    assert!(take("another", 9).await);
    assert!(take("one", 10).await);
    assert!(!take("one", 11).await);
}

async fn what_is_live_is_due_before_what_is_over((scene, store, payment): Stage) {
    let now = scene.clock.now();
    let over = Payment {
        id: Id::from_u128(11),
        attempt: 2,
        status: Status::Failed,
        due_at: Some(now - TimeDelta::hours(1)),
        ..payment.clone()
    };
    let mut work = store.begin().await.unwrap();
    work.save_payment(&over).await.unwrap();
    work.commit().await.unwrap();
    let due = [Due::Payment(payment.id), Due::Payment(over.id)];
    assert_eq!(store.due(now, 10).await.unwrap(), due);
}

async fn an_order_that_has_ended_stays_so((_scene, store, payment): Stage) {
    let mut work = store.begin().await.unwrap();
    let placed = work.order(payment.order_id).await.unwrap().expect("its order");
    let ended = OrderRecord {
        ended: true,
        order_key: None,
        ..placed.clone()
    };
    work.save_order(&ended).await.unwrap();
    work.save_order(&placed).await.unwrap();
    let written = OrderRecord {
        ended: true,
        ..placed.clone()
    };
    assert_eq!(work.order(placed.id).await.unwrap(), Some(written));
}
