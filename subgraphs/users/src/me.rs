//! Reading accounts and what belongs to them.

use lavka_kit::ids::Id;

use crate::account::Account;
use crate::address::Address;
use crate::refusal::Fault;
use crate::session::Session;
use crate::store::{accounts, addresses, sessions};
use crate::users::Users;

impl Users {
    pub(crate) async fn account(&self, id: Id) -> Result<Option<Account>, Fault> {
        Ok(accounts::by_id(self.database.read(), id).await?)
    }

    pub(crate) async fn addresses(&self, account: Id) -> Result<Vec<Address>, Fault> {
        Ok(addresses::of_account(self.database.read(), account).await?)
    }

    pub(crate) async fn sessions(&self, account: Id) -> Result<Vec<Session>, Fault> {
        Ok(sessions::of_account(self.database.read(), account, self.clock.now()).await?)
    }
}
