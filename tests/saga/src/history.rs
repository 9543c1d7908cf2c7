//! One history: what happens is drawn from a seed, step by step; then the weather clears up, and all comes to rest.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use lavka_kit::errors::chain;
use lavka_kit::money::{Currency, Money};
use lavka_orders::testing::{Gateway, Order, Placed, StaffStep, Status};
use lavka_payments::testing::{Attention, Status as PaymentStatus, StoreError, refundable};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::bank::{Bank, Weather};
use crate::model::Sight;
use crate::world::{SKU, Service, TOLD_TO_FAIL, World};

/// The longest that a history takes to come to rest, in rounds of five minutes.
const REST: u32 = 600;

/// A history that broke a promise.
#[derive(Debug)]
pub struct Broken {
    pub seed: u64,
    pub what: String,
    /// What had happened, one step a line.
    pub steps: Vec<String>,
}

/// Lives through the history of this seed.
///
/// # Errors
/// When something did not hold that must, or an operation panicked.
pub fn live(seed: u64) -> Result<usize, Box<Broken>> {
    lavka_kit::fault::interleave(true);
    let mut history = History::new(seed);
    // An operation that panics is a broken promise like any other: it is told with its seed and its steps.
    let lived = catch_unwind(AssertUnwindSafe(|| history.live()));
    lavka_kit::fault::interleave(false);
    let what = match lived {
        Ok(Ok(())) => return Ok(history.steps.len()),
        Ok(Err(what)) => what,
        Err(panic) => panic
            .downcast_ref::<String>()
            .cloned()
            .unwrap_or_else(|| "it panicked".to_owned()),
    };
    Err(Box::new(Broken {
        seed,
        what,
        steps: history.steps,
    }))
}

struct History {
    rng: StdRng,
    world: World,
    keys: Vec<String>,
    diligence: u32,
    steps: Vec<String>,
}

