//! The world: two services, two banks, a bus, and whatever is under way.

use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use lavka_kit::clock::ManualClock;
use lavka_kit::config::Secret;
use lavka_kit::errors::chain;
use lavka_kit::events::CloudEvent;
use lavka_kit::ids::{Id, Ids as _, SeededRandomness, SequentialIds};
use lavka_kit::peers::Peers;
use lavka_kit::testing::FakePeer;
use lavka_kit::tokens::ServiceTokens;
use lavka_orders::testing::Shop;
use lavka_payments::testing::{Gateway, Moment, Payments};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::bank::{Bank, Style, Weather};

/// What there is of the only thing that is sold.
pub const STOCK: i32 = 12;
/// What it is called.
pub const SKU: &str = "lamp";
/// How long an order may stay unpaid.
pub const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// What the store says when it fails because it was told to.
pub const TOLD_TO_FAIL: &str = "the store was told to fail";

/// A service, as far as it can crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Orders,
    Payments,
}

/// Something that has begun and not ended.
struct Operation {
    service: Service,
    name: String,
    work: Pin<Box<dyn Future<Output = ()>>>,
}

/// The events that a service has yet to handle, by the order that they are about; the first of each comes first.
#[derive(Default)]
struct Mailbox {
    waiting: BTreeMap<Id, VecDeque<CloudEvent>>,
    /// Being handled.
    busy: Vec<Id>,
    /// All that ever came, to come again.
    past: Vec<CloudEvent>,
}

pub struct World {
    pub clock: Arc<ManualClock>,
    pub ids: Arc<SequentialIds>,
    pub banks: [Arc<Bank>; 2],
    pub shop: Shop,
    pub payments: Payments,
    pub carts: Carts,
    /// How often a unit of work of payments fails, of a hundred.
    trouble: Arc<AtomicU32>,
    /// Told by checkouts: key and order.
    pub placed: Arc<Mutex<Vec<(String, Id)>>>,
    under_way: Vec<Operation>,
    mail: Arc<Mutex<[Mailbox; 2]>>,
    runtime: tokio::runtime::Runtime,
}

/// Carts: generation and pieces.
pub type Carts = Arc<Mutex<BTreeMap<String, (i32, i32)>>>;

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn cart_service(carts: Carts) -> Arc<FakePeer> {
    FakePeer::new(move |query, variables| {
        let mut carts = lock(&carts);
        if query.contains("takeOrderedLines") {
            let id = variables["cartId"].as_str().unwrap_or_default();
            if let Some((generation, pieces)) = carts.get_mut(id)
                && variables["generation"] == *generation
            {
                *generation += 1;
                *pieces = 0;
            }
            return Ok(json!({ "takeOrderedLines": { "id": id } }));
        }
        let entity = |key: &Value| {
            let (generation, pieces) = carts.get(key["id"].as_str()?)?;
            let lines = if *pieces > 0 {
                json!([{ "sku": SKU, "quantity": pieces }])
            } else {
                json!([])
            };
            Some(json!({ "userId": null, "generation": generation, "lines": lines }))
        };
        let keys = variables["keys"].as_array().cloned().unwrap_or_default();
        Ok(json!({ "_entities": keys.iter().map(entity).collect::<Vec<_>>() }))
    })
}

fn catalog() -> Arc<FakePeer> {
    FakePeer::of_entities(|_| {
        let price = json!({ "amount": "1000.00", "currency": "RUB" });
        Some(json!({ "title": "Lamp", "price": price, "product": { "title": "Lamp" }, "orderable": true }))
    })
}

impl World {
    /// A shop with its stock and nothing else.
    ///
    /// # Panics
    /// When the world can't be made; there is no reason why.
    pub fn new(seed: u64, weather: Weather) -> Self {
        let clock = Arc::new(ManualClock::default());
        let ids = Arc::new(SequentialIds::default());
        let bank =
            |gateway, style, n| Bank::new(gateway, style, clock.clone(), seed.wrapping_add(n), weather);
        let banks = [
            bank(Gateway::Stripe, Style::AtOnce, 1),
            bank(Gateway::Paypal, Style::Promise, 2),
        ];
        let secret = Secret::new("a secret of the tests, 32 bytes at least".to_owned());
        let peers = Peers::new("orders", ServiceTokens::new(&secret, clock.clone()));
        let carts = Carts::default();
        peers.connect("cart", cart_service(carts.clone()));
        peers.connect("catalog", catalog());
        let randomness = Arc::new(SeededRandomness::new(seed));
        let shop = match Shop::open(clock.clone(), ids.clone(), randomness, peers, PATIENCE) {
            Ok(shop) => shop,
            Err(error) => panic!("a shop: {error}"),
        };
        let gateways = banks.iter().map(|bank| bank.clone() as _).collect();
        let trouble = Arc::new(AtomicU32::new(weather.store_fails));
        let (chance, dice) = (
            trouble.clone(),
            Mutex::new(StdRng::seed_from_u64(seed.wrapping_add(3))),
        );
        let fails = move |_: Moment| {
            let chance = chance.load(Relaxed);
            // A third of it at each of the three moments.
            chance > 0 && lock(&dice).random_range(0..300) < chance
        };
        let runtime = match tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
        {
            Ok(runtime) => runtime,
            Err(error) => panic!("a runtime: {error}"),
        };
        let world = Self {
            payments: Payments::open(clock.clone(), ids.clone(), gateways, Arc::new(fails)),
            trouble,
            clock,
            ids,
            banks,
            shop,
            carts,
            placed: Arc::default(),
            under_way: Vec::new(),
            mail: Arc::default(),
            runtime,
        };
        let shop = world.shop.clone();
        world.now(async move { shop.set_stock(SKU, STOCK).await.unwrap() });
        world
    }

