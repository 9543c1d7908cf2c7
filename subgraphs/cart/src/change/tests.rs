use chrono::DateTime;
use lavka_kit::ids::Id;
use proptest::prelude::*;

use super::*;

fn cart() -> Cart {
    Cart::new(Id::from_u128(1), None, DateTime::UNIX_EPOCH)
}

fn add(sku: &str, quantity: i32) -> Change {
    Change::Add {
        sku: sku.into(),
        quantity,
    }
}

fn set(sku: &str, quantity: i32) -> Change {
    Change::Set {
        sku: sku.into(),
        quantity,
    }
}

fn contents(cart: &Cart) -> Vec<(&str, i32)> {
    cart.lines
        .iter()
        .map(|line| (line.sku.as_str(), line.quantity))
        .collect()
}

fn ordered(sku: &str, quantity: i32) -> Ordered {
    Ordered {
        sku: sku.into(),
        quantity,
    }
}

#[test]
fn lines_keep_the_order_in_which_they_came() {
    let mut cart = cart();
    for change in [add("lamp", 1), add("book", 2), add("lamp", 3), set("book", 7)] {
        assert_eq!(change.apply(&mut cart), Ok(()));
    }
    assert_eq!(contents(&cart), [("lamp", 4), ("book", 7)]);
    assert_eq!(Change::Remove { sku: "lamp".into() }.apply(&mut cart), Ok(()));
    assert_eq!(add("lamp", 1).apply(&mut cart), Ok(()));
    assert_eq!(contents(&cart), [("book", 7), ("lamp", 1)]);
    assert_eq!(Change::Clear.apply(&mut cart), Ok(()));
    assert_eq!(contents(&cart), []);
}

#[test]
fn quantities_have_bounds() {
    let mut cart = cart();
    for bad in [
        add("lamp", 0),
        add("lamp", -1),
        add("lamp", 1000),
        add("lamp", i32::MAX),
        set("lamp", -1),
        set("lamp", 1000),
    ] {
        assert_eq!(bad.apply(&mut cart), Err(Refusal::QuantityInvalid), "{bad:?}");
    }
    assert_eq!(add("lamp", 999).apply(&mut cart), Ok(()));
    assert_eq!(add("lamp", 1).apply(&mut cart), Err(Refusal::QuantityInvalid));
    assert_eq!(
        add("lamp", i32::MAX).apply(&mut cart),
        Err(Refusal::QuantityInvalid)
    );
    assert_eq!(contents(&cart), [("lamp", 999)]);
}

#[test]
fn the_hundred_and_first_line_is_refused_and_the_hundredth_can_still_grow() {
    let mut cart = cart();
    for n in 0..100 {
        assert_eq!(add(&format!("sku-{n}"), 1).apply(&mut cart), Ok(()));
    }
    assert_eq!(add("one-more", 1).apply(&mut cart), Err(Refusal::CartFull));
    assert_eq!(add("sku-99", 1).apply(&mut cart), Ok(()));
    assert_eq!(set("sku-0", 0).apply(&mut cart), Ok(()));
    assert_eq!(add("one-more", 1).apply(&mut cart), Ok(()));
}

#[test]
fn an_order_takes_its_lines_once_and_leaves_what_came_meanwhile() {
    let mut cart = cart();
    for change in [add("lamp", 2), add("book", 1)] {
        assert_eq!(change.apply(&mut cart), Ok(()));
    }
    let order = [ordered("lamp", 2), ordered("book", 1)];
    assert_eq!(add("lamp", 3).apply(&mut cart), Ok(()));
    assert!(cart.take_ordered(1, &order));
    assert_eq!((cart.generation, contents(&cart)), (2, vec![("lamp", 3)]));
    assert!(
        !cart.take_ordered(1, &order),
        "the lost call comes again as an event"
    );
    assert_eq!((cart.generation, contents(&cart)), (2, vec![("lamp", 3)]));
}

#[test]
fn a_merge_adds_up_within_the_limits() {
    let mut guest = cart();
    let mut own = Cart {
        id: Id::from_u128(2),
        owner: Some(Id::from_u128(9)),
        ..cart()
    };
    for change in [add("lamp", 600), add("book", 1)] {
        assert_eq!(change.apply(&mut guest), Ok(()));
    }
    assert_eq!(add("lamp", 600).apply(&mut own), Ok(()));
    own.absorb(&mut guest);
    assert_eq!(contents(&own), [("lamp", 999), ("book", 1)]);
    assert_eq!((contents(&guest), guest.merged_into), (vec![], Some(own.id)));
}

/// What the cart should hold, told in the simplest way.
type Model = std::collections::BTreeMap<String, i32>;

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let sku = || (0..120_u8).prop_map(|n| format!("sku-{n}"));
    let quantity = || prop_oneof![8 => 1..30, 1 => -2..1, 1 => 900..1100];
    proptest::collection::vec(
        prop_oneof![
            30 => (sku(), quantity()).prop_map(|(sku, quantity)| Change::Add { sku, quantity }),
            10 => (sku(), quantity()).prop_map(|(sku, quantity)| Change::Set { sku, quantity }),
            5 => sku().prop_map(|sku| Change::Remove { sku }),
            1 => Just(Change::Clear),
        ],
        0..400,
    )
}

fn model(model: &mut Model, change: &Change) -> bool {
    let (sku, wanted) = match change {
        Change::Clear => {
            model.clear();
            return true;
        }
        Change::Remove { sku } | Change::Set { sku, quantity: 0 } => {
            model.remove(sku);
            return true;
        }
        Change::Add { quantity, .. } if *quantity < 1 => return false,
        Change::Add { sku, quantity } => (sku, model.get(sku).unwrap_or(&0) + quantity),
        Change::Set { sku, quantity } => (sku, *quantity),
    };
    let fits = (1..=999).contains(&wanted) && (model.contains_key(sku) || model.len() < 100);
    if fits {
        model.insert(sku.clone(), wanted);
    }
    fits
}

proptest! {
    #[test]
    fn a_cart_holds_what_the_changes_that_it_took_add_up_to(changes in changes()) {
        let (mut cart, mut expected) = (cart(), Model::new());
        for change in &changes {
            let taken = change.apply(&mut cart).is_ok();
            prop_assert_eq!(taken, model(&mut expected, change), "{:?}", change);
            let held: Model = cart.lines.iter().map(|line| (line.sku.clone(), line.quantity)).collect();
            prop_assert_eq!(&held, &expected);
            prop_assert_eq!(held.len(), cart.lines.len());
            prop_assert!(cart.lines.windows(2).all(|pair| pair[0].position < pair[1].position));
        }
    }

    #[test]
    fn taking_an_order_out_of_a_cart_conserves_what_was_not_ordered(changes in changes(), later in changes()) {
        let mut cart = cart();
        for change in &changes {
            let _ = change.apply(&mut cart);
        }
        let order: Vec<Ordered> = cart.lines.iter().map(|line| ordered(&line.sku, line.quantity)).collect();
        let later: Vec<Change> = later.into_iter().filter(|change| matches!(change, Change::Add { .. })).collect();
        let mut expected = Model::new();
        for change in &later {
            if let (Ok(()), Change::Add { sku, quantity }) = (change.apply(&mut cart), change) {
                *expected.entry(sku.clone()).or_default() += quantity;
            }
        }
        prop_assert!(cart.take_ordered(1, &order));
        let held: Model = cart.lines.iter().map(|line| (line.sku.clone(), line.quantity)).collect();
        prop_assert_eq!(held, expected);
    }
}