impl History {
    fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        // Some histories are mild, some are not.
        let worst = rng.random_range(0..25);
        let weather = Weather {
            lost: rng.random_range(0..=worst),
            answer_lost: rng.random_range(0..=worst),
            late: rng.random_range(0..=worst),
            store_fails: rng.random_range(0..=worst / 3),
            away: false,
        };
        Self {
            world: World::new(seed, weather),
            rng,
            keys: Vec::new(),
            diligence: 0,
            steps: Vec::new(),
        }
    }

    fn live(&mut self) -> Result<(), String> {
        let length = self.rng.random_range(40..220);
        for _ in 0..length {
            if let Some(step) = self.something_happens() {
                self.steps.push(step);
                self.sight().check()?;
            }
        }
        self.come_to_rest()?;
        self.sight().check_end()
    }

    fn sight(&self) -> Sight {
        let world = &self.world;
        Sight {
            orders: world.now(world.shop.all()),
            payments: world.now(world.payments.payments()),
            refunds: world.now(world.payments.refunds()),
            entries: world.banks.iter().flat_map(|bank| bank.entries()).collect(),
            stock: world.now(world.shop.stock(SKU)),
            placed: world
                .placed
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
        }
    }

    fn something_happens(&mut self) -> Option<String> {
        match self.rng.random_range(0..100) {
            0..8 => self.checks_out(),
            8..13 => self.retries(),
            13..16 => self.cancels(),
            16..27 => self.banks_move(),
            27..42 => self.settles(),
            42..62 => self.goes_on(),
            62..68 => self.relays(),
            68..78 => self.delivers(),
            78..83 => self.webhook_arrives(),
            83..85 => self.crashes(),
            85..90 => self.time_passes(),
            90..95 => self.staff_act(),
            95..97 => self.reconciles(),
            97..98 => Some(self.weather_changes()),
            _ => self.expires(),
        }
    }

    fn gateway(&mut self) -> Gateway {
        if self.rng.random_bool(0.5) {
            Gateway::Stripe
        } else {
            Gateway::Paypal
        }
    }

    fn token(&mut self) -> Option<&'static str> {
        let tokens = [
            Some("card"),
            Some("card"),
            None,
            None,
            Some("declined"),
            Some("slow"),
            Some("wrong"),
            Some("foreign"),
            Some("strange"),
        ];
        tokens[self.rng.random_range(0..tokens.len())]
    }

    fn some_order(&mut self) -> Option<Order> {
        let mut orders = self.world.now(self.world.shop.all());
        if orders.is_empty() {
            return None;
        }
        let at = self.rng.random_range(0..orders.len());
        Some(orders.swap_remove(at))
    }

    fn checks_out(&mut self) -> Option<String> {
        // A double click, or another cart.
        if let Some(key) = self.keys.last().cloned().filter(|_| self.rng.random_bool(0.3)) {
            let (cart, gateway, token) = parse(&key)?;
            self.place(cart, gateway, token, key.clone());
            return Some(format!("checks out again by {key}"));
        }
        let (pieces, gateway, token) = (self.rng.random_range(1..4), self.gateway(), self.token());
        let cart = self.world.cart(pieces);
        let key = format!("{cart}|{}|{}", gateway.code(), token.unwrap_or("-"));
        self.keys.push(key.clone());
        self.place(cart, gateway, token, key.clone());
        Some(format!("checks out {pieces} by {key}"))
    }

    fn place(
        &mut self,
        cart: lavka_kit::ids::Id,
        gateway: Gateway,
        token: Option<&'static str>,
        key: String,
    ) {
        let (shop, placed) = (self.world.shop.clone(), self.world.placed.clone());
        let name = format!("checkout {key}");
        self.world.begin(Service::Orders, name, async move {
            match shop.place(cart, gateway, token, &key).await {
                Ok(Placed::Order(order)) => {
                    placed
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((key, order.id));
                }
                Ok(Placed::Refused(_)) => {}
                Err(error) => panic!("checkout: {error}"),
            }
        });
    }

    fn retries(&mut self) -> Option<String> {
        let order = self.some_order()?;
        let (gateway, token) = (self.gateway(), self.token());
        let key = format!("retry {}", self.rng.random_range(0..1_000_000_u32));
        let told = format!("{} is to be paid by {gateway:?} with {token:?}", order.id);
        let shop = self.world.shop.clone();
        self.world.begin(Service::Orders, told.clone(), async move {
            if let Err(error) = shop.retry(&order, gateway, token, &key).await {
                panic!("retry: {error}");
            }
        });
        Some(told)
    }

    fn cancels(&mut self) -> Option<String> {
        let order = self.some_order()?;
        let told = format!("{} is cancelled", order.id);
        let shop = self.world.shop.clone();
        self.world.begin(Service::Orders, told.clone(), async move {
            if let Err(error) = shop.cancel(&order).await {
                panic!("cancel: {error}");
            }
        });
        Some(told)
    }

    fn banks_move(&mut self) -> Option<String> {
        let bank = self.world.banks[self.rng.random_range(0..2)].clone();
        let (moved, what) = match self.rng.random_range(0..14) {
            0..5 => (bank.shopper_acts(), "a shopper acts"),
            5..7 => (bank.decides(), "it makes up its mind"),
            7..8 => (bank.sends_back(), "a refund arrives"),
            8 => (bank.refund_fails(), "a refund is sent back"),
            9 => (bank.refunds_by_hand(), "money is given back by hand"),
            10 => (bank.loses(), "an unpaid charge vanishes"),
            _ => (bank.receive_late(), "a late request arrives"),
        };
        moved.then(|| format!("{:?}: {what}", bank.gateway))
    }

    fn settles(&mut self) -> Option<String> {
        let due = self.world.now(self.world.payments.due()).ok()?;
        if due.is_empty() {
            return None;
        }
        let due = due[self.rng.random_range(0..due.len())];
        let payments = self.world.payments.clone();
        let told = format!("payments settles {due:?}");
        self.world.begin(Service::Payments, told.clone(), async move {
            unless_told_to(payments.settle(due).await, "settle");
        });
        Some(told)
    }

    fn goes_on(&mut self) -> Option<String> {
        if self.world.under_way() == 0 {
            return None;
        }
        let at = self.rng.random_range(0..self.world.under_way());
        // To its end, or only to the next fault point.
        let far = self.rng.random_bool(0.6);
        loop {
            let before = self.world.under_way();
            let (name, ended) = self.world.step(at)?;
            if ended || !far || self.world.under_way() != before {
                let how = if ended { "ended" } else { "went on" };
                return Some(format!("{how}: {name}"));
            }
        }
    }

    fn service(&mut self) -> Service {
        if self.rng.random_bool(0.5) {
            Service::Orders
        } else {
            Service::Payments
        }
    }

    fn relays(&mut self) -> Option<String> {
        let (service, count, forgets) = (
            self.service(),
            self.rng.random_range(1..4),
            self.rng.random_bool(0.15),
        );
        self.world
            .relay(service, count, forgets)
            .then(|| format!("{service:?} publishes, {forgets} that it forgets it"))
    }

    fn delivers(&mut self) -> Option<String> {
        let (service, which) = (self.service(), self.rng.random_range(0..1_000));
        let told = if self.rng.random_bool(0.1) {
            self.world.deliver_again(service, which)
        } else {
            let forgets = self.rng.random_bool(0.15);
            self.world.deliver(service, which, forgets)
        };
        told.then(|| format!("an event comes to {service:?}"))
    }

    fn webhook_arrives(&mut self) -> Option<String> {
        let bank = self.world.banks[self.rng.random_range(0..2)].clone();
        let (keep, lost) = (self.rng.random_bool(0.4), self.rng.random_bool(0.2));
        let body = bank.take_webhook(keep)?;
        if lost {
            return Some(format!("a webhook of {:?} is lost", bank.gateway));
        }
        self.receive(&bank, body);
        Some(format!("a webhook of {:?} arrives", bank.gateway))
    }

    fn receive(&mut self, bank: &Arc<Bank>, body: String) {
        use lavka_payments::testing::PaymentGateway as _;
        let (payments, gateway, bank) = (self.world.payments.clone(), bank.gateway, bank.clone());
        let Ok(notice) = bank.read(body.as_bytes()) else {
            return;
        };
        self.world.begin(
            Service::Payments,
            "payments keeps a webhook".to_owned(),
            async move {
                // What isn't thanked for is sent again.
                let kept = payments.receive(gateway, &notice, &body).await;
                if !unless_told_to(kept, "keep a webhook") {
                    bank.send_again(body);
                }
            },
        );
    }

    fn crashes(&mut self) -> Option<String> {
        let service = self.service();
        self.world.crash(service);
        Some(format!("{service:?} crashes"))
    }

    fn time_passes(&mut self) -> Option<String> {
        let seconds = [1, 5, 60, 60, 600, 600, 2_000, 30_000, 200_000][self.rng.random_range(0..9)];
        self.world.clock.advance(Duration::from_secs(seconds));
        Some(format!("{seconds} seconds pass"))
    }

    fn expires(&mut self) -> Option<String> {
        let shop = self.world.shop.clone();
        self.world
            .begin(Service::Orders, "unpaid orders expire".to_owned(), async move {
                if let Err(error) = shop.expire().await {
                    panic!("expire: {error}");
                }
            });
        Some("it is looked for unpaid orders".to_owned())
    }

    fn staff_act(&mut self) -> Option<String> {
        if self.rng.random_bool(0.1) {
            return self.staff_look();
        }
        let order = self.some_order()?;
        if self.rng.random_bool(0.5) {
            let step =
                [StaffStep::Assemble, StaffStep::HandOver, StaffStep::Deliver][self.rng.random_range(0..3)];
            let shop = self.world.shop.clone();
            let told = format!("staff: {step:?} {}", order.id);
            self.world.begin(Service::Orders, told.clone(), async move {
                if let Err(error) = shop.staff(order.id, step).await {
                    panic!("{step:?}: {error}");
                }
            });
            return Some(told);
        }
        let payments = self.world.now(self.world.payments.payments());
        let payment = payments.into_iter().find(|it| {
            it.order_id == order.id && (it.status == PaymentStatus::Succeeded || it.came.is_some())
        })?;
        let part = self.rng.random_range(1..=payment.amount.minor);
        let amount = self
            .rng
            .random_bool(0.6)
            .then(|| Money::new(part, Currency::Rub).amount());
        let key = format!("refund {}", self.rng.random_range(0..4_u32));
        let told = format!("staff give back {amount:?} of {} by {key}", payment.id);
        let service = self.world.payments.clone();
        self.world.begin(Service::Payments, told.clone(), async move {
            unless_told_to(service.refund(payment.id, amount, &key).await, "refund");
        });
        Some(told)
    }

    /// Staff say that they have dealt with something. Another amount than ours they give back, which ends it by itself.
    fn staff_look(&mut self) -> Option<String> {
        let payments = self.world.now(self.world.payments.payments());
        let (payment, attention) = payments.into_iter().find_map(|it| {
            let mut matters = it.attention.iter();
            let matter = matters.find(|it| *it != Attention::AmountDisagrees)?;
            Some((it.id, matter))
        })?;
        let service = self.world.payments.clone();
        let told = format!("staff have dealt with {attention:?} of {payment}");
        self.world.begin(Service::Payments, told.clone(), async move {
            unless_told_to(
                service.settle_attention(payment, attention).await,
                "settle a matter",
            );
        });
        Some(told)
    }

    /// Staff give back what a refund that failed has left with us, of orders that are dead and of money that was none of ours. They
    /// were called to it.
    fn staff_give_back_what_failed(&mut self) -> Result<bool, String> {
        let sight = self.sight();
        let mut moved = false;
        for payment in &sight.payments {
            let refunds: Vec<_> = sight
                .refunds
                .iter()
                .filter(|it| it.payment_id == payment.id)
                .cloned()
                .collect();
            let order = sight.orders.iter().find(|order| order.id == payment.order_id);
            let is_dead = order.is_some_and(|it| matches!(it.status, Status::Cancelled | Status::Refunded));
            let owed = is_dead || payment.status != PaymentStatus::Succeeded;
            if !owed || refundable(payment, &refunds).minor <= 0 {
                continue;
            }
            let called = payment.attention.has(Attention::RefundFailed)
                || payment.settled.has(Attention::RefundFailed);
            if !called {
                return Err(format!(
                    "money is left of {payment:?}, and nobody is called: {refunds:?}"
                ));
            }
            self.diligence += 1;
            let key = format!("once more {}", self.diligence);
            let done = self.world.now(self.world.payments.refund(payment.id, None, &key));
            moved |= done.map_err(|error| error.to_string())?.is_ok();
        }
        Ok(moved)
    }

    fn reconciles(&mut self) -> Option<String> {
        let payments = self.world.payments.clone();
        self.world
            .begin(Service::Payments, "reconciliation".to_owned(), async move {
                unless_told_to(payments.reconcile().await, "reconcile");
            });
        Some("payments are reconciled".to_owned())
    }

    fn weather_changes(&mut self) -> String {
        let bank = &self.world.banks[self.rng.random_range(0..2)];
        let away = self.rng.random_bool(0.4);
        bank.set_away(away);
        format!("{:?} is away: {away}", bank.gateway)
    }

    /// Everything that is under way ends, everything that waits is done, and time passes, until nothing is left to do.
    fn come_to_rest(&mut self) -> Result<(), String> {
        self.world.calm();
        let mut compared = false;
        let all_webhooks_lost = self.rng.random_bool(0.5);
        for _ in 0..REST {
            let mut moved = self.everything_ends();
            for service in [Service::Orders, Service::Payments] {
                moved |= self.world.relay(service, usize::MAX, false);
                while self.world.deliver(service, 0, false) {
                    moved = true;
                    self.everything_ends();
                }
            }
            for bank in self.world.banks.clone() {
                moved |= bank.decides() | bank.sends_back() | bank.receive_late();
                if !all_webhooks_lost && let Some(body) = bank.take_webhook(false) {
                    moved = true;
                    self.receive(&bank, body);
                    self.everything_ends();
                }
            }
            let due = self
                .world
                .now(self.world.payments.due())
                .map_err(|error| error.to_string())?;
            for due in due {
                moved = true;
                self.world
                    .now(self.world.payments.settle(due))
                    .map_err(|error| error.to_string())?;
            }
            moved |= self
                .world
                .now(self.world.shop.expire())
                .map_err(|error| error.to_string())?
                > 0;
            self.sight().check()?;
            let open = self
                .world
                .now(self.world.payments.payments())
                .iter()
                .any(|payment| payment.due_at.is_some())
                || self
                    .world
                    .now(self.world.payments.refunds())
                    .iter()
                    .any(|refund| refund.due_at.is_some())
                || self
                    .world
                    .now(self.world.shop.all())
                    .iter()
                    .any(|order| matches!(order.status, Status::PendingPayment | Status::PaymentFailed));
            if !moved && !open && self.world.no_mail() {
                if compared {
                    return Ok(());
                }
                // What no webhook has told is found now, and what staff have to do is done.
                let done = self.world.now(self.world.payments.reconcile());
                done.map_err(|error| error.to_string())?;
                self.staff_give_back_what_failed()?;
                compared = true;
            } else {
                compared = false;
            }
            self.world.clock.advance(Duration::from_secs(300));
        }
        Err("it never comes to rest".to_owned())
    }

    fn everything_ends(&mut self) -> bool {
        let mut moved = false;
        while self.world.under_way() > 0 {
            moved = true;
            if self.world.step(0).is_none() {
                break;
            }
        }
        moved
    }
}

/// Whether it was done. What the store has failed because it was told to is tried again by somebody.
///
/// # Panics
/// When it failed otherwise.
fn unless_told_to<T>(done: Result<T, StoreError>, what: &str) -> bool {
    match done {
        Ok(_) => true,
        Err(error) if chain(&error).contains(TOLD_TO_FAIL) => false,
        Err(error) => panic!("{what}: {}", chain(&error)),
    }
}

fn parse(key: &str) -> Option<(lavka_kit::ids::Id, Gateway, Option<&'static str>)> {
    let mut parts = key.split('|');
    let cart = parts.next()?.parse().ok()?;
    let gateway = if parts.next()? == "STRIPE" {
        Gateway::Stripe
    } else {
        Gateway::Paypal
    };
    let token = match parts.next()? {
        "card" => Some("card"),
        "declined" => Some("declined"),
        "slow" => Some("slow"),
        "wrong" => Some("wrong"),
        "foreign" => Some("foreign"),
        "strange" => Some("strange"),
        _ => None,
    };
    Some((cart, gateway, token))
}
