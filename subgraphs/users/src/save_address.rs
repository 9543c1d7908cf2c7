//! The address book: a new address, or a changed one. One is the default, the first by itself.

use lavka_kit::ids::Id;

use crate::account::Account;
use crate::address::{Address, AddressLines, MOST};
use crate::refusal::{Fault, Outcome, Refusal, UserErrorCode};
use crate::store::{accounts, addresses};
use crate::users::Users;

/// What is saved.
#[derive(Debug)]
pub(crate) struct SaveAddress {
    /// `None` for a new one; `Some(None)` for an id that can't be one.
    pub(crate) id: Option<Option<Id>>,
    pub(crate) lines: AddressLines,
    pub(crate) is_default: bool,
}

impl Users {
    /// `None` when the account is gone.
    pub(crate) async fn save_address(
        &self,
        account: Id,
        given: SaveAddress,
    ) -> Result<Option<Outcome<Account, UserErrorCode>>, Fault> {
        let lines = match given.lines.checked() {
            Ok(lines) => lines,
            Err(fields) => {
                let refusal = |field| Refusal::at(field, UserErrorCode::AddressInvalid);
                return Ok(Some(Err(fields.into_iter().map(refusal).collect())));
            }
        };
        let mut tx = self.database.write().await?;
        let Some(account) = accounts::locked(&mut tx, account).await? else {
            return Ok(None);
        };
        let known = addresses::of_account(&mut *tx, account.id).await?;
        let before = match given.id {
            None => None,
            Some(id) => match known.iter().find(|it| Some(it.id) == id) {
                Some(address) => Some(address),
                None => return Ok(Some(Err(vec![Refusal::at("id", UserErrorCode::AddressNotFound)]))),
            },
        };
        if before.is_none() && known.len() >= MOST {
            return Ok(Some(Err(vec![Refusal::of(UserErrorCode::TooManyAddresses)])));
        }
        // The default stays one until another is made it.
        let was_default = before.is_some_and(|it| it.is_default);
        let is_default = given.is_default || was_default || known.is_empty();
        if is_default {
            addresses::clear_default(&mut tx, account.id).await?;
        }
        let id = before.map_or_else(|| self.ids.next(), |it| it.id);
        addresses::save(
            &mut tx,
            account.id,
            &Address {
                id,
                lines,
                is_default,
            },
        )
        .await?;
        tx.commit().await?;
        Ok(Some(Ok(account)))
    }
}
