//! At log-in and registration a guest's cart becomes a part of the account's.
//!
//! The cart service does it; that it may be away must not keep anybody from signing in. So the wish is written down in the
//! transaction that signs in, tried once at once (so that the very next query sees the merged cart), and tried again in
//! the background until the cart service has done it, for a day. The cart service merges a cart once however often it is
//! asked.

use std::time::Duration;

use chrono::TimeDelta;
use lavka_kit::errors::chain;
use lavka_kit::ids::Id;
use serde_json::json;

use crate::refusal::Fault;
use crate::store::cart_merges;
use crate::users::Users;

const MERGE: &str =
    "mutation MergeCart($cartId: ID!, $userId: ID!) { mergeCart(cartId: $cartId, userId: $userId) { id } }";

/// How long somebody who signs in waits for it.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often what is left over is tried again.
const AGAIN: Duration = Duration::from_secs(15);
/// When it is given up.
const AT_LAST: TimeDelta = TimeDelta::days(1);

impl Users {
    /// The first try, after the commit. Failing is not the shopper's business.
    pub(crate) async fn merge_now(&self, cart: Id, account: Id) {
        match tokio::time::timeout(PATIENCE, self.merge(cart, account)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%cart, %account, error = chain(&*error), "a guest's cart waits to be merged");
            }
            Err(_) => tracing::warn!(%cart, %account, "a guest's cart waits to be merged: no answer yet"),
        }
    }

    async fn merge(&self, cart: Id, account: Id) -> Result<(), Fault> {
        let variables = json!({ "cartId": cart, "userId": account });
        self.peers.call("cart", MERGE, variables).await?;
        let mut tx = self.database.write().await?;
        cart_merges::delete(&mut tx, cart, account).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Tries what is left over, for ever.
    pub(crate) async fn keep_merging(self) {
        loop {
            self.clock.sleep(AGAIN).await;
            if let Err(error) = self.merge_waiting().await {
                tracing::debug!(error = chain(&*error), "guests' carts still wait to be merged");
            }
        }
    }

    pub(crate) async fn merge_waiting(&self) -> Result<(), Fault> {
        let waiting = cart_merges::waiting(self.database.read(), 100).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let mut tx = self.database.write().await?;
        cart_merges::forget(&mut tx, self.clock.now() - AT_LAST).await?;
        tx.commit().await?;
        for (cart, account) in waiting {
            self.merge(cart, account).await?;
        }
        Ok(())
    }
}
