//! The stage that the tests of the operations play on: a real store and the real sandbox behind a wire that can be cut,
//! a clock that is moved by hand, and no worker but the test itself.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::http::HeaderMap;
use lavka_kit::clock::{Clock as _, ManualClock};
use lavka_kit::events::{CloudEvent, EventData};
use lavka_kit::ids::{Id, SeededRandomness, SequentialIds};
use lavka_kit::locale::Locale;
use lavka_kit::money::{Currency, Money};
use lavka_kit::sql::{self, Database, Dialect, Json};
use lavka_kit::testing::{TestDatabase, usual_engine};
use tokio::sync::Notify;

use crate::begin_payment::BeginPayment;
use crate::desk::Desk;
use crate::end_order::EndOrder;
use crate::failure::Failure;
use crate::gateway::notice::{BadNotice, Notice};
use crate::gateway::sandbox::{Decision, Sandbox, SandboxConfig};
use crate::gateway::{
    Charge, ChargeName, ChargeRequest, Gateway, GatewayDescription, GatewayError, GatewayRefund, Gateways,
    PaymentGateway, RefundRequest,
};
use crate::payment::{Attention, Payment};
use crate::refund::Refund;
use crate::refund_payment::RefundPayment;
use crate::settle_attention::SettleAttention;
use crate::store::{OrderRecord, SqlStore};

/// What goes wrong with the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The call never arrives.
    Lost,
    /// The gateway does it, but the answer never arrives.
    AnswerLost,
    /// The gateway refuses for good.
    Refused,
    /// The gateway names another amount.
    OtherAmount,
}

/// The sandbox behind a wire that can be cut.
pub struct Wire {
    bank: Arc<Sandbox>,
    faults: Mutex<VecDeque<Fault>>,
    calls: Mutex<Vec<&'static str>>,
}

impl Wire {
    fn next_fault(&self, call: &'static str) -> Option<Fault> {
        self.calls.lock().unwrap().push(call);
        self.faults.lock().unwrap().pop_front()
    }

    fn spoil<T>(fault: Option<Fault>, answer: T) -> Result<T, GatewayError> {
        let gateway = Gateway::Sandbox;
        match fault {
            None | Some(Fault::OtherAmount) => Ok(answer),
            Some(Fault::Refused) => Err(GatewayError::Refused {
                gateway,
                failure: Failure {
                    code: "no_such_shop".into(),
                    message: None,
                },
            }),
            Some(Fault::Lost | Fault::AnswerLost) => Err(GatewayError::NoAnswer {
                gateway,
                doing: "ask",
                source: "the wire was cut".into(),
            }),
        }
    }

    fn charge(fault: Option<Fault>, mut charge: Charge) -> Result<Charge, GatewayError> {
        if fault == Some(Fault::OtherAmount) {
            charge.amount.minor += 1;
        }
        Self::spoil(fault, charge)
    }
}

#[async_trait]
impl PaymentGateway for Wire {
    fn describe(&self) -> GatewayDescription {
        self.bank.describe()
    }

    async fn create(&self, request: &ChargeRequest) -> Result<Charge, GatewayError> {
        let fault = self.next_fault("create");
        if matches!(fault, Some(Fault::Lost | Fault::Refused)) {
            Self::spoil(fault, ())?;
        }
        Self::charge(fault, self.bank.create(request).await?)
    }

    async fn capture(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        let fault = self.next_fault("capture");
        Self::charge(fault, self.bank.capture(charge).await?)
    }

    async fn cancel(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        let fault = self.next_fault("cancel");
        Self::charge(fault, self.bank.cancel(charge).await?)
    }

    async fn fetch(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        let fault = self.next_fault("fetch");
        Self::charge(fault, self.bank.fetch(charge).await?)
    }

    async fn refund(&self, request: &RefundRequest) -> Result<GatewayRefund, GatewayError> {
        let fault = self.next_fault("refund");
        if matches!(fault, Some(Fault::Lost | Fault::Refused)) {
            Self::spoil(fault, ())?;
        }
        let answer = self.bank.refund(request).await?;
        Self::spoil(fault, answer)
    }

    async fn fetch_refund(
        &self,
        request: &RefundRequest,
        reference: &str,
    ) -> Result<GatewayRefund, GatewayError> {
        let fault = self.next_fault("fetch_refund");
        let answer = self.bank.fetch_refund(request, reference).await?;
        Self::spoil(fault, answer)
    }

    async fn authenticate(&self, head: &HeaderMap, body: &[u8]) -> Result<Notice, BadNotice> {
        self.bank.authenticate(head, body).await
    }

    fn read(&self, body: &[u8]) -> Result<Notice, BadNotice> {
        self.bank.read(body)
    }
}

