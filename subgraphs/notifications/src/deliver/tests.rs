use lavka_kit::sql;

use crate::channel::{DeliveryStatus, Reason};
use crate::scene::{ANN, ORDER, Scene, placed};
use crate::update_preferences::{Changes, UpdatePreferences, WantedQuietHours};

async fn wants_no_mail(scene: &Scene) {
    let channels = Changes {
        email: Some(false),
        ..Changes::default()
    };
    let update = UpdatePreferences {
        channels,
        ..UpdatePreferences::default()
    };
    scene
        .messenger
        .update_preferences(ANN, update)
        .await
        .unwrap()
        .unwrap();
}

async fn is_asleep(scene: &Scene) {
    // It is 12:00 UTC on this stage.
    let quiet = WantedQuietHours {
        from: "11:00".into(),
        to: "13:00".into(),
        time_zone: "UTC".into(),
    };
    let update = UpdatePreferences {
        quiet_hours: Some(Some(quiet)),
        ..UpdatePreferences::default()
    };
    scene
        .messenger
        .update_preferences(ANN, update)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_mail_server_that_fails_twice_is_tried_until_it_works() {
    let scene = Scene::start().await;
    scene.mail_fails(2);
    scene.ann_registers().await;
    assert_eq!(scene.mails().await, []);
    let [email, ..] = scene.deliveries(ANN).await;
    assert_eq!(
        (email.status, email.attempts, email.reason),
        (DeliveryStatus::Pending, 1, Some(Reason::SendingFailed))
    );
    assert_eq!(scene.mails_after(1).await, []);
    assert_eq!(scene.mails_after(2).await.len(), 1);
    let [email, sms, push] = scene.deliveries(ANN).await;
    assert_eq!(
        (email.status, email.attempts, email.reason),
        (DeliveryStatus::Sent, 3, None)
    );
    assert!(email.sent_at.is_some());
    assert_eq!(
        (sms.status, sms.reason),
        (DeliveryStatus::Skipped, Some(Reason::NoPhone))
    );
    assert_eq!(
        (push.status, push.reason),
        (DeliveryStatus::Skipped, Some(Reason::NoDevice))
    );
    assert_eq!(scene.mails_after(86_400).await, []);
}

#[tokio::test]
async fn a_mail_that_can_never_be_sent_is_given_up_after_its_tries() {
    let scene = Scene::start().await;
    scene.mail_fails(u32::MAX);
    scene.ann_registers().await;
    for _ in 0..25 {
        assert_eq!(scene.mails_after(901).await, []);
    }
    let [email, ..] = scene.deliveries(ANN).await;
    assert_eq!(
        (email.status, email.attempts, email.reason),
        (DeliveryStatus::Failed, 20, Some(Reason::SendingFailed))
    );
}

#[tokio::test]
async fn an_address_that_is_none_is_not_tried_again() {
    let scene = Scene::start().await;
    let mut order = placed(Some(ANN));
    order.recipient.email = "nowhere".into();
    scene.hears(ORDER, &order).await;
    assert_eq!(scene.mails().await, []);
    let [email, sms, _] = scene.deliveries(ANN).await;
    assert_eq!(
        (email.status, email.attempts, email.reason),
        (DeliveryStatus::Failed, 1, Some(Reason::AddressInvalid))
    );
    assert_eq!(sms.reason, Some(Reason::NoProvider));
}

#[tokio::test]
async fn a_crash_while_sending_is_mended_after_the_restart() {
    let scene = Scene::start().await;
    scene.ann_registers().await;
    // The process died after it noted the try: nobody recorded an answer.
    assert_eq!(scene.messenger.note_due().await.unwrap().len(), 1);
    assert_eq!(scene.mails().await, []);
    assert_eq!(scene.mails_after(1).await.len(), 1);
}

/// A message of an older shape, say: it would be the first in every round.
#[tokio::test]
async fn a_delivery_that_can_not_be_read_holds_up_nobody_s_mail() {
    let scene = Scene::start().await;
    scene.ann_registers().await;
    let mut tx = scene.database.write().await.unwrap();
    sql::query("UPDATE deliveries SET message = $1 WHERE channel = 'EMAIL'")
        .bind(sql::Json(serde_json::json!({ "text": "of long ago" })))
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    scene.clock.advance(std::time::Duration::from_secs(1));
    scene.hears(ANN, &scene.reset()).await;
    assert_eq!(scene.mails().await.len(), 1);
    // It is not forgotten.
    let due = scene.messenger.store.next_due().await.unwrap();
    let hour = chrono::TimeDelta::hours(1);
    assert_eq!(due, Some(lavka_kit::clock::Clock::now(&*scene.clock) + hour));
}

#[tokio::test]
async fn what_is_turned_off_is_skipped_but_security_is_always_sent() {
    let scene = Scene::start().await;
    wants_no_mail(&scene).await;
    scene.hears(ORDER, &placed(Some(ANN))).await;
    assert_eq!(scene.mails().await, []);
    assert_eq!(scene.deliveries(ANN).await[0].reason, Some(Reason::TurnedOff));
    scene.hears(ANN, &scene.reset()).await;
    assert_eq!(scene.mails().await.len(), 1);
}

#[tokio::test]
async fn quiet_hours_hold_a_mail_until_they_end_but_not_what_can_not_wait() {
    let scene = Scene::start().await;
    is_asleep(&scene).await;
    scene.hears(ORDER, &placed(Some(ANN))).await;
    scene.hears(ANN, &scene.reset()).await;
    let subjects: Vec<_> = scene.mails().await.into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects, ["Восстановление пароля"]);
    assert_eq!(scene.mails_after(3_599).await, []);
    assert_eq!(scene.mails_after(1).await.len(), 1);
}
