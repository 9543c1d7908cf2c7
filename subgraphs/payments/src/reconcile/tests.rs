use lavka_kit::clock::Clock as _;

use super::*;
use crate::gateway::sandbox::Decision;
use crate::scene::{Fault, Scene};

fn told(done: &Reconciliation) -> Vec<String> {
    let without_ids = |finding: &Finding| {
        let told = finding.to_string();
        told.split_once("): ")
            .map_or(told.clone(), |(_, what)| what.to_owned())
    };
    done.findings.iter().map(without_ids).collect()
}

#[tokio::test]
async fn what_a_lost_webhook_left_behind_is_mended_and_told() {
    let scene = Scene::start().await;
    scene.pays("ok").await;
    let waiting = scene.pays("action_required").await;
    let key = scene.payment(waiting).await.client_secret.unwrap();
    // The webhook of the decision is lost.
    scene.bank.decide(&key, Decision::Approve).await.unwrap().unwrap();
    scene.break_row("DELETE FROM webhooks").await;
    let done = scene.desk.reconcile().await.unwrap();
    assert_eq!(done.looked_at, 2);
    assert_eq!(told(&done), ["ACTION_REQUIRED here, now SUCCEEDED"]);
    assert_eq!(told(&scene.desk.reconcile().await.unwrap()), Vec::<String>::new());
}

#[tokio::test]
async fn a_bank_that_does_not_answer_is_told_and_nothing_changes() {
    let scene = Scene::start().await;
    let order = scene.pays("slow").await;
    scene.spoil(&[Fault::Lost]);
    let before = scene.payment(order).await.status;
    let done = scene.desk.reconcile().await.unwrap();
    assert_eq!(
        told(&done),
        ["not compared: Sandbox gave no answer to ask: the wire was cut"]
    );
    assert_eq!(scene.payment(order).await.status, before);
}

#[tokio::test]
async fn what_is_over_is_compared_ever_more_seldom_and_at_last_no_more() {
    let scene = Scene::start().await;
    scene.pays("ok").await;
    scene.calls();
    let mut compared_after = Vec::new();
    for hour in 0..40 * 24 {
        let pause = Duration::from_secs(3600);
        let done = scene.desk.reconcile_in_turn(pause, Duration::ZERO).await.unwrap();
        if done.unwrap().looked_at > 0 {
            compared_after.push(hour);
        }
        scene.clock.advance(pause);
    }
    assert_eq!(compared_after, [1, 6, 24, 72, 168, 336, 840]);
    assert_eq!(scene.calls().len(), 7);
    assert_eq!(
        scene.desk.reconcile().await.unwrap().looked_at,
        0,
        "it began too long ago"
    );
}

#[tokio::test]
async fn of_two_replicas_one_reconciles() {
    let scene = Scene::start().await;
    let pause = Duration::from_secs(3600);
    let turn = async || scene.desk.reconcile_in_turn(pause, Duration::ZERO).await.unwrap();
    assert!(turn().await.is_some());
    assert_eq!(turn().await, None);
    scene.clock.advance(pause);
    assert!(turn().await.is_some());
}

#[tokio::test]
async fn what_is_over_is_not_asked_for_by_the_worker_when_the_bank_is_away() {
    let scene = Scene::start().await;
    let order = scene.pays("ok").await;
    scene.spoil(&[Fault::Lost]);
    scene.clock.advance(Duration::from_secs(3600));
    let turn = scene
        .desk
        .reconcile_in_turn(Duration::from_secs(3600), Duration::ZERO);
    let done = turn.await.unwrap().unwrap();
    assert_eq!(done.findings.len(), 1);
    let payment = scene.payment(order).await;
    assert_eq!(payment.due_at, None);
    assert!(
        payment.compare_at.is_some_and(|at| at <= scene.clock.now()),
        "its turn comes again"
    );
}