/// One store's payments, on a stage.
pub struct Scene {
    pub desk: Arc<Desk>,
    pub clock: Arc<ManualClock>,
    pub bank: Arc<Sandbox>,
    wire: Arc<Wire>,
    database: TestDatabase,
}

impl Scene {
    pub async fn start() -> Self {
        Self::on(usual_engine())
            .await
            .expect("LAVKA_TEST_POSTGRES says where")
    }

    /// On this engine, if it is there.
    pub async fn on(engine: Dialect) -> Option<Self> {
        Self::build(engine, |_| Vec::new()).await
    }

    /// A stage with further gateways beside the sandbox.
    pub async fn with(gateways: impl FnOnce(Arc<ManualClock>) -> Vec<Arc<dyn PaymentGateway>>) -> Self {
        Self::build(usual_engine(), gateways)
            .await
            .expect("LAVKA_TEST_POSTGRES says where")
    }

    async fn build(
        engine: Dialect,
        gateways: impl FnOnce(Arc<ManualClock>) -> Vec<Arc<dyn PaymentGateway>>,
    ) -> Option<Self> {
        let database = TestDatabase::on(engine, "payments", &crate::MIGRATIONS).await?;
        let clock = Arc::new(ManualClock::default());
        let ids = Arc::new(SequentialIds::default());
        let bank = Arc::new(Sandbox::new(
            SandboxConfig::default(),
            Database::clone(&database),
            clock.clone(),
            ids.clone(),
            Arc::new(SeededRandomness::new(1)),
            "http://shop.test",
        ));
        let wire = Arc::new(Wire {
            bank: bank.clone(),
            faults: Mutex::default(),
            calls: Mutex::default(),
        });
        let desk = Arc::new(Desk {
            store: Arc::new(SqlStore::new(Database::clone(&database))),
            gateways: gateways(clock.clone())
                .into_iter()
                .fold(Gateways::default().with(wire.clone()), Gateways::with),
            clock: clock.clone(),
            ids,
            public_url: "http://shop.test".into(),
            work_waits: Notify::new(),
            counters: crate::counters::Counters::default(),
            published: Box::new(|| {}),
        });
        bank.tell(&desk);
        Some(Self {
            desk,
            clock,
            bank,
            wire,
            database,
        })
    }

    /// The next calls to the gateway go wrong like this.
    pub fn spoil(&self, faults: &[Fault]) {
        self.wire.faults.lock().unwrap().extend(faults);
    }

