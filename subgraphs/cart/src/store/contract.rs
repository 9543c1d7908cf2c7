//! What every adapter of [`CartStore`] must do: run by each adapter's tests through [`scenes!`].

use std::sync::Arc;

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;

use super::{CartStore, Changed};
use crate::cart::{Cart, Ordered};
use crate::change::{Change, Refusal};

/// Declares one test a scene. `$make` gives a fresh store, and what must live as long as it.
macro_rules! scenes {
    ($make:ident) => {
        $crate::store::contract::scenes!($make:
            what_was_written_is_read_back
            an_account_has_one_cart_however_often_it_is_opened_at_once
            changes_at_the_same_time_all_count
            a_refused_change_leaves_no_trace
            an_order_is_taken_out_once_however_often_it_is_told
            an_order_and_a_change_at_the_same_time_both_count
            a_merge_moves_everything_once
            only_a_guests_cart_can_be_merged
            an_order_from_a_merged_cart_takes_its_lines_from_where_they_went
        );
    };
    ($make:ident: $($scene:ident)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $scene() {
            let (store, _alive) = $make().await;
            $crate::store::contract::$scene(store).await;
        })*
    };
}
pub(crate) use scenes;

type Store = Arc<dyn CartStore>;

fn time(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_478_400 + second, 123_456_000).unwrap()
}

fn id(n: u128) -> Id {
    Id::from_u128(n)
}

async fn guest(store: &Store, n: u128) -> Cart {
    store.open(Cart::new(id(n), None, time(0))).await.unwrap()
}

async fn owned(store: &Store, n: u128, owner: u128) -> Cart {
    store
        .open(Cart::new(id(n), Some(id(owner)), time(0)))
        .await
        .unwrap()
}

fn add(sku: &str, quantity: i32) -> Change {
    Change::Add {
        sku: sku.into(),
        quantity,
    }
}

fn ordered(sku: &str, quantity: i32) -> Ordered {
    Ordered {
        sku: sku.into(),
        quantity,
    }
}

async fn done(store: &Store, cart: u128, change: Change) -> Cart {
    match store.change(id(cart), &change, time(1)).await.unwrap() {
        Changed::Done(cart) => cart,
        other => panic!("{change:?}: {other:?}"),
    }
}

async fn contents(store: &Store, cart: u128) -> Vec<(String, i32)> {
    let cart = store.find(id(cart)).await.unwrap().unwrap();
    cart.lines
        .into_iter()
        .map(|line| (line.sku, line.quantity))
        .collect()
}

fn these(lines: &[(&str, i32)]) -> Vec<(String, i32)> {
    lines
        .iter()
        .map(|(sku, quantity)| ((*sku).to_owned(), *quantity))
        .collect()
}

