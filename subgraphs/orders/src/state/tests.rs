use proptest::prelude::*;

use super::Status::{
    Assembled, Cancelled, Delivered, HandedToDelivery, Paid, PaymentFailed, PendingPayment, Refunded,
};
use super::Step::{
    Assemble, AwaitAction, Cancel, Deliver, Expire, FailPayment, HandToDelivery, Pay, Refund, RetryPayment,
};
use super::*;

const STEPS: [Step; 10] = [
    Pay,
    FailPayment,
    AwaitAction,
    RetryPayment,
    Cancel,
    Expire,
    Assemble,
    HandToDelivery,
    Deliver,
    Refund,
];

/// Every step that is possible while no action is awaited: (step, from, to, pieces). Nothing else is.
const TABLE: &[(Step, Status, Status, Pieces)] = &[
    (Pay, PendingPayment, Paid, Pieces::Stay),
    (Pay, PaymentFailed, Paid, Pieces::Stay),
    (FailPayment, PendingPayment, PaymentFailed, Pieces::Stay),
    (AwaitAction, PendingPayment, PendingPayment, Pieces::Stay),
    (RetryPayment, PaymentFailed, PendingPayment, Pieces::Stay),
    (Cancel, PendingPayment, Cancelled, Pieces::GoBack),
    (Cancel, PaymentFailed, Cancelled, Pieces::GoBack),
    (Cancel, Paid, Cancelled, Pieces::GoBack),
    (Expire, PendingPayment, Cancelled, Pieces::GoBack),
    (Expire, PaymentFailed, Cancelled, Pieces::GoBack),
    (Assemble, Paid, Assembled, Pieces::Leave),
    (HandToDelivery, Assembled, HandedToDelivery, Pieces::Stay),
    (Deliver, HandedToDelivery, Delivered, Pieces::Stay),
    (Refund, Paid, Refunded, Pieces::GoBack),
    (Refund, Assembled, Refunded, Pieces::Stay),
    (Refund, HandedToDelivery, Refunded, Pieces::Stay),
    (Refund, Delivered, Refunded, Pieces::Stay),
];

#[test]
fn the_table_is_all_there_is() {
    for step in STEPS {
        for from in Status::ALL {
            let expected = TABLE.iter().find(|row| row.0 == step && row.1 == from);
            let to = next(from, false, step);
            assert_eq!(
                to,
                expected.map(|row| row.2).ok_or(Conflict),
                "{step:?} from {from:?}"
            );
            if let (Ok(to), Some(row)) = (to, expected) {
                assert_eq!(pieces(from, to), row.3, "{step:?} from {from:?}");
            }
        }
    }
}

#[test]
fn an_awaited_action_changes_two_things_only() {
    for step in STEPS {
        for from in Status::ALL {
            let expected = match (step, from) {
                (AwaitAction, PendingPayment) => Err(Conflict),
                (RetryPayment, PendingPayment) => Ok(PendingPayment),
                _ => next(from, false, step),
            };
            assert_eq!(next(from, true, step), expected, "{step:?} from {from:?}");
        }
    }
}

#[test]
fn a_code_is_read_back() {
    for status in Status::ALL {
        assert_eq!(Status::from_code(status.code()), Some(status));
    }
    assert_eq!(Status::from_code("paid"), None);
}

proptest! {
    /// Whatever happens in whatever order: pieces leave or go back at most once, and final is final.
    #[test]
    fn pieces_are_accounted_for_once(steps in proptest::collection::vec((0..STEPS.len(), any::<bool>()), 0..60)) {
        let mut status = PendingPayment;
        let mut holds = true;
        for (step, awaiting) in steps {
            let Ok(to) = next(status, awaiting, STEPS[step]) else { continue };
            prop_assert!(!matches!(status, Cancelled | Refunded), "{status:?} is final");
            match pieces(status, to) {
                Pieces::Stay => {}
                Pieces::GoBack | Pieces::Leave => {
                    prop_assert!(holds, "{status:?} to {to:?} moves pieces that have been moved");
                    holds = false;
                }
            }
            status = to;
            let should_hold = matches!(status, PendingPayment | PaymentFailed | Paid);
            prop_assert_eq!(holds, should_hold, "{:?}", status);
        }
    }
}

/// docs/how-an-order-travels.md draws every way there is, and no other.
#[test]
fn the_drawing_for_people_is_the_table() {
    let page = include_str!("../../../../docs/how-an-order-travels.md");
    let drawing = page.split("## An order's states").nth(1).unwrap();
    let drawing = drawing.split("```").nth(1).unwrap();
    let drawn: std::collections::BTreeSet<(Status, Status)> = drawing
        .lines()
        .filter_map(|line| {
            let (from, rest) = line.trim().split_once(" --> ")?;
            let to = rest.split(':').next()?.trim();
            Some((Status::from_code(from)?, Status::from_code(to)?))
        })
        .collect();
    let real = TABLE
        .iter()
        .map(|row| (row.1, row.2))
        .filter(|(from, to)| from != to)
        .collect();
    assert_eq!(drawn, real);
}