    /// What the gateway was asked since the last look.
    pub fn calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.wire.calls.lock().unwrap())
    }

    /// A guest's order over 1290.50 ₽, to be paid with this token. The worker hasn't looked yet.
    pub async fn places(&self, token: &str) -> Id {
        let order = self.desk.ids.next();
        self.desk
            .begin_payment(self.asking(order, 1, token))
            .await
            .unwrap();
        order
    }

    /// The same, and the worker did what it could.
    pub async fn pays(&self, token: &str) -> Id {
        let order = self.places(token).await;
        self.work().await;
        order
    }

    /// An order to be paid at this gateway, and the worker did what it could.
    pub async fn pays_at(&self, gateway: Gateway, token: Option<&str>) -> Id {
        let order = self.desk.ids.next();
        let asking = BeginPayment {
            gateway,
            token: token.map(str::to_owned),
            ..self.asking(order, 1, "")
        };
        self.desk.begin_payment(asking).await.unwrap();
        self.work().await;
        order
    }

    /// The order's next attempt, at another gateway.
    pub async fn retries_at(&self, order: Id, attempt: i32, gateway: Gateway) {
        let asking = BeginPayment {
            gateway,
            token: None,
            ..self.asking(order, attempt, "")
        };
        self.desk.begin_payment(asking).await.unwrap();
        self.work().await;
    }

    /// Staff give money back, and the worker does what it can.
    pub async fn gives_back(&self, payment: &Payment, amount: Option<&str>, key: &str) {
        let refund = self.refund_of(payment, amount, key);
        self.desk.refund_payment(refund).await.unwrap().unwrap();
        self.work().await;
    }

    /// The order's next attempt.
    pub async fn retries(&self, order: Id, attempt: i32, token: &str) {
        self.desk
            .begin_payment(self.asking(order, attempt, token))
            .await
            .unwrap();
    }

    /// What an event that asks for a payment says.
    pub fn asking(&self, order: Id, attempt: i32, token: &str) -> BeginPayment {
        BeginPayment {
            event_id: self.desk.ids.next(),
            order: OrderRecord {
                id: order,
                number: "L-100042".into(),
                locale: Locale::Ru,
                order_key: Some("guests-key".into()),
                ended: false,
            },
            attempt,
            customer_id: None,
            gateway: Gateway::Sandbox,
            token: Some(token.into()),
            amount: Money::new(129_050, Currency::Rub),
        }
    }

    /// The order is cancelled.
    pub async fn cancels(&self, order: Id) {
        let cancelled = EndOrder {
            event_id: self.desk.ids.next(),
            order_id: order,
            number: "L-100042".into(),
            locale: Locale::Ru,
        };
        self.desk.end_order(cancelled).await.unwrap();
    }

    /// Staff refunds, under this key.
    pub fn refund_of(&self, payment: &Payment, amount: Option<&str>, key: &str) -> RefundPayment {
        RefundPayment {
            by: Id::from_u128(7),
            payment_id: Some(payment.id),
            amount: amount.map(|amount| amount.parse().unwrap()),
            reason: Some("царапина".into()),
            idempotency_key: key.into(),
        }
    }

    /// Staff say that they have dealt with it.
    pub async fn settles(&self, payment: &Payment, attention: Attention) {
        let dealt_with = SettleAttention {
            by: Id::from_u128(7),
            payment_id: Some(payment.id),
            attention,
        };
        self.desk.settle_attention(dealt_with).await.unwrap().unwrap();
        self.work().await;
    }

    /// The shopper decides on the sandbox's page, and the sandbox tells us.
    pub async fn decides(&self, payment: &Payment, decision: Decision) {
        let key = payment.client_secret.clone().unwrap();
        self.bank.decide(&key, decision).await.unwrap().unwrap();
    }

    /// Does all that is due now, as the worker would.
    pub async fn work(&self) {
        for _ in 0..50 {
            let due = self.desk.store.due(self.clock.now(), 100).await.unwrap();
            if due.is_empty() {
                return;
            }
            for due in due {
                self.desk.settle(due).await.unwrap();
            }
        }
        panic!("the work never ends: {:?}", self.calls());
    }

    /// Time passes, and the worker does what becomes due.
    pub async fn passes(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
        self.work().await;
    }

    pub async fn payments(&self, order: Id) -> Vec<Payment> {
        self.desk.store.payments_of_orders(&[order]).await.unwrap()
    }

    /// The only attempt of an order.
    pub async fn payment(&self, order: Id) -> Payment {
        let [payment] = <[Payment; 1]>::try_from(self.payments(order).await).unwrap();
        payment
    }

    pub async fn refunds(&self, payment: Id) -> Vec<Refund> {
        self.desk.store.refunds_of_payments(&[payment]).await.unwrap()
    }

    /// What was told, without "lavka.payment." and the version.
    pub async fn told(&self) -> Vec<String> {
        let short = |event: &CloudEvent| {
            event
                .kind
                .trim_start_matches("lavka.payment.")
                .trim_end_matches(".v1")
                .to_owned()
        };
        self.events().await.iter().map(short).collect()
    }

    /// The data of the last event of this type.
    pub async fn last<T: EventData>(&self) -> T {
        let events = self.events().await;
        events
            .iter()
            .rev()
            .find(|event| event.is::<T>())
            .unwrap()
            .data()
            .unwrap()
    }

    async fn events(&self) -> Vec<CloudEvent> {
        let rows = sql::query_scalar::<Json<CloudEvent>>("SELECT event FROM outbox ORDER BY position")
            .fetch_all(self.database.read())
            .await
            .unwrap();
        rows.into_iter().map(|row| row.0).collect()
    }

    /// Somebody edits the database by hand.
    pub async fn break_row(&self, change: &'static str) {
        let mut tx = self.database.write().await.unwrap();
        sql::query(change).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// One number out of the database.
    pub async fn count(&self, select: &'static str) -> i64 {
        sql::query_scalar(select)
            .fetch_one(self.database.read())
            .await
            .unwrap()
    }

    /// What the bank holds of all charges: taken, and given back, in minor units.
    pub async fn bank_says(&self) -> (i64, i64) {
        (
            self.count("SELECT CAST(coalesce(sum(amount), 0) AS bigint) FROM sandbox_charges WHERE state = 'SUCCEEDED'").await,
            self.count("SELECT CAST(coalesce(sum(amount), 0) AS bigint) FROM sandbox_refunds").await,
        )
    }
}

/// All orders in which so many things can happen.
pub(crate) fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(count - 1);
    let with_last = |permutation: &Vec<usize>| {
        (0..count)
            .map(|at| {
                let mut longer = permutation.clone();
                longer.insert(at, count - 1);
                longer
            })
            .collect::<Vec<_>>()
    };
    shorter.iter().flat_map(with_last).collect()
}
