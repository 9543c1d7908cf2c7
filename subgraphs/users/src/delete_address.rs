//! Taking an address out of the book. When it was the default, the newest of the others becomes it.

use lavka_kit::ids::Id;

use crate::account::Account;
use crate::address::Address;
use crate::refusal::{Fault, Outcome, Refusal, UserErrorCode};
use crate::store::{accounts, addresses};
use crate::users::Users;

impl Users {
    /// `None` when the account is gone.
    pub(crate) async fn delete_address(
        &self,
        account: Id,
        id: Option<Id>,
    ) -> Result<Option<Outcome<Account, UserErrorCode>>, Fault> {
        let refused = || Ok(Some(Err(vec![Refusal::at("id", UserErrorCode::AddressNotFound)])));
        let Some(id) = id else { return refused() };
        let mut tx = self.database.write().await?;
        let Some(account) = accounts::locked(&mut tx, account).await? else {
            return Ok(None);
        };
        if !addresses::delete(&mut tx, account.id, id).await? {
            return refused();
        }
        let left = addresses::of_account(&mut *tx, account.id).await?;
        if let Some(newest) = left
            .iter()
            .max_by_key(|it| it.id)
            .filter(|_| !left.iter().any(|it| it.is_default))
        {
            let address = Address {
                is_default: true,
                ..newest.clone()
            };
            addresses::save(&mut tx, account.id, &address).await?;
        }
        tx.commit().await?;
        Ok(Some(Ok(account)))
    }
}
