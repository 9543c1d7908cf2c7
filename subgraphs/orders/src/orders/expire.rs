//! Give up what nobody has paid in time: its stock goes back. And forget what nobody will repeat any more.

use std::time::Duration;

use chrono::TimeDelta;
use lavka_kit::clock::later;
use lavka_kit::errors::chain;
use lavka_kit::ids::Id;
use lavka_kit::sql;

use super::Orders;
use crate::state::Step;
use crate::store::StoreError;

/// How many are looked up at once.
const BATCH: i64 = 100;
/// How long an order is let alone that can't be given up.
const PUT_OFF: TimeDelta = TimeDelta::hours(1);
/// How long idempotency keys are remembered.
const KEYS_LIVE: TimeDelta = TimeDelta::days(30);
/// How often old keys are looked for, in rounds.
const KEYS_EVERY: u32 = 1_000;

impl Orders {
    /// Looks every now and then, for ever.
    pub async fn keep_expiring(self) {
        // A sixtieth of the patience is late enough to be cheap and early enough for a shopper.
        let pause = (self.patience / 60).clamp(Duration::from_secs(1), Duration::from_secs(30));
        let mut round = 0_u32;
        loop {
            // From the beginning of the round: what fell due during it is not left for a whole pause.
            let next = later(self.clock.now(), pause);
            if let Err(error) = self.expire_overdue().await {
                tracing::warn!(error = chain(&error), "unpaid orders can't be given up");
            }
            if round.is_multiple_of(KEYS_EVERY)
                && let Err(error) = self.forget_old_keys().await
            {
                tracing::warn!(error = chain(&error), "old idempotency keys can't be forgotten");
            }
            round = round.wrapping_add(1);
            self.clock.sleep_until(next).await;
        }
    }

    /// Gives up everything whose time is over; how many.
    pub async fn expire_overdue(&self) -> Result<usize, StoreError> {
        let mut given_up = 0;
        loop {
            let overdue = self.store.overdue(self.clock.now(), BATCH).await?;
            if overdue.is_empty() {
                return Ok(given_up);
            }
            for id in overdue {
                match sql::retry(|| self.expire(id)).await {
                    Ok(done) => given_up += usize::from(done),
                    Err(error) if sql::is_unavailable(&error) => return Err(error),
                    Err(error) => {
                        // Something is wrong with this one: the others' stock shall not wait for it.
                        tracing::error!(order = %id, error = chain(&error), "an unpaid order can't be given up and is put off");
                        self.store.put_off(id, self.clock.now() + PUT_OFF).await?;
                    }
                }
            }
        }
    }

    /// Each in its own unit of work: one that was paid meanwhile is let alone.
    async fn expire(&self, id: Id) -> Result<bool, StoreError> {
        let mut work = self.store.begin().await?;
        let Some(mut order) = work.order(id).await? else {
            return Ok(false);
        };
        if order.expires_at.is_none_or(|at| at > self.clock.now()) {
            return Ok(false);
        }
        let reason = order
            .locale
            .pick("Не оплачен вовремя", "Not paid in time")
            .to_owned();
        if self
            .take(&mut *work, &mut order, Step::Expire, Some(reason.clone()))
            .await?
            .is_err()
        {
            // It has a deadline and can't expire: the deadline is wrong.
            tracing::error!(order = %id, status = order.status.code(), "an order that can't expire had a deadline");
            order.expires_at = None;
            work.save(&order).await?;
        } else {
            self.publish(&mut *work, &order, &order.cancelled(Some(reason)))
                .await?;
        }
        work.commit().await?;
        Ok(true)
    }

