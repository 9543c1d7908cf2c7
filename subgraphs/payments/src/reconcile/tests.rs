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
