//! Give up what nobody has paid in time: its stock goes back. And forget what nobody will repeat any more.

use std::time::Duration;

use chrono::TimeDelta;
use lavka_kit::clock::later;
use lavka_kit::errors::chain;
use lavka_kit::ids::Id;

use super::Orders;
use crate::state::Step;
use crate::store::StoreError;

/// How many are looked up at once.
const BATCH: i64 = 100;
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
                given_up += usize::from(self.expire(id).await?);
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
        let mut work = self.store.begin().await?;
        work.forget_keys(self.clock.now() - KEYS_LIVE).await?;
        work.commit().await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lavka_kit::clock::{Clock as _, ManualClock};
    use lavka_kit::config::Secret;
    use lavka_kit::ids::{SeededRandomness, SequentialIds};
    use lavka_kit::money::Currency;
    use lavka_kit::peers::Peers;
    use lavka_kit::tokens::ServiceTokens;

    use super::*;
    use crate::shipping::Methods;
    use crate::store::memory::MemoryOrders;
    use crate::store::{OrderStore as _, UsedKey};

    #[tokio::test]
    async fn an_idempotency_key_lives_thirty_days() {
        let (clock, store) = (Arc::new(ManualClock::default()), MemoryOrders::default());
        let secret = Secret::new("a secret of the tests, 32 bytes at least".to_owned());
        let orders = Orders {
            store: Arc::new(store.clone()),
            peers: Peers::new("orders", ServiceTokens::new(&secret, clock.clone())),
            clock: clock.clone(),
            ids: Arc::new(SequentialIds::default()),
            randomness: Arc::new(SeededRandomness::new(1)),
            methods: Arc::new(Methods::new(None, Currency::Rub).unwrap()),
            gateways: [].into(),
            patience: Duration::from_secs(60),
            currency: Currency::Rub,
        };
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
