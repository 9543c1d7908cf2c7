//! Giving and taking roles. There is always an administrator left who could give them back.

use lavka_kit::caller::Role;
use lavka_kit::ids::Id;

use crate::account::Account;
use crate::events::News;
use crate::refusal::{Fault, Outcome, Refusal, UserErrorCode};
use crate::store::accounts;
use crate::users::Users;

impl Users {
    pub(crate) async fn set_user_roles(
        &self,
        id: Option<Id>,
        roles: &[Role],
    ) -> Result<Outcome<Account, UserErrorCode>, Fault> {
        let refused = |field, code| Ok(Err(vec![Refusal::at(field, code)]));
        let mut distinct: Vec<Role> = Vec::new();
        for role in roles {
            if !distinct.contains(role) {
                distinct.push(*role);
            }
        }
        if distinct.is_empty() {
            return refused("roles", UserErrorCode::RolesRequired);
        }
        let mut tx = self.database.write().await?;
        // Of two admins who step down at once, the second is the last.
        tx.lock_name("admins").await?;
        let found = match id {
            Some(id) => accounts::locked(&mut tx, id).await?,
            None => None,
        };
        let Some(mut account) = found else {
            return refused("userId", UserErrorCode::UserNotFound);
        };
        let steps_down = account.roles.contains(&Role::Admin) && !distinct.contains(&Role::Admin);
        if steps_down && accounts::count_admins(&mut *tx).await? <= 1 {
            return refused("roles", UserErrorCode::LastAdmin);
        }
        account.roles = distinct;
        accounts::update(&mut tx, &account).await?;
        self.tell(&mut tx, &account, News::Updated).await?;
        tx.commit().await?;
        self.outbox.notify();
        Ok(Ok(account))
    }
}
