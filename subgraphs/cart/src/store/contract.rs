//! What every adapter of [`CartStore`] must do: run by each adapter's tests through [`scenes!`].

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use proptest::prelude::*;

use super::{CartStore, Changed};
use crate::cart::{Cart, Ordered};
use crate::change::{Change, Refusal};

/// Declares one test a scene. `$make` gives a fresh store, and what must live as long as it.
macro_rules! scenes {
    ($make:ident) => {
        $crate::store::contract::scenes!($make:
            what_was_written_is_read_back
            an_account_has_one_cart_however_often_it_is_opened_at_once
            a_cart_is_changed_by_those_only_who_may
            changes_at_the_same_time_all_count
            a_refused_change_leaves_no_trace
            an_order_is_taken_out_once_however_often_it_is_told
            an_order_and_a_change_at_the_same_time_both_count
            a_merge_moves_everything_once
            only_a_guests_cart_can_be_merged
            an_order_from_a_merged_cart_takes_its_lines_from_where_they_went
            any_operations_do_what_they_do_to_carts_in_memory
        );
    };
    ($make:ident: $($scene:ident)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $scene() {
            // None: there is no such engine here, which has been said.
            if let Some((store, _alive)) = $make().await {
                $crate::store::contract::$scene(store).await;
            }
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
    match store.change(id(cart), &|_| true, &change, time(1)).await.unwrap() {
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
        store
            .change(id(1), &|_| true, &add("lamp", 1), time(1))
            .await
            .unwrap(),
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

pub(crate) async fn a_cart_is_changed_by_those_only_who_may(store: Store) {
    owned(&store, 1, 9).await;
    let stranger = |cart: &Cart| cart.owner != Some(id(9));
    let refused = store.change(id(1), &stranger, &add("lamp", 1), time(1)).await;
    assert_eq!(refused.unwrap(), Changed::Absent);
    assert_eq!(store.find(id(1)).await.unwrap().unwrap().lines, []);
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
    let refused = store
        .change(id(1), &|_| true, &add("lamp", 1), time(7))
        .await
        .unwrap();
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
        store
            .change(id(1), &|_| true, &add("lamp", 1), time(4))
            .await
            .unwrap(),
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

/// Anything that can be asked of a store with three guests' carts and one account's.
#[derive(Debug, Clone)]
enum Step {
    Change(u128, Change),
    Merge(u128, u128),
    Take(u128, i32, Vec<Ordered>),
}

/// Few carts, skus and generations, so that steps meet.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (cart, sku) = (1_u128..=4, || prop::sample::select(&["lamp", "book", "chair"]));
    let quantity = prop_oneof![4 => 1..5_i32, 1 => prop::sample::select(&[-1, 0, 998, 999, 1_000])];
    let change = prop_oneof![
        4 => (sku(), quantity.clone()).prop_map(|(sku, quantity)| add(sku, quantity)),
        2 => (sku(), quantity.clone()).prop_map(|(sku, quantity)| Change::Set { sku: sku.into(), quantity }),
        1 => sku().prop_map(|sku| Change::Remove { sku: sku.into() }),
        1 => Just(Change::Clear),
    ];
    let taken = prop::collection::vec((sku(), 1..4_i32).prop_map(|(sku, n)| ordered(sku, n)), 0..3);
    let step = prop_oneof![
        6 => (cart.clone(), change).prop_map(|(cart, change)| Step::Change(cart, change)),
        1 => (cart.clone(), cart.clone()).prop_map(|(guest, into)| Step::Merge(guest, into)),
        3 => (cart, 1..4_i32, taken).prop_map(|(cart, generation, taken)| Step::Take(cart, generation, taken)),
    ];
    prop::collection::vec(step, 1..40)
}

/// The carts as the port describes them, in memory.
struct Model(BTreeMap<u128, Cart>);

impl Model {
    /// The carts numbered from `first`: the fourth is the account's.
    fn new(first: u128) -> Self {
        let cart = |n| (n, Cart::new(id(first + n), (n == 4).then(|| id(first)), time(0)));
        Self((1..=4).map(cart).collect())
    }

    fn touch(&mut self, n: u128, after: Cart, now: DateTime<Utc>) -> Cart {
        let cart = self.0.get_mut(&n).unwrap();
        if *cart != after {
            *cart = after;
            cart.updated_at = now;
        }
        cart.clone()
    }

    fn change(&mut self, n: u128, change: &Change, now: DateTime<Utc>) -> Changed {
        let mut cart = self.0[&n].clone();
        if cart.merged_into.is_some() {
            return Changed::Absent;
        }
        match change.apply(&mut cart) {
            Ok(()) => Changed::Done(self.touch(n, cart, now)),
            Err(refusal) => Changed::Refused(self.0[&n].clone(), refusal),
        }
    }

    fn merge(&mut self, guest: u128, into: u128, now: DateTime<Utc>) -> Cart {
        let (mut from, mut to) = (self.0[&guest].clone(), self.0[&into].clone());
        if from.owner.is_some() || from.merged_into.is_some() || guest == into {
            return to;
        }
        to.absorb(&mut from);
        self.touch(guest, from, now);
        self.touch(into, to, now)
    }

    fn take(&mut self, n: u128, generation: i32, taken: &[Ordered], now: DateTime<Utc>) -> Cart {
        let mut cart = self.0[&n].clone();
        if !cart.take_ordered(generation, taken) {
            return cart;
        }
        let target = self.0.iter().find(|(_, it)| cart.merged_into == Some(it.id));
        if let Some((&n, target)) = target {
            let mut target = target.clone();
            target.subtract(taken);
            self.touch(n, target, now);
        }
        self.touch(n, cart, now)
    }
}

pub(crate) async fn any_operations_do_what_they_do_to_carts_in_memory(store: Store) {
    let runtime = tokio::runtime::Handle::current();
    let mut first = 1_000;
    let play = move || {
        let config = ProptestConfig {
            cases: 48,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let round = std::cell::RefCell::new(&mut first);
        let outcome = runner.run(&steps(), |steps| {
            // Each case has carts of its own.
            let first = {
                let mut first = round.borrow_mut();
                **first += 10;
                **first
            };
            runtime.block_on(agree(&store, first, &steps));
            Ok(())
        });
        outcome.unwrap();
    };
    tokio::task::spawn_blocking(play).await.unwrap();
}

async fn agree(store: &Store, first: u128, steps: &[Step]) {
    let mut model = Model::new(first);
    for cart in model.0.values() {
        store.open(cart.clone()).await.unwrap();
    }
    for (now, step) in (1..).map(time).zip(steps) {
        match step {
            Step::Change(n, change) => {
                let expected = model.change(*n, change, now);
                assert_eq!(
                    store.change(id(first + n), &|_| true, change, now).await.unwrap(),
                    expected
                );
            }
            Step::Merge(guest, into) => {
                let expected = model.merge(*guest, *into, now);
                let merged = store
                    .merge(id(first + guest), id(first + into), now)
                    .await
                    .unwrap();
                assert_eq!(merged, Some(expected));
            }
            Step::Take(n, generation, taken) => {
                let expected = model.take(*n, *generation, taken, now);
                let left = store
                    .take_ordered(id(first + n), *generation, taken, now)
                    .await
                    .unwrap();
                assert_eq!(left, Some(expected));
            }
        }
    }
    for (n, cart) in &model.0 {
        assert_eq!(store.find(id(first + n)).await.unwrap().as_ref(), Some(cart));
    }
    assert_eq!(
        store.find_of(id(first)).await.unwrap().as_ref(),
        Some(&model.0[&4])
    );
}
