//! What every adapter of the store must do, beyond what the operations' tests show. Each scene gets a fresh store.

use lavka_kit::clock::Clock as _;
use lavka_kit::ids::Id;
use lavka_kit::on_both_engines;
use lavka_kit::sql::Dialect;

use crate::push_device::{PushAddress, PushDevice};
use crate::scene::{ANN, Scene};

async fn stage(engine: Dialect) -> Option<Scene> {
    Scene::on(engine).await
}

on_both_engines! { stage:
    a_device_is_one_by_its_address_and_its_owners_alone
    without_a_commit_nothing_happened
    reading_is_marked_once_and_for_the_owner_only
}

fn device(id: u128, user_id: Id, token: &str) -> PushDevice {
    let address = PushAddress::Fcm { token: token.into() };
    PushDevice {
        id: Id::from_u128(id),
        user_id,
        address,
        created_at: chrono::DateTime::UNIX_EPOCH,
    }
}

async fn a_device_is_one_by_its_address_and_its_owners_alone(scene: Scene) {
    let bob = Id::from_u128(0xb0b);
    let mut work = scene.messenger.store.begin().await.unwrap();
    work.save_device(&device(1, ANN, "t")).await.unwrap();
    let moved = work.save_device(&device(2, bob, "t")).await.unwrap();
    assert_eq!((moved.id, moved.user_id), (Id::from_u128(1), bob));
    assert_eq!(work.devices(ANN).await.unwrap(), []);
    assert_eq!(work.remove_device(ANN, moved.id).await.unwrap(), None);
    assert_eq!(work.remove_device(bob, moved.id).await.unwrap(), Some(moved));
}

async fn without_a_commit_nothing_happened(scene: Scene) {
    scene.ann_registers().await;
    let mut work = scene.messenger.store.begin().await.unwrap();
    assert_eq!(
        work.mark_read(ANN, None, scene.clock.now()).await.unwrap().len(),
        1
    );
    drop(work);
    assert_eq!(scene.messenger.store.count(ANN, true).await.unwrap(), 1);
}

async fn reading_is_marked_once_and_for_the_owner_only(scene: Scene) {
    scene.ann_registers().await;
    let id = scene.inbox(ANN).await[0].id;
    let mut work = scene.messenger.store.begin().await.unwrap();
    let now = scene.clock.now();
    assert_eq!(
        work.mark_read(Id::from_u128(0xb0b), Some(&[id]), now)
            .await
            .unwrap(),
        []
    );
    assert_eq!(work.mark_read(ANN, Some(&[]), now).await.unwrap(), []);
    assert_eq!(work.mark_read(ANN, Some(&[id]), now).await.unwrap(), [id]);
    assert_eq!(work.mark_read(ANN, Some(&[id]), now).await.unwrap(), []);
}
