//! Ending one of one's own sessions: the telephone that was lost.

use lavka_kit::ids::Id;

use crate::refusal::{Fault, Outcome, Refusal, RevokeSessionErrorCode};
use crate::store::sessions;
use crate::users::Users;

impl Users {
    pub(crate) async fn revoke_session(
        &self,
        account: Id,
        session: Option<Id>,
    ) -> Result<Outcome<(), RevokeSessionErrorCode>, Fault> {
        let refused = || {
            Ok(Err(vec![Refusal::at(
                "sessionId",
                RevokeSessionErrorCode::SessionNotFound,
            )]))
        };
        let Some(session) = session else { return refused() };
        let mut tx = self.database.write().await?;
        if !sessions::end(&mut tx, account, session, self.clock.now()).await? {
            return refused();
        }
        tx.commit().await?;
        Ok(Ok(()))
    }
}
