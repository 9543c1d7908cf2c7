//! What must hold, whatever has happened. This knows the banks' books and what people see, and nothing of how the services work.

use std::collections::{BTreeMap, HashMap};

use lavka_kit::ids::Id;
use lavka_orders::testing::{Order, Status};
use lavka_payments::testing::{Attention, Payment, Refund, RefundStatus, Status as PaymentStatus};

use crate::bank::{Entry, Standing};
use crate::world::{SKU, STOCK};

/// What is to be seen of the world at one moment.
pub struct Sight {
    pub orders: Vec<Order>,
    pub payments: Vec<Payment>,
    pub refunds: Vec<Refund>,
    pub entries: Vec<Entry>,
    /// What can be bought, and what orders hold.
    pub stock: (i32, i32),
    /// What checkouts were told: key and order.
    pub placed: Vec<(String, Id)>,
}

/// The steps that an order's history may take, written down once more.
const WAYS: [(Status, &[Status]); 8] = [
    (
        Status::PendingPayment,
        &[
            Status::PendingPayment,
            Status::PaymentFailed,
            Status::Paid,
            Status::Cancelled,
        ],
    ),
    (
        Status::PaymentFailed,
        &[Status::PendingPayment, Status::Paid, Status::Cancelled],
    ),
    (
        Status::Paid,
        &[Status::Assembled, Status::Cancelled, Status::Refunded],
    ),
    (Status::Assembled, &[Status::HandedToDelivery, Status::Refunded]),
    (Status::HandedToDelivery, &[Status::Delivered, Status::Refunded]),
    (Status::Delivered, &[Status::Refunded]),
    (Status::Cancelled, &[]),
    (Status::Refunded, &[]),
];

impl Sight {
    fn of_order(&self, order: &Order) -> impl Iterator<Item = &Entry> {
        let id = order.id;
        self.entries.iter().filter(move |entry| entry.order == id)
    }

    /// What the banks have taken for this order and not given back. What has no name here can't go back by us: staff is called.
    fn net(&self, order: &Order) -> i64 {
        self.of_order(order)
            .filter(|entry| entry.standing == Standing::Taken && !entry.is_strange)
            .map(Entry::left)
            .sum()
    }

    /// What holds at every moment.
    pub fn check(&self) -> Result<(), String> {
        for order in &self.orders {
            self.check_charges(order)?;
            check_history(order)?;
        }
        self.check_stock()?;
        self.check_keys()
    }

    fn check_charges(&self, order: &Order) -> Result<(), String> {
        let taken = || {
            self.of_order(order)
                .filter(|entry| entry.standing == Standing::Taken && !entry.is_strange)
        };
        let right = taken().filter(|entry| entry.amount == order.total).count();
        if right > 1 {
            return Err(format!("order {} was charged {right} times", order.id));
        }
        let kept = taken()
            // What was to go back and has failed is kept by no fault of ours.
            .filter(|entry| entry.asked_back() + entry.by_hand < entry.amount.minor)
            .count();
        if kept > 1 {
            return Err(format!("{kept} charges for order {} are kept at once", order.id));
        }
        let says_paid = order.history.iter().any(|entry| entry.status == Status::Paid);
        if says_paid && right != 1 {
            return Err(format!(
                "order {} says that it was paid, and no bank does",
                order.id
            ));
        }
        Ok(())
    }

    fn check_stock(&self) -> Result<(), String> {
        let pieces = |which: &dyn Fn(&Order) -> bool| -> i32 {
            let lines = self
                .orders
                .iter()
                .filter(|order| which(order))
                .flat_map(|it| &it.lines);
            lines
                .filter(|line| line.sku == SKU)
                .map(|line| line.quantity)
                .sum()
        };
        let left = pieces(&|order| {
            order
                .history
                .iter()
                .any(|entry| entry.status == Status::Assembled)
        });
        let held = pieces(&|order| {
            let ended = matches!(order.status, Status::Cancelled | Status::Refunded);
            let assembled = order
                .history
                .iter()
                .any(|entry| entry.status == Status::Assembled);
            !ended && !assembled
        });
        let (available, counted) = self.stock;
        if counted != held || available + held + left != STOCK || available < 0 {
            return Err(format!(
                "of {STOCK} pieces {available} can be bought, {counted} are counted as held; orders hold {held}, {left} have left"
            ));
        }
        Ok(())
    }

    fn check_keys(&self) -> Result<(), String> {
        let mut by_key: HashMap<&str, Id> = HashMap::new();
        for (key, order) in &self.placed {
            if *by_key.entry(key).or_insert(*order) != *order {
                return Err(format!("the key {key} has made two orders"));
            }
        }
        Ok(())
    }