/// Runs many at the same time.
async fn at_once<F, R>(times: usize, run: F) -> Vec<R::Output>
where
    F: Fn(usize) -> R,
    R: Future + Send + 'static,
    R::Output: Send + 'static,
{
    let tasks: Vec<_> = (0..times).map(|n| tokio::spawn(run(n))).collect();
    futures_util::future::join_all(tasks)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

pub(crate) async fn what_was_written_is_read_back(store: Store) {
    assert_eq!(store.find(id(1)).await.unwrap(), None);
    assert_eq!(store.find_of(id(9)).await.unwrap(), None);
    assert_eq!(
        store.change(id(1), &add("lamp", 1), time(1)).await.unwrap(),
        Changed::Absent
    );
    assert_eq!(store.take_ordered(id(1), 1, &[], time(1)).await.unwrap(), None);
    owned(&store, 1, 9).await;
    done(&store, 1, add("лампа", 2)).await;
    let cart = done(&store, 1, add("book", 1)).await;
    assert_eq!(
        (cart.owner, cart.generation, cart.updated_at),
        (Some(id(9)), 1, time(1))
    );
    assert_eq!(store.find(id(1)).await.unwrap(), Some(cart.clone()));
    assert_eq!(store.find_of(id(9)).await.unwrap(), Some(cart));
    assert_eq!(contents(&store, 1).await, these(&[("лампа", 2), ("book", 1)]));
    let cart = done(
        &store,
        1,
        Change::Remove {
            sku: "лампа".into()
        },
    )
    .await;
    assert_eq!(store.find(id(1)).await.unwrap(), Some(cart));
    done(&store, 1, Change::Clear).await;
    assert_eq!(contents(&store, 1).await, []);
}

pub(crate) async fn an_account_has_one_cart_however_often_it_is_opened_at_once(store: Store) {
    let opened = at_once(20, |n| {
        let store = store.clone();
        async move { owned(&store, 100 + n as u128, 9).await.id }
    });
    let opened = opened.await;
    assert!(opened.iter().all(|id| *id == opened[0]), "{opened:?}");
    assert_eq!(store.find_of(id(9)).await.unwrap().unwrap().id, opened[0]);
}

pub(crate) async fn changes_at_the_same_time_all_count(store: Store) {
    guest(&store, 1).await;
    at_once(50, |n| {
        let store = store.clone();
        async move { done(&store, 1, add(if n % 2 == 0 { "lamp" } else { "book" }, 1)).await }
    })
    .await;
    let mut lines = contents(&store, 1).await;
    lines.sort();
    assert_eq!(lines, these(&[("book", 25), ("lamp", 25)]));
}

pub(crate) async fn a_refused_change_leaves_no_trace(store: Store) {
    guest(&store, 1).await;
    let before = done(&store, 1, add("lamp", 999)).await;
    let refused = store.change(id(1), &add("lamp", 1), time(7)).await.unwrap();
    assert_eq!(
        refused,
        Changed::Refused(before.clone(), Refusal::QuantityInvalid)
    );
    assert_eq!(store.find(id(1)).await.unwrap(), Some(before));
}

pub(crate) async fn an_order_is_taken_out_once_however_often_it_is_told(store: Store) {
    guest(&store, 1).await;
    done(&store, 1, add("lamp", 5)).await;
    at_once(10, |_| {
        let store = store.clone();
        async move {
            store
                .take_ordered(id(1), 1, &[ordered("lamp", 2)], time(2))
                .await
                .unwrap()
        }
    })
    .await;
    let cart = store.find(id(1)).await.unwrap().unwrap();
    assert_eq!((cart.generation, cart.updated_at), (2, time(2)));
    assert_eq!(contents(&store, 1).await, these(&[("lamp", 3)]));
    // A generation that is still to come can't have been ordered.
    assert_eq!(
        store
            .take_ordered(id(1), 7, &[ordered("lamp", 1)], time(3))
            .await
            .unwrap(),
        Some(cart)
    );
}

pub(crate) async fn an_order_and_a_change_at_the_same_time_both_count(store: Store) {
    guest(&store, 1).await;
    done(&store, 1, add("lamp", 3)).await;
    at_once(21, |n| {
        let store = store.clone();
        async move {
            if n == 10 {
                store
                    .take_ordered(id(1), 1, &[ordered("lamp", 3)], time(2))
                    .await
                    .unwrap();
            } else {
                done(&store, 1, add("lamp", 1)).await;
            }
        }
    })
    .await;
    assert_eq!(contents(&store, 1).await, these(&[("lamp", 20)]));
}

pub(crate) async fn a_merge_moves_everything_once(store: Store) {
    guest(&store, 1).await;
    owned(&store, 2, 9).await;
    done(&store, 1, add("lamp", 2)).await;
    done(&store, 2, add("lamp", 1)).await;
    at_once(10, |_| {
        let store = store.clone();
        async move { store.merge(id(1), id(2), time(3)).await.unwrap().unwrap() }
    })
    .await;
    assert_eq!(contents(&store, 2).await, these(&[("lamp", 3)]));
    assert_eq!(contents(&store, 1).await, []);
    // The guest's cart is gone for changes.
    assert_eq!(
        store.change(id(1), &add("lamp", 1), time(4)).await.unwrap(),
        Changed::Absent
    );
    assert_eq!(store.find(id(1)).await.unwrap().unwrap().merged_into, Some(id(2)));
}

pub(crate) async fn only_a_guests_cart_can_be_merged(store: Store) {
    owned(&store, 1, 8).await;
    owned(&store, 2, 9).await;
    done(&store, 1, add("lamp", 2)).await;
    for not_a_guests in [1, 2, 77] {
        let merged = store
            .merge(id(not_a_guests), id(2), time(3))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((merged.id, merged.lines.len()), (id(2), 0));
    }
    assert_eq!(contents(&store, 1).await, these(&[("lamp", 2)]));
    assert_eq!(store.merge(id(1), id(77), time(3)).await.unwrap(), None);
}

pub(crate) async fn an_order_from_a_merged_cart_takes_its_lines_from_where_they_went(store: Store) {
    guest(&store, 1).await;
    owned(&store, 2, 9).await;
    done(&store, 1, add("lamp", 2)).await;
    done(&store, 2, add("lamp", 1)).await;
    store.merge(id(1), id(2), time(3)).await.unwrap();
    for _twice in 0..2 {
        store
            .take_ordered(id(1), 1, &[ordered("lamp", 2)], time(4))
            .await
            .unwrap();
    }
    assert_eq!(contents(&store, 2).await, these(&[("lamp", 1)]));
    assert_eq!(store.find(id(2)).await.unwrap().unwrap().generation, 1);
}