    async fn forget_old_keys(&self) -> Result<(), StoreError> {
        let before = self.clock.now() - KEYS_LIVE;
        loop {
            let mut work = self.store.begin().await?;
            let forgotten = work.forget_keys(before).await?;
            work.commit().await?;
            if forgotten == 0 {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lavka_kit::clock::{Clock as _, ManualClock};
    use lavka_kit::config::Secret;
    use lavka_kit::ids::{SeededRandomness, SequentialIds};
    use lavka_kit::money::Currency;
    use lavka_kit::on_both_engines;
    use lavka_kit::outbox::Outbox;
    use lavka_kit::peers::Peers;
    use lavka_kit::sql::{Database, Dialect};
    use lavka_kit::testing::TestWorld;
    use lavka_kit::tokens::ServiceTokens;

    use super::*;
    use crate::shipping::Methods;
    use crate::start::MIGRATIONS;
    use crate::store::contract::order;
    use crate::store::memory::MemoryOrders;
    use crate::store::{OrderStore, SqlOrders, UsedKey};

    fn orders(store: Arc<dyn OrderStore>, clock: &Arc<ManualClock>) -> Orders {
        let secret = Secret::new("a secret of the tests, 32 bytes at least".to_owned());
        Orders {
            store,
            peers: Peers::new("orders", ServiceTokens::new(&secret, clock.clone())),
            clock: clock.clone(),
            ids: Arc::new(SequentialIds::default()),
            randomness: Arc::new(SeededRandomness::new(1)),
            methods: Arc::new(Methods::new(None, Currency::Rub).unwrap()),
            gateways: [].into(),
            patience: Duration::from_secs(60),
            currency: Currency::Rub,
        }
    }

    on_both_engines! { stage:
        an_order_that_can_not_be_read_keeps_no_stock_of_others
    }

    async fn stage(engine: Dialect) -> Option<TestWorld> {
        TestWorld::on(engine, "orders").await
    }

    /// The oldest of all: it would be the first in every round.
    async fn an_order_that_can_not_be_read_keeps_no_stock_of_others(world: TestWorld) {
        let database = Database::open(&world.context, &MIGRATIONS).await.unwrap();
        let outbox = Outbox::start(&world.context, &database);
        let store = Arc::new(SqlOrders::new(database.clone(), outbox));
        let orders = orders(store.clone(), &world.clock);
        let now = world.clock.now();
        let mut work = store.begin().await.unwrap();
        for number in 1..=3 {
            let mut order = order(number);
            let ago = TimeDelta::minutes(10 - i64::from(number));
            order.expires_at = Some(now - ago);
            order.lines.truncate(1);
            work.set_available(&order.lines[0].sku, 10).await.unwrap();
            assert_eq!(work.hold(&order.pieces()).await.unwrap(), []);
            assert!(work.insert(&order).await.unwrap());
        }
        work.commit().await.unwrap();
        let mut tx = database.write().await.unwrap();
        let spoil = sql::query("UPDATE orders SET status = 'LOST' WHERE id = $1").bind(order(1).id);
        spoil.execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(orders.expire_overdue().await.unwrap(), 2);
        assert!(store.overdue(now, 10).await.unwrap().is_empty());
        // It is not forgotten: it comes again in an hour.
        let later = now + TimeDelta::hours(1);
        assert_eq!(store.overdue(later, 10).await.unwrap(), [order(1).id]);
    }

    #[tokio::test]
    async fn an_idempotency_key_lives_thirty_days() {
        let (clock, store) = (Arc::new(ManualClock::default()), MemoryOrders::default());
        let orders = orders(Arc::new(store.clone()), &clock);
        let key = UsedKey {
            scope: "user:1".to_owned(),
            key: "k".to_owned(),
            body_hash: "h".to_owned(),
            order: Id::from_u128(1),
        };
        let mut work = store.begin().await.unwrap();
        assert!(work.use_key(&key, clock.now()).await.unwrap());
        work.commit().await.unwrap();
        let known = async || store.used_key("user:1", "k").await.unwrap();

        clock.advance(Duration::from_secs(30 * 24 * 3600));
        orders.forget_old_keys().await.unwrap();
        assert_eq!(known().await, Some(key));
        clock.advance(Duration::from_secs(1));
        orders.forget_old_keys().await.unwrap();
        assert_eq!(known().await, None);
    }
}