    /// What holds when all is at rest.
    pub fn check_end(&self) -> Result<(), String> {
        self.check()?;
        for order in &self.orders {
            let net = self.net(order);
            let staff_gave_back = self.given_back(order);
            let by_hand: i64 = self.of_order(order).map(|entry| entry.by_hand).sum();
            let due = match order.status {
                Status::PendingPayment | Status::PaymentFailed => {
                    return Err(format!("order {} never ends: {:?}", order.id, order.status));
                }
                Status::Cancelled | Status::Refunded => 0,
                Status::Paid | Status::Assembled | Status::HandedToDelivery | Status::Delivered => {
                    order.total.minor - staff_gave_back - by_hand
                }
            };
            if net != due {
                return Err(format!(
                    "order {} is {:?}: the banks keep {net} of it, and it says {due}",
                    order.id, order.status
                ));
            }
        }
        self.check_books()
    }

    /// Of the money that paid the order.
    fn given_back(&self, order: &Order) -> i64 {
        let of_order: Vec<Id> = self
            .payments
            .iter()
            .filter(|payment| payment.order_id == order.id && payment.status == PaymentStatus::Succeeded)
            .map(|payment| payment.id)
            .collect();
        let back = self
            .refunds
            .iter()
            .filter(|refund| refund.status != RefundStatus::Failed && of_order.contains(&refund.payment_id));
        back.map(|refund| refund.amount.minor).sum()
    }

    /// Payments' books say what the banks' say.
    fn check_books(&self) -> Result<(), String> {
        let entries: BTreeMap<Id, &Entry> = self.entries.iter().map(|entry| (entry.payment, entry)).collect();
        for payment in &self.payments {
            let entry = entries.get(&payment.id);
            let came = entry.is_some_and(|entry| {
                entry.standing == Standing::Taken && entry.amount == payment.amount && !entry.is_strange
            });
            if payment.status.is_live() || (payment.status == PaymentStatus::Succeeded) != came {
                return Err(format!(
                    "payment {} is {:?}, and the bank has {entry:?}",
                    payment.id, payment.status
                ));
            }
            let refunds: Vec<&Refund> = self
                .refunds
                .iter()
                .filter(|refund| refund.payment_id == payment.id)
                .collect();
            if let Some(refund) = refunds.iter().find(|it| it.status == RefundStatus::Pending) {
                return Err(format!("a refund never ends: {refund:?}"));
            }
            let arrived = refunds.iter().filter(|it| it.status == RefundStatus::Succeeded);
            let back: i64 = arrived.map(|refund| refund.amount.minor).sum();
            if back != entry.map_or(0, |entry| entry.refunded()) {
                return Err(format!(
                    "of payment {} went back {back}, and the bank has {entry:?}",
                    payment.id
                ));
            }
            if payment.elsewhere != entry.map_or(0, |entry| entry.by_hand) {
                return Err(format!(
                    "what went back by hand is not seen: {payment:?}, {entry:?}"
                ));
            }
            check_calls(payment, entry.copied(), &refunds)?;
        }
        Ok(())
    }
}

/// Staff are called for a reason, and where there is one.
fn check_calls(payment: &Payment, entry: Option<&Entry>, refunds: &[&Refund]) -> Result<(), String> {
    let other_money = |entry: &&Entry| entry.is_strange || entry.amount != payment.amount;
    let failed = refunds.iter().any(|refund| refund.status == RefundStatus::Failed);
    for attention in payment.attention.iter() {
        let has_reason = match attention {
            Attention::AmountDisagrees => entry.filter(other_money).is_some(),
            Attention::RefundFailed => failed,
            Attention::RefundedElsewhere => payment.elsewhere > 0,
            Attention::UnknownAtGateway => entry.is_some_and(|entry| entry.is_lost),
            Attention::RefundStuck | Attention::Disputed => false,
        };
        if !has_reason {
            return Err(format!(
                "nothing was wrong, and staff are called for {attention:?}: {payment:?}"
            ));
        }
    }
    let told = |attention| payment.attention.has(attention) || payment.settled.has(attention);
    if payment.elsewhere > 0 && !told(Attention::RefundedElsewhere) {
        return Err(format!(
            "money went back by hand, and nobody is called: {payment:?}"
        ));
    }
    let strange = entry.is_some_and(|entry| entry.is_strange && entry.standing == Standing::Taken);
    if strange && !told(Attention::AmountDisagrees) {
        return Err(format!(
            "money came that has no name, and nobody is called: {payment:?}"
        ));
    }
    Ok(())
}

fn check_history(order: &Order) -> Result<(), String> {
    let went = |from: Status, to: Status| {
        WAYS.iter()
            .any(|(status, ways)| *status == from && ways.contains(&to))
    };
    let statuses: Vec<Status> = order.history.iter().map(|entry| entry.status).collect();
    let possible = statuses.windows(2).all(|pair| went(pair[0], pair[1]));
    let paid = statuses.iter().filter(|status| **status == Status::Paid).count();
    if statuses.first() != Some(&Status::PendingPayment)
        || statuses.last() != Some(&order.status)
        || !possible
        || paid > 1
    {
        return Err(format!(
            "order {} can't have gone this way: {statuses:?}",
            order.id
        ));
    }
    Ok(())
}
