//! The stage that the tests play on: a real store and texts, a mailer that remembers and can fail, a clock that is moved by
//! hand, and no worker but the test itself.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::clock::{Clock as _, ManualClock, later};
use lavka_kit::events::orders::{
    OrderPlaced, OrderRecipient, OrderShipping, OrderStatusChanged, PaymentMethod, PlacedLine,
};
use lavka_kit::events::users::{PasswordResetRequested, UserRegistered};
use lavka_kit::events::{CloudEvent, EventData};
use lavka_kit::ids::{Id, SequentialIds};
use lavka_kit::locale::Locale;
use lavka_kit::money::{Currency, Money};
use lavka_kit::sql::{Database, Dialect};
use lavka_kit::testing::{TestDatabase, usual_engine};
use tokio::sync::Notify;

use crate::channel::{Channel, Delivery};
use crate::mail::{Mail, MailError, Mailer};
use crate::messenger::Messenger;
use crate::notification::Notification;
use crate::store::{InboxQuery, SqlStore};
use crate::text::Texts;

/// Somebody with an account, who reads Russian.
pub const ANN: Id = Id::from_u128(0xa11);
/// Her order.
pub const ORDER: Id = Id::from_u128(0x0de);

/// A mailer that remembers what it sent, and fails when told to.
#[derive(Default)]
pub struct FakeMailer {
    failures: Mutex<u32>,
    sent: Mutex<Vec<(Id, Mail)>>,
}

#[async_trait]
impl Mailer for FakeMailer {
    async fn send(&self, id: Id, _: DateTime<Utc>, mail: &Mail) -> Result<(), MailError> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err(MailError::Sending("the mail server is away".into()));
        }
        if mail.to_address == "nowhere" {
            return Err(MailError::Address("no @".into()));
        }
        self.sent.lock().unwrap().push((id, mail.clone()));
        Ok(())
    }
}

pub struct Scene {
    pub messenger: Arc<Messenger>,
    pub clock: Arc<ManualClock>,
    mailer: Arc<FakeMailer>,
    ids: Arc<SequentialIds>,
    pub database: TestDatabase,
}

impl Scene {
    pub async fn start() -> Self {
        Self::on(usual_engine())
            .await
            .expect("LAVKA_TEST_POSTGRES says where")
    }

    /// On this engine, if it is there.
    pub async fn on(engine: Dialect) -> Option<Self> {
        let database = TestDatabase::on(engine, "notifications", &crate::MIGRATIONS).await?;
        let (clock, ids) = (
            Arc::new(ManualClock::default()),
            Arc::new(SequentialIds::default()),
        );
        let mailer = Arc::new(FakeMailer::default());
        let messenger = Arc::new(Messenger {
            store: Arc::new(SqlStore::new(Database::clone(&database))),
            mailer: mailer.clone(),
            texts: Texts::new("http://shop.test").unwrap(),
            clock: clock.clone(),
            ids: ids.clone(),
            zone: chrono_tz::Tz::UTC,
            public_url: "http://shop.test".into(),
            work_waits: Notify::new(),
            published: Box::new(|| {}),
        });
        Some(Self {
            messenger,
            clock,
            mailer,
            ids,
            database,
        })
    }

    /// An event as it would arrive.
    pub fn event<T: EventData>(&self, subject: Id, data: &T) -> CloudEvent {
        CloudEvent::new(&*self.ids, &*self.clock, subject, data).unwrap()
    }

    /// It arrives.
    pub async fn hears<T: EventData>(&self, subject: Id, data: &T) {
        self.messenger.hear(&[self.event(subject, data)]).await.unwrap();
    }

    /// Ann has an account, and reads Russian.
    pub async fn ann_registers(&self) {
        self.hears(ANN, &registered()).await;
    }

    pub fn mail_fails(&self, times: u32) {
        *self.mailer.failures.lock().unwrap() = times;
    }

    /// The worker's turn; what was sent since the last look.
    pub async fn mails(&self) -> Vec<Mail> {
        self.messenger.deliver_due().await.unwrap();
        std::mem::take(&mut *self.mailer.sent.lock().unwrap())
            .into_iter()
            .map(|(_, mail)| mail)
            .collect()
    }

    /// Time passes; what is sent then.
    pub async fn mails_after(&self, seconds: u64) -> Vec<Mail> {
        self.clock.advance(Duration::from_secs(seconds));
        self.mails().await
    }

    pub async fn inbox(&self, user_id: Id) -> Vec<Notification> {
        let query = InboxQuery {
            user_id,
            after: None,
            unread_only: false,
            limit: 100,
        };
        self.messenger.store.inbox(query).await.unwrap()
    }

    /// The deliveries of the newest notification: e-mail, SMS, push.
    pub async fn deliveries(&self, user: Id) -> [Delivery; 3] {
        let newest = self.inbox(user).await.remove(0).id;
        let deliveries: [Delivery; 3] = self
            .messenger
            .store
            .deliveries_of(&[newest])
            .await
            .unwrap()
            .try_into()
            .unwrap();
        assert_eq!(deliveries.each_ref().map(|it| it.channel), Channel::ALL);
        deliveries
    }

    pub fn reset(&self) -> PasswordResetRequested {
        PasswordResetRequested {
            user_id: ANN,
            email: "ann@lavka.test".into(),
            name: "Анна".into(),
            locale: Locale::Ru,
            token: "secret-token".into(),
            expires_at: later(self.clock.now(), Duration::from_secs(3600)),
        }
    }

    pub fn moved(&self, to: &str, position: i32) -> OrderStatusChanged {
        let placed = placed(Some(ANN));
        OrderStatusChanged {
            order_id: ORDER,
            number: placed.number,
            from: None,
            to: to.into(),
            at: self.clock.now(),
            note: None,
            tracking_number: Some("RA123".into()),
            customer_id: placed.customer_id,
            locale: placed.locale,
            recipient: placed.recipient,
            total: placed.total,
            history_position: position,
        }
    }
}

pub fn registered() -> UserRegistered {
    UserRegistered {
        user_id: ANN,
        email: "ann@lavka.test".into(),
        name: "Анна".into(),
        phone: None,
        locale: Locale::Ru,
        email_verified: false,
    }
}

/// An order in English: two lamps and their way.
pub fn placed(customer_id: Option<Id>) -> OrderPlaced {
    let rub = |minor| Money::new(minor, Currency::Rub);
    OrderPlaced {
        order_id: ORDER,
        number: "L-100042".into(),
        customer_id,
        cart_id: Id::from_u128(3),
        cart_generation: 1,
        locale: Locale::En,
        lines: vec![PlacedLine {
            sku: "lamp".into(),
            title: "Lamp <b>“Moon”</b>".into(),
            quantity: 2,
            unit_price: rub(129_050),
        }],
        recipient: OrderRecipient {
            name: "Ann & Co".into(),
            phone: "+79990000000".into(),
            email: "parcel@lavka.test".into(),
            line1: "1 Street".into(),
            line2: None,
            city: "Town".into(),
            region: None,
            postal_code: "1".into(),
            country: "GB".into(),
        },
        shipping: OrderShipping {
            code: "post".into(),
            title: "Post".into(),
            price: rub(30_000),
        },
        total: rub(288_100),
        payment_method: PaymentMethod {
            gateway: "SANDBOX".into(),
            token: None,
        },
        attempt: 1,
        order_key: customer_id.is_none().then(|| "guests-key".into()),
    }
}