    /// From now on everything goes well.
    pub fn calm(&self) {
        self.trouble.store(0, Relaxed);
        for bank in &self.banks {
            bank.calm();
        }
    }

    /// A new cart with so many pieces.
    pub fn cart(&self, pieces: i32) -> Id {
        let id = self.ids.next();
        lock(&self.carts).insert(id.to_string(), (1, pieces));
        id
    }

    /// Does something at once, from beginning to end.
    pub fn now<T>(&self, work: impl Future<Output = T>) -> T {
        let _inside = self.runtime.enter();
        let mut work = std::pin::pin!(work);
        let mut context = Context::from_waker(Waker::noop());
        // Fault points hand control back; nothing else waits for anybody.
        for _ in 0..10_000 {
            if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
                return done;
            }
        }
        panic!("something waits for what never comes");
    }

    /// Begins something.
    pub fn begin(&mut self, service: Service, name: String, work: impl Future<Output = ()> + 'static) {
        self.under_way.push(Operation {
            service,
            name,
            work: Box::pin(work),
        });
    }

    pub fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// Lets one operation come to its next fault point; tells which, and whether it ended.
    pub fn step(&mut self, at: usize) -> Option<(String, bool)> {
        let _inside = self.runtime.enter();
        let operation = self.under_way.get_mut(at)?;
        let name = operation.name.clone();
        let ended = operation
            .work
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready();
        if ended {
            drop(self.under_way.remove(at));
        }
        Some((name, ended))
    }

    /// Kills a service: what was under way there stops where it is, and what it only remembered is forgotten.
    pub fn crash(&mut self, service: Service) {
        self.under_way.retain(|operation| operation.service != service);
        lock(&self.mail)[service as usize].busy.clear();
        if service == Service::Payments {
            self.payments = self.payments.restart();
        }
    }

    /// The relay of a service publishes some of what waits. With `forgets` it dies before it could note that.
    pub fn relay(&self, service: Service, count: usize, forgets: bool) -> bool {
        let waiting = match service {
            Service::Orders => self.now(self.shop.outbox()),
            Service::Payments => self.now(self.payments.outbox()),
        };
        let count = count.min(waiting.len());
        let mut mail = lock(&self.mail);
        let other = match service {
            Service::Orders => Service::Payments,
            Service::Payments => Service::Orders,
        };
        for event in &waiting[..count] {
            let mailbox = &mut mail[other as usize];
            mailbox.past.push(event.clone());
            mailbox
                .waiting
                .entry(event.subject)
                .or_default()
                .push_back(event.clone());
        }
        drop(mail);
        if !forgets {
            match service {
                Service::Orders => self.now(self.shop.published(count)),
                Service::Payments => self.now(self.payments.published(count)),
            }
        }
        count > 0
    }

    /// A service begins to handle the next event of one of the orders. With `forgets` it dies before it could note that.
    pub fn deliver(&mut self, service: Service, which: usize, forgets: bool) -> bool {
        let event = {
            let mut mail = lock(&self.mail);
            let mailbox = &mut mail[service as usize];
            let ready: Vec<Id> = mailbox
                .waiting
                .keys()
                .filter(|id| !mailbox.busy.contains(id))
                .copied()
                .collect();
            if ready.is_empty() {
                return false;
            }
            let subject = ready[which % ready.len()];
            mailbox.busy.push(subject);
            mailbox.waiting[&subject].front().cloned()
        };
        let Some(event) = event else { return false };
        let (mail, subject) = (self.mail.clone(), event.subject);
        let name = format!("{service:?} handles {} of {subject}", event.kind);
        let handle = self.handling(service, event);
        self.begin(service, name, async move {
            let handled = handle.await;
            let mut mail = lock(&mail);
            let mailbox = &mut mail[service as usize];
            mailbox.busy.retain(|busy| *busy != subject);
            if handled
                && !forgets
                && let Some(queue) = mailbox.waiting.get_mut(&subject)
            {
                queue.pop_front();
                if queue.is_empty() {
                    mailbox.waiting.remove(&subject);
                }
            }
        });
        true
    }

    /// An event that was handled long ago comes once more.
    pub fn deliver_again(&mut self, service: Service, which: usize) -> bool {
        let event = {
            let mail = lock(&self.mail);
            let mailbox = &mail[service as usize];
            if mailbox.past.is_empty() {
                return false;
            }
            let event = &mailbox.past[which % mailbox.past.len()];
            // Only what was handled: an order's events don't overtake each other.
            let handled = mailbox
                .waiting
                .get(&event.subject)
                .is_none_or(|queue| queue.iter().all(|waiting| waiting.id != event.id));
            if !handled {
                return false;
            }
            event.clone()
        };
        let name = format!("{service:?} handles {} of {} again", event.kind, event.subject);
        let handle = self.handling(service, event);
        self.begin(service, name, async move {
            handle.await;
        });
        true
    }

    /// Whether it was handled: what the store has failed comes again.
    fn handling(&self, service: Service, event: CloudEvent) -> Pin<Box<dyn Future<Output = bool>>> {
        let (shop, payments) = (self.shop.clone(), self.payments.clone());
        Box::pin(async move {
            let done = match service {
                Service::Orders => shop.hear(&event).await,
                Service::Payments => payments.hear(&event).await,
            };
            match done {
                Ok(()) => true,
                Err(error) if chain(&*error.source).contains(TOLD_TO_FAIL) => false,
                Err(error) => panic!("{service:?} can't handle {event:?}: {}", error.source),
            }
        })
    }

    /// Whether no event waits for anybody.
    pub fn no_mail(&self) -> bool {
        lock(&self.mail).iter().all(|mailbox| mailbox.waiting.is_empty())
    }
}
